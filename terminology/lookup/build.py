"""From rows of codes and designations to one file."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np

from terminology.errors import TerminologyError
from terminology.lookup.grams import compile_grams
from terminology.lookup.layout import About, Array, write
from terminology.lookup.lexicon import compile_lexicon
from terminology.lookup.sound import strong
from terminology.lookup.strings import compile_strings
from terminology.lookup.trie import compile_trie
from terminology.normalise import tokens

LONGEST_TERM = 500
"""Characters of a designation."""
MOST_WORDS = 32
"""Words of a designation that is looked for in notes; a longer one is only offered as a neighbour."""

Progress = Callable[[int], None]
"""Told how many rows were read."""
_STEP = 10_000


def build(
    rows: Iterable[tuple[str, str]], path: Path, *, release: str = "", progress: Progress | None = None
) -> About:
    """Compile rows of (code, designation) to a file that `Lookup.open` maps.

    A row that repeats is taken once. The same rows give the same bytes.

    Args:
        rows: codes with their designations, in the order in which equals are to be listed.
        path: the file; written whole or not at all.
        release: version or checksum of what the rows are from.
        progress: told now and then how many rows were read.

    Raises:
        TerminologyError: a row is empty, too long or no text (the message says which row), or the file cannot
            be written.

    """
    terms = _Terms()
    for number, (code, value) in enumerate(rows, start=1):
        terms.add(number, code, value)
        if progress and number % _STEP == 0:
            progress(number)
    about = About(release=release, terms=len(terms.values), codes=len(terms.codes), words=len(terms.words))
    write(path, about, terms.compile())
    return about


class _Terms:
    """What was read so far."""

    def __init__(self) -> None:
        self.values: dict[tuple[int, str], None] = {}
        self.codes: dict[str, int] = {}
        self.words: dict[str, int] = {}
        self._keys: list[str] = []
        self._sequence: list[int] = []
        self._ends = [0]

    def add(self, number: int, code: str, value: str) -> None:
        """Take a row.

        Raises:
            TerminologyError: it is empty, too long or no text.

        """
        if not code or len(value) > LONGEST_TERM or not (code + value).isprintable():
            raise TerminologyError(
                f"Row {number}: a term needs a code and 1 to {LONGEST_TERM} printable characters. Mend it."
            )
        words = tokens(value)
        if not words:
            raise TerminologyError(f'Row {number}: "{value}" has no word. Mend it.')
        known = (self.codes.setdefault(code, len(self.codes)), value)
        if known in self.values:
            return
        self.values[known] = None
        for word in words:
            place = self.words.setdefault(word.fold, len(self.words))
            if place == len(self._keys):
                self._keys.append(word.key)
            self._sequence.append(place)
        self._ends.append(len(self._sequence))

    def compile(self) -> dict[str, Array]:
        """Return all arrays of the file."""
        words = list(self.words)
        sequence = np.array(self._sequence, dtype="<u4")
        ends = np.array(self._ends, dtype="<u4")
        arrays: dict[str, Array] = {
            **compile_strings("code", list(self.codes)),
            **compile_strings("value", [value for _, value in self.values]),
            "value_code": np.array([code for code, _ in self.values], dtype="<u4"),
            "sequence": sequence,
            "sequence_at": ends,
            **compile_lexicon(words, self._keys),
        }
        short = np.diff(ends) <= MOST_WORDS
        taken = np.repeat(short, np.diff(ends))
        starts = np.concatenate(([0], np.cumsum(np.diff(ends)[short])))
        trie = dict(compile_trie(arrays["word_symbol"][sequence[taken]], starts))
        trie["trie_term"] = np.flatnonzero(short)[trie["trie_term"]].astype("<u4")
        arrays |= trie
        for name, written in (("letters", words), ("sounds", [strong(word) for word in words])):
            joined = (
                "".join([written[place] for place in self._sequence[start:end]])
                for start, end in pairwise(self._ends)
            )
            arrays |= compile_grams(name, joined)
        return arrays
