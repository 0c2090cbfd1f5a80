"""One concept or measurement as a person, or a program, wants to see it."""

import difflib
from importlib.resources.abc import Traversable

from terminology.concept import Concept, Status
from terminology.errors import TerminologyError
from terminology.observation import Observation
from terminology.release import Release


def look_up(release: Release, code: str) -> Concept | Observation:
    """Find what has exactly this code: UUID, old short code, measurement code or key; case does not matter.

    Raises:
        TerminologyError: there is none; the message offers the codes that look most like it.

    """
    asked = code.strip().casefold()
    names: dict[str, Concept | Observation] = {}
    for concept in release.concepts:
        names[concept.code] = names[concept.short_code.casefold()] = concept
    for observation in release.observations:
        for name in (observation.code, observation.key, *observation.alternatives):
            names[name.casefold()] = observation
    if asked in names:
        return names[asked]
    spelling = {name.casefold(): name for item in names.values() for name in _names(item)}
    alike = [spelling[name] for name in difflib.get_close_matches(asked, names, n=3)]
    hint = f"Did you mean {' or '.join(alike)}?" if alike else 'Find it with "dictate-terms search".'
    raise TerminologyError(f'No concept or measurement has the code "{code}". {hint}')


def spoken_count(folder: Traversable, concept: Concept) -> int:
    """Count the spoken wordings of a concept in the release in `folder`.

    A wording is a line of a section of the concept's file spoken/<area>/<name>.txt; comments and look-alikes
    ([blocked]) are left out. 0 where there is no such file.

    Raises:
        TerminologyError: a file of the vocabulary can't be read.

    """
    area = folder.joinpath("spoken", concept.kind)
    if not area.is_dir():
        return 0
    for file in area.iterdir():
        if file.name.endswith(".txt"):
            lines = _text_lines(file)
            if f"code: {concept.code}" in lines:
                return _wordings(lines)
    return 0


def concept_record(release: Release, concept: Concept, *, spoken: int) -> dict[str, object]:
    """Return a concept, with the number of its spoken wordings, as JSON data."""
    return {
        "system": concept.system,
        "version": concept.version,
        "code": concept.code,
        "short_code": concept.short_code,
        "display": concept.display,
        "source_display": release.source_displays.get(concept.code, concept.display),
        "area": concept.kind,
        "leaf": concept.leaf,
        "status": concept.status,
        "status_inferred_from": release.inferred.get(concept.code, ""),
        "note": concept.note,
        "designations": [
            {"value": term.value, "use": term.use, "source": term.source} for term in concept.designations
        ],
        "spoken": spoken,
        "parents": [_brief(parent) for parent in release.ancestors(concept)],
        "children": [_brief(child) for child in release.children[concept.code]],
        "release": release.version,
    }


def concept_lines(release: Release, concept: Concept, *, spoken: int) -> list[str]:
    """Return a concept, with the number of its spoken wordings, as lines of text."""
    lines = [concept.display, ""]
    lines += _fields(
        code=concept.code,
        short_code=concept.short_code,
        system=f"{concept.system}, version {concept.version}",
        area=concept.kind + ("" if concept.leaf else " (a group: not written to a record)"),
        status=_status(release, concept),
        synonyms=", ".join(term.value for term in concept.designations[1:]),
        spoken=f"{spoken} wordings" if spoken else "none",
        note=concept.note,
    )
    chain = release.ancestors(concept)
    if chain:
        lines += ["", "Belongs to"]
        lines += [f"{'  ' * depth}{_line(parent)}" for depth, parent in enumerate(reversed(chain), start=1)]
    if children := release.children[concept.code]:
        lines += ["", "Holds", *(f"  {_line(child)}" for child in children)]
    return lines


def observation_record(release: Release, observation: Observation) -> dict[str, object]:
    """Return a measurement as JSON data."""
    return {
        "system": observation.system,
        "code": observation.code,
        "key": observation.key,
        "display": observation.display,
        "name": observation.name,
        "area": "observation",
        "status": Status.CURRENT,
        "type": observation.value_type,
        "unit": observation.unit,
        "low": observation.low,
        "high": observation.high,
        "decimals": observation.decimals,
        "loinc": observation.loinc,
        "snomed": observation.snomed,
        "alternatives": list(observation.alternatives),
        "note": observation.note,
        "release": release.version,
    }


def observation_lines(release: Release, observation: Observation) -> list[str]:
    """Return a measurement as lines of text."""
    scored = [limit for limit in release.tobs if limit.key == observation.key]
    plausible = ""
    if observation.low is not None and observation.high is not None:
        unit = "" if observation.unit == "1" else f" {observation.unit}"
        plausible = (
            f"{_written(observation.low, observation)} to {_written(observation.high, observation)}{unit}"
        )
    lines = [observation.name, ""]
    lines += _fields(
        code=observation.code,
        key=observation.key,
        system=observation.system,
        name_there=observation.display,
        type=observation.value_type,
        unit=observation.unit or "",
        plausible=plausible,
        loinc=observation.loinc,
        snomed=observation.snomed,
        also_read=", ".join(observation.alternatives),
        note=observation.note,
    )
    if scored:
        lines += ["", "TOBS points"]
        for limit in scored:
            low, high = _written(limit.low, observation), _written(limit.high, observation)
            span = (
                low
                if low == high
                else f"{low}-{high}"
                if low and high
                else f">={low}"
                if low
                else f"<={high}"
            )
            lines.append(f"  {limit.points}  {span}  {limit.label}".rstrip())
    return lines


def _text_lines(file: Traversable) -> list[str]:
    try:
        return [line.strip() for line in file.read_text(encoding="utf-8").split("\n")]
    except (OSError, UnicodeDecodeError) as error:
        raise TerminologyError(f"Cannot read the vocabulary file {file}: {error}. Restore it.") from error


def _wordings(lines: list[str]) -> int:
    section, count = "", 0
    for line in lines:
        if line.startswith("[") and line.endswith("]") and line[1:-1].replace("_", "").isalpha():
            section = line[1:-1]
        elif section not in {"", "blocked"} and line and not line.startswith("#"):
            count += 1
    return count


def _written(value: float | None, observation: Observation) -> str:
    return "" if value is None else f"{value:.{observation.decimals}f}"


def _names(item: Concept | Observation) -> tuple[str, ...]:
    if isinstance(item, Concept):
        return (item.code, item.short_code)
    return (item.code, item.key, *item.alternatives)


def _status(release: Release, concept: Concept) -> str:
    reason = release.inferred.get(concept.code, "")
    basis = f"inferred: {reason}" if reason else "assumed"
    return f"{concept.status} ({basis}; the source has no status)"


def _brief(concept: Concept) -> dict[str, object]:
    return {
        "code": concept.code,
        "short_code": concept.short_code,
        "display": concept.display,
        "status": concept.status,
    }


def _line(concept: Concept) -> str:
    retired = "  (retired)" if concept.status is Status.RETIRED else ""
    return f"{concept.display}  {concept.code}{retired}"


def _fields(**fields: str) -> list[str]:
    return [f"{name.replace('_', ' ') + ':':<12} {value}" for name, value in fields.items() if value]
