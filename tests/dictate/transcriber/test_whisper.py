"""The real model on real sound: what it must never do, and what it must always give."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dictate.audio import SAMPLE_RATE, AudioClip, read_audio
from dictate.errors import TranscriptionError
from dictate.evaluate import compare
from dictate.transcriber.base import DecodeOptions
from dictate.transcriber.whisper import WhisperTranscriber
from dictate.transcript import ModelName, Transcript
from models.cache import ModelFiles

pytestmark = pytest.mark.model

SAMPLES = Path(__file__).parents[3] / "samples"
FAST = DecodeOptions(second_look=float("-inf"))


@pytest.fixture(scope="module")
def transcript(base: WhisperTranscriber, sample: AudioClip) -> Transcript:
    """The sample with all defaults."""
    return base.transcribe([sample])


def at_level(clip: AudioClip, level_db: float) -> AudioClip:
    """The same speech at another level of its louder half, in dB of full scale."""
    louder = np.sort(np.square(clip.samples))[len(clip.samples) // 2 :]
    factor = 10 ** (level_db / 20) / np.sqrt(np.mean(louder))
    return AudioClip(samples=(clip.samples * np.float32(factor)).clip(-1, 1))


def silence(seconds: float) -> np.ndarray:
    """Nothing at all."""
    return np.zeros(round(seconds * SAMPLE_RATE), dtype=np.float32)


def test_words_are_the_text_with_times_and_probabilities(transcript: Transcript, sample: AudioClip) -> None:
    """Every word has its place in the recording, in order."""
    assert len(transcript.words) > 5
    assert transcript.duration == pytest.approx(sample.duration, abs=0.01)
    for segment in transcript.segments:
        assert " ".join(word.text for word in segment.words) == segment.text
        assert segment.start == segment.words[0].start
        assert segment.end == segment.words[-1].end
    assert all(0 <= word.start <= word.end <= sample.duration + 0.01 for word in transcript.words)
    assert all(before.end <= after.start + 1e-6 for before, after in pairwise(transcript.words))
    assert all(0 < word.probability <= 1 for word in transcript.words)


def test_sound_that_begins_in_a_word_keeps_its_words(base: WhisperTranscriber) -> None:
    """Such a beginning makes the model stop early, or deny that anybody speaks; one in seven was lost so."""
    said = read_audio(SAMPLES / "s09-personlig-pleje.flac").samples
    looped = np.concatenate([said, silence(0.5), said])
    for start, seconds in ((12.5, 5.0), (8.4, 6.2), (11.9, 8.8), (1.4, 8.7), (12.7, 8.0), (8.0, 6.6)):
        first = round(start * SAMPLE_RATE)
        clip = AudioClip(samples=looped[first : first + round(seconds * SAMPLE_RATE)])
        assert len(base.transcribe([clip]).words) > seconds, f"from {start} s on"


def test_the_same_sound_gives_the_same_words(
    transcript: Transcript, base: WhisperTranscriber, base_alone: WhisperTranscriber, sample: AudioClip
) -> None:
    """Nothing is drawn by lot, and the number of workers changes nothing."""
    assert base.transcribe([sample]) == transcript
    assert base_alone.transcribe([sample]) == transcript


def test_a_quiet_speaker_is_heard(
    transcript: Transcript, base: WhisperTranscriber, sample: AudioClip
) -> None:
    """At -45 dB of full scale the words are nearly the same."""
    quiet = base.transcribe([at_level(sample, -45)])
    assert compare(transcript.text, quiet.text).wer < 0.3


def test_words_at_the_very_edges_are_kept(
    transcript: Transcript, base: WhisperTranscriber, sample: AudioClip
) -> None:
    """A recording may begin with the first sound and stop with the last."""
    first, last = transcript.words[0].start, transcript.words[-1].end
    tight = sample.samples[max(0, round((first - 0.05) * SAMPLE_RATE)) : round((last + 0.05) * SAMPLE_RATE)]
    heard = base.transcribe([AudioClip(samples=tight)])
    assert heard.words[0].start < 0.4
    assert heard.duration - heard.words[-1].end < 0.4
    assert len(heard.words) >= len(transcript.words) - 2


def test_words_after_a_long_pause_are_kept(base: WhisperTranscriber, sample: AudioClip) -> None:
    """Speech after half a minute of silence has its own segment and its right time."""
    gap = 30.0
    joined = AudioClip(samples=np.concatenate([sample.samples, silence(gap), sample.samples]))
    heard = base.transcribe([joined], FAST)
    assert any(segment.start > sample.duration + gap for segment in heard.segments)
    inside = [word for word in heard.words if sample.duration < word.start < sample.duration + gap - 0.5]
    assert inside == []


def test_blocks_follow_each_other_in_time(base: WhisperTranscriber, sample: AudioClip) -> None:
    """The second block's words come after the first block's sound, shifted by exactly its length."""
    alone = base.transcribe([sample], FAST)
    twice = base.transcribe([sample, sample], FAST)
    assert twice.duration == pytest.approx(2 * sample.duration, abs=0.01)
    assert len(twice.words) == 2 * len(alone.words)
    for once, again in zip(alone.words, twice.words[len(alone.words) :], strict=True):
        assert again.text == once.text
        assert again.start == pytest.approx(once.start + sample.duration, abs=0.002)


@pytest.mark.parametrize("seconds", [0.1, 5.0, 300.0])
def test_silence_gives_no_words(base: WhisperTranscriber, seconds: float) -> None:
    """Whisper itself would thank for watching."""
    assert base.transcribe([AudioClip(samples=silence(seconds))]).segments == ()


@pytest.mark.parametrize("level", [0.003, 0.1, 0.3])
def test_noise_gives_no_words(base: WhisperTranscriber, level: float) -> None:
    """White noise at any level is not speech."""
    noise = np.random.default_rng(1).normal(0, level, 60 * SAMPLE_RATE).clip(-1, 1).astype(np.float32)
    assert base.transcribe([AudioClip(samples=noise)]).text == ""


def test_progress_rises_to_the_end(base: WhisperTranscriber, sample: AudioClip) -> None:
    """A progress bar never goes back and ends full."""
    told: list[float] = []
    base.transcribe([sample, sample], FAST, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(2 * sample.duration)


def test_segments_come_before_the_recording_ends(base: WhisperTranscriber, sample: AudioClip) -> None:
    """Who waits can read the beginning while the rest is not even read yet."""
    read = 0

    def blocks() -> Iterator[AudioClip]:
        nonlocal read
        for _ in range(3):
            read += 1
            yield sample

    next(base.segments(blocks(), FAST))
    assert read == 1


def test_without_word_times_the_text_is_the_same(
    transcript: Transcript, base: WhisperTranscriber, sample: AudioClip
) -> None:
    """Times cost work and are left out where nobody asks for them."""
    bare = base.transcribe([sample], DecodeOptions(word_times=False))
    assert bare.text == transcript.text
    assert bare.words == ()


def test_sound_at_another_rate_is_refused(base: WhisperTranscriber) -> None:
    """It would be heard as slow or fast speech without any error."""
    with pytest.raises(TranscriptionError, match="8000 Hz"):
        base.transcribe([AudioClip(samples=silence(1), sample_rate=8000)])


def test_an_unknown_language_is_refused(base: WhisperTranscriber) -> None:
    """The language is fixed, so a wrong one must be told."""
    with pytest.raises(TranscriptionError, match="'dansk' is unknown"):
        base.transcribe([AudioClip(samples=silence(1))], DecodeOptions(language="dansk"))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """The folder and the command that checks it are named."""
    with pytest.raises(TranscriptionError, match="dictate-models verify"):
        WhisperTranscriber(tmp_path, model=ModelName(name="x", revision="0", compute_type="int8"))


def test_nothing_but_the_model_is_left_in_the_cache(
    base_files: ModelFiles, sample_path: Path, tmp_path: Path
) -> None:
    """No library keeps an identifier of this machine or reports to anybody."""
    cache = tmp_path / "cache"
    target = cache / "plejediktat" / "models" / "whisper-base"
    target.mkdir(parents=True)
    (target / base_files.folder.name).symlink_to(base_files.folder, target_is_directory=True)
    subprocess.run(
        [sys.executable, "-m", "dictate.cli.__main__", "transcribe", str(sample_path)],
        env={**os.environ, "XDG_CACHE_HOME": str(cache), "HOME": str(tmp_path)},
        check=True,
        capture_output=True,
    )
    assert [path.name for path in cache.iterdir()] == ["plejediktat"]
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
