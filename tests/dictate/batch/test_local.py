"""Worker processes that can't be made, die, or are asked to stop; and damaged recordings."""

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event
from types import ModuleType

import pytest

from dictate.audio import AudioClip, read_audio
from dictate.batch.about import Known
from dictate.batch.inbox import find, job
from dictate.batch.job import Job, Outcome, Worker
from dictate.batch.local import LocalRunner
from dictate.batch.making import Make as RealMake
from dictate.batch.making import made_with
from dictate.batch.runner import MAX_TRIES, Make, Queue, WorkerError
from dictate.draft import Drafter
from dictate.transcriber.base import DecodeOptions, Progress
from dictate.transcript import ModelName, Transcript

Record = Callable[[str, str], Path]


def outcomes(make: Make, inbox: Path) -> list[Outcome]:
    """Do an inbox with two workers."""
    jobs = [job(path, name, Known()) for path, name in find([str(inbox)])]
    return list(LocalRunner(make, workers=2).run(jobs, told=lambda _: None, stop=Event()))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        ("make_none", "can't be loaded. Check it with"),
        ("make_odd", "unexpected KeyError"),
        ("make_dead", "memory ran out"),
    ],
)
def test_a_worker_that_cannot_be_made_is_told_once(
    *,
    fake: ModuleType,
    record: Record,
    tmp_path: Path,
    make: str,
    sentence: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """One sentence and no traceback, whatever the number of recordings; nothing is left running."""
    for at in range(5):
        record(f"{at}.wav", "x")
    with pytest.raises(WorkerError, match=sentence) as caught:
        outcomes(getattr(fake, make), tmp_path / "inbox")
    assert "words that were said" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_where_memory_is_enough_for_one_worker_one_does_all(
    fake: ModuleType, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second dies while it loads its model; no recording is blamed for it."""
    monkeypatch.setenv("FAKE_MARK", str(tmp_path / "mark"))
    for at in range(4):
        record(f"{at}.wav", f"slow {at}")
    found = outcomes(fake.make_one, tmp_path / "inbox")
    assert sorted(one.job.name for one in found) == ["0.wav", "1.wav", "2.wav", "3.wav"]
    assert not any(one.failed for one in found)


def test_workers_share_the_processors_and_keep_one_pool_of_memory(
    fake: ModuleType, record: Record, tmp_path: Path
) -> None:
    """Their process is told before it starts; this one stays as it is."""
    record("a.wav", "environment")
    before = dict(os.environ)
    (found,) = outcomes(fake.make, tmp_path / "inbox")
    assert found.note is not None
    assert found.note.text == "environment 1 1"
    assert dict(os.environ) == before


def resident() -> int:
    """Bytes of memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="this C library is left alone")
def test_memory_goes_back_after_each_recording(tmp_path: Path) -> None:
    """Also after one that fails; what is still in use at the end of the pool holds nothing back."""
    worker = Worker(Length(), Drafter.load())
    blocks = [bytearray(60_000) for _ in range(1_500)]
    full = resident()
    del blocks[:-1]
    path = tmp_path / "bad.wav"
    path.write_bytes(b"no sound")
    assert worker.do(job(path, "bad.wav", Known())).failed
    assert full - resident() > 60_000_000
    assert blocks


@pytest.mark.model
def test_a_worker_with_another_vocabulary_does_nothing(record: Record, tmp_path: Path) -> None:
    """As on a node that was not brought up to date: what it made would be noted as made with ours."""
    record("a.wav", "x")
    with pytest.raises(WorkerError, match="another model or vocabulary"):
        outcomes(RealMake("whisper-base", made_with="whisper-base@0/int8 fsiii@v1+0"), tmp_path / "inbox")


@pytest.mark.model
def test_the_sites_own_wordings_are_part_of_what_a_result_is_made_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a changed wording makes results out of date; a file of nobody's does not."""
    folder = tmp_path / "overlay"
    folder.mkdir()
    monkeypatch.setattr("dictate.batch.making.overlay_folder", lambda: folder)
    found = [made_with("whisper-base")]
    for content in ("a", "b"):
        (folder / "words.txt").write_text(content)
        found.append(made_with("whisper-base"))
    (folder / ".lock").touch()
    found.append(made_with("whisper-base"))
    assert len(set(found)) == 3
    assert found[2] == found[3]


DRIVER = """
import sys
from pathlib import Path
from threading import Event
import signal
import fake_batch_worker
from dictate.batch.about import Known
from dictate.batch.inbox import job
from dictate.batch.local import LocalRunner
from dictate.batch.making import Make as RealMake
from dictate.batch.making import made_with

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs = [job(Path(path), Path(path).name, Known()) for path in sys.argv[1:]]
    runner = LocalRunner(fake_batch_worker.make, workers=2)
    for outcome in runner.run(jobs, told=lambda step: print("step", flush=True), stop=Event()):
        print(outcome.job.name, outcome.failed, flush=True)
"""


@pytest.mark.parametrize("wait_for_step", [False, True])
def test_ctrl_c_does_not_reach_the_workers(
    fake: ModuleType, record: Record, tmp_path: Path, *, wait_for_step: bool
) -> None:
    """Neither while they start nor while they work: who started them decides."""
    driver = tmp_path / "driver.py"
    driver.write_text(DRIVER, "utf-8")
    paths = [str(record(f"{at}.wav", f"slow {at}")) for at in range(2)]
    process = subprocess.Popen(
        [sys.executable, str(driver), *paths],
        env={**os.environ, "PYTHONPATH": str(Path(fake.__file__ or "").parent)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    if wait_for_step:
        assert process.stdout.readline() == "step\n"
        os.killpg(process.pid, signal.SIGINT)
    else:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("this system doesn't list the children of a process")
        while len(children.read_text().split()) < 3:  # two workers and what tracks their resources
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert sorted(line for line in out.splitlines() if line != "step") == ["0.wav False", "1.wav False"]


def test_a_queue_gives_up_what_kills_its_workers() -> None:
    """Lost ones come first, a few times; nothing comes after the stop."""
    jobs = [Job(path=Path(name), name=name, content_hash=name, size=1) for name in "ab"]
    stop = Event()
    queue = Queue(jobs, stop)
    assert queue
    first = queue.next()
    assert first is jobs[0]
    assert [queue.lost(jobs[0]) for _ in range(MAX_TRIES)] == [True] * (MAX_TRIES - 1) + [False]
    assert queue.next() is jobs[0]
    stop.set()
    assert queue.next() is None
    assert not queue.lost(jobs[1])
    assert not Queue(jobs, stop)


class Length:
    """Hears how long a recording is."""

    model = ModelName(name="length", revision="0", compute_type="int8")

    def transcribe(
        self,
        blocks: Iterable[AudioClip],
        options: DecodeOptions = DecodeOptions(),  # noqa: B008 - frozen
        *,
        progress: Progress | None = None,
    ) -> Transcript:
        """Return no words."""
        del options, progress
        seconds = sum(block.duration for block in blocks)
        return Transcript(segments=(), language="da", duration=seconds, model=self.model)


@pytest.mark.parametrize("salvage", [False, True])
def test_what_is_whole_of_a_damaged_recording_is_kept_on_request(tmp_path: Path, *, salvage: bool) -> None:
    """Cut off in the middle: refused by default, with the option that helps."""
    sample = Path(__file__).parents[3] / "samples" / "s01-saarpleje.flac"
    whole = sample.read_bytes()
    path = tmp_path / "cut.flac"
    path.write_bytes(whole[: len(whole) // 2])
    outcome = Worker(Length(), Drafter.load(), salvage=salvage).do(job(path, "cut.flac", Known()))
    assert outcome.failed is not salvage
    assert outcome.salvaged is salvage
    if salvage:
        assert outcome.transcript is not None
        assert 1.0 < outcome.transcript.duration < read_audio(sample).duration
    else:
        assert "--salvage" in outcome.why
