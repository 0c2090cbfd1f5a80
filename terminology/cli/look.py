"""`search`, `show` and `tree`: find a term and see all about it."""

from pathlib import Path
from typing import Annotated

import typer

from terminology.cli.common import (
    AsJson,
    OverlayFolder,
    ReleaseFolder,
    print_json,
    print_table,
    say,
    store_folder,
)
from terminology.concept import Concept, Status
from terminology.errors import TerminologyError
from terminology.observation import Observation
from terminology.overlay.store import Store
from terminology.overlay.successors import read_successions
from terminology.overlay.wording import Wording
from terminology.release import Release, active, load, read
from terminology.search import OBSERVATION_AREA, Hit, area_of, status_of
from terminology.search import search as find
from terminology.show import (
    concept_lines,
    concept_record,
    look_up,
    observation_lines,
    observation_record,
    spoken_count,
)
from terminology.vocabulary import read_concepts

app = typer.Typer()

LONGEST_SHORT_CODE = 6
"""Longer ones are not codes that people know but the term once more."""

OnlyCurrent = Annotated[bool, typer.Option("--current", help="Leave out retired concepts.")]


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Words in any order, or a code; ae may stand for æ.")],
    area: Annotated[
        str, typer.Option(help='Only this area, such as "indsats_sygepleje" or "observation".')
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="List at most so many.")] = 20,
    release: ReleaseFolder = None,
    *,
    current: OnlyCurrent = False,
    as_json: AsJson = False,
) -> None:
    """Find concepts and measurements by words, best first.

    Each line holds code, status, area, term and old short code. Exit code 1 where nothing is found.
    """
    read_from = _release(release)
    if area:
        _known_area(read_from, area, (*read_from.areas, OBSERVATION_AREA))
    hits = find(read_from, " ".join(words), area=area, retired=not current)
    shown = hits[:limit]
    if as_json:
        print_json([_hit_record(hit) for hit in shown])
    else:
        print_table([_hit_cells(hit) for hit in shown])
    if not hits:
        raise TerminologyError(f'Nothing matches "{" ".join(words)}". Try fewer or other words.')
    if len(hits) > limit:
        say(f"{len(hits) - limit} more; use --limit to see them.")


