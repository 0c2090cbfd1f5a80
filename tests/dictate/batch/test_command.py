"""`dictate batch` as people and programs see it: summary, events, the table, watching, exit codes."""

import csv
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner
from typer.testing import Result as Said

from dictate import opening
from dictate.batch.local import LocalRunner
from dictate.batch.runner import Step
from dictate.cli import batch as command
from dictate.cli.__main__ import app
from dictate.cli.batch_views import Silence
from dictate.store import Store

Record = Callable[[str, str], Path]
Ask = Callable[..., Said]


@pytest.fixture
def ask(
    tmp_path: Path, store: Store, fake: ModuleType, record: Record, monkeypatch: pytest.MonkeyPatch
) -> Ask:
    """Return what runs the command over an inbox of five: `ask("--quiet")`."""
    for name, said in {
        "a.wav": "sover godt",
        "b.wav": "spiser lidt",
        "copy.wav": "sover godt",
        "empty.wav": "",
        "bad.wav": "fail",
    }.items():
        record(name, said)
    monkeypatch.setattr(opening, "store", lambda *_, **__: store)
    monkeypatch.setattr("dictate.batch.making.made_with", lambda _: "m1")
    monkeypatch.setattr(command, "_runner", lambda *_, **__: LocalRunner(fake.make, workers=2))
    monkeypatch.setattr("models.choice.current", lambda: "fake")

    def run(*options: str, output: str = "") -> Said:
        return CliRunner().invoke(
            app, ["batch", str(tmp_path / "inbox"), "-o", output or str(tmp_path / "out"), *options]
        )

    return run


