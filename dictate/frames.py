"""The frames of a recording's journal: how one is made, opened and found again in a damaged file.

A frame is a header (marker, kind, sequence number, first sample, samples, sample rate, length), a nonce and
its sound, encrypted with AES-256-GCM; the header and the recording's id are authenticated with it.
"""

import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dictate.sealing import SealBrokenError, seal, subkey, unseal

MARKER = b"PJF1"
AS_INT16, AS_FLOAT32, SEAL = 1, 2, 3
"""Kinds of frames: sound in one of two encodings, and the seal at the end."""
_HEADER = struct.Struct("<4sBxxxIQIII")
_LONGEST = 1 << 24
_OVERHEAD = 28
"""Nonce and tag."""

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A frame that was opened."""

    kind: int
    sequence: int
    first: int
    count: int
    sample_rate: int
    payload: bytes


@dataclass(slots=True, kw_only=True)
class Found:
    """What a journal's bytes hold."""

    sound: list[Frame] = field(default_factory=list)
    seal: Frame | None = None
    stray_bytes: int = 0
    """Bytes that belong to no whole frame."""
    stray_tail: int = 0
    """Those of them after the last whole frame."""
    out_of_order: bool = False


class Cipher:
    """Seals and opens the frames of one recording."""

    def __init__(self, key: bytes, recording_id: str, sample_rate: int) -> None:
        """Derive the frames' key from the recording's."""
        self._key = subkey(key, f"journal {recording_id}")
        self._recording_id = recording_id
        self.sample_rate = sample_rate

    def encrypt(self, kind: int, sequence: int, first: int, count: int, payload: bytes) -> bytes:
        """Return the frame as it stands in the file."""
        length = len(payload) + _OVERHEAD
        header = _HEADER.pack(MARKER, kind, sequence, first, count, self.sample_rate, length)
        return header + seal(self._key, payload, self._context(header))

    def decrypt(self, data: bytes, start: int) -> tuple[Frame, int] | None:
        """Return the frame that starts there and where it ends, or None."""
        body = start + _HEADER.size
        if body > len(data):
            return None
        header = data[start:body]
        _, kind, sequence, first, count, rate, length = _HEADER.unpack(header)
        if length > _LONGEST or body + length > len(data):
            return None
        try:
            payload = unseal(self._key, data[body : body + length], self._context(header))
        except SealBrokenError:
            return None
        frame = Frame(
            kind=kind, sequence=sequence, first=first, count=count, sample_rate=rate, payload=payload
        )
        return frame, body + length

    def _context(self, header: bytes) -> str:
        return f"{self._recording_id} {header.hex()}"


def scan(data: bytes, cipher: Cipher) -> Found:
    """Find every frame that opens, in the order they stand."""
    found, at, following, end_of_last = Found(), 0, 0, 0
    while at < len(data):
        start = data.find(MARKER, at)
        if start < 0:
            break
        opened = cipher.decrypt(data, start)
        if opened is None:
            found.stray_bytes += start + 1 - at
            at = start + 1
            continue
        frame, end = opened
        found.stray_bytes += start - at
        at = end_of_last = end
        if frame.sequence < following or found.seal:
            found.out_of_order = True
            continue
        following = frame.sequence + 1
        if frame.kind == SEAL:
            found.seal = frame
        else:
            found.sound.append(frame)
    found.stray_tail = len(data) - end_of_last
    found.stray_bytes += len(data) - at
    return found


def pack(samples: Samples) -> tuple[int, bytes]:
    """Return the smallest encoding that gives back the same bits."""
    scaled = samples * np.float32(32768)
    with np.errstate(invalid="ignore"):
        whole = np.clip(np.nan_to_num(np.rint(scaled)), -32768, 32767).astype("<i2")
    again = whole.astype(np.float32) / np.float32(32768)
    if np.array_equal(again.view(np.uint32), samples.view(np.uint32)):
        return AS_INT16, whole.tobytes()
    return AS_FLOAT32, samples.astype("<f4", copy=False).tobytes()


def unpack(frame: Frame) -> Samples:
    """Return the sound of a frame."""
    if frame.kind == AS_INT16:
        return np.frombuffer(frame.payload, "<i2").astype(np.float32) / np.float32(32768)
    return np.frombuffer(frame.payload, "<f4").astype(np.float32, copy=False)
