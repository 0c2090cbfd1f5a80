"""What has become old enough to go, and what is left of items whose key is gone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select

from dictate.errors import StoreError
from dictate.store import texts
from dictate.store.database import Database
from dictate.store.erase import refuse_held
from dictate.store.listing import item
from dictate.store.schema import (
    CitizenRow,
    CorrectionRow,
    DictationRow,
    HoldRow,
    OutboxRow,
    RecordingRow,
    TranscriptRow,
)
from dictate.store.types import Candidate, State

_OPEN = (State.RECORDING, State.DRAFT)
_EARLIER = TranscriptRow.kind != texts.SIGNED


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Finds by age; deletes what has no key of its own. The rest is for `Erase`."""

    _database: Database

    def sounds(self, signed_before: datetime) -> tuple[Candidate, ...]:
        """Return recordings that still have their sound, of notes signed before then."""
        query = (
            select(RecordingRow.id, _held(DictationRow.id, DictationRow.citizen_id))
            .join(DictationRow, DictationRow.id == RecordingRow.dictation_id)
            .where(_signed(signed_before), RecordingRow.deleted_at.is_(None))
        )
        return self._candidates(query.order_by(DictationRow.signed_at))

    def earlier_texts(self, signed_before: datetime) -> tuple[Candidate, ...]:
        """Return dictations signed before then that still hold texts from before the signature."""
        texts_left = exists().where(TranscriptRow.dictation_id == DictationRow.id, _EARLIER)
        corrections_left = exists().where(CorrectionRow.dictation_id == DictationRow.id)
        return self._dictations(_signed(signed_before), or_(texts_left, corrections_left))

    def notes(self, signed_before: datetime) -> tuple[Candidate, ...]:
        """Return dictations signed before then."""
        return self._dictations(_signed(signed_before))

    def discarded(self, begun_before: datetime) -> tuple[Candidate, ...]:
        """Return dictations begun before then that a person gave up."""
        return self._dictations(DictationRow.state == State.DISCARDED, DictationRow.started < begun_before)

    def drafts(self, begun_before: datetime) -> tuple[Candidate, ...]:
        """Return dictations begun before then that nobody signed."""
        return self._dictations(DictationRow.state.in_(_OPEN), DictationRow.started < begun_before)

    def citizens(self, added_before: datetime) -> tuple[Candidate, ...]:
        """Return citizens added before then about whom there is no dictation any more."""
        something_left = exists().where(
            DictationRow.citizen_id == CitizenRow.id, DictationRow.state != State.ERASED
        )
        query = select(CitizenRow.id, _held(CitizenRow.id)).where(
            CitizenRow.created < added_before, CitizenRow.body != b"", ~something_left
        )
        return self._candidates(query.order_by(CitizenRow.created))

    def deliveries(self, finished_before: datetime) -> tuple[Candidate, ...]:
        """Return deliveries that ended before then, well or not."""
        query = select(OutboxRow.id, _held(OutboxRow.dictation_id, OutboxRow.citizen_id))
        return self._candidates(
            query.where(OutboxRow.finished < finished_before).order_by(OutboxRow.sequence)
        )

    def erase_earlier_texts(self, dictation_id: str) -> None:
        """Delete what a signed note was before its signature, and what was corrected in it.

        It shares the note's key: an old backup still holds it.

        Raises:
            StoreError: there is no such signed dictation, or it is on hold.

        """
        with self._database.write() as work:
            row = work.session.get(DictationRow, dictation_id, with_for_update=True)
            if row is None or row.state != State.SIGNED:
                raise StoreError("There is no such signed note in the store. Nothing was deleted.")
            refuse_held(work, row.id, row.citizen_id)
            work.session.execute(
                delete(TranscriptRow).where(TranscriptRow.dictation_id == dictation_id, _EARLIER)
            )
            work.session.execute(delete(CorrectionRow).where(CorrectionRow.dictation_id == dictation_id))
            work.log("text.erase", item(dictation_id), citizen_id=row.citizen_id)

    def erase_delivery(self, delivery_id: str) -> None:
        """Delete the record of a delivery that ended.

        Raises:
            StoreError: there is no such delivery, it is still under way, or it is on hold.

        """
        with self._database.write() as work:
            row = work.session.scalar(select(OutboxRow).where(OutboxRow.id == delivery_id))
            if row is None or row.finished is None:
                raise StoreError("There is no such finished delivery in the store. Nothing was deleted.")
            refuse_held(work, row.dictation_id, row.citizen_id)
            work.session.delete(row)
            work.log("delivery.erase", f"delivery/{delivery_id}", citizen_id=row.citizen_id)

    def without_key(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Return ids of recordings, dictations and citizens that a restored backup knows, but no key opens.

        They were deleted after the backup was made.
        """
        with self._database.read() as work:
            recordings = work.session.scalars(
                select(RecordingRow.id).where(RecordingRow.deleted_at.is_(None))
            ).all()
            dictations = work.session.scalars(
                select(DictationRow.id).where(DictationRow.state != State.ERASED)
            ).all()
            citizens = work.session.scalars(select(CitizenRow.id).where(CitizenRow.body != b"")).all()
        names = {
            "recording": {f"recording/{one}": one for one in recordings},
            "dictation": {item(one): one for one in dictations},
            "citizen": {f"citizen/{one}": one for one in citizens},
        }
        known = self._database.item_keys.find(name for group in names.values() for name in group)
        gone = {
            kind: tuple(one for name, one in group.items() if name not in known)
            for kind, group in names.items()
        }
        return gone["recording"], gone["dictation"], gone["citizen"]

    def _dictations(self, *conditions: ColumnElement[bool]) -> tuple[Candidate, ...]:
        query = select(DictationRow.id, _held(DictationRow.id, DictationRow.citizen_id))
        return self._candidates(query.where(*conditions).order_by(DictationRow.started))

    def _candidates(self, query: Select[str, bool]) -> tuple[Candidate, ...]:
        with self._database.read() as work:
            return tuple(
                Candidate(id=identifier, held=held) for identifier, held in work.session.execute(query)
            )


def _signed(before: datetime) -> ColumnElement[bool]:
    return (DictationRow.state == State.SIGNED) & (DictationRow.signed_at < before)


def _held(*columns: object) -> ColumnElement[bool]:
    """Tell whether one of these ids is on hold."""
    return exists().where(or_(*(HoldRow.id == column for column in columns)))
