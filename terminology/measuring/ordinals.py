"""Values in words: the fields of a urine stick, and the level of consciousness."""

import re
from collections.abc import Iterator, Sequence

from terminology.measuring.board import Board, Label, Measurement
from terminology.measuring.visit import is_of_another
from terminology.observation import ValueType

_CONSCIOUSNESS = "consciousness"
_NOT = frozenset({"ikke", "ej"})
_NITRITE = "urine_nitrite"
_NEGATIVE = "neg"
_POSITIVE = "pos"
_WORDS_BEFORE = 4
_GRADE = r"[1-4]\s?(?:\+|plus\b)|\+\s?[1-4]|\+{1,4}|plus\s[1-4]"
_AFTER = re.compile(
    rf"[\s:=]*(?:(?:er|var|viser|på|udslag|med|nu)\s+)*(?P<value>{_GRADE}|neg(?:ativ[te]?)?\b|pos(?:itiv[te]?)?\b|"
    r"i\.?a\.?\b|ikke påvist|intet udslag|ingen|nul\b|0\b|−|-(?=[\s.,]|$))",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?P<value>{_GRADE}|neg(?:ativ[te]?)?|pos(?:itiv[te]?)?|ingen|intet|uden|udslag|reagerer|reaktion|udslår|"
    r"slår ud|slog ud)(?:\s(?:for|på))?\s*$",
    re.IGNORECASE,
)
_SAID_POSITIVE = ("pos", "udsl", "reag", "reak", "slår", "slog")
_GRADES = re.compile(r"\b[1-4]\s?\+|\+{1,4}")
_LIST_MARK = re.compile(r"\s*(?:,|og|samt|/|&|,\s*og|eller)\s*", re.IGNORECASE)
_LEAD = r"[\s:=]*(?:(?:er|var|niveau|på|scoret?|til|fortsat|stadig)\s+)*"
_LEVELS = tuple(
    (level, re.compile(rf"{_LEAD}(?P<value>{pattern})", re.IGNORECASE))
    for level, pattern in (
        (3, r"ingen reaktion|bevidstløs|ikke kontaktbar|reagerer ikke|3\b"),
        (2, r"(?:reagerer )?(?:kun )?på smerte|2\b"),
        (1, r"agiteret|(?:reagerer )?(?:kun )?på tiltale|urolig|konfus|1\b"),
        (0, r"habituel\w*|vågen|klar|upåvirket|normal\w*|fuldt? bevidst|fuld|uændret|i\.?a\.?\b|0\b"),
    )
)
_CONSCIOUS_REACH = 60
_ROUSED = re.compile(
    r"\b(?:reagerer|vågner|svarer|åbner øjnene|slår øjnene op) (?:kun )?på "
    r"(?:(?P<voice>tiltale)|smerte\w*)",
    re.IGNORECASE,
)
"""Levels told without the word "bevidsthed"."""
_NORMAL = re.compile(r"habituel|normal|upåvirket|uændret")

_Value = tuple[str, int, int]
"""The ordinal, and the tokens that say it with the field's name."""


def find_consciousness(board: Board) -> Iterator[Measurement]:
    """Yield the level of consciousness: 0 as usual, 1 roused by voice, 2 by pain, 3 not at all."""
    named = [label for label in board.labels if label.key == _CONSCIOUSNESS]
    for label in named:
        yield from _level(board, label)
    if not named and (found := _ROUSED.search(board.text)):
        at = next(at for at, word in enumerate(board.words) if word.end > found.start())
        if not is_of_another(board, at, at, at) and board.scope.fold(at - 1) not in _NOT:
            level = 1 if found["voice"] else 2
            yield board.made(_CONSCIOUSNESS, level, found.start(), found.end())


def find_stix(board: Board) -> Iterator[Measurement]:
    """Yield the fields of a urine stick."""
    fields = [
        label
        for label in board.labels
        if (observation := board.observations.get(label.key)) and observation.value_type is ValueType.ORDINAL
    ]
    values: dict[int, _Value] = {}
    for number, label in enumerate(fields):
        found = _value_after(board, label) or _value_before(board, label)
        if found and (label.low in board.stix or label.key == _NITRITE or found[0].endswith("+")):
            values[number] = found
    _share(board, fields, values)
    for number, (value, low, high) in values.items():
        label = fields[number]
        board.used.update(range(low, high))
        if not is_of_another(board, label.low, label.low, label.high - 1):
            first, last = min(low, label.low), max(high, label.high)
            yield board.made(label.key, value, board.words[first].start, _grade_end(board, last - 1))


def _share(board: Board, fields: Sequence[Label], values: dict[int, _Value]) -> None:
    """Let the fields of a list share a value: "nitrit og blod positive", "positiv for nitrit og blod"."""
    for number in range(len(fields) - 2, -1, -1):
        following = values.get(number + 1)
        if number not in values and following and _linked(board, fields, number):
            value, low, _ = following
            if low >= fields[number + 1].low or value == _NEGATIVE:
                values[number] = (value, fields[number].low, fields[number].high)
    for number in range(1, len(fields)):
        before = values.get(number - 1)
        if number not in values and before and _linked(board, fields, number - 1):
            value = _NEGATIVE if before[0] == _NEGATIVE else _POSITIVE
            values[number] = (value, fields[number].low, fields[number].high)


def _linked(board: Board, fields: Sequence[Label], number: int) -> bool:
    """Tell whether only a comma or "og", and a grade, stand between two fields."""
    this, following = fields[number], fields[number + 1]
    between = board.text[board.words[this.high - 1].end : board.words[following.low].start]
    return this.low != following.low and bool(_LIST_MARK.fullmatch(_GRADES.sub("", between)))


def _value_after(board: Board, label: Label) -> _Value | None:
    match = _AFTER.match(board.text, board.words[label.high - 1].end)
    value = _ordinal(match["value"]) if match else None
    if match is None or value is None:
        return None
    last = label.high
    while last < len(board.words) and board.words[last].end <= match.end("value"):
        last += 1
    return value, label.low, last


def _value_before(board: Board, label: Label) -> _Value | None:
    start = board.words[max(0, label.low - _WORDS_BEFORE)].start
    match = _BEFORE.search(board.text, start, board.words[label.low].start)
    value = _ordinal(match["value"]) if match else None
    if match is None or value is None:
        return None
    first = next(at for at in range(label.low + 1) if board.words[at].end > match.start("value"))
    return value, first, label.high


def _grade_end(board: Board, at: int) -> int:
    """Return the end of a token with the plus signs after it."""
    match = re.match(r"\s?\++", board.after(at))
    return board.words[at].end + (match.end() if match else 0)


def _ordinal(said: str) -> str | None:
    """Return the ordinal for what was said; None where it is none."""
    folded = said.lower().replace(" ", "")
    if "+" in folded or "plus" in folded:
        return f"{re.sub(r'[^0-9]', '', folded) or folded.count('+')}+"
    return _POSITIVE if folded.startswith(_SAID_POSITIVE) else _NEGATIVE


def _level(board: Board, label: Label) -> Iterator[Measurement]:
    end = board.words[label.high - 1].end
    after = board.text[end : end + _CONSCIOUS_REACH]
    for level, pattern in _LEVELS:
        if match := pattern.match(after):
            yield board.made(_CONSCIOUSNESS, level, board.words[label.low].start, end + match.end("value"))
            return
    if _NORMAL.fullmatch(board.scope.fold(label.low - 1)):
        yield board.made(_CONSCIOUSNESS, 0, board.words[label.low - 1].start, end)
