"""What every runner promises: it takes jobs as it can, and gives outcomes as they come."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from dictate.batch.job import Job, Outcome, Worker
from dictate.errors import DictateError
from models.errors import ModelError
from terminology.errors import TerminologyError

Make = Callable[[], Worker]
"""Makes a worker where it works; must be importable there."""
MAX_TRIES = 2
"""A recording that kills its worker so often is given up."""


class WorkerError(DictateError):
    """No worker can be made, so nothing can be done."""


def made(make: Make) -> Worker | str:
    """Make a worker; or say in one sentence why that can't be done."""
    try:
        return make()
    except (DictateError, ModelError, TerminologyError) as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - the coordinator tells it, once for all workers
        return f"The speech model can't be loaded: unexpected {type(error).__name__}. Please report it."


class Queue:
    """Jobs in order; those of lost workers first, and not for ever."""

    def __init__(self, jobs: Iterable[Job], stop: Event) -> None:
        """Take the jobs one by one, as they are asked for; none once `stop` is set."""
        self._jobs, self._stop = iter(jobs), stop
        self._first: list[Job] = []
        self._lost: Counter[str] = Counter()

    def __bool__(self) -> bool:
        """Tell whether there is anything to do."""
        if not self._first and (job := self.next()):
            self._first.append(job)
        return bool(self._first)

    def next(self) -> Job | None:
        """Return the next job."""
        if self._stop.is_set():
            return None
        return self._first.pop() if self._first else next(self._jobs, None)

    def again(self, job: Job) -> None:
        """Have a job done again."""
        self._first.append(job)

    def lost(self, job: Job) -> bool:
        """Note that a job's worker was lost; tell whether it is tried again."""
        self._lost[job.content_hash] += 1
        if self._stop.is_set() or self._lost[job.content_hash] >= MAX_TRIES:
            return False
        self.again(job)
        return True


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

        Raises:
            WorkerError: no worker can be made; nothing is left running.

        """
        ...

    def close(self) -> None:
        """Let go of what is held between runs."""
        ...
