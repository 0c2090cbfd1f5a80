"""How often, how many, from what to what: frequencies, ranges and grades."""

from fractions import Fraction

from terminology.numerals import ARTICLES
from terminology.spoken.amounts import Amount, amount
from terminology.spoken.cues import GRADE_CUES, ROUTES, VALUE_CUES
from terminology.spoken.pieces import Shape
from terminology.spoken.reading import Context, Reading, reading
from terminology.spoken.units import Unit, is_unit, unit

DAILY = frozenset({"dagligt", "daglig", "dgl", "dgl."})
_FRAMES = (
    ("om", "dagen"),
    ("i", "døgnet"),
    ("om", "ugen"),
    ("hver", "dag"),
    ("ugentligt",),
    ("ugentlig",),
    ("månedligt",),
    ("om", "måneden"),
    ("per", "døgn"),
    ("per", "dag"),
    ("pr.", "dag"),
    ("pr.", "døgn"),
)
MANY = 11
"""From here on a number in running text is always written in figures."""
_MAX_GRADE = 4
_LOWEST_SYSTOLIC = 50
_RANGE_WORDS = frozenset({"til", "-", "–", "bindestreg"})


def with_unit(context: Context, number: str, found: tuple[Unit, int], shape: Shape) -> Reading:
    """Write a number and its unit; a unit that is kept stands as it was said."""
    written = found[0].written
    kept = written == context.word(found[1] - 1)
    text = context.texts[found[1] - 1] if kept and found[1] else written
    return reading(f"{number} {text}", found[1], shape, number=number, unit=text)


def stays_word(context: Context, first: Amount) -> bool:
    """Tell whether a small number stays a word: in running text, before an everyday noun."""
    small = context.note and first.whole and first.value < MANY and is_word(context, first)
    return small and context.word_before() not in VALUE_CUES and not context.value_before()


def is_word(context: Context, first: Amount) -> bool:
    """Tell whether the number was said or written as one word."""
    return context.word(first.end - 1).isalpha()


def times(context: Context, first: Amount, number: str = "") -> Reading | None:
    """Read how often: "to gange dagligt" is x 2 dagligt, and after a dose any "tre gange" is x 3.

    Args:
        context: the words.
        first: the number, or the upper end of a range.
        number: the range as written, "" for a plain number.

    """
    if context.word(first.end) not in {"gange", "gang"} or not (first.whole or number):
        return None
    text, end = number or first.vulgar, first.end + 1
    framed = _framed(context, end)
    dosed = _after_dose(context) and (framed or not first.article)
    if dosed or (context.word(end) in DAILY and not number):
        return reading(f"x {text}", end, Shape.TIMES, number=text)
    frequency = framed or context.word(end) == "i"
    if first.article or (not number and not frequency and stays_word(context, first)):
        return None
    word = context.texts[first.end]
    return reading(f"{text} {word}", end, Shape.TIMES, number=text, unit=word)


def _framed(context: Context, at: int) -> bool:
    """Tell whether "om dagen", "i døgnet", "dagligt" or the like stands at `at`."""
    return context.word(at) in DAILY or any(context.words[at : at + len(frame)] == frame for frame in _FRAMES)


def _after_dose(context: Context) -> bool:
    """Tell whether a dose stands before, with or without its route."""
    back = 2 if context.word_before() in ROUTES else 1
    found = context.value_before(back)
    return found is not None and found.unit != "" and found.shape in {Shape.QUANTITY, Shape.RANGE}


def span(context: Context, first: Amount) -> Reading | None:
    """Read "otte til ti" as 8-10, with its unit; "fra otte til ti" keeps its words."""
    if context.word(first.end) not in _RANGE_WORDS or context.word_before() == "fra":
        return None
    second = _one_whole(context, first.end + 1) or amount(context.words, first.end + 1)
    if second is None or second.value <= first.value or _is_something_else(context, second):
        return None
    found = unit(context.words, second.end)
    kind = found[0].kind if found else None
    text = f"{first.written(kind)}-{second.written(kind)}"
    special = _pressures(context, first, second, text) or times(context, second, text)
    if special:
        return special
    if context.word(second.end) == "plus" and second.value <= _MAX_GRADE:
        return reading(f"{text}+", second.end + 1, Shape.GRADE)
    return with_unit(context, text, found, Shape.RANGE) if found else reading(text, second.end, Shape.RANGE)


def _is_something_else(context: Context, second: Amount) -> bool:
    """Tell whether the second number is an article, or opens a clock time."""
    follower = context.word(second.end)
    clock = follower in {"minutter", "minut"} and context.word(second.end + 1) in {"over", "i"}
    return clock or (second.article and not is_unit(follower))


def _pressures(context: Context, first: Amount, second: Amount, text: str) -> Reading | None:
    """Read "hundrede fyrre til hundrede halvtreds over halvfems" as 140-150/90."""
    if context.word(second.end) != "over":
        return None
    lower = amount(context.words, second.end + 1, whole_only=True)
    if lower is None or not lower.whole or not lower.value < first.value >= _LOWEST_SYSTOLIC:
        return None
    return reading(f"{text}/{lower.plain}", lower.end, Shape.PRESSURE)


def _one_whole(context: Context, at: int) -> Amount | None:
    """Read "en hel" before a unit as 1: "en halv til en hel tablet"."""
    whole = (
        context.word(at) in ARTICLES
        and context.word(at + 1) in {"hel", "helt"}
        and is_unit(context.word(at + 2))
    )
    return Amount(value=Fraction(1), plain="1", vulgar="1", end=at + 2) if whole else None


def grade(context: Context, first: Amount) -> Reading | None:
    """Read "to plus" as 2+; "et plus" only after what is graded so."""
    end = first.end + 1
    if context.word(first.end) != "plus" or not first.whole or not 0 < first.value <= _MAX_GRADE:
        return None
    if first.article and not _graded(context) and (context.done or context.word(end)):
        return None
    if amount(context.words, end) is not None and context.word(end) not in ARTICLES:
        return None
    return reading(f"{first.plain}+", end, Shape.GRADE)


def _graded(context: Context) -> bool:
    """Tell whether what is graded stands before, or another grade that is corrected."""
    corrected = context.value_before(2)
    return context.word_before() in GRADE_CUES or (corrected is not None and corrected.shape is Shape.GRADE)
