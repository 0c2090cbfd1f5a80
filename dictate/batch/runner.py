"""What every runner promises: it takes jobs as it can, and gives outcomes as they come."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from dictate.batch.job import Job, Outcome

MAX_TRIES = 2
"""A recording that kills its worker so often is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a worker is."""

    worker: int
    """Counted from 0."""
    job: Job
    seconds: float
    """Of the recording."""


Told = Callable[[Step], None]


class Runner(Protocol):
    """Does recordings at several places at a time."""

    @property
    def workers(self) -> int:
        """How many recordings are done at a time."""
        ...

    def run(self, jobs: Iterable[Job], *, told: Told, stop: Event) -> Iterator[Outcome]:
        """Do jobs.

        Args:
            jobs: taken one by one, only as many as there are free workers.
            told: called with how far each worker is.
            stop: when set, no further job is begun; those under way are finished.

        Yields:
            An outcome for each job that was begun, in the order in which they end.

        """
        ...
