"""Self-corrections: "140 over 90, nej 150 over 90" holds one reading, the last.

What is replaced must be plain from the words: a value by a value of the same shape, a word by a word of the
same kind, or a start that is said again. Anything else is left as said, both readings and the word between.
"""

from collections.abc import Sequence

from terminology.spoken.kinds import same_ending, same_kind
from terminology.spoken.pieces import Kind, Piece
from terminology.spoken.repairs import NUMERIC, merge
from terminology.spoken.words import words


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    """Return the phrases of `text`, which are separated by commas, in words."""
    return frozenset(tuple(phrase.split()) for phrase in text.split(","))


_STRONG = _phrases(
    """
    rettelse, ret det til, ret det, det rettes til, jeg retter, jeg retter det til, jeg retter til,
    eller rettere, eller rettere sagt, rettere sagt, rettere, korrektion, korriger til, nej rettelse
    """
)
"""Markers that can mean nothing else."""
_WEAK = _phrases(
    """
    nej, næ, nå nej, undskyld, undskyld mig, jeg mener, jeg mente, mener jeg, altså, nej det er, nej det
    skal være, det skal være, det skulle være, nej det var, nej vent, vent, nej det passer ikke, ups,
    hov, det var, det er, sagde jeg, nej ikke
    """
)
"""Markers only where what is corrected is plain: they are everyday words too."""
_OPENS_MARKER = frozenset(phrase[0] for phrase in _STRONG | _WEAK)
_MEANING = frozenset({("jeg", "mener"), ("jeg", "mente"), ("mener", "jeg")})
_CARRIES = frozenset({"nej", "næ", "undskyld", "rettelse", "ups", "hov", "vent", "rettere", "korrektion"})
"""A weak "det er" or "altså" is a marker only together with one of these."""
_LONGEST_MARKER = 4
_MARKERS = 3
"""At most so many markers in a row: "nej undskyld, jeg mener"."""
_ANSWERS = words(
    """
    siger sagde sagt svarer svarede svaret ryster rystede nikker råber råbte tak mumler gentager skriver
    hvisker
    """
)
_ANSWER_REACH = 3
_REACH = 8
"""A correction reaches back over at most so many pieces, and never over the end of a sentence."""
_SAID_AGAIN = 2
"""So many words in a row said again make a restart."""
_KIND_REACH = 3


def apply(pieces: Sequence[Piece]) -> list[Piece]:
    """Carry out the corrections that are plain; leave every other as said."""
    done: list[Piece] = []
    at = 0
    while at < len(pieces):
        marker = _marker(pieces, at)
        repaired = _repair(done, pieces, marker) if marker else None
        if repaired is None:
            done.append(pieces[at])
            at += 1
            continue
        dropped, kept, at = repaired
        del done[len(done) - dropped :]
        done.extend(kept)
    return done


def _marker(pieces: Sequence[Piece], at: int) -> tuple[int, bool] | None:
    """Find a correction marker: the index after it and its marks, and whether it can mean nothing else."""
    if pieces[at].low not in _OPENS_MARKER:
        return None
    end, strong, carried = at, False, False
    for _ in range(_MARKERS):
        for length in range(_LONGEST_MARKER, 0, -1):
            phrase = tuple(piece.low for piece in pieces[end : end + length])
            if len(phrase) == length and (phrase in _STRONG or phrase in _WEAK):
                break
        else:
            break
        strong = strong or phrase in _STRONG
        carried = carried or bool(_CARRIES & set(phrase)) or phrase in _MEANING
        end += length
        while end < len(pieces) and pieces[end].kind is Kind.MARK and pieces[end].text in {",", ":", "–"}:
            end += 1
    return (end, strong) if strong or carried else None


