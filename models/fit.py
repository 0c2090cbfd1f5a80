"""Does a model fit this machine? A rough word for the list, from memory and processors."""

import os

from models.registry import ModelSpec

_SPEED_AT_2_CORES = {75: 10.0, 145: 6.0, 485: 2.0, 1550: 0.7, 1700: 0.9, 3200: 0.35}
"""Megabytes as published (16 bits) to seconds of speech per second, whisper sizes on 2 processors in 8 bits:
base is measured, the others follow from the number of weights."""


def memory_mb() -> float | None:
    """Return the memory of this machine; None where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (AttributeError, ValueError, OSError):
        return None


def fit(model: ModelSpec) -> str:
    """Say in a word or two whether the model can be used here for dictation."""
    published = sum(file.size for file in model.files) / 1e6 or model.size / 1e6
    memory = memory_mb()
    if memory is not None and published * 0.7 + 400 > memory * 0.8:
        return "too big"
    nearest = min(_SPEED_AT_2_CORES, key=lambda size: abs(size - published))
    speed = _SPEED_AT_2_CORES[nearest] * (os.cpu_count() or 1) / 2
    if speed >= 2:  # noqa: PLR2004 - text comes well before the speaker has finished
        return "yes"
    return "slow" if speed >= 0.8 else "batch only"  # noqa: PLR2004 - about as fast as speech
