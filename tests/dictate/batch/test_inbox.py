"""Each recording is given once, when it is whole, and again when it changed."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dictate.batch.about import Known
from dictate.batch.inbox import Inbox

Record = Callable[[str, str], Path]


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """The folder that `record` fills."""
    (tmp_path / "inbox").mkdir()
    return Inbox([str(tmp_path / "inbox")], Known())


def age(path: Path, seconds: float = 60.0) -> None:
    """Have a file written a while ago."""
    os.utime(path, (time.time() - seconds,) * 2)


def test_given_once_and_again_when_changed(inbox: Inbox, record: Record) -> None:
    """A second look finds what is new or changed; a pause is made only where something is young."""
    pauses: list[float] = []
    age(record("a.wav", "x"))
    assert [one.name for one in inbox.look(pauses.append).jobs] == ["a.wav"]
    age(record("b.wav", "y"))
    assert [one.name for one in inbox.look(pauses.append).jobs] == ["b.wav"]
    assert inbox.look(pauses.append).jobs == ()
    age(record("a.wav", "other"), seconds=30.0)
    assert [one.name for one in inbox.look(pauses.append).jobs] == ["a.wav"]
    assert pauses == []


def test_what_grows_is_left_until_it_is_whole(inbox: Inbox, record: Record) -> None:
    """It is written to during the pause; the next look takes it."""
    path = record("a.wav", "x")

    def grow(_: float) -> None:
        path.write_text("x and more", "utf-8")

    found = inbox.look(grow)
    assert (found.jobs, found.growing) == ((), ("a.wav",))
    assert [one.name for one in inbox.look(lambda _: None).jobs] == ["a.wav"]


def test_a_clock_that_is_ahead_holds_nothing_back(inbox: Inbox, record: Record) -> None:
    """A phone's clock may be an hour off."""
    age(record("a.wav", "x"), seconds=-3600.0)
    assert [one.name for one in inbox.look(lambda _: None).jobs] == ["a.wav"]


def test_what_is_known_wrongly_costs_that_recording_only(inbox: Inbox, record: Record) -> None:
    """It is named with the reason."""
    age(record("a.wav", "x"))
    record("a.json", "{")
    age(record("b.wav", "y"))
    found = inbox.look(lambda _: None)
    assert [one.name for one in found.jobs] == ["b.wav"]
    assert [name for name, _ in found.unread] == ["a.wav"]
