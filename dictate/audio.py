"""Read any recording as 16 kHz mono sound, in blocks, so that hours of it fit in little memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from dictate import truncation
from dictate.errors import AudioError

SAMPLE_RATE = 16_000
"""Hertz; what the recogniser listens at."""
MIN_DURATION_S = 0.1
"""Less than this is a slip of the finger, not a recording."""

_ELSEWHERE = frozenset({"concat", "dash", "hls", "imf", "lavfi", "rtsp", "sap", "sdp", "webm_dash_manifest"})
"""Formats that name other files or hosts: a recording is never fetched from anywhere."""
_OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": ",".join(sorted(av.formats_available - _ELSEWHERE)),
}


class DamagedAudioError(AudioError):
    """A recording is cut off or broken inside; what is whole was delivered before this was raised."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AudioClip:
    """A stretch of mono sound."""

    samples: NDArray[np.float32]
    """Shape (n,), -1..1, read-only."""
    sample_rate: int = SAMPLE_RATE
    """Hertz."""

    def __post_init__(self) -> None:
        """Refuse another shape or type, and lock the samples.

        Raises:
            ValueError: the samples are not float32 of shape (n,).

        """
        if self.samples.ndim != 1 or self.samples.dtype != np.float32:
            found = f"{self.samples.dtype} {self.samples.shape}"
            raise ValueError(f"samples must be float32 of shape (n,), not {found}")
        locked = self.samples.view()
        locked.flags.writeable = False
        object.__setattr__(self, "samples", locked)

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate


def read_audio(path: Path, *, salvage: bool = False) -> AudioClip:
    """Read a whole recording at once; for those that fit in memory.

    Raises:
        AudioError: as for `read_blocks`.

    """
    return AudioClip(samples=np.concatenate([block.samples for block in read_blocks(path, salvage=salvage)]))


def read_blocks(
    path: Path, *, block_s: float = 120.0, search_s: float = 30.0, salvage: bool = False
) -> Iterator[AudioClip]:
    """Read a recording of any format and length as consecutive blocks of 16 kHz mono sound.

    A block ends at the quietest place of its last `search_s` seconds, so that no word is cut in two.

    Args:
        path: the recording; any format, rate, sample format and number of channels that PyAV reads.
        block_s: the most seconds in a block.
        search_s: how far back from there a quiet place is looked for.
        salvage: True gives what is whole of a damaged recording without complaint.

    Yields:
        The blocks in order; together they are the whole recording.

    Raises:
        AudioError: there is no such recording, no sound in it, or less than 0.1 s.
        DamagedAudioError: after the last whole block, where the recording is cut off or broken.

    """
    most, search = round(block_s * SAMPLE_RATE), round(search_s * SAMPLE_RATE)
    held: list[NDArray[np.float32]] = []
    count = total = 0
    for samples in _decode(path, salvage=salvage):
        held.append(samples)
        count += len(samples)
        total += len(samples)
        while count > most:
            joined = np.concatenate(held)
            cut = quiet_place(joined, most - search, most)
            yield AudioClip(samples=joined[:cut])
            held, count = [joined[cut:]], count - cut
    if total < MIN_DURATION_S * SAMPLE_RATE:
        raise AudioError(
            f"{path} holds only {total / SAMPLE_RATE:.2f} s of sound: a recording must last at least "
            f"{MIN_DURATION_S} s. Record it again."
        )
    yield AudioClip(samples=np.concatenate(held))


def probe_duration(path: Path) -> float | None:
    """Length of a recording in seconds as its header states it, None where it doesn't.

    Raises:
        AudioError: there is no such recording or no sound in it.

    """
    with _open(path) as (container, stream):
        return truncation.stated_duration(container, stream)


def quiet_place(samples: NDArray[np.float32], low: int, high: int, window: int = SAMPLE_RATE // 5) -> int:
    """Middle of the quietest stretch of `window` samples between `low` and `high`; the last one of equals.

    Args:
        samples: shape (n,), sound.
        low: first sample that may be chosen.
        high: one past the last sample that may be chosen.
        window: length of the stretch in samples; 0.2 s is a pause between words.

    Returns:
        Index of a sample, from `low` up to `high`.

    """
    low, high = max(low, 0), min(high, len(samples))
    if high - low <= window:
        return max(high, low)
    energy = np.cumsum(np.square(samples[low:high], dtype=np.float64))
    step = window // 10
    sums = (energy[window:] - energy[:-window])[::step]
    # Sums of equal silence differ by rounding; compare to a thousandth of a 16-bit step.
    last = len(sums) - 1 - int(np.argmin(np.round(sums[::-1] / window, 12)))
    return low + last * step + window // 2


@contextmanager
def _open(path: Path) -> Iterator[tuple[InputContainer, AudioStream]]:
    """Open the first sound track of a file, or say in one sentence why that can't be done."""
    if path.is_dir():
        raise AudioError(f"{path} is a folder, not a recording. Name the files in it.")
    if not path.exists():
        raise AudioError(f"There is no file {path}. Check the name.")
    if path.is_file() and path.stat().st_size == 0:
        raise AudioError(f"{path} is empty (0 bytes). Record or copy it again.")
    try:
        container = av.open(str(path.absolute()), metadata_errors="ignore", options=_OPEN_OPTIONS)
    except (FFmpegError, OSError) as error:
        if isinstance(error, PermissionError):
            raise AudioError(f"{path} may not be read by this user. Change its permissions.") from error
        raise AudioError(
            f"{path} can't be read as sound: it is not a recording, or its beginning or end is missing. "
            "Play it to check, and copy it again."
        ) from error
    with container:
        if not container.streams.audio:
            raise AudioError(f"{path} holds no sound track. Choose a recording.")
        yield container, container.streams.audio[0]


def _decode(path: Path, *, salvage: bool) -> Iterator[NDArray[np.float32]]:
    """Decode a file to pieces of 16 kHz mono sound, each of shape (n,), then tell whether it was whole."""
    with _open(path) as (container, stream):
        check = truncation.Check(path, container, stream)
        for samples in _resample(_frames(container, stream, check)):
            yield np.clip(np.nan_to_num(samples), -1.0, 1.0)
        if check.damage and not salvage:
            raise DamagedAudioError(
                f"{path} is damaged: {check.damage}. Copy it again, or keep what is whole with --salvage."
            )


def _frames(container: InputContainer, stream: AudioStream, check: truncation.Check) -> Iterator[AudioFrame]:
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except FFmpegError:
            check.broken()
            return
        if packet is None:
            return
        check.packet(packet)
        try:
            frames = packet.decode()
        except FFmpegError:
            check.broken()
            continue
        for frame in frames:
            check.frame(frame)
            yield frame


def _resample(frames: Iterator[AudioFrame]) -> Iterator[NDArray[np.float32]]:
    """Bring frames to 16 kHz mono; the form of the frames may change on the way."""
    form, resampler = None, None
    for frame in frames:
        if form != (form := (frame.format.name, frame.layout.name, frame.sample_rate)):
            yield from _samples(resampler, None)
            resampler = AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
        frame.pts = None  # gaps in the time stamps are not filled
        yield from _samples(resampler, frame)
    yield from _samples(resampler, None)


def _samples(resampler: AudioResampler | None, frame: AudioFrame | None) -> Iterator[NDArray[np.float32]]:
    if resampler is not None:
        for out in resampler.resample(frame):
            yield out.to_ndarray().reshape(-1).astype(np.float32, copy=False)
