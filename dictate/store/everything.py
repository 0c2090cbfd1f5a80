"""All that is held about one citizen, in one reading."""

from dataclasses import dataclass, field, replace

from sqlalchemy import select

from dictate.entry import Note
from dictate.errors import StoreError
from dictate.store import entries, texts
from dictate.store.citizens import open_all
from dictate.store.codec import CORRECTION
from dictate.store.database import Database, Work, open_sealed
from dictate.store.listing import item, plain
from dictate.store.lists import assemble
from dictate.store.outbox import delivery
from dictate.store.recordings import recording
from dictate.store.schema import (
    CitizenRow,
    CorrectionRow,
    DictationRow,
    EntryHistoryRow,
    EventRow,
    HoldRow,
    OutboxRow,
    RecordingRow,
)
from dictate.store.types import (
    Citizen,
    Correction,
    Delivery,
    Dictation,
    EntryVersion,
    Event,
    EventKind,
    Hold,
    Recording,
    TextVersion,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDictation:
    """A dictation with all that is held of it; empty where it was deleted for good."""

    dictation: Dictation
    note: Note | None = field(default=None, repr=False)
    texts: tuple[TextVersion, ...] = field(default=(), repr=False)
    history: tuple[EntryVersion, ...] = field(default=(), repr=False)
    corrections: tuple[Correction, ...] = field(default=(), repr=False)
    recording: Recording | None = None
    events: tuple[Event, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllHeld:
    """All that is held about a citizen; who looked at it is in the access log."""

    citizen: Citizen
    dictations: tuple[HeldDictation, ...]
    """The oldest first."""
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """What a citizen may ask for."""

    _database: Database

    def about(self, citizen_id: str) -> AllHeld:
        """Return all that is held about a citizen; it is logged as given out.

        Raises:
            StoreError: there is no such citizen, or they were deleted for good.

        """
        with self._database.write() as work:
            query = select(CitizenRow.id, CitizenRow.body).where(CitizenRow.id == citizen_id)
            found = open_all(self._database.item_keys, work.session.execute(query).all())
            if not found:
                raise StoreError("There is no such citizen in the store. Search again.")
            rows = work.session.scalars(
                select(DictationRow)
                .where(DictationRow.citizen_id == citizen_id)
                .order_by(DictationRow.started, DictationRow.id)
            ).all()
            keys = self._database.item_keys.find(item(row.id) for row in rows)
            dictations = tuple(_held(work, row, keys.get(item(row.id))) for row in rows)
            held = [citizen_id, *(row.id for row in rows)]
            holds = tuple(
                Hold(id=row.id, why=row.why, by=row.by, at=row.at)
                for row in work.session.scalars(select(HoldRow).where(HoldRow.id.in_(held)))
            )
            work.log(
                "citizen.export",
                f"citizen/{citizen_id}",
                citizen_id=citizen_id,
                detail={"dictations": str(len(dictations))},
            )
            return AllHeld(citizen=found[0], dictations=dictations, holds=holds)


def _held(work: Work, row: DictationRow, key: bytes | None) -> HeldDictation:
    session = work.session
    sound = session.scalar(select(RecordingRow).where(RecordingRow.dictation_id == row.id))
    events = session.scalars(
        select(EventRow).where(EventRow.dictation_id == row.id).order_by(EventRow.at, EventRow.id)
    )
    sent = session.scalars(
        select(OutboxRow).where(OutboxRow.dictation_id == row.id).order_by(OutboxRow.sequence)
    )
    known = HeldDictation(
        dictation=plain(row, sound.id if sound else None),
        recording=recording(sound) if sound else None,
        events=tuple(
            Event(dictation_id=one.dictation_id, kind=EventKind(one.kind), at=one.at, detail=one.detail)
            for one in events
        ),
        deliveries=tuple(map(delivery, sent)),
    )
    if key is None:
        return known
    body = texts.newest(work, {row.id: key}).get(row.id)
    return replace(
        known,
        note=assemble(row.id, entries.load(work, row.id, key), body),
        texts=texts.versions(work, row.id, key),
        history=_history(work, row.id, key),
        corrections=_corrections(work, row.id, key),
    )


def _history(work: Work, dictation_id: str, key: bytes) -> tuple[EntryVersion, ...]:
    """Return every state of every entry that ever was in the note."""
    identifiers = work.session.scalars(
        select(EntryHistoryRow.entry_id)
        .where(EntryHistoryRow.dictation_id == dictation_id)
        .distinct()
        .order_by(EntryHistoryRow.entry_id)
    ).all()
    return tuple(state for one in identifiers for state in entries.history(work, dictation_id, key, one))


def _corrections(work: Work, dictation_id: str, key: bytes) -> tuple[Correction, ...]:
    rows = work.session.scalars(
        select(CorrectionRow).where(CorrectionRow.dictation_id == dictation_id).order_by(CorrectionRow.at)
    )
    found = []
    for row in rows:
        body = CORRECTION.load(open_sealed(key, row.body, f"correction {row.id}"))
        found.append(
            Correction(
                id=row.id,
                dictation_id=dictation_id,
                at=row.at,
                kind=row.kind,
                heard=body.heard,
                chosen=body.chosen,
            )
        )
    return tuple(found)
