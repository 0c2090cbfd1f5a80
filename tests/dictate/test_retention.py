"""What is deleted when; what is on hold stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dictate import retention, session
from dictate.config import Retention
from dictate.entry import Note
from dictate.errors import StoreError
from dictate.identity import Actor
from dictate.keys import derive
from dictate.retention import Kind
from dictate.store import Location, Store, open_store
from dictate.store.types import State

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)
ALL = Retention(
    sound_days=30,
    text_days=30,
    note_days=365,
    discarded_days=30,
    draft_days=90,
    citizen_days=90,
    delivery_days=30,
)


class World:
    """A store whose clock can be set, with a citizen."""

    def __init__(self, home: Path) -> None:
        """Open it, long ago."""
        self.now = LONG_AGO
        who = Actor(user="anna", name="Anna Testsen", role="Sygeplejerske")
        keys = derive(bytes(range(32)))
        self.store: Store = open_store(Location.folder(home), keys, who, clock=lambda: self.now)
        self.citizen = self.store.citizens.add(name="Åse Bach").id

    def note(self, *, signed_days_ago: int | None = None) -> str:
        """Add a dictation with sound, text and a correction; signed, if asked."""
        dictation = self.store.dictations.begin(self.citizen, record=True)
        note = Note(id=dictation.id, text="Sover uroligt.", entries=())
        self.store.dictations.save_note(dictation.id, note)
        self.store.corrections.add(dictation.id, heard="sover rolig", chosen="sover uroligt", kind="text")
        if signed_days_ago is not None:
            at = NOW - timedelta(days=signed_days_ago)
            (signed,) = session.sign([note], by="Anna", role="Sygeplejerske", at=at)
            self.store.dictations.sign(dictation.id, signed, targets=["gateway"])
        return dictation.id

    def run(self, rules: Retention = ALL) -> dict[Kind, int]:
        """Apply the rules now; return how much was deleted."""
        self.now = NOW
        found = retention.run(self.store, retention.rules(rules), now=NOW)
        return {finding.rule.kind: len(finding.deleted) for finding in found if finding.deleted}


@pytest.fixture(name="world")
def world_fixture(tmp_path: Path) -> Iterator[World]:
    """Return a store that is 100 days old."""
    made = World(tmp_path / "home")
    yield made
    made.store.close()


def test_sound_goes_first_and_the_note_stays(world: World) -> None:
    """By the rules as delivered, 31 days after the signature only the sound is gone; at 29 nothing."""
    old, young = world.note(signed_days_ago=31), world.note(signed_days_ago=29)
    assert world.run(Retention()) == {Kind.SOUND: 1}
    for identifier, gone in ((old, True), (young, False)):
        recording = world.store.recordings.of(identifier)
        assert recording is not None
        assert (recording.deleted_at is not None) is gone
        assert world.store.dictations.note(identifier).text == "Sover uroligt."
    assert world.run(Retention()) == {}


def test_every_kind_has_its_rule(world: World) -> None:
    """Texts from before the signature, drafts, what was given up, deliveries, and citizens without notes."""
    signed, draft, discarded = world.note(signed_days_ago=31), world.note(), world.note()
    world.store.dictations.discard(discarded)
    lonely = world.store.citizens.add(name="Bo Holm").id
    (delivery,) = world.store.outbox.list()
    world.now = NOW - timedelta(days=31)
    world.store.outbox.delivered(delivery.id)
    assert world.run() == {
        Kind.DISCARDED: 1,
        Kind.DRAFTS: 1,
        Kind.SOUND: 1,
        Kind.TEXTS: 1,
        Kind.DELIVERIES: 1,
        Kind.CITIZENS: 1,
    }
    assert [text.kind for text in world.store.dictations.texts(signed)] == ["signed"]
    assert world.store.corrections.all() == ()
    for identifier in (draft, discarded):
        assert world.store.dictations.get(identifier).state is State.ERASED
    assert world.store.outbox.list() == ()
    with pytest.raises(StoreError, match="deleted for good"):
        world.store.citizens.get(lonely)
    assert world.store.citizens.get(world.citizen).name == "Åse Bach"


def test_the_last_note_takes_the_citizen_with_it(world: World) -> None:
    """Largest first: when the last note is over its time, the citizen goes in the same run."""
    world.note(signed_days_ago=40)
    rules = Retention(note_days=30, citizen_days=90)
    assert world.run(rules) == {Kind.NOTES: 1, Kind.CITIZENS: 1}


def test_a_hold_stops_every_rule(world: World) -> None:
    """On hold by citizen or by dictation, nothing goes; it is reported, and goes when the hold is lifted."""
    identifier = world.note(signed_days_ago=40)
    for held in (world.citizen, identifier):
        world.store.holds.put(held, "sag 17")
        found = retention.look(world.store, retention.rules(ALL), now=NOW)
        assert {finding.rule.kind for finding in found if finding.held} == {Kind.SOUND, Kind.TEXTS}
        assert world.run() == {}
        with pytest.raises(StoreError, match="hold"):
            world.store.housekeeping.erase_earlier_texts(identifier)
        world.store.holds.lift(held, "sag lukket")
    assert world.run() == {Kind.SOUND: 1, Kind.TEXTS: 1}


def test_looking_changes_nothing(world: World) -> None:
    """A dry run finds the same, twice, and the log has no deletion."""
    world.note(signed_days_ago=40)
    first, second = (retention.look(world.store, retention.rules(ALL), now=NOW) for _ in range(2))
    assert first == second
    assert sum(len(finding.due) for finding in first) == 2
    assert not any(event.access.action.endswith(".erase") for event in world.store.log.read())


def test_a_run_is_logged_with_its_counts(world: World) -> None:
    """Each deletion by itself, and the run with figures only; the chain stays whole."""
    world.note(signed_days_ago=40)
    world.run()
    events = world.store.log.read()
    actions = [event.access.action for event in events]
    assert {"sound.erase", "text.erase", "retention.run"} <= set(actions)
    (run,) = (event.access for event in events if event.access.action == "retention.run")
    assert dict(run.detail) == {"sound": "1", "texts": "1", "held": "0", "finished": "0"}
    assert world.store.log.verify().ok


def test_what_is_kept_is_kept(world: World) -> None:
    """With "keep" nothing is ever due, however old."""
    for days in (None, 36_000):
        world.note(signed_days_ago=days)
    keep = Retention(sound_days="keep", discarded_days="keep")
    found = retention.look(world.store, retention.rules(keep), now=NOW + timedelta(days=36_000))
    assert not any(finding.due for finding in found)
