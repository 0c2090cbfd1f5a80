"""Change the master key of a store, so that a kill at any moment leaves a store that opens.

First an intent is written: the new key sealed under the old one, and the old one under the new. From then on
either of the two opens everything, for `finish` carries the change through from wherever it stopped. Then, in
turn: one transaction writes the search hashes anew and begins the access log's new key; the embedded database
is encrypted anew; the item keys are wrapped anew, and their file is encrypted anew; the seal is written; the
new key is put where the old one was; the intent is removed. Each step tells by itself whether it was done.

The keys of single items stay what they are: who has the old key *and* an old key file can still read old
backups until these are gone.
"""

import json
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dictate import audit
from dictate.audit import Access, AuditKey
from dictate.disk import LockTakenError, lock, remove_durable, write_durable
from dictate.errors import MasterKeyError, StoreError
from dictate.identity import Actor
from dictate.keys import Keys, KeySource, derive, new_master
from dictate.sealing import SealBrokenError, seal, unseal
from dictate.store.citizens import reindex
from dictate.store.database import audit_row, newest, unbroken
from dictate.store.engine import WRITE, connect_embedded, embedded, one_sentence, shared
from dictate.store.itemkeys import ItemKeys
from dictate.store.location import Location
from dictate.store.schema import KEY_ID, MetaRow
from dictate.store.sealfile import SealFile

