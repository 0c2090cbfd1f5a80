"""`dictate export`: signed notes as files for a care record, a spreadsheet or a program."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dictate.entry import Note
from dictate.errors import ConfigError
from dictate.export.base import Format, VisitType, require_signed
from dictate.export.files import Exported, export_notes, report_file
from dictate.export.folder import write_all
from dictate.export.visit import make_visit, today
from dictate.identity import Cpr, names_another, parse_cpr
from dictate.notes import read_notes


def export(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Signed notes as JSON Lines, as `dictate sign` writes them."),
    ],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the files.")],
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.KL_CORE,
    citizen: Annotated[
        str | None,
        typer.Option(envvar="DICTATE_CITIZEN", help="CPR number of the citizen; never taken from a note."),
    ] = None,
    citizen_name: Annotated[str | None, typer.Option(help="Name of the citizen, family name last.")] = None,
    author: Annotated[str | None, typer.Option(help="Name of the person who made the visit.")] = None,
    role: Annotated[str | None, typer.Option(help="Role of that person.")] = None,
    sor: Annotated[str | None, typer.Option(help="SOR number of that person's organisation.")] = None,
    start: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Start of the visit, such as 2026-11-22T09:00 (Danish time)."),
    ] = None,
    end: Annotated[str | None, typer.Option(metavar="TIME", help="End of the visit.")] = None,
    visit_type: Annotated[VisitType, typer.Option(help="What kind of visit it was.")] = VisitType.PLANNED,
    report: Annotated[
        bool, typer.Option("--report", help="Also write a list of what the format leaves out, and why.")
    ] = False,
) -> None:
    """Write signed notes into a folder: FHIR (kl-core), a table (csv) or JSON Lines (json).

    Nothing is written unless everything is signed. kl-core writes one bundle for each note, checked against
    its profiles, and needs --citizen, --author, --role and --start; csv and json take all four or none.
    """
    notes = tuple(read_notes(file))
    require_signed(notes)
    visit = None
    if form is Format.KL_CORE or citizen is not None:
        if citizen is None or author is None or role is None or start is None:
            raise ConfigError("Nothing was exported: give --citizen, --author, --role and --start.")
        cpr = parse_cpr(citizen, today=today())
        visit = make_visit(
            citizen=cpr,
            citizen_name=citizen_name,
            author=author,
            role=role,
            sor=sor,
            start=start,
            end=end,
            type=visit_type,
        )
        _warn(notes, cpr)
    exported = tuple(export_notes(notes, form, name=file.stem, at=datetime.now(UTC), visit=visit))
    bundles = [bundle for bundle, _ in exported]
    if report:
        bundles.append(report_file(exported, form, name=file.stem))
    for path in write_all(output, bundles):
        print(path)
    _tell(exported, told=report)


def _warn(notes: Iterable[Note], cpr: Cpr) -> None:
    """Tell on stderr what is odd about the citizen's number; the number itself is not shown."""
    for warning in cpr.warnings:
        print(f"Warning: {warning}", file=sys.stderr)
    others = [place for place, note in enumerate(notes, start=1) if names_another(note.text, cpr)]
    if others:
        print(
            f"Warning: {len(others)} note(s) hold a number like a CPR number that is not this citizen's "
            f"(the first is note number {others[0]}). Check that the notes are about this citizen.",
            file=sys.stderr,
        )


def _tell(exported: Iterable[Exported], *, told: bool) -> None:
    """Tell on stderr how much the files leave out."""
    remarks = [remark for _, left in exported for remark in left]
    if remarks:
        left_out = sum(remark.left_out for remark in remarks)
        where = "the report lists them" if told else "--report lists them"
        print(
            f"Left out {left_out}, carried but incomplete {len(remarks) - left_out}: {where}.",
            file=sys.stderr,
        )
