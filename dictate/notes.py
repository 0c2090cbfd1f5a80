"""Draft and signed notes as JSON Lines: strict reading, exact writing, one note a line.

A line has the names of the contract: what the library calls `assertion` is `status` here. Fields that the
contract doesn't know are skipped. A refusal names the line and the field, never what stands in it.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from dictate.entry import (
    ASSERTIONS,
    Alternative,
    Assertion,
    Coding,
    Entry,
    Kind,
    Note,
    RecordStatus,
    Review,
    Signature,
)
from dictate.errors import DraftError
from dictate.fields import FieldError, Fields

LEVELS = range(5)
"""Functional levels; 9, "not relevant", is nothing that a note says of a condition."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ONLY_OF = MappingProxyType({"value": Kind.OBSERVATION, "unit": Kind.OBSERVATION, "level": Kind.CONDITION})


def read_notes(path: Path) -> Iterator[Note]:
    """Read a file of notes, one at a time.

    Raises:
        DraftError: the file can't be read, a line is not as the contract has it, or an id stands twice.

    """
    try:
        with path.open("rb") as lines:
            yield from parse_notes(lines)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DraftError(f"Cannot read {path}: {reason}. Name a file of notes in JSON Lines.") from error


def parse_notes(lines: Iterable[bytes]) -> Iterator[Note]:
    """Read notes from lines of UTF-8; blank lines are skipped.

    Entries without an id get "<note id>-<n>", counted from 1.

    Raises:
        DraftError: as `read_notes`.

    """
    seen: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            note = _note(Fields.of_line(line.removeprefix(_BYTE_ORDER_MARK)))
            _check_ids(note, number, seen)
        except FieldError as error:
            raise DraftError(
                f'Line {number}, field "{error.field}": {error.reason}. Mend that line and try again.'
            ) from None
        yield note


def note_json(note: Note) -> dict[str, object]:
    """Return a note as the contract has it."""
    data: dict[str, object] = {"id": note.id, "text": note.text}
    if note.signed:
        data["signed"] = _signature_json(note.signed)
    return data | {"entries": [_entry_json(entry) for entry in note.entries], "extras": list(note.extras)}


def note_line(note: Note) -> bytes:
    """Return a note as one line of UTF-8, line end included; reading it gives the same note."""
    return json.dumps(note_json(note), ensure_ascii=False, allow_nan=False).encode() + b"\n"


