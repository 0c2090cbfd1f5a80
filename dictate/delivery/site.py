"""The site's targets, as its file targets.toml names them.

Example:
    sor = "330411000016001"

    [targets.record]
    kind = "https"
    url = "https://record.example/fhir"
    ca = "ca.pem"
    certificate = "client.pem"
    key = "client.key"

    [targets.record.oauth]
    token_url = "https://login.example/token"
    client_id = "plejediktat"
    secret_file = "secret"

    [targets.vans]
    kind = "folder"
    path = "/srv/vans/out"
    format = "medcom-homecareobservation"
    addresses = "addresses.toml"
    to = "gp"

    [targets.region]
    kind = "sftp"
    host = "sftp.example"
    user = "plejediktat"
    folder = "in"
    key = "id_ed25519"
    known_hosts = "known_hosts"

Files are looked for beside targets.toml.

"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dictate.delivery.folder import FolderTarget
from dictate.delivery.https import HttpsTarget, Trust
from dictate.delivery.oauth import ClientCredentials
from dictate.delivery.parcel import Target
from dictate.delivery.render import Shape
from dictate.delivery.sftp import SftpTarget
from dictate.errors import ConfigError
from dictate.export.base import Format
from dictate.export.files import NEED_LETTER
from dictate.export.letter import CATEGORIES, read_addresses
from dictate.identity import parse_sor

FILE = "targets.toml"
_KINDS = ("folder", "https", "sftp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where signed notes go from here."""

    targets: Mapping[str, Target]
    shapes: Mapping[str, Shape]
    """What each target takes."""


def read_site(path: Path) -> Site:
    """Read the site's targets; a file that is not there names none.

    Raises:
        ConfigError: the file can't be read, or something in it is missing, unknown or of the wrong kind.

    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Site(targets={}, shapes={})
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML. Mend it.") from error
    tables = _table(data.get("targets", {}), f"{path}: targets")
    sor = data.get("sor")
    if sor is not None and not isinstance(sor, str):
        raise ConfigError(f"{path}: sor is no text in quotes. Mend it.")
    number = parse_sor(sor) if sor else None
    readers = {name: _Table(value, f"{path}, target {name}", path.parent) for name, value in tables.items()}
    return Site(
        targets={name: _target(name, reader) for name, reader in readers.items()},
        shapes={name: _shape(reader, number) for name, reader in readers.items()},
    )


class _Table:
    """Strict reading of one table."""

    def __init__(self, data: object, where: str, folder: Path) -> None:
        self._data = _table(data, where)
        self.where = where
        self._folder = folder

    def text(self, key: str) -> str:
        value = self.optional(key)
        if value is None:
            raise ConfigError(f"{self.where}: {key} is missing. Add it.")
        return value

    def optional(self, key: str) -> str | None:
        value = self._data.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise ConfigError(f"{self.where}: {key} is no text in quotes. Mend it.")
        return value

    def file(self, key: str) -> Path:
        return self._folder / Path(self.text(key)).expanduser()

    def optional_file(self, key: str) -> Path | None:
        return self.file(key) if key in self._data else None

    def number(self, key: str, default: int) -> int:
        value = self._data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            raise ConfigError(f"{self.where}: {key} is no whole number. Mend it.")
        return value

    def inner(self, key: str) -> "_Table | None":
        value = self._data.get(key)
        return None if value is None else _Table(value, f"{self.where}, {key}", self._folder)

    def only(self, *keys: str) -> None:
        """Refuse keys that nobody reads: they are slips of the pen."""
        unknown = sorted(self._data.keys() - {*keys})
        if unknown:
            raise ConfigError(f"{self.where}: {', '.join(unknown)} is not known there. Mend it.")


_SHAPE_KEYS = ("kind", "format", "addresses", "to", "category")


def _target(name: str, table: _Table) -> Target:
    match table.text("kind"):
        case "folder":
            table.only(*_SHAPE_KEYS, "path")
            return FolderTarget(name=name, path=table.file("path"))
        case "https":
            table.only(*_SHAPE_KEYS, "url", "ca", "certificate", "key", "oauth")
            trust = Trust(
                ca=table.optional_file("ca"),
                certificate=table.optional_file("certificate"),
                key=table.optional_file("key"),
            )
            return HttpsTarget(name=name, url=table.text("url"), trust=trust, credentials=_oauth(table))
        case "sftp":
            table.only(*_SHAPE_KEYS, "host", "port", "user", "folder", "key", "known_hosts")
            return SftpTarget(
                name=name,
                host=table.text("host"),
                port=table.number("port", 22),
                user=table.text("user"),
                folder=table.text("folder"),
                known_hosts=table.file("known_hosts"),
                key=table.file("key"),
            )
        case _:
            raise ConfigError(f"{table.where}: kind is none of {', '.join(_KINDS)}. Mend it.")


def _oauth(table: _Table) -> ClientCredentials | None:
    oauth = table.inner("oauth")
    if oauth is None:
        return None
    oauth.only("token_url", "client_id", "secret_file", "scope")
    return ClientCredentials(
        token_url=oauth.text("token_url"),
        client_id=oauth.text("client_id"),
        secret_file=oauth.file("secret_file"),
        scope=oauth.optional("scope") or "",
    )


def _shape(table: _Table, sor: str | None) -> Shape:
    asked = table.optional("format") or Format.KL_CORE
    if asked not in set(Format):
        raise ConfigError(f"{table.where}: format is none of {', '.join(Format)}. Mend it.")
    form = Format(asked)
    category = table.optional("category") or "nursing"
    if category not in CATEGORIES:
        raise ConfigError(f"{table.where}: category is none of {', '.join(CATEGORIES)}. Mend it.")
    if form is Format.KL_GATEWAY and sor is None:
        raise ConfigError(f"{table.where}: KL Gateway needs the organisation's number. Add sor at the top.")
    return Shape(
        form=form,
        sor=sor,
        transaction=table.text("kind") == "https",
        parties=read_addresses(table.file("addresses"), table.text("to")) if form in NEED_LETTER else None,
        category=category,
    )


def _table(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} is no table. Mend it.")
    return value
