"""Where results are put: a folder, or an address that fsspec opens; each file whole or not at all."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import filelock

from dictate.errors import OutputError
from dictate.paths import cache_dir, write_atomic

_LOCK = ".batch.lock"
_HALF = re.compile(r"\..*(transcript\.json|draft\.jsonl|report\.csv)\.\w+\.part")
"""What a run that was killed may leave; nothing else is ever removed."""


class Place(Protocol):
    """Holds the results of a batch by name, with forward slashes."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep other runs out.

        Raises:
            OutputError: another run is there, or nothing can be written there.

        """
        ...

    def has(self, name: str) -> bool:
        """Tell whether there is such a file."""
        ...

    def read(self, name: str) -> bytes | None:
        """Return what a file holds, None where there is none."""
        ...

    def put(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all.

        Raises:
            OutputError: it can't be written.

        """
        ...


def place(name: str) -> Place:
    """Return the place of a name as people write it.

    Raises:
        OutputError: fsspec, or what it needs for such an address, is not installed.

    """
    return Address(name) if "://" in name else Folder(Path(name))


class Folder:
    """A folder of this machine, or one that a network shares."""

    def __init__(self, path: Path) -> None:
        """Make nothing yet."""
        self._path = path

    def __str__(self) -> str:
        """Return it as people write it."""
        return str(self._path)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See `Place`."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            (self._path / _LOCK).touch()
        except OSError as error:
            raise OutputError(f"Cannot write to {self}: {error.strerror}. Choose another folder.") from error
        with _locked(self._path / _LOCK, str(self)):
            for half in self._path.rglob(".*.part"):
                if _HALF.fullmatch(half.name):
                    half.unlink(missing_ok=True)
            yield

    def has(self, name: str) -> bool:
        """See `Place`."""
        return (self._path / name).is_file()

    def read(self, name: str) -> bytes | None:
        """See `Place`."""
        with suppress(OSError):
            return (self._path / name).read_bytes()
        return None

    def put(self, name: str, content: bytes) -> None:
        """See `Place`."""
        write_atomic(self._path / name, content)


class Address:
    """A place that fsspec knows, such as s3://bucket/out."""

    def __init__(self, address: str) -> None:
        """Open it.

        Raises:
            OutputError: see `place`.

        """
        self._address = address.rstrip("/")
        try:
            import fsspec  # noqa: PLC0415 - comes with the cluster's parts

            self._system: Any
            self._system, self._root = fsspec.url_to_fs(self._address)
        except (ImportError, ValueError) as error:
            raise OutputError(
                f"Cannot write to {address}: {type(error).__name__}. Check the address, and that "
                "plejediktat[cluster] is installed with the parts that fsspec needs for it."
            ) from error

    def __str__(self) -> str:
        """Return it as people write it."""
        return self._address

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep out other runs of this user on this machine: such places have no locks."""
        folder = cache_dir() / "batch"
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(self._address.encode()).hexdigest()[:16]
        with _locked(folder / f"{digest}.lock", self._address):
            yield

    def has(self, name: str) -> bool:
        """See `Place`."""
        with suppress(OSError):
            return bool(self._system.isfile(self._at(name)))
        return False

    def read(self, name: str) -> bytes | None:
        """See `Place`."""
        with suppress(OSError):
            return bytes(self._system.cat_file(self._at(name)))
        return None

    def put(self, name: str, content: bytes) -> None:
        """See `Place`; such places take a file whole or not at all."""
        try:
            self._system.makedirs(self._at(name).rpartition("/")[0], exist_ok=True)
            self._system.pipe_file(self._at(name), content)
        except OSError as error:
            raise OutputError(
                f"Cannot write to {self._address}: {type(error).__name__}. Check the access to it."
            ) from error

    def _at(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"


@contextmanager
def _locked(lock: Path, said: str) -> Iterator[None]:
    try:
        with filelock.FileLock(lock, timeout=0):
            yield
    except filelock.Timeout:
        raise OutputError(
            f"Another batch is writing to {said}. Wait for it, or choose another folder."
        ) from None
