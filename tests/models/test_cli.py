"""`dictate-models` as a user sees it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.cli import app
from models.registry import ModelSpec


def run(*args: str | Path) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(app, [str(arg) for arg in args])


def test_list_shows_every_model_on_one_line(cache_dir: Path) -> None:
    """The real catalogue as a table: name, state, size, fit and published error rate with its test."""
    result = run("list", "--cache-dir", cache_dir)
    assert result.exit_code == 0
    row = next(line for line in result.stdout.splitlines() if line.startswith("whisper-base "))
    assert all(text in row for text in ("78 MB", "62.2 % (FLEURS da_dk)"))
    row = next(line for line in result.stdout.splitlines() if line.startswith("whisper-large-v3-turbo "))
    assert all(text in row for text in (" pull ", "1622 MB", "13.0 % (FLEURS da_dk)"))
    assert "whisper-base (MIT): Gets about four words in ten wrong" in result.stdout


def test_list_tells_the_state(tiny: ModelSpec, site: Path, cache_dir: Path) -> None:
    """Available once the packages are there, installed once it is made, and extra missing without either."""

    def state() -> tuple[str, str | None]:
        (facts,) = json.loads(run("list", "--json", "--cache-dir", cache_dir).stdout)
        return facts["state"], facts["folder"]

    assert state() == ("available", None)
    folder = run("path", tiny.name, "--cache-dir", cache_dir).stdout.strip()
    assert state() == ("installed", folder)
    shutil.rmtree(cache_dir)
    shutil.rmtree(site / "tiny_part2")
    assert state() == ("extra missing", None)


def test_path_makes_the_model_and_prints_its_folder(tiny: ModelSpec, cache_dir: Path) -> None:
    """Stdout is the folder and nothing else."""
    result = run("path", "tiny", "--cache-dir", cache_dir)
    assert (result.exit_code, result.stderr) == (0, "")
    folder = Path(result.stdout.removesuffix("\n"))
    assert {file.path for file in tiny.files} < {file.name for file in folder.iterdir()}


@pytest.mark.parametrize("command", ["path", "verify"])
def test_errors_are_one_sentence_on_stderr(tiny: ModelSpec, cache_dir: Path, command: str) -> None:
    """An unknown model: exit 1, one line on stderr, nothing on stdout."""
    result = run(command, "whisper-huge", "--cache-dir", cache_dir)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: There is no model named 'whisper-huge'. Known models: {tiny.name}.\n"


@pytest.mark.parametrize("arguments", [("path", "tiny"), ("verify", "tiny"), ("verify",)])
def test_missing_model_names_the_extra(
    tiny: ModelSpec, site: Path, cache_dir: Path, arguments: tuple[str, ...]
) -> None:
    """Neither packages nor cache: exit 1 with the command that installs them."""
    shutil.rmtree(site)
    result = run(*arguments, "--cache-dir", cache_dir)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"pip install 'plejediktat[{tiny.extra}]'" in result.stderr


def test_verify_passes_what_is_whole(tiny: ModelSpec, cache_dir: Path) -> None:
    """Every part and every cached file gets its line."""
    parts = sum(len(file.parts) for file in tiny.files)
    result = run("verify", "--cache-dir", cache_dir)
    assert (result.exit_code, result.stdout.count("ok  ")) == (0, parts)
    run("path", "tiny", "--cache-dir", cache_dir)
    result = run("verify", "tiny", "--cache-dir", cache_dir)
    assert (result.exit_code, result.stdout.count("ok  ")) == (0, parts + len(tiny.files))


def test_verify_reports_every_failure(tiny: ModelSpec, site: Path, cache_dir: Path) -> None:
    """A changed part and a lost cached file both show, the rest is still checked, and the exit code is 1."""
    folder = Path(run("path", "tiny", "--cache-dir", cache_dir).stdout.strip())
    (folder / "config.json").unlink()
    part = site / "tiny_part2/data/model.bin.part2"
    part.write_bytes(b"other")
    result = run("verify", "--cache-dir", cache_dir)
    failed = [line for line in result.stdout.splitlines() if line.startswith("FAILED")]
    assert result.exit_code == 1
    assert len(failed) == 2
    pins = {pin.path: pin.sha256 for file in tiny.files for pin in file.parts}
    assert str(part) in failed[0]
    assert pins["data/model.bin.part2"] in failed[0]
    assert f"{folder / 'config.json'}: " in failed[1]
    assert "no such file" in failed[1]
    assert result.stdout.count("ok  ") == 3


@pytest.mark.parametrize("command", ["list", "path", "verify"])
def test_help_has_an_example(command: str) -> None:
    """Each command's help ends with a line to copy."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"dictate-models {command}" in result.stdout.split("Example:")[1]


def test_runs_as_a_module_without_heavy_imports() -> None:
    """`python -m models.cli --help` works, and loads neither numpy nor the catalogue's reader."""
    script = (
        "import sys, runpy; sys.argv = ['dictate-models', '--help']\n"
        "try:\n    runpy.run_module('models.cli', run_name='__main__')\n"
        "finally:\n    print({'numpy', 'pydantic', 'rich', 'filelock'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert "Usage: dictate-models" in done.stdout
    assert done.stderr.strip() == "set()"
