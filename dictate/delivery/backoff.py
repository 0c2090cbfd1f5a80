"""How long to wait before the next attempt: twice as long each time, never the same for two senders."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Waiting times in seconds."""

    first: float = 5.0
    longest: float = 3600.0
    spread: float = 0.5
    """Share of the time that is left to chance."""

    def wait(self, attempts: int, *, rng: random.Random) -> float:
        """Return how long to wait after so many failed attempts (1, 2, …)."""
        doublings = min(max(attempts, 1) - 1, 60)
        time = min(self.longest, self.first * 2.0**doublings)
        return time * (1 - self.spread * rng.random())
