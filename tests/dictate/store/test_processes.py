"""Several programs at once, and programs that are killed: nothing lost, nothing half-done."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from dictate.store import Location, Store
from dictate.store.types import State

Opener = Callable[..., Store]

WRITER = """
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from dictate import session
from dictate.entry import Assertion, Coding, Entry, Kind, Note
from dictate.identity import Actor
from dictate.keys import derive
from dictate.store import Location, open_store
home, server, name, count = sys.argv[1:]
location = Location.postgresql(server, Path(home)) if server else Location.folder(Path(home))
who = Actor(user=name, name=name, role="test")
with open_store(location, derive(bytes(range(32))), who) as store:
    print("ready", flush=True)
    for number in range(int(count)):
        citizen = store.citizens.add(name=f"{name} {number}")
        dictation = store.dictations.begin(citizen.id)
        entries = tuple(
            Entry(id=f"e{place}", kind=Kind.CONDITION, assertion=Assertion.PRESENT, start=0, end=5,
                  coding=Coding(system="s", code="c", display="d"), evidence="Sover")
            for place in range(3)
        )
        note = Note(id=dictation.id, text="Sover.", entries=entries)
        store.dictations.save_note(dictation.id, note)
        (signed,) = session.sign([note], by=name, role="test", at=datetime.now(UTC), accept_all=True)
        store.dictations.sign(dictation.id, signed, targets=["a", "b"])
        print(dictation.id, flush=True)
"""


def writer(location: Location, name: str, count: int) -> subprocess.Popen[str]:
    """Start a program that dictates and signs."""
    server = "" if location.server is None else location.server.set(drivername="postgresql")
    url = server if isinstance(server, str) else server.render_as_string()
    command = [sys.executable, "-c", WRITER, str(location.home), url, name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def check(store: Store) -> int:
    """Assert that each note is signed whole or not at all; return how many are."""
    signed = 0
    for delivery in {delivery.dictation_id for delivery in store.outbox.list()}:
        note = store.dictations.note(delivery)
        assert store.dictations.get(delivery).state is State.SIGNED
        assert note.signed
        assert len(note.entries) == 3
        assert all(entry.signed for entry in note.entries)
        signed += 1
    assert len(store.outbox.list()) == 2 * signed
    assert len(store.dictations.signed()) == signed
    verdict = store.log.verify()
    assert verdict.ok, verdict.why
    return signed


def test_two_programs_at_once(location: Location, opener: Opener) -> None:
    """Both begin on an empty place and write at the same time; all of it is there."""
    programs = [writer(location, name, 8) for name in ("anna", "bo")]
    for program in programs:
        out, errors = program.communicate(timeout=120)
        assert (program.returncode, errors) == (0, "")
        assert len(out.split()) == 9
    store = opener(location)
    assert check(store) == 16
    assert store.log.alarm == ""


def test_threads_of_one_program(location: Location, opener: Opener) -> None:
    """A store is used from all threads of a program."""
    store = opener(location)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: store.citizens.add(name=f"Borger {number}"), range(24)))
    assert len(store.citizens.search("borger", limit=50)) == 24
    assert store.log.verify().count == 25


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_kill_leaves_whole_notes(location: Location, opener: Opener, seed: int) -> None:
    """A short cut of the soak: kill -9 while signing; what was told to be done is there."""
    program = writer(location, "anna", 10_000)
    assert program.stdout is not None
    assert program.stderr is not None
    told = [program.stdout.readline()]
    time.sleep(random.Random(seed).uniform(0.0, 0.5))  # noqa: S311 - chooses moments, not keys
    os.kill(program.pid, signal.SIGKILL)
    told += program.stdout.readlines()
    program.wait()
    program.stdout.close()
    program.stderr.close()
    store = opener(location)
    assert check(store) >= len([line for line in told if line.endswith("\n")]) - 1
    assert store.log.alarm == ""


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_while_the_store_is_made(embedded_location: Location, opener: Opener, seed: int) -> None:
    """Whatever was made so far, the next opening completes it."""
    program = writer(embedded_location, "anna", 1)
    assert program.stdout is not None
    assert program.stderr is not None
    while not embedded_location.home.exists():
        time.sleep(0.005)
    time.sleep(seed * 0.03)
    os.kill(program.pid, signal.SIGKILL)
    program.wait()
    program.stdout.close()
    program.stderr.close()
    store = opener(embedded_location)
    store.citizens.add(name="Åse Bach")
    assert store.log.verify().ok
