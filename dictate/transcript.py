"""What was recognised: words with times, in the order they were said."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One recognised word, with a leading space only where `text` had none to drop."""

    text: str
    """The word as recognised, punctuation attached, without surrounding space."""
    start: float
    """Seconds from the start of the recording."""
    end: float
    """Seconds from the start of the recording."""
    probability: float
    """How sure the recogniser is, 0..1 (mean over the word's tokens)."""
    alternatives: tuple[str, ...] = ()
    """What was heard, where `text` was chosen instead of it; other readings after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of speech decoded in one piece."""

    text: str
    start: float
    """Seconds from the start of the recording."""
    end: float
    """Seconds from the start of the recording."""
    words: tuple[Word, ...]
    avg_logprob: float
    """Mean natural-log probability per token."""
    no_speech_prob: float
    """The model's own estimate that nobody spoke, 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelName:
    """Which weights produced a transcript."""

    name: str
    revision: str
    compute_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The recognised words of one recording."""

    segments: tuple[Segment, ...]
    language: str
    """ISO 639-1 code, such as "da"."""
    duration: float
    """Length of the recording in seconds."""
    model: ModelName

    @property
    def text(self) -> str:
        """All recognised text, one space between segments."""
        return " ".join(segment.text for segment in self.segments if segment.text)

    @property
    def words(self) -> tuple[Word, ...]:
        """All words in the order they were said."""
        return tuple(word for segment in self.segments for word in segment.words)
