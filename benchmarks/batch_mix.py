"""Makes a folder of recordings as they come in: many formats, some long, some twice, some no good."""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import av
import numpy as np

from dictate.audio import SAMPLE_RATE, read_audio
from dictate.batch.inbox import ENDINGS

SHARE_BAD = 20
"""One in so many is no good."""
SHARE_LONG = 25
SHARE_TWICE = 40
PAUSE_S = 0.8
FORMS = {
    ".wav": "pcm_s16le",
    ".mp3": "libmp3lame",
    ".ogg": "libopus",
    ".m4a": "aac",
    ".flac": "flac",
}

Spoil = Callable[[bytes, random.Random], bytes]


def _cut(content: bytes, dice: random.Random) -> bytes:
    return content[: round(len(content) * dice.uniform(0.2, 0.6))]


def _scratched(content: bytes, dice: random.Random) -> bytes:
    spoilt = bytearray(content)
    for at in dice.sample(range(len(spoilt) // 3, len(spoilt)), k=max(1, len(spoilt) // 50)):
        spoilt[at] ^= dice.randrange(1, 256)
    return bytes(spoilt)


def _headless(content: bytes, dice: random.Random) -> bytes:
    return content[round(len(content) * dice.uniform(0.3, 0.6)) :]


def _noise(content: bytes, dice: random.Random) -> bytes:
    return dice.randbytes(len(content) // 4)


def _empty(content: bytes, dice: random.Random) -> bytes:
    del content, dice
    return b""


SPOILS: tuple[Spoil, ...] = (_cut, _scratched, _headless, _noise, _empty)


def gather(places: Sequence[Path]) -> list[Path]:
    """Find recordings in folders and files, in order of names."""
    return [
        file
        for place in places
        for file in (sorted(place.rglob("*")) if place.is_dir() else [place])
        if file.suffix.lower() in ENDINGS
    ]


def make(sources: Sequence[Path], folder: Path, count: int, *, long_s: float, seed: int) -> dict[str, int]:
    """Fill a folder.

    Args:
        sources: recordings that are whole; all are used before one is used again, then joined with another.
        folder: to be filled.
        count: recordings in it.
        long_s: seconds of the long ones.
        seed: the same mix for the same seed.

    Returns:
        How many of each sort it holds.

    """
    dice = random.Random(seed)  # noqa: S311 - a repeatable mix
    folder.mkdir(parents=True)
    bad, twice = max(1, count // SHARE_BAD), max(1, count // SHARE_TWICE)
    long = count // SHARE_LONG
    forms = list(FORMS)
    order = _shuffled(sources, dice)
    for at in range(count - bad - twice - long):
        parts = [next(order)] if at < len(sources) else [next(order), next(order)]
        _write(folder / f"{at:04}{forms[at % len(forms)]}", parts)
    for at in range(long):
        parts, seconds = [], 0.0
        while seconds < long_s:
            parts.append(next(order))
            seconds += read_audio(parts[-1]).duration + PAUSE_S
        _write(folder / f"long{at:03}{forms[at % len(forms)]}", parts)
    whole = sorted(folder.iterdir())
    for at in range(twice):
        copied = dice.choice(whole)
        (folder / f"twice{at:03}{copied.suffix}").write_bytes(copied.read_bytes())
    for at in range(bad):
        spoilt = dice.choice(whole)
        content = SPOILS[at % len(SPOILS)](spoilt.read_bytes(), dice)
        (folder / f"bad{at:03}{spoilt.suffix}").write_bytes(content)
    return {"recordings": count, "long": long, "copies": twice, "spoilt": bad}


def _shuffled(sources: Sequence[Path], dice: random.Random) -> Iterator[Path]:
    while True:
        yield from dice.sample(list(sources), k=len(sources))


def _write(path: Path, parts: Sequence[Path]) -> None:
    """Write sound in the format of the name's ending."""
    pause = np.zeros(round(PAUSE_S * SAMPLE_RATE), dtype=np.float32)
    samples = np.concatenate([piece for part in parts for piece in (read_audio(part).samples, pause)])
    with av.open(str(path), "w") as container:
        stream = container.add_stream(FORMS[path.suffix], rate=SAMPLE_RATE, layout="mono")
        whole = np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(whole[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
