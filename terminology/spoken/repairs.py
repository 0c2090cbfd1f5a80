"""One value in place of another, as in "tyve enheder, nej toogtyve"."""

from dataclasses import replace

from terminology.spoken.pieces import Piece, Shape, Value

NUMERIC = frozenset({Shape.COUNT, Shape.QUANTITY, Shape.RANGE, Shape.TIMES, Shape.GRADE})
_FAMILIES = (
    frozenset({"mg", "g", "mikrogram", "kg"}),
    frozenset({"ml", "l", "dl", "cl"}),
    frozenset({"mm", "cm", "m"}),
)
"""Units that measure the same kind of thing: "500 mg, nej 1 g"."""
_HIGHEST_HOUR, _HIGHEST_DIASTOLIC = 24.0, 130.0


def merge(old: Piece, new: Piece) -> Piece | None:
    """Write the new value in place of the old one, with the old unit where the new one has none.

    Returns:
        The piece that stands for both; None where the new value can't stand for the old one.

    """
    before, after = old.value, new.value
    if before is None or after is None:
        return None
    if before.shape is after.shape and not (before.unit and not after.unit):
        return new if after.shape is not Shape.QUANTITY or _comparable(before, after) else None
    if after.shape in {Shape.COUNT, Shape.RANGE} and not after.unit:
        return _number_for(old, new, before, after)
    joined = before.shape in NUMERIC and after.shape in NUMERIC and not before.unit
    return new if joined else None


def _number_for(old: Piece, new: Piece, before: Value, after: Value) -> Piece | None:
    """Put a plain number into the value it corrects."""
    number = after.number
    if before.shape is Shape.CLOCK:
        clock = replace(new, text=f"kl. {number}", value=Value(shape=Shape.CLOCK, number=number))
        return clock if _number(number) <= _HIGHEST_HOUR else None
    if before.shape is Shape.PRESSURE:
        # A lone number after "140/90, nej" is the lower one, where it can be.
        systolic = before.number.partition("/")[0]
        lower = 0 < _number(number) < min(_number(systolic), _HIGHEST_DIASTOLIC)
        return _over(old, new, f"{systolic}/{number}", before) if lower else None
    if before.shape not in NUMERIC:
        return None
    if before.shape is Shape.GRADE:
        return _over(old, new, f"{number}+", replace(before, number=f"{number}+"))
    text = f"{number} {before.unit}" if before.unit else f"x {number}"
    return _over(old, new, text, replace(before, number=number))


def _over(old: Piece, new: Piece, text: str, value: Value) -> Piece:
    """Make a piece that stands on the words of both readings."""
    return replace(old, text=text, value=value, last=new.last)


def _comparable(before: Value, after: Value) -> bool:
    """Tell whether two quantities measure the same kind of thing."""
    same = before.unit == after.unit or not before.unit
    return same or any(before.unit in family and after.unit in family for family in _FAMILIES)


def _number(text: str) -> float:
    """Return a written number, -1 where it is no single number."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return -1.0