@app.command()
def show(
    code: Annotated[
        str, typer.Argument(help="UUID, old short code such as I4.4, NPU code, or measurement key.")
    ],
    release: ReleaseFolder = None,
    overlay: OverlayFolder = None,
    *,
    words: Annotated[bool, typer.Option("--words", help="List the release's wordings too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one concept with its place in the tree and its history, or one measurement with its range."""
    read_from = _release(release)
    item = look_up(read_from, code)
    if isinstance(item, Observation):
        record, lines = observation_record(read_from, item), observation_lines(read_from, item)
    else:
        folder = release or active()
        spoken = spoken_count(folder, item)
        record = concept_record(read_from, item, spoken=spoken)
        lines = concept_lines(read_from, item, spoken=spoken)
        if words:
            found = [
                (section, line.text, line.source)
                for one in read_concepts(folder)
                if one.code == item.code
                for section, said in one.sections.items()
                for line in said
            ]
            record["wordings"] = [dict(zip(("section", "text", "source"), one, strict=True)) for one in found]
            lines += [
                "",
                "Wordings",
                *(f"  [{section}] {text}  ({source})" for section, text, source in found),
            ]
        store = Store(store_folder(overlay))
        own = [wording for wording in store.wordings() if wording.code == item.code]
        record["history"] = [wording_record(wording) for wording in own]
        if own:
            lines += ["", "History of this site's wordings", *_history(own)]
        after = [one for one in read_successions(store.folder) if item.code in {one.code, one.successor}]
        for one in after:
            state = "accepted" if one.accepted else "decided" if one.decided else "proposed"
            lines += ["", f"Successor ({state}): {one.code} > {one.successor}"]
    if as_json:
        print_json(record)
    else:
        typer.echo("\n".join(lines))


@app.command()
def tree(
    area: Annotated[
        str, typer.Argument(help="An area such as helbredstilstand; all areas if left out.")
    ] = "",
    release: ReleaseFolder = None,
    *,
    current: OnlyCurrent = False,
    as_json: AsJson = False,
) -> None:
    """Print the tree of an area; retired concepts are marked."""
    read_from = _release(release)
    if area:
        _known_area(read_from, area, read_from.areas)
    roots = [root for name in read_from.areas if area in {"", name} for root in read_from.roots(name)]
    if as_json:
        print_json([_branch(read_from, root, current=current) for root in roots])
        return
    for root in roots:
        typer.echo(f"{root.display}  [{root.kind}]")
        for line in _twigs(read_from, root, "", current=current):
            typer.echo(line)


def wording_record(wording: Wording) -> dict[str, object]:
    """Return a site's wording as JSON data."""
    return {
        "id": wording.id,
        "state": "accepted" if wording.state == "spoken" else wording.state,
        "code": wording.code,
        "section": wording.section,
        "text": wording.text,
        "source": wording.source,
        "events": [
            {"act": step.act, "by": step.by, "at": step.at.isoformat(), "why": step.why}
            for step in wording.events
        ],
    }


def event_lines(wording: Wording, indent: str) -> list[str]:
    """Return who did what to a wording, a line each."""
    return [f"{indent}{step.at:%Y-%m-%d} {step.act} by {step.by}: {step.why}" for step in wording.events]


def _release(folder: Path | None) -> Release:
    return load() if folder is None else read(folder)


def _history(own: list[Wording]) -> list[str]:
    lines = []
    for wording in own:
        state = "accepted" if wording.state == "spoken" else str(wording.state)
        lines.append(f"  {wording.id}  {state}  [{wording.section}] {wording.text}")
        lines += event_lines(wording, "      ")
    return lines


def _known_area(release: Release, area: str, areas: tuple[str, ...]) -> None:
    if area not in areas:
        raise TerminologyError(
            f'There is no area "{area}" in release {release.version}. Areas: {", ".join(areas)}.'
        )


def _hit_record(hit: Hit) -> dict[str, object]:
    item = hit.item
    return {
        "system": item.system,
        "code": item.code,
        "short_code": item.short_code if isinstance(item, Concept) else item.key,
        "display": item.display,
        "area": area_of(item),
        "status": status_of(item),
        "leaf": item.leaf if isinstance(item, Concept) else True,
        "term": hit.term,
        "score": round(hit.score, 1),
    }


def _hit_cells(hit: Hit) -> tuple[str, ...]:
    item = hit.item
    if isinstance(item, Observation):
        return (item.code, Status.CURRENT, OBSERVATION_AREA, item.name, item.unit or item.value_type)
    group = "" if item.leaf else "(group)"
    synonym = "" if hit.term == item.display else f'"{hit.term}"'
    short = item.short_code if len(item.short_code) <= LONGEST_SHORT_CODE else ""
    return (item.code, item.status, item.kind, item.display, " ".join(filter(None, (short, group, synonym))))


def _below(release: Release, concept: Concept, *, current: bool) -> list[Concept]:
    below = release.children[concept.code]
    return [child for child in below if not current or child.status is Status.CURRENT]


def _branch(release: Release, concept: Concept, *, current: bool) -> dict[str, object]:
    below = _below(release, concept, current=current)
    return {
        "code": concept.code,
        "short_code": concept.short_code,
        "display": concept.display,
        "status": concept.status,
        "children": [_branch(release, child, current=current) for child in below],
    }


def _twigs(release: Release, concept: Concept, indent: str, *, current: bool) -> list[str]:
    below = _below(release, concept, current=current)
    lines = []
    for child in below:
        last = child is below[-1]
        retired = "  (retired)" if child.status is Status.RETIRED else ""
        lines.append(f"{indent}{'└── ' if last else '├── '}{child.display}  {child.code}{retired}")
        lines += _twigs(release, child, indent + ("    " if last else "│   "), current=current)
    return lines
