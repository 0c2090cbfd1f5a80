"""Runs a batch on this machine: one process a worker, so that a recording that kills one harms no other.

Two processes with one thread each do more than one process with two: nothing waits for anything (measured by
benchmarks/batch.py). Each holds its own model, some 300 MB with whisper-base.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Event

from dictate.batch.job import Job, Outcome, Worker
from dictate.batch.runner import MAX_TRIES, Step, Told

Make = Callable[[], Worker]
"""Makes the worker, in its own process; must be importable."""

_PATIENCE_S = 0.5
_LAST_WORDS_S = 5.0


def cores() -> int:
    """Return the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(slots=True, kw_only=True)
class _Hand:
    """A worker process and what it is doing."""

    number: int
    process: BaseProcess
    pipe: Connection
    job: Job | None = None


class LocalRunner:
    """Worker processes of this machine."""

    def __init__(self, make: Make, *, workers: int = 0) -> None:
        """Choose how many.

        Args:
            make: makes a worker in its process.
            workers: processes; 0 for one a processor.

        """
        self._make = make
        self._workers = workers or cores()
        # A forked copy of a process with threads and a model in it is no safe place to start from.
        self._context = multiprocessing.get_context("spawn")

    @property
    def workers(self) -> int:
        """How many recordings are done at a time."""
        return self._workers

    def run(self, jobs: Iterable[Job], *, told: Told, stop: Event) -> Iterator[Outcome]:
        """See `dictate.batch.runner.Runner`."""
        waiting = iter(jobs)
        again: list[Job] = []
        tries: dict[str, int] = {}
        hands: list[_Hand] = []
        try:
            while True:
                while len(hands) < self._workers or any(hand.job is None for hand in hands):
                    job = None if stop.is_set() else again.pop() if again else next(waiting, None)
                    if job is None:
                        break
                    hand = next((hand for hand in hands if hand.job is None), None)
                    if hand is None:
                        hand = self._hired(len(hands), {hand.number for hand in hands})
                        hands.append(hand)
                    tries[job.content_hash] = tries.get(job.content_hash, 0) + 1
                    self._give(hand, job)
                busy = [hand for hand in hands if hand.job is not None]
                if not busy:
                    return
                for hand in _heard(busy):
                    outcome = self._answer(hand, told)
                    if outcome is None:
                        continue
                    if not hand.process.is_alive() and outcome.why == _DIED:
                        hands.remove(hand)
                        if tries[outcome.job.content_hash] < MAX_TRIES and not stop.is_set():
                            again.append(outcome.job)
                            continue
                    hand.job = None
                    yield outcome
        finally:
            _dismiss(hands)

    def _hired(self, number: int, taken: set[int]) -> _Hand:
        number = next(free for free in range(number + 1) if free not in taken)
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self._make, theirs), daemon=True)
        process.start()
        theirs.close()
        return _Hand(number=number, process=process, pipe=ours)

    @staticmethod
    def _give(hand: _Hand, job: Job) -> None:
        hand.job = job
        with suppress(OSError):  # it died: told as its answer
            hand.pipe.send(job)

    @staticmethod
    def _answer(hand: _Hand, told: Told) -> Outcome | None:
        """Take what a worker says: its outcome, None while it is only telling how far it is."""
        assert hand.job is not None, "only busy workers are asked"
        try:
            said = hand.pipe.recv()
        except (EOFError, OSError):
            hand.process.join(_LAST_WORDS_S)
            return Outcome(job=hand.job, why=_DIED)
        if isinstance(said, float):
            told(Step(worker=hand.number, job=hand.job, seconds=said))
            return None
        assert isinstance(said, Outcome), "a worker says nothing else"
        return said


_DIED = "Its worker process ended: out of memory, or the file brings down the decoder."


def _heard(busy: list[_Hand]) -> list[_Hand]:
    """Return the workers that have something to say, after a moment at most."""
    ready = wait([hand.pipe for hand in busy], timeout=_PATIENCE_S)
    return [hand for hand in busy if hand.pipe in ready]


def _dismiss(hands: list[_Hand]) -> None:
    """End all workers; one that is at work is ended at once."""
    for hand in hands:
        with suppress(OSError):
            hand.pipe.send(None)
        if hand.job is not None:
            hand.process.terminate()
    for hand in hands:
        hand.process.join(_LAST_WORDS_S)
        if hand.process.is_alive():
            hand.process.kill()
        hand.pipe.close()


def _serve(make: Make, pipe: Connection) -> None:
    """Do jobs until there are none; runs in the worker's process."""
    # Ctrl-C reaches the whole group: the coordinator alone decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = make()
    with suppress(EOFError, OSError):
        while (job := pipe.recv()) is not None:
            pipe.send(worker.do(job, progress=lambda seconds: pipe.send(float(seconds))))
