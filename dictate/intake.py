"""Which sound belongs to which dictation: pre-roll, pauses and the trailing grace (no threads).

The last 1.5 s are held in memory, so that a word said while the key was pressed is whole. Nothing of it is
kept unless a dictation begins.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from dictate.capture import SAMPLE_RATE, Sound

_OVERDUE_S = 1.0
"""A dictation that was stopped ends when the microphone has given nothing more for so long."""
_LONGEST_LAG_S = 5.0
"""So long after its grace it ends in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block of sound, when it was said and when it came: a busy computer delivers late."""

    samples: Sound
    said: float
    """Seconds of a steady clock at which its last sample was said, but for the delay that all blocks have."""
    arrived: float
    """The same clock, when it was delivered."""


class Take:
    """What one dictation takes of the sound; it may rest and go on."""

    def __init__(self, sink: Callable[[Sound], None], ended: Callable[[], None]) -> None:
        """Begin at rest.

        Args:
            sink: gets the sound, in order.
            ended: called once, after the last sound.

        """
        self.sink, self._ended = sink, ended
        self.head: list[Piece] = []
        self.running = False
        self.closing = False
        self.ends_at: float | None = None
        """When to rest; None while running on."""
        self.until = float("-inf")
        """What was said until then it has."""

    def give(self, piece: Piece | None) -> None:
        """Hand over the pre-roll, once, and then the piece."""
        head, self.head = self.head, []
        for one in (*head, piece) if piece else head:
            self.until = one.said
            self.sink(one.samples)

    def rest(self) -> bool:
        """Take no more; True where it was the end."""
        self.give(None)
        self.running, self.ends_at = False, None
        if self.closing:
            self._ended()
        return self.closing


class Intake:
    """Hands each block to the takes that want it; used from one thread."""

    def __init__(self, *, pre_roll_s: float = 1.5, grace_s: float = 0.4) -> None:
        """Hold nothing yet.

        Args:
            pre_roll_s: seconds before the key press that belong to a dictation.
            grace_s: seconds after the second key press that still belong to it.

        """
        self._pre_roll_s, self._grace_s = pre_roll_s, grace_s
        self._ring: deque[Piece] = deque()
        self._held = 0
        self._free_from = float("-inf")
        """Sound that came before belongs to an earlier dictation."""
        self._takes: list[Take] = []
        self._last_arrival = float("-inf")

    @property
    def busy(self) -> bool:
        """True while somebody takes sound."""
        return any(take.running for take in self._takes)

    def run(self, take: Take) -> None:
        """Begin, or go on after a rest, with what was said just before."""
        if take not in self._takes:
            self._takes.append(take)
        if take.running:  # in its grace: nothing was lost, nothing is said twice
            take.ends_at, take.closing = None, False
            return
        take.running, take.ends_at = True, None
        free_from = max(self._free_from, take.until)
        take.head = [piece for piece in self._ring if piece.said > free_from]

    def rest(self, take: Take, *, at: float, latency_s: float = 0.0, close: bool = True) -> None:
        """Take what is said until the grace is over, then rest; `close`: for good."""
        take.closing = close
        if not take.running:
            self._finish(take)
            return
        take.ends_at = at + self._grace_s + latency_s
        self._free_from = at

    def push(self, piece: Piece) -> None:
        """Take in a block."""
        self._last_arrival = piece.arrived
        for take in [one for one in self._takes if one.running]:
            take.give(piece)
            if take.ends_at is not None and piece.said >= take.ends_at:
                self._finish(take)
        self._ring.append(piece)
        self._held += len(piece.samples)
        while self._held - len(self._ring[0].samples) >= self._pre_roll_s * SAMPLE_RATE:
            self._held -= len(self._ring.popleft().samples)

    def tick(self, now: float) -> None:
        """End what is overdue because the microphone went silent; all that came was taken in before."""
        for take in [one for one in self._takes if one.running]:
            if take.ends_at is None:
                continue
            silent_from = max(self._last_arrival, take.ends_at - self._grace_s)
            overdue_at = min(silent_from + _OVERDUE_S, take.ends_at + _LONGEST_LAG_S)
            if now >= max(take.ends_at, overdue_at):
                self._finish(take)

    def end(self) -> None:
        """End all takes: the program closes."""
        for take in self._takes:
            take.closing = True
            take.rest()
        self._takes = []

    def forget(self) -> None:
        """Empty the pre-roll."""
        self._ring.clear()
        self._held = 0

    def _finish(self, take: Take) -> None:
        if take.rest():
            self._takes = [one for one in self._takes if one is not take]
