"""`dictate normalise` as a user calls it."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from dictate.cli.normalise import normalise

app = typer.Typer()
app.command()(normalise)
runner = CliRunner()


def test_words_on_the_command_line() -> None:
    """The arguments are one spoken line; nothing is added."""
    result = runner.invoke(app, ["hundrede", "og", "tredive", "over", "firs"])
    assert (result.exit_code, result.stdout) == (0, "130/80\n")


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_standard_input_line_by_line(arguments: list[str]) -> None:
    """Each line in gives one line out, empty ones and spoken new lines too."""
    spoken = b"puls tres\r\n\nborger sover punktum nyt afsnit vi kommer igen\nklokken halv \xff\n"
    result = runner.invoke(app, arguments, input=spoken)
    assert result.stdout_bytes.decode() == "puls 60\n\nborger sover. Vi kommer igen\nklokken halv \ufffd\n"


def test_a_file(tmp_path: Path) -> None:
    """A file is read line by line, with or without a byte order mark."""
    path = tmp_path / "sagt.txt"
    path.write_bytes("\ufeffti milliliter\nhalvanden time".encode())
    result = runner.invoke(app, [str(path)])
    assert result.stdout == "10 ml\n1½ time\n"


def test_a_text_that_is_no_path() -> None:
    """One argument that is no file is what was said, however long or odd."""
    assert runner.invoke(app, ["to tabletter"]).stdout == "2 tabletter\n"
    assert runner.invoke(app, ["fem \0 gram"]).exit_code == 0
    assert runner.invoke(app, ["ord " * 5000]).exit_code == 0
