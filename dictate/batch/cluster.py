"""Runs a batch on a Ray cluster: one model an actor, recordings handed out as actors get free.

Lost workers and actors are made anew by Ray, and what they were doing is done again; a lost head ends the
run, and the next run does what is missing. Recordings must lie where every node sees them by the same path,
or at an address that fsspec opens; they are then copied to the node while it works, readable by nobody else.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

from dictate.batch.job import Job, Outcome
from dictate.batch.runner import Make, Queue, Step, Told, WorkerError, made
from dictate.errors import ConfigError
from dictate.process import ONE_POOL

_PATIENCE_S = 1.0

# Ray reports its use to its makers unless told not to before it starts. Nothing may leave this machine.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"


@dataclass(slots=True)
class _Hand:
    """An actor and what it is doing."""

    number: int
    actor: Any
    job: Job | None = None
    """None while it is being made, or is free."""


class ClusterRunner:
    """Actors of a Ray cluster."""

    def __init__(
        self,
        make: Make,
        *,
        address: str | None = None,
        workers: int = 2,
        cpus: float = 1.0,
        gpus: float = 0.0,
    ) -> None:
        """Choose a cluster; it is joined when there is work for it.

        Args:
            make: makes a worker in its actor; must be importable on every node.
            address: of the cluster; None starts one here.
            workers: actors.
            cpus: processors an actor.
            gpus: graphics cards an actor.

        Raises:
            ConfigError: Ray is not installed.

        """
        try:
            import ray as library  # noqa: PLC0415 - an optional part, slow to import
        except ImportError as error:
            raise ConfigError(
                "Ray is not installed. Install it with: pip install 'plejediktat[cluster]'"
            ) from error
        self._ray: Any = library
        self._make, self._address = make, address
        self._workers, self._cpus, self._gpus = workers, cpus, gpus
        self._hands: list[_Hand] = []

    @property
    def workers(self) -> int:
        """How many recordings are done at a time."""
        return self._workers

    def run(self, jobs: Iterable[Job], *, told: Told, stop: Event) -> Iterator[Outcome]:
        """See `dictate.batch.runner.Runner`.

        Raises:
            ConfigError: the cluster can't be reached.
            WorkerError: an actor can't load its model.

        """
        queue = Queue(jobs, stop)
        if not queue:
            return
        if not self._hands:
            self._join()
        # An actor is asked whether it is ready before it gets anything: one that Ray finds no room for, after
        # its node was lost, must not hold a recording back.
        asked: dict[Any, _Hand] = {hand.actor.ready.remote(): hand for hand in self._hands}
        free: list[_Hand] = []
        while True:
            while free and (job := queue.next()):
                hand = free.pop(0)
                hand.job = job
                asked[hand.actor.do.remote(job)] = hand
                told(Step(worker=hand.number, job=job, seconds=0.0))
            if not any(hand.job for hand in asked.values()) and (free or stop.is_set()):
                return
            ready, _ = self._ray.wait(list(asked), num_returns=1, timeout=_PATIENCE_S)
            for reference in ready:
                hand = asked.pop(reference)
                try:
                    outcome = self._answer(reference)
                    free.append(hand)
                except self._ray.exceptions.RayError as error:
                    asked[hand.actor.ready.remote()] = hand
                    stop.wait(_PATIENCE_S)
                    outcome = _bereaved(hand, queue, error)
                hand.job = None
                if outcome:
                    yield outcome

    def _answer(self, reference: Any) -> Outcome | None:  # noqa: ANN401 - Ray has no types
        """Take what an actor says: an outcome, or None where it is only ready.

        Raises:
            WorkerError: it can't work.

        """
        said = self._ray.get(reference)
        if isinstance(said, Outcome):
            return said
        if said:
            raise WorkerError(said)
        return None

    def close(self) -> None:
        """Let go of the actors and leave the cluster."""
        if self._hands:
            for hand in self._hands:
                with suppress(self._ray.exceptions.RayError):
                    self._ray.kill(hand.actor)
            self._hands = []
            self._ray.shutdown()

    def _join(self) -> None:
        ray = self._ray
        try:
            if not ray.is_initialized():
                ray.init(
                    address=self._address or "local",  # never one that happens to run here
                    log_to_driver=False,
                    include_dashboard=False,
                    configure_logging=False,
                    **({} if self._address else {"num_cpus": max(1, round(self._workers * self._cpus))}),
                )
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise ConfigError(
                f"The Ray cluster at {self._address or 'this machine'} can't be reached. Check it."
            ) from error
        # Threads as on this machine: sums in another order could choose another word.
        environment = {"OMP_NUM_THREADS": "1", **ONE_POOL}
        remote = ray.remote(
            num_cpus=self._cpus,
            num_gpus=self._gpus,
            max_restarts=-1,
            max_task_retries=0,
            runtime_env={"env_vars": environment},
        )(_Actor)
        self._hands = [_Hand(number, remote.remote(self._make)) for number in range(self._workers)]


def _bereaved(hand: _Hand, queue: Queue, error: Exception) -> Outcome | None:
    """Have the job of an actor that was lost done again, or tell what came of it."""
    if hand.job is None or queue.lost(hand.job):
        return None
    return Outcome(job=hand.job, why=f"Its worker was lost ({type(error).__name__}).")


class _Actor:
    """One worker of the cluster."""

    def __init__(self, make: Make) -> None:
        self._worker = made(make)

    def ready(self) -> str:
        """Return why it can't work; empty where it can."""
        return self._worker if isinstance(self._worker, str) else ""

    def do(self, job: Job) -> Outcome:
        """Do a recording, fetched first where it lies elsewhere."""
        assert not isinstance(self._worker, str), "one that can't work is given nothing"
        if not job.address:
            return self._worker.do(job)
        import fsspec  # noqa: PLC0415 - comes with the cluster's parts

        with tempfile.TemporaryDirectory(prefix="plejediktat-") as folder:
            copy = Path(folder) / f"recording{job.path.suffix}"
            try:
                with fsspec.open(job.address, "rb") as source, copy.open("xb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
            except OSError as error:
                return Outcome(job=job, why=f"It can't be fetched ({type(error).__name__}). Try it again.")
            return replace(self._worker.do(replace(job, path=copy)), job=job)
