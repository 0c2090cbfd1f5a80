"""Dictations as lists: mine, a citizen's, the inbox, and what an export takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from dictate.entry import Entry, Note
from dictate.store import entries
from dictate.store.codec import TextBody
from dictate.store.database import Database, Work
from dictate.store.listing import Listed, item, listed
from dictate.store.schema import DictationRow
from dictate.store.types import Dictation, SignedNote, Source, State

OPEN = (State.RECORDING, State.DRAFT)
_PAGE = 200
_FURTHEST = 5_000
"""Notes looked through at most by one search in one's own notes."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a store. Each one that is shown stands in the access log, with the citizens on it."""

    _database: Database

    def unfinished(self) -> tuple[Dictation, ...]:
        """Return my dictations that are neither signed nor discarded, the newest first; none of a batch."""
        return self._list(
            DictationRow.author == self._database.actor.user,
            DictationRow.state.in_(OPEN),
            DictationRow.source != Source.BATCH,
        )

    def inbox(self, *, limit: int = 200) -> tuple[Dictation, ...]:
        """Return drafts that a batch made, the least certain first."""
        query = (
            select(DictationRow)
            .where(DictationRow.state == State.DRAFT, DictationRow.source == Source.BATCH)
            .order_by(DictationRow.certainty, DictationRow.unsure.desc(), DictationRow.started)
            .limit(limit)
        )
        with self._database.write() as work:
            return _logged(work, listed(work, query))

    def of(self, citizen_id: str, *, limit: int = 50) -> tuple[Dictation, ...]:
        """Return the dictations about a citizen, the newest first."""
        return self._list(
            DictationRow.citizen_id == citizen_id, DictationRow.state != State.ERASED, limit=limit
        )

    def mine(self, query: str = "", *, limit: int = 50) -> tuple[Dictation, ...]:
        """Return my dictations whose text or citizen's name holds what is typed, the newest first."""
        typed = query.casefold().strip()
        found: list[Listed] = []
        statement = (
            select(DictationRow)
            .where(DictationRow.author == self._database.actor.user, DictationRow.state != State.ERASED)
            .order_by(DictationRow.started.desc(), DictationRow.id)
        )
        page = _PAGE if typed else limit
        with self._database.write() as work:
            for start in range(0, _FURTHEST, page):
                rows = listed(work, statement.offset(start).limit(page))
                found += [one for one in rows if typed in _searchable(one)]
                if len(rows) < page or len(found) >= limit:
                    break
            return _logged(work, found[:limit])

    def signed(
        self, *, citizen_id: str | None = None, since: datetime | None = None
    ) -> tuple[SignedNote, ...]:
        """Return signed notes with their citizens, the oldest first: what an export takes."""
        query = select(DictationRow).where(DictationRow.state == State.SIGNED)
        if citizen_id is not None:
            query = query.where(DictationRow.citizen_id == citizen_id)
        if since is not None:
            query = query.where(DictationRow.signed_at >= since)
        query = query.order_by(DictationRow.signed_at, DictationRow.id)
        with self._database.write() as work:
            notes: list[SignedNote] = []
            start = 0
            while page := listed(work, query.offset(start).limit(_PAGE)):
                notes += _signed_notes(work, page)
                start += _PAGE
            shown = {note.citizen.id for note in notes if note.citizen}
            detail = {"notes": str(len(notes))}
            work.log("note.export", "dictation", citizen_id=citizen_id, shown=shown, detail=detail)
            return tuple(notes)

    def _list(self, *conditions: ColumnElement[bool], limit: int = 200) -> tuple[Dictation, ...]:
        query = select(DictationRow).where(*conditions)
        with self._database.write() as work:
            newest_first = query.order_by(DictationRow.started.desc(), DictationRow.id)
            return _logged(work, listed(work, newest_first.limit(limit)))


def _searchable(one: Listed) -> str:
    dictation, _, body = one
    return f"{dictation.citizen_name or ''}\n{body.text if body else ''}".casefold()


def _logged(work: Work, found: Sequence[Listed]) -> tuple[Dictation, ...]:
    """Log a list that is shown, and return it."""
    shown = {dictation.citizen_id for dictation, _, _ in found if dictation.citizen_id}
    work.log("note.list", "dictation", shown=shown, detail={"hits": str(len(found))})
    return tuple(dictation for dictation, _, _ in found)


def _signed_notes(work: Work, found: Sequence[Listed]) -> list[SignedNote]:
    keys = _keys(work, found)
    loaded = entries.load_all(work, keys)
    return [
        SignedNote(
            dictation=dictation,
            citizen=citizen,
            note=assemble(dictation.id, loaded[dictation.id], body),
        )
        for dictation, citizen, body in found
        if dictation.id in keys
    ]


def _keys(work: Work, found: Sequence[Listed]) -> dict[str, bytes]:
    identifiers = [dictation.id for dictation, _, _ in found]
    keys = work.database.item_keys.find(map(item, identifiers))
    return {identifier: keys[item(identifier)] for identifier in identifiers if item(identifier) in keys}


def assemble(dictation_id: str, loaded: tuple[Entry, ...], body: TextBody | None) -> Note:
    """Return a note of its parts."""
    return Note(
        id=dictation_id,
        text=body.text if body else "",
        entries=loaded,
        extras=body.extras if body else (),
        signed=body.signed if body else None,
    )
