"""Model files that came as parts in installed Python packages: where they lie, and reading them as one."""

import hashlib
import io
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from models.registry import ModelFile, ModelSpec, Part

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


def part_path(part: Part) -> Path | None:
    """Where a part is installed; None where it isn't. The package is looked up and not imported."""
    package = find_spec(part.package)
    folders = (package.submodule_search_locations or ()) if package else ()
    paths = (Path(folder, part.path) for folder in folders)
    return next((path for path in paths if path.is_file()), None)


def part_paths(file: ModelFile) -> tuple[Path, ...] | None:
    """Where the parts of a file are installed, in joining order; None where one is missing."""
    paths = tuple(path for part in file.parts if (path := part_path(part)))
    return paths if len(paths) == len(file.parts) else None


def is_installed(model: ModelSpec) -> bool:
    """True where every part of every file of an embedded model is installed."""
    return all(file.parts and part_paths(file) is not None for file in model.files)


class JoinedParts(io.RawIOBase):
    """The parts of a file read as one stream, hashed on the way; wrap it in `io.BufferedReader`."""

    def __init__(self, paths: Iterable[Path], *, progress: Callable[[int], None] | None = None) -> None:
        """Open all parts.

        Args:
            paths: the parts in joining order.
            progress: called with the number of bytes just read.

        """
        self._stack = ExitStack()
        self._parts = [self._stack.enter_context(path.open("rb", buffering=0)) for path in paths]
        self._digest = hashlib.sha256()
        self._progress = progress

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill `buffer` from the current part or the next; returns the bytes read, 0 after the last part."""
        view = memoryview(buffer)
        while self._parts:
            if size := self._parts[0].readinto(view):
                self._digest.update(view[:size])
                if self._progress:
                    self._progress(size)
                return size
            self._parts.pop(0)
        return 0

    def close(self) -> None:
        """Close all parts."""
        self._stack.close()
        super().close()

    @property
    def sha256(self) -> str:
        """Hash of what was read so far, 64 hex digits."""
        return self._digest.hexdigest()
