"""Connections to SQLCipher and PostgreSQL, and their errors in one sentence."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from dictate.disk import PRIVATE_FILE, private_folder
from dictate.errors import StoreError
from dictate.store.location import Location

BUSY_S = 10.0
"""How long to wait for another process that is writing."""
WRITE = {"write": True}
"""Execution options of a transaction that will write: it takes the lock at its beginning."""
_NOT_A_DATABASE = "SQLITE_NOTADB"
_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_CORRUPT_VTAB", _NOT_A_DATABASE})


def embedded(path: Path, key: bytes) -> Engine:
    """Return an engine for a SQLCipher database, made where it is missing."""
    private_folder(path.parent)

    def connect() -> Any:  # noqa: ANN401 - the driver ships no types
        return connect_embedded(path, key)

    engine = create_engine(
        "sqlite+pysqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        pool_size=4,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin_embedded)
    return engine


def connect_embedded(path: Path, key: bytes) -> Any:  # noqa: ANN401 - the driver ships no types
    """Open a SQLCipher database by its raw key; no slow derivation, for the key is random already.

    `cipher_memory_security` stays off: it wipes and locks all memory of SQLite at a manifold cost, while the
    same texts and keys lie in Python's memory anyway, which nobody can wipe.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE))
    connection = sqlcipher.connect(str(path), timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        for pragma in (
            "cipher_log_level = NONE",  # it would write to stderr
            f"key = \"x'{key.hex()}'\"",
            "cipher_memory_security = OFF",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
    except BaseException:
        connection.close()
        raise
    return connection


def shared(location: Location) -> Engine:
    """Return an engine for a PostgreSQL server."""
    assert location.server is not None
    return create_engine(
        location.server,
        pool_size=4,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 10, "application_name": "plejediktat"},
    )


@contextmanager
def one_sentence(place: str) -> Iterator[None]:
    """Turn what a database driver raises into one sentence without any data in it.

    Raises:
        StoreError: in place of every error of SQLAlchemy and the drivers.

    """
    try:
        yield
    except IntegrityError:
        # Its text names values; which rule was broken is said where it is known.
        raise StoreError(
            f"The store {place} refused a change that breaks its rules. Please report it."
        ) from None
    except DBAPIError as error:
        raise StoreError(_say(place, error.orig)) from None
    except sqlcipher.Error as error:
        raise StoreError(_say(place, error)) from None
    except SQLAlchemyError as error:
        kind = type(error).__name__
        raise StoreError(
            f"The store {place} can't be used ({kind}). Close other programs, try again."
        ) from None


def _say(place: str, error: BaseException | None) -> str:
    code = str(getattr(error, "sqlite_errorname", "") or getattr(error, "sqlstate", "") or "")
    if code in _DAMAGED:
        return (
            f"The key does not open the store {place}, or the store is damaged. "
            "Use its own key, or restore a backup."
        )
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40")):
        return f"Another program is writing to the store {place}. Try again in a moment."
    if code in {"SQLITE_FULL", "53100"}:
        return f"The disk of the store {place} is full. Make room; nothing was changed."
    if code in {"SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "42501"}:
        return f"You may not use the store {place} in this way. Ask who runs it for access."
    if not code or code.startswith("08"):
        return f"The store {place} does not answer. Check the connection, and try again."
    return f"The store {place} can't do this now ({code}). Close other programs, and try again."


def _begin_embedded(connection: Connection) -> None:
    mode = "IMMEDIATE" if connection.get_execution_options().get("write") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")
