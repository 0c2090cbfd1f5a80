"""Many strings as one array of bytes and the places where each ends."""

from collections.abc import Mapping, Sequence

import numpy as np

from terminology.lookup.layout import Array, Arrays


def compile_strings(name: str, strings: Sequence[str]) -> Mapping[str, Array]:
    """Return the two arrays of a list of strings."""
    encoded = [one.encode("utf-8", "surrogatepass") for one in strings]
    ends = np.zeros(len(encoded) + 1, dtype="<u4")
    np.cumsum([len(one) for one in encoded], out=ends[1:])
    return {f"{name}_at": ends, f"{name}_text": np.frombuffer(b"".join(encoded), dtype=np.uint8)}


class Strings:
    """A compiled list of strings, open."""

    __slots__ = ("_at", "_text")

    def __init__(self, arrays: Arrays, name: str) -> None:
        """Take the list of that name."""
        self._at = arrays.ints(f"{name}_at")
        self._text = arrays.raw(f"{name}_text")

    def __len__(self) -> int:
        """Return how many strings there are."""
        return len(self._at) - 1

    def __getitem__(self, number: int) -> str:
        """Return one string."""
        return bytes(self._text[self._at[number] : self._at[number + 1]]).decode("utf-8", "surrogatepass")
