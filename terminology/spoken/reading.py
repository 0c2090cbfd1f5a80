"""What the rules for spoken numbers read, and the words around it that they may look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from terminology.spoken.pieces import Kind, Piece, Shape, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value read from some words."""

    text: str
    """As written."""
    end: int
    """Index after the last word used."""
    value: Value


def reading(text: str, end: int, shape: Shape, *, number: str = "", unit: str = "") -> Reading:
    """Make a reading; `number` is the whole text unless said otherwise."""
    return Reading(text=text, end=end, value=Value(shape=shape, number=number or text, unit=unit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The words of a dictation and what stands written before the rule's place."""

    words: tuple[str, ...]
    """Folded words, "" for what is no plain word."""
    texts: tuple[str, ...]
    """The same words as they came in."""
    done: Sequence[Piece]
    """The pieces written so far."""
    note: bool
    """True for running text, False for a fragment."""

    def word(self, at: int) -> str:
        """Return the folded word at `at`, "" outside the text."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def before(self, count: int = 1) -> Piece | None:
        """Return the piece written `count` places back."""
        return self.done[-count] if len(self.done) >= count else None

    def word_before(self, count: int = 1) -> str:
        """Return the folded word written `count` places back, "" for anything else."""
        piece = self.before(count)
        return piece.low if piece else ""

    def value_before(self, count: int = 1) -> Value | None:
        """Return the value written `count` places back, if a value stands there."""
        piece = self.before(count)
        return piece.value if piece and piece.kind is Kind.VALUE else None
