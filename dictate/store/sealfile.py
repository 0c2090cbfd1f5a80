"""The seal of the access log: a small file outside the database, written in place after each commit."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dictate import audit
from dictate.audit import AuditKey, Head, Seal
from dictate.disk import PRIVATE_FILE, lock, sync_folder, write_durable
from dictate.errors import StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFile:
    """The file, and the key that authenticates it."""

    path: Path
    key: AuditKey

    @property
    def _lock(self) -> Path:
        return self.path.with_suffix(".lock")

    def begin(self) -> None:
        """Make the file where it is missing; the log is empty, or not known to this machine yet."""
        if not self.path.exists():
            _, content = audit.write_seal(Seal(turn=0, head=audit.START), self.key)
            write_durable(self.path, content)

    def read(self) -> Seal | None:
        """Return the newest whole state, or None where the file is missing, damaged or forged."""
        try:
            return audit.read_seal(self.path.read_bytes(), {self.key.id: self.key.key})
        except OSError:
            return None

    def follow(self, before: Head, after: Head, unbroken: Callable[[Head], Head | None]) -> None:
        """Seal the newest event, if the seal agrees with the log so far; otherwise leave it as evidence.

        A disk that doesn't take it is no error: what was done is stored, and the next append seals it too.

        Args:
            before: the newest event before this append.
            after: the newest event now.
            unbroken: checks the log behind an event and returns the newest one, or None where the chain is
                broken; asked when the seal lags behind, after a crash or another process's append.

        """
        with suppress(OSError), lock(self._lock, wait=True):
            state = self.read()
            if state is None or state.head.count >= after.count:
                return
            head = after if state.head == before else unbroken(state.head)
            if head is not None:
                self._write(Seal(turn=state.turn + 1, head=head))

    def set(self, head: Head) -> None:
        """Seal this event, whatever was sealed before; for who has checked the log.

        Raises:
            StoreError: the file can't be written.

        """
        with lock(self._lock, wait=True):
            state = self.read()
            try:
                self._write(Seal(turn=state.turn + 1 if state else 0, head=head))
                sync_folder(self.path.parent)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise StoreError(f"The seal {self.path} can't be written: {reason}. Make room.") from error

    def renew(self, state: Seal, head: Head) -> None:
        """Write what a seal under another key said, or `head` where the log has gone on, under this key."""
        with lock(self._lock, wait=True):
            self._write(Seal(turn=state.turn + 1, head=head))

    def _write(self, state: Seal) -> None:
        """Write into the older slot; not synced, for a seal that a power cut takes back only lags behind."""
        place, content = audit.write_seal(state, self.key)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
        try:
            os.pwrite(handle, content, place)
        finally:
            os.close(handle)
