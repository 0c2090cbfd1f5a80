"""Words while somebody speaks: two passes that agree commit a word, and it never changes again (pure).

An utterance is heard again about every second. What two passes in a row hear alike at its beginning is
committed; the rest is tentative. At a pause the utterance is sealed and the next one begins.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from dictate.audio import SAMPLE_RATE
from dictate.capture import Sound
from dictate.transcript import Segment, Transcript, Word

_SAME_TIME_S = 0.1
"""Two passes place the same word so far apart."""
_LONGEST_OVERLAP = 5
"""Words that a pass may repeat of what is committed."""

_FRAME_S = 0.03
_PAUSE_S = 0.5
_EAGER_S = 12.0
"""From here on every pause ends an utterance: what is left to hear after the last key press stays short.
With 8 s a sixth more words were wrong, as each is heard with less around it."""
_LONGEST_S = 16.0
"""Then it ends at its quietest place."""
_SEARCH_S = 4.0
_QUIET = 0.12
"""Of the loudness of speech; what is softer is a pause."""
_FLOOR = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """What is known of a dictation while it lasts."""

    committed: tuple[Word, ...] = ()
    """Never changes, only grows."""
    tentative: tuple[Word, ...] = ()
    """The last guess at the rest."""

    @property
    def words(self) -> tuple[Word, ...]:
        """All of it."""
        return self.committed + self.tentative

    def heard(self, words: Iterable[Word]) -> "Partial":
        """Return what is known after one more pass.

        Args:
            words: of the whole utterance at hand, in seconds from the start of the dictation.

        """
        fresh = self._beyond(tuple(words))
        agreed = 0
        for before, now in zip(self.tentative, fresh, strict=False):
            if _fold(before.text) != _fold(now.text):
                break
            agreed += 1
        return Partial(committed=self.committed + fresh[:agreed], tentative=fresh[agreed:])

    def sealed(self, words: Iterable[Word]) -> "Partial":
        """Return what is known after the last pass over an utterance: all of it is committed."""
        return Partial(committed=self.committed + self._beyond(tuple(words)))

    def without(self, start: float) -> "Partial":
        """Return what is left when everything from `start` on is taken back by the speaker."""
        return Partial(committed=tuple(word for word in self.committed if word.start < start))

    def _beyond(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """Return the words that come after what is committed."""
        if not self.committed:
            return words
        done = self.committed[-1].end
        fresh = tuple(word for word in words if word.start > done - _SAME_TIME_S)
        for length in range(min(_LONGEST_OVERLAP, len(self.committed), len(fresh)), 0, -1):
            tail = [_fold(word.text) for word in self.committed[-length:]]
            if tail == [_fold(word.text) for word in fresh[:length]]:
                return fresh[length:]
        return fresh


def utterance_end(samples: Sound) -> int | None:
    """Find where the utterance at the head of `samples` ends; None where it goes on.

    Args:
        samples: shape (n,), what was said since the last end, at 16 kHz.

    Returns:
        Index of a sample in a pause, or at the quietest place where nobody pauses for long.

    """
    seconds = len(samples) / SAMPLE_RATE
    if seconds < _EAGER_S:
        return None
    step = round(_FRAME_S * SAMPLE_RATE)
    loudness = _loudness(samples)
    quiet = loudness < _quiet_below(loudness)
    need = round(_PAUSE_S / _FRAME_S)
    run = 0
    best: int | None = None
    for place, is_quiet in enumerate(quiet.tolist()):
        run = run + 1 if is_quiet else 0
        if run >= need and place >= _EAGER_S / _FRAME_S:
            best = place - run // 2
    if best is not None:
        return best * step
    if seconds < _LONGEST_S:
        return None
    first = len(loudness) - round(_SEARCH_S / _FRAME_S)
    width = 5
    smooth = np.convolve(loudness[first:], np.ones(width) / width, mode="valid")
    return (first + int(np.argmin(smooth)) + width // 2) * step


def is_silence(part: Sound, speech: Sound) -> bool:
    """Tell whether nobody speaks in `part`, which is as soft everywhere as the pauses of `speech`.

    Args:
        part: shape (n,); True where it is empty.
        speech: shape (m,), of the same speaker at the same microphone.

    """
    if not len(part):
        return True
    step = round(_FRAME_S * SAMPLE_RATE)
    padded = np.pad(part, (0, -len(part) % step), mode="wrap")
    loudness = _loudness(speech)
    return bool(len(loudness)) and bool(np.all(_loudness(padded) < _quiet_below(loudness)))


def shifted(segments: Iterable[Segment], seconds: float) -> tuple[Segment, ...]:
    """Return segments moved by `seconds`, with their words."""
    return tuple(
        replace(
            segment,
            start=round(segment.start + seconds, 3),
            end=round(segment.end + seconds, 3),
            words=tuple(
                replace(word, start=round(word.start + seconds, 3), end=round(word.end + seconds, 3))
                for word in segment.words
            ),
        )
        for segment in segments
    )


def without_words(transcript: Transcript, dropped: Iterable[tuple[float, float]]) -> Transcript:
    """Return a transcript without the words whose middle lies in one of the stretches (seconds)."""
    stretches = tuple(dropped)
    if not stretches:
        return transcript
    segments = []
    for segment in transcript.segments:
        words = tuple(
            word
            for word in segment.words
            if not any(start <= (word.start + word.end) / 2 < end for start, end in stretches)
        )
        if len(words) == len(segment.words):
            segments.append(segment)
        elif words:
            segments.append(
                replace(
                    segment,
                    words=words,
                    text=" ".join(word.text for word in words),
                    start=words[0].start,
                    end=words[-1].end,
                )
            )
    return replace(transcript, segments=tuple(segments))


def _loudness(samples: Sound) -> Sound:
    """Return the loudness of each whole frame."""
    step = round(_FRAME_S * SAMPLE_RATE)
    frames = samples[: len(samples) // step * step].reshape(-1, step)
    return np.asarray(np.sqrt(np.mean(np.square(frames), axis=1)), dtype=np.float32)


def _quiet_below(loudness: Sound) -> float:
    return max(float(np.percentile(loudness, 90)) * _QUIET, _FLOOR)


def _fold(text: str) -> str:
    return text.casefold().strip(" .,;:?!…-–\"'()")
