"""A recording survives crashes, full disks and damage, and never plays back as something it was not."""

import errno
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dictate import journal
from dictate.audio import SAMPLE_RATE
from dictate.errors import JournalError
from dictate.frames import Samples
from dictate.sealing import new_key

KEY = bytes(range(32))
ID = "0b1c-recording"


def sound(seconds: float, seed: int = 1) -> Samples:
    """Return noise as a sound card gives it: 16-bit steps."""
    steps = np.random.default_rng(seed).integers(-32768, 32767, int(seconds * SAMPLE_RATE), np.int16)
    return steps.astype(np.float32) / np.float32(32768)


def recorded(folder: Path, samples: Samples, *, block: int = 1_000, close: bool = True) -> Path:
    """Record `samples` in blocks and return the journal."""
    writer = journal.record(folder, ID, KEY)
    for start in range(0, len(samples), block):
        writer.write(samples[start : start + block])
    if close:
        writer.close()
    else:
        writer.abandon()
    return journal.path_of(folder, ID)


@pytest.mark.parametrize("block", [1, 160, 4_000, 37_001])
def test_what_is_recorded_comes_back_bit_for_bit(tmp_path: Path, block: int) -> None:
    """However the sound comes in, it is replayed whole and sealed."""
    samples = sound(0.7) if block == 1 else sound(3.3)
    replay = journal.replay(recorded(tmp_path, samples, block=block), KEY)
    assert replay.complete
    assert replay.lost_note == ""
    assert replay.clip.samples.tobytes() == samples.tobytes()


def test_sound_beyond_16_bits_comes_back_bit_for_bit(tmp_path: Path) -> None:
    """Samples that 16 bits can't hold are kept as they are: denormals, minus zero, over full scale."""
    odd = np.array([0.1, -0.0, 1e-40, 1.5, -2.0, 1.0, -1.0, np.pi], np.float32).repeat(1_000)
    replay = journal.replay(recorded(tmp_path, odd), KEY)
    assert replay.clip.samples.tobytes() == odd.tobytes()
    assert replay.complete


def test_an_empty_recording_is_complete(tmp_path: Path) -> None:
    """Stopping at once is no damage."""
    replay = journal.replay(recorded(tmp_path, sound(0)), KEY)
    assert replay.complete
    assert replay.clip.duration == 0


def test_another_rate_is_kept(tmp_path: Path) -> None:
    """The sample rate comes back with the sound."""
    with journal.record(tmp_path, ID, KEY, sample_rate=48_000) as writer:
        writer.write(sound(1))
    replay = journal.replay(journal.path_of(tmp_path, ID), KEY)
    assert replay.clip.sample_rate == 48_000
    assert replay.complete


def test_the_seal_tells_length_and_hash(tmp_path: Path) -> None:
    """What `close` returns is what replay can be checked against."""
    samples = sound(1.1)
    writer = journal.record(tmp_path, ID, KEY)
    writer.write(samples)
    sealed = writer.close()
    assert sealed.seconds == pytest.approx(1.1)
    assert sealed.sha256 == hashlib.sha256(samples.tobytes()).hexdigest()


def test_nothing_of_the_sound_or_the_key_is_in_clear(tmp_path: Path) -> None:
    """The file is the owner's alone, and silence doesn't show in it."""
    path = recorded(tmp_path / "new", np.zeros(40_000, np.float32))
    data = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert bytes(64) not in data
    assert KEY not in data


def test_without_a_seal_replay_says_what_may_be_lost(tmp_path: Path) -> None:
    """A crash leaves a recording that is read, and called unfinished."""
    samples = sound(2.1)
    replay = journal.replay(recorded(tmp_path, samples, close=False), KEY)
    assert not replay.complete
    assert "not closed" in replay.lost_note
    assert replay.clip.samples.tobytes() == samples.tobytes()


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    """The wrong key, or another recording's name, gives one sentence."""
    path = recorded(tmp_path, sound(1))
    with pytest.raises(JournalError, match="another key"):
        journal.replay(path, new_key())
    with pytest.raises(JournalError, match="another key"):
        journal.replay(path, KEY, recording_id="other")


