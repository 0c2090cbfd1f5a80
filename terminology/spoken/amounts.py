"""Amounts: whole numbers, decimals, halves and fractions, as said or already in figures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from terminology.numerals import ARTICLES, cardinal, digits, write_integer
from terminology.spoken.units import UnitKind, is_unit, unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number as said, with both ways to write it."""

    value: Fraction
    plain: str
    """Written as a decimal ("1,5"), or as a fraction where no decimal is exact ("1/3")."""
    vulgar: str
    """Written with ½ ¼ ¾ where that is possible, else as `plain`."""
    end: int
    """Index after the last word."""
    article: bool = False
    """True for a lone "en" or "et", far more often an article than a number."""
    whole: bool = True
    """True for a whole number."""

    def written(self, kind: UnitKind | None) -> str:
        """Return the figures that go before a unit of `kind`; None is no unit at all."""
        if kind in {UnitKind.DOSE, UnitKind.PORTION, UnitKind.TIME, UnitKind.COUNT}:
            return self.vulgar
        return self.plain


_HALF, _QUARTER, _THREE_QUARTERS = Fraction(1, 2), Fraction(1, 4), Fraction(3, 4)
_VULGAR = {_HALF: "½", _QUARTER: "¼", _THREE_QUARTERS: "¾"}
_FROM_VULGAR = {sign: value for value, sign in _VULGAR.items()}
_HALVES = frozenset({"halv", "halvt"})
_SCALES = {"hundrede": 100, "tusind": 1000, "tusinde": 1000, "million": 10**6, "millioner": 10**6}
"""What may follow a half: "to et halvt tusind"."""
_PARTS = {
    f"{stem}del{ending}": size
    for stem, size in (
        ("tredje", 3),
        ("fjerde", 4),
        ("femte", 5),
        ("sjette", 6),
        ("syvende", 7),
        ("ottende", 8),
        ("niende", 9),
        ("tiende", 10),
        ("hundrede", 100),
    )
    for ending in ("", "e")
}
_WHOLE_FIGURES = re.compile(r"\d{1,15}|\d{1,3}(?:\.\d{3}){1,4}")
_DECIMAL_FIGURES = re.compile(r"(\d{1,12}),(\d{1,9})")
_POINT_FIGURES = re.compile(r"(\d{1,4})\.(\d{1,2})")
_VULGAR_FIGURES = re.compile(r"(\d{0,6})([½¼¾])")
_COUNTING = frozenset({"gange", "gang", "til", "plus", "over", "x"})
_TEN, _DECIMAL_LIMIT = 10, 100


def _made(value: Fraction, end: int) -> Amount:
    """Make the amount of a value with halves or quarters."""
    whole, rest = divmod(value, 1)
    figures = f"{float(rest):.2f}".rstrip("0")[1:].replace(".", ",")
    plain = f"{write_integer(int(whole))}{figures}" if rest else write_integer(int(whole))
    vulgar = f"{int(whole) or ''}{_VULGAR[rest]}" if rest in _VULGAR else plain
    return Amount(value=value, plain=plain, vulgar=vulgar, end=end, whole=not rest)


def amount(
    words: Sequence[str], start: int, *, split: bool = True, whole_only: bool = False, note: bool = False
) -> Amount | None:
    """Read an amount at `start`.

    Args:
        words: folded words.
        start: index of the first word.
        split: False where "to og tyve" are two numbers.
        whole_only: True where the measurement takes no decimals, so that "komma" is a comma.
        note: True in running text, where "komma ti" after a number is more likely a comma.

    Returns:
        The amount, None where none starts.

    """
    found = _part(words, start) or _counted(words, start, split=split, whole_only=whole_only, note=note)
    scale = _SCALES.get(_word(words, found.end)) if found and not found.whole else None
    return _made(found.value * scale, found.end + 1) if found and scale else found


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def _part(words: Sequence[str], start: int) -> Amount | None:
    """Read what is less than one, or "halvanden": "en halv", "tre kvart", "to tredjedele"."""
    first, second = _word(words, start), _word(words, start + 1)
    if first in {"halvanden", "halvandet"} and cardinal(words, start) is None:
        return _made(Fraction(3, 2), start + 1)
    if first in ARTICLES or first in _HALVES or first in {"kvart", "trekvart", "tre"}:
        after = start + 1 if first in ARTICLES else start
        small = _small_part(words, after)
        if small and _is_part(words, start, small):
            return _made(*small)
    count = cardinal(words, start)
    if count and _word(words, count[1]) in _PARTS:
        value = Fraction(count[0], _PARTS[words[count[1]]])
        text = f"{count[0]}/{_PARTS[words[count[1]]]}"
        sign = _VULGAR.get(value, text)
        return Amount(value=value, plain=text, vulgar=sign, end=count[1] + 1, whole=False)
    if second in _PARTS and first in ARTICLES:
        value = Fraction(1, _PARTS[second])
        text = f"1/{_PARTS[second]}"
        return Amount(value=value, plain=text, vulgar=_VULGAR.get(value, text), end=start + 2, whole=False)
    return None


def _is_part(words: Sequence[str], start: int, small: tuple[Fraction, int]) -> bool:
    """Tell whether "halv" or "kvart" without "en" is a part: only before what comes in parts."""
    if words[start] in ARTICLES or words[start] in {"tre", "trekvart"}:
        return True
    return is_unit(_word(words, small[1]))


