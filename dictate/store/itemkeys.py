"""The key file: one key for each recording, dictation and citizen, so that deleting a key deletes the item.

What is sealed under an item's key is gone for good once the key is: in the store, and in every backup of it.
The keys lie apart from the store (own file, or own schema on PostgreSQL) and are backed up apart, briefly.
Each is wrapped by a key derived from the master key.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    Engine,
    LargeBinary,
    MetaData,
    String,
    bindparam,
    delete,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dictate.errors import StoreError
from dictate.keys import Keys
from dictate.sealing import SealBrokenError, new_key, seal, unseal
from dictate.store.engine import WRITE
from dictate.store.migrate import wait_for_others
from dictate.store.schema import CONVENTION, KEY_ID, Utc

SCHEMA = "itemkeys"
"""On PostgreSQL: leave this schema out of the ordinary backups."""
_SOME = 500


class KeyBase(DeclarativeBase):
    """Root of the tables of the key file."""

    metadata = MetaData(naming_convention=CONVENTION, schema=SCHEMA)
    type_annotation_map = {datetime: Utc, bytes: LargeBinary, str: String}  # noqa: RUF012 - SQLAlchemy's form


class KeyFileRow(KeyBase):
    """What the key file knows about itself: the id of its master key."""

    __tablename__ = "key_file"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class ItemKeyRow(KeyBase):
    """A wrapped key."""

    __tablename__ = "item_key"
    item: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    created: Mapped[datetime]


class ItemKeys:
    """The keys of single items. Each call is a transaction of its own: a key is there before it is used."""

    def __init__(self, engine: Engine, keys: Keys, *, embedded: bool) -> None:
        """Use the key file behind `engine`; `prepare` makes its tables."""
        # The file of an embedded store has no schemas.
        self._engine = engine.execution_options(schema_translate_map={SCHEMA: None}) if embedded else engine
        self._embedded = embedded
        self._keys = keys

    def prepare(self) -> None:
        """Make what is missing, and check that the key fits.

        Raises:
            StoreError: the keys were wrapped by another master key.

        """
        schema = None if self._embedded else SCHEMA
        with self._engine.connect() as connection:
            there = inspect(connection).has_table(ItemKeyRow.__tablename__, schema=schema)
        if not there:
            self._make(schema)
        if self.key_id() != self._keys.id:
            raise StoreError("The key file of the store belongs to another master key. Use its own key.")

    def _make(self, schema: str | None) -> None:
        with self._engine.execution_options(**WRITE).begin() as connection:
            wait_for_others(connection)
            if not inspect(connection).has_table(ItemKeyRow.__tablename__, schema=schema):
                if not self._embedded:
                    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
                KeyBase.metadata.create_all(connection)
                connection.execute(insert(KeyFileRow).values(name=KEY_ID, value=self._keys.id))

    def key_id(self) -> str | None:
        """Return the id of the master key that wraps the keys."""
        with self._engine.connect() as connection:
            return connection.scalar(select(KeyFileRow.value).where(KeyFileRow.name == KEY_ID))

    def is_empty(self) -> bool:
        """Tell whether no item has a key."""
        with self._engine.connect() as connection:
            return connection.scalar(select(ItemKeyRow.item).limit(1)) is None

    def create(self, *items: str, at: datetime) -> list[bytes]:
        """Make the keys of new items, in one transaction.

        Args:
            items: kind and id, such as "recording/<id>".
            at: now, aware.

        """
        keys = [new_key() for _ in items]
        rows = [
            {"item": item, "sealed": seal(self._keys.items, key, f"item {item}"), "created": at}
            for item, key in zip(items, keys, strict=True)
        ]
        with self._engine.execution_options(**WRITE).begin() as connection:
            connection.execute(insert(ItemKeyRow), rows)
        return keys

    def find(self, items: Iterable[str]) -> dict[str, bytes]:
        """Return the keys of those items that still have one."""
        wanted = sorted(set(items))
        if not wanted:
            return {}
        with self._engine.connect() as connection:
            rows = [
                row
                for start in range(0, len(wanted), _SOME)
                for row in connection.execute(
                    select(ItemKeyRow.item, ItemKeyRow.sealed).where(
                        ItemKeyRow.item.in_(wanted[start : start + _SOME])
                    )
                )
            ]
        try:
            return {item: unseal(self._keys.items, sealed, f"item {item}") for item, sealed in rows}
        except SealBrokenError:
            raise StoreError(
                "A key in the key file of the store was changed. Restore the key file from its backup."
            ) from None

    def destroy(self, items: Iterable[str]) -> int:
        """Delete keys for good; return how many there were."""
        with self._engine.execution_options(**WRITE).begin() as connection:
            gone = sum(
                connection.execute(delete(ItemKeyRow).where(ItemKeyRow.item == item)).rowcount
                for item in items
            )
        with self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            # Old pages hold the key until they are overwritten.
            purge = "PRAGMA wal_checkpoint(TRUNCATE)" if self._embedded else f"VACUUM {SCHEMA}.item_key"
            connection.exec_driver_sql(purge).close()
        return gone

    def rewrap(self, old: Keys, new: Keys) -> None:
        """Wrap all keys by another master key, all or none."""
        with self._engine.execution_options(**WRITE).begin() as connection:
            rows = connection.execute(select(ItemKeyRow.item, ItemKeyRow.sealed)).all()
            again = [
                {
                    "name": name,
                    "again": seal(new.items, unseal(old.items, sealed, f"item {name}"), f"item {name}"),
                }
                for name, sealed in rows
            ]
            if again:
                change = update(ItemKeyRow).where(ItemKeyRow.item == bindparam("name"))
                connection.execute(change.values(sealed=bindparam("again")), again)
            connection.execute(update(KeyFileRow).where(KeyFileRow.name == KEY_ID).values(value=new.id))


def _again(item: str, sealed: bytes, old: Keys, new: Keys) -> bytes:
    return seal(new.items, unseal(old.items, sealed, f"item {item}"), f"item {item}")
