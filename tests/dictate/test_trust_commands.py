"""`dictate retention`, `backup`, `citizen` and `corrections` as a person uses them."""

import io
import json
import wave
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from dictate import journal, opening, session
from dictate.cli.__main__ import main
from dictate.config import Settings
from dictate.entry import Assertion, Coding, Entry, Kind, Note, RecordStatus
from dictate.keys import KeyringSource

Run = Callable[..., "Done"]
CPR = "0101019995"


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@pytest.fixture(name="run")
def run_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command."""
    own = {
        "PLEJEDIKTAT_HOME": tmp_path / "home",
        "PLEJEDIKTAT_KEY_FILE": tmp_path / "keys" / "master.key",
        "PLEJEDIKTAT_KEY_PLACE": "file",
        "PLEJEDIKTAT_USER_NAME": "Anna Testsen",
        "PLEJEDIKTAT_USER_ROLE": "Sygeplejerske",
        "XDG_CONFIG_HOME": tmp_path / "config",
    }
    for name, value in own.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(KeyringSource, "usable", staticmethod(lambda: False))

    def run(*arguments: object, text: str = "") -> Done:
        monkeypatch.setattr("sys.argv", ["dictate", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        capsys.readouterr()
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        else:
            code = 0
        said = capsys.readouterr()
        return Done(code=code, out=said.out, err=said.err)

    return run


@pytest.fixture(name="citizen")
def citizen_fixture(run: Run) -> str:
    """Return the id of a citizen with a note that was signed long ago, amended, and sent."""
    del run
    with opening.store(Settings()) as store:
        citizen = store.citizens.add(name="Åse Bach", cpr=CPR)
        dictation = store.dictations.begin(citizen.id, record=True)
        recording = dictation.recording_id or ""
        with journal.record(store.recordings_dir, recording, store.recordings.key(recording)) as writer:
            writer.write(np.full(16_000, 0.25, np.float32))
        entry = Entry(
            id="e1",
            kind=Kind.CONDITION,
            assertion=Assertion.PRESENT,
            coding=Coding(system="urn:test", code="42", display="Søvnproblemer"),
            start=0,
            end=13,
            evidence="Sover uroligt",
            level=2,
        )
        note = Note(id="n", text="Sover uroligt.", entries=(entry,), extras=({"goal": "sove"},))
        store.dictations.save_note(dictation.id, note)
        store.corrections.add(dictation.id, heard="sover rolig 12", chosen="hos Åse Bach", kind="text")
        at = datetime.now(UTC) - timedelta(days=40)
        (signed,) = session.sign([note], by="Anna", role="Sygeplejerske", at=at, accept_all=True)
        store.dictations.sign(dictation.id, signed, targets=["gateway"])
        assert signed.signed is not None
        store.dictations.withdraw(dictation.id, "e1", why="forkert borger", signature=signed.signed)
        return citizen.id


def test_rules_holds_and_deletion(run: Run, citizen: str) -> None:
    """Shown, held, tried, lifted, done; each says how much."""
    assert "sound\tthe sound of a note: 30 days after the signature\t1\t0" in run("retention", "show").out
    held = run("retention", "hold", "put", "--citizen", "-", "--why", "sag 17", text=CPR)
    assert (held.code, held.out) == (0, "")
    assert run("retention", "hold", "list").out.startswith(f"{citizen}\t")
    assert "On hold: 1." in run("retention", "run").err
    assert run("retention", "hold", "lift", "--citizen", citizen, "--why", "slut").code == 0
    assert "Due: 1." in run("retention", "run", "--dry-run").err
    done = run("retention", "run")
    assert "Deleted for good: 1." in done.err
    assert done.out.endswith("\tdeleted\n")
    assert run("retention", "run").out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("hold", "put", "--why", "x"), "Name what it is about"),
        (("hold", "put", "--why", " ", "--citizen", "c"), "reason is empty"),
        (("hold", "put", "--why", "x", "--citizen", "nobody"), "no such citizen"),
        (("hold", "put", "--why", "x", "--dictation", "none"), "no such dictation"),
    ],
)
def test_holds_that_are_none(run: Run, arguments: tuple[str, ...], said: str) -> None:
    """One sentence says what is missing."""
    done = run("retention", *arguments)
    assert done.code == 1
    assert said in done.err


def test_lifting_what_is_not_held(run: Run, citizen: str) -> None:
    """It is said, and not logged as lifted."""
    done = run("retention", "hold", "lift", "--citizen", citizen, "--why", "x")
    assert (done.code, "not on hold" in done.err) == (1, True)
    assert "Sletning tilladt" not in run("audit", "show").out


def test_settings_of_the_site(run: Run, tmp_path: Path) -> None:
    """The table [retention] is read; a word in place of days is refused by its name."""
    settings = tmp_path / "config" / "plejediktat" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[retention]\nsound_days = "keep"\nnote_days = 3650\n', encoding="utf-8")
    shown = run("retention", "show").out
    assert "the sound of a note: kept" in shown
    assert "the whole note: 3650 days" in shown
    settings.write_text('[retention]\nsound_days = "soon"\n', encoding="utf-8")
    refused = run("retention", "show")
    assert refused.code == 1
    assert "retention.sound_days" in refused.err


def test_all_that_is_held(run: Run, citizen: str, tmp_path: Path) -> None:
    """Both files tell everything, history and log included; the sound is whole; the giving out is logged."""
    folder = tmp_path / "own"
    done = run("citizen", "export", "--citizen", "-", "-o", folder, "--sound", text=CPR)
    assert done.code == 0, done.err
    text = (folder / "oplysninger.txt").read_text(encoding="utf-8")
    for expected in (
        "Navn: Åse Bach",
        CPR,
        "Sover uroligt.",
        "Søvnproblemer, niveau 2, aktuel, godkendt, fejlregistreret",
        "kom til",
        "trukket tilbage (forkert borger)",
        '"sover rolig 12" til "hos Åse Bach"',
        "Sendt til gateway",
        "Note underskrevet",
        "goal: sove",
    ):
        assert expected in text
    held = json.loads((folder / "oplysninger.json").read_bytes())
    (dictation,) = held["held"]["dictations"]
    assert dictation["note"]["entries"][0]["record_status"] == RecordStatus.ENTERED_IN_ERROR
    assert [state["change"] for state in dictation["history"]] == ["added", "signed", "withdrawn"]
    assert {"draft", "signed"} == {text["kind"] for text in dictation["texts"]}
    assert held["log"][-1]["access"]["action"] == "citizen.export"
    with wave.open(str(folder / "lyd-1.wav")) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (16_000, 16_000)
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
    again = run("citizen", "export", "--citizen", citizen, "-o", folder)
    assert (again.code, "already" in again.err) == (1, True)


def test_of_others_nothing(run: Run, citizen: str, tmp_path: Path) -> None:
    """Nothing of another citizen is in it, and after deletion there is nothing to give out."""
    with opening.store(Settings()) as store:
        other = store.citizens.add(name="Bo Holm")
        dictation = store.dictations.begin(other.id)
        store.dictations.save_note(dictation.id, Note(id="n", text="Spiser godt.", entries=()))
    run("citizen", "export", "--citizen", citizen, "-o", tmp_path / "own")
    for path in (tmp_path / "own").iterdir():
        content = path.read_text(encoding="utf-8")
        assert not any(word in content for word in ("Bo Holm", "Spiser godt", dictation.id))
    with opening.store(Settings()) as store:
        store.erase.citizen(citizen)
    done = run("citizen", "export", "--citizen", citizen, "-o", tmp_path / "gone")
    assert done.code == 1
    assert not (tmp_path / "gone").exists()


def test_corrections_are_scrubbed(run: Run, citizen: str, tmp_path: Path) -> None:
    """Pairs without numbers, names, citizen, author or day."""
    del citizen
    line = json.loads(run("corrections", "export").out)
    assert line.pop("month") == f"{datetime.now(UTC):%Y-%m}"
    assert line == {"kind": "text", "heard": "sover rolig [tal]", "chosen": "hos [navn]"}
    assert run("corrections", "export", "--since", "2999-01-01", "-o", tmp_path / "none").code == 0
    assert (tmp_path / "none").read_bytes() == b""
    assert "no day" in run("corrections", "export", "--since", "soon").err


def test_backups(run: Run, citizen: str, tmp_path: Path) -> None:
    """Made, checked, put back; a shared store and an empty folder are refused in one sentence."""
    folder = tmp_path / "backups"
    made = run("backup", "make", folder)
    assert sorted(Path(line).suffix for line in made.out.splitlines()) == [".keys", ".store"]
    assert "all as they were written" in run("backup", "check", folder).out
    assert "--replace" in run("backup", "restore", folder).err
    back = run("backup", "restore", folder, "--replace")
    assert back.code == 0, back.err
    assert "gone again: 0" in back.out
    assert run("audit", "verify").code == 0
    assert citizen in run("audit", "show").out
    assert "no backup" in run("backup", "check", tmp_path).err


def test_a_shared_store_is_its_servers_matter(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is said which programs do it."""
    monkeypatch.setenv("PLEJEDIKTAT_DATABASE", "postgresql://ann@/db")
    for arguments in (("make", tmp_path), ("check", tmp_path), ("restore", tmp_path)):
        assert "pg_dump" in run("backup", *arguments).err
