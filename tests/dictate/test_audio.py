"""Reading recordings of all kinds, whole, damaged and wrong."""

import os
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dictate.audio import (
    SAMPLE_RATE,
    AudioClip,
    DamagedAudioError,
    probe_duration,
    quiet_place,
    read_audio,
    read_blocks,
)
from dictate.errors import AudioError

SECONDS = 3.0


def beeps(seconds: float, rate: int, channels: int) -> NDArray[np.float32]:
    """Half a second of a 300 Hz tone, half a second of nothing, and so on; shape (channels, n)."""
    time = np.arange(round(seconds * rate)) / rate
    tone = 0.3 * np.sin(2 * np.pi * 300 * time) * (time % 1 < 0.5)
    return np.tile(tone.astype(np.float32), (channels, 1))


def write(
    path: Path,
    codec: str,
    *,
    rate: int = SAMPLE_RATE,
    layout: str = "mono",
    samples: NDArray[np.float32] | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Encode sound to a file; its name says the container."""
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    sound = beeps(SECONDS, rate, channels) if samples is None else samples
    with av.open(str(path), "w", container_options=options or {}) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        for start in range(0, sound.shape[1], 1024):
            piece = np.ascontiguousarray(sound[:, start : start + 1024])
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def level(samples: NDArray[np.float32], start: float, end: float) -> float:
    """Root mean square between two times in seconds."""
    part = samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
    return float(np.sqrt(np.mean(np.square(part))))


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout"),
    [
        ("a.wav", "pcm_s16le", 16_000, "mono"),
        ("a.wav", "pcm_u8", 8_000, "mono"),
        ("a.wav", "pcm_s24le", 96_000, "stereo"),
        ("a.wav", "pcm_f64le", 32_000, "mono"),
        ("a.wav", "pcm_alaw", 8_000, "mono"),
        ("a.flac", "flac", 44_100, "stereo"),
        ("a.mp3", "libmp3lame", 44_100, "stereo"),
        ("a.mp3", "libmp3lame", 16_000, "mono"),
        ("a.m4a", "aac", 48_000, "5.1"),
        ("a.aac", "aac", 16_000, "mono"),
        ("a.ogg", "libopus", 48_000, "stereo"),
        ("a.opus", "libopus", 48_000, "mono"),
        ("a.webm", "libopus", 48_000, "mono"),
    ],
)
def test_every_format_becomes_16_khz_mono(
    tmp_path: Path, name: str, codec: str, rate: int, layout: str
) -> None:
    """Length and content survive whatever the container, codec, rate and number of channels."""
    clip = read_audio(write(tmp_path / name, codec, rate=rate, layout=layout))
    assert clip.sample_rate == SAMPLE_RATE
    assert clip.duration == pytest.approx(SECONDS, abs=0.12)
    assert level(clip.samples, 0.1, 0.4) > 0.1
    assert level(clip.samples, 0.65, 0.9) < 0.02


@pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_s16le"), ("a.flac", "flac"), ("a.m4a", "aac")])
def test_the_stated_length_is_known_before_decoding(tmp_path: Path, name: str, codec: str) -> None:
    """A progress bar needs the length at the start."""
    assert probe_duration(write(tmp_path / name, codec)) == pytest.approx(SECONDS, abs=0.1)


def test_a_sound_track_of_a_film_is_read(tmp_path: Path) -> None:
    """A video file has sound, too; its picture is not looked at."""
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        video, audio = container.add_stream("mpeg4", rate=10), container.add_stream("aac", rate=SAMPLE_RATE)
        video.width, video.height, video.pix_fmt = 32, 32, "yuv420p"
        for _ in range(30):
            container.mux(video.encode(av.VideoFrame(32, 32, "yuv420p")))
        container.mux(video.encode(None))
        frame = av.AudioFrame.from_ndarray(beeps(SECONDS, SAMPLE_RATE, 1), format="fltp", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        container.mux(audio.encode(frame))
        container.mux(audio.encode(None))
    assert read_audio(path).duration == pytest.approx(SECONDS, abs=0.15)


def test_samples_that_are_no_numbers_become_silence(tmp_path: Path) -> None:
    """A float recording may hold infinities and values outside -1..1."""
    wild = np.full((1, SAMPLE_RATE), np.nan, dtype=np.float32)
    wild[0, 100:200] = 7.0
    samples = read_audio(write(tmp_path / "a.wav", "pcm_f32le", samples=wild)).samples
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() == 1.0


def test_blocks_are_the_whole_recording_cut_in_pauses(tmp_path: Path) -> None:
    """Nothing is lost or doubled between blocks, and no block ends inside a beep."""
    path = write(tmp_path / "a.flac", "flac", samples=beeps(20.3, SAMPLE_RATE, 1))
    blocks = list(read_blocks(path, block_s=5.0, search_s=2.0))
    assert len(blocks) > 3
    assert all(block.duration <= 5.0 for block in blocks)
    joined = np.concatenate([block.samples for block in blocks])
    np.testing.assert_array_equal(joined, read_audio(path).samples)
    for before, after in pairwise(blocks):
        assert level(before.samples[-800:], 0, 1) < 0.01
        assert level(after.samples[:800], 0, 1) < 0.01


def test_a_long_recording_takes_little_memory(tmp_path: Path) -> None:
    """Memory is that of a block, not of the recording."""
    path = write(tmp_path / "a.flac", "flac", samples=beeps(600, SAMPLE_RATE, 1))
    tracemalloc.start()
    for _ in read_blocks(path, block_s=10.0, search_s=5.0):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000  # the whole would be 38 MB


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp3", "libmp3lame"),
        ("a.wav", "pcm_s16le"),
        ("a.wav", "pcm_alaw"),
        ("a.flac", "flac"),
        ("a.opus", "libopus"),
        ("a.webm", "libopus"),
        ("a.aac", "aac"),
    ],
)
@pytest.mark.parametrize("share", [0.3, 0.617])
def test_a_cut_recording_is_told_after_what_is_whole(
    tmp_path: Path, name: str, codec: str, share: float
) -> None:
    """No missing end goes unseen; with `salvage` what is whole is given."""
    whole = write(tmp_path / name, codec, rate=48_000, samples=beeps(10, 48_000, 1)).read_bytes()
    path = tmp_path / f"cut-{name}"
    path.write_bytes(whole[: round(len(whole) * share) + 7])
    with pytest.raises(DamagedAudioError, match=r"is damaged: .* --salvage"):
        read_audio(path)
    assert 1.0 < read_audio(path, salvage=True).duration < 8.0


@pytest.mark.parametrize("missing", range(1, 400, 57))
def test_a_cut_mp3_without_a_stated_length_is_told(tmp_path: Path, missing: int) -> None:
    """Without a length in its head, the broken last frame of an MP3 gives it away."""
    path = write(tmp_path / "a.mp3", "libmp3lame", rate=44_100, options={"write_xing": "0"})
    assert read_audio(path).duration == pytest.approx(SECONDS, abs=0.1)
    path.write_bytes(path.read_bytes()[:-missing])
    with pytest.raises(DamagedAudioError, match="breaks off"):
        read_audio(path)


@pytest.mark.parametrize("length", [bytes(4), b"\xff\xff\xff\xff"])
def test_a_wav_whose_length_was_never_filled_in_is_whole(tmp_path: Path, length: bytes) -> None:
    """Recorders that write to a pipe or lose power leave the length open; that is no damage."""
    path = write(tmp_path / "a.wav", "pcm_s16le")
    content = bytearray(path.read_bytes())
    data = content.find(b"data")
    content[data + 4 : data + 8] = length
    path.write_bytes(content)
    assert read_audio(path).duration == pytest.approx(SECONDS, abs=0.01)


def test_an_m4a_without_its_end_is_refused(tmp_path: Path) -> None:
    """An M4A keeps its table of contents at the end: without it nothing can be read."""
    path = write(tmp_path / "a.m4a", "aac")
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(AudioError, match="can't be read as sound"):
        read_audio(path)


def _text(path: Path) -> Path:
    path.write_text("Dette er ikke en lydfil.\n" * 200, encoding="utf-8")
    return path


def _noise(path: Path) -> Path:
    path.write_bytes(np.random.default_rng(0).bytes(50_000))
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _empty(path: Path) -> Path:
    path.touch()
    return path


def _picture(path: Path) -> Path:
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
        container.mux(stream.encode(None))
    return path


def _short(path: Path) -> Path:
    return write(path, "pcm_s16le", samples=beeps(0.05, SAMPLE_RATE, 1))


def _play_list(path: Path) -> Path:
    path.write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n", encoding="ascii"
    )
    return path


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: path, r"^There is no file .*a\.wav\. Check the name\.$"),
        (_folder, r"is a folder, not a recording"),
        (_empty, r"is empty \(0 bytes\)"),
        (_text, r"can't be read as sound"),
        (_noise, r"can't be read as sound"),
        (_picture, r"holds no sound track"),
        (_short, r"holds only 0\.05 s of sound: a recording must last at least 0\.1 s"),
        (_play_list, r"can't be read as sound"),
    ],
)
def test_what_is_no_recording_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    """Every wrong file is named with what is wrong and what to do."""
    path = make(tmp_path / "a.wav")
    with pytest.raises(AudioError, match=sentence) as caught:
        read_audio(path)
    assert str(path) in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_recording_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """Missing permission is told as such."""
    path = write(tmp_path / "a.wav", "pcm_s16le")
    path.chmod(0)
    with pytest.raises(AudioError, match="may not be read by this user"):
        read_audio(path)


def test_a_clip_is_read_only() -> None:
    """Sound is handed from room to room and changed by nobody."""
    own = np.zeros(160, dtype=np.float32)
    clip = AudioClip(samples=own)
    assert not clip.samples.flags.writeable
    assert own.flags.writeable
    assert clip.duration == 0.01


@pytest.mark.parametrize("samples", [np.zeros(4), np.zeros((2, 2), dtype=np.float32)])
def test_a_clip_of_another_shape_is_refused(samples: NDArray[np.float32]) -> None:
    """Only float32 of shape (n,) is sound."""
    with pytest.raises(ValueError, match="float32 of shape"):
        AudioClip(samples=samples)


@given(
    length=st.integers(1, 40_000),
    low=st.integers(-10, 40_000),
    width=st.integers(0, 40_000),
    seed=st.integers(0, 9),
)
def test_a_quiet_place_lies_where_it_was_looked_for(length: int, low: int, width: int, seed: int) -> None:
    """The place is inside the sound and inside the search, whatever these are."""
    samples = np.random.default_rng(seed).normal(0, 0.1, length).astype(np.float32)
    place = quiet_place(samples, low, low + width)
    assert place <= length or low >= length
    assert low <= place


@given(start=st.integers(3_200, 60_000), seed=st.integers(0, 9))
def test_the_quiet_place_is_in_the_pause(start: int, seed: int) -> None:
    """A pause of 0.3 s in noise is found to a tenth of a second."""
    samples = np.random.default_rng(seed).normal(0, 0.1, 80_000).astype(np.float32)
    samples[start : start + 4_800] *= 0.01
    assert start <= quiet_place(samples, 0, 80_000) <= start + 4_800
