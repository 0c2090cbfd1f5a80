"""Where a store lies: a folder of this machine, or a PostgreSQL server with a folder for what stays local."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from dictate.errors import ConfigError

_CHECKED_TLS = frozenset({"verify-ca", "verify-full"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the parts of a store are."""

    home: Path
    """Folder of recordings, seal, locks, and of the database where it is embedded."""
    server: URL | None = None
    """PostgreSQL; None for the embedded database."""

    @classmethod
    def folder(cls, home: Path) -> "Location":
        """Return the place of an embedded store."""
        return cls(home=home)

    @classmethod
    def postgresql(cls, url: str, home: Path) -> "Location":
        """Return the place of a shared store.

        Args:
            url: "postgresql://user@host/database"; no password in it.
            home: local folder for recordings, the seal of the access log and locks.

        Raises:
            ConfigError: the URL is none, holds a password, or asks for a connection that can be listened to.

        """
        try:
            server = make_url(url)
        except ArgumentError:
            raise ConfigError("The database URL is none: write postgresql://user@host/database.") from None
        if server.get_backend_name() != "postgresql":
            raise ConfigError("The database URL must begin with postgresql://, or be left out.")
        if server.password is not None:
            raise ConfigError(
                "The database URL holds a password: take it out, and use ~/.pgpass or a client certificate."
            )
        server = server.set(drivername="postgresql+psycopg")
        if _leaves_the_machine(server):
            mode = server.query.get("sslmode", "verify-full")
            if mode not in _CHECKED_TLS:
                raise ConfigError(
                    f"The database URL asks for sslmode={mode}, which doesn't check the server: "
                    "use sslmode=verify-full."
                )
            server = server.update_query_dict({"sslmode": str(mode)})
        return cls(home=home, server=server)

    @property
    def database(self) -> Path:
        """The embedded database."""
        return self.home / "store.db"

    @property
    def item_database(self) -> Path:
        """The key file: the keys of single items, in a database of their own with a key of its own."""
        return self.home / "itemkeys"

    @property
    def seal(self) -> Path:
        """The seal of the access log."""
        return self.home / "audit.seal"

    @property
    def lock(self) -> Path:
        """Held shared by everybody who has the store open; alone by who changes its key."""
        return self.home / "store.lock"

    @property
    def rotation(self) -> Path:
        """The intent of a change of key that is under way."""
        return self.home / "rotation"

    @property
    def recordings(self) -> Path:
        """Folder of the journals."""
        return self.home / "recordings"

    @property
    def place(self) -> str:
        """Say where it is, for a person."""
        if self.server is None:
            return str(self.database)
        return self.server.render_as_string(hide_password=True)


def _leaves_the_machine(server: URL) -> bool:
    hosts = [server.host, *_all(server.query.get("host")), *_all(server.query.get("hostaddr"))]
    return any(host and not _is_local(part) for host in hosts for part in (host or "").split(","))


def _all(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value or ()


def _is_local(host: str) -> bool:
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
