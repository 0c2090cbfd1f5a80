"""What is old enough is found, and everything about a citizen, on both kinds of stores."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from dictate.entry import Entry, Note
from dictate.errors import StoreError
from dictate.store import Store
from dictate.store.types import Candidate

SIGNED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def test_what_is_old_enough(
    store: Store, make_note: Callable[..., Note], signed: Callable[..., Note]
) -> None:
    """Each list names its own, before a moment; a hold on the citizen is on all about them."""
    citizen, lonely = store.citizens.add(name="Åse Bach"), store.citizens.add(name="Bo Holm")
    done, draft, given_up = (store.dictations.begin(citizen.id, record=True) for _ in range(3))
    for dictation in (done, draft, given_up):
        store.dictations.save_note(dictation.id, make_note())
    store.dictations.discard(given_up.id)
    store.dictations.sign(done.id, signed(make_note()), targets=["gateway"])
    (delivery,) = store.outbox.list()
    with pytest.raises(StoreError, match="no such finished"):
        store.housekeeping.erase_delivery(delivery.id)
    store.outbox.delivered(delivery.id)
    house = store.housekeeping
    found = {
        house.sounds: done.recording_id,
        house.earlier_texts: done.id,
        house.notes: done.id,
        house.discarded: given_up.id,
        house.drafts: draft.id,
        house.deliveries: delivery.id,
        house.citizens: lonely.id,
    }
    for find, identifier in found.items():
        assert find(SIGNED.replace(year=2025)) == ()
        assert find(LATER) == (Candidate(id=identifier or "", held=False),)
    store.holds.put(citizen.id, "sag 17")
    for find, identifier in found.items():
        assert find(LATER) == (Candidate(id=identifier or "", held=identifier != lonely.id),)
    with pytest.raises(StoreError, match="hold"):
        house.erase_delivery(delivery.id)
    store.holds.lift(citizen.id, "slut")
    house.erase_earlier_texts(done.id)
    house.erase_delivery(delivery.id)
    assert [text.kind for text in store.dictations.texts(done.id)] == ["signed"]
    assert store.outbox.list() == ()
    assert house.earlier_texts(LATER) == ()


def test_without_key(store: Store) -> None:
    """What lost its key is told; what was deleted in the ordinary way is not."""
    citizen = store.citizens.add(name="Åse Bach")
    lost, erased = (store.dictations.begin(citizen.id, record=True) for _ in range(2))
    store.erase.dictation(erased.id)
    assert store.housekeeping.without_key() == ((), (), ())
    items = [f"recording/{lost.recording_id}", f"dictation/{lost.id}", f"citizen/{citizen.id}"]
    store.erase._database.item_keys.destroy(items)
    assert store.housekeeping.without_key() == ((lost.recording_id,), (lost.id,), (citizen.id,))


def test_everything_about_a_citizen(
    store: Store, make_note: Callable[..., Note], make_entry: Callable[..., Entry]
) -> None:
    """Notes with every state, and of what was deleted only that it was there."""
    citizen, other = store.citizens.add(name="Åse Bach"), store.citizens.add(name="Bo Holm")
    first, second, others = (store.dictations.begin(one.id, record=True) for one in (citizen, citizen, other))
    for dictation in (first, second, others):
        store.dictations.save_note(dictation.id, make_note(make_entry()))
    store.dictations.save_note(first.id, make_note())
    store.corrections.add(first.id, heard="a", chosen="b", kind="text")
    store.erase.dictation(second.id)
    store.holds.put(first.id, "sag 17")
    held = store.everything.about(citizen.id)
    assert held.citizen == citizen
    assert [one.dictation.id for one in held.dictations] == [first.id, second.id]
    kept, gone = held.dictations
    assert [state.change for state in kept.history] == ["added", "removed"]
    assert [(each.heard, each.chosen) for each in kept.corrections] == [("a", "b")]
    assert (gone.note, gone.texts, gone.history) == (None, (), ())
    assert [hold.id for hold in held.holds] == [first.id]
    with pytest.raises(StoreError, match="no such citizen"):
        store.everything.about("nobody")