def table(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of a table by file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


def test_quiet_prints_the_summary_only(ask: Ask) -> None:
    """What became of them, with the reason; exit code 1, as one failed."""
    said = ask("--quiet")
    assert said.exit_code == 1
    assert said.stderr == ""
    for line in (
        "2  done, draft in the inbox",
        "1  done, nobody speaks",
        "1  copies of others",
        "1  failed",
        "  bad.wav: It is no recording.",
    ):
        assert line in said.stdout


def test_events_account_for_every_recording(ask: Ask) -> None:
    """One JSON object a line and nothing else; no word of a note."""
    said = ask("--json")
    events = [json.loads(line) for line in said.stdout.splitlines()]
    assert events[0] == {"event": "planned", "recordings": 4, "bytes": 25, "workers": 2}
    assert {event["file"]: event["result"] for event in events if event["event"] == "ended"} == {
        "a.wav": "done",
        "b.wav": "done",
        "copy.wav": "duplicate",
        "empty.wav": "empty",
        "bad.wav": "failed",
    }
    assert "sover" not in said.stdout


def test_the_table_tells_of_each_and_stays_the_same(ask: Ask, record: Record, tmp_path: Path) -> None:
    """Also where a run was broken off before it wrote the table, or somebody deleted it."""
    ask()
    place = tmp_path / "out" / "report.csv"
    rows = table(place)
    assert {name: row["result"] for name, row in rows.items()} == {
        "a.wav": "done",
        "b.wav": "done",
        "bad.wav": "failed",
        "copy.wav": "duplicate",
        "empty.wav": "empty",
    }
    assert (rows["a.wav"]["seconds"], rows["a.wav"]["certainty"]) == ("2.0", "0.900")
    assert rows["bad.wav"]["why"] == "It is no recording."
    before = place.read_bytes()
    ask()
    assert place.read_bytes() == before
    place.unlink()
    ask()
    assert place.read_bytes() == before
    record("bad.wav", "is mended")
    (tmp_path / "inbox" / "a.wav").unlink()
    (tmp_path / "inbox" / "copy.wav").unlink()
    assert ask().exit_code == 0
    assert {name: row["result"] for name, row in table(place).items()} == {
        "a.wav": "done",
        "b.wav": "done",
        "bad.wav": "done",
        "empty.wav": "empty",
    }


def test_what_a_killed_run_left_half_written_is_cleared_away(ask: Ask, tmp_path: Path) -> None:
    """Results are written beside their place first; a kill leaves that behind."""
    half = tmp_path / "out" / "sub" / ".a.wav.draft.jsonl.x1.part"
    half.parent.mkdir(parents=True)
    half.write_text("{")
    other = half.with_name(".film.x1.part")
    other.write_text("of somebody else")
    ask()
    assert not half.exists()
    assert other.exists()


def test_results_go_to_an_address(ask: Ask) -> None:
    """As to a folder; the next run finds them there."""
    fsspec = pytest.importorskip("fsspec")
    first = ask("--json", output="memory://bucket/out")
    assert first.exit_code == 1, first.stdout
    system = fsspec.filesystem("memory")
    try:
        assert len(system.glob("/bucket/out/*.draft.jsonl")) == 3
        assert b"a.wav,done,2.0" in system.cat_file("/bucket/out/report.csv")
        again = ask("--json", output="memory://bucket/out").stdout
        assert again.count('"result": "kept"') == 3
    finally:
        system.rm("/bucket", recursive=True)


def test_an_address_nobody_knows(ask: Ask) -> None:
    """One sentence, before anything is done."""
    said = ask(output="nowhere://bucket/out")
    assert said.exit_code == 1
    assert "Check the address" in str(said.exception)


def test_a_file_where_the_folder_should_be(ask: Ask, tmp_path: Path) -> None:
    """One sentence, and the file stays as it is."""
    (tmp_path / "out").write_text("mine")
    said = ask()
    assert said.exit_code == 1
    assert "Choose another folder" in str(said.exception)
    assert (tmp_path / "out").read_text() == "mine"


def test_two_runs_do_not_share_a_folder(ask: Ask, tmp_path: Path) -> None:
    """The second is told so."""
    from dictate.batch.places import Folder  # noqa: PLC0415 - only here

    with Folder(tmp_path / "out").alone():
        said = ask()
    assert "Another batch is writing" in str(said.exception)


@pytest.mark.parametrize(("times", "finished"), [(1, True), (2, False)])
def test_ctrl_c(
    ask: Ask, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, times: int, finished: bool
) -> None:
    """Once: what is under way ends. Twice: it does not. The next run does the rest of it either way."""
    record("slow.wav", "slow one that is larger than all the others")

    class Impatient(Silence):
        is_told = False

        def told(self, step: Step) -> None:
            if step.job.name == "slow.wav" and step.seconds and not self.is_told:
                self.is_told = True
                for _ in range(times):
                    os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr("dictate.cli.batch_views.choose", lambda **_: Impatient())
        said = ask()
    assert said.exit_code == 130
    assert "Ctrl-C again stops now" in said.stderr
    assert (tmp_path / "out" / "slow.wav.draft.jsonl").exists() is finished
    again = ask("--json").stdout
    ended = [json.loads(line) for line in again.splitlines() if '"ended"' in line]
    results = {event["file"]: event["result"] for event in ended}
    assert results["slow.wav"] == ("kept" if finished else "done")
    assert len(ended) == 6


def test_watching_does_what_comes_in_and_ends_with_ctrl_c(
    ask: Ask, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wave once; the table holds all of them."""
    waves = iter(["c.wav", "d.wav"])

    def more(folders: list[str], stop: object) -> None:
        del stop
        assert folders == [str(tmp_path / "inbox")]
        if name := next(waves, ""):
            path = record(name, f"sover {name}")
            os.utime(path, (1, 1))  # long ago: not still being written
        else:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(command, "_wait_for_more", more)
    said = ask("--watch", "--json")
    assert said.exit_code == 130
    events = [json.loads(line) for line in said.stdout.splitlines()]
    ended = [event["file"] for event in events if event["event"] == "ended"]
    assert sorted(ended) == sorted({*ended})
    assert sum(event["event"] == "waiting" for event in events) == 3
    rows = table(tmp_path / "out" / "report.csv")
    assert (rows["c.wav"]["result"], rows["d.wav"]["result"], len(rows)) == ("done", "done", 7)
