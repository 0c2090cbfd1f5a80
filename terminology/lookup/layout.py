"""The file of an index: a header that says what it is, then arrays that are mapped into memory.

    magic 8 bytes | format u32 | header length u32 | header CRC-32 u32 | header (JSON) | arrays

Little-endian; each array starts at a multiple of 64 bytes. The header names each array with its place behind
the header, length, type and CRC-32. Opening reads the header alone; `Arrays.verify` reads everything.
"""

import json
import mmap
import os
import struct
import sys
import tempfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from terminology.errors import TerminologyError

MAGIC: Final = b"PLEJETRM"
FORMAT: Final = 1
"""Raised with every change of the arrays or of how words are compared."""
_START: Final = struct.Struct("<8sIII")
_ALIGN: Final = 64
_LARGEST_HEADER: Final = 1 << 20
_BLOCK: Final = 1 << 22

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an index was made from."""

    release: str
    """Version or checksum of the terminology release."""
    terms: int
    codes: int
    words: int


class Arrays:
    """The arrays of an open file, each as a view that is read where it is touched."""

    def __init__(self, path: Path) -> None:
        """Map a file.

        Raises:
            TerminologyError: it is missing, foreign, of another format or damaged.

        """
        self.path = path
        if sys.byteorder != "little":
            raise TerminologyError("Term indexes need a little-endian machine. Use another one.")
        try:
            with path.open("rb") as stream:
                self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise TerminologyError(f"{path} is empty. Build it again.") from error
        except OSError as error:
            raise TerminologyError(
                f"Cannot read {path}: {error.strerror or error}. Name another file."
            ) from error
        self._view = memoryview(self._map)
        header = self._header()
        try:
            self.about = About(**header["about"])
            self._places: Mapping[str, Mapping[str, Any]] = dict(header["arrays"])
        except (KeyError, TypeError, ValueError) as error:
            raise self.damaged("its header lacks something") from error

    def _header(self) -> Mapping[str, Any]:
        path, size = self.path, len(self._view)
        if size < _START.size or bytes(self._view[: len(MAGIC)]) != MAGIC:
            raise TerminologyError(f"{path} is no term index. Name another file.")
        _, version, length, checksum = _START.unpack_from(self._view)
        if version != FORMAT:
            age = "an older" if version < FORMAT else "a newer"
            raise TerminologyError(
                f"{path} is a term index of {age} format ({version}, not {FORMAT}). Build it again."
            )
        content = bytes(self._view[_START.size : _START.size + length]) if length <= _LARGEST_HEADER else b""
        if len(content) != length or zlib.crc32(content) != checksum:
            raise self.damaged("its header is not as it was written")
        header: dict[str, Any] = json.loads(content)
        self._body = _aligned(_START.size + length)
        if size != self._body + header["size"]:
            raise self.damaged(f"it has {size} bytes, not {self._body + header['size']}")
        return header

    def damaged(self, reason: str) -> TerminologyError:
        """Return the error that says so."""
        return TerminologyError(f"{self.path} is damaged: {reason}. Build it again.")

    def _bytes(self, name: str) -> memoryview:
        place = self._places[name]
        start = self._body + place["at"]
        return self._view[start : start + place["bytes"]]

    def ints(self, name: str) -> "memoryview[int]":
        """Return an array of u4 for reading single numbers."""
        return self._bytes(name).cast("I")

    def vector(self, name: str) -> Array:
        """Return an array for arithmetic, shape (n,), read-only."""
        return np.frombuffer(self._bytes(name), dtype=f"<{self._places[name]['type']}")

    def raw(self, name: str) -> memoryview:
        """Return an array of bytes."""
        return self._bytes(name)

    def verify(self) -> None:
        """Read everything and compare it with its checksums.

        Raises:
            TerminologyError: a byte is not as it was written.

        """
        for name, place in self._places.items():
            checksum, content = 0, self._bytes(name)
            for at in range(0, len(content), _BLOCK):
                checksum = zlib.crc32(content[at : at + _BLOCK], checksum)
            if checksum != place["crc"]:
                raise self.damaged(f'the array "{name}" is not as it was written')


def write(path: Path, about: About, arrays: Mapping[str, Array]) -> None:
    """Write a file whole or not at all.

    Args:
        path: the file; its folder is made.
        about: what it was made from.
        arrays: unsigned integers, each of shape (n,).

    Raises:
        TerminologyError: the folder or the disk does not take it.

    """
    places: dict[str, dict[str, int | str]] = {}
    at = 0
    for name, array in arrays.items():
        places[name] = {
            "at": at,
            "bytes": array.nbytes,
            "type": array.dtype.str.lstrip("<|"),
            "crc": zlib.crc32(np.ascontiguousarray(array).data.cast("B")) if array.size else 0,
        }
        at += _aligned(array.nbytes)
    data = {"about": asdict(about), "arrays": places, "size": at}
    header = json.dumps(data, separators=(",", ":")).encode()
    start = _aligned(_START.size + len(header))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(_START.pack(MAGIC, FORMAT, len(header), zlib.crc32(header)) + header)
                for name_of, array in arrays.items():
                    out.seek(start + int(places[name_of]["at"]))
                    out.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
                out.truncate(start + at)
                out.flush()
                os.fsync(out.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TerminologyError(
            f"Cannot write {path}: {reason}. Choose another folder or make room."
        ) from error


def _aligned(size: int) -> int:
    return -(-size // _ALIGN) * _ALIGN
