"""Signed entries for people and programs that read no FHIR: a table (CSV) and JSON Lines.

The table is made for a Danish spreadsheet: semicolons, decimal commas and a byte order mark. With commas and
points such a program puts a line into one cell and reads 7.1 as the 7th of January. Other programs should
rather take the JSON Lines.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dictate.entry import Entry, Note
from dictate.export.base import (
    NAMESPACE,
    ExportBundle,
    Format,
    Remark,
    Visit,
    is_signed,
    made_id,
    require_signed,
    safe_name,
)
from dictate.notes import note_line, utc_text

COLUMNS = (
    "citizen",
    "visit_start",
    "note",
    "entry",
    "kind",
    "assertion",
    "system",
    "code",
    "display",
    "value",
    "unit",
    "level",
    "name",
    "dose",
    "route",
    "time",
    "evidence",
    "review",
    "record_status",
    "signed_by",
    "signed_role",
    "signed_at",
)
"""Of the table; citizen and visit_start are empty where the export was not told them."""

_FORMULA = re.compile(r"^[\s\u00a0\u200b\ufeff]*[=+\-@＝＋－＠\t\r]")
"""What a spreadsheet would take for a formula and run."""

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def export(
    notes: Iterable[Note], form: Format, *, name: str, visit: Visit | None = None
) -> tuple[ExportBundle, tuple[Remark, ...]]:
    """Write signed notes as one file.

    Args:
        notes: signed.
        form: `CSV`, `TSV` or `JSON`.
        name: what the file's name begins with.
        visit: fills the citizen and the start of the visit into the table, where given.

    Returns:
        The file, and the entries that are not in it.

    Raises:
        NotSignedError: something in the notes is not signed.

    """
    notes = tuple(notes)
    require_signed(notes)
    if form is Format.CSV:
        content, suffix, media_type = _table(notes, visit), "csv", "text/csv; charset=utf-8"
    elif form is Format.TSV:
        content, suffix, media_type = _tabs(notes, visit), "tsv", "text/tab-separated-values; charset=utf-8"
    else:
        content, suffix, media_type = b"".join(map(_line, notes)), "jsonl", "application/jsonl"
    delivery = made_id(NAMESPACE, f"{form} {content.decode()}")
    bundle = ExportBundle(
        format=form,
        filename=f"{safe_name(name)}-{delivery}.{suffix}",
        media_type=media_type,
        content=content,
        entry_ids=tuple(entry.id for note in notes for entry in note.entries if is_signed(entry)),
    )
    return bundle, tuple(_remarks(notes))


def _line(note: Note) -> bytes:
    return note_line(replace(note, entries=tuple(filter(is_signed, note.entries))))


def _table(notes: Iterable[Note], visit: Visit | None) -> bytes:
    out = io.StringIO(newline="")
    out.write("\ufeff")
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(COLUMNS)
    for note in notes:
        for entry in filter(is_signed, note.entries):
            table.writerow([_cell(value) for value in _row(note, entry, visit)])
    return out.getvalue().encode()


def _tabs(notes: Iterable[Note], visit: Visit | None) -> bytes:
    """Return the same for programs: tabs, decimal points, and no tab or line break within a field."""
    lines = ["\t".join(COLUMNS)]
    for note in notes:
        lines += [
            "\t".join(map(_field, _row(note, entry, visit))) for entry in filter(is_signed, note.entries)
        ]
    return ("\n".join(lines) + "\n").encode()


def _field(value: object) -> str:
    return "" if value is None else str(value).translate(_ESCAPED)


def _row(note: Note, entry: Entry, visit: Visit | None) -> Iterator[object]:
    """Return one entry in the order of `COLUMNS`."""
    coding, signed = entry.coding, entry.signed
    # With its hyphen: without it a spreadsheet takes it for a number and drops the leading zero.
    cpr = f"{visit.citizen[:6]}-{visit.citizen[6:]}" if visit else None
    yield from (cpr, visit.start.isoformat() if visit else None)
    yield from (note.id, entry.id, entry.kind.value, entry.assertion.value)
    yield from (coding.system, coding.code, coding.display) if coding else (None, None, None)
    yield from (entry.value, entry.unit, entry.level)
    yield from (entry.name, entry.dose, entry.route, entry.time, entry.evidence)
    yield from (entry.review.value, entry.record_status.value)
    yield from (signed.by, signed.role, utc_text(signed.at)) if signed else (None, None, None)


def _cell(value: object) -> str:
    """Return a value as a Danish spreadsheet should show it, and never run it."""
    match value:
        case None:
            return ""
        case float() | int():
            return str(value).replace(".", ",")
        case _:
            text = str(value)
            return f"'{text}" if _FORMULA.match(text) else text


def _remarks(notes: Iterable[Note]) -> Iterator[Remark]:
    for note in notes:
        for entry in note.entries:
            if not is_signed(entry):
                code = entry.coding.code if entry.coding else None
                rule = "It was rejected at review."
                yield Remark(
                    note=note.id, entry=entry.id, kind=entry.kind, code=code, left_out=True, rule=rule
                )
