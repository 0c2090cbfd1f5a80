"""Where somebody speaks, and how that is packed into the windows a recogniser listens to (pure)."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dictate.audio import SAMPLE_RATE

HOP = 512
"""Samples of sound for each speech probability (32 ms)."""
MEL_FRAMES_PER_SECOND = 100
MAX_FRAMES = 3000
"""30 s: the longest sound a Whisper model takes."""

_ON, _OFF = 0.4, 0.2
"""Speech begins at the first probability and lasts until it falls below the second: quiet endings stay."""
_SHORTEST_S = 0.06
"""A shorter burst is a click; the shortest word lasts longer."""
_SHORTEST_PAUSE_S = 0.3
"""A shorter silence is part of speaking."""
_PAD_S = 0.4
"""Kept on both sides of speech: voiceless beginnings and endings are easily missed."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a recording, in samples, half-open."""

    start: int
    end: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return (self.end - self.start) / SAMPLE_RATE


def speech_spans(probabilities: NDArray[np.float32], length: int) -> tuple[Span, ...]:
    """Find where somebody speaks.

    Args:
        probabilities: shape (m,), 0..1, that there is speech in each `HOP` samples.
        length: samples in the recording.

    Returns:
        Spans in order, none touching the next, with room for what the detector misses at both ends.

    """
    raw: list[list[int]] = []
    speaking = False
    for index, probability in enumerate(probabilities.tolist()):
        if probability >= (_OFF if speaking else _ON):
            if not speaking and (not raw or (index - raw[-1][1]) * HOP >= _SHORTEST_PAUSE_S * SAMPLE_RATE):
                raw.append([index, index])
            raw[-1][1] = index + 1
            speaking = True
        else:
            speaking = False
    kept = [Span(a * HOP, min(b * HOP, length)) for a, b in raw if (b - a) * HOP >= _SHORTEST_S * SAMPLE_RATE]
    return _padded([span for span in kept if span.start < span.end], length)


def _padded(spans: Sequence[Span], length: int) -> tuple[Span, ...]:
    """Widen spans at both ends; neighbours share a pause that is too short for both."""
    if not spans:
        return ()
    pad = round(_PAD_S * SAMPLE_RATE)
    middles = [(before.end + after.start) // 2 for before, after in itertools.pairwise(spans)]
    return tuple(
        Span(max(span.start - pad, low), min(span.end + pad, high))
        for span, low, high in zip(spans, [0, *middles], [*middles, length], strict=True)
    )


def pack(
    spans: Sequence[Span], probabilities: NDArray[np.float32], *, most_s: float, gap_s: float
) -> tuple[Span, ...]:
    """Join spans that are close, and part those that are too long at their least speech-like place.

    Args:
        spans: from `speech_spans`.
        probabilities: shape (m,), as for `speech_spans`.
        most_s: longest window in seconds.
        gap_s: longest silence inside a window in seconds.

    Returns:
        Windows in order that together cover all spans.

    """
    windows: list[Span] = []
    for span in spans:
        for piece in _parted(span, probabilities, round(most_s * SAMPLE_RATE)):
            if windows:
                joined = Span(windows[-1].start, piece.end)
                if joined.seconds <= most_s and (piece.start - windows[-1].end) / SAMPLE_RATE <= gap_s:
                    windows[-1] = joined
                    continue
            windows.append(piece)
    return tuple(windows)


def _parted(span: Span, probabilities: NDArray[np.float32], most: int) -> list[Span]:
    """Cut a span into pieces of at most `most` samples, where speech is least likely."""
    pieces = []
    while span.end - span.start > most:
        low, high = (span.start + most // 2) // HOP, (span.start + most) // HOP
        # The mean of three neighbours: one unsure moment inside a word is no pause.
        smooth = np.convolve(np.pad(probabilities, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")[low:high]
        last = len(smooth) - 1 - int(np.argmin(smooth[::-1]))
        cut = (low + last) * HOP + HOP // 2
        pieces.append(Span(span.start, cut))
        span = Span(cut, span.end)
    return [*pieces, span]


def window_frames(seconds: float, *, floor_s: float, n_mels: int, step_s: float = 2.5) -> int:
    """Mel frames to give the encoder for a stretch of speech.

    Whisper was trained on 30 s. Less is enough, and much faster, as long as a second of silence follows the
    speech and the window isn't shorter than the floor, below which the model falls apart.

    Args:
        seconds: length of the speech.
        floor_s: shortest window that the model bears.
        n_mels: mel bands of the model.
        step_s: windows come in multiples of this, so that several can be decoded at once.

    Returns:
        An even number of frames, at most 3,000.

    """
    needed = max(math.ceil((seconds + 1.0) / step_s) * step_s, floor_s)
    frames = min(round(needed * MEL_FRAMES_PER_SECOND), MAX_FRAMES)
    frames += frames % 2
    # CTranslate2 takes an encoder output whose time axis equals n_mels for features, and encodes it again.
    return frames + 2 if frames // 2 == n_mels else frames


def gain(samples: NDArray[np.float32], *, target_db: float = -20.0, most_db: float = 40.0) -> float:
    """Factor that brings speech to the level the model knows.

    Args:
        samples: shape (n,), -1..1.
        target_db: level of the louder half, in dB of full scale.
        most_db: never more than this, so that silence stays silence.

    Returns:
        A factor; more than 1 makes louder.

    """
    if not len(samples):
        return 1.0
    squares = np.square(samples, dtype=np.float64)
    louder = np.partition(squares, len(squares) // 2)[len(squares) // 2 :]
    level = math.sqrt(float(louder.mean()))
    return float(min(10 ** (target_db / 20) / max(level, 1e-9), 10 ** (most_db / 20)))
