"""Wordings that only an adverb parts: "har stadig ondt", "er ikke længere forpustet".

A note is read once more without the adverbs that may stand anywhere in a clause. The adverb is no part of the
hit, so that a denial still counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from terminology.index import Hit, Index, NoteLattice, runs
from terminology.normalise import Break, Token
from terminology.spoken.words import words as words_of

_FLOATERS = words_of(
    """
    ikke ej aldrig stadig stadigvæk fortsat også nu igen dog desværre jo lige ofte tit altid meget lidt
    ret rigtig så sådan virkelig næsten helt endnu måske vist tydeligt periodevis konstant indimellem
    heldigvis heller længere særligt især generelt efterhånden snart
    """
)
"""Adverbs that may stand anywhere in a clause."""
_FLOATING_PAIRS = frozenset(
    (first, second)
    for first, seconds in {
        "i": ("dag", "nat", "aften", "morges", "går", "formiddag", "eftermiddag"),
        "for": ("tiden",),
        "lige": ("nu",),
        "nogle": ("gange",),
        "af": ("og",),
        "en": ("del", "smule"),
        "hele": ("tiden",),
        "til": ("tider",),
    }.items()
    for second in seconds
)


def find(
    index: Index, words: Sequence[Token], stretches: Sequence[int], known: Sequence[Hit]
) -> Iterator[Hit]:
    """Yield the hits that span an adverb.

    Args:
        index: the vocabulary.
        words: the tokens of the note.
        stretches: for each token the stretch it stands in.
        known: the hits that were found with the adverbs.

    """
    loose = _floating(words)
    touched = {stretches[at] for at in loose}
    kept = [at for at in range(len(words)) if at not in loose and stretches[at] in touched]
    if not kept:
        return
    lattice = NoteLattice([_closed_up(words, at, loose) for at in kept], index.words)
    same = {(hit.row, hit.tokens) for hit in known}
    for hit in index.find(lattice, [stretches[at] for at in kept]):
        spans = tuple(span for low, high in hit.spans for span in runs(kept[low:high]))
        bridged = replace(hit, spans=spans)
        if len(spans) > len(hit.spans) and (hit.row, bridged.tokens) not in same:
            yield bridged


def _floating(words: Sequence[Token]) -> frozenset[int]:
    """Return the adverbs that may stand in the middle of a wording, but not those after a pause."""
    found = {at for at, token in enumerate(words) if token.fold in _FLOATERS}
    for at, (first, second) in enumerate(pairwise(words)):
        if (first.fold, second.fold) in _FLOATING_PAIRS and second.before is Break.NONE:
            found.update((at, at + 1))
    return frozenset(at for at in found if words[at].before is Break.NONE)


def _closed_up(words: Sequence[Token], at: int, loose: frozenset[int]) -> Token:
    """Return the token at `at` with the pauses of the adverbs that were left out before it."""
    before = words[at].before
    gap = at - 1
    while gap in loose:
        before = max(before, words[gap].before)
        gap -= 1
    return replace(words[at], before=before)
