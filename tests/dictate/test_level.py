"""The level, and the warnings that come of it."""

import numpy as np

from dictate.level import Level, after


def run(amplitude: float, seconds: float, level: Level | None = None) -> Level:
    """Return the level after a steady tone."""
    level = level or Level()
    block = np.full(320, amplitude, np.float32)
    for _ in range(round(seconds / 0.02)):
        level = after(level, block, 0.02)
    return level


def test_speech_is_good() -> None:
    """Speech gives no warning."""
    level = run(0.1, 5)
    assert -21 < level.rms_db < -19
    assert (level.clipping, level.unheard, level.dead) == (False, False, False)


def test_clipping_is_shown_for_a_while() -> None:
    """A clipped block warns for 1.5 s, so that the eye can catch it."""
    level = run(1.0, 0.02)
    assert level.clipping
    assert run(0.1, 1.0, level).clipping
    assert not run(0.1, 2.0, level).clipping


def test_silence_is_told_after_three_seconds() -> None:
    """A soft hum is nobody speaking."""
    assert not run(0.001, 2.5).unheard
    assert run(0.001, 3.5).unheard
    assert not run(0.1, 0.1, run(0.001, 3.5)).unheard


def test_a_switched_off_microphone_gives_zeros() -> None:
    """Nothing but zeros is told apart from silence."""
    assert run(0.0, 1.5).dead
    assert not run(0.001, 1.5).dead


def test_an_empty_block_changes_nothing() -> None:
    """A resampler may deliver nothing."""
    level = run(0.1, 1)
    assert after(level, np.empty(0, np.float32), 0.0) == level
