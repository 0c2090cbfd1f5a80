"""A batch run accounts for every recording, does nothing twice, and survives what kills its workers."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any

import pytest

from dictate.batch.about import Known
from dictate.batch.inbox import find, job
from dictate.batch.local import LocalRunner
from dictate.batch.places import Folder
from dictate.batch.run import Account, Result, Run
from dictate.errors import AudioError, ConfigError
from dictate.store import Store
from dictate.store.types import EventKind, State

Record = Callable[[str, str], Path]
SYNTHETIC = "1502409995"


@pytest.fixture
def go(tmp_path: Path, store: Store, fake: ModuleType) -> Callable[..., Account]:
    """Return what runs the inbox: `go(workers=…, made_with=…, redo=…)`."""

    def run(*, workers: int = 2, made_with: str = "m1", redo: bool = False, stop: Any = None) -> Account:
        inbox = tmp_path / "inbox"
        jobs = [job(path, name, Known()) for path, name in find([str(inbox)])]
        batch = Run(store=store, output=Folder(tmp_path / "out"), made_with=made_with, redo=redo)
        return batch.go(
            batch.plan(jobs),
            LocalRunner(fake.make, workers=workers),
            told=lambda _: None,
            stop=stop or Event(),
            ended=lambda _: None,
        )

    return run


def results(account: Account) -> dict[str, str]:
    """Return what became of each recording."""
    return {line.name: line.result.value for line in account.lines}


def test_every_recording_is_accounted_for(
    go: Callable[..., Account], record: Record, store: Store, tmp_path: Path
) -> None:
    """Good, empty, bad, a copy, one that kills its worker each time, and one that does so once."""
    for name, said in {
        "a.wav": "sover godt",
        "b/a.wav": "spiser lidt",
        "copy.wav": "sover godt",
        "empty.wav": "",
        "bad.wav": "fail",
        "deadly.wav": "die now",
        "once.wav": "once only",
        "notes.txt": "no recording",
        ".hidden.wav": "not seen",
    }.items():
        record(name, said)
    account = go()
    assert results(account) == {
        "a.wav": "done",
        "b/a.wav": "done",
        "copy.wav": "duplicate",
        "empty.wav": "empty",
        "bad.wav": "failed",
        "deadly.wav": "failed",
        "once.wav": "done",
    }
    assert sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.json")
    ) == [
        "a.wav.transcript.json",
        "b/a.wav.transcript.json",
        "empty.wav.transcript.json",
        "once.wav.transcript.json",
    ]
    assert len(store.dictations.inbox()) == 3
    assert {line.name: line.why for line in account.of(Result.FAILED)}["bad.wav"] == "It is no recording."


def test_the_longest_come_first(store: Store, record: Record, tmp_path: Path) -> None:
    """So that the last worker at work has a short one; equal ones in order of names."""
    jobs = [
        job(record(name, said), name, Known())
        for name, said in {"a.wav": "xx", "b.wav": "xxx", "c.wav": "x", "d.wav": "yyy", "e.MP3": "z"}.items()
    ]
    plan = Run(store=store, output=Folder(tmp_path / "out"), made_with="m1").plan(jobs)
    assert [one.name for one in plan.jobs] == ["e.MP3", "b.wav", "d.wav", "a.wav", "c.wav"]


def test_a_second_run_does_only_what_is_missing(
    go: Callable[..., Account], record: Record, store: Store, tmp_path: Path
) -> None:
    """Kept ones stay as they are; a lost result is made again, without a second draft in the inbox."""
    record("a.wav", "sover godt")
    record("b.wav", "spiser lidt")
    go()
    before = (tmp_path / "out" / "a.wav.transcript.json").stat().st_mtime_ns
    (tmp_path / "out" / "b.wav.draft.jsonl").unlink()
    record("c.wav", "drikker")
    assert results(go()) == {"a.wav": "kept", "b.wav": "done", "c.wav": "done"}
    assert (tmp_path / "out" / "a.wav.transcript.json").stat().st_mtime_ns == before
    assert len(store.dictations.inbox()) == 3


def test_another_model_is_told_and_done_again_on_request(go: Callable[..., Account], record: Record) -> None:
    """What was made with another model is out of date; only --redo does it again."""
    record("a.wav", "sover godt")
    go(made_with="m1")
    (line,) = go(made_with="m2").lines
    assert (line.result, line.outdated) == (Result.KEPT, True)
    assert results(go(made_with="m2", redo=True)) == {"a.wav": "done"}
    (line,) = go(made_with="m2").lines
    assert (line.result, line.outdated) == (Result.KEPT, False)


def test_stopping_finishes_what_is_under_way(go: Callable[..., Account], record: Record) -> None:
    """Two are under way when the stop comes; they end, the others are done by the next run."""
    for at in range(6):
        record(f"{at}.wav", f"slow {at}")

    class AfterTwo(Event):
        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            return self.asked > 2

    first = go(stop=AfterTwo())
    assert len(first.lines) == 2
    second = go()
    assert sorted(results(second).values()) == ["done"] * 4 + ["kept"] * 2


def test_a_draft_that_was_taken_up_is_left_alone(
    go: Callable[..., Account], record: Record, store: Store
) -> None:
    """A person discarded the draft: a new run does not bring it back."""
    record("a.wav", "sover godt")
    go(made_with="m1")
    (dictation,) = store.dictations.inbox()
    store.dictations.discard(dictation.id)
    go(made_with="m2", redo=True)
    assert store.dictations.inbox() == ()
    assert store.dictations.get(dictation.id).state is State.DISCARDED


def test_when_it_was_spoken_is_kept(go: Callable[..., Account], record: Record, store: Store) -> None:
    """As the first sound, by whom where it is known, and once however often it is done again."""
    record("a.wav", "sover godt")
    record("a.json", '{"author": "bo", "time": "2026-11-22T08:15:00+01:00"}')
    go()
    go(made_with="m2", redo=True)
    (dictation,) = store.dictations.inbox()
    first = [event for event in store.events.of(dictation.id) if event.kind is EventKind.FIRST_SOUND]
    assert [(event.at.isoformat(), event.detail) for event in first] == [("2026-11-22T07:15:00+00:00", "bo")]


def test_a_citizen_nobody_knows_is_told(go: Callable[..., Account], record: Record) -> None:
    """So that somebody chooses one at the review."""
    record("a.wav", "sover godt")
    record("a.json", f'{{"citizen": "{SYNTHETIC}"}}')
    record("b.wav", "spiser lidt")
    assert {line.name: line.unknown_citizen for line in go().lines} == {"a.wav": True, "b.wav": False}


def test_the_citizen_is_taken_from_what_is_known(
    go: Callable[..., Account], record: Record, store: Store
) -> None:
    """By the number, where the store knows it; a number nobody knows makes no citizen."""
    citizen = store.citizens.add(name="Ida Prøve", cpr=SYNTHETIC)
    record("a.wav", "sover godt")
    record("a.json", f'{{"citizen": "{SYNTHETIC}", "time": "2026-11-22T08:15:00+01:00"}}')
    record("b.wav", "spiser lidt")
    go()
    found = {dictation.citizen_id for dictation in store.dictations.inbox()}
    assert found == {citizen.id, None}


def test_what_is_known_of_a_recording(record: Record) -> None:
    """The file beside it before the table before the name."""
    path = record("150240-9995_20261122T0815.wav", "x")
    record("recordings.csv", "file,citizen,author,time\n150240-9995_20261122T0815.wav,,bo,\n")
    known = Known(r"(?P<citizen>\d{6}-?\d{4})_(?P<time>\d{8}T\d{4})")
    about = known.of(path)
    assert (about.citizen, about.author) == (SYNTHETIC, "bo")
    assert about.recorded is not None
    record("150240-9995_20261122T0815.json", '{"author": "anna"}')
    assert known.of(path).author == "anna"
    assert SYNTHETIC not in repr(about)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.json", "{"), ("a.json", "[1]"), ("a.json", '{"citizen": "98765"}'), ("a.json", '{"time": "noon"}')],
)
def test_what_is_known_wrongly_is_refused(record: Record, name: str, content: str) -> None:
    """One sentence, without the number."""
    path = record("a.wav", "x")
    record(name, content)
    with pytest.raises((ConfigError, AudioError, Exception), match=r"[Rr]ead|time|CPR|number") as caught:
        Known().of(path)
    assert "98765" not in str(caught.value)


@pytest.mark.parametrize("pattern", ["(", "(?P<who>x)"])
def test_a_pattern_that_says_nothing(pattern: str) -> None:
    """Refused before anything is done."""
    with pytest.raises(ConfigError, match="name pattern"):
        Known(pattern)


def test_patterns_and_files_are_found_once(record: Record, tmp_path: Path) -> None:
    """A file named twice is one job; a name without recordings is an error."""
    record("a.wav", "x")
    record("b.mp3", "y")
    inbox = tmp_path / "inbox"
    found = list(find([str(inbox / "*.wav"), str(inbox), str(inbox / "b.mp3")]))
    assert [path.name for path, _ in found] == ["a.wav", "b.mp3"]
    with pytest.raises(AudioError, match="no recordings at"):
        list(find([str(inbox / "*.flac")]))


def test_the_same_sound_has_one_id(record: Record) -> None:
    """Wherever it lies."""
    first = job(record("a.wav", "x"), "a.wav", Known())
    second = job(record("b.wav", "x"), "b.wav", Known())
    assert first.note_id == second.note_id
