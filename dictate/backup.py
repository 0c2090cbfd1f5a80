"""Backups of an embedded store: its data in one file, the keys of single items in another.

The data can be kept as long as the site likes. The keys are backed up apart and kept briefly, and a restore
takes the newest ones there are: so what was deleted stays deleted, whatever data backup is put back. Neither
holds the master key.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dictate import archive
from dictate.archive import Contents, Label
from dictate.disk import LockTakenError, lock, private_folder, sync_folder
from dictate.errors import BackupError, StoreError
from dictate.identity import Actor
from dictate.keys import Keys
from dictate.store import Location, Store, open_store
from dictate.store.maintenance import copy_item_keys

DATA, ITEM_KEYS = "store", "keys"
"""Kinds of backups, and the endings of their files."""
_STAMP = "%Y%m%dT%H%M%S%fZ"
_STAGE = ".restore"
IN_PLACE = "in place"
_BESIDE = ("", "-wal", "-shm", "-journal")
"""Endings of the files that make up a database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was made."""

    data: Path
    item_keys: Path
    files: int
    pruned: tuple[Path, ...]
    """Older backups of item keys, deleted because their time was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A backup that was read whole, and whose store opens."""

    made: datetime
    files: int
    events: int
    """Of its access log."""
    item_keys: str
    """Where the keys of its items came from, for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(Checked):
    """A backup that was put back."""

    unreadable: int
    """Recordings, dictations and citizens that were deleted since it was made; they are gone again."""
    aside: Path | None
    """Where the store lies that was there before."""
    alarm: str
    """Why the access log does not agree with its seal; empty if it does."""


def make(store: Store, location: Location, keys: Keys, folder: Path, *, now: datetime, key_days: int) -> Made:
    """Back an open store up, while others work in it.

    The seal is copied before the database, so that it never is ahead of it; the item keys after it, so that
    there is one for everything in it.

    Args:
        store: open.
        location: where it lies; embedded.
        keys: its own.
        folder: where the two files go; made where missing.
        now: aware UTC; names the files.
        key_days: older backups of item keys in the folder are deleted.

    Raises:
        BackupError: the files can't be written.
        StoreError: the store is a shared one, which its own server backs up.

    """
    stamp = now.strftime(_STAMP)
    data, item_keys = (folder / f"plejediktat-{stamp}.{kind}" for kind in (DATA, ITEM_KEYS))
    with _stage(location) as stage:
        journals = sorted(store.recordings_dir.glob("*.journal"))
        if location.seal.exists():
            shutil.copyfile(location.seal, stage / location.seal.name)
        store.maintenance.snapshot(stage / location.database.name)
        files = [(name, stage / name) for name in (location.database.name, location.seal.name)]
        files += [(f"{location.recordings.name}/{path.name}", path) for path in journals]
        written = archive.write(data, keys.backup, archive.new_label(DATA, keys.id, now), files)
        store.maintenance.snapshot_keys(stage / location.item_database.name)
        files = [(location.item_database.name, stage / location.item_database.name)]
        archive.write(item_keys, keys.backup, archive.new_label(ITEM_KEYS, keys.id, now), files)
    pruned = prune(folder, before=now - timedelta(days=key_days))
    store.log.append("backup.make", "store", detail={"files": str(len(written.files))})
    return Made(data=data, item_keys=item_keys, files=len(written.files), pruned=pruned)


def prune(folder: Path, *, before: datetime) -> tuple[Path, ...]:
    """Delete backups of item keys made before then, but never the newest one; return them."""
    old = []
    for path in _of_kind(folder, ITEM_KEYS)[:-1]:
        if archive.read_label(path).made < before:
            path.unlink()
            old.append(path)
    if old:
        sync_folder(folder)
    return tuple(old)


def check(
    source: Path, location: Location, keys: Keys, who: Actor, *, item_keys: Path | None = None
) -> Checked:
    """Read a backup whole, and open its store aside; nothing of the present store is touched.

    Args:
        source: the file of the data, or a folder: its newest one.
        location: of the present store; room is needed beside it.
        keys: of its master key.
        who: acts.
        item_keys: their backup; if None, those in place, or else the newest ones beside the data.

    Raises:
        BackupError: it is damaged, or made under another key, or its store does not open.

    """
    data = newest(source, DATA)
    with _stage(location) as stage:
        contents = _extract(data, keys, stage)
        origin = _bring_keys(data, item_keys, location, keys, stage)
        return _try(contents, Location.folder(stage), keys, who, origin)


