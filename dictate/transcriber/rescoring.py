"""Which of several hypotheses is written, and misheard words put right by spelling (pure).

Each hypothesis is put right first: what is no Danish word becomes the likeliest word spelled nearly so. Then
the one is taken that differs least from all others, each weighed by what the recogniser and a word list think
of it (minimum Bayes risk). The figures were fitted on 112 clips, crosswise.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dictate.transcriber.biasing import Bias
from dictate.transcriber.lexicon import Lexicon
from dictate.transcriber.spelling import Speller

WORD_LIST_WEIGHT = 0.45
WORD_BONUS = 1.0
"""For each word, as a word list likes short texts too well."""
DISTANCE_WEIGHT = 5.0
"""Of spelling against commonness, when a word is chosen in place of what was heard."""
NEAREST = 0.2
"""Greatest distance of spelling for each letter."""
_SHORTEST = 4
"""Letters of a word that is put right: shorter ones have too many neighbours."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A hypothesis."""

    text: str
    log_probability: float
    """Of the whole text, as the recogniser has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A word as it is written, and how many heard words it stands for."""

    text: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Better:
    """A word of the language in place of what is none."""

    text: str
    distance: float
    gain: float
    """How much likelier it makes the text; natural log."""


class Rescorer:
    """Chooses among hypotheses in one language."""

    def __init__(self, lexicon: Lexicon, bias: Bias | None = None) -> None:
        """Keep the words of the language.

        Args:
            lexicon: its words.
            bias: the vocabulary in use, whose terms are likelier than elsewhere.

        """
        self._lexicon = lexicon
        self._bias = bias
        self._speller = Speller(lexicon.words)

    def with_terms(self, terms: Iterable[str]) -> "Rescorer":
        """Return one that also knows and prefers the words of a vocabulary."""
        return Rescorer(self._lexicon, Bias(terms, self._lexicon))

    def choose(self, candidates: Sequence[Candidate]) -> int:
        """Choose one of at least one candidate.

        Returns:
            Its index.

        """
        righted = [self._righted(one.text.split()) for one in candidates]
        folded = [
            tuple(_WORD.findall(" ".join(reading.text for reading in readings).casefold()))
            for readings, _ in righted
        ]
        scores = [
            one.log_probability
            - distance
            + sum(WORD_LIST_WEIGHT * self._log_probability(word) + WORD_BONUS for word in words)
            for one, (_, distance), words in zip(candidates, righted, folded, strict=True)
        ]
        best = max(scores)
        weights = [math.exp(score - best) for score in scores]
        # Hypotheses that say the same are judged once.
        shares: dict[tuple[str, ...], float] = {}
        for words, weight in zip(folded, weights, strict=True):
            shares[words] = shares.get(words, 0.0) + weight
        risks = {
            words: sum(share * distance(words, other) for other, share in shares.items() if other != words)
            for words in shares
        }
        return min(range(len(candidates)), key=lambda place: (risks[folded[place]], -scores[place]))

    def knows(self, text: str) -> bool:
        """Tell whether all words in a text, with punctuation or without, are words of the language."""
        return all(
            self._lexicon.knows(word) or (self._bias is not None and word in self._bias.terms)
            for word in _WORD.findall(text.casefold())
        )

    def righted(self, words: Sequence[str]) -> tuple[Reading, ...]:
        """Put the words of a text right, their punctuation kept; each given word is in one reading."""
        return self._righted(words)[0]

    def _log_probability(self, word: str) -> float:
        known = self._lexicon.log_probability(word)
        return max(known, self._bias.log_probability) if self._bias and word in self._bias.terms else known

    def _righted(self, heard: Sequence[str]) -> tuple[tuple[Reading, ...], float]:
        """Put words right; also returns how far that is from what was heard."""
        bare = [_bare(word) for word in heard]
        folded = [word.casefold() for word in bare]
        readings: list[Reading] = []
        total, place = 0.0, 0
        while place < len(heard):
            better = self._better(bare[place], first=not place)
            term = self._bias.best(folded, place) if self._bias else None
            if term and not (better and term.count == 1 and better.gain > term.gain):
                last = place + term.count - 1
                before, after = heard[place].partition(bare[place])[0], heard[last].rpartition(bare[last])[2]
                text = term.term.capitalize() if bare[place][0].isupper() else term.term
                readings.append(Reading(text=before + text + after, count=term.count))
                total += term.distance
                place += term.count
                continue
            if better:
                total += better.distance
                readings.append(Reading(text=heard[place].replace(bare[place], better.text, 1)))
            else:
                readings.append(Reading(text=heard[place]))
            place += 1
        return tuple(readings), total

    def _better(self, word: str, *, first: bool) -> _Better | None:
        """Find the word that was probably said instead of what is no word."""
        folded = word.casefold()
        # A capital inside a text is a name, and names are in no word list.
        is_name = word[:1].isupper() and not first
        if is_name or len(word) < _SHORTEST or self._lexicon.knows(folded):
            return None
        if self._bias and folded in self._bias.terms:
            return None

        def likely(found: tuple[str, float]) -> float:
            return self._lexicon.log_probability(found[0]) - DISTANCE_WEIGHT * found[1]

        found = max(self._speller.near(folded, NEAREST * len(folded)), key=likely, default=None)
        if not found:
            return None
        return _Better(
            text=found[0].capitalize() if word[0].isupper() else found[0],
            distance=found[1],
            gain=likely(found) - self._lexicon.log_probability(folded),
        )


def _bare(word: str) -> str:
    """A word without the punctuation around it; nothing where it is only punctuation."""
    found = _WORD.search(word)
    return found.group() if found else ""


def distance(first: Sequence[str], second: Sequence[str]) -> int:
    """Count the words that differ (Levenshtein)."""
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    first, second = first[start : len(first) - end], second[start : len(second) - end]
    row = list(range(len(second) + 1))
    for place, word in enumerate(first, start=1):
        above, row = row, [place]
        for other, candidate in enumerate(second, start=1):
            row.append(min(above[other] + 1, row[-1] + 1, above[other - 1] + (word != candidate)))
    return row[-1]
