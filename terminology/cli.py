"""The `dictate-terms` command: look terms up and keep the release in order. Parse, call, print; no logic."""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from terminology.concept import Concept, Status
from terminology.errors import TerminologyError
from terminology.lint import Finding
from terminology.lint import lint as check
from terminology.manifest import check_files, digest, pinned_files, read_manifest, write_manifest
from terminology.observation import Observation
from terminology.release import Release, load, read, shipped
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
from terminology.table import read_bytes

app = typer.Typer(
    name="dictate-terms",
    help="The care terminology: look up Fælles Sprog III and measurement codes, and check the release.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)

LONGEST_SHORT_CODE = 6
"""Longer ones are not codes that people know but the term once more."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
OnlyCurrent = Annotated[bool, typer.Option("--current", help="Leave out retired concepts.")]


def main() -> None:
    """Run the command line; every expected error becomes one sentence and a non-zero exit code."""
    try:
        app()
    except TerminologyError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)


@app.callback()
def group() -> None:
    """Keep the commands apart even while there are few."""


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Words in any order, or a code; ae may stand for æ.")],
    area: Annotated[
        str, typer.Option(help='Only this area, such as "indsats_sygepleje" or "observation".')
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="List at most so many.")] = 20,
    *,
    current: OnlyCurrent = False,
    as_json: AsJson = False,
) -> None:
    """Find concepts and measurements by words, best first.

    Each line holds code, status, area, term and old short code. Exit code 1 where nothing is found.
    """
    release = load()
    if area:
        _known_area(release, area, (*release.areas, OBSERVATION_AREA))
    hits = find(release, " ".join(words), area=area, retired=not current)
    shown = hits[:limit]
    if as_json:
        _print_json([_hit_record(hit) for hit in shown])
    else:
        _print_table([_hit_cells(hit) for hit in shown])
    if not hits:
        raise TerminologyError(f'Nothing matches "{" ".join(words)}". Try fewer or other words.')
    if len(hits) > limit:
        typer.echo(f"{len(hits) - limit} more; use --limit to see them.", err=True)


@app.command()
def show(
    code: Annotated[
        str, typer.Argument(help="UUID, old short code such as I4.4, NPU code, or measurement key.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Show one concept with its place in the tree, or one measurement with its unit and range."""
    release = load()
    item = look_up(release, code)
    if isinstance(item, Concept):
        spoken = spoken_count(shipped(), item)
        record = concept_record(release, item, spoken=spoken)
        lines = concept_lines(release, item, spoken=spoken)
    else:
        record, lines = observation_record(release, item), observation_lines(release, item)
    if as_json:
        _print_json(record)
    else:
        typer.echo("\n".join(lines))


@app.command()
def tree(
    area: Annotated[
        str, typer.Argument(help="An area such as helbredstilstand; all areas if left out.")
    ] = "",
    *,
    current: OnlyCurrent = False,
    as_json: AsJson = False,
) -> None:
    """Print the tree of an area; retired concepts are marked."""
    release = load()
    if area:
        _known_area(release, area, release.areas)
    roots = [root for name in release.areas if area in {"", name} for root in release.roots(name)]
    if as_json:
        _print_json([_branch(release, root, current=current) for root in roots])
        return
    for root in roots:
        typer.echo(f"{root.display}  [{root.kind}]")
        typer.echo("\n".join(_twigs(release, root, "", current=current)))


@app.command()
def lint(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of a release; the one shipped with the program if left out.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Check a release: format, codes, tree, order, statuses, TOBS limits and checksums.

    Exit code 1 where there is something to mend.
    """
    findings = _findings(folder)
    if as_json:
        _print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{finding.place}: {finding.message}")
    if findings:
        raise TerminologyError(f"Findings: {len(findings)}. Mend them before the release is used.")
    typer.echo("No findings.", err=True)


@app.command()
def release(
    folder: Annotated[Path, typer.Argument(help="Folder of the release, such as terminology/data.")],
    version: Annotated[str, typer.Option(help="New version; the old one is kept if left out.")] = "",
) -> None:
    """Check the files of a release and pin them: write their checksums and the version into its manifest."""
    made = read(folder, pinned=False)
    if findings := check(made):
        first = findings[0]
        raise TerminologyError(
            f"The release in {folder} has something to mend, first at {first.place}: {first.message}. "
            f'Run "dictate-terms lint {folder}" to see all.'
        )
    manifest = read_manifest(folder)
    checksums = {file: digest(read_bytes(folder, file)) for file in pinned_files(folder)}
    manifest = replace(manifest, version=version or manifest.version, files=checksums)
    write_manifest(folder, manifest)
    typer.echo(
        f"Release {manifest.version}: {len(made.concepts)} concepts, {len(made.observations)} measurements, "
        f"{len(checksums)} files pinned in {folder}.",
        err=True,
    )


def _findings(folder: Path | None) -> tuple[Finding, ...]:
    place = folder or shipped()
    findings = check(read(place, pinned=False))
    try:
        check_files(read_manifest(place), {file: read_bytes(place, file) for file in pinned_files(place)})
    except TerminologyError as error:
        findings = (*findings, Finding(place="manifest.toml", message=str(error)))
    return findings


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


def _print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


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
