"""Values with a number: "puls 76", "72 i puls", "steget til 38,7", "7,1 før og 9,8 efter maden"."""

import re
from collections.abc import Iterator

from terminology.measuring.board import WORD, Board, Label, Measurement
from terminology.measuring.pressure import pair
from terminology.measuring.units import converted, fits, is_range, unit_end
from terminology.measuring.visit import is_of_another
from terminology.normalise import Break
from terminology.observation import ValueType
from terminology.spoken.words import words as words_of

_REACH = 9
"""Words between a name and its value."""
_BACK_REACH = 3
_FURTHER_REACH = 6
_URINE = "urine_"
_BEFORE_NAME = words_of("i på procent kg kilo som grader slag gange af cm m mmol")
_BETWEEN_VALUES = words_of(
    "og efter før stående siddende liggende hvile bevægelse mad maden timer time minutter senere under "
    "herefter derefter igen kontrol procent mmol l ilt grader måltid morgenmad panodil pn en to"
)
_JOINS = words_of("og efter til siddende stående liggende senere")
_NOT_BEFORE_VALUE = frozenset({"kl", "efter", "på"})
_APART = frozenset({"pulse", "temperature", "saturation", "weight", "glucose", "respiration"})
"""What is said of these first, the value after: "pulsen er i ro, 72"."""
_DECIMAL = frozenset({"weight", "temperature", "glucose"})
_ALONE = re.compile(r"\s*(?:$|[.,;:!?)]|og\s+(?!\d))")
_CHANGED = words_of("tabt taget på ned op løfte løfter bære bærer plus minus over under mod fra med ca cirka")
"""Words before a number of kilograms that is no weight of the body."""
_BODY_WEIGHT = (30.0, 250.0)
_KILOGRAMS = re.compile(
    r"\s*(?:kg|kilo)\b(?!\s*(?:på|ned|op|mindre|mere|over|under|i timen|vasketøj|kartofler))"
)
_HURTS = ("ondt", "stramme", "jager", "værke", "svie", "stik", "murre", "dunke", "jag", "nrs", "vas", "øm")
_BODY_HEAT = (34.0, 42.0)
_BARE = (
    ("temperature", re.compile(r"\s*(?:grader\b|°)", re.IGNORECASE)),
    ("saturation", re.compile(r"\s*(?:%|procent)\s*(?:uden ilt|på ilt|med ilt|på \d)", re.IGNORECASE)),
    (
        "pain",
        re.compile(
            r"\s*(?:/\s?10\b|(?:ud )?af 10\b|på (?:smerte)?skalaen\b|i (?:ro|hvile)\b)", re.IGNORECASE
        ),
    ),
    ("weight", _KILOGRAMS),
)
"""Units that tell by themselves what was measured."""


def find(board: Board) -> Iterator[Measurement]:
    """Yield the values that have a name, and take their numbers."""
    for label in board.labels:
        observation = board.observations.get(label.key)
        if observation is None or observation.value_type is ValueType.ORDINAL:
            continue
        if label.key.startswith(_URINE) and label.low not in board.stix:
            continue
        yield from _values(board, label)


def find_bare(board: Board) -> Iterator[Measurement]:
    """Yield values that tell by their unit what they are: "38,2 grader", "6 ud af 10" beside pain."""
    for at, token in enumerate(board.words):
        value = board.number(at)
        if value is None or is_range(board, at):
            continue
        key = next((key for key, unit in _BARE if unit.match(board.after(at))), None)
        if key == "temperature" and not _BODY_HEAT[0] <= value <= _BODY_HEAT[1]:
            continue
        if key == "weight" and not _is_body_weight(board, at, value):
            continue
        if key is None or (key == "pain" and not _is_pain(board, at)) or is_of_another(board, at, at, at):
            continue
        board.used.add(at)
        yield board.made(key, converted(key, value), token.start, unit_end(board, at, key))


def _values(board: Board, label: Label) -> Iterator[Measurement]:
    """Yield the value of a name, and further ones that go with it."""
    at = _value_after(board, label)
    if at is None:
        at = _value_before(board, label)
    if at is None:
        at = _value_apart(board, label)
    low, high = label.low, label.high
    while at is not None:
        value = board.number(at)
        board.used.add(at)
        low, high = min(low, at), max(high, at + 1)
        if value is not None and not is_of_another(board, low, at, at) and not is_range(board, at):
            end = max(board.words[high - 1].end, unit_end(board, at, label.key))
            yield board.made(label.key, converted(label.key, value), board.words[low].start, end)
        at = _further(board, at, label.key)
        low, high = (at, at + 1) if at is not None else (low, high)


