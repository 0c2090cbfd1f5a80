"""Measured and counted values: pressures, sizes, doses and plain numbers."""

from terminology.numerals import ARTICLES, cardinal
from terminology.spoken.amounts import Amount, amount, point_decimal
from terminology.spoken.counting import DAILY, MANY, grade, is_word, span, stays_word, times, with_unit
from terminology.spoken.cues import PRESSURE_CUES, ROUTES, VALUE_CUES, WHOLE_CUES
from terminology.spoken.pieces import Shape
from terminology.spoken.reading import Context, Reading, reading
from terminology.spoken.units import Unit, UnitKind, is_time, takes_article, unit
from terminology.spoken.words import words

_SYSTOLIC, _DIASTOLIC = (50, 300), (20, 200)
_GROUPED = frozenset({"begge", "alle", "os", "vi", "dem", "de", "disse", "jer"})
_AFTER_COUNT = words(
    """
    og i på ved uden med men nu igen som da efter før til fra af for under over om hvor der når eller
    samt ud
    """
)
_LENGTHS = frozenset({"cm", "mm", "m"})
_DRUNK = frozenset({"slag", "glas", "kop", "kopper", "krus"})
"""Counted things that are measurements in a care note."""
_DECIMAL_REACH = 20
"""Words that a decimal may take."""


def value(context: Context, start: int) -> Reading | None:
    """Read the value at `start`: signed, sized, ranged, graded, with its unit, or a plain number."""
    negative = context.word(start) == "minus" and not context.value_before()
    at = start + negative
    if context.word(at) == "komma":
        return _bare_decimal(context, at, negative=negative)
    if context.word_before() in {"par", "flere", "mange"} or _belongs_to_article(context, at):
        return None
    whole = context.word_before() in WHOLE_CUES
    first = amount(
        context.words, at, split=context.word_before() != "mellem", whole_only=whole, note=context.note
    ) or _point(context, at)
    if first is None:
        return None
    first = _detach_time(context, first, at)
    if first.value < 1 and context.value_before() and is_time(context.word(first.end)):
        # "VAS 2 ½ time efter" would read as two and a half hours.
        return None
    if negative:
        return None if first.article else _signed(context, first)
    return (
        _pressure(context, first)
        or _size(context, first)
        or times(context, first)
        or span(context, first)
        or grade(context, first)
        or _quantity(context, first)
        or _plain(context, first, at)
    )


def _belongs_to_article(context: Context, at: int) -> bool:
    """Tell whether "halv" stands after an "en" that was left a word."""
    return context.word_before() in ARTICLES and context.word(at) in {"halv", "halvt", "kvart", "trekvart"}


def _signed(context: Context, first: Amount) -> Reading:
    """Write a number below nought."""
    found = unit(context.words, first.end)
    if found:
        number = "-" + first.written(found[0].kind)
        return with_unit(context, number, found, Shape.QUANTITY)
    return reading(f"-{first.plain}", first.end, Shape.COUNT)


def _bare_decimal(context: Context, start: int, *, negative: bool) -> Reading | None:
    """Read "komma nul fem" without a number before it as 0,05; elsewhere "komma" is a comma."""
    if context.value_before() or (context.done and context.word(start + 1) != "nul"):
        return None
    if context.note and context.word(start + 1) != "nul":
        return None
    said = ("nul", *context.words[start : start + _DECIMAL_REACH])
    found = amount(said, 0)
    if found is None or found.whole:
        return None
    end = found.end + start - 1
    number = ("-" if negative else "") + found.plain
    measured = unit(context.words, end)
    if measured:
        return with_unit(context, number, measured, Shape.QUANTITY)
    return None if context.note else reading(number, end, Shape.COUNT)


def _point(context: Context, at: int) -> Amount | None:
    """Read "38.5" as a recogniser writes it, where a measurement stands before or a unit after it."""
    text = point_decimal(context.word(at))
    if not text:
        return None
    found = unit(context.words, at + 1)
    measured = found is not None and found[0].kind is UnitKind.MEASURE
    if not measured and context.word_before() not in VALUE_CUES:
        return None
    decimal = amount((text,), 0)
    if decimal is None:
        return None
    return Amount(value=decimal.value, plain=text, vulgar=text, end=at + 1, whole=False)


