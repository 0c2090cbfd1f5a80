"""The pieces a dictation is made of on its way from spoken words to written text.

Each piece knows the spoken words it came from, so that the words' times survive every step.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from terminology.numerals import cardinal
from terminology.spoken.words import words


class Kind(StrEnum):
    """What a piece is."""

    WORD = "word"
    VALUE = "value"
    """A number with what belongs to it: "5 mg", "140/90", "kl. 8.15"."""
    MARK = "mark"
    """A punctuation mark."""
    BREAK = "break"
    """A new line."""


class Shape(StrEnum):
    """What a value means; a correction replaces a value by one of the same shape."""

    COUNT = "count"
    QUANTITY = "quantity"
    PRESSURE = "pressure"
    MEASURE = "measure"
    RANGE = "range"
    GRADE = "grade"
    TIMES = "times"
    CLOCK = "clock"
    DATE = "date"
    YEAR = "year"
    IDENTIFIER = "identifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a value piece holds beside its text."""

    shape: Shape
    number: str
    """The written number alone: "5" of "5 mg", "8.15" of "kl. 8.15"."""
    unit: str = ""
    """The written unit, "" without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of written text and the spoken words behind it."""

    kind: Kind
    text: str
    """As written."""
    first: int
    """Index of the first spoken word."""
    last: int
    """One past the last spoken word."""
    low: str = ""
    """Folded form of a word, "" for every other kind."""
    value: Value | None = None
    """Only on values."""
    said: bool = False
    """True for a mark that was spoken as a command."""


OPENING = frozenset("([«“„")
CLOSING = frozenset(".,:;?!)]»”…")
TIGHT = frozenset("/-")
"""Marks without a space on either side."""
SENTENCE_END = frozenset(".?!…")

_DOTTED = words(
    """
    kl. ca. sat. pr. p.o. s.c. i.m. i.v. evt. f.eks. bl.a. osv. m.m. m.v. mv. dvs. tlf. nr. obs. d. hhv.
    inkl. vedr. tbl. tabl. stk. min. max. maks. afd. dr. sml. jf. jvf. vha. pga. ift. hr. fr. kr. pct.
    h.s. v.s. dxt. sin. p.n. p.r. a.d. o.l. o.lign. lign. tidl. tlf.nr. f.x. pt. p.t.
    """
)
"""Abbreviations that keep their point; units are not among them: there the point ends the sentence."""
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.")
_ORDINAL = re.compile(r"(?:[12]?\d|3[01])\.")
_GLUED_UNIT = re.compile(r"(\d+(?:[.,]\d+)?)(%|‰|mg|ml|g|kg|cm|mm|dl|l|°c|mmol/l)", re.IGNORECASE)
_LEAD = "([«“„\"'"
_TRAIL = ".,:;?!)]»”\"'…"


def is_dotted(text: str) -> bool:
    """Tell whether `text` is an abbreviation or date that ends in a point of its own."""
    folded = text.casefold()
    return folded in _DOTTED or bool(_DATE.fullmatch(folded))


def word(text: str, first: int, last: int, low: str | None = None) -> Piece:
    """Make a word."""
    return Piece(kind=Kind.WORD, text=text, first=first, last=last, low=fold(text) if low is None else low)


def mark(text: str, first: int, last: int, *, said: bool = False) -> Piece:
    """Make a punctuation mark, or a line break from a newline."""
    kind = Kind.BREAK if text == "\n" else Kind.MARK
    return Piece(kind=kind, text=text, first=first, last=last, said=said)


def fold(text: str) -> str:
    """Fold a word for the rules."""
    return text.lower()


def read(spoken: str) -> list[Piece]:
    """Cut spoken text into words and marks; new lines are kept as breaks."""
    pieces: list[Piece] = []
    index = 0
    for line in spoken.split("\n"):
        raw = line.split()
        if raw and pieces:
            pieces.append(mark("\n", index, index))
        for position, text in enumerate(raw):
            follower = raw[position + 1] if position + 1 < len(raw) else ""
            timed = position > 0 and raw[position - 1].lower() in {"kl.", "kl", "klokken"}
            pieces.extend(_cut(text, index, follower, timed=timed))
            index += 1
    return pieces


def _cut(text: str, index: int, follower: str, *, timed: bool) -> Iterable[Piece]:
    """Part one spoken word from the marks around it; after "kl." (`timed`) "8.10." is a time, no date."""
    start, end = 0, len(text)
    while start < end and text[start] in _LEAD:
        start += 1
    while end > start and text[end - 1] in _TRAIL:
        core = text[start:end]
        dotted = is_dotted(core) and not (timed and core[0].isdecimal())
        if dotted or (follower[:1].islower() and _ORDINAL.fullmatch(core)):
            break
        end -= 1
    if start == end:
        yield word(text, index, index + 1, text)
        return
    for char in text[:start]:
        yield mark(char, index, index + 1)
    yield from _core(text[start:end], index)
    for char in text[end:]:
        yield mark(char, index, index + 1)


def _core(text: str, index: int) -> Iterable[Piece]:
    """Part "96%" into number and unit, and "to-tre" into a range."""
    glued = _GLUED_UNIT.fullmatch(text)
    if glued:
        yield from (word(part, index, index + 1) for part in glued.groups())
        return
    low = fold(text)
    left, hyphen, right = low.partition("-")
    if hyphen and cardinal((left,), 0) and cardinal((right,), 0) and not cardinal((low,), 0):
        yield from (word(part, index, index + 1) for part in (left, "til", right))
        return
    yield word(text, index, index + 1, low)


def lows(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """Return the folded words, "" in place of everything that is no plain word."""
    return tuple(piece.low for piece in pieces)
