"""Looking a term up by hand: whole words before beginnings, beginnings before insides, then near misses.

This is for people who type a few words; what a dictated sentence means is the matcher's work.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from terminology.concept import Concept, Status
from terminology.observation import Observation
from terminology.release import Release

OBSERVATION_AREA = "observation"
"""What stands for the area where a measurement is listed beside concepts."""

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e"})
_WORD = re.compile(r"[^\W_]+")
_ALIKE = 0.8  # ratio of difflib at which two words count as the same, misspelt


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that was found."""

    item: Concept | Observation
    term: str
    """The wording that was hit: the display or a synonym."""
    score: float
    """0..100; only good for ranking."""


def search(release: Release, words: str, *, area: str = "", retired: bool = True) -> tuple[Hit, ...]:
    """Find concepts and observations by code or by words, best first.

    Args:
        release: where to look.
        words: a code, an old short code, or words in any order; letters such as æ may be written ae.
        area: only this area; "observation" for measurements; "" for all.
        retired: whether retired concepts are listed too (after current ones of the same rank).

    """
    asked = fold(words)
    if not asked:
        return ()
    hits = []
    for item, terms, codes in _items(release):
        if area and area != area_of(item):
            continue
        if not retired and status_of(item) is Status.RETIRED:
            continue
        best = max(
            (Hit(item=item, term=term, score=_score(asked, fold(term))) for term in terms),
            key=lambda hit: hit.score,
        )
        if words.strip().casefold() in codes:
            best = Hit(item=item, term=terms[0], score=100)
        if best.score:
            hits.append(best)
    return tuple(sorted(hits, key=_rank))


def area_of(item: Concept | Observation) -> str:
    """Return the area of a concept, "observation" for a measurement."""
    return item.kind if isinstance(item, Concept) else OBSERVATION_AREA


def status_of(item: Concept | Observation) -> Status:
    """Return the status of a concept; measurements are all current."""
    return item.status if isinstance(item, Concept) else Status.CURRENT


def fold(text: str) -> tuple[str, ...]:
    """Return the words of a text, lower-case, with æ, ø, å written ae, oe, aa."""
    return tuple(_WORD.findall(text.casefold().translate(_LETTERS)))


def _items(release: Release) -> Iterable[tuple[Concept | Observation, Sequence[str], frozenset[str]]]:
    for concept in release.concepts:
        terms = [designation.value for designation in concept.designations]
        yield concept, terms, frozenset({concept.code, concept.short_code.casefold()})
    for observation in release.observations:
        names = [observation.name, observation.display, observation.key.replace("_", " ")]
        codes = (observation.code, observation.key, *observation.alternatives)
        yield observation, names, frozenset(code.casefold() for code in codes)


def _score(asked: Sequence[str], found: Sequence[str]) -> float:
    if tuple(asked) == tuple(found):
        return 95
    if all(word in found for word in asked):
        return 85
    if all(any(other.startswith(word) for other in found) for word in asked):
        return 75
    if all(any(word in other for other in found) for word in asked):
        return 65
    ratios = [max((_ratio(word, other) for other in found), default=0.0) for word in asked]
    return 60 * sum(ratios) / len(ratios) if min(ratios) >= _ALIKE else 0


def _ratio(word: str, other: str) -> float:
    if abs(len(word) - len(other)) > max(len(word), len(other)) / 3:
        return 0.0
    return difflib.SequenceMatcher(None, word, other, autojunk=False).ratio()


def _rank(hit: Hit) -> tuple[object, ...]:
    # A leaf comes before its group and a short term before a long one: that is what people look for.
    leafless = isinstance(hit.item, Concept) and not hit.item.leaf
    retired = status_of(hit.item) is Status.RETIRED
    return (-hit.score, retired, leafless, len(hit.term), hit.term, area_of(hit.item), hit.item.code)
