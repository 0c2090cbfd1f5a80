"""Where files of this application live, by the XDG rules; nothing else in the house decides a path."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import platformdirs

from dictate.errors import OutputError

APP = "plejediktat"


def cache_dir() -> Path:
    """Folder for what can be made again (converted models)."""
    return platformdirs.user_cache_path(APP)


def config_dir() -> Path:
    """Folder for the user's settings."""
    return platformdirs.user_config_path(APP)


def data_dir() -> Path:
    """Folder for what must not be lost: the store, its recordings and its access log's seal."""
    return platformdirs.user_data_path(APP)


def journal_path(folder: Path, recording_id: str) -> Path:
    """Return where the journal of a recording lies; the id must have been checked."""
    return folder / f"{recording_id}.journal"


def write_atomic(path: Path, content: bytes) -> None:
    """Write `content` to `path` whole or not at all.

    Raises:
        OutputError: the folder or the disk does not take it; nothing is left behind.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(f"Cannot write {path}: {reason}. Choose another folder or make room.") from error
