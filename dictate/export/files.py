"""Signed notes in any format, as files ready to be written."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from dictate.entry import Note
from dictate.errors import ConfigError
from dictate.export import care_communication, home_care_observation, kl_core, kl_gateway, printed, table
from dictate.export.base import ExportBundle, Format, Remark, Visit, safe_name
from dictate.export.letter import Letter

Exported = tuple[ExportBundle, tuple[Remark, ...]]

NEED_VISIT = frozenset(
    {Format.KL_CORE, Format.KL_GATEWAY, Format.CARE_COMMUNICATION, Format.HOME_CARE_OBSERVATION}
)
NEED_LETTER = frozenset({Format.CARE_COMMUNICATION, Format.HOME_CARE_OBSERVATION})
_PRINTED = frozenset({Format.HTML, Format.PDF, Format.TEXT})
_ONE_FILE = frozenset({Format.CSV, Format.TSV, Format.JSON})


def export_note(
    note: Note,
    form: Format,
    *,
    at: datetime,
    visit: Visit,
    letter: Letter | None = None,
    delivery: UUID | None = None,
) -> Exported:
    """Return one note as a FHIR bundle, with what it leaves out.

    Args:
        note: signed.
        form: a format that needs the visit.
        at: when the file is made; aware.
        visit: of one citizen.
        letter: MedCom's messages need it.
        delivery: our identity of it; else it is made of the content.

    Raises:
        NotSignedError: something in the note is not signed.
        ExportError: an entry can't be written.
        ConfigError: something of the visit or the letter is missing.

    """
    if form in NEED_LETTER:
        if letter is None:
            raise ConfigError(f"{form} needs a receiver: give --addresses and --to.")
        if form is Format.CARE_COMMUNICATION:
            return care_communication.export(note, visit, letter, at=at, delivery=delivery)
        return home_care_observation.export(note, visit, letter, at=at, delivery=delivery)
    if form is Format.KL_GATEWAY:
        return kl_gateway.export(note, visit, at=at, delivery=delivery)
    return kl_core.export(note, visit, at=at, delivery=delivery)


def export_notes(
    notes: Iterable[Note],
    form: Format,
    *,
    name: str,
    at: datetime,
    visit: Visit | None = None,
    letter: Letter | None = None,
) -> Iterator[Exported]:
    """Yield one file for each note (FHIR and printed notes) or one for all of them, with what it leaves out.

    Args:
        notes: signed.
        form: what to write.
        name: what the name of a file for all notes begins with.
        at: when the files are made; aware.
        visit: FHIR needs it; tables and printed notes show it.
        letter: MedCom's messages need it.

    Raises:
        NotSignedError: something in the notes is not signed.
        ExportError: an entry can't be written.
        ConfigError: FHIR was asked for without a visit, or a message without a letter.

    """
    if form in _ONE_FILE:
        yield table.export(notes, form, name=name, visit=visit)
        return
    if form in _PRINTED:
        for note in notes:
            yield printed.export(note, form, at=at, visit=visit)
        return
    if visit is None:
        raise ConfigError(f"{form} needs the visit: give --citizen, --author, --role and --start.")
    for note in notes:
        yield export_note(note, form, at=at, visit=visit, letter=letter)


def report_file(exported: Iterable[Exported], form: Format, *, name: str) -> ExportBundle:
    """Return a list of everything that the files leave out or lack, with the rules, as JSON."""
    remarks = [asdict(remark) for _, left in exported for remark in left]
    content = {"format": form, "remarks": remarks}
    return ExportBundle(
        format=form,
        filename=f"{safe_name(name)}.report.json",
        media_type="application/json",
        content=json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n",
        entry_ids=(),
    )
