"""What everybody who reads measurements of one note needs: its words, the names in it, its numbers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from terminology.cues import Span
from terminology.normalise import Break, Token
from terminology.observation import Observation
from terminology.scope import Scope

LABEL = "label."
"""Before the key of an observation: the cue that names it."""
WORD = "value."
"""Before the section of a cue that stands around values."""
PRESSURE = "blood_pressure"
"""The name of both blood pressures together."""
AFTER = 24
"""Characters after a number in which its unit stands."""
_STIX = "stix"
_STIX_BEFORE, _STIX_AFTER = 6, 25
"""Words before and after "stix" within which its fields are named."""
_CUE_REACH = 3
"""Words between a cue of time or habit and its value."""
_MARKS = re.compile(r"[\s:=.–-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A value measured at this visit."""

    observation: Observation
    value: float | str
    """In the observation's unit; an ordinal as "neg", "pos" or "1+" to "4+"."""
    start: int
    """First character of the evidence."""
    end: int
    """One past the last character."""
    plausible: bool


@dataclass(frozen=True, slots=True)
class Label:
    """The name of an observation in the note."""

    key: str
    low: int
    """First token."""
    high: int
    """One past the last token."""


class Board:
    """One note, with the names of measurements and the numbers that are taken already."""

    def __init__(self, text: str, scope: Scope, observations: Mapping[str, Observation]) -> None:
        """Find the names."""
        self.text = text
        self.scope = scope
        self.words: Sequence[Token] = scope.words
        self.observations = observations
        self.between = scope.cues.tokens(f"{WORD}between")
        self.used: set[int] = set()
        """Tokens that are part of some measurement's value."""
        self.labels = sorted(
            (
                Label(key, low, high)
                for key in (*observations, PRESSURE)
                for low, high in scope.cues.spans(f"{LABEL}{key}")
            ),
            key=lambda label: (label.low, -label.high, label.key),
        )
        self.label_tokens = frozenset(at for label in self.labels for at in range(label.low, label.high))
        self.stix = self._stix()
        """Tokens that stand in a list of urine stick fields."""

    def number(self, at: int) -> float | None:
        """Return the number at token `at`, if there is one that nobody has taken."""
        if at >= len(self.words) or not self.words[at].is_number or at in self.used:
            return None
        try:
            return float(self.words[at].fold.replace(".", "").replace(",", "."))
        except ValueError:
            return None

    def after(self, at: int) -> str:
        """Return the text right after token `at`."""
        return self.text[self.words[at].end : self.words[at].end + AFTER]

    def marks_only(self, at: int) -> bool:
        """Tell whether only marks such as ":" stand between token `at` and the token before it."""
        return bool(_MARKS.fullmatch(self.text[self.words[at - 1].end : self.words[at].start]))

    def made(self, key: str, value: float | str, start: int, end: int) -> Measurement:
        """Return the measurement of `key` with its evidence from character `start` to `end`."""
        observation = self.observations[key]
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        plausible = isinstance(value, str) or observation.is_plausible(float(value))
        return Measurement(observation=observation, value=value, start=start, end=end, plausible=plausible)

    def touches(self, cue: Span, start: int, at: int, last: int) -> bool:
        """Tell whether a cue of time, habit or aim belongs to a value.

        Args:
            cue: its tokens.
            start: first token of the measurement, name included.
            at: first token of the value.
            last: last token of the value.

        """
        low, high = cue
        if low <= at < high:
            return True
        if self._has_number(low, high):
            return False  # the cue has a value of its own: "faldet fra 74 til 71,5"
        if self.scope.sentence(low) != self.scope.sentence(at):
            return False
        if high <= at:
            near = high > start or (start - high <= _CUE_REACH and not self._parted(high, start))
            stopped = any(self.words[here].before >= Break.COLON for here in range(high, at + 1))
            return near and not stopped and not self._has_number(high, at)
        # Right after it: "72 kg sidste uge", "7,2 i går".
        near = low - last <= _CUE_REACH and not self.scope.paused(last + 1, low + 1)
        return near and not self._has_number(last + 1, low + 1)

    def _parted(self, high: int, start: int) -> bool:
        """Tell whether a new statement parts a cue from what follows: "på siden sidst og vejer 71"."""
        joined = any(self.words[here].fold in {"og", "men"} for here in range(high, start))
        return joined or self.scope.paused(high, start + 1)

    def _has_number(self, low: int, high: int) -> bool:
        return any(self.words[here].is_number for here in range(low, high))

    def _stix(self) -> frozenset[int]:
        covered: set[int] = set()
        for low, high in self.scope.cues.spans(f"{LABEL}{_STIX}"):
            sentence = self.scope.sentence(low)
            for at in range(max(0, low - _STIX_BEFORE), min(high + _STIX_AFTER, len(self.words))):
                if self.scope.sentence(at) - sentence in {0, 1}:
                    covered.add(at)
        return frozenset(covered)
