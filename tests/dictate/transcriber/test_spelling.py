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


VOWELS = "aeiouyæøå"
ALIKE = ["dt", "gk", "bp", "vf", "sz", "ckq", "mn", "iey", "eæ", "æa", "øy", "øe", "oå", "ou", "aå", "øå"]


def change(one: str, other: str) -> float:
    """Cost of a letter for another."""
    if one == other:
        return 0
    if any(one in group and other in group for group in ALIKE):
        return 0.5
    return 0.7 if one in VOWELS and other in VOWELS else 1


def surplus(word: str, place: int) -> float:
    """Cost of a letter too much."""
    return 0.4 if word[place] in "hd" or (place and word[place] == word[place - 1]) else 0.8


def slow_distance(one: str, other: str) -> float:
    """The distance, cell by cell."""
    row = [0.9 * place for place in range(len(other) + 1)]
    for place, letter in enumerate(one):
        above, row = row, [0.9 * (place + 1)]
        for to, opposite in enumerate(other):
            row.append(
                min(
                    above[to] + change(letter, opposite),
                    above[to + 1] + surplus(one, place),
                    row[to] + surplus(other, to),
                )
            )
    return row[-1]


letters = st.text("adehkmnstuåøz", min_size=3, max_size=18)


@given(letters, st.lists(letters, min_size=1, max_size=8), st.floats(0, 4))
def test_distances_are_those_of_the_slow_way(word: str, others: list[str], most: float) -> None:
    """Many compared at once give what each gives alone; only words of quite other letters are left out."""
    found = dict(Speller(others).near(word, most))
    for other in others:
        away = slow_distance(word, other)
        if other in found:
            assert found[other] == pytest.approx(away)
        elif abs(len(word) - len(other)) <= 2 and len(set(word) ^ set(other)) <= 3 * most:
            assert away > most - 1e-6


def test_the_longest_words() -> None:
    """No cost runs over."""
    word = "z" * 40
    assert dict(Speller([word, "æ" * 40]).near(word, 15.0)) == {word: 0}


@given(st.text(max_size=12), st.floats(0, 3))
def test_nothing_farther_than_asked_is_found(word: str, most: float) -> None:
    """Any text can be asked for, and the limit holds."""
    assert all(away <= most for _, away in Speller(WORDS).near(word, most))
