"""Dictations from the first sound to the signed note, and what is amended afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import select

from dictate.entry import Entry, Note, Signature
from dictate.errors import NotSignedError, SignedAlreadyError, StoreError
from dictate.store import entries, texts
from dictate.store.codec import TextBody
from dictate.store.database import Work
from dictate.store.listing import item, plain
from dictate.store.lists import OPEN, Lists, assemble
from dictate.store.outbox import queue
from dictate.store.schema import CitizenRow, DictationRow, EventRow, RecordingRow
from dictate.store.types import (
    Dictation,
    EntryVersion,
    EventKind,
    Source,
    State,
    TextVersion,
)
from dictate.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Dictations(Lists):
    """The dictations of a store."""

    def begin(
        self,
        citizen_id: str | None = None,
        source: Source = Source.TERMINAL,
        *,
        dictation_id: str | None = None,
        record: bool = False,
    ) -> Dictation:
        """Begin a dictation.

        Args:
            citizen_id: whom it is about; may be said later.
            source: how it comes in.
            dictation_id: an id of one's own, in place of a new UUID.
            record: make a recording as well, with its own key.

        Raises:
            StoreError: there is no such citizen, or a dictation with this id.

        """
        with self._database.write() as work:
            _check_citizen(work, citizen_id)
            identifier = dictation_id or str(uuid4())
            if work.session.get(DictationRow, identifier):
                raise StoreError("There is a dictation with this id already. Choose another id.")
            recording_id = str(uuid4()) if record else None
            items = [item(identifier), *([f"recording/{recording_id}"] if record else [])]
            self._database.item_keys.create(*items, at=work.now)
            row = DictationRow(
                id=identifier,
                citizen_id=citizen_id,
                state=State.RECORDING,
                source=source.value,
                author=work.user,
                started=work.now,
                signed_at=None,
                unsure=0,
                certainty=100.0,
            )
            work.session.add(row)
            if recording_id is not None:
                work.session.flush()
                work.session.add(RecordingRow(id=recording_id, dictation_id=identifier, started=work.now))
            work.log("dictation.begin", item(identifier), citizen_id=citizen_id)
            return plain(row, recording_id)

    def assign(self, dictation_id: str, citizen_id: str) -> None:
        """Say whom a dictation is about, or correct it before signing.

        Raises:
            StoreError: there is no such dictation or citizen.
            SignedAlreadyError: it is signed.

        """
        with self._database.write() as work:
            _check_citizen(work, citizen_id)
            row = _open_row(work, dictation_id)
            before, row.citizen_id = row.citizen_id, citizen_id
            shown = {citizen_id, before} - {None}
            work.log("dictation.assign", item(row.id), citizen_id=citizen_id, shown=filter(None, shown))

    def discard(self, dictation_id: str) -> None:
        """Give a dictation up; it stays readable until retention deletes it.

        Raises:
            StoreError: there is no such dictation.
            SignedAlreadyError: it is signed.

        """
        with self._database.write() as work:
            row = _open_row(work, dictation_id)
            row.state = State.DISCARDED
            work.log("dictation.discard", item(row.id), citizen_id=row.citizen_id)

    def get(self, dictation_id: str) -> Dictation:
        """Return what stands about a dictation in lists, without any text.

        Raises:
            StoreError: there is no such dictation.

        """
        with self._database.read() as work:
            return plain(_row(work, dictation_id), _recording_id(work, dictation_id))

    def save_transcript(self, dictation_id: str, transcript: Transcript, text: str) -> int:
        """Add what was heard as a new version of the text; return its number.

        Args:
            dictation_id: of an open dictation.
            transcript: the recognised words.
            text: their written form.

        Raises:
            StoreError: there is no such dictation.
            SignedAlreadyError: it is signed.

        """
        with self._database.write() as work:
            row = _open_row(work, dictation_id)
            row.state = State.DRAFT
            body = TextBody(text=text, transcript=transcript)
            work.log("text.heard", item(row.id), citizen_id=row.citizen_id)
            return texts.add(work, row.id, work.key(item(row.id)), texts.HEARD, body)

    def save_note(self, dictation_id: str, note: Note) -> None:
        """Keep a draft: its text (a new version where it changed), its entries, what else was said.

        Raises:
            StoreError: there is no such dictation, or the entries can't be told apart.
            SignedAlreadyError: it is signed; amend or withdraw entries instead.

        """
        with self._database.write() as work:
            row = _open_row(work, dictation_id)
            key = work.key(item(row.id))
            before = texts.newest(work, {row.id: key}).get(row.id)
            body = TextBody(text=note.text, extras=note.extras)
            if before is None or (before.text, before.extras) != (body.text, body.extras):
                texts.add(work, row.id, key, texts.DRAFT, body)
            entries.save(work, row.id, key, note.entries)
            row.state = State.DRAFT
            row.unsure, row.certainty = entries.certainty(note.entries)
            work.log("note.save", item(row.id), citizen_id=row.citizen_id)

    def save_entries(self, dictation_id: str, wanted: tuple[Entry, ...]) -> None:
        """Keep the entries of a draft, all of them; its text stays as it is.

        Raises:
            StoreError: as `save_note`.
            SignedAlreadyError: as `save_note`.

        """
        with self._database.write() as work:
            row = _open_row(work, dictation_id)
            entries.save(work, row.id, work.key(item(row.id)), wanted)
            row.state = State.DRAFT
            row.unsure, row.certainty = entries.certainty(wanted)
            work.log("note.save", item(row.id), citizen_id=row.citizen_id)

    def add_entry(self, dictation_id: str, entry: Entry) -> None:
        """Append one entry to a draft.

        Raises:
            StoreError: as `save_note`.
            SignedAlreadyError: as `save_note`.

        """
        with self._database.write() as work:
            row = _open_row(work, dictation_id)
            entries.add(work, row.id, work.key(item(row.id)), entry)
            row.state = State.DRAFT
            row.unsure += entry.unsure
            row.certainty = min(row.certainty, entry.score)
            work.log("note.save", item(row.id), citizen_id=row.citizen_id, detail={"entry": entry.id})

    def note(self, dictation_id: str) -> Note:
        """Return the note as it stands.

        Raises:
            StoreError: there is no such dictation, or it was deleted for good.

        """
        with self._database.write() as work:
            row = _row(work, dictation_id)
            work.log("note.read", item(row.id), citizen_id=row.citizen_id)
            return _note(work, row, work.key(item(row.id)))

    def texts(self, dictation_id: str) -> tuple[TextVersion, ...]:
        """Return every version of the text, the first one first.

        Raises:
            StoreError: as `note`.

        """
        with self._database.write() as work:
            row = _row(work, dictation_id)
            work.log("text.read", item(row.id), citizen_id=row.citizen_id)
            return texts.versions(work, row.id, work.key(item(row.id)))

    def history(self, dictation_id: str, entry_id: str) -> tuple[EntryVersion, ...]:
        """Return every state that an entry was in, the first one first.

        Raises:
            StoreError: as `note`.

        """
        with self._database.write() as work:
            row = _row(work, dictation_id)
            detail = {"entry": entry_id}
            work.log("entry.history", item(row.id), citizen_id=row.citizen_id, detail=detail)
            return entries.history(work, row.id, work.key(item(row.id)), entry_id)

    def sign(self, dictation_id: str, note: Note, *, targets: Collection[str] = ()) -> None:
        """Keep a note as it was signed, for good, and queue it for its targets: all of it or nothing.

        Args:
            dictation_id: of an open dictation about a citizen.
            note: as `session.sign` gives it.
            targets: names of the configured receivers.

        Raises:
            NotSignedError: the note bears no signature.
            SignedAlreadyError: it was signed before.
            StoreError: there is no such dictation, or nobody has said whom it is about.

        """
        if note.signed is None:
            raise NotSignedError("The note bears no signature. Nothing was stored.")
        with self._database.write() as work:
            row = _open_row(work, dictation_id)
            if row.citizen_id is None:
                raise StoreError("Nobody has said whom this note is about. Choose the citizen, then sign.")
            key = work.key(item(row.id))
            body = TextBody(text=note.text, extras=note.extras, signed=note.signed)
            texts.add(work, row.id, key, texts.SIGNED, body)
            entries.save(work, row.id, key, note.entries, signing=True)
            row.unsure, row.certainty = entries.certainty(note.entries)
            row.state, row.signed_at = State.SIGNED, note.signed.at
            work.session.add(
                EventRow(dictation_id=row.id, kind=EventKind.SIGNED, at=note.signed.at, detail="")
            )
            queue(work, row, targets, "signed")
            signed = sum(entry.signed is not None for entry in note.entries)
            work.log("note.sign", item(row.id), citizen_id=row.citizen_id, detail={"entries": str(signed)})

    def amend(
        self, dictation_id: str, new: Entry, *, why: str, signature: Signature, targets: Collection[str] = ()
    ) -> None:
        """Put another statement in place of the signed entry with the same id; the old one stays readable.

        Raises:
            StoreError: there is no such signed entry, or no reason is given.
            SignedAlreadyError: it is withdrawn.

        """
        with self._database.write() as work:
            row = _signed_row(work, dictation_id)
            entries.amend(work, row.id, work.key(item(row.id)), new, why=why, signature=signature)
            queue(work, row, targets, "amended")
            work.log("entry.amend", item(row.id), citizen_id=row.citizen_id, detail={"entry": new.id})

    def withdraw(
        self,
        dictation_id: str,
        entry_id: str,
        *,
        why: str,
        signature: Signature,
        targets: Collection[str] = (),
    ) -> None:
        """Mark a signed entry as entered in error; it stays readable.

        Raises:
            StoreError: there is no such signed entry, or no reason is given.
            SignedAlreadyError: it is withdrawn already.

        """
        with self._database.write() as work:
            row = _signed_row(work, dictation_id)
            key = work.key(item(row.id))
            entries.withdraw(work, row.id, key, entry_id, why=why, signature=signature)
            queue(work, row, targets, "withdrawn")
            work.log("entry.withdraw", item(row.id), citizen_id=row.citizen_id, detail={"entry": entry_id})


def _note(work: Work, row: DictationRow, key: bytes) -> Note:
    body = texts.newest(work, {row.id: key}).get(row.id)
    return assemble(row.id, entries.load(work, row.id, key), body)


def _row(work: Work, dictation_id: str) -> DictationRow:
    row = work.session.get(DictationRow, dictation_id, with_for_update=True)
    if row is None:
        raise StoreError("There is no such dictation in the store. Choose another one.")
    return row


def _open_row(work: Work, dictation_id: str) -> DictationRow:
    row = _row(work, dictation_id)
    if row.state == State.SIGNED:
        raise SignedAlreadyError("The note is signed already. Amend or withdraw single entries instead.")
    if row.state not in OPEN:
        raise StoreError("The dictation was given up. Begin a new one.")
    return row


def _signed_row(work: Work, dictation_id: str) -> DictationRow:
    row = _row(work, dictation_id)
    if row.state != State.SIGNED:
        raise StoreError("The note is not signed: change it, instead of amending it.")
    return row


def _check_citizen(work: Work, citizen_id: str | None) -> None:
    if citizen_id is not None and work.session.get(CitizenRow, citizen_id) is None:
        raise StoreError("There is no such citizen in the store. Search again.")


def _recording_id(work: Work, dictation_id: str) -> str | None:
    return work.session.scalar(select(RecordingRow.id).where(RecordingRow.dictation_id == dictation_id))
