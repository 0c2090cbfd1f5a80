"""Words spelled nearly like one that is none (pure)."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_SHORTEST = 3
_DELETED, _DELETED_EASILY, _AT_EDGE = 0.8, 0.4, 0.9
_VOWELS = "aeiouyæøå"
_ALIKE = ("dt", "gk", "bp", "vf", "sz", "ckq", "mn", "iey", "eæ", "æa", "øy", "øe", "oå", "ou", "aå", "øå")
"""Letters that sound much alike."""
_OFTEN_SILENT = "hd"
_REACH = 2
"""Letters more or less that a near word has at most."""
_BITS = 3.0
"""Different letters for each point of distance."""
_SIEVE = 2
"""Letters compared between two looks at which words are too far already."""


def _costs() -> NDArray[np.float32]:
    """Cost of taking one letter for another, by code point; 1 where nothing says otherwise."""
    size = 256
    costs = np.ones((size, size), dtype=np.float32)
    vowels = [ord(letter) for letter in _VOWELS]
    costs[np.ix_(vowels, vowels)] = 0.7
    for group in _ALIKE:
        letters = [ord(letter) for letter in group]
        costs[np.ix_(letters, letters)] = 0.5
    np.fill_diagonal(costs, 0)
    return costs


_COST = _costs()
_IS_OFTEN_SILENT = np.isin(np.arange(len(_COST)), [ord(letter) for letter in _OFTEN_SILENT])


class Speller:
    """Finds the known words near to another."""

    def __init__(self, words: Iterable[str]) -> None:
        """Arrange words by their length.

        Args:
            words: lower case; those with other than Latin letters are left out.

        """
        by_length: dict[int, list[str]] = {}
        for word in words:
            if len(word) >= _SHORTEST and word.isalpha() and all(ord(letter) < len(_COST) for letter in word):
                by_length.setdefault(len(word), []).append(word)
        self._words = by_length
        self._letters = {
            length: np.frombuffer("".join(group).encode("latin-1"), dtype=np.uint8).reshape(-1, length)
            for length, group in by_length.items()
        }
        self._signs = {length: _signs(letters) for length, letters in self._letters.items()}
        self.near = lru_cache(maxsize=4096)(self._near)

    def _near(self, word: str, most: float) -> tuple[tuple[str, float], ...]:
        """Find words within a distance.

        Args:
            word: lower case.
            most: greatest distance; a letter taken for another costs at most 1, one that sounds alike less.

        Returns:
            Words and their distances.

        """
        if any(ord(letter) >= len(_COST) for letter in word):
            return ()
        heard = np.frombuffer(word.encode("latin-1"), dtype=np.uint8)
        found: list[tuple[str, float]] = []
        signs = _signs(heard[np.newaxis])[0]
        for length in range(max(_SHORTEST, len(word) - _REACH), len(word) + _REACH + 1):
            if length not in self._letters:
                continue
            # Words of quite other letters can't be near; comparing sets of letters is quick.
            likely = np.flatnonzero(np.bitwise_count(self._signs[length] ^ signs) <= _BITS * most)
            places, distances = _distances(heard, self._letters[length][likely], most)
            found += [
                (self._words[length][likely[place]], distance)
                for place, distance in zip(places.tolist(), distances.tolist(), strict=True)
            ]
        return tuple(found)


def _distances(
    heard: NDArray[np.uint8], words: NDArray[np.uint8], most: float
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Find the words within a weighted edit distance of one word, among many of one length.

    Returns:
        Rows of `words`, and their distances.

    """
    places = np.arange(len(words))
    count, length = words.shape
    row = [np.full(count, _AT_EDGE * place, dtype=np.float32) for place in range(length + 1)]
    inserted = [_change_cost(words, place) for place in range(length)]
    deleted = [_change_cost(heard[np.newaxis], place) for place in range(len(heard))]
    for place, letter in enumerate(heard.tolist()):
        above, row = row, [np.full(count, _AT_EDGE * (place + 1), dtype=np.float32)]
        for other in range(length):
            best = above[other] + _COST[letter, words[:, other]]
            np.minimum(best, above[other + 1] + deleted[place], out=best)
            np.minimum(best, row[other] + inserted[other], out=best)
            row.append(best)
        # No later letter makes it nearer: what is too far already is left out, now and then.
        if place % _SIEVE == _SIEVE - 1:
            near = np.flatnonzero(np.minimum.reduce(row) <= most)
            places, words, count = places[near], words[near], len(near)
            row = [column[near] for column in row]
            inserted = [cost[near] for cost in inserted]
    near = np.flatnonzero(row[-1] <= most)
    return places[near], row[-1][near]


def _signs(words: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Set of the letters of each word, one bit for a letter or two that share it, shape (len(words),)."""
    bits: NDArray[np.uint64] = np.bitwise_or.reduce(np.uint64(1) << (words % 64).astype(np.uint64), axis=1)
    return bits


def _change_cost(words: NDArray[np.uint8], place: int) -> NDArray[np.float32]:
    """Cost of a letter too much: little where it doubles its neighbour or is often silent."""
    letters = words[:, place]
    easily = _IS_OFTEN_SILENT[letters]
    if place:
        easily = easily | (letters == words[:, place - 1])
    return np.where(easily, _DELETED_EASILY, _DELETED).astype(np.float32)
