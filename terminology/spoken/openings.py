"""What it costs that a clause starts with a word: below nought is likely.

The rules stand in order; the first that knows the word decides.
"""

from collections.abc import Callable

from terminology.spoken.clauses import Text, is_participle, takes_thing
from terminology.spoken.grammar import (
    ADJECTIVES,
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    BEFORE_DENIAL,
    COORDINATORS,
    COPULAS,
    DENIALS,
    FRONTED,
    OBJECTS,
    OPEN_SUBJECTS,
    PERIOD_NOUNS,
    PREPOSITIONS,
    SAYING,
    SUBJECTS,
    SUBORDINATORS,
    SUBORDINATORS_MAYBE,
    TAKING,
    TIMES,
)
from terminology.spoken.words import words

NEVER = 99.0
_UNLIKELY = 1.6
_PASSIVE = words("er var bliver blev blevet")
_PASSIVE_REACH = (1, 2, 3)
_OPENING_SUBORDINATORS = words("da når hvis mens imens selvom")
_SIZING = words("vejer vejede måler målte")
_RELATED = words("den det de alt")
_VOLUMES = words("ml l dl cl")


def opening(text: Text, at: int) -> float:
    """Return what it costs that a clause starts at `at`.

    Args:
        text: the text.
        at: index of a word, not the first.

    Returns:
        The cost, below nought where a clause is likely to start; `NEVER` where it can't.

    """
    for rule in _RULES:
        cost = rule(text, at, text.low(at))
        if cost is not None:
            return cost
    return _noun(text, at, text.low(at))


def _bound(text: Text, at: int, low: str) -> float | None:
    """Refuse words that never open a clause."""
    del text, at
    return NEVER if low in COORDINATORS or low in OBJECTS else None


def _measurement(text: Text, at: int, _low: str) -> float | None:
    """Cost of a new measurement: "puls 72"."""
    if not text.measurement(at):
        return None
    before = text.low(at - 1)
    return 1.0 if text.finite(at - 1) and (before in AUXILIARIES or before in COPULAS) else -1.8


def _pronoun(text: Text, at: int, low: str) -> float | None:
    """Cost of a subject that can be nothing else: "hun har"."""
    if low not in SUBJECTS:
        return None
    before, second = text.low(at - 1), text.low(at - 2)
    if not text.subject(at):
        return NEVER if text.finite(at - 1) else 2.0
    if text.finite(at - 1) and (second in SUBJECTS or second in OPEN_SUBJECTS):
        return -0.5
    # "kan hun", "siger hun": inversion, or a clause without "at".
    if text.finite(at - 1) or before in SAYING or before == "ved":
        return NEVER
    # "den mad hun spiser", "første gang hun falder".
    return 0.5 if second in _RELATED or before == "gang" else -1.4


def _subject(text: Text, at: int, low: str) -> float | None:
    """Cost of any other subject with its verb: "huden er", "der er ingen"."""
    if not text.subject(at):
        return None
    if text.finite(at - 1) and not text.in_subordinate(at - 1):
        return 2.0
    if low == "der":
        return -0.9 if text.states(at) else 0.9
    return -1.1


def _denial(text: Text, at: int, low: str) -> float | None:
    """Cost of a denial: "ingen kvalme"."""
    if low not in DENIALS:
        return None
    before = text.low(at - 1)
    verb = text.finite(at - 1) and not text.in_subordinate(at - 1)
    governed = before in BEFORE_DENIAL or before in AUXILIARIES or before in TAKING
    return 1.5 if verb or governed else -1.3


def _drug(text: Text, at: int, _low: str) -> float | None:
    """Cost of a drug with its dose: "Lantus 20 enheder"."""
    if not text.drug(at):
        return None
    before = text.low(at - 1)
    governed = text.finite(at - 1) or is_participle(before) or before in AUXILIARIES or before == "pn"
    return 1.5 if governed or text.pieces[at - 1].text.isupper() else -1.2


