"""A new master key: everything opens by it, nothing by the old one, and a kill at any moment does no harm."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dictate.entry import Entry, Note
from dictate.errors import MasterKeyError, StoreError
from dictate.identity import Actor
from dictate.keys import FileSource, derive, new_master
from dictate.store import Location, Store, rotation

Opener = Callable[..., Store]
NOBODY = Actor(user="nobody", name="Nobody")


class KilledError(BaseException):
    """Stands for a kill: nothing in the program catches it."""


@pytest.fixture(name="source")
def source_fixture(tmp_path: Path) -> FileSource:
    """Return a key file with the key of the tests' stores."""
    source = FileSource(path=tmp_path / "master.key")
    source.save(bytes(range(32)))
    return source


def fill(store: Store, draft: Note) -> Store:
    """Put two citizens, a note and a recording into a store."""
    citizen = store.citizens.add(name="Åse Bach", cpr="0101010101")
    store.citizens.add(name="Bo Holm")
    dictation = store.dictations.begin(citizen.id, record=True)
    store.dictations.save_note(dictation.id, draft)
    return store


@pytest.fixture(name="filled")
def filled_fixture(store: Store, make_entry: Callable[..., Entry], make_note: Callable[..., Note]) -> Store:
    """Return a store that is not empty."""
    return fill(store, make_note(make_entry()))


def contents(store: Store) -> tuple[object, ...]:
    """Return what must be the same after every change of key."""
    citizen = store.citizens.by_cpr("0101010101")
    assert citizen is not None
    assert store.log.alarm == ""
    verdict = store.log.verify()
    assert verdict.ok, verdict.why
    (dictation,) = store.dictations.of(citizen.id)
    return (
        citizen.name,
        citizen.cpr,
        [found.name for found in store.citizens.search("ås")],
        store.dictations.note(dictation.id),
        store.recordings.key(dictation.recording_id or ""),
    )


def test_everything_opens_by_the_new_key_only(
    location: Location, filled: Store, source: FileSource, opener: Opener, nurse: Actor
) -> None:
    """Notes, search, sound and log go on; the old key opens nothing."""
    before = contents(filled)
    old = source.load()
    with pytest.raises(StoreError, match="Close it"):
        rotation.rotate(location, source, nurse)
    filled.close()
    key_id = rotation.rotate(location, source, nurse)
    assert derive(source.load()).id == key_id
    assert not rotation.is_under_way(location)
    store = opener(location, keys=derive(source.load()))
    assert contents(store) == before
    store.citizens.add(name="Ny Borger", cpr="0303030303")
    store.close()
    with pytest.raises(StoreError, match="key"):
        opener(location, keys=derive(old))
    rotation.rotate(location, source, nurse)
    store = opener(location, keys=derive(source.load()))
    assert contents(store) == before
    assert [event.access.action for event in store.log.read()].count("key.rotate") == 2


@dataclass(frozen=True, kw_only=True)
class Interrupted:
    """A store whose change of key was killed, with what was in it."""

    location: Location
    expected: tuple[object, ...]
    old: bytes
    fresh: bytes


@pytest.fixture(name="interrupt")
def interrupt_fixture(
    source: FileSource, make_entry: Callable[..., Entry], make_note: Callable[..., Note], opener: Opener
) -> Callable[..., Interrupted]:
    """Return what kills a change of key before or after a step."""

    def interrupt(location: Location, step: str, *, before: bool) -> Interrupted:
        store = fill(opener(location), make_note(make_entry()))
        expected = contents(store)
        store.close()
        old, fresh = source.load(), new_master()
        owner = FileSource if step == "save" else rotation
        real = getattr(owner, step)

        def die(*args: object, **options: object) -> None:
            if not before:
                real(*args, **options)
            raise KilledError

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rotation, "new_master", lambda: fresh)
            patch.setattr(owner, step, die)
            with pytest.raises(KilledError):
                rotation.rotate(location, source, NOBODY)
        return Interrupted(location=location, expected=expected, old=old, fresh=fresh)

    return interrupt


