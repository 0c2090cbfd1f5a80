"""The notebook in the store: every call is one transaction there, and is in the access log."""

from collections.abc import Iterable, Sequence
from threading import Event
from typing import TYPE_CHECKING

from dictate import journal
from dictate.audio import AudioClip
from dictate.capture import Sound
from dictate.case import Case, open_case
from dictate.entry import Entry, Note, Signature
from dictate.errors import JournalError, StoreError
from dictate.notebook import Destination, Moment, Sending, SoundKeeper
from dictate.own_words import OwnWord
from dictate.store import Store
from dictate.store.types import Citizen, Dictation, EventKind, OutboxState, Source, State
from dictate.transcript import Transcript

if TYPE_CHECKING:
    from dictate.opening import Door

_ARRIVED_SHOWN = 20
_WAITING = frozenset({OutboxState.QUEUED, OutboxState.CLAIMED})
_OVER = frozenset({OutboxState.DELIVERED, OutboxState.DROPPED})


class StoreNotebook:
    """See `dictate.notebook.Notebook`."""

    def __init__(
        self, store: Store, *, destinations: Sequence[Destination] = (), door: "Door | None" = None
    ) -> None:
        """Use an open store.

        Args:
            store: closed by `close`.
            destinations: where signed notes are to be delivered.
            door: opens it again after `lock`; None leaves it open.

        """
        self._held: Store | None = store
        self._destinations, self._door = tuple(destinations), door
        self.asks, self.key_place = (door.asks, door.place) if door else (False, "")
        self._is_open = Event()
        self._is_open.set()

    @property
    def _store(self) -> Store:
        """The open store; while it is locked, whoever needs it waits.

        Raises:
            StoreError: the program ended meanwhile.

        """
        self._is_open.wait()
        if self._held is None:
            raise StoreError("The notebook is closed. Start the program again.")
        return self._held

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """See `Notebook`."""
        return self._destinations

    def find_citizens(self, typed: str, limit: int = 20) -> tuple[Citizen, ...]:
        """See `Notebook`."""
        return self._store.citizens.search(typed.strip(), limit=limit)

    def add_citizen(self, name: str, cpr: str | None) -> Citizen:
        """See `Notebook`."""
        known = self._store.citizens.by_cpr(cpr) if cpr else None
        return known or self._store.citizens.add(name=name, cpr=cpr)

    def citizen(self, identifier: str) -> Citizen:
        """See `Notebook`."""
        return self._store.citizens.get(identifier)

    def begin(self, identifier: str, citizen_id: str | None) -> None:
        """See `Notebook`."""
        self._store.dictations.begin(citizen_id, Source.TERMINAL, dictation_id=identifier, record=True)

    def assign(self, identifier: str, citizen_id: str) -> None:
        """See `Notebook`."""
        self._store.dictations.assign(identifier, citizen_id)

    def sound(self, identifier: str) -> SoundKeeper:
        """See `Notebook`."""
        recording_id = self._recording(identifier)
        if recording_id is None:
            raise JournalError("This note has no recording. Begin a new dictation.")
        key = self._store.recordings.key(recording_id)
        writer = journal.record(self._store.recordings_dir, recording_id, key)
        return _Keeper(self._store, recording_id, writer)

    def replay(self, identifier: str) -> AudioClip | None:
        """See `Notebook`."""
        recording_id = self._recording(identifier)
        if recording_id is None:
            return None
        path = journal.path_of(self._store.recordings_dir, recording_id)
        if not path.exists():
            return None
        return journal.replay(path, self._store.recordings.key(recording_id)).clip

    def heard(self, identifier: str, transcript: Transcript, note: Note) -> None:
        """See `Notebook`."""
        self._store.dictations.save_transcript(identifier, transcript, note.text)
        self._store.dictations.save_note(identifier, note)

    def save(self, identifier: str, note: Note) -> None:
        """See `Notebook`."""
        self._store.dictations.save_note(identifier, note)

    def open(self, identifier: str) -> Case:
        """See `Notebook`."""
        note = self._store.dictations.note(identifier)
        heard = [
            version.transcript
            for version in self._store.dictations.texts(identifier)
            if version.transcript is not None
        ]
        return open_case(note, heard[-1] if heard else None)

    def get(self, identifier: str) -> Dictation:
        """See `Notebook`."""
        return self._store.dictations.get(identifier)

    def unfinished(self) -> tuple[Dictation, ...]:
        """See `Notebook`."""
        rows = self._store.dictations.unfinished()
        return tuple(row for row in rows if row.state is not State.RECORDING or not self._in_use(row))

    def inbox(self) -> tuple[Dictation, ...]:
        """See `Notebook`."""
        return self._store.dictations.inbox()

    def take_in(self, notes: Iterable[Note]) -> int:
        """See `Notebook`."""
        count = 0
        for note in notes:
            try:
                dictation = self._store.dictations.begin(source=Source.BATCH)
            except StoreError:
                continue
            self._store.dictations.save_note(dictation.id, note)
            count += 1
        return count

    def mine(self, query: str = "") -> tuple[Dictation, ...]:
        """See `Notebook`."""
        return self._store.dictations.mine(query)

    def sign(self, identifier: str, note: Note, *, not_acute: bool = False) -> None:
        """See `Notebook`."""
        self._store.dictations.sign(identifier, note, targets=self._targets(not_acute=not_acute))

    def discard(self, identifier: str) -> None:
        """See `Notebook`."""
        self._store.dictations.discard(identifier)

    def withdraw(
        self, identifier: str, entry_id: str, why: str, signature: Signature, *, not_acute: bool = False
    ) -> None:
        """See `Notebook`."""
        targets = self._targets(not_acute=not_acute)
        self._store.dictations.withdraw(identifier, entry_id, why=why, signature=signature, targets=targets)

    def amend(
        self, identifier: str, entry: Entry, why: str, signature: Signature, *, not_acute: bool = False
    ) -> None:
        """See `Notebook`."""
        targets = self._targets(not_acute=not_acute)
        self._store.dictations.amend(identifier, entry, why=why, signature=signature, targets=targets)

    def event(self, identifier: str, moment: Moment, detail: str = "") -> None:
        """See `Notebook`."""
        self._store.events.add(identifier, EventKind(moment.value), detail=detail)

    def correction(self, identifier: str, kind: str, heard: str, chosen: str) -> None:
        """See `Notebook`."""
        self._store.corrections.add(identifier, heard=heard, chosen=chosen, kind=kind)

    def words(self) -> tuple[OwnWord, ...]:
        """See `Notebook`."""
        return self._store.words.all()

    def keep_word(self, word: OwnWord) -> None:
        """See `Notebook`."""
        self._store.words.save(word)

    def forget_word(self, word_id: str) -> None:
        """See `Notebook`."""
        self._store.words.remove(word_id)

    def waiting(self) -> int:
        """See `Notebook`."""
        return sum(delivery.state in _WAITING for delivery in self._store.outbox.list())

    def sendings(self) -> tuple[Sending, ...]:
        """See `Notebook`."""
        found = sorted(self._store.outbox.list(), key=lambda one: one.sequence, reverse=True)
        over = [one.id for one in found if one.state in _OVER][:_ARRIVED_SHOWN]
        return tuple(
            Sending(delivery=one, citizen_name=self._name(one.citizen_id))
            for one in found
            if one.state not in _OVER or one.id in over
        )

    def send_again(self, delivery_id: str) -> None:
        """See `Notebook`."""
        self._store.outbox.retry(delivery_id)

    def _name(self, citizen_id: str | None) -> str:
        return self._store.citizens.get(citizen_id).name if citizen_id else ""

    def _targets(self, *, not_acute: bool) -> tuple[str, ...]:
        return tuple(one.name for one in self._destinations if not_acute or not one.never_acute)

    def lock(self) -> None:
        """See `Notebook`."""
        if self._door is not None and self._held is not None:
            self._is_open.clear()
            self._held.close()
            # The keys go with the store's objects.
            self._held = None

    def unlock(self, passphrase: str = "") -> None:
        """See `Notebook`."""
        if self._door is None:
            return
        again = self._door.open(passphrase)
        if self._held is not None:
            again.close()
            return
        self._held = again
        self._is_open.set()

    def close(self) -> None:
        """Close the store."""
        held, self._held = self._held, None
        self._is_open.set()
        if held is not None:
            held.close()

    def _recording(self, identifier: str) -> str | None:
        return self._store.dictations.get(identifier).recording_id

    def _in_use(self, row: Dictation) -> bool:
        """Tell whether another program is recording it just now."""
        if row.recording_id is None:
            return False
        path = journal.path_of(self._store.recordings_dir, row.recording_id)
        return path.exists() and journal.in_use(path)


class _Keeper:
    """Writes to the journal, and seals the recording in the store."""

    def __init__(self, store: Store, recording_id: str, writer: journal.Writer) -> None:
        self._store, self._recording_id, self._writer = store, recording_id, writer

    def write(self, samples: Sound) -> None:
        self._writer.write(samples)

    def close(self) -> None:
        sealed = self._writer.close()
        self._store.recordings.seal(self._recording_id, seconds=sealed.seconds, sha256=sealed.sha256)
