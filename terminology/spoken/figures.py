"""Values that come in already written, as recognisers write them: "140/90", "8-10 dage", "2x3 cm"."""

import re

from terminology.spoken.counting import with_unit
from terminology.spoken.pieces import Shape
from terminology.spoken.reading import Context, Reading, reading
from terminology.spoken.units import unit

_SIZE = re.compile(r"\d+(?:,\d+)?(?:x\d+(?:,\d+)?)+")
_RANGE = re.compile(r"\d+(?:,\d+)?[-–]\d+(?:,\d+)?")
_PLAIN = (
    (re.compile(r"\d{2,3}/\d{2,3}"), Shape.PRESSURE),
    (re.compile(r"[1-4]\+"), Shape.GRADE),
    (re.compile(r"\d{6}-\d{4}"), Shape.IDENTIFIER),
    (re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{2}|\d{4})?"), Shape.DATE),
)


def figures(context: Context, start: int) -> Reading | None:
    """Read a value that is already in figures; plain numbers are read with the spoken ones."""
    word, text = context.word(start), context.texts[start]
    if not word[:1].isdecimal():
        return None
    for pattern, shape in _PLAIN:
        if pattern.fullmatch(word):
            return reading(text, start + 1, shape)
    size = _SIZE.fullmatch(word)
    if not size and not _RANGE.fullmatch(word):
        return None
    number = word.replace("x", " x ")
    shape = Shape.MEASURE if size else Shape.RANGE
    found = unit(context.words, start + 1)
    return with_unit(context, number, found, shape) if found else reading(number, start + 1, shape)
