"""`dictate check`: any bundle, one line for each finding, and no value unless asked for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from dictate.cli.check import check_command
from dictate.errors import ConfigError, ExportError

ROOT = Path(__file__).parents[2]
GOLDEN = next((ROOT / "tests" / "data" / "export" / "kl_core").glob("visit-3-*.json"))
NOTE = {
    "id": "n",
    "text": "Går kun med rollator, niveau 2. Forbinding skiftet. Puls 76.",
    "entries": [
        {
            "kind": "condition",
            "system": "urn:oid:1.2.208.176.2.21",
            "code": "d8aa5f09-cd9c-4996-a853-1c95ee98f25c",
            "display": "Mobilitet og bevægelse",
            "status": "present",
            "level": 2,
            "evidence": "Går kun med rollator",
        },
        {
            "kind": "intervention",
            "system": "urn:oid:1.2.208.176.2.21",
            "code": "76878386-b3d2-4320-828a-a700e8a66234",
            "display": "Sårbehandling",
            "status": "completed",
            "evidence": "Forbinding skiftet",
        },
        {
            "kind": "observation",
            "system": "urn:oid:1.2.208.176.2.1",
            "code": "NPU21692",
            "display": "Hjerte—Systole; frekv. = ? × 1/min",
            "status": "measured",
            "value": 76,
            "unit": "/min",
            "evidence": "Puls 76",
        },
    ],
}


def run(*arguments: str | Path) -> Result:
    """Run the command alone; its errors come out as exceptions."""
    app = Typer()
    app.command()(check_command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_good_bundle_says_so() -> None:
    """Nothing on standard output, the profile on standard error, exit code 0."""
    done = run(GOLDEN)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "KL core 1.2.0" in done.stderr
    assert "findings 0" in done.stderr


def test_findings_are_lines_without_values(tmp_path: Path) -> None:
    """File, path and rule; what stands there only when asked for."""
    bundle = json.loads(GOLDEN.read_bytes())
    bundle["entry"][0]["resource"]["identifier"][0]["value"] = "3113010101"
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle))
    done = run(path)
    assert done.exit_code == 1
    assert done.stdout.split("\t")[1:] == ["entry[0].resource.identifier[0].value", "cpr\n"]
    assert "3113010101" not in done.output
    assert "3113010101" in run(path, "--values").stdout


def test_a_bundle_of_no_known_profile_asks_for_one(tmp_path: Path) -> None:
    """--profile says what it should be; a format without profiles is none."""
    path = tmp_path / "bundle.json"
    path.write_text('{"resourceType": "Bundle", "type": "collection"}')
    assert isinstance(run(path).exception, ConfigError)
    assert run(path, "--profile", "kl-gateway").exit_code == 1
    assert isinstance(run(path, "--profile", "csv").exception, ConfigError)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'"x"'])
def test_what_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    """One sentence, no traceback."""
    path = tmp_path / "bundle.json"
    path.write_bytes(content)
    assert isinstance(run(path).exception, ExportError)
    assert isinstance(run(tmp_path / "missing.json").exception, ExportError)


@pytest.mark.slow
def test_every_broken_bundle_is_found(tmp_path: Path) -> None:
    """A note in all four profiles, each bundle broken in more than 40 ways: all are found."""
    notes = tmp_path / "notes.jsonl"
    notes.write_text(json.dumps(NOTE, ensure_ascii=False) + "\n")
    script = ROOT / "benchmarks" / "mutate.py"
    done = subprocess.run([sys.executable, script, notes], capture_output=True, text=True, check=False)
    result = json.loads(done.stdout)
    assert result["missed"] == {}
    assert done.returncode == 0
    assert all(form["bundles"] == form["good"] == 1 for form in result["formats"].values())
    assert all(form["found"] == form["broken"] >= 40 for form in result["formats"].values())
