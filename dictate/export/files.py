"""Signed notes in any format, as files ready to be written."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

from dictate.entry import Note
from dictate.errors import ConfigError
from dictate.export import kl_core, table
from dictate.export.base import ExportBundle, Format, Remark, Visit, safe_name

Exported = tuple[ExportBundle, tuple[Remark, ...]]


def export_notes(
    notes: Iterable[Note], form: Format, *, name: str, at: datetime, visit: Visit | None = None
) -> Iterator[Exported]:
    """Yield one file for each note (FHIR) or one for all of them, with what it leaves out.

    Args:
        notes: signed.
        form: what to write.
        name: what the name of a file for all notes begins with.
        at: when the files are made; aware.
        visit: FHIR needs it; the table shows its citizen and start.

    Raises:
        NotSignedError: something in the notes is not signed.
        ExportError: an entry can't be written.
        ConfigError: FHIR was asked for without a visit.

    """
    if form is not Format.KL_CORE:
        yield table.export(notes, form, name=name, visit=visit)
        return
    if visit is None:
        raise ConfigError("kl-core needs the visit: give --citizen, --author, --role and --start.")
    for note in notes:
        yield kl_core.export(note, visit, at=at)


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