def utc_text(moment: datetime) -> str:
    """Return an aware time as ISO 8601 in UTC, such as "2026-11-22T08:30:00Z"."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _check_ids(note: Note, number: int, seen: dict[tuple[str, str], int]) -> None:
    """Refuse ids that stand on another line; `seen` gets those of this one."""
    for field, identifier in (("id", note.id), *(("entries.id", entry.id) for entry in note.entries)):
        first = seen.setdefault((field, identifier), number)
        if first != number:
            raise FieldError(field, f"the same id stands already on line {first}")


def _note(fields: Fields) -> Note:
    identifier, text = fields.text("id"), fields.text("text", empty=True)
    entries = tuple(
        _entry(entry, default_id=f"{identifier}-{place}", text=text)
        for place, entry in enumerate(fields.objects("entries"), start=1)
    )
    if len({entry.id for entry in entries}) != len(entries):
        fields.refuse("entries.id", "two entries have the same id")
    return Note(
        id=identifier,
        text=text,
        entries=entries,
        extras=fields.plain_objects("extras"),
        signed=_signature(fields.inner("signed")),
    )


def _entry(fields: Fields, *, default_id: str, text: str) -> Entry:
    kind = fields.enum("kind", Kind)
    assertion = fields.enum("status", Assertion)
    if assertion not in ASSERTIONS[kind]:
        fields.refuse("status", "this status doesn't go with the kind of the entry")
    for field, only in _ONLY_OF.items():
        if fields.has(field) and kind is not only:
            fields.refuse(field, f"only an entry of kind {only} has one")
    signed = _signature(fields.inner("signed"))
    review = fields.enum("review", Review, default=Review.ACCEPTED if signed else Review.SUGGESTED)
    default = RecordStatus.FINAL if signed else RecordStatus.PRELIMINARY
    record_status = fields.enum("record_status", RecordStatus, default=default)
    if (signed is None) != (record_status is RecordStatus.PRELIMINARY):
        fields.refuse("record_status", "what is signed is not preliminary, and what is not signed is")
    if signed and review in {Review.SUGGESTED, Review.REJECTED}:
        fields.refuse("review", "what is signed was accepted, changed or added by a person")
    # What a person adds need not have been said: only there may the evidence be empty.
    start, end = _place(fields, text, empty=review is Review.ADDED)
    is_medication = kind is Kind.MEDICATION
    return Entry(
        id=fields.text("id") if fields.has("id") else default_id,
        kind=kind,
        assertion=assertion,
        coding=_coding(fields, kind),
        start=start,
        end=end,
        evidence=text[start:end],
        score=_score(fields),
        method=fields.optional_text("method") or "exact",
        alternatives=tuple(
            Alternative(code=other.text("code"), display=other.text("display"), score=_score(other))
            for other in fields.objects("alternatives", missing=True)
        ),
        unsure=fields.flag("unsure"),
        value=fields.number_or_text("value"),
        unit=fields.optional_text("unit"),
        level=_level(fields),
        name=fields.text("name") if is_medication else None,
        dose=fields.optional_text("dose") if is_medication else None,
        route=fields.optional_text("route") if is_medication else None,
        time=fields.optional_text("time") if is_medication else None,
        review=review,
        record_status=record_status,
        signed=signed,
    )


def _entry_json(entry: Entry) -> dict[str, object]:
    coding = entry.coding
    data: dict[str, object] = {
        "id": entry.id,
        "kind": entry.kind.value,
        "system": coding.system if coding else None,
        "code": coding.code if coding else None,
        "display": coding.display if coding else None,
        "status": entry.assertion.value,
        "value": entry.value,
        "unit": entry.unit,
        "start": entry.start,
        "end": entry.end,
        "evidence": entry.evidence,
        "score": entry.score,
        "method": entry.method,
        "alternatives": [
            {"code": other.code, "display": other.display, "score": other.score}
            for other in entry.alternatives
        ],
        "unsure": entry.unsure,
    }
    if entry.kind is Kind.CONDITION:
        data["level"] = entry.level
    if entry.kind is Kind.MEDICATION:
        data |= {"name": entry.name, "dose": entry.dose, "route": entry.route, "time": entry.time}
    if entry.review is not Review.SUGGESTED:
        data["review"] = entry.review.value
    if entry.signed:
        data |= {"record_status": entry.record_status.value, "signed": _signature_json(entry.signed)}
    return data


def _coding(fields: Fields, kind: Kind) -> Coding | None:
    if kind is Kind.MEDICATION and not fields.has("code"):
        return None
    display = fields.optional_text("display", empty=True) or ""
    return Coding(system=fields.text("system"), code=fields.text("code"), display=display)


def _place(fields: Fields, text: str, *, empty: bool) -> tuple[int, int]:
    """Return where the evidence stands; its words alone will do, and then their first place is meant."""
    words = fields.optional_text("evidence", empty=empty)
    if words and not fields.has("start") and not fields.has("end"):
        start = text.find(words)
        if start < 0:
            fields.refuse("evidence", "these words don't stand in the note's text")
        return start, start + len(words)
    start, end = fields.whole("start"), fields.whole("end")
    if not 0 <= start <= end <= len(text) or (start == end and not empty):
        fields.refuse("end", "start and end don't mark a stretch of the note's text")
    if words is not None and words != text[start:end]:
        fields.refuse("evidence", "these words are not what stands from start to end")
    return start, end


def _score(fields: Fields) -> float:
    score = fields.number("score") if fields.has("score") else 100.0
    if not 0 <= score <= 100:  # noqa: PLR2004 - the contract's own bounds
        fields.refuse("score", "it is not between 0 and 100")
    return score


def _level(fields: Fields) -> int | None:
    level = fields.whole("level") if fields.has("level") else None
    if level is not None and level not in LEVELS:
        fields.refuse("level", "it is not a whole number from 0 to 4")
    return level


def _signature(fields: Fields | None) -> Signature | None:
    if fields is None:
        return None
    by, role, at = fields.text("by"), fields.text("role"), fields.text("at")
    if not by.strip() or not role.strip():
        fields.refuse("by", "nobody, or no role, is named")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        fields.refuse("at", "it is not a time in ISO 8601")
    if moment.tzinfo is None:
        fields.refuse("at", "it has no time zone")
    return Signature(by=by, role=role, at=moment.astimezone(UTC))


def _signature_json(signed: Signature) -> dict[str, str]:
    return {"by": signed.by, "role": signed.role, "at": utc_text(signed.at)}
