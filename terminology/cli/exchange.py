"""`export` and `import`: other programs' formats, and other people's wordings into the queue."""

import json
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from terminology.cli.common import (
    By,
    Output,
    OverlayFolder,
    ReleaseFolder,
    Why,
    desk_of,
    plural,
    say,
    write_out,
)
from terminology.errors import TerminologyError
from terminology.overlay.base import Said, lines
from terminology.overlay.desk import Desk
from terminology.overlay.successors import accepted_successors

app = typer.Typer()

MOST_FAULTS = 20
"""Lines that are listed before the rest is only counted."""


class Format(StrEnum):
    """What is written."""

    CODESYSTEM = "codesystem"
    SUPPLEMENT = "supplement"
    CONCEPTMAP = "conceptmap"
    CSV = "csv"
    TSV = "tsv"
    SSSOM = "sssom"


class Mapping(StrEnum):
    """Which links between concepts."""

    ALL = "all"
    COUNTERPARTS = "counterparts"
    SUCCESSORS = "successors"
    MEASUREMENTS = "measurements"


class Origin(StrEnum):
    """Whose wordings."""

    ALL = "all"
    RELEASE = "release"
    SITE = "site"


@app.command("export")
def export_terms(
    form: Annotated[
        Format,
        typer.Argument(
            metavar="FORMAT",
            help="codesystem, supplement, conceptmap (FHIR R4 JSON), csv or tsv (wordings), sssom (links).",
        ),
    ],
    *,
    output: Output = None,
    origin: Annotated[
        Origin, typer.Option(help="Whose wordings: of the release, the site, or all in use.")
    ] = Origin.ALL,
    mapping: Annotated[Mapping, typer.Option(help="Which links, for conceptmap and sssom.")] = Mapping.ALL,
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
) -> None:
    """Write concepts, wordings or links in a format that others read."""
    desk = desk_of(release, overlay)
    write_out(_exported(desk, form, origin, mapping), output)


@app.command("import")
def import_terms(
    file: Annotated[
        Path,
        typer.Argument(
            help="FHIR supplement (.json), table of wordings (.csv, .tsv), or links (.sssom.tsv)."
        ),
    ],
    *,
    by: By,
    why: Why,
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
) -> None:
    """Propose the wordings, or successors of retired concepts, of a file: all of them or none."""
    desk = desk_of(release, overlay)
    if file.name.lower().endswith(".sssom.tsv"):
        _import_successors(desk, file, by, why)
        return
    from terminology.maintain.importing import prepare, read_wordings  # noqa: PLC0415 - not needed for others

    offered = read_wordings(file, desk)
    found = prepare(offered, desk, by=by, why=why)
    for fault in found.faults[:MOST_FAULTS]:
        say(f"{fault.place}: {fault.message}")
    if found.faults:
        raise TerminologyError(
            f"{len(found.faults)} of {plural(len(offered), 'wording')} in {file.name} can't be used; "
            "nothing was imported. Mend or remove those lines."
        )
    entered = desk.propose_all(found.wordings)
    known = found.known + len(found.wordings) - len(entered)
    say(f"{plural(len(entered), 'wording')} proposed, {known} known already.")


def _import_successors(desk: Desk, file: Path, by: str, why: str) -> None:
    from terminology.maintain.sssom import read_successors  # noqa: PLC0415 - not needed for others

    known = {(one.code, one.successor) for one in desk.successions()}
    offered = [one for one in read_successors(file) if one[:2] not in known]
    for old, new, place in offered:
        try:
            desk.check_merge(old, new)
        except TerminologyError as error:
            raise TerminologyError(f"{place}: {error}") from error
    for old, new, _ in offered:
        desk.merge(old, new, by=by, why=why)
    say(f"{plural(len(offered), 'successor')} proposed.")


def _exported(desk: Desk, form: Format, origin: Origin, mapping: Mapping) -> str:
    from terminology.maintain import fhir, mappings, sssom, tables  # noqa: PLC0415 - not needed for others

    release = desk.base.release
    laid = desk.laid()
    own = frozenset(f"overlay/{wording.source}" for wording in laid.added)
    if form in {Format.CSV, Format.TSV}:
        return tables.write_table(_chosen(desk, origin), own, delimiter=";" if form is Format.CSV else "\t")
    if form in {Format.CONCEPTMAP, Format.SSSOM}:
        found = {
            Mapping.COUNTERPARTS: mappings.counterparts(release, laid.spoken),
            Mapping.SUCCESSORS: mappings.successors(release, accepted_successors(desk.successions())),
            Mapping.MEASUREMENTS: mappings.measurements(release),
        }
        if form is Format.SSSOM:
            chosen = (links for kind, links in found.items() if mapping in {Mapping.ALL, kind})
            return sssom.write_sssom(release, chain.from_iterable(chosen))
        if mapping is Mapping.ALL:
            raise TerminologyError(
                "A concept map holds one sort of links: give --mapping counterparts, successors or "
                "measurements."
            )
        resource = fhir.concept_map(
            release, tuple(found[mapping]), name=mapping, title=f"Plejediktat: {mapping} of concepts"
        )
    elif form is Format.CODESYSTEM:
        resource = fhir.code_system(release)
    else:
        name = "site" if origin is Origin.SITE else "spoken"
        resource = fhir.supplement(release, _chosen(desk, origin), name=name)
    fhir.check(resource, file="the export")
    return json.dumps(resource, ensure_ascii=False, indent=2) + "\n"


def _chosen(desk: Desk, origin: Origin) -> list[Said]:
    if origin is Origin.RELEASE:
        return list(lines(desk.base.spoken))
    found = lines(desk.laid().spoken)
    return [one for one in found if origin is Origin.ALL or one.line.source.startswith("overlay/")]
