"""Locks between processes, and files that are on the disk when the call returns."""

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dictate.paths import write_atomic

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


class LockTakenError(Exception):
    """Another process holds the lock; callers say what that means."""


def private_folder(path: Path) -> Path:
    """Make a folder, with its parents, that only its owner can look into."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return path


def sync_folder(path: Path) -> None:
    """Put the names in a folder on the disk: a new or renamed file is found after a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems can't sync a folder; they write names through anyway.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)


def write_durable(path: Path, content: bytes) -> None:
    """Replace `path` whole or not at all, readable by its owner only, and be sure that it lasts.

    Raises:
        OutputError: the folder or the disk does not take it.

    """
    private_folder(path.parent)
    write_atomic(path, content)
    sync_folder(path.parent)


def remove_durable(path: Path) -> None:
    """Remove a file if it is there, and be sure that it stays away."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def try_lock(handle: int, *, shared: bool = False) -> bool:
    """Lock an open file without waiting; the lock goes with the last descriptor, however the process ends."""
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def lock(path: Path, *, shared: bool = False, wait: bool = False) -> Iterator[None]:
    """Hold the lock file `path`, made where it is missing.

    Args:
        path: the lock file; it stays, empty.
        shared: together with other shared holders.
        wait: until it is free; otherwise give up at once.

    Raises:
        LockTakenError: another process holds it, and `wait` is off.

    """
    private_folder(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        if wait:
            fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        elif not try_lock(handle, shared=shared):
            raise LockTakenError
        yield
    finally:
        os.close(handle)


class AppendFile:
    """A new file of the owner's, held against other writers, that grows at its end and can be cut back."""

    def __init__(self, path: Path) -> None:
        """Make the file.

        Raises:
            FileExistsError: there is one already.
            OSError: the folder or the disk does not take it.

        """
        private_folder(path.parent)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._handle = os.open(path, flags, PRIVATE_FILE)
        try_lock(self._handle)
        self.synced = 0
        """Bytes that last."""
        sync_folder(path.parent)

    def append(self, blocks: Iterable[bytes]) -> None:
        """Write all blocks and be sure that they last; on an error the file ends where it did before.

        Raises:
            OSError: the disk is full or failing.

        """
        size = self.synced
        try:
            for block in blocks:
                rest = memoryview(block)
                while rest:
                    rest = rest[os.write(self._handle, rest) :]
                size += len(block)
            os.fsync(self._handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._handle, self.synced)
            raise
        self.synced = size

    def close(self) -> None:
        """Let go of the file and its lock."""
        os.close(self._handle)


def is_locked(path: Path) -> bool:
    """Tell whether some process holds `path` open for writing (as `AppendFile` does)."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not try_lock(handle, shared=True)
    finally:
        os.close(handle)
