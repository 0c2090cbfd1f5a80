"""Reading and writing files so that nothing is half-written and nothing foreign passes for text."""

import hashlib
import os
import tempfile
import unicodedata
from contextlib import suppress
from importlib.resources.abc import Traversable
from pathlib import Path

from terminology.errors import TerminologyError

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that a person hands over; a larger one is refused before it fills the memory."""


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_limited(file: Traversable, *, limit: int = LARGEST) -> bytes:
    """Return the content of a file, at most `limit` bytes.

    Raises:
        TerminologyError: it can't be read, is empty, or is larger.

    """
    try:
        with file.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise TerminologyError(
            f"Cannot read {file}: {error.strerror or error}. Name another file."
        ) from error
    if not content:
        raise TerminologyError(f"{file} is empty. Name another file.")
    if len(content) > limit:
        raise TerminologyError(
            f"{file} has more than {limit // 1024 // 1024} MB, too much for a file of this kind. Part it."
        )
    return content


def read_text(file: Traversable, *, limit: int = LARGEST) -> str:
    """Return the text of a UTF-8 file with LF line ends, in composed letters; a byte order mark is dropped.

    Raises:
        TerminologyError: it can't be read, is empty or too large, or a byte is no UTF-8 text.

    """
    content = read_limited(file, limit=limit)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TerminologyError(f"{file}, line {line}: it is not UTF-8 text. Save it as UTF-8.") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TerminologyError(f"{file}, line {line}: it is no text file. Name another file.")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def write_atomic(path: Path, content: bytes, *, secret: bool = False) -> None:
    """Write `content` to `path` whole or not at all; folders above it are made.

    Args:
        path: the file.
        content: its bytes.
        secret: whether only its owner may read it.

    Raises:
        TerminologyError: the folder or the disk does not take it; nothing is left behind.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            if not secret:
                Path(name).chmod(0o644)  # mkstemp's 0600 is for secrets; other users read this file
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TerminologyError(
            f"Cannot write {path}: {reason}. Choose another folder or make room."
        ) from error
