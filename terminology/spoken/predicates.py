"""The predicates of a text without punctuation, and which of them a conjunction carries."""

from collections.abc import Sequence
from dataclasses import dataclass

from terminology.spoken.clauses import Text
from terminology.spoken.grammar import (
    ADJECTIVES,
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    COORDINATORS,
    COPULAS,
    PERIOD_NOUNS,
    PREPOSITIONS,
    SAYING,
    SUBJECTS,
    SUBORDINATORS,
    SUBORDINATORS_MAYBE,
)
from terminology.spoken.verbs import INFINITIVES

_CARRY_REACH = 8
"""A conjunction carries the first predicate that follows so soon."""
_WIDE, _NARROW = 5, 3
"""How far "og" looks for its verb, with and without a noun phrase in between."""


@dataclass(frozen=True, slots=True)
class Predicates:
    """Counts from the start of a stretch up to each of its places."""

    all: Sequence[int]
    """Predicates before the place."""
    free: Sequence[int]
    """Those that no conjunction carries."""
    waiting: Sequence[bool]
    """Whether a conjunction still waits for its predicate there, so that no clause can end."""
    coordinated: Sequence[bool]
    """Whether the first predicate from there on is joined by "og" to one before."""
    lexical: Sequence[bool]
    """Whether the first free predicate from there on is a full verb: it wants a person as its subject."""


def count(text: Text, start: int, end: int) -> Predicates:
    """Count the predicates between `start` and `end`, a stretch without marks."""
    every, free, waiting = [0], [0], [False]
    none = start - _CARRY_REACH - 1
    carrier = none
    for at in range(start, end):
        carried = at - carrier <= _CARRY_REACH
        verb = text.finite(at) and not (at > start and text.said_after(at))
        predicate = verb or text.bare_participle(at)
        every.append(every[-1] + predicate)
        free.append(free[-1] + (predicate and not carried))
        if predicate:
            carrier = none
        if carries(text, at):
            carrier = at
        waiting.append(at + 1 - carrier <= _CARRY_REACH)
    coordinated, lexical = _leads(text, start, free)
    return Predicates(all=every, free=free, waiting=waiting, coordinated=coordinated, lexical=lexical)


def _leads(text: Text, start: int, free: Sequence[int]) -> tuple[list[bool], list[bool]]:
    """Tell for every place what the first predicate from there on is."""
    coordinated, lexical = [False] * len(free), [False] * len(free)
    for place in range(len(free) - 2, -1, -1):
        at = start + place
        coordinated[place], lexical[place] = coordinated[place + 1], lexical[place + 1]
        if text.finite(at) or text.bare_participle(at):
            coordinated[place] = False
            if free[place + 1] > free[place]:
                lexical[place] = text.finite(at) and text.low(at) not in AUXILIARIES
        elif text.low(at) in COORDINATORS and carries(text, at) and not text.subject(at + 1):
            coordinated[place] = True
    return coordinated, lexical


def carries(text: Text, at: int) -> bool:
    """Tell whether the word at `at` lets its clause hold one more predicate."""
    low = text.low(at)
    if low in COORDINATORS:
        return _coordinates(text, at)
    if low in SUBORDINATORS:
        return _subordinates(text, at, low)
    if low in SUBORDINATORS_MAYBE:
        period = text.low(at + 1) in PERIOD_NOUNS or text.low(at + 2) in PERIOD_NOUNS
        so = low == "så" and text.noun(at + 1) and text.finite(at + 2)
        return not period and (so or text.subject(at + 1) or text.low(at + 1) in SUBJECTS)
    if low == "der":
        return text.finite(at + 1) and text.noun(at - 1) and not text.states(at)
    # "siger han ikke har sovet", "han godt ved han ikke skal".
    said = low in SUBJECTS and (text.low(at - 1) in SAYING or text.low(at - 1) == "ved")
    return said and any(text.finite(near) for near in range(at + 1, at + 4))


def _coordinates(text: Text, at: int) -> bool:
    """Tell whether the "og" at `at` joins verbs or clauses, not nouns."""
    following, second = text.low(at + 1), text.low(at + 2)
    if text.subject(at + 1):
        return True
    if text.finite(at + 2) and second not in COPULAS and following not in ADVERBS:
        return text.finite(at + 1) or text.bare_participle(at + 1)
    groups = (ARTICLES, ADJECTIVES, PREPOSITIONS)
    wide = text.value(at + 1) or text.definite(at + 1) or any(following in group for group in groups)
    reach = range(at + 1, at + (_WIDE if wide else _NARROW))
    return any(text.finite(near) or text.bare_participle(near) for near in reach)


def _subordinates(text: Text, at: int, low: str) -> bool:
    """Tell whether the conjunction at `at` opens a clause with a verb of its own."""
    following = text.low(at + 1)
    if low == "som":
        adverb = following in ADVERBS and any(text.finite(near) for near in range(at + 2, at + 4))
        return text.finite(at + 1) or adverb or text.subject(at + 1)
    if low == "at" and (following in INFINITIVES or (following.endswith("e") and not text.definite(at + 1))):
        return False
    return any(text.finite(near) for near in range(at + 1, at + 1 + _CARRY_REACH))
