"""What happened to a note on its way: timed events, and what people corrected."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select

from dictate.errors import StoreError
from dictate.sealing import seal
from dictate.store.codec import CORRECTION, CorrectionBody
from dictate.store.database import Database, open_sealed
from dictate.store.listing import item
from dictate.store.schema import CorrectionRow, DictationRow, EventRow
from dictate.store.types import Correction, Event, EventKind


@dataclass(frozen=True, slots=True)
class Events:
    """The timed events of a store; benefit is counted from them."""

    _database: Database

    def add(
        self, dictation_id: str, kind: EventKind, *, at: datetime | None = None, detail: str = ""
    ) -> None:
        """Add a moment; now, if not said otherwise.

        Raises:
            StoreError: there is no such dictation.

        """
        with self._database.write() as work:
            if work.session.get(DictationRow, dictation_id) is None:
                raise StoreError("There is no such dictation in the store. No event was kept.")
            row = EventRow(dictation_id=dictation_id, kind=kind.value, at=at or work.now, detail=detail)
            work.session.add(row)

    def of(self, dictation_id: str) -> tuple[Event, ...]:
        """Return the moments of a dictation in order of time."""
        query = select(EventRow).where(EventRow.dictation_id == dictation_id)
        with self._database.read() as work:
            return tuple(
                Event(dictation_id=row.dictation_id, kind=EventKind(row.kind), at=row.at, detail=row.detail)
                for row in work.session.scalars(query.order_by(EventRow.at, EventRow.id))
            )


@dataclass(frozen=True, slots=True)
class Corrections:
    """What was heard, and what people chose instead."""

    _database: Database

    def add(self, dictation_id: str, *, heard: str, chosen: str, kind: str) -> Correction:
        """Add a correction.

        Args:
            dictation_id: where it was made.
            heard: the words as recognised, or the code suggested.
            chosen: what the person put in their place.
            kind: text, code, assertion, value …

        Raises:
            StoreError: there is no such dictation, or it was deleted for good.

        """
        with self._database.write() as work:
            correction = Correction(
                id=str(uuid4()),
                dictation_id=dictation_id,
                at=work.now,
                kind=kind,
                heard=heard,
                chosen=chosen,
            )
            body = CORRECTION.dump(CorrectionBody(heard=heard, chosen=chosen))
            sealed = seal(work.key(item(dictation_id)), body, f"correction {correction.id}")
            work.session.add(
                CorrectionRow(
                    id=correction.id, dictation_id=dictation_id, at=work.now, kind=kind, body=sealed
                )
            )
            work.log("correction.add", item(dictation_id), detail={"kind": kind})
            return correction

    def all(self, *, since: datetime | None = None) -> tuple[Correction, ...]:
        """Return all corrections that are still readable, the oldest first."""
        query = select(CorrectionRow).order_by(CorrectionRow.at, CorrectionRow.id)
        if since is not None:
            query = query.where(CorrectionRow.at >= since)
        with self._database.write() as work:
            rows = work.session.scalars(query).all()
            keys = self._database.item_keys.find(item(row.dictation_id) for row in rows)
            found = []
            for row in rows:
                key = keys.get(item(row.dictation_id))
                if key is None:
                    continue
                body = CORRECTION.load(open_sealed(key, row.body, f"correction {row.id}"))
                found.append(
                    Correction(
                        id=row.id,
                        dictation_id=row.dictation_id,
                        at=row.at,
                        kind=row.kind,
                        heard=body.heard,
                        chosen=body.chosen,
                    )
                )
            work.log("correction.list", "correction", detail={"hits": str(len(found))})
            return tuple(found)

    def undo(self, correction_id: str) -> None:
        """Take a correction back."""
        with self._database.write() as work:
            work.session.execute(delete(CorrectionRow).where(CorrectionRow.id == correction_id))
            work.log("correction.undo", f"correction/{correction_id}")
