"""The direction of imports is part of the design: it is checked like any other behaviour."""

import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent


def test_import_contracts_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Every contract in pyproject.toml is kept."""
    monkeypatch.chdir(ROOT)
    exit_code = lint_imports(cache_dir=None)
    assert exit_code == 0, capsys.readouterr().out


@pytest.mark.parametrize("command", ["dictate.cli.__main__", "terminology.cli", "models.cli"])
def test_help_needs_no_heavy_library(command: str) -> None:
    """`--help` answers at once: nothing slow is imported before a command runs."""
    heavy = {
        *("alembic", "av", "ctranslate2", "faster_whisper", "fhir", "huggingface_hub", "jiwer", "keyring"),
        *("numpy", "onnxruntime", "rapidfuzz", "ray", "sounddevice", "sqlalchemy", "textual"),
    }
    code = f"import sys, {command}; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
