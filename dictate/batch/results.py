"""The results of a recording as files: its transcript and its draft, each written whole or not at all."""

from dictate.batch.job import Outcome
from dictate.batch.places import Place
from dictate.notes import note_line
from dictate.transcriber.formats import TranscriptFormat, render

TRANSCRIPT = ".transcript.json"
DRAFT = ".draft.jsonl"


def names(name: str) -> tuple[str, str]:
    """Return the names of transcript and draft of a recording, whose whole name is kept: none collide."""
    return f"{name}{TRANSCRIPT}", f"{name}{DRAFT}"


def are_there(place: Place, name: str) -> bool:
    """Tell whether both are there."""
    return all(map(place.has, names(name)))


def write(place: Place, outcome: Outcome) -> None:
    """Write both.

    Raises:
        OutputError: the folder or the disk does not take them.

    """
    assert outcome.transcript is not None, "only what was recognised is written"
    assert outcome.note is not None, "a transcript comes with its draft"
    transcript, draft = names(outcome.job.name)
    text = render(outcome.transcript, TranscriptFormat.JSON, file=outcome.job.name)
    place.put(transcript, text.encode())
    place.put(draft, note_line(outcome.note))
