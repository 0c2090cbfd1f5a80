"""What changed from one release to another: concepts, measurements and spoken wordings."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources.abc import Traversable

from terminology.concept import Concept, Status
from terminology.observation import Observation
from terminology.overlay.wording import same
from terminology.release import Release, read
from terminology.vocabulary import Spoken, read_concepts, read_lists


class Change(StrEnum):
    """What happened to something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RETIRED = "retired"
    REVIVED = "revived"
    MOVED = "moved"


class Kind(StrEnum):
    """What something is."""

    CONCEPT = "concept"
    MEASUREMENT = "measurement"
    TOBS = "tobs"
    WORDING = "wording"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One change from the old release to the new one."""

    kind: Kind
    change: Change
    code: str
    """Of the concept or measurement; the name of a list."""
    display: str
    field: str = ""
    """The column, or the section of a wording, with ">" where it moved from one to another."""
    old: str = ""
    new: str = ""


def compare(old: Traversable, new: Traversable) -> tuple[Difference, ...]:
    """Compare the releases in two folders; an empty result means that they say the same.

    Raises:
        TerminologyError: one of them can't be read.

    """
    one, other = read(old, pinned=False), read(new, pinned=False)
    return (
        *compare_concepts(one, other),
        *_measurements(one, other),
        *_tobs(one, other),
        *compare_wordings(read_concepts(old), read_concepts(new)),
        *_lists(old, new),
    )


def compare_concepts(old: Release, new: Release) -> Iterator[Difference]:
    """Yield what changed in the concepts, in the order of the new release, what is gone last."""
    for concept in new.concepts:
        before = old.by_code.get(concept.code)
        if before is None:
            yield _concept(Change.ADDED, concept, new=concept.display)
            continue
        if before.status is not concept.status:
            change = Change.RETIRED if concept.status is Status.RETIRED else Change.REVIVED
            yield _concept(change, concept, field="status", old=before.status, new=concept.status)
        for field, was, now in _columns(before, concept, old, new):
            if was != now:
                change = Change.MOVED if field in {"parent", "area"} else Change.CHANGED
                yield _concept(change, concept, field=field, old=was, new=now)
    for concept in old.concepts:
        if concept.code not in new.by_code:
            yield _concept(Change.REMOVED, concept, old=concept.display)


def compare_wordings(old: tuple[Spoken, ...], new: tuple[Spoken, ...]) -> Iterator[Difference]:
    """Yield the wordings that were added, removed, or moved to another concept or section."""
    before, after = _wordings(old), _wordings(new)
    gone = {key: said for key, said in before.items() if key not in after}
    come = {key: said for key, said in after.items() if key not in before}
    homeless: dict[str, list[tuple[str, str, str]]] = {}
    for key in gone:
        homeless.setdefault(key[2], []).append(key)
    moved: set[tuple[str, str, str]] = set()
    for key, (spoken, section, text) in come.items():
        if source := next((other for other in homeless.get(key[2], ()) if other not in moved), None):
            moved.add(source)
            was = gone[source]
            yield Difference(
                kind=Kind.WORDING,
                change=Change.MOVED,
                code=spoken.code,
                display=spoken.display,
                field=f"{was[0].display} [{was[1]}] > {spoken.display} [{section}]",
                old=was[2],
                new=text,
            )
        else:
            yield _wording(Change.ADDED, spoken, section, new=text)
    for key, (spoken, section, text) in gone.items():
        if key not in moved:
            yield _wording(Change.REMOVED, spoken, section, old=text)


def _columns(before: Concept, concept: Concept, old: Release, new: Release) -> Iterator[tuple[str, str, str]]:
    yield "display", before.display, concept.display
    yield "area", before.kind, concept.kind
    yield "parent", _parent(before, old), _parent(concept, new)
    yield "leaf", str(int(before.leaf)), str(int(concept.leaf))
    yield "short_code", before.short_code, concept.short_code
    yield "synonyms", _synonyms(before), _synonyms(concept)
    yield "note", before.note, concept.note
    yield "inferred", old.inferred.get(before.code, ""), new.inferred.get(concept.code, "")


def _parent(concept: Concept, release: Release) -> str:
    return release.by_code[concept.parents[0]].display if concept.parents else ""


def _synonyms(concept: Concept) -> str:
    return " | ".join(term.value for term in concept.designations[1:])


def _concept(
    change: Change, concept: Concept, *, field: str = "", old: str = "", new: str = ""
) -> Difference:
    return Difference(
        kind=Kind.CONCEPT,
        change=change,
        code=concept.code,
        display=concept.display,
        field=field,
        old=old,
        new=new,
    )


def _wording(change: Change, spoken: Spoken, section: str, *, old: str = "", new: str = "") -> Difference:
    return Difference(
        kind=Kind.WORDING,
        change=change,
        code=spoken.code,
        display=spoken.display,
        field=section,
        old=old,
        new=new,
    )


def _wordings(spoken: tuple[Spoken, ...]) -> Mapping[tuple[str, str, str], tuple[Spoken, str, str]]:
    return {
        (one.code, section, same(line.text)): (one, section, line.text)
        for one in spoken
        for section, found in one.sections.items()
        for line in found
    }


def _measurements(old: Release, new: Release) -> Iterator[Difference]:
    for observation in new.observations:
        before = old.observation_by_key.get(observation.key)
        if before is None:
            yield _measurement(Change.ADDED, observation, new=observation.name)
        elif before != observation:
            for field in observation.__dataclass_fields__:
                was, now = (str(_shown(getattr(one, field))) for one in (before, observation))
                if was != now:
                    yield _measurement(Change.CHANGED, observation, field=field, old=was, new=now)
    for observation in old.observations:
        if observation.key not in new.observation_by_key:
            yield _measurement(Change.REMOVED, observation, old=observation.name)


def _measurement(
    change: Change, observation: Observation, *, field: str = "", old: str = "", new: str = ""
) -> Difference:
    return Difference(
        kind=Kind.MEASUREMENT,
        change=change,
        code=observation.code,
        display=observation.name,
        field=field,
        old=old,
        new=new,
    )


def _shown(value: object) -> object:
    if isinstance(value, tuple):
        return " | ".join(value)
    return "" if value is None else value


def _tobs(old: Release, new: Release) -> Iterator[Difference]:
    def rows(release: Release) -> Mapping[Hashable, tuple[str, str]]:
        return {
            limit: (
                limit.key,
                f"{limit.points}: {_shown(limit.low)}-{_shown(limit.high)} {limit.label}".strip(),
            )
            for limit in release.tobs
        }

    before, after = rows(old), rows(new)
    for change, one, other in ((Change.ADDED, after, before), (Change.REMOVED, before, after)):
        for limit, (key, text) in one.items():
            if limit not in other:
                was, now = ("", text) if change is Change.ADDED else (text, "")
                yield Difference(kind=Kind.TOBS, change=change, code=key, display=key, old=was, new=now)


def _lists(old: Traversable, new: Traversable) -> Iterator[Difference]:
    before, after = read_lists(old), read_lists(new)
    for name in sorted(before.keys() | after.keys()):
        was = {same(line.text): line.text for line in before.get(name, ())}
        now = {same(line.text): line.text for line in after.get(name, ())}
        for key in sorted(now.keys() - was.keys()):
            yield Difference(kind=Kind.LIST, change=Change.ADDED, code=name, display=name, new=now[key])
        for key in sorted(was.keys() - now.keys()):
            yield Difference(kind=Kind.LIST, change=Change.REMOVED, code=name, display=name, old=was[key])
