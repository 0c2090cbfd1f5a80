"""What the learned stage says of a note: which wordings it doubts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from terminology.learned.model import Model, Scores
from terminology.normalise import Token

DOUBT = 4.0
"""A concept so far behind the likeliest one is dropped: on sentences that the model had not seen this dropped
one right wording in thirty and one wrong one in three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The learned stage for one note."""

    model: Model
    words: Sequence[Token]
    stretches: Sequence[int]
    """For each word the number of its stretch."""
    _known: dict[int, Scores] = field(default_factory=dict)

    def doubts(self, code: str, places: frozenset[int]) -> bool:
        """Tell whether all stretches that a wording touches speak against its concept."""
        if min(self._scores(self.stretches[at]).doubt(code) for at in places) < DOUBT:
            return False
        # A long sentence is about more than the wording: alone it may speak for its concept plainly.
        low, high = max(0, min(places) - 1), max(places) + 2
        return self.model.scores(self.words[low:high]).doubt(code) > 0

    def _scores(self, stretch: int) -> Scores:
        if stretch not in self._known:
            words = [word for word, at in zip(self.words, self.stretches, strict=True) if at == stretch]
            self._known[stretch] = self.model.scores(words)
        return self._known[stretch]
