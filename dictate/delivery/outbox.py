"""What the worker needs of the outbox; `store.outbox` is one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from dictate.store.types import Delivery, OutboxState

_FOLLOWED = frozenset({OutboxState.DELIVERED, OutboxState.CLAIMED, OutboxState.QUEUED})


class Outbox(Protocol):
    """Rows of deliveries, durable, shared by processes."""

    def claim(self, target: str, *, lease_s: float = ...) -> Delivery | None:
        """Take the oldest due delivery of a target, never past an older open one about the same citizen.

        What is claimed and never finished becomes due again when the lease has run out.
        """
        ...

    def delivered(self, delivery_id: str) -> None:
        """Note that the receiver has it."""
        ...

    def failed(self, delivery_id: str, why: str, *, retry_at: datetime) -> None:
        """Note a failed attempt, and when to try again."""
        ...

    def dead(self, delivery_id: str, why: str) -> None:
        """Note that the receiver will never take it."""
        ...


def followed(deliveries: Iterable[Delivery], dictation_id: str) -> tuple[str, ...]:
    """Return the targets that got the original of a note, or are about to: amendments go there, too."""
    return tuple(
        dict.fromkeys(
            delivery.target
            for delivery in deliveries
            if delivery.dictation_id == dictation_id and delivery.state in _FOLLOWED
        )
    )
