"""Sound that goes to disk as it is heard: encrypted frames, each whole in itself, appended and synced.

No frame needs another one, or a head of the file, to be read: a damaged stretch costs its own seconds and no
more. Replay skips it, puts silence in its place so that later times stay right, and says which seconds are
missing. The last frame of a finished recording seals it with its length and hash.

At most `FRAME_S` of sound is not yet on the disk at any time, as long as the disk takes it. While it does
not, sound stays in memory up to a limit, and `on_trouble` is told.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.disk import AppendFile, is_locked
from dictate.errors import JournalError
from dictate.frames import MARKER, SEAL, Cipher, Found, Samples, pack, scan, unpack
from dictate.paths import journal_path

FRAME_S = 0.25
"""Seconds of sound in a frame, each of which is synced."""
MEMORY_S = 600.0
"""Seconds of sound kept in memory while the disk takes none."""
_RETRY_S = 1.0
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A finished recording."""

    seconds: float
    samples: int
    sha256: str
    """Of all samples as little-endian float32."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """The disk takes no sound, or takes it again."""

    unsaved_s: float
    """Seconds of sound that are only in memory; 0 when all is on the disk again."""
    limit_s: float
    reason: str
    """The system's own words; empty when all is well again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What was read back from a journal."""

    clip: AudioClip
    """All whole frames; silence where one is missing."""
    complete: bool
    """Sealed, and every sample as it was recorded."""
    missing: tuple[tuple[float, float], ...] = ()
    """Stretches known to be missing, in seconds from the start; silence in `clip`, or past its end."""
    lost_note: str = ""
    """What was lost, for a person; empty if `complete`."""


def path_of(folder: Path, recording_id: str) -> Path:
    """Return where the journal of a recording lies.

    Raises:
        JournalError: the id could not be a file name.

    """
    if not _PLAIN_ID.fullmatch(recording_id):
        raise JournalError("A recording's id has letters, digits, - and _ only. Nothing was recorded.")
    return journal_path(folder, recording_id)


def in_use(path: Path) -> bool:
    """Tell whether a living process is recording into `path`: then it has not crashed."""
    return is_locked(path)


def record(
    folder: Path,
    recording_id: str,
    key: bytes,
    *,
    sample_rate: int = SAMPLE_RATE,
    memory_s: float = MEMORY_S,
    on_trouble: Callable[[Trouble], None] | None = None,
) -> "Writer":
    """Begin the journal of a new recording.

    Args:
        folder: where it will lie; made where missing.
        recording_id: becomes the file's name and is authenticated with every frame.
        key: the recording's own 32 bytes.
        sample_rate: hertz.
        memory_s: seconds of sound kept in memory while the disk takes none.
        on_trouble: told when the disk takes no sound, and when all is on it again.

    Raises:
        JournalError: the recording exists already, or the file can't be made.

    """
    path = path_of(folder, recording_id)
    try:
        file = AppendFile(path)
    except FileExistsError:
        raise JournalError(f"The recording {path} exists already. Begin a new one.") from None
    except OSError as error:
        raise JournalError(
            f"Cannot record into {path}: {_reason(error)}. Make room or mend the disk."
        ) from error
    return Writer(
        file, Cipher(key, recording_id, sample_rate), memory_s=memory_s, on_trouble=on_trouble or _ignore
    )


