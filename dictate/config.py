"""Settings of this machine and user: a TOML file, overridden by the environment (`PLEJEDIKTAT_…`).

No secret is a setting: keys lie where `keys` puts them, a database's password in ~/.pgpass or a certificate.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from dictate.errors import ConfigError
from dictate.paths import config_dir, data_dir

PREFIX = "PLEJEDIKTAT_"


class KeyPlace(StrEnum):
    """Where the master key is kept."""

    AUTO = "auto"
    """Where there is one: key file, passphrase file, keyring; for a new key the keyring, if there is one."""
    KEYRING = "keyring"
    FILE = "file"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a place


Days = Annotated[int, Field(ge=0, le=36_525)] | Literal["keep"]
"""After so many days it is deleted; or it is kept."""


class Retention(BaseModel):
    """When something is deleted. A site sets these by its own rules; `dictate retention run` goes by them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sound_days: Days = 30
    """After the signature: the sound of a note."""
    text_days: Days = "keep"
    """After the signature: what was heard and drafted before it, and the corrections."""
    note_days: Days = "keep"
    """After the signature: the whole note."""
    discarded_days: Days = 30
    """After its beginning: a dictation that a person gave up."""
    draft_days: Days = "keep"
    """After its beginning: a dictation that nobody signed."""
    citizen_days: Days = "keep"
    """After they were added: a citizen about whom there is no dictation any more."""
    delivery_days: Days = "keep"
    """After its end: the record of a delivery."""
    key_backup_days: Annotated[int, Field(ge=1, le=365)] = 14
    """After it was made: a backup of the item keys. So long can what is deleted be brought back."""


class Settings(BaseSettings):
    """What can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore", frozen=True
    )

    home: Path = Field(default_factory=data_dir)
    """Folder of the store, its recordings and the seal of the access log."""
    database: str = ""
    """postgresql://user@host/database, or empty for the embedded store."""
    key_place: KeyPlace = KeyPlace.AUTO
    key_file: Path = Field(default_factory=lambda: config_dir() / "master.key")
    """The key file; a passphrase file lies beside it, with the ending ".sealed"."""
    user_name: str = ""
    """Name of the person, where the account's own isn't it."""
    user_role: str = ""
    """Such as "Sygeplejerske"."""
    organisation: str = ""
    """SOR number."""
    retention: Retention = Field(default_factory=Retention)
    """Table `[retention]`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Look in this order: what the program says, the environment, the file."""
        del dotenv_settings, file_secret_settings
        file = TomlConfigSettingsSource(settings_cls, settings_file())
        return init_settings, env_settings, file


def settings_file() -> Path:
    """Return the file of the settings; it need not exist."""
    return config_dir() / "settings.toml"


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        ConfigError: the file can't be read, or a setting has a value that can't be used.

    """
    try:
        return Settings()
    except ValidationError as error:
        problem = error.errors(include_input=False)[0]
        name = ".".join(map(str, problem["loc"]))
        raise ConfigError(
            f'The setting "{name}" can\'t be used: {problem["msg"]}. Mend it in {settings_file()}, '
            f"or in the environment ({PREFIX}{name.upper()})."
        ) from None
    except (ValueError, OSError):
        raise ConfigError(
            f"The settings file {settings_file()} can't be read as TOML. Mend or remove it."
        ) from None
