"""Files in one sealed file: a tar stream in numbered chunks, each encrypted and authenticated (AES-256-GCM).

A chunk that is changed, missing, moved or cut off is found; so is a file whose hash isn't the one in the
manifest, which is the last member. Nothing is kept of what can't be read to its end.
"""

import hashlib
import io
import json
import os
import struct
import tarfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, cast
from uuid import uuid4

from dictate.disk import PRIVATE_FILE, private_folder, sync_folder
from dictate.errors import BackupError
from dictate.sealing import SealBrokenError, seal, subkey, unseal

_MAGIC = b"PLEJEDIKTAT-BACKUP-1\n"
_MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_LONGEST = _CHUNK + 64
_LENGTH = struct.Struct("<I")
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on a backup in clear; authenticated with every chunk."""

    id: str
    kind: str
    key_id: str
    """Of the master key it was made under."""
    made: datetime
    """Aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup holds."""

    label: Label
    files: Mapping[str, str]
    """Name to SHA-256."""


def new_label(kind: str, key_id: str, made: datetime) -> Label:
    """Return the label of a new backup."""
    return Label(id=str(uuid4()), kind=kind, key_id=key_id, made=made)


def read_label(path: Path) -> Label:
    """Return what stands on a backup.

    Raises:
        BackupError: it can't be read, or is none.

    """
    try:
        with path.open("rb") as file:
            return _label(file, path)[0]
    except OSError as error:
        raise BackupError(f"Cannot read the backup {path}: {_reason(error)}.") from error


def write(path: Path, key: bytes, label: Label, files: Iterable[tuple[str, Path]]) -> Contents:
    """Write a new archive, whole or not at all; a file that has gone meanwhile is left out.

    Args:
        path: must not exist.
        key: 32 bytes, for backups only.
        label: of `new_label`.
        files: name in the archive, and where it lies. One that grows is taken as long as it is now.

    Raises:
        BackupError: there is such a file already, or the disk does not take it; nothing is left behind.

    """
    if path.exists():
        raise BackupError(f"There is a file {path} already. Nothing was overwritten.")
    part = path.with_name(f".{path.name}.part")
    try:
        private_folder(path.parent)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE_FILE)
        with os.fdopen(handle, "wb") as out:
            hashes = _write(out, key, label, files)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise BackupError(
            f"Cannot write the backup {path}: {_reason(error)}. Make room, or name another folder."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return Contents(label=label, files=MappingProxyType(hashes))


def extract(path: Path, key: bytes, folder: Path) -> Contents:
    """Read a whole archive into a folder, checking every byte.

    Args:
        path: the archive.
        key: that it was written with.
        folder: new; what stands there after an error is worth nothing.

    Raises:
        BackupError: it can't be read, was made under another key, is damaged or cut off.

    """
    damaged = BackupError(f"The backup {path} is damaged or was changed. Use another one.")
    try:
        private_folder(folder)
        with path.open("rb") as file:
            label, head = _label(file, path)
            stream = _Opened(file, _key(key, label), head)
            with tarfile.open(fileobj=cast("BinaryIO", stream), mode="r|") as tar:
                hashes, manifest = _take_out(tar, folder)
            while stream.read(_PIECE):
                pass  # the padding belongs to what is authenticated
            if not stream.ended or file.read(1):
                raise damaged
        if manifest is None or json.loads(manifest) != hashes:
            raise damaged
    except (SealBrokenError, tarfile.TarError, ValueError, EOFError):
        raise damaged from None
    except OSError as error:
        raise BackupError(
            f"Cannot read the backup {path}: {_reason(error)}. Make room, try again."
        ) from error
    return Contents(label=label, files=MappingProxyType(hashes))


def _write(out: BinaryIO, key: bytes, label: Label, files: Iterable[tuple[str, Path]]) -> dict[str, str]:
    head = json.dumps(
        {"id": label.id, "kind": label.kind, "key": label.key_id, "made": label.made.isoformat()}
    ).encode()
    out.write(_MAGIC + head + b"\n")
    sealed = _Sealed(out.write, _key(key, label), head)
    hashes = {}
    with tarfile.open(fileobj=cast("BinaryIO", sealed), mode="w|") as tar:
        for name, source in files:
            try:
                file = source.open("rb")
            except FileNotFoundError:
                continue
            with file:
                hashes[name] = _put_in(tar, name, file)
        manifest = json.dumps(hashes).encode()
        tar.addfile(_member(_MANIFEST, len(manifest)), io.BytesIO(manifest))
    sealed.finish()
    return hashes


def _put_in(tar: tarfile.TarFile, name: str, file: BinaryIO) -> str:
    size = os.fstat(file.fileno()).st_size
    hashed = _Hashed(file)
    tar.addfile(_member(name, size), cast("BinaryIO", hashed))
    return hashed.digest


def _take_out(tar: tarfile.TarFile, folder: Path) -> tuple[dict[str, str], bytes | None]:
    hashes: dict[str, str] = {}
    manifest = None
    for member in tar:
        content = tar.extractfile(member)
        if content is None or not member.isreg():
            raise ValueError(member.type)
        if member.name == _MANIFEST:
            manifest = content.read()
            continue
        target = folder / member.name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise ValueError(member.type)
        private_folder(target.parent)
        digest = hashlib.sha256()
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
        with os.fdopen(handle, "wb") as out:
            while piece := content.read(_PIECE):
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        hashes[member.name] = digest.hexdigest()
    return hashes, manifest


def _member(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, PRIVATE_FILE
    return info


def _key(key: bytes, label: Label) -> bytes:
    return subkey(key, f"{label.kind} {label.id}")


def _label(file: BinaryIO, path: Path) -> tuple[Label, bytes]:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise BackupError(f"The file {path} is no backup of this program. Name another one.")
    head = file.readline(4_096).rstrip(b"\n")
    try:
        data = json.loads(head)
        made = datetime.fromisoformat(data["made"])
        label = Label(id=str(data["id"]), kind=str(data["kind"]), key_id=str(data["key"]), made=made)
    except (ValueError, KeyError, TypeError):
        raise BackupError(f"The backup {path} is damaged or was changed. Use another one.") from None
    return label, head


def _place(head: bytes, number: int, *, last: bool) -> str:
    return f"{head.decode()} {number} {'last' if last else 'more'}"


class _Sealed:
    """Takes a stream of bytes; gives it on in sealed chunks."""

    def __init__(self, give: Callable[[bytes], object], key: bytes, head: bytes) -> None:
        self._give, self._key, self._head = give, key, head
        self._waiting = bytearray()
        self._number = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > _CHUNK:
            self._chunk(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]
        return len(data)

    def finish(self) -> None:
        self._chunk(bytes(self._waiting), last=True)

    def _chunk(self, plain: bytes, *, last: bool) -> None:
        sealed = seal(self._key, plain, _place(self._head, self._number, last=last))
        self._give(_LENGTH.pack(len(sealed) << 1 | last) + sealed)
        self._number += 1


class _Opened:
    """Reads sealed chunks as the stream of bytes that they hold."""

    def __init__(self, file: BinaryIO, key: bytes, head: bytes) -> None:
        self._file, self._key, self._head = file, key, head
        self._waiting = b""
        self._number = 0
        self.ended = False

    def read(self, size: int) -> bytes:
        parts = []
        while size > 0:
            if not self._waiting:
                if self.ended:
                    break
                self._waiting = self._chunk()
            parts.append(self._waiting[:size])
            self._waiting = self._waiting[size:]
            size -= len(parts[-1])
        return b"".join(parts)

    def _chunk(self) -> bytes:
        length = self._file.read(_LENGTH.size)
        if len(length) < _LENGTH.size:
            raise EOFError
        (number,) = _LENGTH.unpack(length)
        size, last = number >> 1, bool(number & 1)
        if size > _LONGEST:
            raise SealBrokenError
        plain = unseal(self._key, self._file.read(size), _place(self._head, self._number, last=last))
        self._number += 1
        self.ended = last
        return plain


class _Hashed:
    """Reads a file and keeps the hash of what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        return data


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
