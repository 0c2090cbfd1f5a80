"""Deliveries keep their order per citizen and are claimed by one worker; batch files are done once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from dictate.errors import StoreError
from dictate.store import Location, Store
from dictate.store.types import BatchState, OutboxState


def queued(store: Store, *names: str) -> list[str]:
    """Queue a dictation about each of these citizens; equal names are the same citizen."""
    citizens = {name: store.citizens.add(name=name).id for name in dict.fromkeys(names)}
    return [store.outbox.enqueue(store.dictations.begin(citizens[name]).id, "t").id for name in names]


def test_order_is_kept_per_citizen(store: Store) -> None:
    """A later delivery about the same citizen waits; one about another citizen doesn't."""
    first, second, third = queued(store, "Åse", "Åse", "Bo")
    assert [store.outbox.claim("t"), store.outbox.claim("t")] == [
        store.outbox.get(first),
        store.outbox.get(third),
    ]
    assert store.outbox.claim("t") is None
    assert store.outbox.claim("other target") is None
    store.outbox.delivered(first)
    taken = store.outbox.claim("t")
    assert taken is not None
    assert (taken.id, taken.attempts, taken.state) == (second, 1, OutboxState.CLAIMED)


def test_a_failed_delivery_comes_again_when_it_is_due(store: Store, times: list[datetime]) -> None:
    """Not before its time, with the reason kept, under the same id."""
    (identifier,) = queued(store, "Åse")
    store.outbox.claim("t")
    store.outbox.failed(identifier, "HTTP 503", retry_at=times[0] + timedelta(minutes=5))
    assert store.outbox.claim("t") is None
    times[0] += timedelta(minutes=6)
    again = store.outbox.claim("t")
    assert again is not None
    assert (again.id, again.attempts, again.why) == (identifier, 2, "HTTP 503")


def test_a_claim_runs_out(store: Store, times: list[datetime]) -> None:
    """What a killed worker had taken is due again."""
    (identifier,) = queued(store, "Åse")
    assert store.outbox.claim("t", lease_s=60) is not None
    assert store.outbox.claim("t") is None
    times[0] += timedelta(minutes=2)
    again = store.outbox.claim("t")
    assert again is not None
    assert again.id == identifier


def test_what_is_given_up_blocks_nobody(store: Store) -> None:
    """Dead and dropped ones are passed; a person can queue them again, but not what was delivered."""
    first, second, third = queued(store, "Åse", "Åse", "Åse")
    store.outbox.claim("t")
    store.outbox.dead(first, "422")
    store.outbox.drop(second, "dobbelt")
    taken = store.outbox.claim("t")
    assert taken is not None
    assert taken.id == third
    store.outbox.delivered(third)
    with pytest.raises(StoreError, match="already"):
        store.outbox.retry(third)
    store.outbox.retry(first)
    assert [one.id for one in store.outbox.list(state=OutboxState.QUEUED)] == [first]
    assert [one.why for one in store.outbox.list(state=OutboxState.DROPPED, target="t")] == ["dobbelt"]


def test_a_late_word_changes_nothing(store: Store, times: list[datetime]) -> None:
    """A worker whose claim ran out can neither queue nor bury what another one has delivered since."""
    (identifier,) = queued(store, "Åse")
    store.outbox.claim("t", lease_s=60)
    times[0] += timedelta(minutes=2)
    store.outbox.claim("t", lease_s=60)
    store.outbox.delivered(identifier)
    store.outbox.failed(identifier, "HTTP 503", retry_at=times[0])
    store.outbox.dead(identifier, "422")
    assert store.outbox.get(identifier).state is OutboxState.DELIVERED


def test_two_workers_never_take_the_same(
    location: Location, store: Store, opener: Callable[..., Store]
) -> None:
    """A second program sees what the first has claimed."""
    queued(store, "Åse", "Bo", "Cleo")
    second = opener(location)
    taken = [worker.outbox.claim("t") for worker in (store, second, store, second)]
    identifiers = [one.id for one in taken if one]
    assert len(set(identifiers)) == len(identifiers) == 3


def test_a_batch_file_is_done_once(store: Store, times: list[datetime]) -> None:
    """Claimed by one, free again after its time or a failure, never after it is done."""
    assert store.batch.get("aa") is None
    assert store.batch.claim("aa")
    assert not store.batch.claim("aa")
    times[0] += timedelta(hours=2)
    assert store.batch.claim("aa")
    store.batch.save("aa", BatchState.FAILED, why="no sound")
    assert store.batch.claim("aa")
    dictation = store.dictations.begin()
    store.batch.save("aa", BatchState.DONE, dictation_id=dictation.id)
    times[0] += timedelta(days=9)
    assert not store.batch.claim("aa")
    item = store.batch.get("aa")
    assert item is not None
    assert (item.state, item.attempts, item.dictation_id) == (BatchState.DONE, 3, dictation.id)
    assert store.batch.list(state=BatchState.DONE) == (item,)
    assert store.batch.list(state=BatchState.FAILED) == ()
