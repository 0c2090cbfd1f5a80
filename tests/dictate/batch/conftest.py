"""Workers whose behaviour is in the recordings themselves, in processes of their own; and a real store."""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dictate.identity import Actor
from dictate.keys import derive
from dictate.store import Location, Store, open_store

FAKE = '''
"""Does what the bytes of a recording say; importable in a worker process."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from dictate.batch.job import Outcome
from dictate.entry import Note
from dictate.errors import TranscriptionError
from dictate.transcript import ModelName, Segment, Transcript, Word


@dataclass(frozen=True)
class FakeWorker:
    def do(self, job, progress=None):
        said = job.path.read_text("utf-8")
        if said.startswith("die"):
            os._exit(9)
        if said.startswith("once"):
            mark = job.path.with_suffix(".tried")
            if not mark.exists():
                mark.touch()
                os._exit(9)
        if said.startswith("slow"):
            for step in range(20):
                time.sleep(0.05)
                if progress:
                    progress(float(step))
        if said.startswith("environment"):
            said += f" {os.environ['OMP_NUM_THREADS']} {os.environ['MALLOC_ARENA_MAX']}"
        if said.startswith("fail"):
            return Outcome(job=job, why="It is no recording.")
        words = tuple(Word(text=word, start=0.0, end=1.0, probability=0.9) for word in said.split())
        segment = Segment(text=said, start=0.0, end=1.0, words=words, avg_logprob=-0.1, no_speech_prob=0.0)
        transcript = Transcript(
            segments=(segment,) if words else (),
            language="da",
            duration=2.0,
            model=ModelName(name="fake", revision="0", compute_type="int8"),
        )
        note = Note(id=job.note_id, text=said, entries=(), extras=())
        return Outcome(job=job, transcript=transcript, note=note, work_s=0.5)


def make():
    return FakeWorker()


def make_none():
    raise TranscriptionError("The speech model can't be loaded. Check it with: dictate-models verify")


def make_odd():
    raise KeyError("words that were said")


def make_one():
    """Memory is enough for one worker."""
    try:
        Path(os.environ["FAKE_MARK"]).touch(exist_ok=False)
    except FileExistsError:
        os._exit(9)
    return FakeWorker()


def make_dead():
    os._exit(9)
'''


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module with a worker that needs no model."""
    folder = tmp_path / "fakes"
    folder.mkdir()
    (folder / "fake_batch_worker.py").write_text(FAKE, "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    return importlib.import_module("fake_batch_worker")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty embedded store."""
    actor = Actor(user="anna", name="Anna Testsen", role="Sygeplejerske")
    with open_store(Location.folder(tmp_path / "home"), derive(bytes(range(32))), actor) as store:
        yield store


@pytest.fixture
def record(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return what writes a "recording": `record("a.wav", "what is said")`."""

    def write(name: str, said: str) -> Path:
        path = tmp_path / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said, "utf-8")
        return path

    return write
