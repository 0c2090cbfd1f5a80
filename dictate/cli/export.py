"""`dictate export`: signed notes as files for a care record, a spreadsheet or a program."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dictate.cli.asking import hidden, passphrase
from dictate.entry import Note
from dictate.errors import ConfigError
from dictate.export.base import Format, VisitType, require_signed
from dictate.export.files import NEED_LETTER, NEED_VISIT, Exported, export_notes, report_file
from dictate.export.folder import write_all
from dictate.export.letter import Letter, make_letter, read_addresses
from dictate.export.visit import make_visit, parse_time, today
from dictate.identity import Cpr, names_another, parse_cpr, parse_sor
from dictate.notes import read_notes


def export(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="Signed notes as JSON Lines, as `dictate sign` writes them; without it, those of the store.",
        ),
    ] = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the files.")],
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.KL_CORE,
    citizen: Annotated[
        str | None,
        typer.Option(
            envvar="DICTATE_CITIZEN",
            help="CPR number of the citizen, or - to be asked for it; never taken from a note.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="From the store: notes signed then or later, Danish time."),
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
    addresses: Annotated[
        Path | None, typer.Option(help="MedCom: address book, TOML with [sender] and [receivers.NAME].")
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="NAME", help="MedCom: receiver in the address book.")
    ] = None,
    category: Annotated[str, typer.Option(help="MedCom CareCommunication: what it is about.")] = "nursing",
    topic: Annotated[str | None, typer.Option(help="MedCom CareCommunication: topic.")] = None,
    not_acute: Annotated[
        bool, typer.Option("--not-acute", help="MedCom: you confirm that the matter isn't acute.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Also write a list of what the format leaves out, and why.")
    ] = False,
) -> None:
    """Write signed notes into a folder, in any of the formats; each bundle is checked before it is written.

    With FILE, FHIR needs --citizen, --author, --role and --start; tables and printed notes take all four or
    none. Without FILE the store knows them: give --citizen, --since or both. MedCom also needs --addresses,
    --to and --not-acute. Nothing is written unless everything is signed.
    """
    if citizen == "-":
        citizen = hidden("CPR number")
    notes = tuple(read_notes(file)) if file else ()
    require_signed(notes)
    letter = None
    if form in NEED_LETTER:
        if addresses is None or to is None:
            raise ConfigError("Nothing was exported: a MedCom message needs --addresses and --to.")
        parties = read_addresses(addresses, to)
        letter = make_letter(*parties, category=category, topic=topic, not_acute=not_acute)
    if file is None:
        name = "export"
        exported = tuple(_stored(form, citizen, since, sor=sor, visit_type=visit_type, letter=letter))
    else:
        if since is not None:
            raise ConfigError("--since chooses notes of the store: leave it out, or leave FILE out.")
        name = file.stem
        visit = None
        if form in NEED_VISIT or citizen is not None:
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
        at = datetime.now(UTC)
        exported = tuple(export_notes(notes, form, name=name, at=at, visit=visit, letter=letter))
    bundles = [bundle for bundle, _ in exported]
    if report:
        bundles.append(report_file(exported, form, name=name))
    for path in write_all(output, bundles):
        print(path)
    _tell(exported, told=report)


def _stored(
    form: Format,
    citizen: str | None,
    since: str | None,
    *,
    sor: str | None,
    visit_type: VisitType,
    letter: Letter | None,
) -> Iterator[Exported]:
    """Yield the files of the store's notes."""
    if citizen is None and since is None:
        raise ConfigError("Nothing was exported: name a FILE, or give --citizen or --since for the store.")
    from dictate import opening  # noqa: PLC0415 - the store is slow to import, and only needed here
    from dictate.config import load_settings  # noqa: PLC0415 - the same
    from dictate.delivery.stored import export_stored  # noqa: PLC0415 - the same

    cpr = parse_cpr(citizen, today=today()) if citizen is not None else None
    settings = load_settings()
    number = sor or settings.organisation
    with opening.store(settings, program="dictate export", ask=passphrase()) as store:
        yield from export_stored(
            store,
            form,
            at=datetime.now(UTC),
            citizen=cpr.number if cpr else None,
            since=parse_time(since) if since else None,
            sor=parse_sor(number) if number else None,
            visit_type=visit_type,
            letter=letter,
        )


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
