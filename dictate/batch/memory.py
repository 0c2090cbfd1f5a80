"""Keeps a worker's memory flat: the recogniser's freed buffers go back to the system after each recording.

The C library keeps what is freed for later, in a pool for each thread, and what it keeps grows with every new
length of recording: 17 MiB for each three minutes of sound, up to twice of what is in use.
"""

import ctypes
import sys
from collections.abc import Callable, Mapping
from functools import cache

ENVIRONMENT: Mapping[str, str] = {"MALLOC_ARENA_MAX": "1"}
"""For a worker's process, before it starts: one pool for all threads, as it does one thing at a time."""


def give_back() -> None:
    """Give memory that is free back to the system; takes a few milliseconds, and does nothing off glibc."""
    trim = _trim()
    if trim:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # another C library than glibc
        return None
