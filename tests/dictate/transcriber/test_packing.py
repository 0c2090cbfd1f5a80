"""Finding speech and packing it into windows."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dictate.audio import SAMPLE_RATE
from dictate.transcriber.packing import HOP, MAX_FRAMES, Span, gain, pack, speech_spans, window_frames

Probabilities = NDArray[np.float32]


def speech(*runs: tuple[float, float]) -> Probabilities:
    """Speech probabilities from pairs of seconds and probability."""
    return np.concatenate(
        [np.full(round(seconds * SAMPLE_RATE / HOP), value, dtype=np.float32) for seconds, value in runs]
    )


probabilities = st.lists(
    st.tuples(st.integers(1, 120), st.sampled_from([0.0, 0.1, 0.3, 0.6, 1.0])), min_size=1, max_size=40
).map(lambda runs: np.concatenate([np.full(count, value, dtype=np.float32) for count, value in runs]))


@given(probabilities)
def test_spans_are_in_order_and_hold_all_speech(found: Probabilities) -> None:
    """Spans never overlap, stay inside the sound, and leave out no clear speech longer than a click."""
    length = len(found) * HOP - 100
    spans = speech_spans(found, length)
    assert all(0 <= span.start < span.end <= length for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    clear = found >= 0.6
    for index in range(len(found) - 2):
        if clear[index : index + 2].all():
            middle = (index + 1) * HOP
            assert any(span.start <= middle < span.end for span in spans)


def test_silence_holds_no_span() -> None:
    """Where nobody speaks there is nothing to decode."""
    assert speech_spans(speech((60, 0.05)), 60 * SAMPLE_RATE) == ()


def test_a_click_is_no_speech() -> None:
    """One moment alone is shorter than any word."""
    found = speech((2, 0.0))
    found[30] = 1.0
    assert speech_spans(found, 2 * SAMPLE_RATE) == ()


def test_speech_gets_room_at_both_ends() -> None:
    """The detector misses voiceless beginnings and endings."""
    (span,) = speech_spans(speech((2, 0.0), (1, 0.9), (2, 0.0)), 5 * SAMPLE_RATE)
    assert span.start / SAMPLE_RATE == pytest.approx(1.6, abs=0.05)
    assert span.end / SAMPLE_RATE == pytest.approx(3.4, abs=0.05)


def test_speech_from_the_first_to_the_last_sample_is_kept_whole() -> None:
    """A dictation may begin and end in the middle of a word."""
    length = 3 * SAMPLE_RATE - 17
    assert speech_spans(speech((3, 0.9)), length)[0] == Span(0, min(length, len(speech((3, 0.9))) * HOP))


def test_a_quiet_ending_belongs_to_the_word() -> None:
    """Speech that has begun lasts while the detector is only half sure."""
    (span,) = speech_spans(speech((1, 0.0), (1, 0.9), (0.5, 0.25), (2, 0.0)), 5 * SAMPLE_RATE)
    assert span.end / SAMPLE_RATE > 2.8


@given(probabilities, st.floats(2.0, 28.0), st.floats(0.0, 2.0))
def test_windows_cover_all_speech_and_are_short_enough(
    found: Probabilities, most_s: float, gap_s: float
) -> None:
    """No window is too long, and packing loses no sample of speech."""
    spans = speech_spans(found, len(found) * HOP)
    windows = pack(spans, found, most_s=most_s, gap_s=gap_s)
    assert all(window.seconds <= most_s + 1e-6 and window.seconds > 0 for window in windows)
    assert all(before.end <= after.start for before, after in pairwise(windows))
    for span in spans:
        inside = sum(max(0, min(span.end, window.end) - max(span.start, window.start)) for window in windows)
        assert inside == span.end - span.start


def test_long_speech_is_parted_where_it_is_least_like_speech() -> None:
    """A cut falls into the short breath, not into a word."""
    found = speech((12, 0.95), (0.15, 0.3), (12, 0.95))
    spans = speech_spans(found, len(found) * HOP)
    first, _ = pack(spans, found, most_s=20, gap_s=1)
    assert first.end / SAMPLE_RATE == pytest.approx(12.08, abs=0.1)


def test_close_sentences_share_a_window_and_far_ones_dont() -> None:
    """Packing saves work; a long silence inside a window would only cost some."""
    found = speech((2, 0.9), (1.2, 0.0), (2, 0.9), (6, 0.0), (2, 0.9), (2, 0.0))
    windows = pack(speech_spans(found, len(found) * HOP), found, most_s=20, gap_s=1)
    assert len(windows) == 2


@given(st.floats(0.02, 30.0), st.floats(0.5, 30.0), st.sampled_from([80, 128]))
def test_the_encoder_never_takes_its_own_output_for_features(
    seconds: float, floor_s: float, n_mels: int
) -> None:
    """The time axis of what the encoder gives must not be as long as there are mel bands."""
    frames = window_frames(seconds, floor_s=floor_s, n_mels=n_mels, step_s=0.1)
    assert frames % 2 == 0
    assert frames // 2 != n_mels
    assert frames <= MAX_FRAMES


@pytest.mark.parametrize(("n_mels", "seconds"), [(80, 1.6), (128, 2.56)])
def test_the_trap_itself_is_stepped_over(n_mels: int, seconds: float) -> None:
    """Windows of exactly this length were encoded twice, without any error."""
    assert window_frames(0.1, floor_s=seconds, n_mels=n_mels, step_s=0.01) == round(seconds * 100) + 2


@given(st.floats(0.02, 30.0), st.floats(1.0, 30.0))
def test_a_window_has_room_for_the_speech_and_the_floor(seconds: float, floor_s: float) -> None:
    """A second of silence follows the speech wherever 30 s allow it."""
    frames = window_frames(seconds, floor_s=floor_s, n_mels=80)
    assert frames >= min((seconds + 1) * 100, MAX_FRAMES) - 1
    assert frames >= floor_s * 100 - 1


@pytest.mark.parametrize("level_db", [-55.0, -45.0, -30.0, -20.0, -6.0])
def test_all_speech_comes_to_one_level(level_db: float) -> None:
    """A quiet speaker is heard as well as a loud one."""
    tone = np.sin(np.arange(16_000) * 0.1).astype(np.float32)
    sound = tone * np.float32(10 ** (level_db / 20))
    lifted = sound * gain(sound)
    assert 20 * np.log10(np.abs(lifted).max()) == pytest.approx(-19, abs=1.5)


def test_silence_is_not_lifted_without_bound() -> None:
    """The gain has an end, also for nothing at all."""
    assert gain(np.zeros(100, dtype=np.float32)) == pytest.approx(100)
    assert gain(np.zeros(0, dtype=np.float32)) == 1.0
