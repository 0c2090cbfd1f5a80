"""Watches SQLite's own files: a VFS that hands everything on to the ordinary one, and tells a trace of it.

SQLite calls tables of functions; here they are copied, and the few entries that change files are replaced.
"""

import ctypes
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, sizeof
from pathlib import Path
from typing import Any

import sqlcipher3._sqlite3 as driver
from reliability_trace import Trace

assert sizeof(c_void_p) == 8, "the tables of SQLite are laid out for 64 bits"

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
        new = bool(path) and not Path(path).exists()
        done: int = self._real.open(ctypes.addressof(self._real), name, file, flags, out)
        if done or not path:
            return done
        if new and Path(path).exists():
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
        there = Path(path).exists()
        done: int = self._real.delete(ctypes.addressof(self._real), name, sync_folder)
        if there:
            self._tell("remove", path)
        if sync_folder:
            self._tell("sync_folder", str(Path(path).parent))
        return done


_CLOSED: list[_Methods] = []


@functools.cache
def _shim() -> _Shim:
    return _Shim()


@contextmanager
def watching_sqlite(trace: Trace) -> Iterator[None]:
    """Watch what SQLite does; connections that are open already are not watched."""
    shim = _shim()
    shim.trace = trace
    shim.register()
    try:
        yield
    finally:
        shim.unregister()
        shim.trace = None
