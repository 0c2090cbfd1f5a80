"""Words of the vocabulary that may have been said instead of what was written: proposed by spelling (pure).

A term is proposed for one unsure word, or for two or three that it may have been heard as (Danish writes
compounds in one). Nothing is decided here: `preferring` asks the sound, and `judging` decides.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dictate.transcriber.lexicon import Lexicon
from dictate.transcriber.spelling import Speller
from dictate.transcript import Word
from terminology.likeness import distance
from terminology.lookup.sound import strong

SURE = 0.8
"""Words that are right so probably are never touched."""
COMMON = -7.5
"""Log-probability of words so common that none of them alone is a misheard term: the 200 commonest."""
NEAR, NEAR_JOINED = 0.36, 0.32
"""Greatest distance of spelling for each letter, from one word and from several on end."""
_SHORTEST, _LONGEST, _MOST_WORDS = 5, 30, 3
_NEAREST = 3
"""Terms proposed for one stretch."""
_FAR = 2.0
"""A lead in distance above which more says nothing more."""
_RARE = -10.4
"""Natural-log probability of the 3,000th commonest word: commoner ones are no terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A term in place of words."""

    term: str
    place: int
    """Of the first word that it replaces."""
    count: int
    """How many words it replaces."""
    start: float
    """Of these words, in seconds from the start of the recording."""
    heard: str
    """Letters of them, as they were heard."""
    distance: float
    """Of spelling."""
    lead: float
    """How much nearer it is than the next term for the same words; negative where it is the farther one."""
    probability: float
    """Of the least sure word that it replaces."""
    is_corrected: bool
    """True where one of them was put right already."""
    is_known: bool
    """True where all of them are words of the language."""
    heard_log: float
    """How common the commonest of them is; natural log."""
    term_log: float
    """How common the term is; natural log."""
    terms: int
    """Size of the vocabulary."""


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
            if len(term) >= _SHORTEST and term.isalpha() and lexicon.log_probability(term) < _RARE
        )
        self._speller = Speller(self.terms)

    def proposals(self, words: Sequence[Word]) -> Iterator[Proposal]:
        """Propose terms for the unsure words of a text, in the order of the words."""
        written = [bare(word.text) for word in words]
        heard = [bare(word.alternatives[0]) if word.alternatives else bare(word.text) for word in words]
        for place in range(len(words)):
            for count in range(1, _MOST_WORDS + 1):
                end = place + count
                if end > len(words) or (count > 1 and not words[end - 2].text[-1:].isalnum()):
                    break
                if not written[end - 1].isalpha() or written[end - 1] in self.terms:
                    break
                yield from self._proposals(words[place:end], written[place:end], heard[place:end], place)

    def _proposals(
        self, words: Sequence[Word], written: Sequence[str], heard: Sequence[str], place: int
    ) -> Iterator[Proposal]:
        """Propose terms for all of `words` together."""
        count = len(words)
        probability = min(word.probability for word in words)
        likely = max(map(self._lexicon.log_probability, written))
        if probability >= SURE or (count == 1 and likely >= COMMON):
            return
        found: dict[str, float] = {}
        for letters in {"".join(heard), "".join(written)}:
            if _SHORTEST - 1 <= len(letters) <= _LONGEST and letters.isalpha():
                most = (NEAR if count == 1 else NEAR_JOINED) * len(letters)
                for term, distance in self._speller.near(letters, most):
                    found[term] = min(found.get(term, distance), distance)
        nearest = sorted(found.items(), key=lambda pair: (pair[1], pair[0]))[:_NEAREST]
        following = [second - first for (_, first), (_, second) in pairwise(nearest)]
        for rank, (term, distance) in enumerate(nearest):
            yield Proposal(
                term=term,
                place=place,
                count=count,
                start=words[0].start,
                heard="".join(heard),
                distance=distance,
                lead=nearest[0][1] - distance if rank else min([*following[:1], _FAR]),
                probability=probability,
                is_corrected=any(word.alternatives for word in words),
                is_known=all(map(self._lexicon.knows, heard)),
                heard_log=likely,
                term_log=self._lexicon.log_probability(term),
                terms=len(self.terms),
            )


def unlike(first: str, second: str) -> float:
    """How different two words sound, 0..1: letters of their keys of sound that differ."""
    one, other = strong(first), strong(second)
    return distance(one, other) / max(len(one), len(other), 1)


def bare(text: str) -> str:
    """Lower-case letters of a word without the punctuation around it."""
    low, high = 0, len(text)
    while low < high and not text[low].isalnum():
        low += 1
    while high > low and not text[high - 1].isalnum():
        high -= 1
    return text[low:high].casefold()