def restore(
    source: Path,
    location: Location,
    keys: Keys,
    who: Actor,
    *,
    now: datetime,
    item_keys: Path | None = None,
    replace: bool = False,
) -> Restored:
    """Put a backup back, after it was read whole and its store was opened aside.

    Item keys that are in place and open stay, for they know of every deletion. Sound without a key is left
    out, and what the backup holds of deleted items is deleted again.

    Args:
        source: as in `check`.
        location: embedded; nothing in it, unless `replace`.
        keys: of its master key.
        who: acts.
        now: aware UTC.
        item_keys: as in `check`.
        replace: move a store that is there aside.

    Raises:
        BackupError: as `check`; or there is a store already.
        StoreError: a program has it open.

    """
    data = newest(source, DATA)
    if location.server is not None:
        raise BackupError("A shared store is restored by its own server: use pg_restore.")
    if location.rotation.exists():
        raise StoreError("A change of the store's key was interrupted. Finish it first: dictate key rotate.")
    with _alone(location), _stage(location) as stage:
        if not replace and (location.database.exists() or location.seal.exists()):
            raise BackupError(f"There is a store in {location.home} already. To move it aside: --replace.")
        contents = _extract(data, keys, stage)
        origin = _bring_keys(data, item_keys, location, keys, stage)
        checked = _try(contents, Location.folder(stage), keys, who, origin)
        parts = [location.database, location.seal, location.recordings]
        if origin != IN_PLACE:
            parts.append(location.item_database)
        try:
            aside = _move_aside(parts, location.home / f"replaced-{now.strftime(_STAMP)}")
            _move_in(parts, stage, location.home)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise BackupError(
                f"Cannot move the store in {location.home}: {reason}. Mend that, and restore again."
            ) from error
    with open_store(location, keys, who, program="dictate backup") as store:
        gone = _delete_again(store)
        detail = {"made": contents.label.made.isoformat(), "deleted again": str(gone)}
        store.log.append("backup.restore", "store", detail=detail)
        alarm = store.log.alarm
    return Restored(
        made=checked.made,
        files=checked.files,
        events=checked.events,
        item_keys=checked.item_keys,
        unreadable=gone,
        aside=aside,
        alarm=alarm,
    )


def newest(source: Path, kind: str) -> Path:
    """Return the backup itself, or the newest one of this kind in a folder.

    Raises:
        BackupError: there is none.

    """
    if source.is_file():
        return source
    found = _of_kind(source, kind)
    if not found:
        raise BackupError(f"There is no backup (*.{kind}) in {source}. Name a backup or its folder.")
    return found[-1]


def _of_kind(folder: Path, kind: str) -> list[Path]:
    """Return the backups in a folder, the oldest first: their names begin with the time."""
    return sorted(folder.glob(f"plejediktat-*.{kind}"))


@contextmanager
def _stage(location: Location) -> Iterator[Path]:
    """Give an empty folder on the store's own disk; it holds only what is encrypted."""
    private_folder(location.home)
    stage = location.home / _STAGE
    try:
        with lock(location.home / "restore.lock"):
            shutil.rmtree(stage, ignore_errors=True)
            try:
                yield private_folder(stage)
            finally:
                shutil.rmtree(stage, ignore_errors=True)
    except LockTakenError:
        raise BackupError("Another backup or restore is under way. Try again when it is done.") from None


@contextmanager
def _alone(location: Location) -> Iterator[None]:
    try:
        with lock(location.lock):
            yield
    except LockTakenError:
        raise StoreError("A program has the store open. Close it, then restore.") from None


def _extract(path: Path, keys: Keys, stage: Path) -> Contents:
    _check_label(archive.read_label(path), path, keys)
    return archive.extract(path, keys.backup, stage)


def _check_label(label: Label, path: Path, keys: Keys) -> None:
    if label.key_id != keys.id:
        raise BackupError(
            f"The backup {path} was made under the master key {label.key_id}, not {keys.id}. "
            "Put that key in place first."
        )


def _bring_keys(data: Path, given: Path | None, location: Location, keys: Keys, stage: Path) -> str:
    """Put item keys into the stage: those given, those in place, or the newest ones beside the data."""
    target = stage / location.item_database.name
    if given is None and location.server is None and location.item_database.exists():
        try:
            copy_item_keys(location, keys, target)
        except StoreError:
            target.unlink(missing_ok=True)
        else:
            return IN_PLACE
    path = given or newest(data.parent, ITEM_KEYS)
    contents = _extract(path, keys, stage / ITEM_KEYS)
    if set(contents.files) != {target.name}:
        raise BackupError(f"The backup {path} holds no item keys. Name one that ends in .{ITEM_KEYS}.")
    (stage / ITEM_KEYS / target.name).replace(target)
    return str(path)


def _try(contents: Contents, location: Location, keys: Keys, who: Actor, origin: str) -> Checked:
    """Open a store of its own and check its log."""
    with open_store(location, keys, who, program="dictate backup") as store:
        verdict = store.log.verify()
    if not verdict.ok:
        raise BackupError(f"The access log in the backup is not as it was written. {verdict.why}")
    return Checked(
        made=contents.label.made, files=len(contents.files), events=verdict.count, item_keys=origin
    )


def _move_aside(parts: Iterable[Path], folder: Path) -> Path | None:
    """Move what is there of these parts of a store into a new folder; return it, or None for nothing."""
    there = [
        path.with_name(path.name + ending)
        for path in parts
        for ending in _BESIDE
        if path.with_name(path.name + ending).exists()
    ]
    if not there:
        return None
    while folder.exists():
        folder = folder.with_name(f"{folder.name}-again")
    private_folder(folder)
    for path in there:
        path.replace(folder / path.name)
        sync_folder(folder)
        sync_folder(path.parent)
    return folder


def _move_in(parts: Iterable[Path], stage: Path, home: Path) -> None:
    """Move the parts of a store home; the database last, so that a break before it is noticed."""
    for path in sorted(parts, key=lambda path: path.name == "store.db"):
        staged = stage / path.name
        if staged.exists():
            staged.replace(home / path.name)
            sync_folder(home)


def _delete_again(store: Store) -> int:
    """Delete what is left of items without a key; return how many there were."""
    recordings, dictations, citizens = store.housekeeping.without_key()
    erase = store.erase
    for delete, identifiers in (
        (erase.citizen, citizens),
        (erase.dictation, dictations),
        (erase.sound, recordings),
    ):
        for identifier in identifiers:
            # What was put on hold stays as a row; nobody can read it.
            with suppress(StoreError):
                delete(identifier)
    return len(recordings) + len(dictations) + len(citizens)
