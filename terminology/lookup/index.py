"""An index of terms, open: which terms a text mentions, and which terms some words may have been meant as."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

import numpy as np

from terminology.concept import Method
from terminology.likeness import all_alike
from terminology.lookup.grams import Grams
from terminology.lookup.layout import About, Arrays
from terminology.lookup.lexicon import Lexicon
from terminology.lookup.mentions import EXACT_SCORE, resolve, score
from terminology.lookup.sound import strong, weak
from terminology.lookup.strings import Strings
from terminology.lookup.terms import LookupOptions, TermMatch, TermMention
from terminology.lookup.trie import Trie
from terminology.lookup.walk import Hit, Walker
from terminology.normalise import Token, tokens

By = Literal["spelling", "phonetic", "both"]

_SHORTLIST = 64
_WEIGHTS: dict[By, tuple[float, float, float]] = {
    "spelling": (1.0, 0.0, 0.0),
    "phonetic": (0.0, 0.5, 0.5),
    "both": (0.4, 0.35, 0.25),
}
"""What the likeness of letters, of the strong and of the weak key count."""
_LONGEST_SPAN = 200
_CACHED = 1 << 15


class Lookup:
    """Terms ready to be found. Any number of threads and processes may share the file."""

    def __init__(self, arrays: Arrays, options: LookupOptions) -> None:
        """Take an open file; `Lookup.open` is the door."""
        self.about: About = arrays.about
        self._arrays = arrays
        self._options = options
        self._codes = Strings(arrays, "code")
        self._values = Strings(arrays, "value")
        self._code_of = arrays.ints("value_code")
        self._sequence = arrays.ints("sequence")
        self._sequence_at = arrays.ints("sequence_at")
        self._lexicon = Lexicon(arrays)
        self._trie = Trie(arrays)
        self._walker = Walker(self._lexicon, self._trie, options)
        self._letters = Grams(arrays, "letters")
        self._sounds = Grams(arrays, "sounds")
        self._written = lru_cache(_CACHED)(self._written_of)

    @classmethod
    def open(cls, path: Path, *, options: LookupOptions | None = None) -> Self:
        """Map a file that `build` made; little of it is read.

        Raises:
            TerminologyError: it is missing, foreign, of another format or damaged.

        """
        arrays = Arrays(path)
        try:
            return cls(arrays, options or LookupOptions())
        except (KeyError, TypeError, ValueError) as error:
            raise arrays.damaged("its arrays are not those of a term index") from error

    def verify(self) -> None:
        """Read the whole file and compare it with its checksums.

        Raises:
            TerminologyError: a byte is not as it was written.

        """
        self._arrays.verify()

    def mentions(self, text: str) -> tuple[TermMention, ...]:
        """Find the terms in a text, from left to right; none overlap.

        Raises:
            TerminologyError: the file is damaged.

        """
        words = tokens(text)
        try:
            chosen = resolve(
                self._walker.hits(words),
                len(words),
                lambda hits: self._matches(hits, words),
                cutoff=self._options.cutoff,
            )
        except (ArithmeticError, LookupError, ValueError) as error:
            raise self._arrays.damaged("its arrays contradict each other") from error
        return tuple(
            TermMention(
                start=words[low].start,
                end=words[high - 1].end,
                text=text[words[low].start : words[high - 1].end],
                matches=matches,
            )
            for low, high, matches in chosen
        )

    def neighbours(self, span: str, limit: int = 10, by: By = "both") -> tuple[TermMatch, ...]:
        """Return the terms that `span` is most like, the most alike first.

        Args:
            span: some words as recognised, or as typed.
            limit: how many terms; a code may come with several.
            by: compare as written, as heard, or both.

        Raises:
            TerminologyError: the file is damaged.

        """
        folded = [word.fold for word in tokens(span[:_LONGEST_SPAN])]
        if not folded or not self.about.terms or limit < 1:
            return ()
        try:
            return tuple(self._neighbours(folded, limit, by))
        except (ArithmeticError, LookupError, ValueError) as error:
            raise self._arrays.damaged("its arrays contradict each other") from error

    def _neighbours(self, folded: Sequence[str], limit: int, by: By) -> Iterator[TermMatch]:
        asked = ("".join(folded), "".join(map(strong, folded)), "".join(map(weak, folded)))
        likeness = np.zeros(self.about.terms, dtype=np.float32)
        if by != "phonetic":
            likeness += self._letters.alike(asked[0])
        if by != "spelling":
            likeness += self._sounds.alike(asked[1])
        count = min(max(_SHORTLIST, 2 * limit), len(likeness))
        shortlist = np.sort(np.argpartition(-likeness, count - 1)[:count]).tolist()
        written = [self._written(term) for term in shortlist]
        totals = [0.0] * count
        for weight, one, others in zip(_WEIGHTS[by], asked, zip(*written, strict=True), strict=True):
            if weight:
                totals = [
                    sofar + weight * more for sofar, more in zip(totals, all_alike(one, others), strict=True)
                ]
        ranked = sorted(zip(totals, shortlist, strict=True), key=lambda pair: (-pair[0], pair[1]))
        for total, term in ranked[:limit]:
            same = self._written(term)[0] == asked[0]
            method = Method.EXACT if same else Method.PHONETIC if by == "phonetic" else Method.FUZZY
            yield self._match(term, EXACT_SCORE if same else 100 * total, method)

    def _written_of(self, term: int) -> tuple[str, str, str]:
        """Return a term without spaces: its letters, its strong and its weak key."""
        numbers = self._sequence[self._sequence_at[term] : self._sequence_at[term + 1]].tolist()
        lexicon = self._lexicon
        return (
            "".join([lexicon.words[number] for number in numbers]),
            "".join([lexicon.strong[number] for number in numbers]),
            "".join([lexicon.weak[number] for number in numbers]),
        )

    def _matches(self, hits: Sequence[Hit], words: Sequence[Token]) -> tuple[TermMatch, ...]:
        """Rank the terms of hits that share a stretch; each code once."""
        numbers = [self._lexicon.number(word.fold) for word in words[hits[0].start : hits[0].end]]
        found: list[tuple[float, float, int, Method]] = []
        for hit in hits:
            for term in self._trie.terms(hit.node):
                total, method = score(hit), hit.method
                if method is Method.LEMMA:
                    at = self._sequence_at[term]
                    if self._sequence[at : at + len(numbers)].tolist() == numbers:
                        total, method = EXACT_SCORE, Method.EXACT
                found.append((-total, hit.loss, term, method))
        found.sort()
        by_code: dict[int, TermMatch] = {}
        for total, _, term, method in found:
            if len(by_code) == self._options.alternatives:
                break
            by_code.setdefault(self._code_of[term], self._match(term, -total, method))
        return tuple(by_code.values())

    def _match(self, term: int, total: float, method: Method) -> TermMatch:
        return TermMatch(
            code=self._codes[self._code_of[term]],
            value=self._values[term],
            score=round(total, 1),
            method=method,
        )
