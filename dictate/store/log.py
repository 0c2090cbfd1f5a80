"""The access log of a store: reading it, checking it, and sealing it anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dictate import audit
from dictate.audit import AuditEvent, Verdict
from dictate.errors import AuditError
from dictate.store.database import Database, all_keys, newest
from dictate.store.engine import one_sentence
from dictate.store.schema import AuditRow

_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Log:
    """The access log. Everything in the store appends to it by itself; this is for what lies outside."""

    _database: Database
    alarm: str = ""
    """Why the log does not agree with its seal since the store was opened; empty if it does."""

    def append(
        self,
        action: str,
        target: str = "",
        *,
        citizen_id: str | None = None,
        detail: Mapping[str, str] | None = None,
    ) -> None:
        """Log what was done outside the store: sound played, text copied, a file exported.

        Args:
            action: thing and verb, such as "sound.play".
            target: kind and id, such as "recording/<id>".
            citizen_id: whom it concerns.
            detail: figures and ids; never text of a note, a name or a CPR number.

        """
        with self._database.write() as work:
            work.log(action, target, citizen_id=citizen_id, detail=detail)

    def read(self, *, citizen_id: str | None = None, since: datetime | None = None) -> tuple[AuditEvent, ...]:
        """Return events, the oldest first; those about one citizen, if asked. Reading is logged as well.

        Raises:
            AuditError: an event can't be read.

        """
        query = select(AuditRow).order_by(AuditRow.seq)
        if citizen_id is not None:
            # Lists name the citizens they showed in the body only.
            shown = AuditRow.body.contains(f'"{citizen_id}"', autoescape=True)
            query = query.where(or_(AuditRow.citizen_id == citizen_id, shown))
        if since is not None:
            query = query.where(AuditRow.at >= since)
        with self._database.write() as work:
            events = []
            for row in work.session.scalars(query):
                event = audit.parse(row.body, row.mac)
                if event is None:
                    raise AuditError(
                        f"Event {row.seq} of the access log is damaged. Run: dictate audit verify."
                    )
                if citizen_id is None or event.concerns(citizen_id):
                    events.append(event)
            work.log("log.read", "log", citizen_id=citizen_id, detail={"events": str(len(events))})
            return tuple(events)

    def verify(self) -> Verdict:
        """Check the whole log against its chain and its seal."""
        database = self._database
        with one_sentence(database.place), Session(database.engine) as session:
            # The seal first: what is appended meanwhile lies behind it.
            state = database.seal_file.read()
            keys = all_keys(session, database.audit_key)
            return audit.verify(_rows(session), keys, state.head if state else None)

    def reseal(self, why: str) -> None:
        """Seal the log as it is now, after a person has looked at it; the reason is logged.

        For a restored backup, or after tampering was found and dealt with. An event that was changed or
        taken out is found by every later `verify` all the same.

        Args:
            why: short; no names of citizens.

        """
        with self._database.write() as work:
            work.log("log.reseal", "log", detail={"why": why})
        with self._database.read() as work:
            self._database.seal_file.set(newest(work.session))


def _rows(session: Session) -> Iterator[tuple[int, str, str]]:
    """Yield all events in order; the body is left out where the columns beside it say something else."""
    last = None
    while True:
        query = select(AuditRow).order_by(AuditRow.seq).limit(_PAGE)
        if last is not None:
            query = query.where(AuditRow.seq > last)
        rows = session.scalars(query).all()
        for row in rows:
            event = audit.parse(row.body, row.mac)
            agrees = event is not None and (
                event.access.at,
                event.access.action,
                event.access.citizen_id,
            ) == (
                row.at,
                row.action,
                row.citizen_id,
            )
            yield row.seq, row.body if agrees else "", row.mac
            last = row.seq
        session.expunge_all()
        if len(rows) < _PAGE:
            return
