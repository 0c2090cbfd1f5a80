"""Whether a value was measured at this visit: not a habit, an aim, a limit, of another day or person."""

from terminology.conditions import is_hypothetical
from terminology.measuring.board import WORD, Board
from terminology.persons import Person
from terminology.scope import place

_OTHERS = frozenset({Person.OTHER, Person.ANIMAL})


def is_of_another(board: Board, start: int, at: int, last: int) -> bool:
    """Tell whether a value is to be left out.

    Args:
        board: the note.
        start: first token of the measurement, name included.
        at: first token of the value.
        last: last token of the value.

    """
    scope = board.scope
    if is_hypothetical(scope, place(start, last + 1)) or _is_aim(board, start, at, last):
        return True
    if scope.persons.subject(start) in _OTHERS or scope.persons.owner(start, start + 1) is Person.OTHER:
        return True
    return any(
        board.touches(cue, start, at, last) for cue in scope.cues.spans(f"{WORD}usual", f"{WORD}earlier")
    )


def _is_aim(board: Board, start: int, at: int, last: int) -> bool:
    """Tell whether the value is a target or a limit: "over 38,5", "målet er under 140"."""
    return any(
        low <= at < high or (high <= at and board.touches((low, high), start, at, last))
        for low, high in board.scope.cues.spans(f"{WORD}target")
    )
