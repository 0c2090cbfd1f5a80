"""A transcript as text, JSON, captions or a table (pure)."""

import html
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from dictate.transcript import Segment, Transcript, Word

MAX_CAPTION_CHARACTERS = 84
"""Two lines of 42, as captions have it."""
MAX_CAPTION_S = 7.0
_PAUSE_S = 0.8
"""Silence after which a new caption begins."""


class TranscriptFormat(StrEnum):
    """How a transcript is written down."""

    TEXT = "text"
    JSON = "json"
    SRT = "srt"
    VTT = "vtt"
    TSV = "tsv"

    @property
    def suffix(self) -> str:
        """End of the file name, with its dot."""
        return ".txt" if self is TranscriptFormat.TEXT else f".{self.value}"

    @property
    def joinable(self) -> bool:
        """True where several transcripts can follow each other in one file."""
        return self in {TranscriptFormat.TEXT, TranscriptFormat.JSON}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What is shown at one time."""

    start: float
    """Seconds from the start of the recording."""
    end: float
    """Seconds from the start of the recording."""
    text: str


def render(transcript: Transcript, form: TranscriptFormat, *, file: str) -> str:
    """Write a transcript down; the words stay as they were recognised.

    Args:
        transcript: what was recognised.
        form: how to write it.
        file: the recording, as the user named it.

    Returns:
        Lines that each end with a line break; JSON is one line.

    """
    return _RENDERERS[form](transcript, file)


def captions(transcript: Transcript) -> Iterator[Caption]:
    """Cut a transcript into captions, at pauses, at ends of sentences and before they get too long."""
    for segment in transcript.segments:
        if not segment.words:
            yield Caption(start=segment.start, end=segment.end, text=segment.text)
            continue
        held: list[Word] = []
        for word in segment.words:
            if held and _is_full(held, word):
                yield _caption(held)
                held = []
            held.append(word)
        yield _caption(held)


def _is_full(held: list[Word], word: Word) -> bool:
    """True where `word` belongs to the next caption."""
    length = sum(len(one.text) + 1 for one in held) + len(word.text)
    return (
        length > MAX_CAPTION_CHARACTERS
        or word.end - held[0].start > MAX_CAPTION_S
        or word.start - held[-1].end > _PAUSE_S
        or held[-1].text.endswith((".", "?", "!"))
    )


def _caption(words: list[Word]) -> Caption:
    return Caption(start=words[0].start, end=words[-1].end, text=" ".join(word.text for word in words))


def _text(transcript: Transcript, _file: str) -> str:
    return f"{transcript.text}\n"


def _json(transcript: Transcript, file: str) -> str:
    content = {
        "file": file,
        "text": transcript.text,
        "language": transcript.language,
        "duration": transcript.duration,
        "model": {
            "name": transcript.model.name,
            "revision": transcript.model.revision,
            "compute_type": transcript.model.compute_type,
        },
        "segments": [_segment(segment) for segment in transcript.segments],
    }
    return json.dumps(content, ensure_ascii=False) + "\n"


def _segment(segment: Segment) -> dict[str, object]:
    return {
        "start": segment.start,
        "end": segment.end,
        "text": segment.text,
        "words": [_word(word) for word in segment.words],
    }


def _word(word: Word) -> dict[str, object]:
    content = {"text": word.text, "start": word.start, "end": word.end, "probability": word.probability}
    return {**content, "alternatives": list(word.alternatives)} if word.alternatives else content


def _srt(transcript: Transcript, _file: str) -> str:
    return "\n".join(
        f"{number}\n{_clock(one.start, ',')} --> {_clock(one.end, ',')}\n{one.text}\n"
        for number, one in enumerate(captions(transcript), start=1)
    )


def _vtt(transcript: Transcript, _file: str) -> str:
    cues = (
        f"{_clock(one.start, '.')} --> {_clock(one.end, '.')}\n{html.escape(one.text, quote=False)}\n"
        for one in captions(transcript)
    )
    return "\n".join(["WEBVTT\n", *cues])


def _tsv(transcript: Transcript, _file: str) -> str:
    """Start and end in whole milliseconds, as other Whisper tools write them."""
    rows = (
        f"{round(segment.start * 1000)}\t{round(segment.end * 1000)}\t{' '.join(segment.text.split())}\n"
        for segment in transcript.segments
    )
    return "start\tend\ttext\n" + "".join(rows)


def _clock(seconds: float, mark: str) -> str:
    """Write seconds as 00:00:00 and milliseconds after `mark`."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{mark}{milliseconds:03}"


_RENDERERS: Mapping[TranscriptFormat, Callable[[Transcript, str], str]] = MappingProxyType(
    {
        TranscriptFormat.TEXT: _text,
        TranscriptFormat.JSON: _json,
        TranscriptFormat.SRT: _srt,
        TranscriptFormat.VTT: _vtt,
        TranscriptFormat.TSV: _tsv,
    }
)
