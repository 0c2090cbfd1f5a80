"""`dictate key` and `dictate audit` as a person uses them."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dictate import opening
from dictate.cli.__main__ import main
from dictate.config import Settings
from dictate.keys import FileSource, KeyringSource, new_master

Run = Callable[..., "Done"]
CPR = "0101010101"


@pytest.fixture(name="settings")
def settings_fixture(tmp_path: Path) -> Settings:
    """Return where the commands of the tests keep everything."""
    return Settings(home=tmp_path / "home", key_file=tmp_path / "keys" / "master.key", key_place="file")


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(name="run")
def run_fixture(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Return what runs a command as its own process would, from its arguments to its exit code."""
    own = {
        "PLEJEDIKTAT_HOME": settings.home,
        "PLEJEDIKTAT_KEY_FILE": settings.key_file,
        "PLEJEDIKTAT_USER_NAME": "Anna Testsen",
        "PLEJEDIKTAT_USER_ROLE": "Sygeplejerske",
        "XDG_CONFIG_HOME": tmp_path / "config",
    }
    for name, value in own.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(KeyringSource, "usable", staticmethod(lambda: False))

    def run(*arguments: str, text: str = "") -> Done:
        monkeypatch.setattr("sys.argv", ["dictate", *arguments])
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        capsys.readouterr()
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        else:
            code = 0
        said = capsys.readouterr()
        return Done(returncode=code, stdout=said.out, stderr=said.err)

    return run


def test_the_life_of_a_key(run: Run, settings: Settings) -> None:
    """Made once, checked, changed, checked again; each says where it is and never what it is."""
    assert run("key", "check").returncode != 0
    made = run("key", "init", "--place", "file")
    assert made.returncode == 0, made.stderr
    assert str(settings.key_file) in made.stderr
    first = FileSource(path=settings.key_file).load()
    again = run("key", "init", "--place", "file")
    assert (again.returncode, "already" in again.stderr) == (1, True)
    assert run("key", "check").returncode == 0
    changed = run("key", "rotate")
    assert changed.returncode == 0, changed.stderr
    second = FileSource(path=settings.key_file).load()
    assert first != second
    checked = run("key", "check")
    assert checked.returncode == 0
    assert "opens the store" in checked.stdout
    for done in (made, again, changed, checked):
        assert first.hex() not in done.stdout + done.stderr
        assert second.hex() not in done.stdout + done.stderr


def test_a_wrong_or_open_key_is_one_sentence(run: Run, settings: Settings) -> None:
    """No traceback, and the store is as it was."""
    run("key", "init")
    source = FileSource(path=settings.key_file)
    own = source.load()
    source.save(new_master())
    wrong = run("audit", "verify")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("Error: The key")
    assert len(wrong.stderr.splitlines()) == 1
    settings.key_file.chmod(0o644)
    assert "chmod 600" in run("key", "check").stderr
    settings.key_file.unlink()
    lost = run("key", "init")
    assert (lost.returncode, "Restore" in lost.stderr) == (1, True)
    assert not settings.key_file.exists()
    source.save(own)
    assert run("key", "check").returncode == 0


def test_a_passphrase_is_asked_for_at_a_terminal_only(run: Run) -> None:
    """A script gets a sentence, and never a key without a passphrase."""
    done = run("key", "init", "--place", "passphrase", text="en lang adgangssætning\n")
    assert done.returncode == 1
    assert "terminal" in done.stderr
    assert "place" in run("key", "init", "--place", "cloud").stderr


def test_the_log_is_shown_checked_and_exported(run: Run, settings: Settings, tmp_path: Path) -> None:
    """A citizen's list is found by a number that is typed, and never stands on the command line."""
    run("key", "init")
    with opening.store(settings, program="test") as store:
        citizen = store.citizens.add(name="Åse Bach", cpr=CPR)
        store.citizens.add(name="Bo Holm")
    shown = run("audit", "show")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.count("Borger oprettet") == 2
    assert run("audit", "show", "--citizen", citizen.id).stdout.count("Borger oprettet") == 1
    assert run("audit", "show", "--since", "2999-01-01").stdout == ""
    assert "2026-11-22" in run("audit", "show", "--since", "i går").stderr
    table = run("audit", "export", "--citizen", "-", text=f"{CPR}\n")
    assert table.returncode == 0, table.stderr
    assert "Anna Testsen" in table.stdout
    target = tmp_path / "list.json"
    fhir = run("audit", "export", "--citizen", citizen.id, "--format", "fhir", "-o", str(target))
    assert fhir.returncode == 0, fhir.stderr
    bundle = json.loads(target.read_bytes())
    actions = [entry["resource"]["subtype"][0]["code"] for entry in bundle["entry"]]
    assert actions[0] == "citizen.add"
    assert "log.read" in actions
    nobody = run("audit", "export", "--citizen", "-", text="0202020202\n")
    assert (nobody.returncode, "No citizen" in nobody.stderr) == (1, True)
    for done in (shown, table, fhir, nobody):
        assert CPR not in done.stdout + done.stderr
        assert "Åse" not in done.stdout + done.stderr
    good = run("audit", "verify")
    assert (good.returncode, "as they were written" in good.stdout) == (0, True)


def test_a_cut_off_log_fails_the_check(run: Run, settings: Settings) -> None:
    """The command says which events are missing, and exits with 1."""
    run("key", "init")
    with opening.store(settings) as store:
        store.citizens.add(name="Åse Bach")
    older = (settings.home / "store.db").read_bytes()
    with opening.store(settings) as store:
        store.citizens.add(name="Bo Holm")
    (settings.home / "store.db").write_bytes(older)
    bad = run("audit", "verify")
    assert bad.returncode == 1
    assert "cut off" in bad.stdout
    assert "seal" in bad.stderr
    assert run("key", "check").returncode == 1
    assert run("audit", "reseal", "--why", " ").returncode == 1
    sealed = run("audit", "reseal", "--why", "sikkerhedskopi indlæst")
    assert sealed.returncode == 0, sealed.stderr
    assert run("audit", "verify").returncode == 0
    assert "Adgangslog forseglet på ny" in run("audit", "show").stdout


def test_the_rights_of_a_role(run: Run) -> None:
    """SQL for the owner of the tables: the log can be read and added to, and no more."""
    done = run("audit", "role", "nurses")
    (line,) = (line for line in done.stdout.splitlines() if " audit_event " in line)
    assert line == "GRANT SELECT, INSERT ON audit_event TO nurses;"
    assert run("audit", "role", "nurses; DROP TABLE x").returncode == 1
