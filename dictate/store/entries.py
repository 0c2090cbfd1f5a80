"""The entries of one dictation: as they stand, and every state they were in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import func, select

from dictate.entry import Entry, RecordStatus, Signature
from dictate.errors import SignedAlreadyError, StoreError
from dictate.sealing import seal
from dictate.store.codec import ENTRY, EntryBody
from dictate.store.database import Work, open_sealed
from dictate.store.schema import EntryHistoryRow, EntryRow
from dictate.store.types import EntryVersion


def load(work: Work, dictation_id: str, key: bytes) -> tuple[Entry, ...]:
    """Return the entries of a dictation in their order."""
    return load_all(work, {dictation_id: key})[dictation_id]


def load_all(work: Work, keys: Mapping[str, bytes]) -> dict[str, tuple[Entry, ...]]:
    """Return the entries of each of these dictations in their order, given the dictations' keys."""
    rows = work.session.scalars(
        select(EntryRow)
        .where(EntryRow.dictation_id.in_(keys))
        .order_by(EntryRow.dictation_id, EntryRow.position)
    )
    found: dict[str, list[Entry]] = {identifier: [] for identifier in keys}
    for row in rows:
        found[row.dictation_id].append(_open(row, keys[row.dictation_id]))
    return {identifier: tuple(entries) for identifier, entries in found.items()}


def save(
    work: Work, dictation_id: str, key: bytes, entries: tuple[Entry, ...], *, signing: bool = False
) -> None:
    """Have exactly these entries, in this order; what they were before stays in the history.

    Raises:
        StoreError: two entries have the same id, or one is signed although nobody is signing.

    """
    if any(count > 1 for count in Counter(entry.id for entry in entries).values()):
        raise StoreError("Two entries of the note have the same id. Nothing was saved.")
    if not signing and any(entry.signed for entry in entries):
        raise StoreError("An entry is signed, but the note isn't being signed. Nothing was saved.")
    rows = {
        row.id: row
        for row in work.session.scalars(select(EntryRow).where(EntryRow.dictation_id == dictation_id))
    }
    versions = _versions(work, dictation_id)
    for position, entry in enumerate(entries):
        row = rows.pop(entry.id, None)
        if row is not None and row.position != position:
            row.position = position
        if row is not None and _open(row, key) == entry:
            continue
        change = "signed" if entry.signed else "changed" if row else "added"
        _put(
            work,
            dictation_id,
            key,
            entry,
            position=position,
            version=versions.get(entry.id, 0) + 1,
            change=change,
            row=row,
        )
    for row in rows.values():
        version = versions.get(row.id, 0) + 1
        _remember(
            work, dictation_id, key, EntryBody(entry=_open(row, key)), version=version, change="removed"
        )
        work.session.delete(row)


def add(work: Work, dictation_id: str, key: bytes, entry: Entry) -> None:
    """Append one entry.

    Raises:
        StoreError: there is one with this id, or it is signed already.

    """
    if entry.signed:
        raise StoreError("An entry is signed, but the note isn't being signed. Nothing was saved.")
    if work.session.get(EntryRow, (dictation_id, entry.id)) is not None:
        raise StoreError("Two entries of the note have the same id. Nothing was saved.")
    last = work.session.scalar(
        select(func.max(EntryRow.position)).where(EntryRow.dictation_id == dictation_id)
    )
    version = _versions(work, dictation_id, entry.id).get(entry.id, 0) + 1
    position = 0 if last is None else last + 1
    _put(work, dictation_id, key, entry, position=position, version=version, change="added", row=None)


def amend(work: Work, dictation_id: str, key: bytes, new: Entry, *, why: str, signature: Signature) -> None:
    """Put another statement in place of a signed entry.

    Raises:
        StoreError: there is no such entry, it isn't signed, or is withdrawn; or no reason is given.

    """
    row = _signed_row(work, dictation_id, new.id, key, why)
    entry = replace(new, record_status=RecordStatus.AMENDED, signed=signature)
    _put(
        work,
        dictation_id,
        key,
        entry,
        position=row.position,
        version=row.version + 1,
        change="amended",
        row=row,
        why=why,
    )


