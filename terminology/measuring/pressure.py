"""Blood pressures: two values with one evidence, with or without their name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from terminology.measuring.board import PRESSURE, Board, Label, Measurement
from terminology.measuring.units import counts
from terminology.measuring.visit import is_of_another
from terminology.normalise import Break

SYSTOLIC, DIASTOLIC = "blood_pressure_systolic", "blood_pressure_diastolic"
_REACH = 9
"""Words between the name and its values."""
_SLASH = re.compile(r"\s*(?:/|over)\s*")


def find(board: Board) -> Iterator[Measurement]:
    """Yield the blood pressures of a note and take their numbers."""
    named = [label for label in board.labels if label.key == PRESSURE]
    for at in range(len(board.words)):
        found = pair(board, at)
        if found is None:
            continue
        high, low, last = found
        label = _name_before(board, at, named)
        if label is None and not _speaks_for_itself(board, high, low, last):
            continue
        board.used.update((at, last))
        if is_of_another(board, label.low if label else at, at, last):
            continue
        near = label is not None and all(here in board.between for here in range(label.high, at))
        start = board.words[label.low if label and near else at].start
        for key, value in ((SYSTOLIC, high), (DIASTOLIC, low)):
            made = board.made(key, value, start, board.words[last].end)
            yield replace(made, plausible=made.plausible and high > low)


def pair(board: Board, at: int) -> tuple[float, float, int] | None:
    """Return the two values at token `at` and the token of the second: "140/90", "140 over 90"."""
    high = board.number(at)
    if high is None:
        return None
    last = at + 2 if board.scope.fold(at + 1) == "over" else at + 1
    low = board.number(last)
    if low is None:
        return None
    between = board.text[board.words[at].end : board.words[last].start]
    return (high, low, last) if _SLASH.fullmatch(between) else None


def _speaks_for_itself(board: Board, high: float, low: float, last: int) -> bool:
    plausible = board.observations[SYSTOLIC].is_plausible(high)
    plausible = plausible and board.observations[DIASTOLIC].is_plausible(low)
    return plausible and high > low and not counts(board, last, PRESSURE)


def _name_before(board: Board, at: int, named: Sequence[Label]) -> Label | None:
    """Return the name that the values at `at` belong to, if one leads to them."""
    near = [label for label in named if label.high <= at <= label.high + _REACH and _leads(board, label, at)]
    return near[-1] if near else None


def _leads(board: Board, label: Label, at: int) -> bool:
    """Tell whether only light words stand between the name and the values."""
    for here in range(label.high, at):
        token = board.words[here]
        stopped = token.before >= Break.COLON and here > label.high
        light = here in board.between or here in board.label_tokens or token.fold == "og"
        if stopped or not (light or here in board.used):
            return False
    if board.words[at].before >= Break.COLON:
        return at == label.high and board.marks_only(at)
    return True
