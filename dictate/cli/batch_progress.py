"""Progress bars of a batch: the whole, and what each worker is doing."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from dictate.audio import probe_duration
from dictate.errors import DictateError

if TYPE_CHECKING:
    from dictate.batch.run import Line, Plan
    from dictate.batch.runner import Step

_NAME = 28


class Bars:
    """Bars on a terminal; time left is told from the bytes that are done."""

    def __init__(self, console: Console, plan: "Plan", workers: int) -> None:
        """Draw nothing yet."""
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=18),
            TaskProgressColumn(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=console, transient=True)
        self._sizes = {job.name: job.size for job in plan.jobs}
        self._whole = self._progress.add_task("all", total=plan.size or 1)
        self._workers = [self._progress.add_task("", total=1, visible=False) for _ in range(workers)]
        self._at: dict[int, str] = {}
        self._seconds = 0.0
        self._ended = 0
        self._start = time.monotonic()

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and take the bars away."""
        self._progress.stop()

    def told(self, step: "Step") -> None:
        """Move a worker's bar."""
        task = self._task(step.worker)
        if self._at.get(step.worker) != step.job.name:
            self._at[step.worker] = step.job.name
            try:
                total = None if step.job.address else probe_duration(step.job.path)
            except DictateError:
                total = None
            name = step.job.name[-_NAME:].ljust(_NAME)
            self._progress.reset(task, total=total, description=f"  {name}", visible=True)
        self._progress.update(task, completed=step.seconds)

    def ended(self, line: "Line") -> None:
        """Move the bar of the whole; a failure is told at once."""
        self._seconds += line.seconds
        self._ended += 1
        speed = self._seconds / (time.monotonic() - self._start)
        said = f"{self._ended}/{len(self._sizes)}  {self._seconds / 3600:.2f} h  {speed:.1f}×"
        self._progress.update(
            self._whole, advance=self._sizes.get(line.name, 0), description=f"{said:<{_NAME + 2}}"
        )
        if line.why:
            self._progress.console.print(f"{line.result.value}: {line.name}: {line.why}", markup=False)

    def _task(self, worker: int) -> TaskID:
        return self._workers[worker % len(self._workers)]