def withdraw(
    work: Work, dictation_id: str, key: bytes, entry_id: str, *, why: str, signature: Signature
) -> None:
    """Mark a signed entry as entered in error; it stays readable.

    Raises:
        StoreError: as `amend`.

    """
    row = _signed_row(work, dictation_id, entry_id, key, why)
    entry = replace(_open(row, key), record_status=RecordStatus.ENTERED_IN_ERROR, signed=signature)
    _put(
        work,
        dictation_id,
        key,
        entry,
        position=row.position,
        version=row.version + 1,
        change="withdrawn",
        row=row,
        why=why,
    )


def history(work: Work, dictation_id: str, key: bytes, entry_id: str) -> tuple[EntryVersion, ...]:
    """Return every state of an entry, the first one first."""
    rows = work.session.scalars(
        select(EntryHistoryRow)
        .where(EntryHistoryRow.dictation_id == dictation_id, EntryHistoryRow.entry_id == entry_id)
        .order_by(EntryHistoryRow.version)
    )
    versions = []
    for row in rows:
        place = f"entry_history {dictation_id} {entry_id} {row.version}"
        body = ENTRY.load(open_sealed(key, row.body, place))
        versions.append(
            EntryVersion(
                version=row.version, at=row.at, by=row.by, change=row.change, entry=body.entry, why=body.why
            )
        )
    return tuple(versions)


def certainty(entries: Iterable[Entry]) -> tuple[int, float]:
    """Return how many entries are unsure, and the lowest score."""
    entries = tuple(entries)
    return sum(entry.unsure for entry in entries), min((entry.score for entry in entries), default=100.0)


def _signed_row(work: Work, dictation_id: str, entry_id: str, key: bytes, why: str) -> EntryRow:
    if not why.strip():
        raise StoreError("A signed entry is changed for a reason only. Give one.")
    row = work.session.get(EntryRow, (dictation_id, entry_id), with_for_update=True)
    if row is None or _open(row, key).signed is None:
        raise StoreError("There is no signed entry with this id in the note. Nothing was changed.")
    if row.record_status == RecordStatus.ENTERED_IN_ERROR:
        raise SignedAlreadyError("The entry is withdrawn already. Nothing was changed.")
    return row


def _versions(work: Work, dictation_id: str, entry_id: str | None = None) -> dict[str, int]:
    """Return the newest version of each entry that ever was in the note."""
    query = (
        select(EntryHistoryRow.entry_id, func.max(EntryHistoryRow.version))
        .where(EntryHistoryRow.dictation_id == dictation_id)
        .group_by(EntryHistoryRow.entry_id)
    )
    if entry_id is not None:
        query = query.where(EntryHistoryRow.entry_id == entry_id)
    return dict(work.session.execute(query).all())


def _put(
    work: Work,
    dictation_id: str,
    key: bytes,
    entry: Entry,
    *,
    position: int,
    version: int,
    change: str,
    row: EntryRow | None,
    why: str = "",
) -> None:
    if row is None:
        row = EntryRow(dictation_id=dictation_id, id=entry.id)
        work.session.add(row)
    row.position = position
    row.version = version
    row.review = entry.review.value
    row.record_status = entry.record_status.value
    body = EntryBody(entry=entry, why=why)
    row.body = seal(key, ENTRY.dump(body), f"entry {dictation_id} {entry.id} {version}")
    _remember(work, dictation_id, key, body, version=version, change=change)


def _remember(
    work: Work, dictation_id: str, key: bytes, body: EntryBody, *, version: int, change: str
) -> None:
    entry_id = body.entry.id
    place = f"entry_history {dictation_id} {entry_id} {version}"
    work.session.add(
        EntryHistoryRow(
            dictation_id=dictation_id,
            entry_id=entry_id,
            version=version,
            at=work.now,
            by=work.user,
            change=change,
            body=seal(key, ENTRY.dump(body), place),
        )
    )


def _open(row: EntryRow, key: bytes) -> Entry:
    place = f"entry {row.dictation_id} {row.id} {row.version}"
    entry = ENTRY.load(open_sealed(key, row.body, place)).entry
    if (entry.review, entry.record_status) != (row.review, row.record_status):
        raise StoreError(
            "A row of the table entry was changed from outside. Restore the store from a backup."
        )
    return entry
