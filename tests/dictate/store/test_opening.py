"""Opening: the right key, the right version, all parts there; anything else is one sentence and no damage."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from dictate.errors import ConfigError, StoreError
from dictate.identity import Actor
from dictate.keys import Keys, derive, new_master
from dictate.store import Location, Store, is_there, migrate
from dictate.store.engine import WRITE, embedded, shared
from dictate.store.schema import Base
from dictate.store.types import BatchState

Opener = Callable[..., Store]


def digests(folder: Path) -> dict[str, str]:
    """Return the hash of each file that holds data."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file() and path.stat().st_size
    }


def test_another_key_is_refused_without_damage(location: Location, opener: Opener) -> None:
    """One sentence, no traceback of a driver, and the store opens again with its own key."""
    store = opener(location)
    citizen = store.citizens.add(name="Åse Bach", cpr="0101010101")
    store.close()
    before = digests(location.home)
    with pytest.raises(StoreError, match="key") as caught:
        opener(location, keys=derive(new_master()))
    assert caught.value.__cause__ is None
    assert str(caught.value).count("\n") == 0
    assert digests(location.home) == before
    assert opener(location).citizens.by_cpr("0101010101") == citizen


def test_the_driver_is_silent(embedded_location: Location, tmp_path: Path) -> None:
    """SQLCipher tells its errors on stderr unless told not to."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom dictate.keys import derive\n"
        "from dictate.identity import Actor\nfrom dictate.store import Location, open_store\n"
        "try: open_store(Location.folder(Path(sys.argv[1])), derive(bytes([int(sys.argv[2])]) * 32),"
        " Actor(user='a', name='A')).close()\nexcept Exception as error: print(type(error).__name__)\n"
    )
    for key, answer in (("1", ""), ("2", "StoreError")):
        command = [sys.executable, "-c", code, str(embedded_location.home), key]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
        assert (done.stdout.strip(), done.stderr) == (answer, "")


def test_a_store_of_a_newer_version_is_refused(location: Location, opener: Opener, keys: Keys) -> None:
    """It says so, and leaves the tables alone."""
    opener(location).close()
    engine = shared(location) if location.server else embedded(location.database, keys.database)
    with engine.execution_options(**WRITE).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        opener(location)
    engine.dispose()


def test_an_older_store_is_brought_up_to_date(location: Location, opener: Opener, keys: Keys) -> None:
    """A filled store as the first version made it gets what is newer, and loses nothing."""
    with opener(location) as store:
        citizen = store.citizens.add(name="Åse Bach")
        store.batch.save("a" * 64, BatchState.DONE, why="x")
    engine = shared(location) if location.server else embedded(location.database, keys.database)
    with engine.execution_options(**WRITE).begin() as connection:
        connection.execute(text("ALTER TABLE batch_item DROP COLUMN made_with"))
        connection.execute(text("DROP TABLE own_word"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    store = opener(location)
    item = store.batch.get("a" * 64)
    assert item is not None
    assert (item.state, item.why, item.made_with) == (BatchState.DONE, "x", "")
    assert store.words.all() == ()
    assert store.citizens.get(citizen.id).name == "Åse Bach"
    assert store.log.verify().ok


def test_a_foreign_database_is_refused(embedded_location: Location, opener: Opener, keys: Keys) -> None:
    """Tables of the same name that no migration made are not taken over."""
    embedded_location.home.mkdir()
    engine = embedded(embedded_location.database, keys.database)
    with engine.execution_options(**WRITE).begin() as connection:
        connection.execute(text("CREATE TABLE citizen (x)"))
    with pytest.raises(StoreError, match=r"Part of the store|no store of this program"):
        opener(embedded_location)
    engine.dispose()


@pytest.mark.parametrize("missing", ["store.db", "itemkeys"])
def test_what_is_missing_is_not_made_anew(embedded_location: Location, opener: Opener, missing: str) -> None:
    """An empty database beside the rest of a store would hide that it is lost."""
    opener(embedded_location).citizens.add(name="Åse Bach")
    opener(embedded_location).close()
    (embedded_location.home / missing).rename(embedded_location.home / "elsewhere")
    with pytest.raises(StoreError, match="missing"):
        opener(embedded_location)
    assert not (embedded_location.home / missing).exists()
    (embedded_location.home / "elsewhere").rename(embedded_location.home / missing)
    assert len(opener(embedded_location).citizens.search("åse")) == 1


def test_files_are_the_owners_alone(embedded_location: Location, opener: Opener) -> None:
    """Nobody else on the machine can read or list them."""
    store = opener(embedded_location)
    store.citizens.add(name="Åse Bach")
    for path in (embedded_location.home, *embedded_location.home.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_migrations_make_the_programs_tables(location: Location, opener: Opener, keys: Keys) -> None:
    """What Alembic made is what the classes say, and its head is the one that opening expects."""
    opener(location).close()
    engine = shared(location) if location.server else embedded(location.database, keys.database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []
    folder = Path(migrate.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == migrate.HEAD


def test_what_is_written_is_not_in_clear(location: Location, opener: Opener) -> None:
    """Name and number of a citizen are in no file; on a server they are in no column."""
    store = opener(location)
    citizen = store.citizens.add(name="Kanariefugl Testborger", cpr="0909090909")
    dictation = store.dictations.begin(citizen.id)
    store.corrections.add(dictation.id, heard="hemmelig sætning", chosen="anden hemmelighed", kind="text")
    secrets = [word.encode() for word in ("Kanariefugl", "kanariefugl", "0909090909", "hemmelig")]
    files = [path.read_bytes() for path in location.home.rglob("*") if path.is_file()]
    if location.server:
        engine = create_engine(location.server)
        with engine.connect() as connection:
            for table in Base.metadata.sorted_tables:
                files += [repr(tuple(row)).encode() for row in connection.execute(table.select())]
        engine.dispose()
        assert len(files) > 20
    assert not [secret for secret in secrets if any(secret in content for content in files)]


def test_is_there(location: Location, opener: Opener) -> None:
    """Whether there is a store is told without making one."""
    assert not is_there(location)
    opener(location).close()
    assert is_there(location)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://ann:secret@localhost/db", "password"),
        ("postgresql://ann@db.example/db?sslmode=require", "verify-full"),
        ("postgresql://ann@/db?host=/run/a,db.example&sslmode=disable", "verify-full"),
        ("postgresql://ann@127.0.0.1/db?hostaddr=10.1.1.1&sslmode=prefer", "verify-full"),
        ("mysql://ann@localhost/db", "postgresql://"),
        ("not a url", "none"),
    ],
)
def test_connections_that_can_be_listened_to_are_refused(tmp_path: Path, url: str, reason: str) -> None:
    """TLS with a checked certificate, or the same machine; and no password in the settings."""
    with pytest.raises(ConfigError, match=reason) as caught:
        Location.postgresql(url, tmp_path)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("postgresql://ann@db.example/db", "verify-full"),
        ("postgresql://ann@db.example/db?sslmode=verify-ca", "verify-ca"),
        ("postgresql://ann@localhost/db", None),
        ("postgresql://ann@[::1]/db", None),
        ("postgresql://ann@/db?host=/run/postgresql", None),
    ],
)
def test_tls_is_asked_for_where_the_connection_leaves_the_machine(
    tmp_path: Path, url: str, mode: str | None
) -> None:
    """Without a mode in the URL the strictest one is set."""
    server = Location.postgresql(url, tmp_path).server
    assert server is not None
    assert server.query.get("sslmode") == mode


def test_a_damaged_database_is_told_in_one_sentence(
    embedded_location: Location, opener: Opener, nurse: Actor
) -> None:
    """A changed page is found by its MAC; nothing of it is given out."""
    store = opener(embedded_location, actor=nurse)
    store.citizens.add(name="Åse Bach")
    store.close()
    content = bytearray(embedded_location.database.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 + 100] ^= 1
    embedded_location.database.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        opener(embedded_location).citizens.search("åse")
