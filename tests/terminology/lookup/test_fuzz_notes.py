"""The short cut of the soak in benchmarks/fuzz_notes.py."""

import subprocess
import sys
from pathlib import Path

_SOAK = Path(__file__).parents[3] / "benchmarks" / "fuzz_notes.py"


def test_broken_notes_are_read_or_refused() -> None:
    """Some hundred broken notes go through every stage, and what is longer than any note is refused."""
    done = subprocess.run(
        [sys.executable, str(_SOAK), "--count", "150", "--large", "2", "--seed", "7"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("148 read, 2 refused")
