"""Find every spoken value in a dictation: the rules for numbers, tried in order at each word."""

from collections.abc import Callable, Sequence

from terminology.numerals import is_number_word
from terminology.spoken import clock, compounds, dates, figures, identifiers, quantities
from terminology.spoken.pieces import Kind, Piece, lows
from terminology.spoken.reading import Context, Reading
from terminology.spoken.words import words

_RULES: tuple[Callable[[Context, int], Reading | None], ...] = (
    figures.figures,
    identifiers.cpr,
    identifiers.phone,
    identifiers.code,
    clock.clock,
    dates.date,
    dates.year,
    compounds.height,
    compounds.approximation,
    identifiers.noughts,
    compounds.compound,
    quantities.value,
    dates.lone_ordinal,
    compounds.paragraph,
)
_OPENERS = words(
    """
    klokken kl kl. klokka den d d. halv halvt kvart trekvart halvanden halvandet minus plus komma
    paragraf
    """
)
_ENDINGS = (
    "te",
    "de",
    "tredje",
    "tredie",
    "nden",
    "ndet",
    "årig",
    "årige",
    "åriges",
    "årigt",
    "tiden",
    "timers",
    "dages",
    "ugers",
)
_MORE_ENDINGS = ("minutters", "måneders", "døgns", "procents")


def find(pieces: Sequence[Piece], *, note: bool) -> list[Piece]:
    """Replace the words of every value by one written piece.

    Args:
        pieces: words and marks, commands carried out.
        note: True for running text, where small numbers before everyday nouns stay words.

    Returns:
        The pieces with values in place of their words.

    """
    done: list[Piece] = []
    context = Context(words=lows(pieces), texts=tuple(piece.text for piece in pieces), done=done, note=note)
    at = 0
    while at < len(pieces):
        found = _read(context, at) if _may_open(context.words[at]) else None
        if found is None:
            done.append(pieces[at])
            at += 1
            continue
        done.append(
            Piece(
                kind=Kind.VALUE,
                text=found.text,
                first=pieces[at].first,
                last=pieces[found.end - 1].last,
                value=found.value,
            )
        )
        at = found.end
    return done


def _may_open(word: str) -> bool:
    """Tell cheaply whether a value can start with `word`."""
    return bool(word) and (
        word in _OPENERS
        or word[0].isdecimal()
        or word[0] in "½¼¾"
        or is_number_word(word)
        or word.endswith(_ENDINGS)
        or word.endswith(_MORE_ENDINGS)
    )


def _read(context: Context, at: int) -> Reading | None:
    """Return what the first fitting rule reads at `at`."""
    for rule in _RULES:
        found = rule(context, at)
        if found:
            return found
    return None