def check_made_good(killed: Interrupted, source: FileSource, opener: Opener, *, keep_old: bool) -> None:
    """Assert that either key finishes the change, and no other one does."""
    if rotation.is_under_way(killed.location):
        with pytest.raises(StoreError, match="interrupted"):
            opener(killed.location)
        third = FileSource(path=source.path.with_name("third"))
        third.save(new_master())
        with pytest.raises(MasterKeyError, match="neither"):
            rotation.finish(killed.location, third, NOBODY)
        source.save(killed.old if keep_old else killed.fresh)
        rotation.finish(killed.location, source, NOBODY)
    assert source.load() == killed.fresh
    store = opener(killed.location, keys=derive(killed.fresh))
    assert contents(store) == killed.expected
    assert [event.access.action for event in store.log.read()].count("key.rotate") == 1


@pytest.mark.parametrize("keep_old", [True, False])
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("step", ["_renew_contents", "_rekey", "_renew_item_keys", "_renew_seal", "save"])
def test_a_kill_at_any_step_is_made_good(
    embedded_location: Location,
    source: FileSource,
    opener: Opener,
    interrupt: Callable[..., Interrupted],
    *,
    step: str,
    before: bool,
    keep_old: bool,
) -> None:
    """Stopped before or after each step, either key finishes the change and opens everything."""
    killed = interrupt(embedded_location, step, before=before)
    check_made_good(killed, source, opener, keep_old=keep_old)


@pytest.mark.parametrize("step", ["_renew_item_keys", "remove_durable"])
def test_a_kill_is_made_good_on_a_server_too(
    shared_location: Location,
    source: FileSource,
    opener: Opener,
    interrupt: Callable[..., Interrupted],
    step: str,
) -> None:
    """A shared store has no file to encrypt anew; the rest is the same."""
    killed = interrupt(shared_location, step, before=True)
    check_made_good(killed, source, opener, keep_old=True)


def test_the_wrong_key_changes_nothing(
    location: Location, filled: Store, source: FileSource, opener: Opener, nurse: Actor
) -> None:
    """Rotating with another store's key is refused before anything is written."""
    expected = contents(filled)
    filled.close()
    source.save(new_master())
    with pytest.raises(StoreError, match="key"):
        rotation.rotate(location, source, nurse)
    assert not rotation.is_under_way(location)
    assert contents(opener(location)) == expected


def test_a_log_that_was_cut_off_stays_so(
    embedded_location: Location, source: FileSource, opener: Opener, nurse: Actor
) -> None:
    """A change of key doesn't wash a broken seal clean."""
    store = opener(embedded_location)
    store.citizens.add(name="Åse Bach")
    store.close()
    older = embedded_location.database.read_bytes()
    store = opener(embedded_location)
    store.citizens.add(name="Bo Holm")
    store.close()
    embedded_location.database.write_bytes(older)
    rotation.rotate(embedded_location, source, nurse)
    store = opener(embedded_location, keys=derive(source.load()))
    assert store.log.alarm
    assert not store.log.verify().ok


ROTATOR = """
import sys
from pathlib import Path
from dictate.identity import Actor
from dictate.keys import FileSource
from dictate.store import Location, rotation
home, key = map(Path, sys.argv[1:])
who = Actor(user="a", name="A")
print("ready", flush=True)
while True:
    rotation.rotate(Location.folder(home), FileSource(path=key), who)
"""


def test_kill_9_while_keys_change(
    embedded_location: Location, source: FileSource, opener: Opener, make_note: Callable[..., Note]
) -> None:
    """A short cut of the soak: real kills at random moments of one change after the other."""
    store = fill(opener(embedded_location), make_note())
    expected = contents(store)
    store.close()
    dice = random.Random(5)  # noqa: S311 - chooses moments, not keys
    for _ in range(4):
        command = [sys.executable, "-c", ROTATOR, str(embedded_location.home), str(source.path)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(dice.uniform(0.0, 0.4))
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if rotation.is_under_way(embedded_location):
            rotation.finish(embedded_location, source, NOBODY)
        store = opener(embedded_location, keys=derive(source.load()))
        assert contents(store) == expected
        store.close()
