"""Words and their times from aligned tokens."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.transcriber.packing import HOP
from dictate.transcriber.timing import said_tokens, timed_words, token_starts, word_groups

pieces = st.lists(
    st.tuples(st.from_regex(r"[ ]?[a-zæøå0-9.,?%»«-]{1,4}", fullmatch=True), st.integers(1, 3)),
    min_size=1,
    max_size=20,
)


@given(pieces)
def test_words_joined_by_spaces_are_the_text(found: list[tuple[str, int]]) -> None:
    """No letter and no token is lost on the way from pieces to words."""
    words = word_groups(found)
    assert " ".join(text for text, _ in words).split() == "".join(text for text, _ in found).split()
    assert sum(count for _, count in words) == sum(count for _, count in found)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([" Hun", " spis", "er", "."], ["Hun", "spiser."]),
        ([" 37", ",", "8", " grader"], ["37,8", "grader"]),
        ([" »", "ja", "«", ",", " sagde", " hun"], ["»ja«,", "sagde", "hun"]),
        ([" mor", " -", " far"], ["mor -", "far"]),
        ([" -", " ja"], ["- ja"]),
        (["..."], ["..."]),
    ],
)
def test_punctuation_stays_with_its_word(found: list[str], words: list[str]) -> None:
    """Lone marks are no words of their own."""
    assert [text for text, _ in word_groups([(text, 1) for text in found])] == words


@given(st.lists(st.integers(1, 9), min_size=2, max_size=30))
def test_tokens_begin_where_the_path_reaches_them(stays: list[int]) -> None:
    """Each token begins where the one before it ends, and all rise."""
    path, position = [], 0
    for token, stay in enumerate(stays):
        path += [(token, position + step) for step in range(stay)]
        position += stay
    starts = token_starts(path, len(stays) - 1)
    np.testing.assert_allclose(starts, np.cumsum([0, *stays[:-1]]) * 0.02)


def test_an_empty_path_gives_no_words() -> None:
    """A window in which nothing was recognised has nothing to time."""
    assert (
        timed_words(
            [], token_starts([], 0), [], np.zeros(4, dtype=np.float32), first_sample=0, block_start=0.0
        )
        == ()
    )


@given(
    stays=st.lists(st.integers(0, 80), min_size=1, max_size=12),
    speech=st.lists(st.sampled_from([0.0, 0.1, 0.9]), min_size=1, max_size=300),
    offset=st.integers(0, 40_000),
)
def test_times_rise_and_stay_inside(stays: list[int], speech: list[float], offset: int) -> None:
    """Trimming silence never turns a word around or moves it over its neighbour."""
    starts = np.cumsum([0, *stays]) * 0.02
    words = timed_words(
        [("ord", 1)] * len(stays),
        starts,
        [0.5] * len(stays),
        np.asarray(speech, dtype=np.float32),
        first_sample=offset,
        block_start=100.0,
    )
    first = 100.0 + offset / 16_000
    assert all(
        first + starts[0] - 1e-3 <= word.start <= word.end <= first + starts[-1] + 1e-3 for word in words
    )
    assert all(before.end <= after.start + 1e-6 for before, after in pairwise(words))


def test_the_pause_after_a_word_is_not_part_of_it() -> None:
    """The alignment gives pauses to words; the speech detector knows better."""
    hop = HOP / 16_000
    speech = np.array([0.0] * 10 + [0.9] * 10 + [0.0] * 40, dtype=np.float32)
    (word,) = timed_words(
        [("ja", 2)], np.array([0.0, 0.5, 60 * hop]), [0.8, 0.4], speech, first_sample=0, block_start=0.0
    )
    assert word.start == pytest.approx(10 * hop, abs=1e-3)
    assert word.end == pytest.approx(20 * hop, abs=1e-3)
    assert word.probability == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("stays", "kept"),
    [
        ([10, 12, 9, 0, 0, 0, 0], 3),
        ([10, 0, 0, 0, 12, 9], 3),
        ([0, 1, 0, 1], 0),
        ([10, 0, 0, 12], 4),
        ([2, 2, 2, 2, 2], 5),
    ],
)
def test_what_takes_no_time_was_not_said(stays: list[int], kept: int) -> None:
    """A sentence written twice finds sound only once; one or two hurried words may be real."""
    starts = np.cumsum([0, *stays]) * 0.02
    speech = np.ones(100, dtype=np.float32)
    groups, certain = [("ord", 1)] * len(stays), [0.9] * len(stays)
    words = timed_words(groups, starts, certain, speech, first_sample=0, block_start=0.0)
    assert len(words) == kept


def test_the_words_after_invented_ones_keep_their_own_probability() -> None:
    """Leaving words out shifts nothing."""
    groups = [("ja", 1), ("x", 2), ("y", 1), ("z", 1), ("nej", 1)]
    starts = np.array([0, 0.2, 0.2, 0.2, 0.2, 0.2, 0.6])
    certain = [0.9, 0.1, 0.1, 0.1, 0.1, 0.7]
    speech = np.ones(50, dtype=np.float32)
    words = timed_words(groups, starts, certain, speech, first_sample=0, block_start=0.0)
    assert [(word.text, word.probability) for word in words] == [("ja", 0.9), ("nej", 0.7)]
    assert said_tokens(groups, starts) == ((0, 1), (5, 6))
