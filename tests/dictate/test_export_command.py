"""`dictate export`: the right files or none, and no name or number where it doesn't belong."""

import errno
import json
import os
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from dictate.cli.export import export as command
from dictate.errors import ConfigError, DictateError, DraftError, ExportError, NotSignedError, OutputError
from dictate.export.base import ExportBundle, Format, VisitType
from dictate.export.folder import write_all
from dictate.export.profile import PROFILES, check
from dictate.export.visit import make_visit, parse_time
from dictate.identity import Cpr
from dictate.notes import note_line, read_notes
from dictate.session import sign

DRAFT = Path(__file__).parent.parent / "data" / "export" / "draft.jsonl"
CPR = "0707614285"
PERSON = [
    "--citizen",
    CPR,
    "--author",
    "Anne Prøve",
    "--role",
    "Sygeplejerske",
    "--start",
    "2026-11-22T09:00",
]


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A file of signed notes."""
    at = parse_time("2026-11-22T09:30")
    notes = sign(read_notes(DRAFT), by="Anne Prøve", role="Sygeplejerske", at=at, accept_all=True)
    path = tmp_path / "dag.jsonl"
    path.write_bytes(b"".join(map(note_line, notes)))
    return path


def run(*arguments: str | Path) -> Result:
    """Run the command alone; its errors come out as exceptions."""
    app = Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_one_bundle_for_each_note_and_a_report(signed: Path, tmp_path: Path) -> None:
    """Paths on standard output, counts on standard error, and every bundle is good."""
    out = tmp_path / "out"
    done = run(
        signed, "-o", out, *PERSON, "--citizen-name", "Test Testesen", "--sor", "330411000016001", "--report"
    )
    assert done.exit_code == 0
    *bundles, report = [Path(line) for line in done.stdout.splitlines()]
    assert sorted(out.iterdir()) == sorted([*bundles, report])
    assert [path.name.split("-")[0:2] for path in bundles] == [["visit", "1"], ["visit", "2"], ["visit", "3"]]
    assert all(check(json.loads(path.read_bytes())) == () for path in bundles)
    rules = {remark["entry"]: remark["rule"] for remark in json.loads(report.read_bytes())["remarks"]}
    assert rules["visit-1-21"] == "It was rejected at review."
    assert "Left out 4, carried but incomplete 1: the report lists them." in done.stderr


BOOK = """
[sender]
name = "Akutteam Prøve"
sor = "1267041000016006"
ean = "5790002757778"
phone = "12345678"

[receivers.gp]
name = "Lægehuset Prøve"
sor = "73091000016008"
ean = "5790000147465"
provider = "045861"
"""


def test_a_message_needs_its_receiver_and_a_confirmation(signed: Path, tmp_path: Path) -> None:
    """Without addresses, or without the word that it isn't acute, nothing is written."""
    (tmp_path / "book.toml").write_text(BOOK)
    out, form = tmp_path / "out", ("--format", "medcom-carecommunication")
    given = (signed, "-o", out, *PERSON, "--citizen-name", "Test Testesen", *form)
    assert isinstance(run(*given).exception, ConfigError)
    addressed = (*given, "--addresses", tmp_path / "book.toml", "--to", "gp")
    assert isinstance(run(*addressed).exception, ConfigError)
    assert not out.exists()
    done = run(*addressed, "--not-acute", "--category", "medicine", "--report")
    assert done.exit_code == 0
    messages = [json.loads(Path(line).read_bytes()) for line in done.stdout.splitlines()[:-1]]
    assert all(check(message, PROFILES[Format.CARE_COMMUNICATION]) == () for message in messages)


def test_the_store_is_asked_for_somebody(tmp_path: Path) -> None:
    """Without a file a citizen or a time has to be named; with one --since chooses nothing."""
    assert isinstance(run("-o", tmp_path / "out").exception, ConfigError)
    assert isinstance(
        run(DRAFT, "-o", tmp_path / "out", "--since", "2026-11-22T09:00").exception, DictateError
    )


def test_the_number_can_be_asked_for(signed: Path, tmp_path: Path) -> None:
    """With "-" the CPR number need not stand in the shell's history."""
    app = Typer()
    app.command()(command)
    asked = [str(signed), "-o", str(tmp_path / "out"), "--citizen", "-", *PERSON[2:]]
    done = CliRunner().invoke(app, asked, input=f"{CPR}\n")
    assert done.exit_code == 0
    assert CPR in next((tmp_path / "out").glob("*.json")).read_text()


def test_running_again_gives_the_same_names(signed: Path, tmp_path: Path) -> None:
    """A second run replaces what the first one wrote."""
    out = tmp_path / "out"
    assert run(signed, "-o", out, *PERSON).stdout == run(signed, "-o", out, *PERSON).stdout
    assert len(list(out.iterdir())) == 3


@pytest.mark.parametrize("form", ["csv", "json"])
def test_other_formats_need_no_visit(signed: Path, tmp_path: Path, form: str) -> None:
    """One file for all notes."""
    done = run(signed, "-o", tmp_path / "out", "--format", form)
    assert done.exit_code == 0
    (path,) = (tmp_path / "out").iterdir()
    assert path.name.startswith("dag-")


