"""The access log of a real store: everything stands in it, and who changes it is found out."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from dictate.access_list import ACTIONS
from dictate.entry import Entry, Note
from dictate.identity import Actor
from dictate.keys import Keys
from dictate.store import Location, Store
from dictate.store.engine import WRITE, embedded, shared
from dictate.store.maintenance import grants

Opener = Callable[..., Store]
Forge = Callable[..., None]
NO_TRIGGER = {
    "sqlite": "DROP TRIGGER audit_event_no_{verb}",
    "postgresql": "DROP TRIGGER audit_event_no_{verb} ON audit_event",
}


def engine_of(location: Location, keys: Keys) -> Engine:
    """Connect as somebody who got hold of the key."""
    return shared(location) if location.server else embedded(location.database, keys.database)


@pytest.fixture(name="forge")
def forge_fixture(location: Location, keys: Keys) -> Forge:
    """Return what changes the log behind the program's back, triggers and all."""

    def forge(*statements: str) -> None:
        engine = engine_of(location, keys)
        with engine.execution_options(**WRITE).begin() as connection:
            for verb in ("update", "delete"):
                connection.execute(text(NO_TRIGGER[engine.dialect.name].format(verb=verb)))
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    return forge


def filled(store: Store, count: int = 6) -> Store:
    """Put this many events into the log."""
    for number in range(count):
        store.citizens.add(name=f"Borger {number}")
    return store


def test_whatever_is_looked_at_stands_in_the_log(
    store: Store, make_entry: Callable[..., Entry], make_note: Callable[..., Note]
) -> None:
    """Opening, listing, searching, exporting: each names who, and about whom."""
    citizen = store.citizens.add(name="Åse Bach", cpr="0101010101")
    dictation = store.dictations.begin(citizen.id)
    store.dictations.save_note(dictation.id, make_note(make_entry()))
    reads = {
        "citizen.read": lambda: store.citizens.get(citizen.id),
        "citizen.search": lambda: store.citizens.by_cpr("0101010101"),
        "note.read": lambda: store.dictations.note(dictation.id),
        "text.read": lambda: store.dictations.texts(dictation.id),
        "entry.history": lambda: store.dictations.history(dictation.id, "e-1"),
        "note.list": lambda: store.dictations.of(citizen.id),
        "note.export": lambda: store.dictations.signed(citizen_id=citizen.id),
        "log.read": lambda: store.log.read(citizen_id=citizen.id),
    }
    for action, read in reads.items():
        before = store.log.read()[-1].seq
        read()
        (event,) = (one for one in store.log.read() if one.seq == before + 2)
        assert event.access.action == action
        assert event.concerns(citizen.id), action
        assert (event.access.user, event.access.name, event.access.role) == (
            "anna",
            "Anna Testsen",
            "Sygeplejerske",
        )
        assert event.access.origin.endswith(" test")
        assert event.access.at.tzinfo is UTC


def test_every_action_has_danish_words() -> None:
    """What the store logs can be told to a citizen."""
    source = Path(__file__).parents[3] / "dictate" / "store"
    logged = {
        action
        for path in source.glob("*.py")
        for action in re.findall(r'(?:work\.|_)log\(\s*(?:work, row, )?"([a-z.]+)"', path.read_text("utf-8"))
    }
    assert len(logged) > 20
    assert logged - set(ACTIONS) == set()


def test_a_citizen_gets_their_own_events_only(store: Store) -> None:
    """Lists that showed them count; what concerned others doesn't."""
    one, two = store.citizens.add(name="Åse Bach"), store.citizens.add(name="Bo Holm")
    store.citizens.get(two.id)
    store.citizens.search("ås")
    store.citizens.search("b")
    actions = [(event.access.action, event.access.citizen_id) for event in store.log.read(citizen_id=one.id)]
    assert actions == [("citizen.add", one.id), ("citizen.search", None), ("citizen.search", None)]
    assert store.log.read(since=datetime(2027, 1, 1, tzinfo=UTC)) == ()


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE audit_event SET body = replace(body, 'anna', 'olga') WHERE seq = 3", 3),
        ("UPDATE audit_event SET mac = 'ø' WHERE seq = 3", 3),
        ("UPDATE audit_event SET body = '' WHERE seq = 3", 3),
        ("UPDATE audit_event SET action = 'note.read' WHERE seq = 3", 3),
        ("UPDATE audit_event SET citizen_id = NULL WHERE seq = 4", 4),
        ("DELETE FROM audit_event WHERE seq = 1", 1),
        ("DELETE FROM audit_event WHERE seq = 4", 4),
        ("DELETE FROM audit_event WHERE seq = 6", 6),
        ("DELETE FROM audit_event WHERE seq > 3", 4),
        ("DELETE FROM audit_event", 1),
    ],
)
def test_who_changes_the_log_is_found_out(
    location: Location, opener: Opener, forge: Forge, statement: str, bad: int
) -> None:
    """Edits, deletions and a cut-off end: the first bad event is named, also after the program went on."""
    filled(opener(location)).close()
    forge(statement)
    store = opener(location)
    verdict = store.log.verify()
    assert (verdict.ok, verdict.first_bad) == (False, bad)
    if "> 3" in statement or "= 6" in statement or statement.endswith("event"):
        assert "seal" in store.log.alarm
    filled(store)
    assert not store.log.verify().ok


