"""Frequent phrases that no line of the vocabulary finds: what it does not know yet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from terminology.index import COMMON
from terminology.maintain.documents import Document
from terminology.maintain.scrub import capitals, is_personal, without_addresses
from terminology.maintain.trial import Trial
from terminology.maintain.vocabulary_lint import everyday_words
from terminology.normalise import Break, Token, tokens

LONGEST = 5
"""Words of a phrase."""
SHORTEST_WORD = 4
"""Letters of a phrase of one word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that were said in several places."""

    text: str
    documents: int
    """Records that hold it."""
    count: int
    codes: tuple[tuple[str, int], ...] = ()
    """Codes that people gave what holds it, the most frequent first."""


def frequent(
    documents: Iterable[Document], trial: Trial, *, least: int, longest: int = LONGEST
) -> tuple[Phrase, ...]:
    """Return the phrases that at least `least` records hold, the most frequent first.

    A phrase that stands only within a longer one of the same number of records is left out.
    """
    read = [(document, tokens(without_addresses(document.text))) for document in documents]
    known = capitals(words for _, words in read)
    holders: dict[tuple[str, ...], set[str]] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    codes: dict[tuple[str, ...], Counter[str]] = {}
    for document, words in read:
        covered = {at for hit in trial.find_in(words) for at in hit.tokens}
        stops = [at in covered or is_personal(words, at, known) for at in range(len(words))]
        for phrase in _phrases(words, stops, longest):
            counts[phrase] += 1
            holders.setdefault(phrase, set()).add(document.id)
            if document.code:
                codes.setdefault(phrase, Counter())[document.code] += 1
    kept = {phrase: len(found) for phrase, found in holders.items() if len(found) >= least}
    parts = {(part, found) for phrase, found in kept.items() for part in _parts(phrase)}
    return tuple(
        Phrase(
            text=" ".join(phrase),
            documents=found,
            count=counts[phrase],
            codes=tuple(codes.get(phrase, Counter()).most_common(3)),
        )
        for phrase, found in sorted(kept.items(), key=lambda one: (-one[1], -len(one[0]), one[0]))
        if (phrase, found) not in parts
    )


def _phrases(words: Sequence[Token], stops: Sequence[bool], longest: int) -> Iterator[tuple[str, ...]]:
    """Yield every phrase that ends at neither a common word nor anything that stops it."""
    for start, token in enumerate(words):
        if stops[start] or token.fold in COMMON:
            continue
        phrase: list[str] = []
        for at in range(start, min(start + longest, len(words))):
            if stops[at] or (at > start and words[at].before is not Break.NONE):
                break
            phrase.append(words[at].fold)
            if words[at].fold not in COMMON and not _is_trivial(phrase):
                yield tuple(phrase)


def _is_trivial(phrase: Sequence[str]) -> bool:
    """Tell whether one word alone says too little."""
    return len(phrase) == 1 and (len(phrase[0]) < SHORTEST_WORD or phrase[0] in everyday_words())


def _parts(phrase: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the phrases within a phrase."""
    for length in range(1, len(phrase)):
        for at in range(len(phrase) - length + 1):
            yield phrase[at : at + length]
