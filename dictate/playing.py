"""A recording that plays as if it were spoken into a microphone: for training and tests."""

import threading
import time

import numpy as np

from dictate.audio import AudioClip
from dictate.capture import BLOCK_S, Deliver, Opened

_LAG_S = 0.2
"""What a busy machine couldn't deliver in time is late by so much at most."""


class ClipSource:
    """Delivers a clip in real time, then silence."""

    def __init__(self, clip: AudioClip, *, speed: float = 1.0, held: bool = False) -> None:
        """Prepare.

        Args:
            clip: what is played.
            speed: how many times faster than real.
            held: begin with silence, and with the clip when `say` is called.

        """
        self._samples = clip.samples
        self._said = not held
        self._rate, self._speed = clip.sample_rate, speed
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def say(self) -> None:
        """Let the clip begin."""
        self._said = True

    def open(self, deliver: Deliver) -> Opened:
        """Begin to play; see `dictate.capture.AudioSource`."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._play, args=(deliver,), name="clip", daemon=True)
        self._thread.start()
        return Opened(name="clip", sample_rate=self._rate, latency_s=0.0)

    def close(self) -> None:
        """Stop playing."""
        self._stopped.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._thread = None

    def _play(self, deliver: Deliver) -> None:
        size = round(BLOCK_S * self._rate)
        due = time.monotonic()
        at = 0
        while not self._stopped.wait(max(due - time.monotonic(), 0)):
            block = self._samples[at : at + size] if self._said else self._samples[:0]
            if len(block) < size:
                block = np.concatenate([block, np.zeros(size - len(block), np.float32)])
            deliver(block.astype(np.float32, copy=False))
            at += size if self._said else 0
            # The silence after the clip needs no haste.
            due += BLOCK_S / (self._speed if self._said and at < len(self._samples) else 1.0)
            due = max(due, time.monotonic() - _LAG_S)
