"""Sounds that are no speech, made by figures: noise, hum, rain, breath, knocks, keys, tones (pure)."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Sound = NDArray[np.float32]
Maker = Callable[[np.random.Generator, int], NDArray[np.float64]]


def coloured(rng: np.random.Generator, length: int, slope: float) -> NDArray[np.float64]:
    """Noise whose power falls with frequency to the power of `slope`: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(rng.normal(size=length))
    frequencies = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20.0)
    return _level(np.fft.irfft(spectrum / frequencies ** (slope / 2), length))


def band(rng: np.random.Generator, length: int, low: float, high: float) -> NDArray[np.float64]:
    """Noise between two frequencies in Hz."""
    spectrum = np.fft.rfft(rng.normal(size=length))
    frequencies = np.fft.rfftfreq(length, 1 / RATE)
    spectrum[(frequencies < low) | (frequencies > high)] = 0
    return _level(np.fft.irfft(spectrum, length))


def hum(rng: np.random.Generator, length: int) -> NDArray[np.float64]:
    """Mains hum with its overtones."""
    time = np.arange(length) / RATE
    waves = [
        rng.uniform(0.1, 1) * np.sin(2 * np.pi * 50 * k * time + rng.uniform(0, 6)) for k in range(1, 12)
    ]
    return _level(np.sum(waves, axis=0))


def tones(rng: np.random.Generator, length: int) -> NDArray[np.float64]:
    """Beeps of alarms and telephones, and a slow siren."""
    time = np.arange(length) / RATE
    beeps = np.sin(2 * np.pi * rng.uniform(400, 2500) * time) * ((time * rng.uniform(0.5, 3)) % 1 < 0.3)
    siren = np.sin(2 * np.pi * (700 * time + 60 * np.sin(2 * np.pi * 0.4 * time)))
    return _level(beeps + 0.3 * siren)


def breath(rng: np.random.Generator, length: int) -> NDArray[np.float64]:
    """Somebody who breathes close to the microphone."""
    time = np.arange(length) / RATE
    pulse = np.maximum(0, np.sin(2 * np.pi * rng.uniform(0.2, 0.4) * time)) ** 2
    return _level(pulse * band(rng, length, 300, 3000))


def knocks(rng: np.random.Generator, length: int, *, each_s: float, decay_s: float) -> NDArray[np.float64]:
    """Doors, steps or keys: short bursts of noise that die away."""
    sound = np.zeros(length)
    tail = round(5 * decay_s * RATE)
    fall = np.exp(-np.arange(tail) / (decay_s * RATE))
    for start in np.cumsum(rng.exponential(each_s * RATE, size=round(length / each_s / RATE * 2))):
        begin = round(start)
        if begin + tail < length:
            low = rng.uniform(40, 800)
            sound[begin : begin + tail] += (
                band(rng, tail, low, low + rng.uniform(200, 5000)) * fall * rng.uniform(0.2, 1)
            )
    return _level(sound)


def coughs(rng: np.random.Generator, length: int) -> NDArray[np.float64]:
    """Coughs: one or two bursts of noise with the resonances of a throat."""
    sound = np.zeros(length)
    for start in range(0, length - 2 * RATE, 3 * RATE):
        for strike in range(int(rng.integers(1, 3))):
            size = round(rng.uniform(0.2, 0.4) * RATE)
            shape = np.minimum(1, np.arange(size) / (0.02 * RATE)) * np.exp(-np.arange(size) / (0.1 * RATE))
            burst = sum(band(rng, size, f - 150, f + 150) for f in (500, 1500, 2500)) + band(
                rng, size, 100, 6000
            )
            begin = start + round(strike * 0.45 * RATE)
            sound[begin : begin + size] += burst * shape
    return _level(sound)


def rain(rng: np.random.Generator, length: int) -> NDArray[np.float64]:
    """Drops upon drops over a rush of water."""
    drops = knocks(rng, length, each_s=0.02, decay_s=0.003)
    return _level(drops + 0.5 * band(rng, length, 1000, 7500))


def crackle(rng: np.random.Generator, length: int) -> NDArray[np.float64]:
    """Single samples at full scale, as from a bad plug, over a constant offset."""
    return 0.2 + np.where(rng.random(length) < 0.0005, rng.choice([-1.0, 1.0], length), 0.0)


MAKERS: dict[str, Maker] = {
    "white noise": lambda rng, n: coloured(rng, n, 0),
    "pink noise": lambda rng, n: coloured(rng, n, 1),
    "brown noise": lambda rng, n: coloured(rng, n, 2),
    "mains hum": hum,
    "tones": tones,
    "breathing": breath,
    "doors and steps": lambda rng, n: knocks(rng, n, each_s=1.5, decay_s=0.08),
    "typing": lambda rng, n: knocks(rng, n, each_s=0.18, decay_s=0.008),
    "coughing": coughs,
    "rain": rain,
    "crackle": crackle,
    "silence": lambda _, n: np.zeros(n),
}


def pieces(seconds: float, *, each_s: float = 30.0, seed: int = 1) -> Iterator[tuple[str, float, Sound]]:
    """Make sounds of all kinds in turn, at changing levels.

    Args:
        seconds: of all together.
        each_s: length of one, in seconds.
        seed: the same one gives the same sounds.

    Yields:
        Kind, level in dB of full scale, and the sound, -1..1.

    """
    rng = np.random.default_rng(seed)
    kinds = list(MAKERS)
    for number in range(round(seconds / each_s)):
        kind = kinds[number % len(kinds)]
        level = (-50.0, -35.0, -25.0, -15.0, -8.0)[number // len(kinds) % 5]
        made = MAKERS[kind](rng, round(each_s * RATE)) * 10 ** (level / 20)
        yield kind, level, np.clip(made, -1, 1).astype(np.float32)


def _level(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring to a root mean square of 1."""
    return sound / max(float(np.sqrt(np.mean(np.square(sound)))), 1e-9)