def test_no_message_holds_the_citizens_number(signed: Path, tmp_path: Path) -> None:
    """A number that fails modulus 11, and a note about somebody else: warned about without either number."""
    text = signed.read_text().replace("Alt ved det vanlige.", "Ring til 020202-0202.")
    signed.write_text(text)
    done = run(signed, "-o", tmp_path / "out", *PERSON, "--citizen", "0707614286")
    assert done.exit_code == 0
    assert "modulus 11" in done.stderr
    assert "1 note(s) hold a number like a CPR number" in done.stderr
    assert "the first is note number 2" in done.stderr
    for number in ("0707614286", "4286", "020202", "0202"):
        assert number not in done.output


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (["--citizen", "070761428"], ConfigError),
        (["--citizen", "3113614285"], ConfigError),
        (["--author", "  "], ConfigError),
        (["--role", ""], ConfigError),
        (["--citizen-name", ""], ConfigError),
        (["--sor", "123"], ConfigError),
        (["--start", "i dag"], ConfigError),
        (["--start", "2026-11-22"], ConfigError),
        (["--start", "2026-10-25T02:30"], ConfigError),
        (["--start", "2026-03-29T02:30"], ConfigError),
        (["--end", "2026-11-22T08:59"], ConfigError),
    ],
)
def test_a_wrong_visit_is_refused(
    signed: Path, tmp_path: Path, wrong: list[str], error: type[DictateError]
) -> None:
    """One sentence, and no folder."""
    done = run(signed, "-o", tmp_path / "out", *PERSON, *wrong)
    assert isinstance(done.exception, error)
    assert not (tmp_path / "out").exists()
    assert CPR not in str(done.exception)


@pytest.mark.parametrize("missing", [0, 2, 4, 6])
def test_kl_core_needs_the_visit(signed: Path, tmp_path: Path, missing: int) -> None:
    """Without citizen, author, role or start there is no bundle."""
    person = PERSON[:missing] + PERSON[missing + 2 :]
    done = run(signed, "-o", tmp_path / "out", *person)
    assert isinstance(done.exception, ConfigError)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("form", list(Format))
def test_what_nobody_signed_is_refused(tmp_path: Path, form: Format) -> None:
    """Drafts leave in no format, and nothing is written."""
    done = run(DRAFT, "-o", tmp_path / "out", *PERSON, "--format", form)
    assert isinstance(done.exception, NotSignedError)
    assert not (tmp_path / "out").exists()


def test_one_bad_note_stops_all(signed: Path, tmp_path: Path) -> None:
    """A retired code in the last note: the first ones are not written either."""
    current, retired = "42b04f2b-3208-4cce-b52a-a5b293ce8846", "15947075-ae22-45ca-94bb-ab5992a40c1e"
    signed.write_text(signed.read_text().replace(current, retired))
    done = run(signed, "-o", tmp_path / "out", *PERSON)
    assert isinstance(done.exception, ExportError)
    assert "visit-3-2" in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    """No such file, and a file of something else."""
    (tmp_path / "text.jsonl").write_text("Såret er rent.\n")
    for name in ("missing.jsonl", "text.jsonl"):
        done = run(tmp_path / name, "-o", tmp_path / "out", *PERSON)
        assert isinstance(done.exception, DraftError)
        assert "rent" not in str(done.exception)


def bundle(name: str) -> ExportBundle:
    """Return a small file."""
    return ExportBundle(
        format=Format.JSON, filename=name, media_type="text/plain", content=b"x", entry_ids=()
    )


def test_a_folder_gets_all_files_or_none(tmp_path: Path) -> None:
    """A file that can't be made leaves neither the others nor a new folder behind."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a").write_text("before")
    for folder in (tmp_path / "old", tmp_path / "new"):
        with pytest.raises(OutputError, match="Cannot write into"):
            write_all(folder, [bundle("a"), bundle("no/such/place")])
    assert [path.name for path in (tmp_path / "old").iterdir()] == ["a"]
    assert (tmp_path / "old" / "a").read_text() == "before"
    assert not (tmp_path / "new").exists()


def test_a_folder_that_takes_nothing_is_an_error(tmp_path: Path) -> None:
    """A file in the folder's place."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="Choose another folder"):
        write_all(tmp_path / "file", [bundle("a")])


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room for the second file: neither is there."""
    synced: list[int] = []
    fsync = os.fsync

    def full(handle: int) -> None:
        synced.append(handle)
        if len(synced) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_all(tmp_path, [bundle("a"), bundle("b")])
    assert list(tmp_path.iterdir()) == []


def test_times_without_a_zone_are_danish() -> None:
    """Winter and summer; an offset that is given is kept."""
    assert parse_time("2026-11-22T09:00").isoformat() == "2026-11-22T09:00:00+01:00"
    assert parse_time(" 2026-06-22 09:00 ").isoformat() == "2026-06-22T09:00:00+02:00"
    assert parse_time("2026-11-22T08:00:00Z").isoformat() == "2026-11-22T08:00:00+00:00"
    assert parse_time("2026-10-25T02:30+02:00").isoformat() == "2026-10-25T02:30:00+02:00"


def test_a_visit_is_plain() -> None:
    """Spaces are tidied; only the citizen's digits are kept."""
    visit = make_visit(
        citizen=Cpr(number=CPR, warnings=()),
        author=" Anne  Prøve ",
        role="Sygeplejerske",
        start="2026-11-22T09:00",
        type=VisitType.ACUTE,
    )
    assert (visit.citizen, visit.author, visit.end, visit.sor) == (CPR, "Anne Prøve", None, None)
    assert CPR not in repr(visit)
    assert "Anne" not in repr(visit)
