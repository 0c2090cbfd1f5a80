"""Which terms share letter pairs with a string, as written and as heard: the shortlist of `neighbours`.

Each term is written without spaces, so that compounds written apart stand beside those written together. A
term's likeness is Dice's: the pairs in common over the pairs of both.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, pairwise

import numpy as np

from terminology.lookup.layout import Array, Arrays

_LETTERS = "abcdefghijklmnopqrstuvwxyzæøåéüöä0123456789ŋ"
_BITS = 6
_GRAMS = 1 << 2 * _BITS
_OTHER = len(_LETTERS) + 1
_NUMBER_OF = {letter: number for number, letter in enumerate(_LETTERS, start=1)}
_MOST_PAIRS = 255
_BLOCK_BITS = 16
_BLOCK = 1 << _BLOCK_BITS
"""Strings that are worked on at a time."""


def compile_grams(name: str, strings: Iterable[str]) -> Mapping[str, Array]:
    """Return the arrays that `Grams` opens: for each letter pair the terms that hold it."""
    blocks: list[Array] = []
    counts: list[Array] = []
    sizes: list[Array] = []
    terms = 0
    strings = iter(strings)
    while block := list(islice(strings, _BLOCK)):
        packed = _pairs(block)
        term = packed & np.uint32(_BLOCK - 1)
        blocks.append(term + np.uint32(terms))
        counts.append(np.bincount(packed >> _BLOCK_BITS, minlength=_GRAMS))
        sizes.append(np.bincount(term, minlength=len(block)))
        terms += len(block)
    total = np.sum(counts, axis=0) if counts else np.zeros(_GRAMS, np.int64)
    first = np.concatenate(([0], np.cumsum(total)))
    found = np.zeros(first[-1], dtype="<u4")
    cursor = first[:-1].copy()
    for block_terms, count in zip(blocks, counts, strict=True):
        own = np.cumsum(count) - count  # where each pair starts in the block
        found[np.arange(len(block_terms)) + np.repeat(cursor - own, count)] = block_terms
        cursor += count
    return {
        f"{name}_first": first.astype("<u4"),
        f"{name}_term": found,
        f"{name}_size": np.minimum(np.concatenate(sizes or [np.zeros(0)]), _MOST_PAIRS).astype(np.uint8),
    }


def _pairs(strings: Sequence[str]) -> Array:
    """Return each letter pair of each string once, sorted, as pair and place of the string in one number."""
    codes = np.frombuffer(b"\0" + b"\0".join(map(_coded, strings)) + b"\0", dtype=np.uint8).astype(np.uint32)
    ends = np.flatnonzero(codes[1:] == 0) + 1
    string = np.repeat(np.arange(len(strings), dtype=np.uint32), np.diff(ends, prepend=0))
    pairs = codes[:-1] << np.uint32(_BITS) | codes[1:]
    packed: Array = np.sort(pairs << np.uint32(_BLOCK_BITS) | string)
    new: Array = np.diff(packed, prepend=np.uint32(0xFFFFFFFF)) != 0
    return packed[new]


class Grams:
    """Compiled letter pairs, open."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        """Take the pairs of that name."""
        self._first = arrays.ints(f"{name}_first")
        self._term = arrays.vector(f"{name}_term")
        self._size = arrays.vector(f"{name}_size")

    def alike(self, asked: str) -> Array:
        """Return each term's likeness to `asked`, float32 0..1, shape (terms,)."""
        codes = b"\0" + _coded(asked) + b"\0"
        pairs = sorted({one << _BITS | other for one, other in pairwise(codes)})
        lists = [self._term[self._first[pair] : self._first[pair + 1]] for pair in pairs]
        holders = np.concatenate(lists)
        if holders.max(initial=0) >= len(self._size):  # a damaged file must not fill the memory
            raise IndexError
        shared = np.bincount(holders, minlength=len(self._size)).astype(np.float32)
        return np.asarray(2 * shared / (self._size.astype(np.float32) + len(pairs)))


def _coded(text: str) -> bytes:
    return bytes([_NUMBER_OF.get(letter, _OTHER) for letter in text])
