"""Words of the vocabulary heard as something else: proposed by spelling where the recogniser wrote no word.

A term replaces what is no word, what is a rare word spelled almost alike, or several words that it is written
with in one (Danish compounds). Common words are never touched, and other words of the language compete with
the terms, so that a vocabulary of any size leaves ordinary speech alone.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dictate.transcriber.lexicon import Lexicon
from dictate.transcriber.spelling import Speller

_SHARE = 0.3
"""Of all probability, shared by the terms: each is the less likely, the more there are."""
DISTANCE_WEIGHT = 5.0
"""Of spelling against commonness."""
NEAR_UNKNOWN, NEAR_RARE, NEAR_JOINED = 0.35, 0.12, 0.2
"""Greatest distance of spelling for each letter: of what is no word, of a word, of several words on end."""
COMMON = math.log(3e-5)
"""Words at least so common are what was said: the 3,000 commonest."""
_SHORTEST, _LONGEST, _MOST_WORDS = 5, 30, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A term in place of words."""

    term: str
    count: int
    """How many words it replaces."""
    distance: float
    gain: float
    """How much likelier it makes the text; natural log."""


class Bias:
    """Proposes terms of one vocabulary."""

    def __init__(self, terms: Iterable[str], lexicon: Lexicon) -> None:
        """Keep the single words of terms.

        Args:
            terms: words, lower case; common ones do no harm.
            lexicon: how common words are.

        """
        self._lexicon = lexicon
        self.terms = frozenset(
            term
            for term in terms
            if len(term) >= _SHORTEST and term.isalpha() and lexicon.log_probability(term) < COMMON
        )
        self._speller = Speller(self.terms)
        self.log_probability = math.log(_SHARE / max(1, len(self.terms)))
        """Of each term; natural log."""

    def best(self, words: Sequence[str], place: int) -> Proposal | None:
        """Find the term that was probably said from `place` on.

        Args:
            words: of a text, lower case, without punctuation.
            place: of the first word that the term replaces.

        """
        return max(self._proposals(words, place), key=lambda found: found.gain, default=None)

    def _proposals(self, words: Sequence[str], place: int) -> Iterator[Proposal]:
        for count in range(1, _MOST_WORDS + 1):
            heard = words[place : place + count]
            joined = "".join(heard)
            if len(heard) < count or len(joined) > _LONGEST:
                return
            if len(joined) < _SHORTEST or not all(word.isalpha() for word in heard):
                continue
            if count > 1 and joined in self.terms:
                near: tuple[tuple[str, float], ...] = ((joined, 0.0),)
            elif any(word in self.terms for word in heard):
                continue
            else:
                near = self._near(heard, joined)
            likely = sum(self._lexicon.log_probability(word) for word in heard)
            for term, distance in near:
                log = max(self.log_probability, self._lexicon.log_probability(term))
                gain = log - DISTANCE_WEIGHT * distance - likely
                if gain > 0:
                    yield Proposal(term=term, count=count, distance=distance, gain=gain)

    def _near(self, heard: Sequence[str], joined: str) -> tuple[tuple[str, float], ...]:
        unknown = not all(self._lexicon.knows(word) for word in heard)
        if len(heard) > 1:
            # "hun visker" is no term: the common word stands, and only the other one is in doubt.
            doubtful = unknown and all(self._lexicon.log_probability(word) < COMMON for word in heard)
            return self._speller.near(joined, NEAR_JOINED * len(joined)) if doubtful else ()
        if unknown:
            return self._speller.near(joined, NEAR_UNKNOWN * len(joined))
        if self._lexicon.log_probability(joined) >= COMMON:
            return ()
        return self._speller.near(joined, NEAR_RARE * len(joined))