def _small_part(words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
    """Read "halv", "kvart", "trekvart" or "tre kvart"."""
    word = _word(words, at)
    if word in _HALVES:
        return _HALF, at + 1
    if word == "kvart" and _word(words, at + 1) not in {"over", "i"}:
        return _QUARTER, at + 1
    if word == "trekvart":
        return _THREE_QUARTERS, at + 1
    if word == "tre" and _word(words, at + 1) == "kvart":
        return _THREE_QUARTERS, at + 2
    return None


def _counted(words: Sequence[str], start: int, *, split: bool, whole_only: bool, note: bool) -> Amount | None:
    """Read a whole number with what may follow it: decimals, "en halv", "og tre kvart"."""
    number = cardinal(words, start, split=split)
    if number is None:
        base = _figures(_word(words, start), start + 1)
        if base is None or not base.whole:
            return base
    else:
        text = write_integer(number[0])
        lone = number[1] == start + 1 and words[start] in ARTICLES
        base = Amount(value=Fraction(number[0]), plain=text, vulgar=text, end=number[1], article=lone)
    if whole_only:
        return base
    return _with_decimals(words, base, note=note) or _with_part(words, base) or base


def _figures(word: str, end: int) -> Amount | None:
    """Read an amount that is already in figures."""
    if _WHOLE_FIGURES.fullmatch(word):
        return Amount(value=Fraction(word.replace(".", "")), plain=word, vulgar=word, end=end)
    if _DECIMAL_FIGURES.fullmatch(word):
        value = Fraction(word.replace(",", "."))
        return Amount(value=value, plain=word, vulgar=word, end=end, whole=False)
    vulgar = _VULGAR_FIGURES.fullmatch(word)
    if vulgar:
        value = Fraction(vulgar[1] or 0) + _FROM_VULGAR[vulgar[2]]
        return Amount(value=value, plain=_made(value, end).plain, vulgar=word, end=end, whole=False)
    return None


def point_decimal(word: str) -> str:
    """Return "38.5" with a decimal comma, "" for any other word; only a measurement may be read so."""
    found = _POINT_FIGURES.fullmatch(word)
    return f"{found[1]},{found[2]}" if found else ""


def _with_part(words: Sequence[str], base: Amount) -> Amount | None:
    """Read "en halv" after a whole number: "to en halv", "to og en halv", "fem et halvt"."""
    at = base.end + 1 if _word(words, base.end) == "og" else base.end
    if base.article and at == base.end:
        return None
    if _word(words, at) in ARTICLES:
        at += 1
    elif (
        not (_word(words, at) == "tre" and _word(words, at + 1) == "kvart") and _word(words, at) != "trekvart"
    ):
        return None
    small = _small_part(words, at)
    return _made(base.value + small[0], small[1]) if small else None


def _with_decimals(words: Sequence[str], base: Amount, *, note: bool) -> Amount | None:
    """Read "komma" and the decimals after a whole number; None where the comma is punctuation."""
    if _word(words, base.end) != "komma":
        return None
    decimals = decimal_digits(words, base.end + 1, leading_zero=not base.value)
    if decimals is None:
        return None
    text, end = decimals
    # "charriere seksten komma ti milliliter": nobody says a last decimal nought, except after "nul".
    if note and base.value and len(text) > 1 and text.endswith("0") and not text.startswith("0"):
        return None
    plain = f"{base.plain},{text}"
    value = base.value + Fraction(int(text), 10 ** len(text))
    return Amount(value=value, plain=plain, vulgar=plain, end=end, whole=False)


def decimal_digits(words: Sequence[str], start: int, *, leading_zero: bool) -> tuple[str, int] | None:
    """Read the decimals after "komma": "fem", "nul fem", "femogtyve", "en to fem".

    Args:
        words: folded words.
        start: index of the first decimal.
        leading_zero: True where the number before "komma" is nought, so that many decimals are likely.

    Returns:
        The digits and the index after them; None where these are no decimals.

    """
    number = cardinal(words, start)
    if number and number[0] >= _DECIMAL_LIMIT:
        return None
    first = digits(words, start)
    if first is None:
        return None
    text, end = first
    while len(first[0]) == 1 and (following := digits(words, end)):
        more, after = following
        significant = bool(text.strip("0"))
        if significant and len(more) > 1:
            break
        # "7,5 | to gange", "12,0 | to tabletter": the last number counts something else.
        counting = _word(words, after) in _COUNTING or _counts(words, after)
        if counting and (significant or not leading_zero):
            break
        sure = (leading_zero or not significant) and words[end] not in ARTICLES
        if not sure and not _closes(words, after):
            break
        text, end = text + more, after
        if len(more) > 1:
            break
    return text, end


def _closes(words: Sequence[str], at: int) -> bool:
    """Tell whether a decimal may end before `at`: at the end, at a mark, or before a physical unit."""
    found = unit(words, at)
    return (
        not _word(words, at) or bool(digits(words, at)) or bool(found and found[0].kind is UnitKind.MEASURE)
    )


def _counts(words: Sequence[str], at: int) -> bool:
    """Tell whether something counted, not measured, stands at `at`."""
    found = unit(words, at)
    return bool(found and found[0].kind is not UnitKind.MEASURE)
