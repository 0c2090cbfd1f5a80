"""How often a word is right that the recogniser gives a probability (pure, but for loading the coefficients).

The recogniser is too sure of what it heard badly. A logistic curve on its own probability, on how well the
whole stretch was heard, and on whether the word is Danish or was put right, says it truer. The coefficients
come from `benchmarks/calibrate.py`, for each model that was measured.
"""

import json
import math
from dataclasses import dataclass
from importlib import resources

_EDGE = 0.01
"""Probabilities nearer to 0 or 1 are taken for this far from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a recognised word."""

    probability: float
    """The recogniser's own, 0..1."""
    avg_logprob: float
    """Mean log-probability per token of the stretch that it stands in."""
    is_known: bool
    """True for a word of the language."""
    is_corrected: bool
    """True where another word was heard."""

    @property
    def features(self) -> tuple[float, ...]:
        """What the coefficients weigh, in their order."""
        held = min(max(self.probability, _EDGE), 1 - _EDGE)
        return (
            1.0,
            math.log(held / (1 - held)),
            self.avg_logprob,
            float(not self.is_known),
            float(self.is_corrected),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """One model's coefficients."""

    weights: tuple[float, ...]
    """Of `Evidence.features`."""

    def probability(self, evidence: Evidence) -> float:
        """Probability that the word is right, 0..1; rises with the recogniser's own."""
        odds = sum(weight * value for weight, value in zip(self.weights, evidence.features, strict=True))
        return 1 / (1 + math.exp(-odds))


def calibration_of(model: str) -> Calibration | None:
    """Return the coefficients of a model of the catalogue; None where nobody measured it."""
    text = resources.files("dictate.transcriber").joinpath("data/calibration.json").read_text("utf-8")
    known = json.loads(text)["models"]
    return Calibration(weights=tuple(known[model]["weights"])) if model in known else None
