"""Writes down everything that a program has the disk do, so that a power cut can be played at any moment.

Between the program and the disk lie two shims: one over Python's `os`, which all files of the program go
through, and one over SQLite's own file layer (`reliability_sqlite`). Both only watch. What a disk may have
kept at a cut follows from what was synced: everything before a file's last sync is there; of the writes after
it any may be missing, each as a whole or from some sector of 512 bytes on; new names, renames and removals
may be missing, too, the later ones first, until their folder (or, for a new name, the file) is synced.
"""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

SECTOR = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that the disk was asked for, or a word of the program (`said`)."""

    kind: str
    """create, write, truncate, sync, rename, remove, sync_folder, said."""
    path: str = ""
    to: str = ""
    at: int = 0
    data: bytes = b""
    words: tuple[str, ...] = ()


class Trace:
    """The steps of one run."""

    def __init__(self, folder: Path) -> None:
        """Watch this folder; an absolute path."""
        self.folder = str(folder)
        self.steps: list[Step] = []

    def say(self, *words: object) -> None:
        """Take a word of the program: what it has said must hold afterwards."""
        self.steps.append(Step(kind="said", words=tuple(map(str, words))))

    def add(self, kind: str, path: str, **more: Any) -> None:  # noqa: ANN401 - the fields of Step
        """Take a step, if it is in the folder."""
        if path.startswith(self.folder):
            self.steps.append(Step(kind=kind, path=path, **more))


class _Files:
    """Stands in for the functions of `os` that change files; hands everything on."""

    NAMES = ("open", "close", "write", "pwrite", "fsync", "ftruncate", "replace", "unlink")

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._real: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in self.NAMES}
        self._paths: dict[int, str] = {}
        self._direct: set[int] = set()
        """Handles that are written to by `os.write` or `os.pwrite`."""

    def open(self, path: Any, flags: int, *rest: Any, **more: Any) -> int:  # noqa: ANN401 - as os.open
        new = flags & os.O_CREAT and not Path(path).exists()
        handle: int = self._real["open"](path, flags, *rest, **more)
        self._paths[handle] = str(path)
        self._direct.discard(handle)
        if new:
            self._trace.add("create", str(path))
        return handle

    def close(self, handle: int) -> None:
        self._paths.pop(handle, None)
        self._real["close"](handle)

    def write(self, handle: int, data: Any) -> int:  # noqa: ANN401 - as os.write
        at = os.fstat(handle).st_size
        count: int = self._real["write"](handle, data)
        self._wrote(handle, at, bytes(data[:count]))
        return count

    def pwrite(self, handle: int, data: Any, at: int) -> int:  # noqa: ANN401 - as os.pwrite
        count: int = self._real["pwrite"](handle, data, at)
        self._wrote(handle, at, bytes(data[:count]))
        return count

    def fsync(self, handle: int) -> None:
        path = self._paths.get(handle, "")
        self._real["fsync"](handle)
        if Path(path).is_dir():
            self._trace.add("sync_folder", path)
            return
        if path and handle not in self._direct:
            # Written through a buffer that C looks after: it is all there by now.
            self._trace.add("write", path, data=Path(path).read_bytes())
        self._trace.add("sync", path)

    def ftruncate(self, handle: int, size: int) -> None:
        self._real["ftruncate"](handle, size)
        self._trace.add("truncate", self._paths.get(handle, ""), at=size)

    def replace(self, source: Any, target: Any, **more: Any) -> None:  # noqa: ANN401 - as os.replace
        self._real["replace"](source, target, **more)
        self._trace.add("rename", str(source), to=str(target))

    def unlink(self, path: Any, **more: Any) -> None:  # noqa: ANN401 - as os.unlink
        self._real["unlink"](path, **more)
        self._trace.add("remove", str(path))

    def _wrote(self, handle: int, at: int, data: bytes) -> None:
        self._direct.add(handle)
        self._trace.add("write", self._paths.get(handle, ""), at=at, data=data)


@contextmanager
def watching_files(trace: Trace) -> Iterator[None]:
    """Watch what goes through `os`."""
    files = _Files(trace)
    with ExitStack() as stack:
        for name in files.NAMES:
            stack.enter_context(patch.object(os, name, getattr(files, name)))
        yield


@dataclass(slots=True)
class _Inode:
    kept: bytearray = field(default_factory=bytearray)
    waiting: list[Step] = field(default_factory=list)


class Disk:
    """What is on the disk for sure, and what may be; grown step by step."""

    def __init__(self, folder: Path) -> None:
        """Begin with what is there now, all of it for sure."""
        self._names = {
            str(path): _Inode(bytearray(path.read_bytes())) for path in folder.rglob("*") if path.is_file()
        }
        self._sure = dict(self._names)
        self._changes: dict[str, list[Callable[[dict[str, _Inode]], None]]] = {}
        self._folder = folder

    def take(self, step: Step) -> None:
        """Take the next step."""
        folder = str(Path(step.path).parent)
        if step.kind in {"write", "truncate"}:
            self._names.setdefault(step.path, _Inode()).waiting.append(step)
        elif step.kind == "create":
            inode = _Inode()
            self._change(folder, lambda names: names.__setitem__(step.path, inode))
        elif step.kind == "remove":
            self._change(folder, lambda names: names.pop(step.path, None))
        elif step.kind == "rename":
            inode = self._names[step.path]

            def rename(names: dict[str, _Inode]) -> None:
                names.pop(step.path, None)
                names[step.to] = inode

            self._change(folder, rename)
        elif step.kind == "sync":
            inode = self._names[step.path]
            for waiting in inode.waiting:
                _apply(inode.kept, waiting)
            inode.waiting.clear()
            if self._sure.get(step.path) is not inode:
                self._settle(folder)
        elif step.kind == "sync_folder":
            self._settle(step.path)

    def cut(self, target: Path, dice: random.Random) -> None:
        """Write what the disk may hold after a cut now into a new folder."""
        names = dict(self._sure)
        for changes in self._changes.values():
            for change in changes[: dice.randint(0, len(changes))]:
                change(names)
        harsh = dice.random()
        for path, inode in names.items():
            content = bytearray(inode.kept)
            for step in inode.waiting:
                if dice.random() < harsh:
                    continue
                _apply(content, step if dice.random() < 0.7 else _torn(step, dice))
            place = target / Path(path).relative_to(self._folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            place.chmod(0o600)

    def _change(self, folder: str, change: Callable[[dict[str, _Inode]], None]) -> None:
        change(self._names)
        self._changes.setdefault(folder, []).append(change)

    def _settle(self, folder: str) -> None:
        for change in self._changes.pop(folder, []):
            change(self._sure)


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "truncate":
        del content[step.at :]
        content.extend(bytes(max(0, step.at - len(content))))
        return
    content.extend(bytes(max(0, step.at - len(content))))
    content[step.at : step.at + len(step.data)] = step.data


def _torn(step: Step, dice: random.Random) -> Step:
    """Keep the sectors of a write up to one, or from one on."""
    if step.kind == "truncate" or len(step.data) <= SECTOR:
        return step
    first = SECTOR - step.at % SECTOR
    middle = dice.randrange(first, len(step.data), SECTOR)
    if dice.random() < 0.5:
        return Step(kind="write", path=step.path, at=step.at, data=step.data[:middle])
    return Step(kind="write", path=step.path, at=step.at + middle, data=step.data[middle:])
