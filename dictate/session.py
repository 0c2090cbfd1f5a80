"""One dictation from draft to signed note: a named person takes over what the program suggested."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from dictate.entry import Entry, Note, RecordStatus, Review, Signature
from dictate.errors import ConfigError, DraftError

_TAKEN = frozenset({Review.ACCEPTED, Review.CHANGED, Review.ADDED})
"""What a person stands for already, before signing."""


def sign(
    notes: Iterable[Note],
    *,
    by: str,
    role: str,
    at: datetime,
    ids: Collection[str] = (),
    accept_all: bool = False,
) -> tuple[Note, ...]:
    """Return the notes as this person signs them.

    Without `ids` and `accept_all` everything is signed that a person accepted, changed or added, and the text
    of every note; what is only suggested stays unsigned. What was rejected is never signed. An older
    signature stays as it is.

    Args:
        notes: drafts, reviewed or not.
        by: name of the person who signs.
        role: what this person is here, such as "Sygeplejerske".
        at: when it is signed; aware.
        ids: accept and sign these entries only, and the text of their notes.
        accept_all: accept what is still suggested, too.

    Raises:
        ConfigError: name or role is empty or not plain text, the time has no zone, or both `ids` and
            `accept_all` are given.
        DraftError: `ids` names an entry that is not there, or that was rejected.

    """
    by, role = by.strip(), role.strip()
    if not (by and role and by.isprintable() and role.isprintable()):
        raise ConfigError(
            "Nothing was signed: the signer's name or role is empty or no plain text. Give both."
        )
    if at.tzinfo is None:
        raise ConfigError("Nothing was signed: the time of signing has no time zone. Give one.")
    if ids and accept_all:
        raise ConfigError("Nothing was signed: single entries and all entries were asked for. Choose one.")
    signature = Signature(by=by, role=role, at=at.astimezone(UTC))
    notes = tuple(notes)
    wanted = frozenset(ids)
    _check(wanted, {entry.id: entry for note in notes for entry in note.entries})
    return tuple(_sign_note(note, signature, wanted, accept_all=accept_all) for note in notes)


def accepted_in_bulk(before: Iterable[Note], after: Iterable[Note]) -> tuple[Entry, ...]:
    """Return the entries that were only suggested before and are signed after, note by note."""
    return tuple(
        entry
        for old, new in zip(before, after, strict=True)
        for was, entry in zip(old.entries, new.entries, strict=True)
        if was.review is Review.SUGGESTED and entry.signed
    )


def _check(wanted: frozenset[str], entries: dict[str, Entry]) -> None:
    for identifier in sorted(wanted):
        if identifier not in entries:
            raise DraftError(f'There is no entry with the id "{identifier}". Nothing was signed.')
        if entries[identifier].review is Review.REJECTED:
            raise DraftError(f'The entry "{identifier}" was rejected at review. Nothing was signed.')


def _sign_note(note: Note, signature: Signature, wanted: frozenset[str], *, accept_all: bool) -> Note:
    if wanted and wanted.isdisjoint(entry.id for entry in note.entries):
        return note
    return replace(
        note,
        signed=note.signed or signature,
        entries=tuple(
            _sign_entry(entry, signature) if _is_chosen(entry, wanted, accept_all=accept_all) else entry
            for entry in note.entries
        ),
    )


def _is_chosen(entry: Entry, wanted: frozenset[str], *, accept_all: bool) -> bool:
    if entry.signed:
        return False
    if wanted:
        return entry.id in wanted
    return entry.review in _TAKEN or (accept_all and entry.review is Review.SUGGESTED)


def _sign_entry(entry: Entry, signature: Signature) -> Entry:
    review = Review.ACCEPTED if entry.review is Review.SUGGESTED else entry.review
    return replace(entry, review=review, record_status=RecordStatus.FINAL, signed=signature)
