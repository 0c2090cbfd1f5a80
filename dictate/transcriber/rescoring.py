"""Which of several hypotheses is written, and misheard words put right by spelling (pure).

Each hypothesis is put right first: what is no Danish word becomes the likeliest word spelled nearly so. Then
the one is taken that differs least from all others, each weighed by what the recogniser and a word list think
of it (minimum Bayes risk). The figures were fitted on 112 clips, crosswise.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dictate.transcriber.lexicon import Lexicon
from dictate.transcriber.spelling import Speller
from terminology.likeness import distance

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


class Rescorer:
    """Chooses among hypotheses in one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Keep the words of the language."""
        self._lexicon = lexicon
        self._speller = Speller(lexicon.words)

    def choose(self, candidates: Sequence[Candidate]) -> int:
        """Choose one of at least one candidate.

        Returns:
            Its index.

        """
        righted = [self._righted(one.text.split()) for one in candidates]
        folded = [tuple(_WORD.findall(" ".join(readings).casefold())) for readings, _ in righted]
        scores = [
            one.log_probability
            - distance
            + sum(WORD_LIST_WEIGHT * self._lexicon.log_probability(word) + WORD_BONUS for word in words)
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
        return all(self._lexicon.knows(word) for word in _WORD.findall(text.casefold()))

    def righted(self, words: Sequence[str]) -> tuple[str, ...]:
        """Put each word of a text right, its punctuation kept."""
        return self._righted(words)[0]

    def _righted(self, heard: Sequence[str]) -> tuple[tuple[str, ...], float]:
        """Put words right; also returns how far that is from what was heard."""
        readings: list[str] = []
        total = 0.0
        for place, word in enumerate(heard):
            bare = _bare(word)
            better = self._better(bare, first=not place)
            if better:
                total += better[1]
                readings.append(word.replace(bare, better[0], 1))
            else:
                readings.append(word)
        return tuple(readings), total

    def _better(self, word: str, *, first: bool) -> tuple[str, float] | None:
        """Find the word that was probably said instead of what is no word, and how far it is from it."""
        folded = word.casefold()
        # A capital inside a text is a name, and names are in no word list.
        is_name = word[:1].isupper() and not first
        if is_name or len(word) < _SHORTEST or self._lexicon.knows(folded):
            return None
        found = max(
            self._speller.near(folded, NEAREST * len(folded)),
            key=lambda near: self._lexicon.log_probability(near[0]) - DISTANCE_WEIGHT * near[1],
            default=None,
        )
        if not found:
            return None
        return found[0].capitalize() if word[0].isupper() else found[0], found[1]


def _bare(word: str) -> str:
    """A word without the punctuation around it; nothing where it is only punctuation."""
    found = _WORD.search(word)
    return found.group() if found else ""
