"""Settings of the terminal app."""

from pathlib import Path

import pytest

from dictate.errors import ConfigError
from tui import preferences
from tui.preferences import Preferences


def test_they_come_back_as_they_were(tmp_path: Path) -> None:
    """Names with odd letters, too."""
    path = tmp_path / "terminal.toml"
    chosen = Preferences(name='Åse "Ås" Øst', role="SSA", warm=False, lock_minutes=5, theme="light")
    preferences.save(chosen, path)
    assert preferences.load(path) == chosen


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    """A first start needs nothing."""
    assert preferences.load(tmp_path / "none.toml") == Preferences()


@pytest.mark.parametrize("content", ["warm = 1", 'colour = "red"', "warm", 'warm = "yes"'])
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    """The message says which file to mend."""
    path = tmp_path / "terminal.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"terminal\.toml"):
        preferences.load(path)
