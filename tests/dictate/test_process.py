"""What a process does for others on the machine."""

import ctypes
import sys
from pathlib import Path

import pytest

from dictate.process import give_back_memory

BLOCK, COUNT = 64 * 1024, 1000


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there it can be measured and done")
def test_free_memory_is_given_back() -> None:
    """Blocks that were freed below one that is held no longer count as this process's memory."""
    library = ctypes.CDLL(None)
    library.malloc.restype = ctypes.c_void_p
    library.malloc.argtypes = (ctypes.c_size_t,)
    library.free.argtypes = (ctypes.c_void_p,)
    blocks = [library.malloc(BLOCK) for _ in range(COUNT)]
    for block in blocks:
        ctypes.memset(block, 1, BLOCK)
    for block in blocks[:-1]:
        library.free(block)
    before = _resident()
    give_back_memory()
    assert before - _resident() > BLOCK * COUNT / 2
    library.free(blocks[-1])
