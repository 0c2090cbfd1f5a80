"""Counting the words that were recognised wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.evaluate import Difference, comparable, compare

WORDS = st.lists(st.sampled_from(["såret", "er", "rødt", "og", "hævet", "ikke"]), max_size=8)


def test_the_same_words_have_no_error_whatever_their_case_and_punctuation() -> None:
    """Punctuation and capitals are not judged."""
    result = compare("såret er rødt", "Såret er rødt.")
    assert (result.wer, result.cer, result.differences) == (0, 0, ())


def test_each_kind_of_error_is_counted_and_shown() -> None:
    """A wrong, a lost and an invented word are three errors of eight words."""
    result = compare("såret er rødt og hævet på venstre hæl", "såret var rødt hævet på venstre hæl nu")
    assert result.wer == pytest.approx(3 / 8)
    assert result.differences == (
        Difference(said="er", heard="var"),
        Difference(said="og", heard=""),
        Difference(said="", heard="nu"),
    )


def test_words_out_of_silence_are_all_errors() -> None:
    """Where nothing was said, every word is invented."""
    result = compare("", "tak for i dag")
    assert (result.words, result.errors, result.wer) == (0, 4, 1.0)


@given(WORDS, WORDS)
def test_differences_explain_the_distance(said: list[str], heard: list[str]) -> None:
    """The listed differences hold at least as many words as there are errors, and none when texts agree."""
    result = compare(" ".join(said), " ".join(heard))
    listed = sum(max(len(d.said.split()), len(d.heard.split())) for d in result.differences)
    assert listed == result.errors
    assert bool(result.differences) == (comparable(" ".join(said)) != comparable(" ".join(heard)))
