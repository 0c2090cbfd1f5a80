"""Writes down everything that a program has the disk do, so that a power cut can be played at any moment of it.

Between the program and the disk lie two shims: one over Python's `os`, which all files of the program go
through, and one over SQLite's own file layer (a VFS that hands everything on). Both only watch. What a disk may
have kept at a cut follows from what was synced: everything before a file's last sync is there; of the writes
after it any may be missing, each as a whole or from some sector of 512 bytes on; new names, renames and
removals may be missing, too, the later ones first, until their folder (or, for a new name, the file) is synced.
"""

import ctypes
import functools
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, sizeof
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlcipher3._sqlite3 as driver

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
        """Watch this folder."""
        self.folder = str(folder)
        self.steps: list[Step] = []
        self._sizes: dict[str, int] = {}
        self._open: dict[int, str] = {}

    def say(self, *words: object) -> None:
        """Take a word of the program: what it has said must hold afterwards."""
        self.steps.append(Step(kind="said", words=tuple(map(str, words))))

    def add(self, kind: str, path: str, **more: Any) -> None:  # noqa: ANN401 - the fields of Step
        """Take a step, if it is in the folder."""
        if path.startswith(self.folder):
            self.steps.append(Step(kind=kind, path=path, **more))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while this runs."""
        with _python(self), _sqlite(self):
            yield


@contextmanager
def _python(trace: Trace) -> Iterator[None]:
    """Watch `os`."""
    real = {
        name: getattr(os, name)
        for name in ("open", "close", "write", "pwrite", "fsync", "ftruncate", "replace", "unlink")
    }
    paths: dict[int, str] = {}
    seen: dict[int, bytes] = {}

    def open_(path: Any, flags: int, *rest: Any, **more: Any) -> int:  # noqa: ANN401 - as os.open
        new = flags & os.O_CREAT and not os.path.exists(path)
        handle: int = real["open"](path, flags, *rest, **more)
        paths[handle] = os.path.abspath(os.fspath(path))
        seen.pop(handle, None)
        if new:
            trace.add("create", paths[handle])
        return handle

    def close(handle: int) -> None:
        paths.pop(handle, None)
        real["close"](handle)

    def write(handle: int, data: Any) -> int:  # noqa: ANN401 - as os.write
        at = os.fstat(handle).st_size if handle in paths else 0
        count: int = real["write"](handle, data)
        if handle in paths:
            trace.add("write", paths[handle], at=at, data=bytes(data[:count]))
            seen[handle] = b""
        return count

    def pwrite(handle: int, data: Any, at: int) -> int:  # noqa: ANN401 - as os.pwrite
        count: int = real["pwrite"](handle, data, at)
        if handle in paths:
            trace.add("write", paths[handle], at=at, data=bytes(data[:count]))
            seen[handle] = b""
        return count

    def fsync(handle: int) -> None:
        path = paths.get(handle, "")
        if os.path.isdir(path):
            real["fsync"](handle)
            trace.add("sync_folder", path)
            return
        if path and handle not in seen:
            # Written through a buffer that C looks after: it is all there by now.
            trace.add("write", path, data=Path(path).read_bytes())
        real["fsync"](handle)
        trace.add("sync", path)

    def ftruncate(handle: int, size: int) -> None:
        real["ftruncate"](handle, size)
        trace.add("truncate", paths.get(handle, ""), at=size)

    def replace(source: Any, target: Any, **more: Any) -> None:  # noqa: ANN401 - as os.replace
        real["replace"](source, target, **more)
        trace.add("rename", os.path.abspath(os.fspath(source)), to=os.path.abspath(os.fspath(target)))

    def unlink(path: Any, **more: Any) -> None:  # noqa: ANN401 - as os.unlink
        real["unlink"](path, **more)
        trace.add("remove", os.path.abspath(os.fspath(path)))

    own = (open_, close, write, pwrite, fsync, ftruncate, replace, unlink)
    with contextlib_many(*(patch.object(os, each.__name__.rstrip("_"), each) for each in own)):
        yield


@contextmanager
def contextlib_many(*managers: Any) -> Iterator[None]:  # noqa: ANN401 - context managers
    """Enter all."""
    from contextlib import ExitStack  # noqa: PLC0415 - only here

    with ExitStack() as stack:
        for manager in managers:
            stack.enter_context(manager)
        yield


# -- SQLite ---------------------------------------------------------------------------------------------------

_CLOSE = CFUNCTYPE(c_int, c_void_p)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)


class _Methods(Structure):
    _fields_ = [
        ("version", c_int),
        ("close", _CLOSE),
        ("read", c_void_p),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        *((f"other{number}", c_void_p) for number in range(13)),
    ]


class _File(Structure):
    _fields_ = [("methods", POINTER(_Methods))]


class _Vfs(Structure):
    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _OPEN),
        ("delete", _DELETE),
        *((f"other{number}", c_void_p) for number in range(14)),
    ]


class _Shim:
    """A VFS that hands everything on to the ordinary one, and tells the trace of it."""

    def __init__(self) -> None:
        self.trace: Trace | None = None
        self._library = ctypes.CDLL(driver.__file__)
        self._library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._real = self._library.sqlite3_vfs_find(None).contents
        self._own = _Vfs.from_buffer_copy(self._real)
        self._own.name = b"watched"
        self._kept = (_OPEN(self._open), _DELETE(self._delete))
        self._own.open, self._own.delete = self._kept
        self._files: dict[int, tuple[Any, _Methods, str]] = {}

    def register(self) -> None:
        self._library.sqlite3_vfs_register(ctypes.byref(self._own), 1)

    def unregister(self) -> None:
        self._library.sqlite3_vfs_unregister(ctypes.byref(self._own))

    def _tell(self, kind: str, path: str, **more: Any) -> None:  # noqa: ANN401 - the fields of Step
        if self.trace is not None:
            self.trace.add(kind, path, **more)

    def _open(self, vfs: int, name: int, file: int, flags: int, out: Any) -> int:  # noqa: ANN401 - C's
        del vfs
        path = ctypes.string_at(name).decode() if name else ""
        new = bool(path) and not os.path.exists(path)
        done: int = self._real.open(ctypes.addressof(self._real), name, file, flags, out)
        if done or not path:
            return done
        if new and os.path.exists(path):
            self._tell("create", path)
        handle = _File.from_address(file)
        real = handle.methods.contents
        own = _Methods.from_buffer_copy(real)
        own.close, own.write = _CLOSE(self._close), _WRITE(self._write)
        own.truncate, own.sync = _TRUNCATE(self._truncate), _SYNC(self._sync)
        self._files[file] = (real, own, path)
        handle.methods = ctypes.pointer(own)
        return done

    def _close(self, file: int) -> int:
        # The callback runs inside the table that it would free: keep that a little longer.
        real, own, _ = self._files.pop(file)
        _CLOSED.append(own)
        done: int = real.close(file)
        return done

    def _write(self, file: int, data: int, count: int, at: int) -> int:
        real, _, path = self._files[file]
        done: int = real.write(file, data, count, at)
        if done == 0:
            self._tell("write", path, at=at, data=ctypes.string_at(data, count))
        return done

    def _truncate(self, file: int, size: int) -> int:
        real, _, path = self._files[file]
        done: int = real.truncate(file, size)
        self._tell("truncate", path, at=size)
        return done

    def _sync(self, file: int, flags: int) -> int:
        real, _, path = self._files[file]
        done: int = real.sync(file, flags)
        self._tell("sync", path)
        return done

    def _delete(self, vfs: int, name: bytes, sync_folder: int) -> int:
        del vfs
        path = name.decode()
        there = os.path.exists(path)
        done: int = self._real.delete(ctypes.addressof(self._real), name, sync_folder)
        if there:
            self._tell("remove", path)
        if sync_folder:
            self._tell("sync_folder", os.path.dirname(path))
        return done


_CLOSED: list[_Methods] = []


@functools.cache
def _shim() -> _Shim:
    return _Shim()


@contextmanager
def _sqlite(trace: Trace) -> Iterator[None]:
    """Watch SQLite; connections that are open already are not watched."""
    shim = _shim()
    shim.trace = trace
    shim.register()
    try:
        yield
    finally:
        shim.unregister()
        shim.trace = None


# -- the cut --------------------------------------------------------------------------------------------------


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
        folder = os.path.dirname(step.path)
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


assert sizeof(c_void_p) == 8, "the tables of SQLite are laid out for 64 bits"
