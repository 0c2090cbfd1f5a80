"""Full stops, commas and capitals for a dictation in which none were said."""

from collections.abc import Sequence
from dataclasses import replace

from terminology.spoken import boundaries
from terminology.spoken.clauses import Text
from terminology.spoken.grammar import COORDINATORS, OPEN_SUBJECTS, SUBJECTS
from terminology.spoken.pieces import SENTENCE_END, Kind, Piece, Shape, lows, mark

_LIST_REACH = 6
"""A measurement so soon after another belongs to the same list."""
_SHORTEST = 2
_PUNCTUATION = frozenset(".?!…:;,(/")
"""After these no mark is set: the point of "p.o." and of "3.4." ends the sentence too."""


def restore(pieces: Sequence[Piece]) -> list[Piece]:
    """Set full stops and commas where none were said, and the last full stop.

    Said full stops are trusted: then only commas are set; said commas too: then nothing but the last stop.

    Args:
        pieces: the pieces of a whole note.

    Returns:
        The pieces with the marks put in; a mark that was set stands on the words of the piece before it.

    """
    said = {piece.text for piece in pieces if piece.kind is Kind.MARK}
    signs = {} if "," in said else _signs(pieces, "," if said & SENTENCE_END else ".")
    done: list[Piece] = []
    for index, piece in enumerate(pieces):
        if index in signs and pieces[index - 1].text[-1] not in _PUNCTUATION:
            done.append(mark(signs[index], pieces[index - 1].first, pieces[index - 1].last))
        elif piece.kind is Kind.BREAK:
            _close(done)
        done.append(piece)
    _close(done)
    return done


def _signs(pieces: Sequence[Piece], stop: str) -> dict[int, str]:
    """Return the marks to set, by the index of the piece they stand before; `stop` is what ends a clause."""
    text = Text(pieces=pieces, lows=lows(pieces))
    signs: dict[int, str] = {}
    start = 0
    for end in range(len(pieces) + 1):
        if end < len(pieces) and pieces[end].kind not in {Kind.MARK, Kind.BREAK}:
            continue
        if end - start > 1:
            cuts = boundaries.find(text, start, end)
            for first, cut in zip([start, *cuts], cuts, strict=False):
                signs[cut] = "," if _continues(text, first, cut) else stop
            clause = start
            for at in range(start + 1, end):
                if at in signs:
                    clause = at
                elif _takes_comma(text, at, clause):
                    signs[at] = ","
        start = end + 1
    return signs


def _continues(text: Text, first: int, cut: int) -> bool:
    """Tell whether the clause at `cut` goes on a list begun at `first`: a comma, no full stop."""
    if text.measurement(cut):
        return any(text.result(at) for at in range(max(first, cut - _LIST_REACH), cut))
    verbless = not any(text.finite(at) or text.bare_participle(at) for at in range(first, cut))
    return text.low(cut) in {"ingen", "intet"} and verbless and cut - first <= _LIST_REACH


def _takes_comma(text: Text, at: int, start: int) -> bool:
    """Tell whether a comma belongs before the conjunction at `at`."""
    low, following = text.low(at), text.low(at + 1)
    if text.value(at):
        return _takes_turns(text, at)
    if at - start < _SHORTEST or text.low(at - 1) in COORDINATORS:
        return False
    if low == "men" or (low == "selv" and following == "om"):
        return True
    if low in {"mens", "selvom", "imens", "fordi"}:
        return text.subject(at + 1) or following in SUBJECTS
    if low in {"og", "så"}:
        return text.subject(at + 1) or (low == "så" and following in SUBJECTS | OPEN_SUBJECTS)
    return low == "da" and text.subject(at + 1)


def _takes_turns(text: Text, at: int) -> bool:
    """Tell whether the value at `at` follows another value and says something new: "INR 2,5, 3 tabletter"."""
    before, here = text.pieces[at - 1].value, text.pieces[at].value
    if before is None or here is None or here.shape is not Shape.QUANTITY:
        return False
    return before.shape in {Shape.COUNT, Shape.QUANTITY, Shape.PRESSURE, Shape.CLOCK}


def _close(done: list[Piece]) -> None:
    """Set the last full stop of a paragraph, unless it ends in a mark or in a point of its own."""
    if done and done[-1].kind is Kind.MARK and done[-1].text in ",;":
        last = done.pop()
        done.append(mark(".", last.first, last.last))
    elif done and done[-1].kind is not Kind.BREAK and done[-1].text[-1] not in _PUNCTUATION:
        done.append(mark(".", done[-1].first, done[-1].last))


def capitalise(pieces: Sequence[Piece], *, opening: bool) -> list[Piece]:
    """Write the first word of each sentence with a capital.

    Args:
        pieces: the pieces with all marks set.
        opening: True where the first word of all opens a sentence too.

    Returns:
        The pieces with capitals.

    """
    done: list[Piece] = []
    pending = opening
    for piece in pieces:
        if piece.kind is Kind.BREAK:
            pending = True
        elif piece.kind is Kind.MARK:
            pending = pending or piece.text in SENTENCE_END
        elif pending:
            pending = False
            if piece.kind is Kind.WORD or piece.text.startswith("kl."):
                done.append(replace(piece, text=piece.text[:1].upper() + piece.text[1:]))
                continue
        done.append(piece)
    return done
