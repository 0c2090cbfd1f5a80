"""Keeping invented words out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.transcriber.guards import (
    MODEL_LIMIT,
    is_cut_short,
    is_invented,
    is_phantom,
    token_limit,
    without_loops,
)

phrases = st.lists(st.integers(0, 5000), min_size=1, max_size=12, unique=True)


@given(
    before=st.lists(st.integers(6000, 7000), max_size=8, unique=True),
    phrase=phrases,
    copies=st.integers(0, 20),
)
def test_a_loop_is_written_once(before: list[int], phrase: list[int], copies: int) -> None:
    """Whatever stands before it, a phrase on end is kept once if it is a loop, and untouched if not."""
    tokens = [*before, *phrase * copies]
    looping = copies >= 3 and copies * len(phrase) >= 16
    assert without_loops(tokens) == tuple([*before, *phrase] if looping else tokens)


@given(phrase=phrases, cut=st.integers(0, 12))
def test_the_broken_last_copy_goes_too(phrase: list[int], cut: int) -> None:
    """A loop that met the limit ends inside a copy."""
    tokens = phrase * 16 + phrase[: cut % len(phrase)]
    assert without_loops(tokens) == tuple(phrase)


@given(st.lists(st.integers(0, 3), max_size=60))
def test_nothing_is_added_and_the_first_words_stay(tokens: list[int]) -> None:
    """What is kept is what was written, in its order."""
    kept = without_loops(tokens)
    rest = iter(tokens)
    assert all(token in rest for token in kept)
    assert kept[:1] == tuple(tokens[:1])


def test_what_people_do_repeat_is_kept() -> None:
    """A telephone number of equal pairs, or a no said four times, is no loop."""
    assert without_loops([22, 22, 22, 22]) == (22, 22, 22, 22)
    assert without_loops([7, 8] * 4) == (7, 8) * 4


@pytest.mark.parametrize("seconds", [0.1, 2.0, 8.0, 15.0, 20.0, 30.0])
def test_the_limit_holds_fast_speech_and_ends_loops(seconds: float) -> None:
    """Ten tokens a second are very fast speech; a short clip can't fill the model's whole length."""
    assert token_limit(seconds) >= min(10 * seconds, MODEL_LIMIT)
    assert token_limit(2.0) < MODEL_LIMIT / 4


@pytest.mark.parametrize(
    ("no_speech_prob", "avg_logprob", "invented"),
    [(0.9, -1.5, True), (0.9, -0.3, False), (0.1, -1.5, False), (0.5, -1.9, True), (0.5, -1.1, False)],
)
def test_only_what_is_both_unheard_and_unsure_is_invented(
    no_speech_prob: float, avg_logprob: float, *, invented: bool
) -> None:
    """Neither sign alone takes a word away from anybody."""
    found = is_invented(no_speech_prob=no_speech_prob, avg_logprob=avg_logprob, spoken_s=0.1)
    assert found is invented


def test_speech_is_never_invented() -> None:
    """Where the detector hears somebody speak, the model's own doubts take nothing away."""
    assert not is_invented(no_speech_prob=0.95, avg_logprob=-2.0, spoken_s=2.0)


@pytest.mark.parametrize(
    ("text", "spoken_s", "short"),
    [
        ("M.", 4.0, True),
        ("", 2.0, True),
        ("", 0.0, False),
        ("Ja.", 0.4, False),
        ("Blodtryk 120/80.", 3.0, False),
        ("Hun har fået hjælp til bad.", 3.0, False),
    ],
)
def test_a_text_for_little_of_the_speech_is_cut_short(text: str, spoken_s: float, *, short: bool) -> None:
    """Even who speaks slowly says seven letters in a second of speech."""
    assert is_cut_short(text, spoken_s=spoken_s) is short


@pytest.mark.parametrize(
    "text",
    [
        "...",
        "",
        "Danske tekster af Nikolaj Hansen",
        "Undertekster af",
        "Tak fordi I så med!",
        "Tekstet af A. B.",
    ],
)
def test_credits_and_thanks_for_watching_are_phantoms(text: str) -> None:
    """Nobody dictates them, and models write them into pauses."""
    assert is_phantom(text)


@pytest.mark.parametrize(
    "text",
    ["Ja.", "tak", "Tak fordi I ringede", "Han har tekstet beskeden selv", "hun siger tak fordi I så med ud"],
)
def test_what_a_person_may_say_is_no_phantom(text: str) -> None:
    """Only a text that is nothing else is taken away."""
    assert not is_phantom(text)
