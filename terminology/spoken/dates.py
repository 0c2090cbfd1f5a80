"""Dates, years and ordinals as said in Danish: "den tredje i fjerde", "den femte maj", "tyve seksogtyve"."""

import re

from terminology.numerals import ARTICLES, cardinal, digits, ordinal
from terminology.spoken.pieces import Shape
from terminology.spoken.reading import Context, Reading, reading
from terminology.spoken.units import is_unit
from terminology.spoken.words import words

_MONTHS = words(
    """
    januar februar marts april maj juni juli august september oktober november december jan feb mar apr
    jun jul aug sep sept okt nov dec
    """
)
_CUES = frozenset({"den", "d.", "d"})
_WRITTEN_ORDINAL = re.compile(r"(\d{1,2})\.?")
_DAYS, _NUMBERED_MONTHS = 31, 12
_CENTURIES = frozenset({18, 19, 20})
_YEAR_CUES = frozenset(
    {"i", "år", "året", "født", "siden", "fra", "årgang", "sommeren", "foråret", "efteråret"}
)
_PERIODS = frozenset({"dag", "time", "uge", "måned", "år", "nat", "gang", "minut", "aften"})
_FIRST_SURE = 3
"""From "tredje" on an ordinal can be nothing else; "første" and "anden" are everyday words."""
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_WORD_UP_TO = 10
"""In running text ordinals up to this one stay words before a noun."""
_AFTER_DAY = words(
    """
    til og kl kl. klokken om i på ved med er var kommer bliver skal eller samt for fra hos punktum komma
    der hvor men så blev har hvis når
    """
)
"""Words that follow a day; any other word after an ordinal is taken for its noun."""


def date(context: Context, start: int) -> Reading | None:
    """Read a day and month, with "den" or without, and a year where one follows."""
    at = start + 1 if context.word(start) in _CUES else start
    day = _ordinal(context, at) or _day_before_month(context, at)
    if day is None or not 0 < day[0] <= _DAYS:
        return None
    number, at = day
    month = context.word(at)
    if month in _MONTHS:
        text, at = f"{number}. {context.texts[at].lower()}", at + 1
        year = _year(context, at)
        if year:
            text, at = f"{text} {year[0]}", year[1]
        return reading(text, at, Shape.DATE)
    linked = context.word(at) == "i"
    other = _ordinal(context, at + linked)
    if (
        other is None
        or not 0 < other[0] <= _NUMBERED_MONTHS
        or (not linked and context.word(start) not in _CUES)
    ):
        return None
    text, at = f"{number}.{other[0]}.", other[1]
    year = _year(context, at) or _short_year(context, at)
    if year:
        text, at = f"{text}{year[0]}", year[1]
    return reading(text, at, Shape.DATE)


def lone_ordinal(context: Context, start: int) -> Reading | None:
    """Read an ordinal by itself: "den tredje" (the day), "hver tredje dag", "enogtyvende"."""
    found = ordinal(context.words, start)
    if found is None or found[0] < _FIRST_SURE:
        return None
    number, end = found
    follower, before = context.word(end), context.word_before()
    day = before in _CUES and (not follower or follower in _AFTER_DAY)
    interval = before == "hver" and follower in _PERIODS
    if context.note and number <= _WORD_UP_TO and not day and not interval:
        return None
    return reading(f"{number}.", end, Shape.DATE)


def year(context: Context, start: int) -> Reading | None:
    """Read "nitten seksogfyrre" or "tyve seksogtyve" where the word before asks for a year."""
    if context.word_before() not in _YEAR_CUES:
        return None
    found = _pair_year(context, start)
    return reading(found[0], found[1], Shape.YEAR) if found else None


def _ordinal(context: Context, start: int) -> tuple[int, int] | None:
    """Read an ordinal in words or figures."""
    written = _WRITTEN_ORDINAL.fullmatch(context.word(start))
    if written and (context.word(start).endswith(".") or context.word(start + 1) in _MONTHS):
        return int(written[1]), start + 1
    return ordinal(context.words, start)


def _day_before_month(context: Context, start: int) -> tuple[int, int] | None:
    """Read a plain number before the name of a month: "fjorten maj"."""
    found = cardinal(context.words, start)
    return (
        found if found and context.word(found[1]) in _MONTHS and context.word(start) not in ARTICLES else None
    )


def _year(context: Context, start: int) -> tuple[str, int] | None:
    """Read a year of four figures."""
    figures = context.word(start)
    if re.fullmatch(r"(?:18|19|20)\d\d", figures):
        return figures, start + 1
    found = cardinal(context.words, start)
    if found and _FIRST_YEAR <= found[0] < _LAST_YEAR:
        return str(found[0]), found[1]
    return _pair_year(context, start)


def _pair_year(context: Context, start: int) -> tuple[str, int] | None:
    """Read a year said as two numbers: "nitten seksogfyrre", "tyve nul fem"."""
    century = digits(context.words, start)
    if century is None or not century[0].isdecimal() or int(century[0]) not in _CENTURIES:
        return None
    if context.word(century[1]) == "nul":
        single = digits(context.words, century[1] + 1)
        found = (f"0{single[0]}", single[1]) if single and len(single[0]) == 1 else None
    else:
        found = digits(context.words, century[1])
    if found is None or len(found[0]) != 2 or is_unit(context.word(found[1])):  # noqa: PLR2004 - two figures
        return None
    return f"{century[0]}{found[0]}", found[1]


def _short_year(context: Context, start: int) -> tuple[str, int] | None:
    """Read a year of two figures after a day and month in figures."""
    found = digits(context.words, start)
    closed = found and context.word(found[1]) in {"", "punktum", "komma", "kl", "klokken"}
    return found if found and closed and len(found[0]) == len("26") else None