_INTENT = "rotation of the master key"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A change of key under way."""

    location: Location
    actor: Actor
    old: Keys
    new: Keys
    new_master: bytes = field(repr=False)


def is_under_way(location: Location) -> bool:
    """Tell whether a change of key was begun and not finished."""
    return location.rotation.exists()


def rotate(location: Location, source: KeySource, actor: Actor) -> str:
    """Give the store a new master key, and keep it where the old one is; return its id.

    Raises:
        MasterKeyError: the old key can't be had, or the new one not be kept; `finish` does the rest.
        StoreError: another program has the store open, or the key is not its own.

    """
    with _alone(location):
        if is_under_way(location):
            return _finish(location, source, actor)
        master = source.load()
        old, fresh = derive(master), new_master()
        new = derive(fresh)
        with one_sentence(location.place):
            _check(location, old)
        intent = {
            "old": old.id,
            "new": new.id,
            "forward": seal(old.rotation, fresh, _INTENT).hex(),
            "backward": seal(new.rotation, master, _INTENT).hex(),
        }
        write_durable(location.rotation, json.dumps(intent).encode())
        _carry_through(_Change(location=location, actor=actor, old=old, new=new, new_master=fresh), source)
        return new.id


def finish(location: Location, source: KeySource, actor: Actor) -> str:
    """Finish an interrupted change of key; return the new key's id. Either of the two keys will do.

    Raises:
        MasterKeyError: the key can't be had, or is neither of the two.
        StoreError: another program has the store open.

    """
    with _alone(location):
        return _finish(location, source, actor)


def _finish(location: Location, source: KeySource, actor: Actor) -> str:
    master = source.load()
    keys = derive(master)
    try:
        intent = json.loads(location.rotation.read_bytes())
        if keys.id == intent["old"]:
            old_master, fresh = master, unseal(keys.rotation, bytes.fromhex(intent["forward"]), _INTENT)
        elif keys.id == intent["new"]:
            old_master, fresh = unseal(keys.rotation, bytes.fromhex(intent["backward"]), _INTENT), master
        else:
            raise MasterKeyError(
                f"The key in {source.place} is neither the store's old nor its new one. Restore one of them."
            )
    except (OSError, ValueError, KeyError, TypeError, SealBrokenError):
        raise StoreError(f"The file {location.rotation} is damaged. Restore it, or a backup.") from None
    change = _Change(
        location=location, actor=actor, old=derive(old_master), new=derive(fresh), new_master=fresh
    )
    _carry_through(change, source)
    return change.new.id


@contextmanager
def _alone(location: Location) -> Iterator[None]:
    try:
        with lock(location.lock):
            yield
    except LockTakenError:
        raise StoreError("Another program has the store open. Close it, then change the key.") from None


def _carry_through(change: _Change, source: KeySource) -> None:
    location = change.location
    with one_sentence(location.place):
        _renew_contents(change)
        if location.server is None:
            _rekey(location.database, change.old.database, change.new.database)
        _renew_item_keys(change)
        if location.server is None:
            _rekey(location.item_database, change.old.item_database, change.new.item_database)
        _renew_seal(change)
        _check(location, change.new)
    source.save(change.new_master)
    remove_durable(location.rotation)


def _check(location: Location, keys: Keys) -> None:
    """Make sure that the store is all there under these keys."""
    with _engine(location, keys) as engine, Session(engine) as session:
        meta = session.get(MetaRow, KEY_ID)
        if meta is None or meta.value != keys.id:
            raise StoreError(f"The key does not fit the store {location.place}. Use its own key.")
    with _item_keys(location, keys) as items:
        if items.key_id() != keys.id:
            raise StoreError("The key file of the store belongs to another master key. Use its own key.")


def _renew_contents(change: _Change) -> None:
    """Write the search hashes under the new key, and begin it in the access log: in one transaction."""
    location, old, new = change.location, change.old, change.new
    present = old if location.server or _opens(location.database, old.database) else new
    with (
        _engine(location, present) as engine,
        _item_keys(location, old) as items,
        Session(engine.execution_options(**WRITE)) as session,
    ):
        meta = session.get_one(MetaRow, KEY_ID, with_for_update=True)
        if meta.value == new.id:
            return
        reindex(session, items, new.index)
        key = AuditKey(id=new.id, key=new.audit)
        session.add(audit_row(audit.append(_access(change), newest(session), key)))
        meta.value = new.id
        session.commit()


def _access(change: _Change) -> Access:
    actor = change.actor
    return Access(
        at=datetime.now(UTC),
        user=actor.user,
        name=actor.name,
        role=actor.role,
        organisation=actor.organisation,
        origin=f"{platform.node()} key",
        action=audit.ROTATED,
        target="store",
        detail=audit.rotation_detail(
            AuditKey(id=change.old.id, key=change.old.audit), AuditKey(id=change.new.id, key=change.new.audit)
        ),
    )


def _renew_item_keys(change: _Change) -> None:
    location, old, new = change.location, change.old, change.new
    present = old if location.server or _opens(location.item_database, old.item_database) else new
    with _item_keys(location, present) as items:
        if items.key_id() == old.id:
            items.rewrap(old, new)


def _renew_seal(change: _Change) -> None:
    """Seal the log under the new key; a seal that did not agree goes on disagreeing."""
    old, new, path = change.old, change.new, change.location.seal
    old_seal = SealFile(path=path, key=AuditKey(id=old.id, key=old.audit))
    new_seal = SealFile(path=path, key=AuditKey(id=new.id, key=new.audit))
    state = old_seal.read()
    if state is None or new_seal.read() is not None:
        return
    with _engine(change.location, new) as engine:
        reached = unbroken(engine, AuditKey(id=new.id, key=new.audit), state.head)
    new_seal.renew(state, reached or state.head)


def _rekey(path: Path, old: bytes, new: bytes) -> None:
    """Encrypt a database under another key, unless it was done; all of it or nothing."""
    if not _opens(path, old):
        return
    connection = connect_embedded(path, old)
    try:
        # A rollback journal, written under the old key, undoes a rekeying that was cut short.
        for pragma in ("journal_mode = DELETE", f"rekey = \"x'{new.hex()}'\"", "journal_mode = WAL"):
            connection.execute(f"PRAGMA {pragma}").close()
    finally:
        connection.close()


def _opens(path: Path, key: bytes) -> bool:
    """Tell whether this key opens the database; what a crash left half-done is undone on the way."""
    try:
        connection = connect_embedded(path, key)
    except sqlcipher.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
            return False
        raise
    connection.close()
    return True


@contextmanager
def _engine(location: Location, keys: Keys) -> Iterator[Engine]:
    engine = shared(location) if location.server else embedded(location.database, keys.database)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _item_keys(location: Location, keys: Keys) -> Iterator[ItemKeys]:
    engine = shared(location) if location.server else embedded(location.item_database, keys.item_database)
    try:
        yield ItemKeys(engine, keys, embedded=location.server is None)
    finally:
        engine.dispose()