def _finite(text: Text, at: int, low: str) -> float | None:
    """Cost of a verb whose person is left out: "hører dårligt"."""
    if not text.finite(at):
        return None
    following = text.low(at + 1)
    if text.said_after(at):
        return 3.0
    if low in _SIZING and text.value(at + 1):
        return -0.5
    if following in SUBJECTS or following in OPEN_SUBJECTS or text.definite(at + 1):
        return 1.2
    if _object_before(text, at) or not text.noun(at - 1):
        return 0.1
    return 1.1 if takes_thing(low) else 0.5


def _participle(text: Text, at: int, _low: str) -> float | None:
    """Cost of what was done: "renset såret"."""
    if not text.bare_participle(at):
        return None
    if text.definite(at - 1) or not text.noun(at - 1):
        return -0.2
    return 0.1 if _object_before(text, at) else 0.9


def _object_before(text: Text, at: int) -> bool:
    """Tell whether the noun before `at` belongs to a preposition or denial: "i højre lår | spiste"."""
    return any(text.low(at - back) in PREPOSITIONS or text.low(at - back) in DENIALS for back in (2, 3))


def _nominal(text: Text, at: int, _low: str) -> float | None:
    """Cost of a phrase that needs no verb: "mistanke om"."""
    if not text.nominal(at):
        return None
    before = text.low(at - 1)
    return 0.9 if is_participle(before) or before in AUXILIARIES or text.finite(at - 1) else -1.1


def _fronted(text: Text, at: int, low: str) -> float | None:
    """Cost of an adverbial before its verb: "derefter er", "i dag har hun"."""
    if (low in TIMES or low in FRONTED) and text.finite(at + 1):
        return -0.5
    inverted = text.noun(at + 1) and text.finite(at + 2) and text.low(at + 3) in SUBJECTS
    return -0.2 if low in PREPOSITIONS and inverted else None


def _function_word(_text: Text, _at: int, low: str) -> float | None:
    """Cost of conjunctions, prepositions and adverbs."""
    if low in SUBORDINATORS:
        return 1.2 if low in _OPENING_SUBORDINATORS else NEVER
    if low in PREPOSITIONS or low in ADVERBS or low in SUBORDINATORS_MAYBE:
        return 3.0 if low == "ikke" else _UNLIKELY
    return None


_RULES: tuple[Callable[[Text, int, str], float | None], ...] = (
    _bound,
    _measurement,
    _pronoun,
    _subject,
    _denial,
    _drug,
    _finite,
    _participle,
    _nominal,
    _fronted,
    _function_word,
)


def _noun(text: Text, at: int, low: str) -> float:
    """Cost of a noun, with a predicate of its own ("forbinding skiftet", "afføring er") or without."""
    head = at + (low in ARTICLES or low in ADJECTIVES)
    head += head > at and text.value(head)
    value = text.pieces[at - 1].value
    if text.low(head) in PERIOD_NOUNS or (value and value.unit in _VOLUMES):
        return 1.2
    if _governed(text, at):
        return 1.1
    if text.noun(head):
        predicated = _predicated(text, head)
        if predicated is not None:
            return predicated
    if text.name(at):
        return 0.4 if value is None else 0.8 if value.unit else -0.3
    return 1.1


def _governed(text: Text, at: int) -> bool:
    """Tell whether the word before needs a noun: a verb, an active participle, a genitive."""
    before = text.low(at - 1)
    passive = any(text.low(at - 1 - back) in _PASSIVE for back in _PASSIVE_REACH)
    genitive = before.endswith("s") and text.noun(at - 1)
    return text.finite(at - 1) or (is_participle(before) and not passive) or genitive


def _predicated(text: Text, head: int) -> float | None:
    """Cost of an opening with the noun at `head` and its predicate; None where it has none."""
    following, second = text.low(head + 1), text.low(head + 2)
    if following == "ikke" and is_participle(second):
        return -1.2
    if text.bare_participle(head + 1):
        return -0.7
    if not text.finite(head + 1):
        return None
    if second in SUBJECTS or takes_thing(following):
        return -0.7
    return -0.4 if text.name(head) else 0.5
