"""From stretches that may be terms to mentions that don't overlap."""

from collections.abc import Callable, Iterable, Sequence

from terminology.concept import Method
from terminology.lookup.terms import TermMatch
from terminology.lookup.walk import Hit

EXACT_SCORE = 100.0
LEMMA_SCORE = 97.0
_COMPOUND_BEST = 93.0
_ALTERED_BEST = 92.0
_SHORTEST_ALTERED = 5
_DOUBTFUL_PLAIN = 4
_DOUBTFUL_CUTOFF = 85.0
_LOSS_COUNTS = 1.5
"""Letters of a note that a letter which differs is worth, where mentions compete."""
_EACH_COSTS = 1.0
"""Letters that a mention more must be worth."""

Matches = tuple[TermMatch, ...]


def score(hit: Hit) -> float:
    """Return 0..100: how sure it is that a stretch is its terms."""
    whole = 100 * (1 - hit.loss / hit.length)
    match hit.method:
        case Method.LEMMA:
            return LEMMA_SCORE
        case Method.COMPOUND:
            return min(whole, _COMPOUND_BEST)
        case _:
            return min(whole, _ALTERED_BEST)


def is_sure(hit: Hit, *, cutoff: float) -> bool:
    """Tell whether a stretch is enough like its terms to be kept."""
    if hit.method in {Method.LEMMA, Method.COMPOUND}:
        return hit.plain > 0
    if hit.length < _SHORTEST_ALTERED or score(hit) < cutoff:
        return False
    # An everyday word stands for another one only beside a word that is as it should be.
    return not hit.doubtful or (hit.plain >= _DOUBTFUL_PLAIN and score(hit) >= _DOUBTFUL_CUTOFF)


def resolve(
    hits: Iterable[Hit], words: int, matches_of: Callable[[Sequence[Hit]], Matches], *, cutoff: float
) -> list[tuple[int, int, Matches]]:
    """Choose the stretches that together explain most of the note, and those that don't overlap.

    Args:
        hits: what was found.
        words: how many words the note has.
        matches_of: ranks the terms of hits that share a stretch.
        cutoff: score below which a stretch is no mention.

    Returns:
        First word, one past the last, and the ranked terms of each, from left to right.

    """
    stretches: dict[tuple[int, int], list[Hit]] = {}
    for hit in hits:
        if is_sure(hit, cutoff=cutoff):
            stretches.setdefault((hit.start, hit.end), []).append(hit)
    starting: dict[int, list[tuple[int, Matches, float]]] = {}
    for (start, end), found in sorted(stretches.items()):
        matches = matches_of(found)
        weight = max(hit.length - _LOSS_COUNTS * hit.loss for hit in found) - _EACH_COSTS
        starting.setdefault(start, []).append((end, matches, weight))
    best = [0.0] * (words + 1)
    taken: list[tuple[int, Matches] | None] = [None] * words
    for at in range(words - 1, -1, -1):
        best[at] = best[at + 1]
        for end, matches, weight in reversed(starting.get(at, ())):  # of equals the longest
            if weight + best[end] > best[at]:
                best[at], taken[at] = weight + best[end], (end, matches)
    chosen, at = [], 0
    while at < words:
        here = taken[at]
        if here is None:
            at += 1
        else:
            chosen.append((at, *here))
            at = here[0]
    return chosen
