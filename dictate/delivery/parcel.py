"""What is sent, to what, and how it went."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One delivery, ready to be sent."""

    id: str
    """Our UUID of it; the same through all attempts, so a receiver knows a repetition."""
    suffix: str
    """Of a file's name, such as ".json"."""
    media_type: str
    content: bytes = field(repr=False)

    @property
    def filename(self) -> str:
        """Name as a file; tells nothing about the citizen."""
        return f"{self.id}{self.suffix}"


class Outcome(StrEnum):
    """How an attempt ended."""

    DELIVERED = "delivered"
    """The receiver has it, from this attempt or an earlier one."""
    LATER = "later"
    """Not known to be there; this delivery is tried again."""
    DOWN = "down"
    """The receiver can't be reached, or takes nothing from us; all of its deliveries wait."""
    REFUSED = "refused"
    """The receiver has looked at it and will never take it; a person decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of an attempt."""

    outcome: Outcome
    why: str = ""
    """One clause for people, in English; never text of the note."""
    wait: float | None = None
    """Seconds that the receiver asks us to wait."""


class Target(Protocol):
    """A receiver's system."""

    @property
    def name(self) -> str:
        """The name by which it is queued."""
        ...

    def send(self, parcel: Parcel) -> Answer:
        """Send a parcel; every failure is an answer, none is an exception."""
        ...


DELIVERED = Answer(outcome=Outcome.DELIVERED)
