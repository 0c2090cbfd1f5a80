"""What a process of this application is not to do, and to do for others."""

import ctypes
import resource
import sys
from collections.abc import Callable, Mapping
from functools import cache

ONE_POOL: Mapping[str, str] = {"MALLOC_ARENA_MAX": "1"}
"""Environment that does what `one_pool` does, for a process before it starts."""
_M_ARENA_MAX = -8
"""From malloc.h."""


def no_core_dumps() -> None:
    """Keep a crash from writing memory, which holds keys and what was said, to a file.

    Children inherit it. A machine that pipes core dumps to a program must have that program honour the limit,
    as systemd-coredump does; where it doesn't, the site switches it off (docs/deployer.md).
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def one_pool() -> None:
    """Have all threads that start from now on share one pool of memory; does nothing off glibc.

    The C library keeps what is freed for later in a pool for each thread, and what it keeps grows with every
    new length of recording: with a model of 75 MB it was 60 MB more.
    """
    limit = _of_glibc("mallopt")
    if limit:
        limit(_M_ARENA_MAX, 1)


def give_back_memory() -> None:
    """Return free memory to the system; takes some 20 ms, other threads go on; does nothing off glibc."""
    trim = _of_glibc("malloc_trim")
    if trim:
        trim(0)


@cache
def _of_glibc(name: str) -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        function: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):  # another C library
        return None
    return function
