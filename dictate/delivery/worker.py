"""The worker: takes what is due from the outbox, sends it, and writes down how it went.

It may be killed at any moment. What was claimed becomes due again when its lease runs out, and is sent again
under the same UUID; that is all a receiver needs to keep one of it.
"""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dictate.delivery.backoff import Backoff
from dictate.delivery.outbox import Outbox
from dictate.delivery.parcel import Answer, Outcome, Parcel, Target
from dictate.errors import DictateError, StoreError
from dictate.store.types import Delivery

LEASE = 300.0
"""Seconds; longer than any attempt may last."""

Render = Callable[[Delivery], Parcel]
"""Makes the parcel of a delivery; a DictateError is a reason for a person to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often to look and to try, in seconds."""

    backoff: Backoff = field(default_factory=Backoff)
    lease: float = LEASE
    idle: float = 5.0
    """Between two looks into an empty outbox."""


@dataclass(slots=True, kw_only=True)
class Worker:
    """Sends to one target, one delivery after the other."""

    outbox: Outbox
    target: Target
    render: Render
    pace: Pace = Pace()
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    rng: random.Random = field(default_factory=random.SystemRandom)
    _rest_until: datetime | None = None
    """While the target is down nothing is tried."""
    _downs: int = 0

    def drain(self, stop: threading.Event | None = None) -> dict[Outcome, int]:
        """Send everything that is due; return how many attempts ended how."""
        counts = dict.fromkeys(Outcome, 0)
        while not (stop and stop.is_set()):
            outcome = self.step()
            if outcome is None:
                break
            counts[outcome] += 1
        return counts

    def step(self) -> Outcome | None:
        """Send one delivery; return how it ended, None where nothing is due now."""
        if self._rest_until and self.now() < self._rest_until:
            return None
        delivery = self.outbox.claim(self.target.name, lease_s=self.pace.lease)
        if delivery is None:
            return None
        try:
            answer = self.target.send(self.render(delivery))
        except StoreError as error:  # the store is busy or damaged; the note may be fine
            answer = Answer(outcome=Outcome.LATER, why=str(error))
        except DictateError as error:  # the note can't be made into what the target takes
            answer = Answer(outcome=Outcome.REFUSED, why=str(error))
        except Exception as error:  # noqa: BLE001 - one note that trips us must not stop all the others
            answer = Answer(outcome=Outcome.LATER, why=f"something unexpected ({type(error).__name__})")
        self._write(delivery, answer)
        return answer.outcome

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop; a store that is busy is tried again."""
        while not stop.is_set():
            with suppress(StoreError):
                self.drain(stop)
            stop.wait(self.pace.idle)

    def _write(self, delivery: Delivery, answer: Answer) -> None:
        if answer.outcome is not Outcome.DOWN:
            self._rest_until, self._downs = None, 0
        match answer.outcome:
            case Outcome.DELIVERED:
                self.outbox.delivered(delivery.id)
            case Outcome.REFUSED:
                self.outbox.dead(delivery.id, answer.why)
            case Outcome.LATER:
                wait = self._wait(delivery.attempts, answer)
                self.outbox.failed(delivery.id, answer.why, retry_at=self.now() + wait)
            case Outcome.DOWN:
                self._downs += 1
                wait = self._wait(self._downs, answer)
                self._rest_until = self.now() + wait
                self.outbox.failed(delivery.id, answer.why, retry_at=self.now() + wait)

    def _wait(self, attempts: int, answer: Answer) -> timedelta:
        wait = self.pace.backoff.wait(attempts, rng=self.rng)
        return timedelta(seconds=max(wait, answer.wait or 0.0))


def run_all(workers: Sequence[Worker], stop: threading.Event) -> None:
    """Send to every target at once, until told to stop; one that is down holds up no other."""
    threads = [
        threading.Thread(target=worker.run, args=(stop,), name=worker.target.name) for worker in workers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def drain_all(workers: Mapping[str, Worker]) -> dict[str, dict[Outcome, int]]:
    """Send everything that is due now, target by target."""
    return {name: worker.drain() for name, worker in workers.items()}
