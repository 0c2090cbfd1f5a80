"""A recogniser for tests and benchmarks that hears exactly what was written into the sound.

`Script.spell` writes a text as sound in which each word has a level of its own; `ScriptedTranscriber` reads
the levels back. So words have true times, sound that is cut loses its words, and no model is needed.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.capture import Sound
from dictate.transcriber.base import DecodeOptions, Progress
from dictate.transcript import ModelName, Segment, Transcript, Word

WORD_S, GAP_S, PAUSE_S = 0.25, 0.05, 0.6
MODEL = ModelName(name="scripted", revision="1", compute_type="none")
_LEAST, _STEP = 0.1, 0.002
"""Level of the first word, and from one to the next."""
_BLOCK = round(0.01 * SAMPLE_RATE)
_SHORTEST_BLOCKS = 8


class Script:
    """The words that can be said, each with its level."""

    def __init__(self, *texts: str) -> None:
        """Number the words of all texts."""
        self.words = tuple(dict.fromkeys(word for text in texts for word in text.split()))

    def spell(self, text: str) -> Sound:
        """Write a text as sound; "/" is a pause of 0.6 s."""
        parts: list[Sound] = []
        for word in text.split():
            if word == "/":
                parts.append(np.zeros(round(PAUSE_S * SAMPLE_RATE), np.float32))
                continue
            level = _LEAST + _STEP * self.words.index(word)
            tone = np.full(round(WORD_S * SAMPLE_RATE), level, np.float32)
            tone[1::2] *= -1
            parts += [tone, np.zeros(round(GAP_S * SAMPLE_RATE), np.float32)]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def word_at(self, level: float) -> str | None:
        """Return the word with this level."""
        place = round((level - _LEAST) / _STEP)
        close = abs(level - _LEAST - _STEP * place) < _STEP / 4
        return self.words[place] if close and 0 <= place < len(self.words) else None


class ScriptedTranscriber:
    """Hears a script; see `dictate.transcriber.base.Transcriber`."""

    def __init__(self, script: Script, *, doubts: Mapping[str, float] | None = None) -> None:
        """Hear these words; `doubts`: word to its probability, where that isn't 0.95."""
        self._script, self._doubts = script, dict(doubts or {})
        self.passes = 0

    @property
    def model(self) -> ModelName:
        """Which weights listen: none."""
        return MODEL

    def transcribe(
        self,
        blocks: Iterable[AudioClip],
        options: DecodeOptions = DecodeOptions(),  # noqa: B008 - frozen
        *,
        progress: Progress | None = None,
    ) -> Transcript:
        """Read the words out of the sound."""
        self.passes += 1
        samples = np.concatenate([block.samples for block in blocks])
        seconds = len(samples) / SAMPLE_RATE
        words = tuple(self._words(samples))
        if progress:
            progress(seconds)
        segments = (_segment(words),) if words else ()
        return Transcript(segments=segments, language=options.language, duration=seconds, model=MODEL)

    def _words(self, samples: Sound) -> Iterable[Word]:
        frames = np.abs(samples[: len(samples) // _BLOCK * _BLOCK]).reshape(-1, _BLOCK)
        levels = [*np.median(frames, axis=1).tolist(), 0.0]
        first = 0
        for place in range(1, len(levels)):
            if abs(levels[place] - levels[first]) < _STEP / 4:
                continue
            word = self._script.word_at(levels[first])
            if word is not None and place - first >= _SHORTEST_BLOCKS:
                yield Word(
                    text=word,
                    start=round(first * _BLOCK / SAMPLE_RATE, 3),
                    end=round(place * _BLOCK / SAMPLE_RATE, 3),
                    probability=self._doubts.get(word, 0.95),
                )
            first = place


def _segment(words: Sequence[Word]) -> Segment:
    return Segment(
        text=" ".join(word.text for word in words),
        start=words[0].start,
        end=words[-1].end,
        words=tuple(words),
        avg_logprob=-0.1,
        no_speech_prob=0.0,
    )
