"""Several people at once, as processes of their own: every change is kept or refused, none is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from terminology.errors import TerminologyError
from terminology.overlay import store as module
from terminology.overlay.base import Base
from terminology.overlay.desk import Desk
from terminology.overlay.store import Store
from terminology.overlay.wording import State, Wording

SMERTER = "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd"
PROPOSE = """
import sys
from pathlib import Path
from terminology.overlay.base import read_base
from terminology.overlay.desk import Desk
from terminology.overlay.store import Store

folder, overlay, who, count = sys.argv[1:]
desk = Desk(base=read_base(Path(folder)), store=Store(Path(overlay)))
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
for number in range(int(count)):
    desk.propose("5b6f5ce1-24b0-486d-8bbb-f9711fec92dd", "present", f"sviger {who} {'x' * (number + 1)}",
                 by=who, why="siges")
"""
ACCEPT = """
import sys
from pathlib import Path
from terminology.errors import TerminologyError
from terminology.overlay.base import read_base
from terminology.overlay.desk import Desk
from terminology.overlay.store import Store

folder, overlay, who, _ = sys.argv[1:]
desk = Desk(base=read_base(Path(folder)), store=Store(Path(overlay)))
seen = desk.queue()
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
for wording in seen:
    try:
        desk.accept(wording, by=who, why="enig")
        sys.stdout.write(wording.id + "\\n")
    except TerminologyError as error:
        assert "meanwhile" in str(error), error
"""


def together(script: str, folder: Path, overlay: Path, people: list[str], count: int) -> list[list[str]]:
    """Run one process a person, all starting their work at once; return what each printed after that."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(folder), str(overlay), who, str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for who in people
    ]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n", process.stderr and process.stderr.read()
    said = []
    for process in running:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    for process in running:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        said.append(out.split())
    return said


def test_proposals_of_several_people_merge(folder: Path, desk: Desk) -> None:
    """Everybody's wordings for the same concept, written to the same file at the same time, are all there."""
    people = ["anna", "bo", "carl"]
    together(PROPOSE, folder, desk.store.folder, people, 8)
    assert sorted(wording.text for wording in desk.queue()) == sorted(
        f"sviger {who} {'x' * (number + 1)}" for who in people for number in range(8)
    )


def test_each_proposal_is_accepted_by_one_of_two_people(folder: Path, desk: Desk) -> None:
    """Both want all; each wording is accepted once, and the other person is told."""
    for number in range(8):
        desk.propose(SMERTER, "present", f"sviger {'x' * (number + 1)}", by="Dorte", why="siges")
    first, second = together(ACCEPT, folder, desk.store.folder, ["anna", "bo"], 0)
    assert len(first) + len(second) == 8
    assert not set(first) & set(second)
    accepted = desk.store.wordings(State.ACCEPTED)
    assert {wording.id for wording in accepted} == {*first, *second}
    assert {wording.id: wording.events[-1].by for wording in accepted} == {
        **dict.fromkeys(first, "anna"),
        **dict.fromkeys(second, "bo"),
    }


def test_an_editor_without_lock_is_noticed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that an editor saves while a change is being made is merged with it."""
    desk.propose(SMERTER, "present", "sviger", by="Anna", why="siges")
    (file,) = desk.store.folder.rglob("*.txt")
    insert = module.insert
    saved = []

    def save_meanwhile(text: str, wording: Wording) -> str:
        if not saved:
            saved.append(True)
            file.write_text(file.read_text(encoding="utf-8") + "# en note\nbrænder\n", encoding="utf-8")
        return insert(text, wording)

    monkeypatch.setattr(module, "insert", save_meanwhile)
    desk.propose(SMERTER, "present", "stikker", by="Bo", why="siges")
    assert {wording.text for wording in desk.store.wordings()} == {"sviger", "brænder", "stikker"}
    assert "# en note" in file.read_text(encoding="utf-8")


def test_a_file_that_never_rests_is_left_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that goes on writing wins: our change is refused, its content stays."""
    desk.propose(SMERTER, "present", "sviger", by="Anna", why="siges")
    (file,) = desk.store.folder.rglob("*.txt")
    insert = module.insert

    def save_meanwhile(text: str, wording: Wording) -> str:
        file.write_text(f"{text}# igen\n", encoding="utf-8")
        return insert(text, wording)

    monkeypatch.setattr(module, "insert", save_meanwhile)
    with pytest.raises(TerminologyError, match="is being changed by another program"):
        desk.propose(SMERTER, "present", "stikker", by="Bo", why="siges")
    assert "stikker" not in file.read_text(encoding="utf-8")


def test_a_lock_that_is_held_too_long_is_said(base: Base, tmp_path: Path) -> None:
    """Nobody waits for ever."""
    one, other = Store(tmp_path / "terms"), Store(tmp_path / "terms")
    with one.locked():
        script = (
            "import sys\nfrom pathlib import Path\n"
            "from terminology.overlay import store\nstore.PATIENCE = 0.05\n"
            "from terminology.errors import TerminologyError\n"
            "try:\n    store.Store(Path(sys.argv[1])).locked().__enter__()\n"
            "except TerminologyError as error:\n    print(error)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(other.folder)], capture_output=True, text=True, check=True
        )
    assert "Somebody else is changing" in done.stdout
    assert Desk(base=base, store=other).queue() == ()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file where the folder should be is one sentence."""
    (tmp_path / "terms").write_text("x", encoding="utf-8")
    with pytest.raises(TerminologyError, match="Cannot change"), Store(tmp_path / "terms").locked():
        pass
