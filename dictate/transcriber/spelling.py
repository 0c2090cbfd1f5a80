"""Words spelled nearly like one that is none (pure)."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_SHORTEST = 3
_CHANGED, _VOWEL_CHANGED, _ALIKE_CHANGED = 10, 7, 5
_DELETED, _DELETED_EASILY, _AT_EDGE = 8, 4, 9
"""Costs in tenths: they fit in bytes, of which the processor compares many at once."""
_UNIT = 10
_FAR = 180
"""All that is farther is as far as this: no byte runs over between two sieves."""
_VOWELS = "aeiouyæøå"
_ALIKE = ("dt", "gk", "bp", "vf", "sz", "ckq", "mn", "iey", "eæ", "æa", "øy", "øe", "oå", "ou", "aå", "øå")
"""Letters that sound much alike."""
_OFTEN_SILENT = "hd"
_REACH = 2
"""Letters more or less that a near word has at most."""
_BITS = 3.0
"""Different letters for each point of distance."""
_SIEVE = 5
"""Letters compared between two looks at which words are too far already."""

_LATIN = 256
"""Code points that fit in a byte."""

Letters = NDArray[np.uint8]


def _change_costs(letter: str) -> bytes:
    """Cost of taking a letter for each other one, by code point."""
    costs = bytearray([_CHANGED] * _LATIN)
    if letter in _VOWELS:
        for vowel in _VOWELS:
            costs[ord(vowel)] = _VOWEL_CHANGED
    for group in _ALIKE:
        if letter in group:
            for alike in group:
                costs[ord(alike)] = _ALIKE_CHANGED
    costs[ord(letter)] = 0
    return bytes(costs)


_COSTS = tuple(_change_costs(chr(code)) for code in range(_LATIN))


class Speller:
    """Finds the known words near to another."""

    def __init__(self, words: Iterable[str]) -> None:
        """Arrange words by their length.

        Args:
            words: lower case; those with other than Latin letters are left out.

        """
        self._words = sorted(
            (word for word in words if len(word) >= _SHORTEST and word.isalpha() and _is_latin(word)), key=len
        )
        self._lengths = np.array([len(word) for word in self._words], dtype=np.intp)
        longest = int(self._lengths[-1]) if self._words else 0
        padded = "".join(word.ljust(longest, "\0") for word in self._words).encode("latin-1")
        self._letters = np.frombuffer(padded, dtype=np.uint8).reshape(len(self._words), longest)
        """Shape (len(words), longest); 0 behind the last letter."""
        self._signs = _signs(self._letters)
        self.near = lru_cache(maxsize=4096)(self._near)

    def _near(self, word: str, most: float) -> tuple[tuple[str, float], ...]:
        """Find words within a distance.

        Args:
            word: lower case.
            most: greatest distance; a letter taken for another costs at most 1, one that sounds alike less.

        Returns:
            Words and their distances.

        """
        if not word or not _is_latin(word):
            return ()
        heard = np.frombuffer(word.encode("latin-1"), dtype=np.uint8)
        first, last = np.searchsorted(self._lengths, [len(word) - _REACH, len(word) + _REACH + 1])
        # Words of quite other letters can't be near; comparing sets of letters is quick.
        differing = np.bitwise_count(self._signs[first:last] ^ _signs(heard[np.newaxis])[0])
        likely = first + np.flatnonzero(differing <= _BITS * most)
        letters = np.ascontiguousarray(self._letters[likely, : len(word) + _REACH].T)
        places, distances = _distances(heard, letters, self._lengths[likely], most)
        return tuple(
            (self._words[place], distance)
            for place, distance in zip(likely[places].tolist(), distances.tolist(), strict=True)
        )


def _distances(
    heard: Letters, words: Letters, lengths: NDArray[np.intp], most: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Find the words within a weighted edit distance of one word.

    Args:
        heard: letters of the word, shape (m,).
        words: letters of the others, shape (longest, n).
        lengths: of the others, shape (n,).
        most: greatest distance.

    Returns:
        Columns of `words`, and their distances.

    """
    limit = min(int(most * _UNIT + 1e-6), _FAR - 1)
    places = np.arange(words.shape[1])
    edge = np.minimum(np.arange(len(words) + 1) * _AT_EDGE, _FAR).astype(np.uint8)
    row = np.repeat(edge[:, np.newaxis], len(places), axis=1)
    inserted = _deletion_costs(words)
    deleted = _deletion_costs(heard[:, np.newaxis])[:, 0]
    for place, letter in enumerate(heard.tolist()):
        above, row = row, np.empty_like(row)
        row[0] = min((place + 1) * _AT_EDGE, _FAR)
        changed = np.frombuffer(words.tobytes().translate(_COSTS[letter]), dtype=np.uint8).reshape(
            words.shape
        )
        np.minimum(above[:-1] + changed, above[1:] + deleted[place], out=row[1:])
        for before, after, cost in zip(row, row[1:], inserted, strict=False):
            np.minimum(after, before + cost, out=after)
        # No later letter makes it nearer: what is too far already is left out, now and then.
        if place % _SIEVE == _SIEVE - 1:
            near = np.flatnonzero(row.min(axis=0) <= limit)
            places, words, lengths = places[near], words[:, near], lengths[near]
            row, inserted = np.minimum(row[:, near], np.uint8(_FAR)), inserted[:, near]
    distances = row[lengths, np.arange(len(places))]
    near = np.flatnonzero(distances <= limit)
    return places[near], distances[near] / _UNIT


def _signs(words: Letters) -> NDArray[np.uint64]:
    """Set of the letters of each word, one bit for a letter or two that share it.

    Args:
        words: shape (n, longest); 0 is no letter.

    Returns:
        Shape (n,).

    """
    bits = np.where(words > 0, np.uint64(1) << (words % 64).astype(np.uint64), np.uint64(0))
    joined: NDArray[np.uint64] = np.bitwise_or.reduce(bits, axis=1)
    return joined


def _deletion_costs(words: Letters) -> Letters:
    """Cost of each letter too much: little where it doubles the one before or is often silent.

    Args:
        words: shape (longest, n).

    Returns:
        The same shape.

    """
    easily = np.zeros(words.shape, dtype=bool)
    for letter in _OFTEN_SILENT:
        easily |= words == ord(letter)
    easily[1:] |= words[1:] == words[:-1]
    return np.where(easily, np.uint8(_DELETED_EASILY), np.uint8(_DELETED))


def _is_latin(word: str) -> bool:
    return all(ord(letter) < _LATIN for letter in word)
