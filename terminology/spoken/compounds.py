"""Values that are said in a form of their own: heights, approximations, ages, paragraphs of a law."""

import re

from terminology.numerals import ARTICLES, cardinal
from terminology.spoken.amounts import amount
from terminology.spoken.counting import with_unit
from terminology.spoken.cues import VALUE_CUES
from terminology.spoken.pieces import Shape
from terminology.spoken.reading import Context, Reading, reading
from terminology.spoken.units import is_unit, unit

_AGE = re.compile(r"(.+?)(årig|åriges?|timers|dages|ugers|minutters|måneders|døgns|procents|tiden|årigt)")
_METRE = 100
_NEIGHBOURS = frozenset({(low, low + 1) for low in range(1, 10)} | {(8, 10), (10, 12)})
"""Numbers that are said side by side for "about so many": "to tre", "otte ti"."""


def height(context: Context, start: int) -> Reading | None:
    """Read "en meter og treogtres" as 1,63 m."""
    words = context.words
    metres = cardinal(words, start, split=False)
    if metres is None or metres[0] not in {1, 2} or context.word(metres[1]) != "meter":
        return None
    at = metres[1] + 1
    at += context.word(at) == "og"
    if context.word(at) == "nul":
        at += 1
    rest = cardinal(words, at)
    if rest is None or not 0 < rest[0] < _METRE:
        return None
    end = rest[1]
    if context.word(end) in {"centimeter", "cm"}:
        end += 1
    elif is_unit(context.word(end)) or context.word(end) in {"gange", "over", "til"} or words[at] in ARTICLES:
        return None
    number = f"{metres[0]},{rest[0]:02d}"
    return reading(f"{number} m", end, Shape.QUANTITY, number=number, unit="m")


def approximation(context: Context, start: int) -> Reading | None:
    """Read two neighbouring numbers before what is counted: "to tre dage" is 2-3 dage."""
    first = amount(context.words, start)
    if first is None or not first.whole or first.article or first.end != start + 1:
        return None
    if context.word_before() in VALUE_CUES:
        return None
    second = amount(context.words, first.end)
    if second is None or not second.whole:
        return None
    if second.end != first.end + 1 or (int(first.value), int(second.value)) not in _NEIGHBOURS:
        return None
    found = unit(context.words, second.end)
    if found is None or not context.words[start].isalpha():
        return None
    return with_unit(context, f"{first.plain}-{second.plain}", found, Shape.RANGE)


def compound(context: Context, start: int) -> Reading | None:
    """Read a number glued to a word: "toogfirsårig" is 82-årig, "ottetiden" is 8-tiden."""
    found = _AGE.fullmatch(context.word(start))
    end = start + 1
    if found is None:
        number = cardinal(context.words, start)
        if number is None or context.word(number[1]) not in {"årig", "årige", "tiden"}:
            return None
        return reading(f"{number[0]}-{context.word(number[1])}", number[1] + 1, Shape.COUNT)
    head, tail = found.groups()
    number = cardinal((head,), 0)
    if number is None or head in ARTICLES:
        return None
    if tail == "procents":
        return reading(f"{number[0]} %", end, Shape.QUANTITY, number=str(number[0]), unit="%")
    return reading(f"{number[0]}-{tail}", end, Shape.COUNT)


def paragraph(context: Context, start: int) -> Reading | None:
    """Read "paragraf treogfirs" as § 83."""
    if context.word(start) != "paragraf":
        return None
    number = cardinal(context.words, start + 1)
    return reading(f"§ {number[0]}", number[1], Shape.IDENTIFIER) if number else None
