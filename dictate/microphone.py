"""A microphone that is ready before the key is pressed, and comes back when it was pulled out."""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from dictate.capture import SAMPLE_RATE, AudioSource, MicrophoneError, Opened, Sound
from dictate.intake import Intake, Piece, Take
from dictate.level import Level, after
from dictate.stream_clock import StreamClock

_QUEUE_BLOCKS = 3000
"""A minute of sound: the disk may be slow, but not for ever."""
_POLL_S = 0.05
_LOST_S = 1.0
"""No block for so long: the device is gone."""
_START_S = 2.0
"""A sound server that sleeps takes so long to wake."""
_RETRY_S = 1.0
_STOP_S = 3.0


class Health(StrEnum):
    """What the microphone does."""

    COLD = "cold"
    OPENING = "opening"
    WARM = "warm"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """What the sound system gave, in its own rate."""

    samples: Sound
    arrived: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureOptions:
    """How to listen to the microphone."""

    pre_roll_s: float = 1.5
    grace_s: float = 0.4
    warm: bool = True
    """False opens the microphone only while somebody dictates; then there is no pre-roll."""


class Microphone:
    """One thread takes the sound from the source, and hands it to the dictations."""

    def __init__(
        self,
        source: AudioSource,
        options: CaptureOptions = CaptureOptions(),
        *,
        changed: Callable[[Health, str], None] = lambda _health, _why: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the thread; the source is opened at once if it is to be warm.

        Args:
            source: where the sound comes from.
            options: how to listen.
            changed: told the health, and a sentence where something is wrong; called from the thread.
            clock: steady seconds.

        """
        self._source, self._options, self._changed, self._clock = source, options, changed, clock
        self._intake = Intake(pre_roll_s=options.pre_roll_s, grace_s=options.grace_s)
        self._queue: queue.SimpleQueue[_Block | Callable[[], None]] = queue.SimpleQueue()
        self._stream_clock = StreamClock(SAMPLE_RATE)
        self._opened: Opened | None = None
        self._converter: _Converter | None = None
        self._last_block = 0.0
        self._stopped = threading.Event()
        self.health = Health.COLD
        self.level = Level()
        self.lost_blocks = 0
        """Blocks that could not be kept because the disk was too slow."""
        self._thread = threading.Thread(target=self._work, name="microphone", daemon=True)
        self._thread.start()

    @property
    def device(self) -> str:
        """Name of the open device; "" where none is open."""
        return self._opened.name if self._opened else ""

    def record(self, sink: Callable[[Sound], None], ended: Callable[[], None]) -> Take:
        """Begin a take; returns at once.

        Args:
            sink: gets 16 kHz sound in order, pre-roll first; called from the microphone's thread.
            ended: called from there after the last sound of a take that was stopped.

        """
        take = Take(sink, ended)
        self.resume(take)
        return take

    def resume(self, take: Take) -> None:
        """Go on with a take that rests."""
        self._queue.put(lambda: self._intake.run(take))

    def pause(self, take: Take) -> None:
        """Let a take rest after its grace."""
        self._rest(take, close=False)

    def stop(self, take: Take) -> None:
        """End a take after its grace; `ended` is called then."""
        self._rest(take, close=True)

    def _rest(self, take: Take, *, close: bool) -> None:
        at, latency = self._clock(), self._opened.latency_s if self._opened else 0.0
        self._queue.put(lambda: self._intake.rest(take, at=at, latency_s=latency, close=close))

    def keep_warm(self, *, warm: bool) -> None:
        """Hold the microphone open between dictations, or not."""
        self._options = CaptureOptions(
            pre_roll_s=self._options.pre_roll_s, grace_s=self._options.grace_s, warm=warm
        )

    def use(self, source: AudioSource) -> None:
        """Change to another source."""

        def change() -> None:
            self._shut(Health.COLD)
            self._source = source

        self._queue.put(change)

    def close(self) -> None:
        """Stop listening; what was taken in so far is handed over."""
        self._stopped.set()
        self._thread.join(_STOP_S)

    # -- the thread ---------------------------------------------------------------------------------------

    def _work(self) -> None:
        retry_at = 0.0
        while not self._stopped.is_set():
            wanted = self._options.warm or self._intake.busy
            if wanted and self._opened is None and self._clock() >= retry_at and not self._open():
                retry_at = self._clock() + _RETRY_S
            if self._opened is not None and not wanted:
                self._shut(Health.COLD)
            with suppress(queue.Empty):
                self._next(timeout=_POLL_S)
            now = self._clock()
            if not self._queue.empty():  # a slow disk held us up, not the microphone
                continue
            if self._opened is not None and now - self._last_block > _LOST_S:
                self._shut(Health.LOST, "The microphone went away. Plug it in again; what you said is kept.")
            self._intake.tick(now)
        self._shut(Health.COLD)
        with suppress(queue.Empty):
            while True:
                self._next(timeout=0)
        self._intake.end()

    def _next(self, *, timeout: float) -> None:
        """Take the next block, or do what somebody asked for, in the order in which they came."""
        item = self._queue.get(timeout=timeout) if timeout else self._queue.get_nowait()
        if isinstance(item, _Block):
            self._take_in(item)
        else:
            item()

    def _open(self) -> bool:
        if self.health is not Health.LOST:
            self._tell(Health.OPENING)
        try:
            opened = self._source.open(self._deliver)
        except MicrophoneError as error:
            self._tell(Health.LOST, str(error))
            return False
        self._converter = _Converter(opened.sample_rate) if opened.sample_rate != SAMPLE_RATE else None
        self._stream_clock = StreamClock(opened.sample_rate)
        self._last_block = self._clock() + _START_S
        self._opened = opened
        self._tell(Health.WARM)
        return True

    def _shut(self, health: Health, why: str = "") -> None:
        self._source.close()
        self._opened, self._converter = None, None
        self.level = Level()
        if health is Health.COLD:
            self._intake.forget()
        self._tell(health, why)

    def _tell(self, health: Health, why: str = "") -> None:
        if health is not self.health:
            self.health = health
            self._changed(health, why)

    def _deliver(self, samples: Sound) -> None:
        """Called by the sound system."""
        if self._queue.qsize() < _QUEUE_BLOCKS:
            self._queue.put(_Block(samples=samples, arrived=self._clock()))
        else:
            self.lost_blocks += 1

    def _take_in(self, block: _Block) -> None:
        self._last_block = max(self._last_block, block.arrived)
        said = self._stream_clock.said(len(block.samples), block.arrived)
        samples = self._converter(block.samples) if self._converter else block.samples
        self.level = after(self.level, samples, len(samples) / SAMPLE_RATE)
        self._intake.push(Piece(samples=samples, said=said, arrived=block.arrived))


class _Converter:
    """Brings blocks of another rate to 16 kHz."""

    def __init__(self, rate: int) -> None:
        from av.audio.resampler import AudioResampler  # noqa: PLC0415 - most microphones need none

        self._rate = rate
        self._resampler: AudioResampler = AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)

    def __call__(self, samples: Sound) -> Sound:
        from av.audio.frame import AudioFrame  # noqa: PLC0415

        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate = self._rate
        blocks = [out.to_ndarray().reshape(-1) for out in self._resampler.resample(frame)]
        return np.concatenate(blocks).astype(np.float32) if blocks else np.empty(0, np.float32)
