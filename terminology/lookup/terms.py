"""What a look-up answers: terms with their codes, how sure, and found how."""

from dataclasses import dataclass

from terminology.concept import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class TermMatch:
    """A term that some words may be."""

    code: str
    value: str
    """The designation as the terminology has it."""
    score: float
    """0..100, as in RapidFuzz."""
    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class TermMention:
    """A stretch of text and the terms that it may be, best first, each code once."""

    start: int
    """First character (Unicode code points)."""
    end: int
    """One past the last character."""
    text: str
    matches: tuple[TermMatch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupOptions:
    """How a text is read."""

    fuzzy: bool = True
    """Whether words may be misspelt."""
    phonetic: bool = True
    """Whether words may be misheard."""
    cutoff: float = 80.0
    """Score (0..100) below which words are no mention."""
    alternatives: int = 5
    """Matches kept for one mention."""
