"""Terms of a vocabulary in place of what was misheard."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictate.transcriber.lexicon import danish
from dictate.transcriber.rescoring import Reading, Rescorer

TERMS = ("kompressionsstrømper", "støttestrømper", "tryksår", "inkontinens", "katetersæk", "sondemad")


@cache
def small() -> Rescorer:
    """Rescorer with a small vocabulary."""
    return Rescorer(danish()).with_terms(TERMS)


@pytest.fixture(scope="module")
def rescorer() -> Rescorer:
    """With a small vocabulary."""
    return small()


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("hun har ingkontinens", "hun har inkontinens"),
        ("Støtte strømper, på", "Støttestrømper, på"),
        ("et tryk sår.", "et tryksår."),
        ("fik sondemat i dag", "fik sondemad i dag"),
    ],
)
def test_terms_are_found_in_what_is_no_word(rescorer: Rescorer, heard: str, said: str) -> None:
    """Misspelled or written in two; capitals and punctuation stay."""
    assert " ".join(reading.text for reading in rescorer.righted(heard.split())) == said


def test_a_compound_stands_for_all_its_parts(rescorer: Rescorer) -> None:
    """So that the word keeps the time of both."""
    assert rescorer.righted(["hendes", "støtte", "strømper"]) == (
        Reading(text="hendes"),
        Reading(text="støttestrømper", count=2),
    )


@pytest.mark.parametrize(
    "text", ["han trykker så på knappen", "en kat er sød", "hun tager strømper på", "sonden er skiftet"]
)
def test_ordinary_speech_is_left_alone(rescorer: Rescorer, text: str) -> None:
    """Common words stay, whatever the vocabulary holds."""
    assert [reading.text for reading in rescorer.righted(text.split())] == text.split()


@settings(deadline=None)  # the first example loads the word list
@given(st.lists(st.text(max_size=12), max_size=6))
def test_no_heard_word_is_lost(words: list[str]) -> None:
    """Every word is in exactly one reading, whatever it is."""
    heard = " ".join(words).split()
    readings = small().righted(heard)
    assert sum(reading.count for reading in readings) == len(heard)
