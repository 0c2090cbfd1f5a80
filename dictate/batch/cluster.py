"""Runs a batch on a Ray cluster: one model an actor, recordings handed out as actors get free.

Lost workers and actors are made anew by Ray, and what they were doing is done again; a lost head ends the
run, and the next run does what is missing. Recordings must lie where every node sees them by the same path,
or at an address that fsspec opens; they are then copied to the node while it works, readable by nobody else.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from dictate.batch.job import Job, Outcome, Worker
from dictate.batch.runner import MAX_TRIES, Step, Told
from dictate.errors import ConfigError

_PATIENCE_S = 1.0


class ClusterRunner:
    """Actors of a Ray cluster."""

    def __init__(
        self,
        make: Callable[[], Worker],
        *,
        address: str | None = None,
        workers: int = 2,
        cpus: float = 1.0,
        gpus: float = 0.0,
    ) -> None:
        """Join a cluster, or start one on this machine.

        Args:
            make: makes a worker in its actor; must be importable on every node.
            address: of the cluster; None starts one here.
            workers: actors.
            cpus: processors an actor.
            gpus: graphics cards an actor.

        Raises:
            ConfigError: Ray is not installed, or the cluster can't be reached.

        """
        try:
            import ray as library  # noqa: PLC0415 - an optional part, slow to import
        except ImportError as error:
            raise ConfigError(
                "Ray is not installed. Install it with: pip install 'plejediktat[cluster]'"
            ) from error
        ray: Any = library
        self._ray = ray
        try:
            if not ray.is_initialized():
                ray.init(
                    address=address,
                    log_to_driver=False,
                    include_dashboard=False,
                    configure_logging=False,
                    **({} if address else {"num_cpus": max(1, round(workers * cpus))}),
                )
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise ConfigError(
                f"The Ray cluster at {address or 'this machine'} can't be reached. Check it."
            ) from error
        remote: Any = ray.remote(num_cpus=cpus, num_gpus=gpus, max_restarts=-1, max_task_retries=0)(_Actor)
        self._actors = [remote.remote(make) for _ in range(workers)]

    @property
    def workers(self) -> int:
        """How many recordings are done at a time."""
        return len(self._actors)

    def run(self, jobs: Iterable[Job], *, told: Told, stop: Event) -> Iterator[Outcome]:
        """See `dictate.batch.runner.Runner`."""
        waiting = iter(jobs)
        again: list[Job] = []
        tries: dict[str, int] = {}
        free = list(range(len(self._actors)))
        busy: dict[Any, tuple[int, Job]] = {}
        while True:
            while free:
                job = None if stop.is_set() else again.pop() if again else next(waiting, None)
                if job is None:
                    break
                at = free.pop(0)
                tries[job.content_hash] = tries.get(job.content_hash, 0) + 1
                busy[self._actors[at].do.remote(job)] = (at, job)
                told(Step(worker=at, job=job, seconds=0.0))
            if not busy:
                return
            ready, _ = self._ray.wait(list(busy), num_returns=1, timeout=_PATIENCE_S)
            for reference in ready:
                at, job = busy.pop(reference)
                free.append(at)
                try:
                    yield self._ray.get(reference)
                except self._ray.exceptions.RayError as error:
                    if tries[job.content_hash] < MAX_TRIES + 1 and not stop.is_set():
                        again.append(job)
                        continue
                    yield Outcome(job=job, why=f"Its worker was lost ({type(error).__name__}).")

    def close(self) -> None:
        """Let go of the actors and leave the cluster."""
        for actor in self._actors:
            self._ray.kill(actor)
        self._ray.shutdown()


class _Actor:
    """One worker of the cluster."""

    def __init__(self, make: Callable[[], Worker]) -> None:
        self._worker = make()

    def do(self, job: Job) -> Outcome:
        """Do a recording, fetched first where it lies elsewhere."""
        if not job.address:
            return self._worker.do(job)
        import fsspec  # noqa: PLC0415 - comes with the cluster's parts

        with tempfile.TemporaryDirectory(prefix="plejediktat-") as folder:
            copy = Path(folder) / f"recording{job.path.suffix}"
            with fsspec.open(job.address, "rb") as source, copy.open("xb") as target:
                while block := source.read(1 << 20):
                    target.write(block)
            return replace(self._worker.do(replace(job, path=copy)), job=job)
