"""What a recogniser promises: blocks of sound in, recognised words out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from dictate.audio import AudioClip
from dictate.transcript import ModelName, Transcript

Progress = Callable[[float], None]
"""Called with the seconds of sound that are done, counted from the start of the recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeOptions:
    """How to listen; the defaults are for dictation in Danish."""

    language: str = "da"
    """ISO 639-1 code; the language is given, never guessed."""
    beam_size: int = 8
    """Hypotheses kept while decoding; three fewer in recordings of more than a minute."""
    word_times: bool = True
    """True gives every word its times and probability, and leaves out words that have no sound of their own;
    False gives segments without words."""
    terms: frozenset[str] | None = None
    """Words of the vocabulary in use, lower case, any number: written where the recogniser is unsure and both
    spelling and sound speak for them. Needs `word_times`. None takes those that the recogniser knows of."""
    second_look: float = -0.6
    """Mean log-probability per token below which a stretch is decoded once more, in another way, and the
    better kept. 0 looks twice always, -inf only where the decoder looped or most of the speech is missing."""

    def __post_init__(self) -> None:
        """Refuse what no recogniser can do.

        Raises:
            ValueError: the beam is empty.

        """
        if self.beam_size < 1:
            raise ValueError(f"beam_size must be at least 1, not {self.beam_size}")


class Transcriber(Protocol):
    """Turns sound into recognised words; the same sound always gives the same words."""

    @property
    def model(self) -> ModelName:
        """Which weights listen."""
        ...

    def transcribe(
        self, blocks: Iterable[AudioClip], options: DecodeOptions = ..., *, progress: Progress | None = None
    ) -> Transcript:
        """Recognise a recording.

        Args:
            blocks: consecutive stretches of it at 16 kHz, cut in pauses, as from `dictate.audio.read_blocks`.
            options: how to listen.
            progress: told after each stretch how far it is.

        Raises:
            TranscriptionError: the model can't do what the options ask for.

        """
        ...
