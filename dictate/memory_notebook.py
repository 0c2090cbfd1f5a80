"""A notebook that keeps nothing beyond the session: for training and tests."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import RLock
from uuid import uuid4

import numpy as np

from dictate.audio import AudioClip
from dictate.capture import Sound
from dictate.case import Case, open_case
from dictate.entry import Entry, Note, RecordStatus, Signature
from dictate.errors import SignedAlreadyError, WrongPassphraseError
from dictate.notebook import Destination, Moment, Sending, SoundKeeper
from dictate.own_words import OwnWord
from dictate.store.types import Citizen, Delivery, Dictation, OutboxState, Source, State
from dictate.transcript import Transcript


@dataclass(slots=True)
class _Page:
    """One dictation in memory."""

    row: Dictation
    note: Note
    transcript: Transcript | None = None
    blocks: list[Sound] = field(default_factory=list)
    events: list[tuple[Moment, str]] = field(default_factory=list)


class _Keeper:
    def __init__(self, page: _Page) -> None:
        self._page = page

    def write(self, samples: Sound) -> None:
        self._page.blocks.append(samples)

    def close(self) -> None:
        """Nothing is open."""


class MemoryNotebook:
    """Keeps nothing beyond the session."""

    def __init__(self, citizens: Iterable[tuple[str, str | None]] = (), *, author: str = "training") -> None:
        """Begin empty but for some citizens (name and CPR number)."""
        self._lock = RLock()
        self._author = author
        self._pages: dict[str, _Page] = {}
        self._citizens = [Citizen(id=str(uuid4()), name=name, cpr=cpr) for name, cpr in citizens]
        self.destinations: tuple[Destination, ...] = ()
        self.deliveries: list[Delivery] = []
        self.corrections: list[tuple[str, str, str]] = []
        self.reasons: list[str] = []
        self._words: dict[str, OwnWord] = {}
        self.passphrase, self.key_place = "", ""
        self.locked = False

    def find_citizens(self, typed: str, limit: int = 20) -> tuple[Citizen, ...]:
        """See `Notebook`."""
        asked = typed.casefold().replace("-", "").strip()
        found = [
            one
            for one in self._citizens
            if (one.cpr or "").startswith(asked)
            or any(part.startswith(asked) for part in (one.name.casefold(), *one.name.casefold().split()))
        ]
        return tuple(found[:limit])

    def add_citizen(self, name: str, cpr: str | None) -> Citizen:
        """See `Notebook`."""
        known = next((one for one in self._citizens if cpr and one.cpr == cpr), None)
        if known is None:
            known = Citizen(id=str(uuid4()), name=name, cpr=cpr)
            self._citizens.append(known)
        return known

    def citizen(self, identifier: str) -> Citizen:
        """See `Notebook`."""
        return next(one for one in self._citizens if one.id == identifier)

    def begin(self, identifier: str, citizen_id: str | None) -> None:
        """See `Notebook`."""
        self._pages[identifier] = self._page(identifier, citizen_id, Source.TERMINAL, State.RECORDING)

    def assign(self, identifier: str, citizen_id: str) -> None:
        """See `Notebook`."""
        page = self._pages[identifier]
        page.row = replace(page.row, citizen_id=citizen_id, citizen_name=self.citizen(citizen_id).name)

    def sound(self, identifier: str) -> SoundKeeper:
        """See `Notebook`."""
        return _Keeper(self._pages[identifier])

    def replay(self, identifier: str) -> AudioClip | None:
        """See `Notebook`."""
        blocks = self._pages[identifier].blocks
        return AudioClip(samples=np.concatenate(blocks)) if blocks else None

    def heard(self, identifier: str, transcript: Transcript, note: Note) -> None:
        """See `Notebook`."""
        self._pages[identifier].transcript = transcript
        self.save(identifier, note)

    def save(self, identifier: str, note: Note) -> None:
        """See `Notebook`."""
        page = self._pages[identifier]
        page.note = note
        page.row = replace(
            page.row,
            state=State.DRAFT if page.row.state is State.RECORDING else page.row.state,
            excerpt=note.text[:80],
            unsure=sum(entry.unsure for entry in note.entries),
            certainty=min((entry.score for entry in note.entries), default=100.0),
        )

    def open(self, identifier: str) -> Case:
        """See `Notebook`."""
        page = self._pages[identifier]
        return open_case(page.note, page.transcript)

    def get(self, identifier: str) -> Dictation:
        """See `Notebook`."""
        return self._pages[identifier].row

    def unfinished(self) -> tuple[Dictation, ...]:
        """See `Notebook`."""
        return self._rows({State.RECORDING, State.DRAFT}, Source.TERMINAL)

    def inbox(self) -> tuple[Dictation, ...]:
        """See `Notebook`."""
        return tuple(sorted(self._rows({State.DRAFT}, Source.BATCH), key=lambda row: row.certainty))

    def take_in(self, notes: Iterable[Note]) -> int:
        """See `Notebook`."""
        count = 0
        for note in notes:
            self._pages[note.id] = self._page(note.id, None, Source.BATCH, State.DRAFT)
            self.save(note.id, note)
            count += 1
        return count

    def mine(self, query: str = "") -> tuple[Dictation, ...]:
        """See `Notebook`."""
        asked = query.casefold()
        return tuple(
            row
            for row in self._rows({State.SIGNED}, None)
            if asked in f"{row.citizen_name} {row.excerpt}".casefold()
        )

    def sign(self, identifier: str, note: Note, *, not_acute: bool = False) -> None:
        """See `Notebook`."""
        page = self._pages[identifier]
        if page.row.state is State.SIGNED:
            raise SignedAlreadyError("This note is signed already. Open it in the history to amend it.")
        self.save(identifier, note)
        at = note.signed.at if note.signed else datetime.now(UTC)
        page.row = replace(page.row, state=State.SIGNED, signed_at=at)
        self._queue(page.row, "signed", not_acute=not_acute)

    def discard(self, identifier: str) -> None:
        """See `Notebook`."""
        page = self._pages[identifier]
        page.row = replace(page.row, state=State.DISCARDED)

    def withdraw(
        self, identifier: str, entry_id: str, why: str, signature: Signature, *, not_acute: bool = False
    ) -> None:
        """See `Notebook`."""
        self._queue(self.get(identifier), "withdrawn", not_acute=not_acute)
        self._replace(identifier, entry_id, RecordStatus.ENTERED_IN_ERROR, signature, None)
        self.reasons.append(why)

    def amend(
        self, identifier: str, entry: Entry, why: str, signature: Signature, *, not_acute: bool = False
    ) -> None:
        """See `Notebook`."""
        self._queue(self.get(identifier), "amended", not_acute=not_acute)
        self._replace(identifier, entry.id, RecordStatus.AMENDED, signature, entry)
        self.reasons.append(why)

    def event(self, identifier: str, moment: Moment, detail: str = "") -> None:
        """See `Notebook`."""
        self._pages[identifier].events.append((moment, detail))

    def correction(self, identifier: str, kind: str, heard: str, chosen: str) -> None:
        """See `Notebook`."""
        if identifier in self._pages:
            self.corrections.append((kind, heard, chosen))

    def words(self) -> tuple[OwnWord, ...]:
        """See `Notebook`."""
        return tuple(self._words.values())

    def keep_word(self, word: OwnWord) -> None:
        """See `Notebook`."""
        self._words[word.id] = word

    def forget_word(self, word_id: str) -> None:
        """See `Notebook`."""
        self._words.pop(word_id, None)

    def waiting(self) -> int:
        """See `Notebook`."""
        return sum(one.state is OutboxState.QUEUED for one in self.deliveries)

    def sendings(self) -> tuple[Sending, ...]:
        """See `Notebook`."""
        return tuple(
            Sending(delivery=one, citizen_name=self.get(one.dictation_id).citizen_name or "")
            for one in reversed(self.deliveries)
        )

    def send_again(self, delivery_id: str) -> None:
        """See `Notebook`."""
        self.deliveries = [
            replace(one, state=OutboxState.QUEUED, why="") if one.id == delivery_id else one
            for one in self.deliveries
        ]

    @property
    def asks(self) -> bool:
        """See `Notebook`; True where a test has set a passphrase."""
        return bool(self.passphrase)

    def lock(self) -> None:
        """See `Notebook`."""
        self.locked = True

    def unlock(self, passphrase: str = "") -> None:
        """See `Notebook`."""
        if passphrase != self.passphrase:
            raise WrongPassphraseError("The passphrase doesn't open the notebook. Type it again.")
        self.locked = False

    def close(self) -> None:
        """Nothing is open."""

    def _queue(self, row: Dictation, reason: str, *, not_acute: bool) -> None:
        for one in self.destinations:
            if not_acute or not one.never_acute:
                delivery = Delivery(
                    id=str(uuid4()),
                    sequence=len(self.deliveries),
                    target=one.name,
                    dictation_id=row.id,
                    citizen_id=row.citizen_id,
                    reason=reason,
                    state=OutboxState.QUEUED,
                    created=datetime.now(UTC),
                )
                self.deliveries.append(delivery)

    def _replace(
        self, identifier: str, entry_id: str, status: RecordStatus, signature: Signature, new: Entry | None
    ) -> None:
        page = self._pages[identifier]
        entries = tuple(
            replace(new or one, record_status=status, signed=signature) if one.id == entry_id else one
            for one in page.note.entries
        )
        page.note = replace(page.note, entries=entries)

    def _page(self, identifier: str, citizen_id: str | None, source: Source, state: State) -> _Page:
        row = Dictation(
            id=identifier,
            citizen_id=citizen_id,
            state=state,
            source=source,
            author=self._author,
            started=datetime.now(UTC),
            recording_id=identifier if source is Source.TERMINAL else None,
            citizen_name=self.citizen(citizen_id).name if citizen_id else None,
        )
        return _Page(row=row, note=Note(id=identifier, text="", entries=()))

    def _rows(self, states: set[State], source: Source | None) -> tuple[Dictation, ...]:
        rows = [
            page.row
            for page in self._pages.values()
            if page.row.state in states and (source is None or page.row.source is source)
        ]
        return tuple(sorted(rows, key=lambda row: row.started, reverse=True))
