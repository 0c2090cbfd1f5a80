"""What a batch run has done already, by the hash of each sound file, so that it can be run again at will."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from dictate.store.database import Database
from dictate.store.schema import BatchItemRow
from dictate.store.types import BatchItem, BatchState


@dataclass(frozen=True, slots=True)
class Batch:
    """The manifest of the batch runs."""

    _database: Database

    def get(self, content_hash: str) -> BatchItem | None:
        """Return how far a sound file has come, or None if it was never seen."""
        with self._database.read() as work:
            row = work.session.get(BatchItemRow, content_hash)
            return _item(row) if row else None

    def claim(self, content_hash: str, *, lease_s: float = 3_600.0, redo: bool = False) -> bool:
        """Take a sound file to work on; False if it is done, or somebody else works on it.

        Args:
            content_hash: SHA-256 of the file.
            lease_s: after so long, who worked on it is taken to have died.
            redo: also where it is done.

        """
        with self._database.write() as work:
            row = work.session.get(BatchItemRow, content_hash, with_for_update=True)
            if row is None:
                row = BatchItemRow(
                    content_hash=content_hash, attempts=0, dictation_id=None, why="", made_with=""
                )
                work.session.add(row)
            elif (row.state == BatchState.DONE and not redo) or (
                row.state == BatchState.RUNNING and row.updated > work.now - timedelta(seconds=lease_s)
            ):
                return False
            row.state, row.updated = BatchState.RUNNING, work.now
            row.attempts += 1
            return True

    def save(
        self,
        content_hash: str,
        state: BatchState,
        *,
        dictation_id: str | None = None,
        why: str = "",
        made_with: str = "",
    ) -> None:
        """Note how far a sound file has come."""
        with self._database.write() as work:
            row = work.session.get(BatchItemRow, content_hash, with_for_update=True)
            if row is None:
                row = BatchItemRow(content_hash=content_hash, attempts=0, dictation_id=None)
                work.session.add(row)
            row.state, row.updated, row.why, row.made_with = state, work.now, why, made_with
            row.dictation_id = dictation_id or row.dictation_id

    def list(self, *, state: BatchState | None = None) -> tuple[BatchItem, ...]:
        """Return all sound files, the one that changed last first."""
        query = select(BatchItemRow).order_by(BatchItemRow.updated.desc(), BatchItemRow.content_hash)
        if state is not None:
            query = query.where(BatchItemRow.state == state)
        with self._database.read() as work:
            return tuple(map(_item, work.session.scalars(query)))


def _item(row: BatchItemRow) -> BatchItem:
    return BatchItem(
        content_hash=row.content_hash,
        state=BatchState(row.state),
        updated=row.updated,
        attempts=row.attempts,
        dictation_id=row.dictation_id,
        why=row.why,
        made_with=row.made_with,
    )
