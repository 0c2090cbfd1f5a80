"""What a waiting person sees: on standard error, and only where that is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from dictate.audio import probe_duration
from dictate.errors import AudioError


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something without a known length goes on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(Text(what)):
        yield


@contextmanager
def audio_progress(path: Path, label: str) -> Iterator[Callable[[float], None]]:
    """Show how much of a recording is done, and the time left.

    Args:
        path: the recording.
        label: what to call it.

    Yields:
        A function to call with the seconds that are done, counted from the start of the recording.

    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _seconds: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=_length(path))

        def advance(seconds: float) -> None:
            progress.update(task, completed=seconds)

        yield advance


def _length(path: Path) -> float | None:
    """Seconds, None where unknown; that the file can't be read is told by who reads it in earnest."""
    try:
        return probe_duration(path)
    except AudioError:
        return None
