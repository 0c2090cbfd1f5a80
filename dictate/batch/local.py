"""Runs a batch on this machine: one process a worker, so that a recording that kills one harms no other.

Processes with one thread each rather than one process with many: nothing waits for anything (compare with
benchmarks/batch.py). Each holds its own model and vocabulary: 0.35 to 0.5 GB with whisper-base. They are not
forked from one that has them: the recogniser's threads would not come along.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Event

from dictate.batch.job import Job, Outcome
from dictate.batch.runner import Make, Queue, Step, Told, WorkerError, made
from dictate.process import ONE_POOL

_PATIENCE_S = 0.5
_LAST_WORDS_S = 5.0
_THREADS = "OMP_NUM_THREADS"


def cores() -> int:
    """Return the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _DiedError(Exception):
    """A worker's process ended."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What a worker says first."""

    why_not: str


@dataclass(slots=True, kw_only=True)
class _Hand:
    """A worker process and what it is doing."""

    number: int
    process: BaseProcess
    pipe: Connection
    job: Job | None = None
    is_made: bool = False
    """It has its model."""

    def give(self, job: Job) -> None:
        """Hand it a job."""
        self.job = job
        with suppress(OSError):  # it died: told as its answer
            self.pipe.send(job)

    def answer(self, told: Told) -> Outcome | None:
        """Take what it says: its outcome, or None while it is only telling how far it is.

        Raises:
            _DiedError: it says no more.
            WorkerError: it has no model.

        """
        assert self.job is not None, "only busy workers are asked"
        try:
            said = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join(_LAST_WORDS_S)
            raise _DiedError from None
        if isinstance(said, _Made):
            if said.why_not:
                raise WorkerError(said.why_not)
            self.is_made = True
            said = 0.0
        if isinstance(said, float):
            told(Step(worker=self.number, job=self.job, seconds=said))
            return None
        assert isinstance(said, Outcome), "a worker says nothing else"
        self.job = None
        return said


class LocalRunner:
    """Worker processes of this machine."""

    def __init__(self, make: Make, *, workers: int = 0, threads: int = 1) -> None:
        """Choose how many; none is started before there is work for it.

        Args:
            make: makes a worker in its process.
            workers: processes; 0 for as many as the processors take.
            threads: that the libraries may use in each.

        """
        self._make = make
        self._threads = threads
        self._workers = workers or max(1, cores() // threads)
        # A forked copy of a process with threads and a model in it is no safe place to start from.
        self._context = multiprocessing.get_context("spawn")

    @property
    def workers(self) -> int:
        """How many recordings are done at a time."""
        return self._workers

    def run(self, jobs: Iterable[Job], *, told: Told, stop: Event) -> Iterator[Outcome]:
        """See `dictate.batch.runner.Runner`."""
        queue = Queue(jobs, stop)
        hands: list[_Hand] = []
        most = self._workers
        try:
            while True:
                self._fill(hands, most, queue)
                busy = {hand.pipe: hand for hand in hands if hand.job is not None}
                if not busy:
                    return
                for pipe in wait(list(busy), timeout=_PATIENCE_S):
                    hand = busy[pipe]  # type: ignore[index]
                    try:
                        outcome = hand.answer(told)
                    except _DiedError:
                        hands.remove(hand)
                        if not hand.is_made:  # go on with those that found room
                            most = len(hands)
                        outcome = _bereaved(hand, queue, others=bool(hands))
                    if outcome:
                        yield outcome
        finally:
            _dismiss(hands)

    def close(self) -> None:
        """Nothing is held between runs."""

    def _fill(self, hands: list[_Hand], most: int, queue: Queue) -> None:
        """Give all who are free a job, and hire for the rest."""
        while len(hands) < most or any(hand.job is None for hand in hands):
            job = queue.next()
            if job is None:
                return
            hand = next((hand for hand in hands if hand.job is None), None)
            if hand is None:
                hand = self._hired({hand.number for hand in hands})
                hands.append(hand)
            hand.give(job)

    def _hired(self, taken: set[int]) -> _Hand:
        number = next(free for free in range(len(taken) + 1) if free not in taken)
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self._make, theirs), daemon=True)
        with _heir(self._threads):
            process.start()
        theirs.close()
        return _Hand(number=number, process=process, pipe=ours)


_DEADLY = "Its worker process ended: out of memory, or the file brings down the decoder."
_NO_ROOM = (
    "The worker process ended while it loaded the speech model: memory ran out, most likely. "
    "Close other programs, or choose a smaller model."
)


def _bereaved(hand: _Hand, queue: Queue, *, others: bool) -> Outcome | None:
    """Have the job of a worker that died done again, or tell what came of it.

    Raises:
        WorkerError: it died before it had its model, and there are no others.

    """
    assert hand.job is not None, "it was busy"
    if not hand.is_made:
        if not others:
            raise WorkerError(_NO_ROOM)
        queue.again(hand.job)
        return None
    return None if queue.lost(hand.job) else Outcome(job=hand.job, why=_DEADLY)


@contextmanager
def _heir(threads: int) -> Iterator[None]:
    """Pass on to the processes started meanwhile how they use threads and memory, and not to hear Ctrl-C.

    Ctrl-C reaches the whole group of processes: the coordinator alone decides what becomes of it.
    """
    inherited = {_THREADS: str(threads), **ONE_POOL}
    before = {name: os.environ.get(name) for name in inherited}
    os.environ.update(inherited)
    resource_tracker.ensure_running()  # its start would lift the mask
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


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
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for good: libraries may lift the mask
    worker = made(make)
    with suppress(EOFError, OSError):
        if isinstance(worker, str):
            pipe.send(_Made(worker))
            return
        pipe.send(_Made(""))
        while (job := pipe.recv()) is not None:
            pipe.send(worker.do(job, progress=lambda seconds: pipe.send(float(seconds))))
