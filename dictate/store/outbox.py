"""What is on its way to other systems: queued with the signature, taken out by the delivery worker."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from dictate.errors import StoreError
from dictate.store.database import Database, Work
from dictate.store.schema import DictationRow, OutboxRow
from dictate.store.types import Delivery, OutboxState

_OPEN = (OutboxState.QUEUED, OutboxState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Outbox:
    """The deliveries of a store."""

    _database: Database

    def enqueue(self, dictation_id: str, target: str, *, reason: str = "signed") -> Delivery:
        """Queue one dictation for one target.

        Raises:
            StoreError: there is no such dictation.

        """
        with self._database.write() as work:
            row = work.session.get(DictationRow, dictation_id)
            if row is None:
                raise StoreError("There is no such dictation in the store. Nothing was queued.")
            (queued,) = queue(work, row, [target], reason)
            work.session.flush()
            work.log(
                "delivery.queue",
                f"delivery/{queued.id}",
                citizen_id=row.citizen_id,
                detail={"target": target},
            )
            return delivery(queued)

    def claim(self, target: str, *, lease_s: float = 300.0) -> Delivery | None:
        """Take the oldest delivery that is due, for `lease_s` seconds; after that it is due again.

        None is taken while an older one about the same citizen is still open: order is kept per citizen.
        """
        older = aliased(OutboxRow)
        with self._database.write() as work:
            blocked = exists().where(
                older.target == OutboxRow.target,
                older.citizen_id == OutboxRow.citizen_id,
                older.sequence < OutboxRow.sequence,
                older.state.in_(_OPEN),
            )
            due = or_(
                and_(
                    OutboxRow.state == OutboxState.QUEUED,
                    or_(OutboxRow.retry_at.is_(None), OutboxRow.retry_at <= work.now),
                ),
                and_(OutboxRow.state == OutboxState.CLAIMED, OutboxRow.retry_at <= work.now),
            )
            row = work.session.scalar(
                select(OutboxRow)
                .where(OutboxRow.target == target, due, ~blocked)
                .order_by(OutboxRow.sequence)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if row is None:
                return None
            row.state = OutboxState.CLAIMED
            row.attempts += 1
            row.retry_at = work.now + timedelta(seconds=lease_s)
            return delivery(row)

    def delivered(self, delivery_id: str) -> None:
        """Note that the receiver has it."""
        with self._database.write() as work:
            row = _row(work, delivery_id)
            row.state, row.finished, row.why, row.retry_at = OutboxState.DELIVERED, work.now, "", None
            _log(work, row, "delivery.done")

    def failed(self, delivery_id: str, why: str, *, retry_at: datetime) -> None:
        """Note that an attempt failed, and when to try again; nothing where it was not being sent any more.

        So a worker whose claim ran out can't undo what another, or a person, has done since.
        """
        with self._database.write() as work:
            row = _row(work, delivery_id)
            if row.state != OutboxState.CLAIMED:
                return
            row.state, row.why, row.retry_at = OutboxState.QUEUED, why, retry_at

    def dead(self, delivery_id: str, why: str) -> None:
        """Give a delivery up that was being sent; later ones about the same citizen go on."""
        with self._database.write() as work:
            row = _row(work, delivery_id)
            if row.state != OutboxState.CLAIMED:
                return
            row.state, row.why, row.finished, row.retry_at = OutboxState.DEAD, why, work.now, None
            _log(work, row, "delivery.dead")

    def drop(self, delivery_id: str, why: str) -> None:
        """Take a delivery out, because a person says so."""
        with self._database.write() as work:
            row = _row(work, delivery_id)
            row.state, row.why, row.finished, row.retry_at = OutboxState.DROPPED, why, work.now, None
            _log(work, row, "delivery.drop")

    def retry(self, delivery_id: str) -> None:
        """Queue a delivery again, at its old place, whatever became of it; not one that was delivered.

        Raises:
            StoreError: there is no such delivery, or the receiver has it.

        """
        with self._database.write() as work:
            row = _row(work, delivery_id)
            if row.state == OutboxState.DELIVERED:
                raise StoreError("The receiver has this delivery already. Nothing was queued.")
            row.state, row.why, row.finished, row.retry_at = OutboxState.QUEUED, "", None, None
            _log(work, row, "delivery.retry")

    def get(self, delivery_id: str) -> Delivery:
        """Return a delivery.

        Raises:
            StoreError: there is no such delivery.

        """
        with self._database.read() as work:
            return delivery(_row(work, delivery_id))

    def list(self, *, state: OutboxState | None = None, target: str | None = None) -> tuple[Delivery, ...]:
        """Return deliveries in the order of queueing."""
        query = select(OutboxRow).order_by(OutboxRow.sequence)
        if state is not None:
            query = query.where(OutboxRow.state == state)
        if target is not None:
            query = query.where(OutboxRow.target == target)
        with self._database.read() as work:
            return tuple(map(delivery, work.session.scalars(query)))


def queue(work: Work, row: DictationRow, targets: Collection[str], reason: str) -> list[OutboxRow]:
    """Queue a dictation in the caller's transaction."""
    rows = [
        OutboxRow(
            id=str(uuid4()),
            target=target,
            dictation_id=row.id,
            citizen_id=row.citizen_id,
            reason=reason,
            state=OutboxState.QUEUED,
            created=work.now,
            attempts=0,
            retry_at=None,
            why="",
            finished=None,
        )
        for target in targets
    ]
    work.session.add_all(rows)
    return rows


def _row(work: Work, delivery_id: str) -> OutboxRow:
    row = work.session.scalar(select(OutboxRow).where(OutboxRow.id == delivery_id))
    if row is None:
        raise StoreError("There is no such delivery in the outbox. List them: dictate outbox list.")
    return row


def _log(work: Work, row: OutboxRow, action: str) -> None:
    work.log(action, f"delivery/{row.id}", citizen_id=row.citizen_id, detail={"target": row.target})


def delivery(row: OutboxRow) -> Delivery:
    """Return a delivery of its row."""
    return Delivery(
        id=row.id,
        sequence=row.sequence,
        target=row.target,
        dictation_id=row.dictation_id,
        citizen_id=row.citizen_id,
        reason=row.reason,
        state=OutboxState(row.state),
        created=row.created,
        attempts=row.attempts,
        retry_at=row.retry_at,
        why=row.why,
        finished=row.finished,
    )
