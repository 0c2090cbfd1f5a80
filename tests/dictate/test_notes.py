"""Notes as JSON Lines: what is written can be read again, and what is wrong is refused by line and field."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictate.entry import (
    ASSERTIONS,
    Alternative,
    Coding,
    Entry,
    Kind,
    Note,
    RecordStatus,
    Review,
    Signature,
)
from dictate.errors import DraftError
from dictate.notes import note_line, parse_notes, read_notes

DRAFT = Path(__file__).parent.parent / "data" / "export" / "draft.jsonl"

SINCE = datetime.fromisoformat("2020-01-01")
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
numbers = st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6))
signatures = st.builds(
    Signature, by=words, role=words, at=st.datetimes(timezones=st.just(UTC), min_value=SINCE)
)


@st.composite
def entries(draw: st.DrawFn, text: str, identifier: str) -> Entry:
    """Any entry that a note with this text can have."""
    kind = draw(st.sampled_from(Kind))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    signed = draw(st.none() | signatures)
    reviews = [Review.ACCEPTED, Review.CHANGED, Review.ADDED]
    statuses = [RecordStatus.FINAL, RecordStatus.AMENDED, RecordStatus.ENTERED_IN_ERROR]
    is_medication = kind is Kind.MEDICATION
    return Entry(
        id=identifier,
        kind=kind,
        assertion=draw(st.sampled_from(sorted(ASSERTIONS[kind]))),
        coding=draw(
            st.builds(Coding, system=words, code=words, display=texts)
            if not is_medication
            else st.none() | st.builds(Coding, system=words, code=words, display=texts)
        ),
        start=start,
        end=end,
        evidence=text[start:end],
        score=draw(st.floats(0, 100)),
        method=draw(words),
        alternatives=tuple(
            draw(
                st.lists(
                    st.builds(Alternative, code=words, display=texts, score=st.integers(0, 100)), max_size=2
                )
            )
        ),
        unsure=draw(st.booleans()),
        value=draw(st.none() | words | numbers) if kind is Kind.OBSERVATION else None,
        unit=draw(st.none() | words) if kind is Kind.OBSERVATION else None,
        level=draw(st.none() | st.integers(0, 4)) if kind is Kind.CONDITION else None,
        name=draw(words) if is_medication else None,
        dose=draw(st.none() | words) if is_medication else None,
        route=draw(st.none() | words) if is_medication else None,
        time=draw(st.none() | words) if is_medication else None,
        review=draw(st.sampled_from(reviews if signed else sorted(Review))),
        record_status=draw(st.sampled_from(statuses)) if signed else RecordStatus.PRELIMINARY,
        signed=signed,
    )


@st.composite
def notes(draw: st.DrawFn) -> Note:
    """Any note."""
    text = draw(texts) + draw(st.sampled_from(["", "\n", "\tæøå 🩹"]))
    count = draw(st.integers(0, 3))
    plain = st.dictionaries(
        words, words | st.integers() | st.none() | st.lists(words, max_size=2), max_size=3
    )
    return Note(
        id=draw(texts),
        text=text,
        entries=tuple(draw(entries(text, f"e{number}")) for number in range(count)),
        extras=tuple(draw(st.lists(plain, max_size=2))),
        signed=draw(st.none() | signatures),
    )


@settings(max_examples=50)
@given(notes())
def test_what_is_written_is_read_again(note: Note) -> None:
    """A note, written and read, is the same note; written again it is the same line."""
    line = note_line(note)
    (read,) = parse_notes([line])
    assert read == note
    assert note_line(read) == line
    assert line.count(b"\n") == 1


def test_the_fields_are_those_of_the_contract() -> None:
    """A draft file in the contract's form comes back line for line."""
    lines = DRAFT.read_bytes().splitlines(keepends=True)
    assert [note_line(note) for note in read_notes(DRAFT)] == lines


def test_whole_numbers_stay_whole() -> None:
    """140 doesn't become 140.0, and 38.0 stays as it was said."""
    assert {type(entry.value) for note in read_notes(DRAFT) for entry in note.entries if entry.value} == {
        int,
        float,
        str,
    }


def entry_line(**changes: object) -> bytes:
    """One note with one measurement, changed; `...` takes a field away."""
    entry: dict[str, object] = {
        "kind": "observation",
        "system": "urn:oid:1.2.208.176.2.1",
        "code": "NPU08676",
        "display": "Pt—Legeme; temp. = ? °C",
        "status": "measured",
        "value": 37.4,
        "unit": "Cel",
        "start": 0,
        "end": 2,
        "evidence": "Tp",
        "score": 100,
        "method": "exact",
        "alternatives": [],
        "unsure": False,
    }
    entry = {key: value for key, value in (entry | changes).items() if value is not ...}
    return json.dumps({"id": "n", "text": "Tp 37,4", "entries": [entry], "extras": []}).encode()


SIGNED = {"by": "A", "role": "B", "at": "2026-11-22T09:00:00+01:00"}