def _repair(
    done: Sequence[Piece], pieces: Sequence[Piece], marker: tuple[int, bool]
) -> tuple[int, list[Piece], int] | None:
    """Work out what the marker corrects.

    Returns:
        How many pieces of `done` go, what stands in their place, and the index to go on from; None where it
        is not plain what is corrected.

    """
    end, strong = marker
    if end >= len(pieces) or not (pieces[end].low or pieces[end].value):
        return None
    # Only the sentence at hand, a few pieces back: a long text stays linear.
    head = list(done[-_REACH - 2 :])
    looked = len(head)
    while head and head[-1].kind is Kind.MARK and head[-1].text in {",", "–", "…"}:
        head.pop()
    tail = head[-_REACH:]
    for index in range(len(tail) - 1, -1, -1):
        if _ends_sentence(tail[index]):
            tail = tail[index + 1 :]
            break
    if not tail:
        return None
    answered = _ANSWERS & {piece.low for piece in tail[-_ANSWER_REACH:]}
    if not strong and (answered or pieces[end].low in {"tak", "til"}):
        return None
    new, after = pieces[end], pieces[end : end + _REACH]
    if new.value:
        result = _by_value(tail, new)
    else:
        result = _by_restart(tail, after, strong=strong) or _by_kind(tail, after, strong=strong)
    if result is None:
        return None
    kept, used = result
    return looked - len(head) + len(tail), kept, end + used


def _ends_sentence(piece: Piece) -> bool:
    return piece.kind is Kind.BREAK or (piece.kind is Kind.MARK and piece.text in ".?!;")


def _by_value(tail: Sequence[Piece], new: Piece) -> tuple[list[Piece], int] | None:
    """Replace the nearest value that `new` can stand for; beyond the nearest one only its exact like."""
    nearest = True
    for index in range(len(tail) - 1, -1, -1):
        old = tail[index]
        if old.value is None or new.value is None:
            continue
        alike = old.value.shape is new.value.shape and old.value.unit == new.value.unit
        spoken_over = all(piece.kind is not Kind.MARK for piece in tail[index + 1 :])
        merged = merge(old, new) if spoken_over and (nearest or alike) else None
        if merged:
            return [*tail[:index], merged, *tail[index + 1 :]], 1
        nearest = False
    return None


def _by_restart(
    tail: Sequence[Piece], after: Sequence[Piece], *, strong: bool
) -> tuple[list[Piece], int] | None:
    """Drop what is said again: "puls 82 nej puls 84", "i højre arm nej i venstre arm"."""
    for index in range(len(tail) - 1, -1, -1):
        if tail[index].low == after[0].low and tail[index].low and _alike(tail[index:], after, strong=strong):
            return list(tail[:index]), 0
    return None


def _alike(old: Sequence[Piece], new: Sequence[Piece], *, strong: bool) -> bool:
    """Tell whether `new` says `old` once more with something changed."""
    same = 0
    while same < min(len(old), len(new)) and old[same].low and old[same].low == new[same].low:
        same += 1
    if same < min(len(old), len(new)) and _contrast(old[same], new[same]):
        return True
    if same < _SAID_AGAIN:
        return False
    # "hun vil ikke i bad, nej hun vil hellere vente" is no correction: the end is not said again.
    rest = old[same:]
    again = {piece.low for piece in new[same : same + len(rest) + 1] if piece.low}
    return strong or len(rest) <= 1 or rest[-1].low in again


def _contrast(old: Piece, new: Piece) -> bool:
    """Tell whether two pieces are values of one shape, or different words of one kind."""
    if old.value and new.value:
        shapes = {old.value.shape, new.value.shape}
        return len(shapes) == 1 or shapes <= NUMERIC
    return same_kind(old, new)


def _by_kind(
    tail: Sequence[Piece], after: Sequence[Piece], *, strong: bool
) -> tuple[list[Piece], int] | None:
    """Replace a word by a word of its kind: "venstre hæl nej højre" is højre hæl."""
    new = after[0]
    follower = after[1] if len(after) > 1 else None
    for back in range(1, min(_KIND_REACH, len(tail)) + 1):
        if not same_kind(tail[-back], new):
            continue
        kept, between = list(tail[: len(tail) - back]), list(tail[len(tail) - back + 1 :])
        if (
            between
            and follower
            and (_contrast(between[0], follower) or (follower.low and follower.low == between[0].low))
        ):
            return kept, 0
        return ([*kept, new, *between], 1) if all(piece.low for piece in between) else None
    if strong and same_ending(tail[-1], new):
        return list(tail[:-1]), 0
    return None
