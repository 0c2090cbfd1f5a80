"""Progress bars of a batch: the whole, and what each worker is doing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

from dictate.audio import probe_duration
from dictate.batch.job import Job
from dictate.cli.batch_views import one_line
from dictate.errors import DictateError

if TYPE_CHECKING:
    from dictate.batch.run import Line, Plan
    from dictate.batch.runner import Step

_NAME = 30
_BAR = 14
_HOUR_S = 3600


class Bars:
    """Bars on a terminal of 80 columns."""

    def __init__(self, console: Console) -> None:
        """Draw nothing yet."""
        self._console = console
        self._run: _Run | None = None
        self._tells_all = False

    @contextmanager
    def running(self, plan: "Plan", workers: int) -> Iterator[None]:
        """Draw while the run lasts."""
        if not plan.jobs:
            yield
            return
        with self._console.status("Looking at the recordings"):
            lengths = {job.name: _length(job) for job in plan.jobs}
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=_BAR),
            TaskProgressColumn(),
            TextColumn("{task.fields[more]}", markup=False),
        )
        with Progress(*columns, console=self._console, transient=True) as progress:
            self._run = _Run(progress, lengths, min(workers, len(plan.jobs)))
            try:
                yield
            finally:
                self._run = None

    def told(self, step: "Step") -> None:
        """Move a worker's bar."""
        if self._run:
            self._run.told(step)

    def ended(self, line: "Line") -> None:
        """Move the bar of the whole; what a person should know is told at once."""
        if self._run:
            self._run.ended(line)
        if line.why or line.salvaged or self._tells_all:
            self._console.print(one_line(line))

    def waiting(self) -> None:
        """Tell it once; from now on, tell of each recording that comes in."""
        if not self._tells_all:
            self._console.print("Waiting for more. Ctrl-C ends.")
        self._tells_all = True


class _Run:
    """The bars of one run."""

    def __init__(self, progress: Progress, lengths: dict[str, float], workers: int) -> None:
        self._progress, self._lengths = progress, lengths
        self._total = sum(lengths.values()) or 1.0
        self._whole = progress.add_task(f"{'loading the speech model':<{_NAME}}", total=self._total, more="")
        self._tasks = [progress.add_task("", total=1, visible=False, more="") for _ in range(workers)]
        self._under_way: dict[str, float] = {}
        self._at: dict[TaskID, str] = {}
        self._done = 0.0
        self._ended = 0
        self._start: float | None = None

    def told(self, step: "Step") -> None:
        if self._start is None:
            self._start = time.monotonic()
        name = step.job.name
        length = self._lengths.get(name, 0.0)
        task = self._tasks[step.worker % len(self._tasks)]
        if self._at.get(task) != name:
            self._at[task] = name
            short = name if len(name) <= _NAME - 2 else f"…{name[3 - _NAME :]}"
            self._progress.reset(
                task, total=length or None, description=f"  {short:<{_NAME - 2}}", visible=True
            )
        self._under_way[name] = min(step.seconds, length)
        self._progress.update(task, completed=step.seconds)
        self._draw()

    def ended(self, line: "Line") -> None:
        self._under_way.pop(line.name, None)
        self._done += self._lengths.get(line.name, 0.0)
        self._ended += 1
        self._draw()

    def _draw(self) -> None:
        done = self._done + sum(self._under_way.values())
        more = ""
        if self._start is not None and done and (past := time.monotonic() - self._start) > 1.0:
            speed = done / past
            more = f"{speed:4.1f}× {_clock((self._total - done) / speed)} left"
        said = f"{self._ended}/{len(self._lengths)}, {_hours(done)} of {_hours(self._total)}"
        self._progress.update(self._whole, completed=done, description=f"{said:<{_NAME}}", more=more)


def _length(job: Job) -> float:
    """Seconds of a recording, guessed where its header doesn't say them."""
    try:
        found = None if job.address else probe_duration(job.path)
    except DictateError:
        return 0.0  # who reads it in earnest tells what is wrong
    return found or job.rough_seconds


def _hours(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds < _HOUR_S else f"{seconds / _HOUR_S:.1f} h"


def _clock(seconds: float) -> str:
    whole = max(0, round(seconds))
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
