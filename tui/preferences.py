"""What a user has chosen, in a small text file of her own."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from dictate.errors import ConfigError
from dictate.paths import config_dir, write_atomic
from tui import keymap

FILE = "terminal.toml"
THEMES = ("dark", "light", "contrast")
PUNCTUATION = ("both", "spoken", "restored")
"""As `terminology.written.Punctuation`, which is slow to import."""
_ONE_OF = {"theme": THEMES, "punctuation": PUNCTUATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """All settings of the terminal app; every one has a value that works."""

    name: str = ""
    """Who signs."""
    role: str = ""
    """In which role, such as "Sygeplejerske"."""
    language: str = "da"
    theme: str = "dark"
    """dark, light or contrast."""
    wide: bool = False
    """True leaves a blank line between lines of a note."""
    punctuation: str = "both"
    """Where full stops and commas come from: spoken, restored or both."""
    spelling: bool = True
    """True marks words that are in no dictionary."""
    model: str = "whisper-base"
    device: str = ""
    """Name of the microphone; "" is the system's default."""
    warm: bool = True
    """True keeps the microphone open between dictations, so that the first word is never cut."""
    tone: bool = True
    """True marks start and stop with a quiet tone."""
    lock_minutes: int = 10
    """Minutes without a key press until names and notes are hidden; 0 never."""
    guided: bool = False
    """True once the first-run guide was seen."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Action to key, as `tui.keymap` names them, where a user has chosen another key."""


def load(path: Path | None = None) -> Preferences:
    """Read the settings; a file that isn't there gives the defaults.

    Raises:
        ConfigError: the file is damaged, or a setting is unknown or of the wrong kind.

    """
    path = path or config_dir() / FILE
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError) as error:
        raise ConfigError(f"The settings in {path} can't be read. Mend or remove that file.") from error
    known = {one.name: dict if one.name == "keys" else one.type for one in fields(Preferences)}
    for name, value in data.items():
        if known.get(name) is not type(value) or value not in _ONE_OF.get(name, (value,)):
            raise ConfigError(f'The setting "{name}" in {path} is unknown or has a wrong value. Mend it.')
    keys = data.get("keys", {})
    why = keymap.problem(keys) if all(isinstance(key, str) for key in keys.values()) else "A key is a text."
    if why:
        raise ConfigError(f"The settings in {path} can't be used. {why} Mend it.")
    return Preferences(**data)


def save(preferences: Preferences, path: Path | None = None) -> None:
    """Write the settings.

    Raises:
        OutputError: the folder does not take it.

    """
    # JSON's strings, numbers and booleans are TOML's, too.
    values = asdict(preferences)
    keys = values.pop("keys")
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    if keys:
        lines += ["", "[keys]", *(f"{name} = {json.dumps(key)}" for name, key in keys.items())]
    write_atomic(path or config_dir() / FILE, ("\n".join(lines) + "\n").encode())
