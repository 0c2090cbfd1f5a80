"""Pre-roll, grace and pauses: no word that was said around a key press is lost, and none is there twice."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dictate.capture import SAMPLE_RATE
from dictate.intake import Intake, Piece, Take

BLOCK = 320
STEP = BLOCK / SAMPLE_RATE


class Tape:
    """Numbered blocks that arrive on time, and what takes got of them."""

    def __init__(self, **options: float) -> None:
        """Begin at time 0."""
        self.intake = Intake(**options)
        self.count = 0

    @property
    def now(self) -> float:
        """Seconds."""
        return self.count * STEP

    def play(self, seconds: float) -> None:
        """Deliver blocks, each filled with its number."""
        for _ in range(round(seconds / STEP)):
            self.count += 1
            self.deliver(late=0.0)

    def deliver(self, *, late: float) -> None:
        """Deliver the block that was said last, so many seconds late."""
        samples = np.full(BLOCK, self.count, np.float32)
        self.intake.push(Piece(samples=samples, said=self.now, arrived=self.now + late))

    def take(self) -> tuple[Take, list[int], list[str]]:
        """Return a take with the numbers it gets and whether it ended."""
        got: list[int] = []
        ended: list[str] = []
        take = Take(lambda samples: got.append(int(samples[0])), lambda: ended.append("end"))
        return take, got, ended


def paused(seconds: float) -> tuple[Tape, int, list[int], list[str]]:
    """Speak for a second, pause so long, speak for a second; tells at which block it went on, too."""
    tape = Tape()
    take, got, ended = tape.take()
    tape.intake.run(take)
    tape.play(1)
    tape.intake.rest(take, at=tape.now, close=False)
    tape.play(seconds)
    resumed = tape.count
    tape.intake.run(take)
    tape.play(1)
    return tape, resumed, got, ended


@given(before=st.floats(0, 4), after=st.floats(0.1, 3))
def test_pre_roll_and_grace(before: float, after: float) -> None:
    """A take holds 1.5 s before the first key press, and the grace after the second, without a gap."""
    tape = Tape(pre_roll_s=1.5, grace_s=0.4)
    take, got, ended = tape.take()
    tape.play(before)
    start = tape.count
    tape.intake.run(take)
    tape.play(after)
    stop = tape.count
    tape.intake.rest(take, at=tape.now)
    tape.play(2)
    assert got == list(range(got[0], got[-1] + 1))
    assert got[0] == max(1, start - round(1.5 / STEP) + 1)
    assert 0.4 <= (got[-1] - stop) * STEP <= 0.4 + 2 * STEP
    assert ended == ["end"]


def test_second_dictation_right_after_the_first() -> None:
    """A dictation that begins in the grace of another one gets what came after the other's key press."""
    tape = Tape()
    first, got_first, _ = tape.take()
    second, got_second, _ = tape.take()
    tape.intake.run(first)
    tape.play(2)
    stop = tape.count
    tape.intake.rest(first, at=tape.now)
    tape.play(0.2)
    tape.intake.run(second)
    tape.play(1)
    assert got_first[-1] > stop + 10
    assert got_second[0] == stop + 1
    assert got_second == list(range(stop + 1, tape.count + 1))


def test_pause_leaves_out_what_is_said_in_it() -> None:
    """A pause takes nothing in but the pre-roll before it ends."""
    _, resumed, got, ended = paused(5)
    assert ended == []
    gaps = [(a, b) for a, b in pairwise(got) if b != a + 1]
    assert gaps == [(70, resumed - 74)]


def test_rapid_double_press() -> None:
    """Stop right after start still keeps pre-roll and grace."""
    tape = Tape()
    take, got, ended = tape.take()
    tape.play(1)
    tape.intake.run(take)
    tape.intake.rest(take, at=tape.now)
    tape.play(1)
    assert got[0] == 1
    assert got[-1] == 70
    assert ended == ["end"]


def test_a_dead_microphone_does_not_keep_a_take_open() -> None:
    """Without any more sound a stopped take ends by the clock."""
    tape = Tape()
    take, _, ended = tape.take()
    tape.intake.run(take)
    tape.play(0.5)
    tape.intake.rest(take, at=0.5)
    tape.intake.tick(1.4)
    assert ended == []
    tape.intake.tick(1.5)
    assert ended == ["end"]
    assert not tape.intake.busy


def test_sound_that_comes_late_belongs_to_what_it_was_said_in() -> None:
    """A busy computer delivers the last second after the grace: the dictation waits for it."""
    tape = Tape(grace_s=0.4)
    take, got, ended = tape.take()
    tape.intake.run(take)
    tape.play(2)
    stop = 3.0
    tape.intake.rest(take, at=stop)
    for _ in range(round(3 / STEP)):
        tape.count += 1
        tape.deliver(late=1.0)
        tape.intake.tick(tape.now + 1.0)
    assert ended == ["end"]
    assert got == list(range(1, got[-1] + 1))
    assert stop + 0.4 <= got[-1] * STEP <= stop + 0.4 + 2 * STEP


def test_a_take_does_not_wait_for_ever_for_late_sound() -> None:
    """Where sound falls ever further behind, a stopped take ends all the same."""
    tape = Tape()
    take, _, ended = tape.take()
    tape.intake.run(take)
    tape.play(1)
    tape.intake.rest(take, at=10.0)
    for late in range(16):
        tape.count += 1
        tape.deliver(late=10.0 + late / 2 - tape.now)
        tape.intake.tick(10.0 + late / 2)
    assert ended == ["end"]


def test_going_on_right_after_a_pause_repeats_nothing() -> None:
    """What was taken in the grace before a pause isn't taken again as the pre-roll after it."""
    tape, _, got, _ = paused(0.8)
    assert got == list(range(1, tape.count + 1))


def test_end_closes_all() -> None:
    """When the program closes, every take ends once."""
    tape = Tape()
    take, _, ended = tape.take()
    tape.intake.run(take)
    tape.intake.end()
    assert ended == ["end"]
