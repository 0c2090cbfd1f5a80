"""A short cut of the soak in benchmarks/reliability.py; the whole of it is that program without options."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).parents[2] / "benchmarks" / "reliability.py"


@pytest.mark.slow
def test_kills_cuts_and_damage(tmp_path: Path) -> None:
    """Two kills of each deed, five power cuts of each, and damage to each file: nothing breaks."""
    result = tmp_path / "result.json"
    counts = ("--kills", "16", "--cuts", "35", "--corruptions", "80", "--seed", "5")
    done = subprocess.run(
        [sys.executable, str(SOAK), *counts, "--output", str(result)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(result.read_bytes())
    assert figures["kills"]["of them"] == dict.fromkeys(figures["kills"]["of them"], 2)
    assert len(figures["kills"]["of them"]) == 8
    assert figures["cuts"]["of them"] == dict.fromkeys(figures["cuts"]["of them"], 5)
    assert len(figures["cuts"]["of them"]) == 7
    assert figures["corruptions"]["damages"] == 80
    assert figures["corruptions"]["detected"] > 20
    assert max(figures[name]["most sound lost s"] for name in ("kills", "cuts")) <= 1.0


def test_the_shim_would_notice(tmp_path: Path) -> None:
    """A disk that forgets the syncs of journals loses sound, and the soak says so."""
    code = (
        f"import sys, random; sys.path.insert(0, {str(SOAK.parent)!r})\n"
        "from pathlib import Path\nimport reliability_trace as trace, reliability_cuts as cuts\n"
        "real = trace.Trace.add\n"
        "def add(self, kind, path, **more):\n"
        "    if kind != 'sync' or not path.endswith('.journal'): real(self, kind, path, **more)\n"
        "trace.Trace.add = add\ncuts.DEEDS = {'recording': cuts.DEEDS['recording']}\n"
        "print(cuts.cuts(40, Path(sys.argv[1]), random.Random(3))['how'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "sound" in done.stdout
