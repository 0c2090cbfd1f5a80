"""Opening a store, and what it offers."""

import platform
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import inspect

from dictate import audit
from dictate.audit import Head
from dictate.disk import LockTakenError, lock, private_folder
from dictate.errors import StoreError
from dictate.identity import Actor
from dictate.keys import Keys
from dictate.store.batch import Batch
from dictate.store.citizens import Citizens
from dictate.store.database import Database, newest
from dictate.store.dictations import Dictations
from dictate.store.engine import embedded, one_sentence, shared
from dictate.store.erase import Erase, Holds
from dictate.store.everything import Everything
from dictate.store.housekeeping import Housekeeping
from dictate.store.itemkeys import ItemKeys
from dictate.store.location import Location
from dictate.store.log import Log
from dictate.store.maintenance import Maintenance
from dictate.store.migrate import bring_up_to_date
from dictate.store.moments import Corrections, Events
from dictate.store.outbox import Outbox
from dictate.store.recordings import Recordings
from dictate.store.schema import KEY_ID, MetaRow
from dictate.store.sealfile import SealFile
from dictate.store.statistics import Statistics
from dictate.store.words import Words

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An open store; one for a program, usable from all its threads, beside other programs."""

    actor: Actor
    recordings_dir: Path
    citizens: Citizens
    dictations: Dictations
    recordings: Recordings
    events: Events
    corrections: Corrections
    words: Words
    outbox: Outbox
    batch: Batch
    log: Log
    erase: Erase
    holds: Holds
    housekeeping: Housekeeping
    everything: Everything
    maintenance: Maintenance
    statistics: Statistics
    _closing: ExitStack

    def close(self) -> None:
        """Let go of the database; the keys go with the objects."""
        self._closing.close()

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


def open_store(
    location: Location,
    keys: Keys,
    actor: Actor,
    *,
    program: str = "dictate",
    clock: Clock | None = None,
) -> Store:
    """Open a store, making it where there is none.

    Args:
        location: where it lies.
        keys: derived from its master key.
        actor: who acts; stands in the access log.
        program: stands in the access log beside the machine's name.
        clock: gives aware UTC.

    Raises:
        StoreError: the key is another one, the store is damaged or of a newer version, part of it is
            missing, or its key is just being changed.

    """
    with ExitStack() as stack:
        private_folder(location.home)
        _hold_lock(stack, location)
        if location.rotation.exists():
            raise StoreError("A change of the store's key was interrupted. Finish it: dictate key rotate.")
        database = _connect(stack, location, keys, actor=actor, program=program, clock=clock or _now)
        with one_sentence(location.place):
            alarm = _prepare(location, database)
        return Store(
            actor=actor,
            recordings_dir=private_folder(location.recordings),
            citizens=Citizens(database),
            dictations=Dictations(database),
            recordings=Recordings(database),
            events=Events(database),
            corrections=Corrections(database),
            words=Words(database),
            outbox=Outbox(database),
            batch=Batch(database),
            log=Log(database, alarm),
            erase=Erase(database, location),
            holds=Holds(database),
            housekeeping=Housekeeping(database),
            everything=Everything(database),
            maintenance=Maintenance(database, location),
            statistics=Statistics(database),
            _closing=stack.pop_all(),
        )


def is_there(location: Location) -> bool:
    """Tell whether there is a store already, or something left of one.

    Raises:
        StoreError: the server does not answer.

    """
    if location.server is None:
        return any(path.exists() for path in (location.seal, location.database, location.item_database))
    engine = shared(location)
    try:
        with one_sentence(location.place), engine.connect() as connection:
            return inspect(connection).has_table(MetaRow.__tablename__)
    finally:
        engine.dispose()


def _connect(
    stack: ExitStack, location: Location, keys: Keys, *, actor: Actor, program: str, clock: Clock
) -> Database:
    if location.server is None:
        engine = embedded(location.database, keys.database)
        item_engine = embedded(location.item_database, keys.item_database)
        stack.callback(item_engine.dispose)
    else:
        engine = item_engine = shared(location)
    stack.callback(engine.dispose)
    return Database(
        engine=engine,
        item_keys=ItemKeys(item_engine, keys, embedded=location.server is None),
        keys=keys,
        actor=actor,
        origin=f"{platform.node()} {program}",
        clock=clock,
        seal_file=SealFile(path=location.seal, key=audit.AuditKey(id=keys.id, key=keys.audit)),
        place=location.place,
    )


def _hold_lock(stack: ExitStack, location: Location) -> None:
    try:
        stack.enter_context(lock(location.lock, shared=True))
    except LockTakenError:
        raise StoreError("The store's key is just being changed. Try again in a moment.") from None


def _prepare(location: Location, database: Database) -> str:
    """Bring tables, key and seal up to date; return why the access log is to be looked at, if it is.

    An embedded store is made in the order key file, database, seal; a kill in between leaves what the next
    opening completes. A part that is missing in any other way is never made anew beside what is left.
    """
    if location.server is None:
        _refuse_missing(location, location.item_database, needed=location.database.exists())
        _refuse_missing(location, location.database, needed=location.seal.exists())
    database.item_keys.prepare()
    if location.server is None and not location.database.exists():
        _refuse_missing(location, location.database, needed=not database.item_keys.is_empty())
    bring_up_to_date(database.engine, location.place, key_id=database.keys.id)
    with database.read() as work:
        meta = work.session.get(MetaRow, KEY_ID)
        head = newest(work.session)
    if meta is None or meta.value != database.keys.id:
        raise StoreError(f"The key does not fit the store {location.place}. Use its own key.")
    return _check_seal(location, database, head)


def _refuse_missing(location: Location, path: Path, *, needed: bool) -> None:
    if needed and not path.exists():
        raise StoreError(f"Part of the store {location.home} is missing: {path.name}. Restore a backup.")


def _check_seal(location: Location, database: Database, head: Head) -> str:
    seal_file = database.seal_file
    if not seal_file.path.exists() and (head.count == 0 or location.server is not None):
        # A shared log that this machine has not seen yet is sealed here if its chain is whole.
        seal_file.begin()
    state = seal_file.read()
    if state is None:
        return "The seal of the access log is missing or damaged. Run: dictate audit verify."
    if state.head != head:
        # Behind after a crash; ahead, or beside, never by itself.
        reached = database.unbroken(state.head)
        if reached is None:
            return "The access log does not agree with its seal. Run: dictate audit verify."
        seal_file.follow(state.head, reached, database.unbroken)
    return ""


def _now() -> datetime:
    return datetime.now(UTC)
