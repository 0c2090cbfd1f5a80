"""The tool that writes the code files from a table of the code system."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

import terminology
from terminology.release import load

SHIPPED = Path(terminology.__file__).parent / "data" / "fsiii"
TOOL = Path(__file__).parents[2] / "tools" / "import_fsiii.py"
COLUMNS = (
    "system",
    "code",
    "short_code",
    "display",
    "area",
    "parent_code",
    "leaf",
    "designations",
    "status_2024_inferred",
)

pytestmark = pytest.mark.skipif(not TOOL.exists(), reason="tools/ is not part of an installed package")


def source_rows() -> list[dict[str, str]]:
    """Turn the shipped release back into the table that it was made from, in another order."""
    release = load()
    return [
        {
            "system": concept.system,
            "code": concept.code,
            "short_code": concept.short_code,
            "display": release.source_displays.get(concept.code, concept.display),
            "area": concept.kind,
            "parent_code": "".join(concept.parents),
            "leaf": str(int(concept.leaf)),
            "designations": " | ".join(term.value for term in concept.designations[1:]),
            "status_2024_inferred": release.inferred.get(concept.code, ""),
        }
        for concept in sorted(release.concepts, key=lambda concept: concept.code)
    ]


def run(rows: list[dict[str, str]], folder: Path) -> subprocess.CompletedProcess[str]:
    """Write the table and run the tool on it."""
    source = folder / "source.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    command = [sys.executable, str(TOOL), str(source), "--out", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_importing_again_gives_the_same_files(tmp_path: Path) -> None:
    """The shipped files are what the tool makes: order, corrections, statuses and notes included."""
    done = run(source_rows(), tmp_path)
    assert done.returncode == 0, done.stderr
    made = {path.name: path.read_bytes() for path in (tmp_path / "fsiii").iterdir()}
    assert made == {path.name: path.read_bytes() for path in SHIPPED.glob("*.tsv")}


def test_a_missing_parent_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """A table that is no tree is refused with one sentence and leaves no file."""
    rows = [row for row in source_rows() if row["short_code"] != "E"]
    done = run(rows, tmp_path)
    assert done.returncode == 1
    assert "a parent is missing" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "fsiii").exists()