def test_events_that_change_places_are_found_out(location: Location, opener: Opener, forge: Forge) -> None:
    """Reordered, or one put in the place of another: both are found."""
    filled(opener(location)).close()
    forge(
        "UPDATE audit_event SET seq = 99 WHERE seq = 2",
        "UPDATE audit_event SET seq = 2 WHERE seq = 3",
        "UPDATE audit_event SET seq = 3 WHERE seq = 99",
    )
    assert opener(location).log.verify().first_bad == 2


def test_a_missing_or_forged_seal_is_told(location: Location, opener: Opener, forge: Forge) -> None:
    """Without the seal the end can't be vouched for; a changed one is none."""
    filled(opener(location)).close()
    seal = location.seal.read_bytes()
    location.seal.write_bytes(seal.replace(b'"count":', b'"count":1'))
    store = opener(location)
    assert "missing or damaged" in store.log.alarm
    assert not store.log.verify().ok
    store.log.reseal("efter gendannelse")
    assert store.log.verify().ok
    assert store.log.read()[-2 + 1].access.detail["why"] == "efter gendannelse"
    store.close()
    location.seal.unlink()
    if location.server is None:
        assert "missing" in opener(location).log.alarm
    forge()


def test_a_seal_that_lags_is_set_right(location: Location, opener: Opener) -> None:
    """A kill between commit and seal is no tampering."""
    store = filled(opener(location))
    seal = location.seal.read_bytes()
    filled(store, 3)
    store.close()
    location.seal.write_bytes(seal)
    again = opener(location)
    assert again.log.alarm == ""
    verdict = again.log.verify()
    assert (verdict.ok, verdict.unsealed, verdict.count) == (True, 0, 9)


def test_two_programs_write_one_log(location: Location, opener: Opener, other: Actor) -> None:
    """Events of both stand in one chain, whoever's turn it is."""
    stores = opener(location), opener(location, actor=other)
    for _ in range(5):
        for store in stores:
            filled(store, 1)
    verdict = stores[0].log.verify()
    assert (verdict.ok, verdict.count, verdict.unsealed) == (True, 10, 0)
    assert [event.access.user for event in stores[0].log.read()][:4] == ["anna", "bo", "anna", "bo"]


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses(location: Location, opener: Opener, keys: Keys, statement: str) -> None:
    """Without taking the triggers away the log can't be changed."""
    filled(opener(location))
    engine = engine_of(location, keys)
    with (
        pytest.raises(DBAPIError, match="append-only"),
        engine.execution_options(**WRITE).begin() as connection,
    ):
        connection.execute(text(statement))
    engine.dispose()


def test_a_role_that_can_not_change_the_log(shared_location: Location, opener: Opener, keys: Keys) -> None:
    """Programs connect as a role that works with the store, but neither changes nor empties its log."""
    opener(shared_location).close()
    engine = engine_of(shared_location, keys)
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE nurses LOGIN"))
        for statement in grants("nurses"):
            connection.execute(text(statement))
    engine.dispose()
    assert shared_location.server is not None
    server = shared_location.server.set(username="nurses")
    location = Location(home=shared_location.home, server=server)
    store = filled(opener(location))
    dictation = store.dictations.begin(record=True)
    store.erase.dictation(dictation.id)
    assert store.log.verify().ok
    engine = engine_of(location, keys)
    for statement in (
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "DROP TABLE audit_event",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    ):
        with pytest.raises(DBAPIError, match=r"permission|owner"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()
