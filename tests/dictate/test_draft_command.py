"""`dictate draft` as a user runs it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from dictate.cli.draft import draft
from dictate.draft import Drafter
from dictate.errors import DictateError

app = typer.Typer()
app.command()(draft)


def _run(drafter: Drafter, monkeypatch: pytest.MonkeyPatch, *arguments: str, given: str | bytes = "") -> str:
    monkeypatch.setattr(Drafter, "load", staticmethod(lambda: drafter))
    monkeypatch.setenv("COLUMNS", "80")
    result = CliRunner().invoke(app, list(arguments), input=given, catch_exceptions=True)
    if isinstance(result.exception, DictateError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_lines_in_lines_out(drafter: Drafter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line gives one, in the same order; blank lines give none."""
    given = '{"id": "b", "text": "Ingen smerter."}\n\n{"id": "a", "spoken": "puls firs"}\n'
    notes = [
        json.loads(line) for line in _run(drafter, monkeypatch, "--jsonl", "-", given=given).splitlines()
    ]
    assert [note["id"] for note in notes] == ["b", "a"]
    assert notes[0]["entries"][0]["status"] == "absent"
    assert notes[1]["entries"][0]["value"] == 80
    assert set(notes[0]) == {"id", "text", "entries", "extras"}


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "a"}',
        '{"id": "a", "text": "x", "spoken": "x"}',
        '{"id": 3, "text": "x"}',
        "not json",
        "[]",
        '{"id": "a", "text": "\\ud800"}',
    ],
)
def test_a_bad_line_is_named(drafter: Drafter, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """A line that is not as the contract has it is refused by its number, in one sentence."""
    with pytest.raises(DictateError, match="Line 2") as refusal:
        _run(drafter, monkeypatch, "--jsonl", "-", given=f'{{"id": "x", "text": "Ro på."}}\n{line}\n')
    assert "\n" not in str(refusal.value)


def test_a_table_fits_eighty_columns(drafter: Drafter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table shows kind, term, status, value and evidence within 80 columns."""
    text = "Har ondt i ryggen, VAS 6. BT 130/80. Givet Panodil 500 mg kl. 10 på grund af smerterne i ryggen."
    shown = _run(drafter, monkeypatch, "--text", text)
    assert max(map(len, shown.splitlines())) <= 80
    for wanted in ("condition", "present", "observation", "130", "Panodil", "given"):
        assert wanted in shown


def test_what_is_unsure_has_a_mark(drafter: Drafter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Doubt is shown by a sign, not by colour alone."""
    shown = _run(drafter, monkeypatch, "--text", "Givet Nyvelotin 20 mg kl. 8.")
    assert any(line.startswith("?") for line in shown.splitlines())
    assert "unsure" in shown


def test_a_file_of_text(drafter: Drafter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file is one note, named after it; --format json prints the contract's line."""
    file = tmp_path / "besøg.txt"
    file.write_text("Ingen kvalme.", "utf-8")
    note = json.loads(_run(drafter, monkeypatch, str(file), "--format", "json"))
    assert note["id"] == "besøg"
    assert note["entries"][0]["status"] == "absent"


def test_nothing_found(drafter: Drafter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note without entries says so."""
    assert "No entries." in _run(drafter, monkeypatch, "--text", "Kaffen var god.")


@pytest.mark.parametrize(
    "arguments",
    [(), ("-", "--text", "a"), ("--text", "a", "--jsonl"), ("/no/such/file.txt",), ("--text", "a\x00b")],
)
def test_bad_calls(drafter: Drafter, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    """Missing, double and unreadable input is refused in one sentence."""
    with pytest.raises(DictateError):
        _run(drafter, monkeypatch, *arguments)


def test_a_file_that_is_not_text(drafter: Drafter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are refused."""
    file = tmp_path / "a.txt"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DictateError, match="UTF-8"):
        _run(drafter, monkeypatch, str(file))
