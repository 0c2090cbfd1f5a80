"""The results of a recording as files: its transcript and its draft, each written whole or not at all."""

from pathlib import Path

from dictate.batch.job import Outcome
from dictate.notes import note_line
from dictate.paths import write_atomic
from dictate.transcriber.formats import TranscriptFormat, render

TRANSCRIPT = ".transcript.json"
DRAFT = ".draft.jsonl"


def paths(output: Path, name: str) -> tuple[Path, Path]:
    """Return where transcript and draft of a recording lie; the whole name is kept, so that none collide."""
    return output / f"{name}{TRANSCRIPT}", output / f"{name}{DRAFT}"


def are_there(output: Path, name: str) -> bool:
    """Tell whether both are there."""
    return all(path.is_file() for path in paths(output, name))


def write(output: Path, outcome: Outcome) -> None:
    """Write both.

    Raises:
        OutputError: the folder or the disk does not take them.

    """
    assert outcome.transcript is not None, "only what was recognised is written"
    assert outcome.note is not None, "a transcript comes with its draft"
    transcript, draft = paths(output, outcome.job.name)
    text = render(outcome.transcript, TranscriptFormat.JSON, file=outcome.job.name)
    write_atomic(transcript, text.encode())
    write_atomic(draft, note_line(outcome.note))
