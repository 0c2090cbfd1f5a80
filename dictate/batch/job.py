"""One recording of a batch: what is to be done, and what came of it. Doing it twice gives the same."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dictate.audio import DamagedAudioError, read_blocks
from dictate.draft import Drafter
from dictate.entry import Note
from dictate.errors import DictateError
from dictate.heard import draft_transcript
from dictate.process import give_back_memory
from dictate.transcriber.base import Transcriber
from dictate.transcript import Transcript

_UNPACKED = 32_000
_LOSSLESS = 16_000
_PACKED = 6_000
_BYTES_A_SECOND = {
    **dict.fromkeys((".wav", ".aif", ".aiff", ".caf"), _UNPACKED),
    ".flac": _LOSSLESS,
}
"""Of speech at 16 kHz; all other endings are packed, as telephones do it."""

Progress = Callable[[float], None]
"""Told how many seconds of the recording are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a recording beside its sound."""

    citizen: str = field(default="", repr=False)
    """CPR number as ten digits; empty where unknown."""
    author: str = ""
    """Account of who spoke."""
    recorded: datetime | None = None
    """Aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A recording to be done."""

    path: Path
    address: str = ""
    """Where it is to be fetched from, if it doesn't lie on a file system; `path` then only has its ending."""
    name: str
    """Where it lies below the inbox, with forward slashes; names its results."""
    content_hash: str
    """SHA-256 of the file."""
    size: int
    """Bytes."""
    about: About = About()

    @property
    def note_id(self) -> str:
        """The same for the same sound, wherever it lies."""
        return self.content_hash[:16]

    @property
    def rough_seconds(self) -> float:
        """About how long it is, without a look inside: whoever opens a file may be brought down by it."""
        return self.size / _BYTES_A_SECOND.get(self.path.suffix.lower(), _PACKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a recording."""

    job: Job
    transcript: Transcript | None = field(default=None, repr=False)
    note: Note | None = field(default=None, repr=False)
    why: str = ""
    """Why it failed; never text of the note."""
    work_s: float = 0.0
    """Seconds of a clock that the work took."""
    salvaged: bool = False
    """The recording is damaged; this is what is whole of it."""

    @property
    def failed(self) -> bool:
        """Tell whether nothing came of it."""
        return self.transcript is None

    @property
    def empty(self) -> bool:
        """Tell whether nobody spoke."""
        return self.transcript is not None and not self.transcript.words


@dataclass(frozen=True, slots=True)
class Worker:
    """A speech model and a vocabulary, ready to do one recording after the other."""

    transcriber: Transcriber
    drafter: Drafter
    salvage: bool = False
    """Keep what is whole of a damaged recording."""

    def do(self, job: Job, progress: Progress | None = None) -> Outcome:
        """Do a recording; whatever is wrong with it is told in the outcome."""
        try:
            return self._done(job, progress)
        finally:
            give_back_memory()

    def _done(self, job: Job, progress: Progress | None) -> Outcome:
        start = time.monotonic()
        salvaged = False
        try:
            try:
                transcript = self.transcriber.transcribe(read_blocks(job.path), progress=progress)
            except DamagedAudioError:
                if not self.salvage:
                    raise
                salvaged = True
                blocks = read_blocks(job.path, salvage=True)
                transcript = self.transcriber.transcribe(blocks, progress=progress)
            note = draft_transcript(self.drafter, job.note_id, transcript)
        except DictateError as error:
            return Outcome(job=job, why=str(error), work_s=time.monotonic() - start)
        except Exception as error:  # noqa: BLE001 - one bad recording must not stop the others
            # Only the kind of error: its message may hold what was said.
            return Outcome(
                job=job,
                why=f"Unexpected {type(error).__name__}; please report it.",
                work_s=time.monotonic() - start,
            )
        return Outcome(
            job=job, transcript=transcript, note=note, work_s=time.monotonic() - start, salvaged=salvaged
        )
