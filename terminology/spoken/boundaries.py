"""Where one clause ends and the next begins in a dictation without punctuation.

Every gap between two pieces has a cost as a boundary: what ends there and what starts there. A clause costs
more for each predicate beyond the first that no conjunction carries. The cheapest way to cut is taken.
"""

from dataclasses import dataclass
from operator import itemgetter

from terminology.spoken import predicates
from terminology.spoken.clauses import Text
from terminology.spoken.endings import ending
from terminology.spoken.grammar import DENIALS, HEADINGS
from terminology.spoken.openings import NEVER, opening
from terminology.spoken.pieces import Kind
from terminology.spoken.predicates import Predicates

_LONGEST = 45
"""Pieces in the longest clause that is considered."""
_CUT = 1.0
_EXTRA_PREDICATE = 2.6
_NO_PREDICATE = 0.5
_ONLY_SUBORDINATE = 1.0
_NOMINAL_WITH_VERB = 1.2
_ONE_WORD = 1.2


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch without marks, with what its clauses cost."""

    text: Text
    start: int
    counted: Predicates

    def clause(self, first: int, last: int) -> float:
        """Return what the pieces from `first` up to `last` cost as one clause."""
        low, here, there = self.text.low(first), first - self.start, last - self.start
        listed = self.text.measurement(first) or low in DENIALS
        heading = here == 0 and last - first == 1 and low.endswith(HEADINGS)
        nominal = listed or heading or self.text.nominal(first) or self.text.drug(first)
        number = self.counted.all[there] - self.counted.all[here]
        free = self.counted.free[there] - self.counted.free[here]
        if number and self.counted.coordinated[here]:
            free += 1
        cost = _EXTRA_PREDICATE * max(0, free - 1)
        if not number:
            cost += 0.0 if nominal else _NO_PREDICATE
        elif not free:
            cost += 0.0 if nominal else _ONLY_SUBORDINATE
        elif listed or (nominal and self.counted.lexical[here]):
            cost += _NOMINAL_WITH_VERB
        if last - first == 1 and not heading:
            cost += _ONE_WORD
        return cost


def find(text: Text, start: int, end: int) -> list[int]:
    """Return the indices between `start` and `end` before which a new clause begins.

    Args:
        text: the text.
        start: index of the first piece of a stretch without marks.
        end: one past its last piece.

    """
    counted = predicates.count(text, start, end)
    stretch = _Stretch(text=text, start=start, counted=counted)
    costs = {at: _boundary(text, at) for at in range(start + 1, end) if not counted.waiting[at - start]}
    gaps = [start, *(at for at, cost in costs.items() if cost < NEVER), end]
    best: list[tuple[float, int]] = [(0.0, -1)]
    for here in range(1, len(gaps)):
        best.append(min(_ways(stretch, gaps, costs, best, here), key=itemgetter(0)))
    cuts: list[int] = []
    here = len(gaps) - 1
    while (here := best[here][1]) > 0:
        cuts.append(gaps[here])
    return cuts[::-1]


def _ways(
    stretch: _Stretch, gaps: list[int], costs: dict[int, float], best: list[tuple[float, int]], here: int
) -> list[tuple[float, int]]:
    """Return the cost of every way to end a clause at gap `here`, with the gap where that clause starts."""
    ways: list[tuple[float, int]] = []
    for back in range(here - 1, -1, -1):
        if ways and gaps[here] - gaps[back] > _LONGEST:
            break
        cut = _CUT + costs[gaps[back]] if back else 0.0
        ways.append((best[back][0] + cut + stretch.clause(gaps[back], gaps[here]), back))
    return ways


def _boundary(text: Text, at: int) -> float:
    """Return what a boundary before `at` costs."""
    if text.pieces[at].kind is not Kind.WORD:
        return NEVER
    cost = opening(text, at)
    return cost if cost >= NEVER else cost + ending(text, at, cost)