def test_a_recording_is_begun_once(tmp_path: Path) -> None:
    """A second writer is refused, also after the first has ended, and so is an id that leaves the folder."""
    path = recorded(tmp_path, sound(1))
    before = path.read_bytes()
    with pytest.raises(JournalError, match="exists already"):
        journal.record(tmp_path, ID, KEY)
    with pytest.raises(JournalError, match="letters"):
        journal.record(tmp_path, "../x", KEY)
    assert path.read_bytes() == before


def test_a_living_recording_is_known_from_a_crashed_one(tmp_path: Path) -> None:
    """The lock goes with the process."""
    writer = journal.record(tmp_path, ID, KEY)
    assert journal.in_use(journal.path_of(tmp_path, ID))
    writer.abandon()
    assert not journal.in_use(journal.path_of(tmp_path, ID))


@pytest.fixture(name="whole", scope="module")
def whole_fixture(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Samples]:
    """A sealed recording as bytes, and its sound."""
    samples = sound(2.6, seed=7)
    return recorded(tmp_path_factory.mktemp("whole"), samples).read_bytes(), samples


def check_honest(path: Path, samples: Samples, *, changed: bool) -> None:
    """Assert that replay gives true sound or declared silence, and says so."""
    try:
        replay = journal.replay(path, KEY, recording_id=ID)
    except JournalError:
        return
    got = replay.clip.samples
    expected = samples[: len(got)].copy()
    for start, end in replay.missing:
        expected[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] = 0
    assert got.tobytes() == expected.tobytes()
    if changed:
        assert not replay.complete
        assert replay.lost_note


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_changed_byte_never_passes(
    tmp_path: Path, whole: tuple[bytes, Samples], data: st.DataObject
) -> None:
    """One byte anywhere: its frame is missing, and replay says which seconds."""
    content, samples = whole
    at = data.draw(st.integers(0, len(content) - 1))
    flip = data.draw(st.integers(1, 255))
    path = tmp_path / "damaged.journal"
    path.write_bytes(content[:at] + bytes([content[at] ^ flip]) + content[at + 1 :])
    check_honest(path, samples, changed=True)
    replay = journal.replay(path, KEY, recording_id=ID)
    assert len(replay.clip.samples) >= len(samples) - journal.FRAME_S * SAMPLE_RATE
    assert sum(end - start for start, end in replay.missing) <= journal.FRAME_S


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_cut_file_gives_every_whole_frame(
    tmp_path: Path, whole: tuple[bytes, Samples], data: st.DataObject
) -> None:
    """A torn end loses its own frame and no more; the cut is noticed also between two frames."""
    content, samples = whole
    keep = data.draw(st.integers(0, len(content) - 1))
    path = tmp_path / "cut.journal"
    path.write_bytes(content[:keep])
    check_honest(path, samples, changed=True)
    if keep > 20_000:
        replay = journal.replay(path, KEY, recording_id=ID)
        # 16 bits a sample, and 60 bytes of header, nonce and tag for each frame.
        assert replay.clip.duration >= keep / (2 * SAMPLE_RATE + 4 * 60) - journal.FRAME_S


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_stretches_zeroed_repeated_or_swapped_never_pass(
    tmp_path: Path, whole: tuple[bytes, Samples], data: st.DataObject
) -> None:
    """What a power cut or a forger leaves: holes, repeated parts, parts in another order."""
    content, samples = whole
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), min_size=3, max_size=3, unique=True)))
    one, two, three, four = (content[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True))
    shape = data.draw(st.sampled_from(["zero", "repeat", "swap", "drop"]))
    changed = {
        "zero": one + bytes(len(two)) + three + four,
        "repeat": one + two + two + three + four,
        "swap": one + three + two + four,
        "drop": one + three + four,
    }[shape]
    path = tmp_path / "changed.journal"
    path.write_bytes(changed)
    check_honest(path, samples, changed=changed != content)


