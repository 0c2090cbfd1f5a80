"""Is a recording whole? Decoders pass over a missing end in silence; no lost sentence may go unseen."""

from pathlib import Path
from typing import TYPE_CHECKING

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

if TYPE_CHECKING:
    from av.packet import Packet

STATED = frozenset(
    {"aiff", "asf", "au", "caf", "flac", "matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2", "w64", "wav"}
)
"""Formats whose header states the length; that of others is a guess from the size of the file."""
_MPEG1_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2_KBPS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MPEG1_HZ = (44_100, 48_000, 32_000)


class Check:
    """Watches a recording while it is decoded; afterwards `damage` says what is wrong with it."""

    def __init__(self, path: Path, container: InputContainer, stream: AudioStream) -> None:
        """Look at what the header states, before anything is decoded."""
        self._path = path
        self._format = container.format.name
        self._codec = stream.codec_context.name
        self._stated = stated_duration(container, stream) if _states_length(path, self._format) else None
        self._open_ended = self._format == "wav" and _is_open_ended_wav(path)
        self._read_s = 0.0
        self._first_break_s: float | None = None
        self._last_packet = b""

    def packet(self, packet: "Packet[AudioStream]") -> None:
        """Note a packet that is about to be decoded."""
        if packet.is_corrupt and not self._open_ended:
            self.broken()
        if packet.size and self._codec.startswith("mp3"):
            self._last_packet = bytes(packet)

    def frame(self, frame: AudioFrame) -> None:
        """Note a decoded frame."""
        self._read_s += frame.samples / frame.sample_rate

    def broken(self) -> None:
        """Note that something could not be decoded."""
        if self._first_break_s is None:
            self._first_break_s = self._read_s

    @property
    def damage(self) -> str:
        """What is wrong, as half a sentence; empty where the recording is whole."""
        stated = self._stated
        if stated is not None and self._read_s < stated - max(1.0, stated / 100):
            return f"only {self._read_s:.1f} s of {stated:.1f} s can be read"
        if self._first_break_s is not None:
            return f"it is broken after {self._first_break_s:.1f} s"
        if _mp3_frame_is_cut(self._last_packet) or (self._format == "ogg" and _ogg_page_is_cut(self._path)):
            return f"it breaks off after {self._read_s:.1f} s"
        return ""


def stated_duration(container: InputContainer, stream: AudioStream) -> float | None:
    """Length in seconds as far as the file tells, None where it doesn't."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and not container.streams.video:
        return container.duration / 1_000_000  # microseconds
    return None


def _states_length(path: Path, format_name: str) -> bool:
    """True where the length is written in the file and not estimated."""
    if format_name != "mp3":
        return format_name in STATED
    with path.open("rb") as file:
        tag = file.read(10)
        if tag.startswith(b"ID3"):  # its length is four bytes of seven bits
            file.seek(sum(byte << shift for byte, shift in zip(tag[6:], (21, 14, 7, 0), strict=True)), 1)
            tag = b""
        head = tag + file.read(256)
    return any(mark in head for mark in (b"Xing", b"Info", b"VBRI"))


def _is_open_ended_wav(path: Path) -> bool:
    """True where the recorder never filled in the length: it wrote to a pipe, or lost power."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    size = head.find(b"data") + 4
    return head[size : size + 4] in {bytes(4), b"\xff" * 4}


def _mp3_frame_is_cut(packet: bytes) -> bool:
    """True where the packet is shorter than its own MPEG layer III header says."""
    if len(packet) < 4:  # noqa: PLR2004 - the header's own length
        return bool(packet)
    header = int.from_bytes(packet[:4])
    version, layer = header >> 19 & 3, header >> 17 & 3
    rate, hertz, padding = header >> 12 & 15, header >> 10 & 3, header >> 9 & 1
    if header >> 21 != 0x7FF or layer != 1 or version == 1 or rate in {0, 15} or hertz == 3:  # noqa: PLR2004 - bit fields
        return False
    if version == 3:  # noqa: PLR2004 - MPEG 1; 2 is MPEG 2 and 0 is MPEG 2.5
        length = 144_000 * _MPEG1_KBPS[rate] // _MPEG1_HZ[hertz] + padding
    else:
        length = 72_000 * _MPEG2_KBPS[rate] // (_MPEG1_HZ[hertz] // (2 if version else 4)) + padding
    return len(packet) < length


def _ogg_page_is_cut(path: Path) -> bool:
    """True where the last Ogg page is longer than what is left of the file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_307))  # the longest page there is
        tail = file.read()
    start = tail.rfind(b"OggS")
    if start < 0:
        return True
    page = tail[start:]
    if len(page) < 27:  # noqa: PLR2004 - a page's header before its table
        return True
    entries = page[26]
    return len(page) < 27 + entries + sum(page[27 : 27 + entries])
