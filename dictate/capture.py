"""Sound in and out of this machine: the microphone and the loudspeaker. The only importer of sounddevice."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dictate.errors import AudioError

SAMPLE_RATE = 16_000
"""Hertz; what is asked for first. Where a device can't do it, its own rate is resampled later."""
BLOCK_S = 0.02

Sound = NDArray[np.float32]
"""Shape (n,), mono, -1..1."""
Deliver = Callable[[Sound], None]
"""Takes a block of sound; called from the sound system's own thread, so it must return at once."""


class MicrophoneError(AudioError):
    """No sound can be had from a microphone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A microphone that can be chosen."""

    name: str
    """As the sound system calls it; this is what is remembered."""
    host: str
    """The sound system: "ALSA", "Core Audio", "Windows WASAPI" ..."""
    is_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A source that is delivering."""

    name: str
    sample_rate: int
    """Hertz."""
    latency_s: float
    """Seconds from the air to the delivery of a block."""


class AudioSource(Protocol):
    """Where sound comes from: a microphone, or a recording that plays as one."""

    def open(self, deliver: Deliver) -> Opened:
        """Begin to deliver blocks.

        Raises:
            MicrophoneError: there is no such device, or it gives no sound.

        """
        ...

    def close(self) -> None:
        """Stop delivering; harmless where nothing is open."""
        ...


class PortAudioSource:
    """A microphone of this machine."""

    def __init__(self, device: str = "") -> None:
        """Remember which one.

        Args:
            device: its name as from `devices`; "" is the system's default. It stands in for one that isn't
                there, so that a nurse can work without her headset.

        """
        self._device = device
        self._stream: Any = None

    def open(self, deliver: Deliver) -> Opened:
        """Begin to deliver blocks; see `AudioSource`."""
        library = _library()
        self.close()
        _look_again(library)
        index = _index(library, self._device)
        try:
            info = library.query_devices(index, "input")
        except (library.PortAudioError, ValueError) as error:
            raise MicrophoneError(
                "No microphone was found. Plug one in, or switch it on in the sound settings."
            ) from error

        def callback(block: Sound, _frames: int, _time: object, _status: object) -> None:
            deliver(block[:, 0].copy())

        own_rate = round(float(info["default_samplerate"]))
        for rate in dict.fromkeys((SAMPLE_RATE, own_rate, 48_000, 44_100)):
            with suppress(library.PortAudioError):
                stream = library.InputStream(
                    samplerate=rate,
                    blocksize=round(rate * BLOCK_S),
                    device=index,
                    channels=1,
                    dtype="float32",
                    latency="low",
                    callback=callback,
                )
                stream.start()
                self._stream = stream
                return Opened(name=str(info["name"]), sample_rate=rate, latency_s=float(stream.latency))
        raise MicrophoneError(
            "The microphone gives no sound. Close other programs that use it, or choose another."
        )

    def close(self) -> None:
        """Stop delivering."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with suppress(Exception):  # a device that was pulled out can't be closed properly
                stream.abort()
                stream.close()


def devices() -> tuple[Device, ...]:
    """List the microphones; empty where there is none.

    Raises:
        MicrophoneError: the sound library is not installed.

    """
    library = _library()
    default = _default(library)
    hosts = library.query_hostapis()
    return tuple(
        Device(name=info["name"], host=hosts[info["hostapi"]]["name"], is_default=place == default)
        for place, info in enumerate(library.query_devices())
        if info["max_input_channels"] > 0
    )


def play(samples: Sound, sample_rate: int = SAMPLE_RATE) -> None:
    """Play a sound in the background; one that is still playing stops.

    Raises:
        MicrophoneError: there is no loudspeaker.

    """
    library = _library()
    try:
        library.play(samples, sample_rate)
    except Exception as error:  # PortAudioError, and ValueError for a missing device
        raise MicrophoneError("No loudspeaker was found. Plug one in to hear the recording.") from error


def stop_playing() -> None:
    """Stop what is being played."""
    with suppress(Exception):
        _library().stop()


def _library() -> Any:  # noqa: ANN401 - a module without types
    """Import sounddevice when it is needed: it wants the PortAudio library at once."""
    try:
        import sounddevice  # noqa: PLC0415 - the program must start without PortAudio, too
    except OSError as error:
        raise MicrophoneError(
            "The sound library is missing. Install PortAudio (Debian/Ubuntu: apt-get install libportaudio2)."
        ) from error
    return sounddevice


def _look_again(library: Any) -> None:  # noqa: ANN401 - a module without types
    """Make PortAudio see devices that came or went: it lists them once, when it is initialised."""
    with suppress(Exception):
        library._terminate()  # noqa: SLF001 - the way its manual names
        library._initialize()  # noqa: SLF001 - the same


def _default(library: Any) -> int:  # noqa: ANN401 - a module without types
    with suppress(Exception):
        return int(library.default.device[0])
    return -1


def _index(library: Any, name: str) -> int | None:  # noqa: ANN401 - the same
    """Number of the input device with this name; None (the default) where there is none."""
    for place, info in enumerate(library.query_devices()):
        if name and info["name"] == name and info["max_input_channels"] > 0:
            return place
    return None
