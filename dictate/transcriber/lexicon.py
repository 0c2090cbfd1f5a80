"""How common a Danish word is, and whether a word is one at all (pure, but for loading the word list)."""

import math
from collections.abc import Iterable, Mapping
from functools import cache

UNKNOWN = math.log(1e-8)
"""Log-probability of what is no known word."""
NUMBER = math.log(1e-4)
TERM = math.log(2e-6)
"""Log-probability of a word of the vocabulary that everyday Danish lacks."""
_PART = math.log(1.5e-6)
"""A part of a compound is at least so common."""
_LEAST_PART, _LEAST_LAST = 3, 4
"""Letters in the first and in the last part of a compound."""


class Lexicon:
    """Words with their natural-log probabilities."""

    def __init__(self, common: Mapping[str, float], terms: Iterable[str] = ()) -> None:
        """Keep words.

        Args:
            common: lower-case words and their natural-log probabilities.
            terms: lower-case words that are right in this domain, however rare in everyday language.

        """
        self.words: Mapping[str, float] = {**dict.fromkeys(terms, TERM), **common}
        self._parts = frozenset(word for word, log in self.words.items() if log > _PART and word.isalpha())
        self._seen: dict[str, bool] = {}

    def log_probability(self, word: str) -> float:
        """How common a lower-case word is; natural log."""
        return NUMBER if word.isdigit() else self.words.get(word, UNKNOWN)

    def knows(self, word: str) -> bool:
        """True for a word, a compound of words, and what holds other signs than letters."""
        if word in self.words or not word.isalpha():
            return True
        if word not in self._seen:
            self._seen[word] = self._is_compound(word)
        return self._seen[word]

    def _is_compound(self, word: str) -> bool:
        """Two words on end, with a joining s or e or without."""
        return any(
            word[cut:] in self._parts
            and (word[:cut] in self._parts or (word[cut - 1] in "se" and word[: cut - 1] in self._parts))
            for cut in range(_LEAST_PART, len(word) - _LEAST_LAST + 1)
        )


@cache
def danish() -> Lexicon:
    """Return the 29,000 commonest Danish words."""
    from wordfreq import get_frequency_dict  # noqa: PLC0415 - slow, and not needed for other languages

    # The list named "large" falls back to Norwegian for Danish.
    frequencies = get_frequency_dict("da", wordlist="best")
    return Lexicon({word: math.log(frequency) for word, frequency in frequencies.items()})
