"""A store of each kind: embedded (SQLCipher), and shared on a real PostgreSQL that the tests start."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dictate import session
from dictate.entry import Assertion, Coding, Entry, Kind, Note, Review
from dictate.identity import Actor
from dictate.keys import Keys, derive
from dictate.store import Location, Store, open_store

NURSE = Actor(user="anna", name="Anna Testsen", role="Sygeplejerske")
OTHER = Actor(user="bo", name="Bo Prøvesen", role="Social- og sundhedsassistent")
EMBEDDED, SHARED = "sqlcipher", "postgresql"
_PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt/postgresql")


def full() -> bool:
    """Tell whether a missing system package is a failure here."""
    return os.environ.get("PLEJEDIKTAT_FULL") == "1"


def _programs() -> Path | None:
    """Return the folder of PostgreSQL's server programs, the newest if there are several."""
    found = [path for place in _PLACES for path in Path(place).glob("**/bin/initdb")]
    if found:
        return max(found, key=lambda path: path.parts).parent
    program = shutil.which("initdb")
    return Path(program).resolve().parent if program else None


def _as_server(*command: str | Path) -> list[str]:
    """Return the command as a user that PostgreSQL accepts: it refuses to run as root."""
    plain = [str(part) for part in command]
    return ["runuser", "-u", "postgres", "--", *plain] if os.geteuid() == 0 else plain


def _run(folder: Path, command: list[str]) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=quiet, stderr=quiet, cwd=folder)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start a server on a socket in a folder of its own; give the URL of its database."""
    programs = _programs()
    if programs is None:
        reason = "PostgreSQL's server is not installed (Debian/Ubuntu: postgresql)"
        if full():
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path must be short
    folder.chmod(0o777)
    data = folder / "data"
    initdb = _as_server(programs / "initdb", "-D", data, "-A", "trust", "-U", "owner", "-E", "UTF8", "-N")
    _run(folder, initdb)
    options = f"-c listen_addresses='' -k {folder} -c fsync=off"
    try:
        _run(folder, _as_server(programs / "pg_ctl", "-D", data, "-w", "-o", options, "start"))
        yield f"postgresql://owner@/postgres?host={folder}"
    finally:
        _run(folder, _as_server(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"))
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def keys() -> Keys:
    """Return the keys that the tests' stores are made with."""
    return derive(bytes(range(32)))


@pytest.fixture
def nurse() -> Actor:
    """Return who opens the store, if nobody else is named."""
    return NURSE


@pytest.fixture
def other() -> Actor:
    """Return a colleague."""
    return OTHER


@pytest.fixture(name="times")
def times_fixture() -> list[datetime]:
    """Return the time, in a list of one, so that a test can set it."""
    return [datetime(2026, 11, 22, 8, 0, tzinfo=UTC)]


@pytest.fixture
def clock(times: list[datetime]) -> Callable[[], datetime]:
    """Return a clock that goes on by a second each time it is looked at."""

    def tick() -> datetime:
        times[0] += timedelta(seconds=1)
        return times[0]

    return tick


def _shared_location(postgresql: str, home: Path) -> Location:
    """Empty the server's database, which the tests use one after the other."""
    import psycopg  # noqa: PLC0415 - only where there is a server

    with psycopg.connect(postgresql, autocommit=True) as connection:
        # What a killed program of the test before left open would hold its locks.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA IF EXISTS itemkeys, public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return Location.postgresql(postgresql, home)


@pytest.fixture(params=[EMBEDDED, SHARED])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """Return an empty place for a store of each kind."""
    home = tmp_path / "home"
    if request.param == SHARED:
        return _shared_location(request.getfixturevalue("postgresql"), home)
    return Location.folder(home)


@pytest.fixture
def embedded_location(tmp_path: Path) -> Location:
    """Return an empty place for an embedded store."""
    return Location.folder(tmp_path / "home")


@pytest.fixture
def shared_location(postgresql: str, tmp_path: Path) -> Location:
    """Return an empty place for a shared store."""
    return _shared_location(postgresql, tmp_path / "home")


@pytest.fixture
def opener(keys: Keys, clock: Callable[[], datetime]) -> Iterator[Callable[..., Store]]:
    """Return what opens a store: `opener(location, actor=…, keys=…)`; all are closed after the test."""
    opened: list[Store] = []

    def open_it(location: Location, *, actor: Actor = NURSE, keys: Keys = keys) -> Store:
        opened.append(open_store(location, keys, actor, program="test", clock=clock))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def store(location: Location, opener: Callable[..., Store]) -> Store:
    """Return an empty store of each kind, opened by a nurse."""
    return opener(location)


@pytest.fixture
def make_entry() -> Callable[..., Entry]:
    """Return what makes an entry about bad sleep: `make_entry("e-1", review=…, score=…)`."""

    def make(identifier: str = "e-1", *, review: Review = Review.SUGGESTED, score: float = 90.0) -> Entry:
        return Entry(
            id=identifier,
            kind=Kind.CONDITION,
            assertion=Assertion.PRESENT,
            coding=Coding(system="urn:test", code="42", display="Søvnproblemer"),
            start=0,
            end=13,
            evidence="Sover uroligt",
            score=score,
            unsure=score < 50,
            review=review,
        )

    return make


@pytest.fixture
def make_note() -> Callable[..., Note]:
    """Return what makes a draft: `make_note(entry, entry, text=…)`."""

    def make(*entries: Entry, text: str = "Sover uroligt om natten.") -> Note:
        return Note(id="draft", text=text, entries=entries, extras=({"goal": "sove igennem"},))

    return make


@pytest.fixture
def signed() -> Callable[..., Note]:
    """Return what signs a note as the nurse, accepting everything."""

    def sign(note: Note, *, at: datetime = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)) -> Note:
        (done,) = session.sign([note], by=NURSE.name, role=NURSE.role, at=at, accept_all=True)
        return done

    return sign
