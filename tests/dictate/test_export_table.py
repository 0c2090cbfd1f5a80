"""Signed entries as a table for a Danish spreadsheet, and as JSON Lines."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.errors import NotSignedError
from dictate.export import table
from dictate.export.base import Format, Visit, is_signed
from dictate.notes import parse_notes, read_notes
from dictate.session import sign

DATA = Path(__file__).parent.parent / "data" / "export"
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
NOTES = sign(read_notes(DATA / "draft.jsonl"), by="Anne Prøve", role="Sygeplejerske", at=AT, accept_all=True)
VISIT = Visit(
    citizen="0101010101",
    author="Anne Prøve",
    role="Sygeplejerske",
    start=datetime.fromisoformat("2026-11-22T09:00:00+01:00"),
)


def rows(content: bytes) -> list[dict[str, str]]:
    """Read a table as a Danish spreadsheet does."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_table_has_a_row_for_each_signed_entry() -> None:
    """Rejected ones are left out and told; columns are those documented."""
    bundle, remarks = table.export(NOTES, Format.CSV, name="dag", visit=VISIT)
    found = rows(bundle.content)
    assert tuple(found[0]) == table.COLUMNS
    assert [row["entry"] for row in found] == list(bundle.entry_ids)
    assert len(found) == 22
    assert [(remark.entry, remark.left_out) for remark in remarks] == [("visit-1-21", True)]


def test_the_table_is_for_a_danish_spreadsheet() -> None:
    """Byte order mark, semicolons, decimal commas, a CPR number that stays text."""
    content = table.export(NOTES, Format.CSV, name="dag", visit=VISIT)[0].content
    assert content.startswith(b"\xef\xbb\xbfcitizen;visit_start;")
    assert content.endswith(b"\r\n")
    row = {row["entry"]: row for row in rows(content)}
    assert row["visit-1-2"]["value"] == "37,4"
    assert row["visit-1-3"]["value"] == "142"
    assert row["visit-1-8"]["value"] == "2+"
    assert row["visit-1-13"]["level"] == "2"
    assert (row["visit-1-18"]["name"], row["visit-1-18"]["time"]) == ("Panodil", "kl. 9")
    assert row["visit-1-1"]["citizen"] == "010101-0101"
    assert row["visit-1-1"]["signed_at"] == "2026-11-22T08:30:00Z"
    assert {row["citizen"] for row in rows(table.export(NOTES, Format.CSV, name="dag")[0].content)} == {""}


def test_what_was_said_is_never_run() -> None:
    """Evidence that begins like a formula gets an apostrophe."""
    content = table.export(NOTES, Format.CSV, name="dag")[0].content
    assert [row["evidence"] for row in rows(content) if "kg" in row["evidence"]] == ["'=2+3 kg"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30))
def test_no_cell_runs_whatever_is_in_it(text: str) -> None:
    """Every text survives the table, and none begins as a formula does."""
    signed = next(entry for note in NOTES for entry in note.entries if is_signed(entry))
    note = replace(NOTES[0], id=text or "x", entries=(replace(signed, evidence=text),))
    (row,) = rows(table.export([note], Format.CSV, name="dag")[0].content)
    assert row["evidence"].removeprefix("'") == text.removeprefix("'")
    for cell in row.values():
        assert not re.match(r"[=+\-@\t\r]", cell.lstrip())


def test_json_lines_are_the_signed_notes() -> None:
    """What is read back is what was signed, without what was rejected."""
    bundle, remarks = table.export(NOTES, Format.JSON, name="dag")
    signed = tuple(replace(note, entries=tuple(filter(is_signed, note.entries))) for note in NOTES)
    assert tuple(parse_notes(bundle.content.splitlines(keepends=True))) == signed
    assert len(remarks) == 1


@pytest.mark.parametrize("form", [Format.CSV, Format.JSON])
def test_nothing_unsigned_leaves_in_any_format(form: Format) -> None:
    """Drafts are refused."""
    with pytest.raises(NotSignedError, match="note number 1"):
        table.export(read_notes(DATA / "draft.jsonl"), form, name="dag")


def test_file_names_hold_our_identifier() -> None:
    """The same content has the same name, other content another one."""
    first = table.export(NOTES, Format.CSV, name="010101-0101 dag")[0]
    again = table.export(NOTES, Format.CSV, name="010101-0101 dag")[0]
    other = table.export(NOTES[1:], Format.CSV, name="010101-0101 dag")[0]
    assert first.filename == again.filename != other.filename
    assert re.fullmatch(r"x_dag-[0-9a-f-]{36}\.csv", first.filename)
    assert first.sha256 == again.sha256
