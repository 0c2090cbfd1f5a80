"""Whether a number can be a value of an observation, judged by what stands right before and after it."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from terminology.measuring.board import PRESSURE, Board
from terminology.spoken.words import words as words_of

_CENTIMETRES_FROM = 3.0
"""A height of more than this is in centimetres."""
_UNITS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        key: re.compile(rf"\s*(?:{pattern})(?:\s?/\s?l\b)?", re.IGNORECASE)
        for key, pattern in {
            PRESSURE: r"mm\s?hg",
            "blood_pressure_systolic": r"mm\s?hg",
            "blood_pressure_diastolic": r"mm\s?hg",
            "pulse": r"slag|/\s?min|i minuttet|pr\.? min|bpm",
            "temperature": r"°|grader|celsius|c\b",
            "respiration": r"/\s?min|i minuttet|pr\.? min|gange i minuttet|x ?pr",
            "saturation": r"%|procent|pct",
            "weight": r"kg|kilo(?:gram)?",
            "height": r"cm|centimeter|m\b|meter",
            "bmi": r"kg",
            "glucose": r"mmol|milli ?mol",
            "glucose_venous": r"mmol",
            "crp": r"mg|milligram",
            "haemoglobin": r"mmol",
            "creatinine": r"µ?mol|umol|mikro ?mol",
            "pain": r"/\s?10|(?:ud )?af 10",
            "tobs": r"point|p\b",
            "sodium": r"mmol",
            "potassium": r"mmol",
            "chair_stand": r"gange|oprejsninger|x\b",
        }.items()
    }
)
_MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
_OTHER = re.compile(
    r"\s*(?:gange|gang|x\b|×|dag|uge|time|minut|min\b|sekund|år\b|måned|ml\b|milliliter|liter|l\b|dl\b|stk|tablet|"
    r"pust|enhed|ie\b|mg(?!\s?/\s?l)|mikrogram|mcg|µg|gram\b|g\b|cm\b|mm\b|m\b|meter|km|kg|kilo|%|procent|°|grader|"
    rf"personer|kop|glas|dråbe|trin|skridt|mmol|kr\b|\.\s?(?:{_MONTHS}))",
    re.IGNORECASE,
)
"""After a number: something is counted or dosed."""
_AREA = re.compile(r"\s*(?:cm\s*)?(?:x|×|gange)\s*\d")
_CHANGES = words_of("steget stiger faldet falder tabt øget reduceret op ned mere mindre plus minus")
"""Before a number: "steget 2 kg" tells of a change."""
_NO_VALUE_AFTER = words_of("kl klokken charriere ch uge d den")
_NEEDS_PLAUSIBLE = frozenset({"height", "respiration", "temperature", "weight", "potassium", "sodium"})
_MUST_FIT_WITH_UNIT = frozenset({"height", "respiration", "temperature"})
_SHORT_NAMES = words_of("p k na hr hf")


def fits(board: Board, at: int, key: str, *, before: bool = False) -> bool:
    """Tell whether the number at token `at` can be a value of `key`.

    Args:
        board: the note.
        at: the token of a number.
        key: the observation.
        before: whether the number stands before its name: then it must be plausible.

    """
    value = board.number(at)
    fold = board.scope.fold(at - 1)
    if value is None or fold in _CHANGES or fold in _NO_VALUE_AFTER:
        return False
    if key == "height" and _AREA.match(board.after(at)):
        return False  # a wound
    plausible = board.observations[key].is_plausible(converted(key, value))
    if has_unit(board, at, key):
        return plausible or key not in _MUST_FIT_WITH_UNIT
    if counts(board, at, key):
        return False
    return plausible or not (before or key in _NEEDS_PLAUSIBLE or fold in _SHORT_NAMES)


def has_unit(board: Board, at: int, key: str) -> bool:
    """Tell whether a unit of `key` stands after the number."""
    return unit_end(board, at, key) > board.words[at].end


def unit_end(board: Board, at: int, key: str) -> int:
    """Return where the unit after the number ends, or the number itself where it has none."""
    pattern = _UNITS.get(key)
    match = pattern.match(board.after(at)) if pattern else None
    return board.words[at].end + (match.end() if match else 0)


def counts(board: Board, at: int, key: str) -> bool:
    """Tell whether the number is followed by what is no unit of `key`."""
    return not has_unit(board, at, key) and bool(_OTHER.match(board.after(at)))


def converted(key: str, value: float) -> float:
    """Return the value in the observation's unit."""
    if key == "height" and value > _CENTIMETRES_FROM:
        return round(value / 100, 2)
    if key == "saturation" and value <= 1:
        return round(value * 100, 1)
    return value


def is_range(board: Board, at: int) -> bool:
    """Tell whether the number is one end of a range: "3-4"."""
    start = board.words[at].start
    behind = re.search(r"\d[-–]$", board.text[max(0, start - 2) : start])
    return bool(behind or re.match(r"\s?[-–]\s?\d", board.after(at)))