class Writer:
    """Takes sound as it comes; used from one thread, and not the one the sound card calls."""

    def __init__(
        self, file: AppendFile, cipher: Cipher, *, memory_s: float, on_trouble: Callable[[Trouble], None]
    ) -> None:
        """Use `record`."""
        self._file = file
        self._cipher = cipher
        self._rate = cipher.sample_rate
        self._memory_s = memory_s
        self._on_trouble = on_trouble
        self._frame = int(self._rate * FRAME_S)
        self._gathered: list[Samples] = []
        self._gathered_count = 0
        self._pending: list[Samples] = []
        self._sequence = 0
        self._first = 0
        self._hash = hashlib.sha256()
        self._samples = 0
        self._failing = False
        self._retry_at = 0.0
        self._open = True

    @property
    def seconds(self) -> float:
        """Length of what was taken so far."""
        return self._samples / self._rate

    @property
    def unsaved(self) -> AudioClip:
        """The sound that is only in memory, as the last part of the recording."""
        parts = [*self._pending, *self._gathered]
        return AudioClip(samples=np.concatenate([np.zeros(0, np.float32), *parts]), sample_rate=self._rate)

    def write(self, samples: Samples) -> None:
        """Take sound; every whole frame of it is on the disk when this returns, if the disk takes it.

        Args:
            samples: float32, shape (n,), -1..1; copied.

        Raises:
            JournalError: the recording is closed, or the disk takes nothing and the memory kept for that is
                full: `samples` were not taken.

        """
        if not self._open:
            raise JournalError("The recording is closed. Begin a new one.")
        if self._failing and self._unsaved_s() + len(samples) / self._rate > self._memory_s:
            raise JournalError(
                f"The disk takes no sound and {self._unsaved_s():.0f} s are in memory. Stop, and make room."
            )
        samples = np.array(samples, np.float32)
        self._hash.update(samples.astype("<f4", copy=False).tobytes())
        self._samples += len(samples)
        self._gathered.append(samples)
        self._gathered_count += len(samples)
        if self._gathered_count >= self._frame:
            self._cut(whole_only=True)
            self._drain()

    def flush(self) -> None:
        """Put everything taken so far on the disk, if it takes it; for pauses."""
        self._cut(whole_only=False)
        self._drain(now=True)

    def close(self) -> Sealed:
        """Write what is left, and the seal.

        Raises:
            JournalError: the disk takes nothing. The recording stays open: `close` again once there is room,
                or take what is in `unsaved`.

        """
        if not self._open:
            raise JournalError("The recording is closed already.")
        self.flush()
        if self._pending:
            raise JournalError(
                f"The disk takes no sound; {self._unsaved_s():.1f} s are in memory. Make room, stop again."
            )
        digest = self._hash.hexdigest()
        payload = json.dumps({"samples": self._samples, "sha256": digest}).encode()
        frame = self._cipher.encrypt(SEAL, self._sequence, self._first, 0, payload)
        try:
            self._file.append([frame])
        except OSError as error:
            raise JournalError(
                f"Cannot seal the recording: {_reason(error)}. Make room, then stop again."
            ) from error
        self._end()
        return Sealed(seconds=self.seconds, samples=self._samples, sha256=digest)

    def abandon(self) -> None:
        """Stop without a seal, keeping what can be kept: replay will say that it was not closed."""
        if self._open:
            self.flush()
            self._end()

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Seal, or on an error only stop."""
        if kind is None and self._open:
            self.close()
        else:
            self.abandon()

    def _end(self) -> None:
        self._open = False
        self._file.close()

    def _unsaved_s(self) -> float:
        return (sum(map(len, self._pending)) + self._gathered_count) / self._rate

    def _cut(self, *, whole_only: bool) -> None:
        """Move what was gathered to the frames that wait for the disk."""
        gathered = np.concatenate([np.zeros(0, np.float32), *self._gathered])
        end = len(gathered) - len(gathered) % self._frame if whole_only else len(gathered)
        self._pending += [gathered[at : min(at + self._frame, end)] for at in range(0, end, self._frame)]
        self._gathered = [gathered[end:]]
        self._gathered_count = len(gathered) - end

    def _drain(self, *, now: bool = False) -> None:
        """Write all waiting frames, or none of them."""
        if not self._pending or (self._failing and not now and time.monotonic() < self._retry_at):
            return
        frames, first = [], self._first
        for number, samples in enumerate(self._pending, start=self._sequence):
            kind, payload = pack(samples)
            frames.append(self._cipher.encrypt(kind, number, first, len(samples), payload))
            first += len(samples)
        try:
            self._file.append(frames)
        except OSError as error:
            was_failing, self._failing = self._failing, True
            self._retry_at = time.monotonic() + _RETRY_S
            if not was_failing:
                self._tell(_reason(error))
            return
        self._sequence += len(frames)
        self._first = first
        self._pending.clear()
        if self._failing:
            self._failing = False
            self._tell("")

    def _tell(self, reason: str) -> None:
        unsaved_s = self._unsaved_s() if reason else 0.0
        self._on_trouble(Trouble(unsaved_s=unsaved_s, limit_s=self._memory_s, reason=reason))


def replay(path: Path, key: bytes, *, recording_id: str | None = None) -> Replay:
    """Read a journal back, whatever happened to it: every whole frame, and what is missing.

    Args:
        path: the journal; it may still be written to.
        key: the recording's own 32 bytes.
        recording_id: where the file's name is another one.

    Raises:
        JournalError: the file can't be read, or not one frame of it opens with this key.

    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise JournalError(f"Cannot read the recording {path}: {_reason(error)}.") from error
    found = scan(data, Cipher(key, recording_id or path.stem, SAMPLE_RATE))
    if MARKER in data and not found.sound and found.seal is None:
        raise JournalError(
            f"Nothing of the recording {path} opens: it belongs to another key, or all of it is damaged."
        )
    return _assemble(found)


def _assemble(found: Found) -> Replay:
    rate = next((frame.sample_rate for frame in (*found.sound, found.seal) if frame), SAMPLE_RATE)
    parts: list[Samples] = [np.zeros(0, np.float32)]
    missing: list[tuple[float, float]] = []
    position = 0
    for frame in found.sound:
        if frame.first > position:
            missing.append((position / rate, frame.first / rate))
            parts.append(np.zeros(frame.first - position, np.float32))
        parts.append(unpack(frame))
        position = frame.first + frame.count
    samples = np.concatenate(parts)
    if found.seal:
        sealed = json.loads(found.seal.payload)
        if sealed["samples"] > position:
            missing.append((position / rate, sealed["samples"] / rate))
        as_sealed = (
            hashlib.sha256(samples.astype("<f4", copy=False).tobytes()).hexdigest() == sealed["sha256"]
        )
    else:
        as_sealed = False
    complete = as_sealed and not found.stray_bytes and not found.out_of_order
    return Replay(
        clip=AudioClip(samples=samples, sample_rate=rate),
        complete=complete,
        missing=tuple(missing),
        lost_note="" if complete else _lost_note(found, missing, rate, as_sealed=as_sealed),
    )


def _lost_note(found: Found, missing: list[tuple[float, float]], rate: int, *, as_sealed: bool) -> str:
    notes = [f"Damaged: {start:.2f} to {end:.2f} s are missing." for start, end in missing]
    if as_sealed:
        notes.append("The file was changed after the recording, but all sound is as it was recorded.")
    elif found.seal is None:
        # No encoding takes less than two bytes for a sample.
        tail_s = FRAME_S + found.stray_tail / (2 * rate)
        notes.append(f"The recording was not closed: up to {tail_s:.2f} s before the break may be missing.")
    elif not missing:
        notes.append("The sound is not what was sealed.")
    return " ".join(notes)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _ignore(_: Trouble) -> None:
    pass
