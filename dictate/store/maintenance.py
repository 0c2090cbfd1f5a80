"""Copies of an embedded store while it is in use, and the rights on a shared one."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from dictate.errors import StoreError
from dictate.keys import Keys
from dictate.store.database import Database
from dictate.store.engine import connect_embedded, one_sentence
from dictate.store.itemkeys import SCHEMA
from dictate.store.location import Location
from dictate.store.schema import AuditRow, Base


@dataclass(frozen=True, slots=True)
class Maintenance:
    """What backups are made with."""

    _database: Database
    _location: Location

    def snapshot(self, path: Path) -> None:
        """Copy the database as it is at one moment, encrypted under the same key; without the item keys.

        Raises:
            StoreError: the store is a shared one, which its own server backs up, or the copy failed.

        """
        self._refuse_shared()
        _copy(self._location.database, self._database.keys.database, path, self._location.place)

    def snapshot_keys(self, path: Path) -> None:
        """Copy the key file as it is at one moment, encrypted under the same key.

        Raises:
            StoreError: as `snapshot`.

        """
        self._refuse_shared()
        copy_item_keys(self._location, self._database.keys, path)

    def _refuse_shared(self) -> None:
        if self._location.server is not None:
            raise StoreError("A shared store is backed up by its own server: use pg_dump.")


def copy_item_keys(location: Location, keys: Keys, target: Path) -> None:
    """Copy the key file of an embedded store, whether the store is open or not.

    Raises:
        StoreError: it belongs to another master key, is damaged, or the copy failed.

    """
    _copy(location.item_database, keys.item_database, target, location.place)


def _copy(source: Path, key: bytes, target: Path, place: str) -> None:
    if target.exists():
        raise StoreError(f"There is a file {target} already. Name another one.")
    with one_sentence(place), ExitStack() as stack:
        reading = connect_embedded(source, key)
        stack.callback(reading.close)
        writing = connect_embedded(target, key)
        stack.callback(writing.close)
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode = DELETE").close()


def grants(role: str) -> tuple[str, ...]:
    """Return the statements that let a PostgreSQL role work with the store, but not change its access log.

    The role that owns the tables runs them once; programs then connect as `role`.

    Raises:
        StoreError: the name is no plain role name.

    """
    if not (role.isascii() and role.replace("_", "").isalnum()):
        raise StoreError("The role's name has letters, digits and _ only. Name another one.")
    tables = [name for name in Base.metadata.tables if name != AuditRow.__tablename__]
    return (
        f"GRANT USAGE ON SCHEMA public, {SCHEMA} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(sorted(tables))} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {role}",
        f"GRANT SELECT, INSERT ON {AuditRow.__tablename__} TO {role}",
        f"GRANT SELECT ON alembic_version TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    )
