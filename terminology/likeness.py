"""How alike two strings are. The only importer of RapidFuzz."""

from collections.abc import Hashable, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Levenshtein


def closest(asked: str, known: Sequence[str], *, cutoff: float) -> tuple[str, float] | None:
    """Return the one of `known` that is most like `asked` with its likeness 0..100, None below `cutoff`."""
    best = process.extractOne(asked, known, scorer=fuzz.ratio, score_cutoff=cutoff)
    return None if best is None else (best[0], float(best[1]))


def within(asked: str, known: Sequence[str], *, edits: int) -> list[tuple[int, int]]:
    """Return (place in `known`, edits) of those at most `edits` away; swapped letters count as one edit."""
    found = process.extract(asked, known, scorer=OSA.distance, score_cutoff=edits, limit=None)
    return sorted((place, int(distance)) for _, distance, place in found)


def ratio(one: str, other: str) -> float:
    """Return 0..1: the letters in common, in their order, counted in both, over the letters of both."""
    return fuzz.ratio(one, other) / 100


def distance(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """Return the edits from one sequence to the other: letters of strings, or whole words."""
    return int(Levenshtein.distance(one, other))


def alike(one: str, other: str) -> float:
    """Return 0..1: one less the edits for each letter of the longer string."""
    return float(Levenshtein.normalized_similarity(one, other))


def all_alike(asked: str, known: Sequence[str]) -> list[float]:
    """Return `alike` to each of `known`, in their order."""
    scorer = Levenshtein.normalized_similarity
    return [float(one) for _, one, _ in process.extract_iter(asked, known, scorer=scorer)]
