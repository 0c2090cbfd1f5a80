"""Whether a proposed term was said: by spelling first, then by sound too (pure, but for loading the data).

Both are logistic curves. The coefficients come from `benchmarks/fit_biasing.py`.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dictate.transcriber.biasing import Proposal, unlike

_EDGE = 0.02
"""Probabilities nearer to 0 or 1 are taken for this far from it."""
_FEW = 1000
"""Terms below which fewer make none of them likelier: smaller vocabularies were not measured."""
_UNHEARD = -6.0
"""Mean log-probability of tokens below which less says nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounded:
    """How a term fits the sound; natural-log probabilities as the recogniser has them."""

    swap: float
    """Gain of the whole when the term stands in place of the words."""
    fit: float
    """Mean over the tokens of the term."""
    after: float
    """Gain of the next tokens, which follow the term instead."""
    before: float
    """Mean over the tokens of the words that it replaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Coefficients of both curves."""

    by_text: tuple[float, ...]
    """Of `text_features`."""
    by_sound: tuple[float, ...]
    """Of `text_features` and then `sound_features`."""
    worth: float
    """Probability by spelling from which the sound is asked."""
    accept: float
    """Probability from which a term is written."""
    least: float
    """Words of the language stand where writing the term instead makes the sound less likely than by this;
    natural log."""
    rounds: int
    """How often the sound of a window is asked at most: terms for the same words need one time each."""

    def likely(self, proposal: Proposal) -> float:
        """Probability that the term was said, by its spelling alone."""
        return _curve(self.by_text, text_features(proposal))

    def right(self, proposal: Proposal, sounded: Sounded) -> float:
        """Probability that the term was said."""
        if proposal.is_known and proposal.distance and sounded.swap + sounded.after < self.least:
            return 0.0
        return _curve(self.by_sound, (*text_features(proposal), *sound_features(sounded)))


def text_features(proposal: Proposal) -> tuple[float, ...]:
    """What speaks for a term in its spelling; the coefficients stand in this order."""
    held = min(max(proposal.probability, _EDGE), 1 - _EDGE)
    return (
        1.0,
        proposal.distance / len(proposal.term),
        proposal.distance,
        proposal.lead,
        float(proposal.count == 2),  # noqa: PLR2004 - a category
        float(proposal.count == 3),  # noqa: PLR2004 - a category
        math.log(held / (1 - held)),
        float(proposal.is_corrected),
        proposal.heard_log / 5,
        max(proposal.term_log, -14.0) / 5,
        unlike(proposal.heard, proposal.term),
        len(proposal.term) / 10,
        math.log10(max(proposal.terms, _FEW)),
    )


def sound_features(sounded: Sounded) -> tuple[float, ...]:
    """What speaks for it in the sound; the coefficients stand in this order."""
    return (
        max(min(sounded.swap, 6.0), -15.0) / 5,
        max(sounded.fit, _UNHEARD),
        max(min(sounded.after, 4.0), -4.0),
        max(sounded.before, _UNHEARD),
    )


@cache
def judge() -> Judge:
    """Return the coefficients that come with the program."""
    text = resources.files("dictate.transcriber").joinpath("data/biasing.json").read_text("utf-8")
    known = json.loads(text)
    return Judge(
        by_text=tuple(known["by_text"]),
        by_sound=tuple(known["by_sound"]),
        worth=known["worth"],
        accept=known["accept"],
        least=known["least"],
        rounds=known["rounds"],
    )


def _curve(weights: Sequence[float], features: Sequence[float]) -> float:
    odds = sum(weight * value for weight, value in zip(weights, features, strict=True))
    return 1 / (1 + math.exp(-max(min(odds, 30.0), -30.0)))
