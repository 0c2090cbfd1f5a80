"""What a process of this application is not to do, and to do for others."""

import ctypes
import resource
from contextlib import suppress


def no_core_dumps() -> None:
    """Keep a crash from writing memory, which holds keys and what was said, to a file.

    Children inherit it. A machine that pipes core dumps to a program must have that program honour the limit,
    as systemd-coredump does; where it doesn't, the site switches it off (docs/deployer.md).
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def give_back_memory() -> None:
    """Return free memory to the system, where the C library can; takes some 20 ms, other threads go on."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
