"""Delete for good: rows, sound, and the key without which no backup of them can be read.

The deletion is committed and logged first, the key destroyed right after; a kill between the two is made good
by `finish`, which retention calls on each run.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from dictate.errors import StoreError
from dictate.paths import journal_path
from dictate.store.database import Database, Work
from dictate.store.listing import item
from dictate.store.location import Location
from dictate.store.schema import (
    CitizenRow,
    CitizenTokenRow,
    CorrectionRow,
    DictationRow,
    EntryHistoryRow,
    EntryRow,
    HoldRow,
    RecordingRow,
    TranscriptRow,
)
from dictate.store.types import Erased, Hold, State

_CONTENT = (EntryRow, EntryHistoryRow, TranscriptRow, CorrectionRow)


@dataclass(frozen=True, slots=True)
class Erase:
    """Crypto-shredding; what is deleted when is for `retention` to say."""

    _database: Database
    _location: Location

    def sound(self, recording_id: str) -> Erased:
        """Delete the sound of a recording; what was made of it stays.

        Raises:
            StoreError: there is no such recording, or it is on hold.

        """
        with self._database.write() as work:
            row = work.session.get(RecordingRow, recording_id)
            if row is None:
                raise StoreError("There is no such recording in the store. Nothing was deleted.")
            dictation = work.session.get_one(DictationRow, row.dictation_id)
            refuse_held(work, dictation.id, dictation.citizen_id)
            row.deleted_at = row.deleted_at or work.now
            work.log("sound.erase", f"recording/{recording_id}", citizen_id=dictation.citizen_id)
        self._shred([], [recording_id], [])
        return Erased(recordings=1)

    def dictation(self, dictation_id: str) -> Erased:
        """Delete a dictation with its sound, texts, entries and corrections; that it was there stays known.

        Raises:
            StoreError: there is no such dictation, or it is on hold.

        """
        with self._database.write() as work:
            row = work.session.get(DictationRow, dictation_id, with_for_update=True)
            if row is None:
                raise StoreError("There is no such dictation in the store. Nothing was deleted.")
            refuse_held(work, row.id, row.citizen_id)
            recordings = _empty(work, [row])
            work.log("dictation.erase", item(row.id), citizen_id=row.citizen_id)
        self._shred([dictation_id], recordings, [])
        return Erased(dictations=1, recordings=len(recordings))

    def citizen(self, citizen_id: str) -> Erased:
        """Delete a citizen with all dictations about them; that they were there stays known, by id only.

        Raises:
            StoreError: there is no such citizen, or they or one of the dictations are on hold.

        """
        with self._database.write() as work:
            citizen = work.session.get(CitizenRow, citizen_id)
            if citizen is None:
                raise StoreError("There is no such citizen in the store. Nothing was deleted.")
            rows = work.session.scalars(
                select(DictationRow).where(DictationRow.citizen_id == citizen_id)
            ).all()
            refuse_held(work, citizen_id, *(row.id for row in rows))
            recordings = _empty(work, rows)
            work.session.execute(delete(CitizenTokenRow).where(CitizenTokenRow.citizen_id == citizen_id))
            citizen.cpr_token, citizen.body = None, b""
            work.log("citizen.erase", f"citizen/{citizen_id}", citizen_id=citizen_id)
        dictations = [row.id for row in rows]
        self._shred(dictations, recordings, [citizen_id])
        return Erased(citizens=1, dictations=len(dictations), recordings=len(recordings))

    def finish(self) -> int:
        """Destroy the keys and sounds of what was deleted before a crash; return how many keys there were."""
        with self._database.read() as work:
            dictations = work.session.scalars(
                select(DictationRow.id).where(DictationRow.state == State.ERASED)
            ).all()
            recordings = work.session.scalars(
                select(RecordingRow.id).where(RecordingRow.deleted_at.is_not(None))
            ).all()
            citizens = work.session.scalars(select(CitizenRow.id).where(CitizenRow.body == b"")).all()
        return self._shred(dictations, recordings, citizens)

    def _shred(self, dictations: Iterable[str], recordings: Iterable[str], citizens: Iterable[str]) -> int:
        recordings = list(recordings)
        items = [
            *map(item, dictations),
            *(f"recording/{identifier}" for identifier in recordings),
            *(f"citizen/{identifier}" for identifier in citizens),
        ]
        gone = self._database.item_keys.destroy(items)
        for identifier in recordings:
            journal_path(self._location.recordings, identifier).unlink(missing_ok=True)
        return gone


@dataclass(frozen=True, slots=True)
class Holds:
    """Legal holds: nothing on hold is deleted."""

    _database: Database

    def put(self, identifier: str, why: str) -> None:
        """Hold a citizen or a dictation.

        Args:
            identifier: of the citizen or the dictation.
            why: such as a case number; no names of citizens.

        """
        with self._database.write() as work:
            row = work.session.get(HoldRow, identifier) or HoldRow(id=identifier)
            row.why, row.by, row.at = why, work.user, work.now
            work.session.add(row)
            work.log("hold.put", f"hold/{identifier}", detail={"why": why})

    def lift(self, identifier: str, why: str) -> None:
        """Lift a hold."""
        with self._database.write() as work:
            work.session.execute(delete(HoldRow).where(HoldRow.id == identifier))
            work.log("hold.lift", f"hold/{identifier}", detail={"why": why})

    def all(self) -> tuple[Hold, ...]:
        """Return all holds, the oldest first."""
        with self._database.read() as work:
            rows = work.session.scalars(select(HoldRow).order_by(HoldRow.at))
            return tuple(Hold(id=row.id, why=row.why, by=row.by, at=row.at) for row in rows)


def refuse_held(work: Work, *identifiers: str | None) -> None:
    """Raise a StoreError if one of these citizens and dictations is on hold."""
    wanted = [identifier for identifier in identifiers if identifier]
    if work.session.scalar(select(HoldRow.id).where(HoldRow.id.in_(wanted)).limit(1)):
        raise StoreError("This is on legal hold. Lift the hold before it is deleted.")


def _empty(work: Work, rows: Iterable[DictationRow]) -> list[str]:
    """Delete what dictations hold; return the ids of their recordings."""
    identifiers = [row.id for row in rows]
    for row in rows:
        row.state = State.ERASED
    for table in _CONTENT:
        work.session.execute(delete(table).where(table.dictation_id.in_(identifiers)))
    recordings = RecordingRow.dictation_id.in_(identifiers)
    work.session.execute(
        update(RecordingRow).where(recordings, RecordingRow.deleted_at.is_(None)).values(deleted_at=work.now)
    )
    return list(work.session.scalars(select(RecordingRow.id).where(recordings)))
