"""Spoken Danish → written form: numbers, units, abbreviations, commands, corrections and punctuation.

The steps are one file each; every piece of the result knows the spoken words it came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from terminology.spoken import abbreviations, commands, corrections, sentences, values
from terminology.spoken.pieces import CLOSING, OPENING, TIGHT, Kind, Piece, read

_SENTENCE_MARKS = frozenset(".,:;?!")


class Punctuation(StrEnum):
    """Where the full stops and commas of a note come from."""

    BOTH = "both"
    """Said ones are carried out; where none were said they are restored."""
    SPOKEN = "spoken"
    """Only those that were said."""
    RESTORED = "restored"
    """Only those that are restored: "punktum" and "komma" are words like others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A written stretch and the spoken words behind it; both ranges are half-open."""

    start: int
    """First character in the written text (Unicode code points)."""
    end: int
    """One past the last character."""
    first_word: int
    """Index of the first spoken word, counted over `spoken.split()`."""
    last_word: int
    """One past the index of the last spoken word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A written text and where each stretch of it was said."""

    text: str
    spans: tuple[Span, ...]
    """In the order of the text, not overlapping; together they cover everything but white space.

    Where a later word corrects an earlier one the words are not in the order of the text: it stands where the
    corrected word stood.
    """

    def words_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of spoken words behind the characters from `start` to `end`.

        Args:
            start: first character of the stretch.
            end: one past its last character.

        Returns:
            First spoken word and one past the last; (0, 0) where nothing but white space lies there.

        """
        touched = [span for span in self.spans if span.start < end and span.end > start]
        if not touched:
            return 0, 0
        return min(span.first_word for span in touched), max(span.last_word for span in touched)


def to_written(spoken: str, *, note: bool, punctuation: Punctuation = Punctuation.BOTH) -> Written:
    """Write spoken Danish as it should stand in a record.

    Args:
        spoken: what was said, number words as words or figures, with or without punctuation and capitals.
        note: True for a whole note, whose punctuation and capitals are restored where none were said;
            False for a fragment, to which nothing is added.
        punctuation: where the marks of sentences come from; numbers and layout are the same in all.

    Returns:
        The written text, each stretch with the spoken words it came from.

    """
    as_words = _SENTENCE_MARKS if punctuation is Punctuation.RESTORED else frozenset()
    pieces = commands.carry_out(commands.drop_hesitations(read(spoken)), as_words=as_words)
    pieces = commands.carry_out_late(values.find(pieces, note=note), as_words=as_words)
    pieces = commands.tidy(abbreviations.abbreviate(corrections.apply(pieces)))
    if punctuation is Punctuation.SPOKEN:
        pieces = [piece for piece in pieces if piece.said or piece.text not in _SENTENCE_MARKS]
    elif note:
        pieces = sentences.restore(pieces)
    return _join(sentences.capitalise(pieces, opening=note))


def _join(pieces: Sequence[Piece]) -> Written:
    """Set the pieces one after another with the white space that Danish has between them."""
    parts: list[str] = []
    spans: list[Span] = []
    position = 0
    tight, quoted = True, False
    for piece in pieces:
        quote = piece.kind is Kind.MARK and piece.text == '"'
        quoted = quoted != quote
        leans_back = _leans_back(piece) or (quote and not quoted)
        gap = "" if tight or leans_back else " "
        position += len(gap)
        end = position + len(piece.text)
        parts.append(gap + piece.text)
        if piece.kind is not Kind.BREAK:
            spans.append(Span(start=position, end=end, first_word=piece.first, last_word=piece.last))
        position = end
        tight = _leans_forward(piece) or (quote and quoted)
    return Written(text="".join(parts), spans=tuple(spans))


def _leans_back(piece: Piece) -> bool:
    """Tell whether a piece follows the one before without a space."""
    return piece.kind is Kind.BREAK or (piece.kind is Kind.MARK and piece.text in CLOSING | TIGHT)


def _leans_forward(piece: Piece) -> bool:
    """Tell whether a piece has no space after it."""
    return piece.kind is Kind.BREAK or (piece.kind is Kind.MARK and piece.text in OPENING | TIGHT)
