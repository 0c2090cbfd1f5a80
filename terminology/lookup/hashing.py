"""A map from strings to numbers as two sorted arrays: CRC-32 of the string, and the number.

A string may have several numbers, and two strings may share a CRC: whoever asks compares the strings.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

import numpy as np

from terminology.lookup.layout import Array, Arrays

_NONE: Sequence[int] = ()


def compile_map(name: str, pairs: Iterable[tuple[str, int]]) -> Mapping[str, Array]:
    """Return the two arrays of a map, sorted by CRC and number, pairs that repeat left out."""
    packed = np.fromiter((_crc(text) << 32 | number for text, number in pairs), dtype=np.uint64)
    packed = np.unique(packed)
    return {
        f"{name}_crc": (packed >> np.uint64(32)).astype("<u4"),
        f"{name}_number": (packed & np.uint64(0xFFFFFFFF)).astype("<u4"),
    }


class HashMap:
    """A compiled map, open."""

    __slots__ = ("_crcs", "_numbers", "_size", "_vector")

    def __init__(self, arrays: Arrays, name: str) -> None:
        """Take the map of that name."""
        self._crcs = arrays.ints(f"{name}_crc")
        self._numbers = arrays.ints(f"{name}_number")
        self._vector = arrays.vector(f"{name}_crc")
        self._size = len(self._crcs)

    def get(self, text: str) -> Sequence[int]:
        """Return the numbers of every string with the CRC of `text`, the least first."""
        wanted = crc32(text.encode("utf-8", "surrogatepass"))
        start = end = bisect_left(self._crcs, wanted)
        while end < self._size and self._crcs[end] == wanted:
            end += 1
        return self._numbers[start:end].tolist() if end > start else _NONE

    def holds(self, texts: Iterable[str]) -> list[bool]:
        """Tell for each string whether it may have numbers; where it has none the answer is seldom wrong."""
        wanted = np.array([_crc(text) for text in texts], dtype="<u4")
        if not self._size:
            return [False] * len(wanted)
        starts = np.minimum(self._vector.searchsorted(wanted), self._size - 1)
        found: list[bool] = (self._vector[starts] == wanted).tolist()
        return found

    def get_all(self, texts: Iterable[str]) -> set[int]:
        """Return the numbers of every string with the CRC of one of `texts`."""
        wanted = np.array([_crc(text) for text in texts], dtype="<u4")
        starts = self._vector.searchsorted(wanted)
        found: set[int] = set()
        for start, crc in zip(starts.tolist(), wanted.tolist(), strict=True):
            at = start
            while at < self._size and self._crcs[at] == crc:
                found.add(self._numbers[at])
                at += 1
        return found


def _crc(text: str) -> int:
    """Return the CRC-32 of a string; unpaired surrogates are allowed."""
    return crc32(text.encode("utf-8", "surrogatepass"))
