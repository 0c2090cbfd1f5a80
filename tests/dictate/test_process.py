"""What a process does for others on the machine."""

import ctypes
import re
import subprocess
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


ARENAS = """
import ctypes, threading
from dictate.process import one_pool
{call}
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
waiting = threading.Barrier(9)
def work():
    library.malloc(1000)
    waiting.wait()
    waiting.wait()
for _ in range(8):
    threading.Thread(target=work).start()
waiting.wait()
library.malloc_stats()
waiting.wait()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there it can be seen and done")
@pytest.mark.parametrize(("call", "alone"), [("one_pool()", True), ("", False)])
def test_threads_share_one_pool(call: str, *, alone: bool) -> None:
    """The C library counts one arena for all threads; without the call it has more."""
    code = ARENAS.format(call=call)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    arenas = re.findall(r"^Arena \d+:", done.stderr, re.MULTILINE)
    assert (len(arenas) == 1) is alone
