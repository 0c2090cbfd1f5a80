"""When sound was said, however late and bundled it comes."""

from hypothesis import given
from hypothesis import strategies as st

from dictate.stream_clock import StreamClock

RATE = 48_000
BLOCK = 960
STEP = BLOCK / RATE


def times(clock: StreamClock, delays: list[float], *, rate: float = RATE) -> list[tuple[float, float, float]]:
    """Deliver blocks in order with these delays; returns when each was said, told and came."""
    found, arrived = [], 0.0
    for place, delay in enumerate(delays, start=1):
        said = place * BLOCK / rate
        arrived = max(arrived, said + delay)
        found.append((said, clock.said(BLOCK, arrived), arrived))
    return found


@given(delays=st.lists(st.floats(0, 1.5), min_size=1, max_size=300))
def test_late_blocks(delays: list[float]) -> None:
    """Once a block came in time, the others are known to have been said when they were."""
    for said, told, arrived in times(StreamClock(RATE), [0.0, *delays]):
        assert abs(told - said) < 1e-6
        assert told <= arrived + 1e-9


def test_a_delay_of_all_blocks_is_not_known() -> None:
    """What every block is late by can't be told from the blocks; the driver says it."""
    for said, told, _ in times(StreamClock(RATE), [0.3] * 50):
        assert abs(told - said - 0.3) < 1e-6


def test_clocks_that_run_apart() -> None:
    """A sound card that is a thousandth too slow or too fast stays within a block's length."""
    for rate in (RATE * 0.999, RATE * 1.001):
        for said, told, _ in times(StreamClock(RATE), [0.0] * 20_000, rate=rate):
            assert abs(told - said) <= STEP + 0.005


def test_lost_sound_is_forgotten() -> None:
    """After sound was left out the times are right again within twice ten seconds."""
    clock = StreamClock(RATE)
    times(clock, [0.0] * 100)
    gap = 2.0
    late = [clock.said(BLOCK, (100 + place) * STEP + gap) for place in range(1, 1200)]
    assert abs(late[0] - (101 * STEP)) < 1e-6
    assert abs(late[-1] - ((100 + 1199) * STEP + gap)) < 1e-6