class FullDisk:
    """Makes `os.write` fail as a full disk does, half-way into a block."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand in for `os.write`; the disk has room at first."""
        self.full = False
        self._real = os.write
        monkeypatch.setattr("dictate.disk.os.write", self._write)

    def _write(self, handle: int, data: bytes) -> int:
        if not self.full:
            return self._real(handle, data)
        if len(data) > 100:
            return self._real(handle, data[:100])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture(name="disk")
def disk_fixture(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    """Return a disk that can be full."""
    monkeypatch.setattr("dictate.journal._RETRY_S", 0.0)
    return FullDisk(monkeypatch)


def test_a_full_disk_loses_nothing_once_there_is_room(tmp_path: Path, disk: FullDisk) -> None:
    """Sound stays in memory, the caller is told once, and all is written when it can be."""
    troubles: list[journal.Trouble] = []
    samples = sound(5)
    writer = journal.record(tmp_path, ID, KEY, on_trouble=troubles.append)
    writer.write(samples[:20_000])
    disk.full = True
    for start in range(20_000, 60_000, 1_600):
        writer.write(samples[start : start + 1_600])
    path = journal.path_of(tmp_path, ID)
    assert [trouble.reason for trouble in troubles] == ["No space left on device"]
    assert writer.unsaved.samples.tobytes() == samples[20_000:60_000].tobytes()
    assert journal.replay(path, KEY).clip.samples.tobytes() == samples[:20_000].tobytes()
    with pytest.raises(JournalError, match="Make room"):
        writer.close()
    disk.full = False
    writer.write(samples[60_000:])
    writer.close()
    assert [trouble.unsaved_s for trouble in troubles][1:] == [0.0]
    replay = journal.replay(path, KEY)
    assert replay.complete
    assert replay.clip.samples.tobytes() == samples.tobytes()


def test_memory_has_a_limit_that_is_told(tmp_path: Path, disk: FullDisk) -> None:
    """Past the limit the sound is refused, not dropped in silence; what was taken stays."""
    writer = journal.record(tmp_path, ID, KEY, memory_s=2.0)
    disk.full = True
    samples = sound(4)
    for start in range(0, 32_000, 1_600):
        writer.write(samples[start : start + 1_600])
    with pytest.raises(JournalError, match="Stop, and make room"):
        writer.write(samples[32_000:])
    assert writer.unsaved.duration == pytest.approx(2.0)
    disk.full = False
    sealed = writer.close()
    assert sealed.seconds == pytest.approx(2.0)


RECORDER = """
import sys
from pathlib import Path
import numpy as np
from dictate import journal
writer = journal.record(Path(sys.argv[1]), "killed", bytes(range(32)))
rng = np.random.default_rng(3)
while True:
    block = rng.integers(-32768, 32767, 800, np.int16).astype(np.float32) / np.float32(32768)
    writer.write(block)
    print(len(block), flush=True)
"""


@pytest.mark.parametrize("blocks", [1, 7, 31])
def test_a_kill_costs_less_than_a_frame(tmp_path: Path, blocks: int) -> None:
    """After kill -9 in the middle: everything but the last quarter second is there, bit for bit."""
    child = subprocess.Popen(
        [sys.executable, "-c", RECORDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    taken = sum(int(child.stdout.readline()) for _ in range(blocks))
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    replay = journal.replay(tmp_path / "killed.journal", KEY)
    rng = np.random.default_rng(3)
    expected = np.concatenate(
        [rng.integers(-32768, 32767, 800, np.int16) for _ in range(len(replay.clip.samples) // 800)]
        or [np.zeros(0, np.int16)]
    ).astype(np.float32) / np.float32(32768)
    assert replay.clip.samples.tobytes() == expected.tobytes()
    assert len(replay.clip.samples) >= taken - journal.FRAME_S * SAMPLE_RATE
    assert not replay.complete
