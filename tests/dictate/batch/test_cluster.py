"""The same batch on a real Ray cluster of this machine: the same outcomes, also when an actor is killed."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event
from types import ModuleType

import pytest

from dictate.batch.about import Known
from dictate.batch.inbox import find, job, remote_jobs
from dictate.batch.local import LocalRunner
from dictate.batch.runner import Runner

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

SAID = {
    "a.wav": "sover godt",
    "b.wav": "spiser lidt",
    "c.wav": "fail",
    "d.wav": "",
    "e.wav": "slow e",
    "f.wav": "environment",
}


def outcomes(runner: Runner, folder: Path) -> dict[str, tuple[str, str]]:
    """Run a folder; return the text and the failure of each recording."""
    jobs = [job(path, name, Known()) for path, name in find([str(folder)])]
    return {
        outcome.job.name: (outcome.note.text if outcome.note else "", outcome.why)
        for outcome in runner.run(jobs, told=lambda _: None, stop=Event())
    }


def actors() -> list[int]:
    """Return the processes of the actors, by the name that Ray gives them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue  # it ended meanwhile
        if command.startswith(b"ray::_Actor"):
            found.append(int(path.parent.name))
    return found


def test_the_cluster_does_what_this_machine_does(
    fake: ModuleType, record: Callable[[str, str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two actors; one is killed while it works; recordings by address, too."""
    pytest.importorskip("ray")
    from dictate.batch.cluster import ClusterRunner  # noqa: PLC0415

    monkeypatch.setenv("PYTHONPATH", str(Path(fake.__file__ or "").parent))
    for name, said in SAID.items():
        record(name, said)
    inbox = tmp_path / "inbox"
    local = outcomes(LocalRunner(fake.make, workers=2), inbox)
    runner = ClusterRunner(fake.make, workers=2)
    try:
        assert outcomes(runner, inbox) == local
        addressed = {
            outcome.job.name: (outcome.note.text if outcome.note else "", outcome.why)
            for outcome in runner.run(remote_jobs(f"file://{inbox}"), told=lambda _: None, stop=Event())
        }
        assert addressed == local
        killed: list[int] = []
        jobs = [job(path, name, Known()) for path, name in find([str(inbox)])]

        def kill(_: object) -> None:
            if not killed:
                killed.append(actors()[0])
                os.kill(killed[0], signal.SIGKILL)

        after = {
            outcome.job.name: (outcome.note.text if outcome.note else "", outcome.why)
            for outcome in runner.run(jobs, told=kill, stop=Event())
        }
        assert killed
        assert after == local
    finally:
        runner.close()
