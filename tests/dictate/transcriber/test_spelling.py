"""Words spelled nearly alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.transcriber.spelling import Speller

WORDS = ["køkken", "kongen", "hovedsageligt", "forbinding", "husket", "søster"]


@pytest.mark.parametrize(
    ("heard", "near"),
    [
        ("kønken", "køkken"),
        ("hovesageligt", "hovedsageligt"),
        ("forbinning", "forbinding"),
        ("huset", "husket"),
    ],
)
def test_the_nearest_word_is_found(heard: str, near: str) -> None:
    """One slip of ear away."""
    found = dict(Speller(WORDS).near(heard, 1.5))
    assert min(found, key=found.__getitem__) == near


def test_letters_that_sound_alike_cost_less() -> None:
    """To take t for d is a smaller step than for r."""
    found = dict(Speller(["kade", "kare"]).near("kate", 2.0))
    assert found["kade"] < found["kare"]


@given(st.sampled_from(WORDS))
def test_a_word_is_nearest_to_itself(word: str) -> None:
    """Its distance is nothing."""
    assert dict(Speller(WORDS).near(word, 1.0))[word] == 0


@given(st.text(max_size=12), st.floats(0, 3))
def test_nothing_farther_than_asked_is_found(word: str, most: float) -> None:
    """Any text can be asked for, and the limit holds."""
    assert all(away <= most for _, away in Speller(WORDS).near(word, most))