def _detach_time(context: Context, first: Amount, at: int) -> Amount:
    """Give "en halv" back in "blodsukker syv en halv time efter": it belongs to the time."""
    found = unit(context.words, first.end)
    if (
        first.whole
        or found is None
        or found[0].kind is not UnitKind.TIME
        or context.word(found[1]) not in {"efter", "før", "siden", "senere"}
        or context.word_before() not in VALUE_CUES
    ):
        return first
    return amount(context.words, at, whole_only=True) or first


def _pressure(context: Context, first: Amount) -> Reading | None:
    """Read "hundrede og fyrre over halvfems" as 140/90."""
    link, cued = context.word(first.end), context.word_before() in PRESSURE_CUES
    if link not in {"over", "skråstreg"} and not (cued and link in {"på", "med"}):
        return None
    second = amount(context.words, first.end + 1, whole_only=True)
    if second is None or not first.whole or not second.whole or second.article:
        return None
    in_range = _SYSTOLIC[0] <= first.value <= _SYSTOLIC[1] and _DIASTOLIC[0] <= second.value <= _DIASTOLIC[1]
    if not (cued or link == "skråstreg" or (in_range and first.value > second.value)):
        return None
    text = f"{first.plain}/{second.plain}"
    found = unit(context.words, second.end)
    if found and found[0].written == "mmHg":
        return with_unit(context, text, found, Shape.PRESSURE)
    return reading(text, second.end, Shape.PRESSURE)


def _size(context: Context, first: Amount) -> Reading | None:
    """Read "fire gange seks gange en centimeter" as 4 x 6 x 1 cm."""
    numbers = [first]
    while (following := _next_side(context, numbers[-1].end)) is not None:
        numbers.append(following)
    if len(numbers) == 1:
        return None
    end = numbers[-1].end
    found = unit(context.words, end)
    text = " x ".join(number.written(found[0].kind if found else None) for number in numbers)
    return with_unit(context, text, found, Shape.MEASURE) if found else reading(text, end, Shape.MEASURE)


def _next_side(context: Context, at: int) -> Amount | None:
    """Read "gange tre", where each side may carry its own unit: "to centimeter gange tre centimeter"."""
    side = unit(context.words, at)
    at = side[1] if side and side[0].written in _LENGTHS else at
    following = amount(context.words, at + 1) if context.word(at) in {"gange", "x"} else None
    if following and following.article:
        measured = unit(context.words, following.end)
        return following if measured and measured[0].written in _LENGTHS else None
    return following


def _quantity(context: Context, first: Amount) -> Reading | None:
    """Read a number with its unit: "fem milligram" is 5 mg."""
    found = unit(context.words, first.end)
    if found is None or (first.article and not _article_counts(context, found, first.end)):
        return None
    kind = found[0].kind
    # "for tre år siden", "to portioner": everyday counts stay words in running text.
    ago = kind is UnitKind.TIME and context.word(found[1]) == "siden"
    everyday = kind is UnitKind.COUNT and context.word(first.end) not in _DRUNK
    if not first.article and (ago or everyday) and stays_word(context, first):
        return None
    return with_unit(context, first.written(kind), found, Shape.QUANTITY)


def _article_counts(context: Context, found: tuple[Unit, int], at: int) -> bool:
    """Tell whether "en" before this unit is the number one."""
    if found[0].kind is UnitKind.PORTION:
        drug = context.before()
        named = drug is not None and drug.text[:1].isupper() and drug.low != ""
        alone = not context.done and not context.note
        return named or alone or context.word(found[1]) in ROUTES | DAILY
    return takes_article(context.word(at))


def _plain(context: Context, first: Amount, start: int) -> Reading | None:
    """Read a number that has no unit."""
    if first.article and not _lone_one(context, first):
        return None
    follower, before = context.word(first.end), context.word_before()
    if follower == "tak" and "tusind" in context.words[start : first.end]:
        return None
    small = first.whole and first.value < MANY and is_word(context, first)
    if small and before in _GROUPED:
        return None
    if small and context.note and before not in VALUE_CUES:
        # Before an everyday noun a small number stays a word.
        number = cardinal(context.words, first.end) is not None
        if follower.isalpha() and follower not in _AFTER_COUNT and not number:
            return None
    part = first.value < 1 and "/" not in first.plain
    return reading(first.vulgar if part else first.plain, first.end, Shape.COUNT)


def _lone_one(context: Context, first: Amount) -> bool:
    """Tell whether "en" or "et" without a unit is the number: alone, or as a score ("TOBS et")."""
    alone = not context.done and first.end >= len(context.words) and not context.note
    return alone or (context.word_before() in WHOLE_CUES and not context.word(first.end).isalpha())
