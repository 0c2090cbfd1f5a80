"""How often a word is right."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.transcriber.calibration import Calibration, Evidence, calibration_of

HEARD = Evidence(probability=0.8, avg_logprob=-0.4, is_known=True, is_corrected=False)


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    """That of the shipped model."""
    found = calibration_of("whisper-base")
    assert found
    return found


def test_a_model_that_nobody_measured_keeps_its_own() -> None:
    """Coefficients of another model would be a guess."""
    assert calibration_of("somebody's model") is None


@given(st.floats(0, 1), st.floats(0, 1))
def test_it_rises_with_the_recognisers_own(first: float, second: float) -> None:
    """Of two words that differ in nothing else."""
    found = calibration_of("whisper-base")
    assert found
    low, high = (found.probability(replace(HEARD, probability=each)) for each in sorted((first, second)))
    assert 0 < low <= high < 1


@pytest.mark.parametrize("worse", [{"avg_logprob": -1.5}, {"is_known": False}, {"is_corrected": True}])
def test_signs_of_doubt_lower_it(calibration: Calibration, worse: dict[str, float | bool]) -> None:
    """A stretch heard badly, no word of the language, another word heard."""
    assert calibration.probability(replace(HEARD, **worse)) < calibration.probability(HEARD)  # type: ignore[arg-type] # one of several
