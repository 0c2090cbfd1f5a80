"""Settings come from a file and the environment; what can't be used is one sentence without its value."""

from pathlib import Path

import pytest

from dictate import opening
from dictate.config import KeyPlace, load_settings, settings_file
from dictate.errors import ConfigError
from dictate.keys import FileSource, KeyringSource, PassphraseSource, new_master


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own settings out of the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in ("HOME", "DATABASE", "KEY_PLACE", "KEY_FILE", "USER_NAME", "USER_ROLE", "ORGANISATION"):
        monkeypatch.delenv(f"PLEJEDIKTAT_{name}", raising=False)


def write(text: str) -> None:
    """Write the settings file."""
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text(text, encoding="utf-8")


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    """Folders follow the XDG rules."""
    settings = load_settings()
    assert settings.home == tmp_path / "data" / "plejediktat"
    assert settings.key_file == tmp_path / "config" / "plejediktat" / "master.key"
    assert settings.key_place is KeyPlace.AUTO


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what neither names keeps its default; settings of a newer version are passed over."""
    write('user_role = "Sygeplejerske"\nuser_name = "Anna"\nof_tomorrow = 1\n')
    monkeypatch.setenv("PLEJEDIKTAT_USER_NAME", "Åse Bach")
    settings = load_settings()
    assert (settings.user_name, settings.user_role) == ("Åse Bach", "Sygeplejerske")
    who = opening.actor(settings)
    assert (who.name, who.role, who.organisation) == ("Åse Bach", "Sygeplejerske", "")
    assert who.user


def test_an_organisation_has_a_sor_number() -> None:
    """Anything else is refused before it stands in a log or an export."""
    write('organisation = "12"\nuser_name = "Anna"\n')
    with pytest.raises(ConfigError, match="SOR"):
        opening.actor(load_settings())


@pytest.mark.parametrize(
    ("text", "named"),
    [('key_place = "hemmelig"', "key_place"), ("user_name = 7", "user_name"), ("hemmelig", "TOML")],
)
def test_what_can_not_be_used_is_told(text: str, named: str) -> None:
    """The setting and the file are named, the value isn't."""
    write(text)
    with pytest.raises(ConfigError, match=named) as caught:
        load_settings()
    assert "hemmelig" not in str(caught.value).replace(str(settings_file()), "")
    assert "\n" not in str(caught.value)


def test_the_key_is_looked_for_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key file before passphrase file before keyring, unless one is set."""
    settings = load_settings()
    monkeypatch.setattr(KeyringSource, "usable", staticmethod(lambda: True))
    assert isinstance(opening.key_source(settings), KeyringSource)
    monkeypatch.setattr(KeyringSource, "usable", staticmethod(lambda: False))
    assert isinstance(opening.key_source(settings), FileSource)
    sealed = settings.key_file.with_suffix(".sealed")
    PassphraseSource(path=sealed, ask=lambda: "en lang adgangssætning").save(new_master())
    assert isinstance(opening.key_source(settings), PassphraseSource)
    FileSource(path=settings.key_file).save(new_master())
    assert isinstance(opening.key_source(settings), FileSource)
    assert isinstance(opening.key_source(settings, place=KeyPlace.KEYRING), KeyringSource)
    assert tmp_path in settings.key_file.parents
