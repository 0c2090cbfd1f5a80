"""Copies of an embedded store while it is in use, and the rights on a shared one."""

from dataclasses import dataclass
from pathlib import Path

from dictate.errors import StoreError
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
        self._copy(self._location.database, self._database.keys.database, path)

    def snapshot_keys(self, path: Path) -> None:
        """Copy the key file as it is at one moment, encrypted under the same key.

        Raises:
            StoreError: as `snapshot`.

        """
        self._copy(self._location.item_database, self._database.keys.item_database, path)

    def _copy(self, source: Path, key: bytes, target: Path) -> None:
        if self._location.server is not None:
            raise StoreError("A shared store is backed up by its own server: use pg_dump.")
        if target.exists():
            raise StoreError(f"There is a file {target} already. Name another one.")
        with one_sentence(self._location.place):
            reading, writing = connect_embedded(source, key), connect_embedded(target, key)
            try:
                reading.backup(writing)
                writing.execute("PRAGMA journal_mode = DELETE").close()
            finally:
                writing.close()
                reading.close()


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