def test_a_line_may_leave_out_what_follows_from_the_rest() -> None:
    """Ids are made, the place is found by the words, and unknown fields are skipped."""
    line = entry_line(start=..., end=..., score=..., method=..., alternatives=..., unsure=..., optional=True)
    (note,) = parse_notes([b"\xef\xbb\xbf" + line, b"\n"])
    (entry,) = note.entries
    assert (entry.id, entry.start, entry.end, entry.evidence) == ("n-1", 0, 2, "Tp")
    (signed,) = next(iter(parse_notes([entry_line(signed=SIGNED)]))).entries
    assert (signed.review, signed.record_status) == (Review.ACCEPTED, RecordStatus.FINAL)
    assert signed.signed == Signature(by="A", role="B", at=datetime(2026, 11, 22, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"{", "(whole line)"),
        (b"[]", "(whole line)"),
        (b'{"id": "n", "text": "\xff"}', "(whole line)"),
        (b'{"id": "n", "id": "m", "text": "", "entries": []}', "(whole line)"),
        (b'{"id": "n", "text": "", "entries": [{"value": NaN}]}', "(whole line)"),
        (b"[" * 100_000, "(whole line)"),
        (b'{"text": "", "entries": []}', "id"),
        (b'{"id": "", "text": "", "entries": []}', "id"),
        (b'{"id": "n", "entries": []}', "text"),
        (b'{"id": "n", "text": "\\u0000", "entries": []}', "text"),
        (b'{"id": "n", "text": "\\ud800", "entries": []}', "text"),
        (b'{"id": "n", "text": ""}', "entries"),
        (b'{"id": "n", "text": "", "entries": {}}', "entries"),
        (b'{"id": "n", "text": "", "entries": [], "extras": [{"a": ["\\ud800"]}]}', "extras"),
        (b'{"id": "n", "text": "", "entries": [], "extras": [{"a": 1e999}]}', "extras"),
        (b'{"id": "n", "text": "", "entries": [], "signed": true}', "signed"),
        (entry_line(kind="diagnosis"), "entries[1].kind"),
        (entry_line(status="present"), "entries[1].status"),
        (entry_line(status=...), "entries[1].status"),
        (entry_line(code=...), "entries[1].code"),
        (entry_line(system=""), "entries[1].system"),
        (entry_line(value=True), "entries[1].value"),
        (entry_line(value=1e300), "entries[1].value"),
        (entry_line(value=10**400), "entries[1].value"),
        (entry_line(level=2), "entries[1].level"),
        (entry_line(kind="condition", status="present", unit=None), "entries[1].value"),
        (entry_line(kind="condition", status="present", value=None, unit=None, level=5), "entries[1].level"),
        (
            entry_line(kind="condition", status="present", value=None, unit=None, level=2.0),
            "entries[1].level",
        ),
        (entry_line(kind="medication", status="given", value=None, unit=None), "entries[1].name"),
        (entry_line(start=-1), "entries[1].end"),
        (entry_line(end=8), "entries[1].end"),
        (entry_line(end=0, evidence=...), "entries[1].end"),
        (entry_line(end=...), "entries[1].end"),
        (entry_line(evidence="BT"), "entries[1].evidence"),
        (entry_line(evidence="BT", start=..., end=...), "entries[1].evidence"),
        (entry_line(score=101), "entries[1].score"),
        (entry_line(score="100"), "entries[1].score"),
        (entry_line(unsure="no"), "entries[1].unsure"),
        (entry_line(alternatives=[{"code": "x"}]), "entries[1].alternatives[1].display"),
        (entry_line(review="maybe"), "entries[1].review"),
        (entry_line(record_status="final"), "entries[1].record_status"),
        (entry_line(signed=SIGNED, record_status="preliminary"), "entries[1].record_status"),
        (entry_line(signed=SIGNED, review="rejected"), "entries[1].review"),
        (entry_line(signed=SIGNED, review="suggested"), "entries[1].review"),
        (entry_line(signed={"by": "A", "role": "B"}), "entries[1].signed.at"),
        (entry_line(signed=SIGNED | {"at": "2026-11-22T09:00:00"}), "entries[1].signed.at"),
        (entry_line(signed=SIGNED | {"at": "in a moment"}), "entries[1].signed.at"),
        (entry_line(signed=SIGNED | {"by": " "}), "entries[1].signed.by"),
    ],
)
def test_a_wrong_line_is_refused_by_number_and_field(line: bytes, field: str) -> None:
    """The message names the line and the field, and quotes nothing of what stands there."""
    with pytest.raises(DraftError) as refused:
        list(parse_notes([entry_line(id="other").replace(b'"n"', b'"first"'), b"\n", line]))
    assert str(refused.value).startswith(f'Line 3, field "{field}": ')
    assert "37" not in str(refused.value)


def test_an_id_stands_once() -> None:
    """Two notes, or two entries anywhere, with the same id are refused."""
    with pytest.raises(DraftError, match=r'Line 2, field "id".*line 1'):
        list(parse_notes([entry_line(), entry_line()]))
    other = entry_line(id="n-1").replace(b'"n"', b'"m"')
    with pytest.raises(DraftError, match=r'Line 2, field "entries\.id".*line 1'):
        list(parse_notes([entry_line(), other]))


def test_notes_are_read_one_at_a_time() -> None:
    """A good line is handed on before a bad one is met: the file is never held as a whole."""
    read = parse_notes([entry_line(), b"{"])
    assert next(read).id == "n"
    with pytest.raises(DraftError, match="Line 2"):
        next(read)


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    """No such file, and a folder: one sentence that names it."""
    with pytest.raises(DraftError, match="Cannot read"):
        list(read_notes(tmp_path / name))
