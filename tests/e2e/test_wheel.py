"""What is shipped is the wheel: it is built, installed in a fresh environment, and looked at there."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("dictate", "models", "terminology")
LOOK = """
import importlib.metadata as m
owners = m.packages_distributions()
for name in {names!r}:
    print(name, owners[name])
files = [str(f) for f in m.files("plejediktat")]
print(sum(f.startswith("terminology/data/") for f in files) > 5, "models/catalogue.toml" in files)
"""


@pytest.mark.slow
def test_wheel_owns_its_names_and_carries_its_data(tmp_path: Path) -> None:
    """Each import name belongs to the distribution alone, and the data files travel along."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    install = ["pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", *install], check=True, capture_output=True)
    command = [str(python), "-c", LOOK.format(names=PACKAGES)]
    look = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert look.stdout.splitlines() == [*(f"{name} ['plejediktat']" for name in PACKAGES), "True True"]
