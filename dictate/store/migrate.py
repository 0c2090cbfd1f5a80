"""Bring the tables to this version of the program; a store of a newer version is refused, not touched."""

from sqlalchemy import Connection, Engine, insert, inspect, text

from dictate.errors import StoreError
from dictate.store.engine import WRITE
from dictate.store.schema import KEY_ID, MetaRow

HEAD = "0003"
"""The newest migration; kept here so that opening a store needs no Alembic."""

_LOCK = 7_145_360


def bring_up_to_date(engine: Engine, place: str, *, key_id: str) -> None:
    """Make or change the tables where needed, whole or not at all.

    Args:
        engine: of the store.
        place: the store's name in messages.
        key_id: names the master key of a store that is new.

    Raises:
        StoreError: the store was written by a newer version, or is another program's.

    """
    with engine.connect() as connection:
        version = _version(connection, place)
    if version == HEAD:
        return
    with engine.execution_options(**WRITE).begin() as connection:
        # Another process may have done it while this one waited for the lock.
        wait_for_others(connection)
        version = _version(connection, place)
        if version == HEAD:
            return
        _upgrade(connection, place)
        if version is None:
            connection.execute(insert(MetaRow).values(name=KEY_ID, value=key_id))


def wait_for_others(connection: Connection) -> None:
    """Let one program at a time make tables; SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _version(connection: Connection, place: str) -> str | None:
    inspector = inspect(connection)
    if inspector.has_table("alembic_version"):
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if version is None else str(version)
    if inspector.has_table("dictation") or inspector.has_table("citizen"):
        raise StoreError(f"The database {place} is no store of this program. Name another one.")
    return None


def _upgrade(connection: Connection, place: str) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, and seldom needed
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "dictate.store:migrations")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    version = _version(connection, place)
    if version is not None and version not in known:
        raise StoreError(
            f"The store {place} was written by a newer version of this program ({version}). Update it."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
