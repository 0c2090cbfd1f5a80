"""The sound of dictations: its key, its seal, and when it is due for deletion."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dictate.errors import StoreError
from dictate.store.database import Database, Work
from dictate.store.schema import DictationRow, RecordingRow
from dictate.store.types import Recording, State


@dataclass(frozen=True, slots=True)
class Recordings:
    """The recordings of a store; the journals lie in its folder of recordings."""

    _database: Database

    def get(self, recording_id: str) -> Recording:
        """Return a recording.

        Raises:
            StoreError: there is no such recording.

        """
        with self._database.read() as work:
            return recording(_row(work, recording_id))

    def of(self, dictation_id: str) -> Recording | None:
        """Return the recording of a dictation, if it has one."""
        with self._database.read() as work:
            row = work.session.scalar(select(RecordingRow).where(RecordingRow.dictation_id == dictation_id))
            return recording(row) if row else None

    def key(self, recording_id: str) -> bytes:
        """Return the 32 bytes that its journal is written and read with.

        Raises:
            StoreError: there is no such recording, or it was deleted for good.

        """
        with self._database.read() as work:
            _row(work, recording_id)
            return work.key(f"recording/{recording_id}")

    def seal(self, recording_id: str, *, seconds: float, sha256: str) -> None:
        """Note length and hash of the finished recording, as the journal's seal has them.

        Raises:
            StoreError: there is no such recording, or it is sealed already as another one.

        """
        with self._database.write() as work:
            row = _row(work, recording_id)
            if row.sha256 not in {None, sha256}:
                raise StoreError("The recording is sealed already, with another hash. Nothing was changed.")
            row.seconds, row.sha256 = seconds, sha256
            dictation = work.session.get(DictationRow, row.dictation_id)
            citizen_id = dictation.citizen_id if dictation else None
            work.log("recording.seal", f"recording/{row.id}", citizen_id=citizen_id)

    def due(self, *, signed_before: datetime) -> tuple[Recording, ...]:
        """Return recordings that still have their sound and whose note was signed before then."""
        query = (
            select(RecordingRow)
            .join(DictationRow, DictationRow.id == RecordingRow.dictation_id)
            .where(
                DictationRow.state == State.SIGNED,
                DictationRow.signed_at < signed_before,
                RecordingRow.deleted_at.is_(None),
            )
            .order_by(DictationRow.signed_at)
        )
        with self._database.read() as work:
            return tuple(map(recording, work.session.scalars(query)))


def _row(work: Work, recording_id: str) -> RecordingRow:
    row = work.session.get(RecordingRow, recording_id)
    if row is None:
        raise StoreError("There is no such recording in the store. Choose another one.")
    return row


def recording(row: RecordingRow) -> Recording:
    """Return a recording of its row."""
    return Recording(
        id=row.id,
        dictation_id=row.dictation_id,
        started=row.started,
        seconds=row.seconds,
        sha256=row.sha256,
        deleted_at=row.deleted_at,
    )
