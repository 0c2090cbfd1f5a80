"""What it costs that a clause ends on a word."""

from terminology.spoken.clauses import MEASUREMENTS, Text
from terminology.spoken.grammar import (
    ADJECTIVES,
    ARTICLES,
    AUXILIARIES,
    BINDING,
    COORDINATORS,
    DEGREES,
    FRONTED,
    OPEN_SUBJECTS,
    PARTICLES,
    PERIOD_NOUNS,
    PREPOSITIONS,
    SUBJECTS,
    SUBORDINATORS,
    SUBORDINATORS_MAYBE,
)
from terminology.spoken.openings import NEVER
from terminology.spoken.pieces import Kind, Shape

_LIKELY = -0.5
"""An opening that costs less is a likely one."""
_EASY, _HARD = 0.2, 1.6
_OPEN_ENDED = COORDINATORS | SUBORDINATORS | SUBORDINATORS_MAYBE | PREPOSITIONS | ARTICLES
"""Words that want something after them."""


def ending(text: Text, at: int, opening: float) -> float:
    """Return what it costs that a clause ends before `at`.

    Args:
        text: the text.
        at: index of the first word of the next clause.
        opening: what it costs that the next clause starts there.

    """
    before = text.low(at - 1)
    if text.pieces[at - 1].kind is Kind.VALUE:
        return NEVER if _counts(text, at - 1) else 0.0
    if before in PARTICLES and not _opens_clause(text, at, before):
        return _after_particle(text, at, before, opening)
    if (before in OPEN_SUBJECTS or before == "noget") and text.low(at - 2) in PREPOSITIONS:
        return _EASY
    if before in _OPEN_ENDED:
        return NEVER
    if before in ADJECTIVES:
        predicate = not before.endswith("e") and (text.subject(at) or text.nominal(at))
        return 1.5 if not predicate and (text.noun(at) or text.low(at) in ADJECTIVES) else _EASY
    return _after_verb(text, at, before, opening) or _after_adverb(text, at, before, opening)


def _opens_clause(text: Text, at: int, before: str) -> bool:
    """Tell whether a word before a pronoun is a conjunction: "efter han er begyndt"."""
    return before in SUBORDINATORS_MAYBE and (text.low(at) in SUBJECTS or text.low(at) in OPEN_SUBJECTS)


def _counts(text: Text, at: int) -> bool:
    """Tell whether the value at `at` is a plain number that counts what follows."""
    value = text.pieces[at].value
    measured = text.low(at - 1) in MEASUREMENTS or text.low(at - 1) in PREPOSITIONS
    return value is not None and value.shape is Shape.COUNT and not measured


def _after_particle(text: Text, at: int, before: str, opening: float) -> float:
    """A word that is a particle ("lagt på") or, far more often, a preposition."""
    low = text.low(at)
    if text.finite(at) or (low in SUBJECTS and text.subject(at)):
        return _EASY
    if before in BINDING or low in PERIOD_NOUNS:
        return NEVER
    if low in ADJECTIVES or low in ARTICLES:
        return _HARD
    if text.bare_participle(at):
        return _EASY
    if text.noun(at - 2) and not text.measurement(at):
        return _HARD
    return _EASY if opening < _LIKELY else _HARD


def _after_verb(text: Text, at: int, before: str, opening: float) -> float:
    """A verb, a subject or an auxiliary, which want something after them; 0 for any other word."""
    if text.finite(at - 1) and text.in_subordinate(at - 1):
        return 0.5
    if before in SUBJECTS or before in OPEN_SUBJECTS or before in AUXILIARIES:
        return 3.0
    listed = text.measurement(at) and opening < _LIKELY
    if listed or not text.finite(at - 1):
        return 0.0
    return 0.8 if text.low(at - 2) in SUBJECTS else 2.5


def _after_adverb(text: Text, at: int, before: str, opening: float) -> float:
    """An adverb that may belong to what follows."""
    if before in FRONTED or before == "ellers":
        return 2.0
    if before in DEGREES and text.noun(at):
        return 2.0 if opening > _LIKELY else 0.0
    if before == "ikke":
        return 0.5 if text.finite(at) or text.subject(at) else 3.0
    return 0.0
