"""Citizens are found by number and by the beginning of their names, and lie nowhere in clear."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from dictate.errors import StoreError
from dictate.store import Location, Store, names
from dictate.store.engine import shared


def test_a_citizen_is_found_by_number(store: Store) -> None:
    """The number is unique; one that is not known gives nobody."""
    citizen = store.citizens.add(name=" Åse Bach ", cpr="0101010101")
    assert citizen.name == "Åse Bach"
    assert store.citizens.by_cpr("0101010101") == citizen
    assert store.citizens.get(citizen.id) == citizen
    assert store.citizens.by_cpr("0202020202") is None
    with pytest.raises(StoreError, match="already"):
        store.citizens.add(name="En anden", cpr="0101010101")
    assert "Åse" not in repr(citizen)
    assert "0101" not in repr(citizen)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("å", {"Åse Bach", "Bo Åkjær"}),
        ("ÅSE", {"Åse Bach"}),
        ("aase", set()),
        ("ba", {"Åse Bach"}),
        ("ba ås", {"Åse Bach"}),
        ("bo bach", set()),
        ("müll", {"Erna Müller-Hansen"}),
        ("muller", {"Erna Müller-Hansen"}),
        ("hansen er", {"Erna Müller-Hansen"}),
        ("hansenius", set()),
        ("", {"Åse Bach", "Bo Åkjær", "Erna Müller-Hansen"}),
    ],
)
def test_a_citizen_is_found_by_the_beginning_of_names(store: Store, typed: str, found: set[str]) -> None:
    """Each word typed begins one of the names; accents don't matter, but a ring is no accent."""
    for name in ("Åse Bach", "Bo Åkjær", "Erna Müller-Hansen"):
        store.citizens.add(name=name)
    assert {citizen.name for citizen in store.citizens.search(typed)} == found


def test_hits_are_sorted_and_limited(store: Store) -> None:
    """By name, as many as asked for."""
    for name in ("Karen C", "Karen A", "Karen B"):
        store.citizens.add(name=name)
    assert [citizen.name for citizen in store.citizens.search("kar", limit=2)] == ["Karen A", "Karen B"]


def test_a_change_is_found_and_the_old_name_is_not(store: Store) -> None:
    """Names and numbers change; somebody else's number is refused."""
    citizen = store.citizens.add(name="Karen Gammel", cpr="0101010101")
    store.citizens.add(name="Bo", cpr="0202020202")
    changed = store.citizens.change(citizen.id, name="Karen Ny", cpr="0303030303")
    assert store.citizens.search("gammel") == ()
    assert store.citizens.search("ny") == (changed,)
    assert store.citizens.by_cpr("0101010101") is None
    assert store.citizens.by_cpr("0303030303") == changed
    with pytest.raises(StoreError, match="already"):
        store.citizens.change(citizen.id, name="Karen Ny", cpr="0202020202")


def test_rows_can_not_be_swapped(shared_location: Location, opener: Callable[..., Store]) -> None:
    """Who can write to the database can't put one citizen's data in another's place."""
    store = opener(shared_location)
    one, two = store.citizens.add(name="Åse Bach"), store.citizens.add(name="Bo Holm")
    engine = shared(shared_location)
    with engine.begin() as connection:
        swap = "UPDATE citizen SET body = (SELECT body FROM citizen WHERE id = :other) WHERE id = :one"
        connection.execute(text(swap), {"one": one.id, "other": two.id})
    engine.dispose()
    with pytest.raises(StoreError, match="changed from outside"):
        store.citizens.get(one.id)


@given(st.text(min_size=1, max_size=30), st.text(max_size=8))
def test_whoever_fits_has_the_hashes(name: str, typed: str) -> None:
    """The hashes never miss a name that fits what is typed."""
    if names.fits(name, typed):
        assert set(names.query(typed, b"k")) <= names.tokens(name, b"k")
