"""What is counted of signed notes: facts without text and without names, for the benefit report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dictate.benefit import NoteFacts
from dictate.entry import Entry, Review
from dictate.evaluate import comparable, compare
from dictate.store import entries, texts
from dictate.store.database import Database, Work
from dictate.store.listing import item
from dictate.store.schema import DictationRow, EventRow, RecordingRow
from dictate.store.types import EventKind, State, TextVersion


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counted facts of a store."""

    _database: Database

    def notes(
        self, *, since: datetime | None = None, until: datetime | None = None, author: str = ""
    ) -> tuple[NoteFacts, ...]:
        """Return the facts of the notes that were signed in a period, the oldest first.

        Args:
            since: from this moment; aware.
            until: up to this moment, not included.
            author: of this account only.

        """
        query = select(DictationRow).where(DictationRow.state == State.SIGNED.value)
        if since is not None:
            query = query.where(DictationRow.signed_at >= since)
        if until is not None:
            query = query.where(DictationRow.signed_at < until)
        if author:
            query = query.where(DictationRow.author == author)
        with self._database.write() as work:
            rows = work.session.scalars(query.order_by(DictationRow.signed_at, DictationRow.id)).all()
            keys = self._database.item_keys.find(item(row.id) for row in rows)
            pseudonyms: dict[str, str] = {}
            found = tuple(
                _facts(work, row, keys[item(row.id)], pseudonyms) for row in rows if item(row.id) in keys
            )
            work.log("statistics", "dictation", detail={"hits": str(len(found))})
            return found


def _facts(work: Work, row: DictationRow, key: bytes, pseudonyms: dict[str, str]) -> NoteFacts:
    assert row.signed_at is not None, "only signed notes are asked for"
    versions = texts.versions(work, row.id, key)
    signed = versions[-1].text if versions else ""
    drafted = entries.load(work, row.id, key)
    first, last = _times(work, row)
    citizen = row.citizen_id or ""
    return NoteFacts(
        author=row.author,
        signed_at=row.signed_at,
        spoken_s=work.session.scalar(select(RecordingRow.seconds).where(RecordingRow.dictation_id == row.id))
        or 0.0,
        start_to_signed_s=(last - first).total_seconds() if first and last else None,
        words=len(comparable(signed).split()),
        edits=_edits(versions, signed),
        reviews=tuple(
            (entry.kind.value, entry.review.value)
            for entry in drafted
            if entry.review is not Review.SUGGESTED
        ),
        corrected=_corrected(work, row.id, key, drafted),
        levels=tuple(
            (entry.coding.code, entry.level) for entry in drafted if entry.coding and entry.level is not None
        ),
        follow_ups=_follow_ups(work, row.id, key),
        citizen=pseudonyms.setdefault(citizen, str(len(pseudonyms))) if citizen else "",
    )


def _follow_ups(work: Work, dictation_id: str, key: bytes) -> tuple[str, ...]:
    body = texts.newest(work, {dictation_id: key}).get(dictation_id)
    extras = body.extras if body else ()
    return tuple(str(extra.get("display", "")) for extra in extras if extra.get("kind") == "follow_up")


def _times(work: Work, row: DictationRow) -> tuple[datetime | None, datetime | None]:
    """Return the first sound and the signature."""
    events = work.session.scalars(select(EventRow).where(EventRow.dictation_id == row.id)).all()
    first = [event.at for event in events if event.kind == EventKind.FIRST_SOUND.value]
    return (min(first) if first else None), row.signed_at


def _edits(versions: Sequence[TextVersion], signed: str) -> int:
    """Count the words that differ between what was first heard, in written form, and what was signed."""
    heard = next((version.text for version in versions if version.kind == texts.HEARD), None)
    return compare(signed, heard).errors if heard is not None else 0


def _corrected(work: Work, dictation_id: str, key: bytes, drafted: Sequence[Entry]) -> tuple[str, ...]:
    """Return the terms of the suggestions that people changed or rejected."""
    found = []
    for entry in drafted:
        if entry.review not in {Review.CHANGED, Review.REJECTED}:
            continue
        first = entries.history(work, dictation_id, key, entry.id)[0].entry
        found.append(first.coding.display if first.coding else first.kind.value)
    return tuple(found)
