"""What a process of this application is not to do, and to do for others."""

import ctypes
import resource
import sys
from collections.abc import Callable, Mapping
from functools import cache

ONE_POOL: Mapping[str, str] = {"MALLOC_ARENA_MAX": "1"}
"""Environment of a process that does one thing at a time: the C library keeps what is freed for later in a
pool for each thread, and what it keeps grows with every new length of recording, up to twice of what is in
use."""


def no_core_dumps() -> None:
    """Keep a crash from writing memory, which holds keys and what was said, to a file.

    Children inherit it. A machine that pipes core dumps to a program must have that program honour the limit,
    as systemd-coredump does; where it doesn't, the site switches it off (docs/deployer.md).
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def give_back_memory() -> None:
    """Return free memory to the system; takes some 20 ms, other threads go on; does nothing off glibc."""
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
