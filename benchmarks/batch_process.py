"""Runs a command in a session of its own, and watches the memory of all its processes (Linux)."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_EVERY_S = 1.0
_KIB = 1024
_MIB = 1024 * 1024
_PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a command took."""

    code: int
    out: str
    wall_s: float
    cpu_s: float
    """Of it and all processes it waited for."""
    peak_mib: int
    """Most memory of all its processes together, each page counted once for those who share it (PSS)."""
    quarters_mib: tuple[int, ...]
    """The same for each quarter of the time."""


class Running:
    """A command that runs."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it."""
        self._out = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by `end`
        self._start = time.monotonic()
        self._process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=self._out, start_new_session=True
        )
        self._samples: list[float] = []
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @property
    def runs(self) -> bool:
        """Tell whether it still runs; leaves it to be waited for."""
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    @property
    def pid(self) -> int:
        """Number of its first process."""
        return self._process.pid

    def kill(self, *, whole: bool) -> None:
        """End it at once: with all its processes, or the first one alone."""
        if whole:
            os.killpg(self._process.pid, signal.SIGKILL)
        else:
            os.kill(self._process.pid, signal.SIGKILL)

    def end(self) -> Usage:
        """Wait for its end."""
        _, status, usage = os.wait4(self._process.pid, 0)
        wall = time.monotonic() - self._start
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._ended.set()
        self._watcher.join()
        self._out.seek(0)
        with self._out:
            said = self._out.read()
        size = -(-len(self._samples) // _PARTS)
        parts = [self._samples[at : at + size] for at in range(0, len(self._samples), size or 1)]
        return Usage(
            code=self._process.returncode,
            out=said,
            wall_s=round(wall, 2),
            cpu_s=round(usage.ru_utime + usage.ru_stime, 2),
            peak_mib=round(max(self._samples, default=0.0)),
            quarters_mib=tuple(round(max(part)) for part in parts),
        )

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY_S):
            self._samples.append(sum(map(_pss, members(self._process.pid))) / _MIB)


def run(command: Sequence[str], environment: Mapping[str, str]) -> Usage:
    """Run a command to its end."""
    return Running(command, environment).end()


def members(session: int) -> list[int]:
    """Return the processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError, ValueError):  # it ended meanwhile
            if int(path.read_text().rpartition(")")[2].split()[3]) == session:
                found.append(int(path.parent.name))
    return found


def _pss(process: int) -> int:
    """Bytes of memory of a process, its share of what it shares."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * _KIB
    return 0