def _value_after(board: Board, label: Label) -> int | None:
    """Return the value that follows its name, over light words and values of other times."""
    other = board.scope.cues.tokens(f"{WORD}earlier", f"{WORD}usual", f"{WORD}target")
    for at in range(label.high, min(label.high + _REACH, len(board.words))):
        token = board.words[at]
        if token.before is Break.STOP and not (at == label.high and board.marks_only(at)):
            return None
        if at in other and at > label.high:
            continue  # "faldet fra 74 til 71,5"
        if (value := board.number(at)) is not None:
            if pair(board, at) is not None or not fits(board, at, label.key):
                return None
            # "pulsen er regelmæssig, 2 tabletter givet": a comma and no such value.
            own = token.before is not Break.COMMA or board.marks_only(at)
            return (
                at if own or board.observations[label.key].is_plausible(converted(label.key, value)) else None
            )
        if at in board.label_tokens:
            if not any(
                one.low <= at < one.high and (one.key == label.key or one.low < label.high)
                for one in board.labels
            ):
                return None
        elif not (token.is_number or at in board.between or token.fold in {"og", "x"}):
            return None
    return None


def _value_before(board: Board, label: Label) -> int | None:
    """Return the value that stands before its name: "72 i puls"."""
    for at in range(label.low - 1, max(label.low - 1 - _BACK_REACH, -1), -1):
        if board.words[at + 1].before is not Break.NONE:
            return None
        if board.number(at) is not None:
            return at if fits(board, at, label.key, before=True) else None
        if board.words[at].fold not in _BEFORE_NAME:
            return None
    return None


def _value_apart(board: Board, label: Label) -> int | None:
    """Return a value that stands alone behind a comma: "pulsen er i ro, 72 og jævn"."""
    if label.key not in _APART:
        return None
    for at in range(label.high, min(label.high + _REACH, len(board.words))):
        token = board.words[at]
        if token.before >= Break.COLON or at in board.label_tokens:
            return None
        if not token.is_number:
            continue
        value = board.number(at)
        if (
            value is None
            or token.before is not Break.COMMA
            or pair(board, at)
            or not fits(board, at, label.key)
        ):
            return None
        end = unit_end(board, at, label.key)
        alone = _ALONE.match(board.text, end) is not None
        exact = label.key not in _DECIMAL or end > token.end or not value.is_integer() or "," in token.text
        return at if alone and exact and board.observations[label.key].is_plausible(value) else None
    return None


def _further(board: Board, at: int, key: str) -> int | None:
    """Return another value of the same measurement: "7,1 før og 9,8 efter maden", "faldet til 3"."""
    for here in range(at + 1, min(at + 1 + _FURTHER_REACH, len(board.words))):
        token = board.words[here]
        if token.before >= Break.COLON or here in board.label_tokens:
            return None
        value = board.number(here)
        if value is None:
            if here not in board.between and token.fold not in _BETWEEN_VALUES:
                return None
        elif board.scope.fold(here - 1) not in _NOT_BEFORE_VALUE and fits(board, here, key):
            joined = any(board.words[between].fold in _JOINS for between in range(at + 1, here))
            plausible = board.observations[key].is_plausible(converted(key, value))
            return here if joined and plausible else None
    return None


def _is_body_weight(board: Board, at: int, value: float) -> bool:
    """Tell whether kilograms with a decimal are what somebody weighs: "magrer af, 48,9 kg"."""
    low, high = _BODY_WEIGHT
    paused = board.words[at].before is not Break.NONE
    before = set() if paused else {board.scope.fold(here) for here in (at - 1, at - 2)}
    return low <= value <= high and "," in board.words[at].text and not before & _CHANGED


def _is_pain(board: Board, at: int) -> bool:
    """Tell whether the sentence at `at` speaks of pain."""
    sentence = board.scope.sentence(at)
    return any(
        word.fold.startswith(_HURTS) or "smerte" in word.fold
        for here, word in enumerate(board.words)
        if board.scope.sentence(here) == sentence
        or (board.scope.sentence(here) == sentence - 1 and board.words[at].before is Break.COLON)
    )
