"""One transaction at a time: what it changes and what it logs come to be together, or not at all."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from dictate import audit
from dictate.audit import Access, AuditEvent, AuditKey, Head
from dictate.errors import StoreError
from dictate.identity import Actor
from dictate.keys import Keys
from dictate.sealing import SealBrokenError, unseal
from dictate.store.engine import WRITE, one_sentence
from dictate.store.itemkeys import ItemKeys
from dictate.store.schema import KEY_ID, AuditRow, MetaRow
from dictate.store.sealfile import SealFile

_AUDIT_LOCK = 7_145_361
"""PostgreSQL: who appends to the access log waits for whoever else does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """The engine with everything a transaction needs."""

    engine: Engine
    item_keys: ItemKeys
    keys: Keys
    actor: Actor
    origin: str
    clock: Callable[[], datetime]
    seal_file: SealFile
    place: str

    @property
    def audit_key(self) -> AuditKey:
        """The key of the access log."""
        return AuditKey(id=self.keys.id, key=self.keys.audit)

    @contextmanager
    def read(self) -> Iterator["Work"]:
        """Run a transaction that neither changes nor logs anything."""
        with one_sentence(self.place), Session(self.engine) as session:
            yield Work(session=session, database=self, now=self.clock())

    @contextmanager
    def write(self) -> Iterator["Work"]:
        """Run a transaction; on any error nothing of it remains."""
        with one_sentence(self.place):
            with Session(self.engine.execution_options(**WRITE), expire_on_commit=False) as session:
                work = Work(session=session, database=self, now=self.clock())
                if self.engine.dialect.name == "postgresql":
                    self._check_key(session)
                yield work
                head = self._append(session, work.accesses)
                session.commit()
            if head:
                self.seal_file.follow(*head, self.unbroken)

    def unbroken(self, after: Head) -> Head | None:
        """Return the newest event, if the chain from `after` up to it is whole."""
        return unbroken(self.engine, self.audit_key, after)

    def _check_key(self, session: Session) -> None:
        """Refuse to write under a key that another machine has changed meanwhile; keep it until commit."""
        meta = session.get(MetaRow, KEY_ID, with_for_update={"read": True})
        if meta is not None and meta.value != self.keys.id:
            raise StoreError("The key of the shared store was changed. Get the new one, and start again.")

    def _append(self, session: Session, accesses: list[Access]) -> tuple[Head, Head] | None:
        """Chain what was done; return the newest event before and after."""
        if not accesses:
            return None
        if self.engine.dialect.name == "postgresql":
            session.execute(text(f"SELECT pg_advisory_xact_lock({_AUDIT_LOCK})"))
        before = head = newest(session)
        for access in accesses:
            event = audit.append(access, head, self.audit_key)
            session.add(audit_row(event))
            head = Head(count=event.seq, mac=event.mac)
        return before, head


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A transaction under way."""

    session: Session
    database: Database
    now: datetime
    accesses: list[Access] = field(default_factory=list)

    @property
    def user(self) -> str:
        """Who acts."""
        return self.database.actor.user

    def log(
        self,
        action: str,
        target: str = "",
        *,
        citizen_id: str | None = None,
        shown: Iterable[str] = (),
        detail: Mapping[str, str] | None = None,
    ) -> None:
        """Have this in the access log, if the transaction comes about."""
        actor = self.database.actor
        self.accesses.append(
            Access(
                at=self.now,
                user=actor.user,
                name=actor.name,
                role=actor.role,
                organisation=actor.organisation,
                origin=self.database.origin,
                action=action,
                target=target,
                citizen_id=citizen_id,
                shown=tuple(sorted(set(shown))),
                detail=detail or {},
            )
        )

    def key(self, item: str) -> bytes:
        """Return the key of an item.

        Raises:
            StoreError: the item was deleted for good.

        """
        found = self.database.item_keys.find([item])
        if item not in found:
            kind = item.partition("/")[0]
            raise StoreError(f"This {kind} was deleted for good: its key is destroyed. Choose another one.")
        return found[item]


def open_sealed(key: bytes, sealed: bytes, place: str) -> bytes:
    """Open what was sealed for a place: a table and a row.

    Raises:
        StoreError: it was changed, or lies in another place.

    """
    try:
        return unseal(key, sealed, place)
    except SealBrokenError:
        table = place.partition(" ")[0]
        raise StoreError(
            f"A row of the table {table} was changed from outside. Restore the store from a backup."
        ) from None


def newest(session: Session) -> Head:
    """Return the newest event of the access log."""
    row = session.execute(select(AuditRow.seq, AuditRow.mac).order_by(AuditRow.seq.desc()).limit(1)).first()
    return Head(count=row.seq, mac=row.mac) if row else audit.START


def unbroken(engine: Engine, key: AuditKey, after: Head) -> Head | None:
    """Return the newest event of the access log, if the chain from `after` up to it is whole."""
    with Session(engine) as session:
        rows = session.execute(
            select(AuditRow.seq, AuditRow.body, AuditRow.mac)
            .where(AuditRow.seq >= max(after.count, 1))
            .order_by(AuditRow.seq)
        ).all()
        keys = all_keys(session, key)
    if after.count:
        if not rows or (rows[0].seq, rows[0].mac) != (after.count, after.mac):
            return None
        rows = rows[1:]
    last = Head(count=rows[-1].seq, mac=rows[-1].mac) if rows else after
    verdict = audit.verify([(row.seq, row.body, row.mac) for row in rows], keys, last, after=after)
    return last if verdict.ok else None


def all_keys(session: Session, key: AuditKey) -> dict[str, bytes]:
    """Return every key that events of the access log were written under, by id."""
    rows = session.execute(select(AuditRow.body, AuditRow.mac).where(AuditRow.action == audit.ROTATED)).all()
    events = (audit.parse(row.body, row.mac) for row in rows)
    return audit.older_keys((event for event in events if event), key)


def audit_row(event: AuditEvent) -> AuditRow:
    """Return an event as it stands in the database."""
    access = event.access
    return AuditRow(
        seq=event.seq,
        at=access.at,
        action=access.action,
        citizen_id=access.citizen_id,
        body=audit.body(access, seq=event.seq, key_id=event.key_id, previous=event.previous),
        mac=event.mac,
    )
