"""Committed words never change, and utterances end in pauses."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dictate.audio import SAMPLE_RATE
from dictate.scripted import MODEL
from dictate.streaming import Partial, is_silence, shifted, utterance_end, without_words
from dictate.transcript import Segment, Transcript, Word

WORDS = st.lists(st.sampled_from(["hun", "har", "det", "godt", "ikke", "smerter", "i", "benet"]), max_size=12)


def said(*texts: str) -> tuple[Word, ...]:
    """Return words of half a second each."""
    return tuple(
        Word(text=text, start=place * 0.5, end=place * 0.5 + 0.4, probability=0.9)
        for place, text in enumerate(texts)
    )


def transcript(*texts: str) -> Transcript:
    """Return them as one segment."""
    words = said(*texts)
    segment = Segment(text=" ".join(texts), start=0, end=9, words=words, avg_logprob=-0.1, no_speech_prob=0.0)
    return Transcript(
        segments=(segment,),
        language="da",
        duration=9,
        model=MODEL,
    )


@given(passes=st.lists(WORDS, max_size=8))
def test_committed_words_never_change(passes: list[list[str]]) -> None:
    """Whatever the passes hear, what is committed stays and only grows."""
    partial = Partial()
    for number, texts in enumerate(passes):
        before = partial.committed
        words = said(*texts)
        partial = partial.sealed(words) if number % 4 == 3 else partial.heard(words)
        assert partial.committed[: len(before)] == before


def test_two_passes_that_agree_commit() -> None:
    """One pass is a guess; what the next one says again is firm."""
    once = Partial().heard(said("hun", "har", "ont"))
    assert once.committed == ()
    twice = once.heard(said("Hun", "har", "ondt", "i"))
    assert [word.text for word in twice.committed] == ["Hun", "har"]
    assert [word.text for word in twice.tentative] == ["ondt", "i"]


def test_a_repeated_tail_is_not_doubled() -> None:
    """A pass that hears the last committed words again, a little later, adds only what is new."""
    partial = Partial(committed=said("hun", "har"))
    late = (
        Word(text="har", start=0.85, end=1.1, probability=0.9),
        Word(text="feber", start=1.2, end=1.5, probability=0.9),
    )
    assert [word.text for word in partial.sealed(late).committed] == ["hun", "har", "feber"]


def test_undo_forgets_from_there() -> None:
    """What is taken back is no longer committed."""
    partial = Partial(committed=said("hun", "har", "feber"), tentative=said("og"))
    assert [word.text for word in partial.without(0.5).words] == ["hun"]


def noise(seconds: float, level: float) -> np.ndarray:
    """Return noise."""
    return np.random.default_rng(1).normal(0, level, round(seconds * SAMPLE_RATE)).astype(np.float32)


def test_an_utterance_ends_in_a_pause() -> None:
    """After twelve seconds the next pause is the end; the cut lies in it."""
    sound = np.concatenate([noise(13, 0.1), noise(0.8, 0.0001), noise(1, 0.1)])
    end = utterance_end(sound)
    assert end is not None
    assert 13.0 < end / SAMPLE_RATE < 13.8


def test_a_short_utterance_goes_on() -> None:
    """A pause in the first seconds ends nothing."""
    assert utterance_end(np.concatenate([noise(1, 0.1), noise(1, 0.0001), noise(1, 0.1)])) is None


def test_speech_without_a_pause_is_cut_at_its_quietest() -> None:
    """Nobody waits for a pause for ever."""
    sound = np.concatenate([noise(14, 0.1), noise(0.2, 0.03), noise(2, 0.1)])
    assert utterance_end(sound[: 15 * SAMPLE_RATE]) is None
    end = utterance_end(sound)
    assert end is not None
    assert 13.9 < end / SAMPLE_RATE < 14.3


def test_shifted_moves_words_too() -> None:
    """Segments of an utterance get the times of the dictation."""
    (segment,) = shifted(transcript("hun", "har").segments, 10.0)
    assert (segment.start, segment.words[1].start) == (10.0, 10.5)


def test_without_words_keeps_the_rest() -> None:
    """Stretches that were taken back leave the transcript, words and text alike."""
    kept = without_words(transcript("hun", "har", "feber", "nu"), [(0.5, 1.4)])
    assert kept.text == "hun nu"
    assert without_words(transcript("hun"), [(0.0, 9.0)]).segments == ()


def test_silence_is_told_from_speech() -> None:
    """A room's noise is silence beside speech; a soft word isn't, however short and wherever it stands."""
    noise = np.random.default_rng(1)
    speech = noise.normal(0, 0.2, SAMPLE_RATE).astype(np.float32)
    room = noise.normal(0, 0.002, SAMPLE_RATE // 2).astype(np.float32)
    assert is_silence(room, speech)
    assert is_silence(room[:0], speech)
    for length in (SAMPLE_RATE // 100, SAMPLE_RATE // 20):
        for at in (0, 1000, len(room) - length):
            word = room.copy()
            word[at : at + length] += noise.normal(0, 0.06, length).astype(np.float32)
            assert not is_silence(word, speech)
    assert not is_silence(speech[:100], speech)
    assert not is_silence(room, np.zeros(0, np.float32))
