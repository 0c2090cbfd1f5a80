"""Finds recordings in folders, names and patterns; a file that is still being written is left for later."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from dictate.batch.about import Known
from dictate.batch.job import Job
from dictate.errors import AudioError

ENDINGS = frozenset(
    {
        *(".3gp", ".aac", ".aif", ".aiff", ".amr", ".caf", ".flac", ".m4a", ".mka"),
        *(".mp3", ".mp4", ".oga", ".ogg", ".opus", ".wav", ".webm", ".wma"),
    }
)
QUIET_S = 2.0
"""A file that changed within so many seconds may still be copied into a watched folder."""


def find(inboxes: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Find recordings.

    Args:
        inboxes: folders (searched with all below them), files, and patterns such as "in/*.m4a".

    Yields:
        Each recording once, with its name below the folder, in order of names.

    Raises:
        AudioError: nothing is there by one of these names.

    """
    seen: set[Path] = set()
    for inbox in inboxes:
        found = 0
        for path, name in sorted(_below(inbox), key=lambda pair: pair[1]):
            found += 1
            if (real := path.resolve()) not in seen:
                seen.add(real)
                yield path, name
        if not found and not Path(inbox).is_dir():
            raise AudioError(
                f"There are no recordings at {inbox}. Name a folder, files, or a pattern in quotes."
            )


def _below(inbox: str) -> Iterator[tuple[Path, str]]:
    path = Path(inbox)
    if path.is_file():
        yield path, path.name
    elif path.is_dir():
        for file in path.rglob("*"):
            if _is_recording(file):
                yield file, file.relative_to(path).as_posix()
    else:
        anchor = Path(path.anchor) if path.is_absolute() else Path()
        pattern = str(path.relative_to(anchor)) if path.is_absolute() else inbox
        for file in anchor.glob(pattern) if pattern not in {"", "."} else ():
            if file.is_file():
                yield file, file.name


def _is_recording(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts[-2:])
    return not hidden and path.suffix.lower() in ENDINGS and path.is_file()


def is_settled(path: Path) -> bool:
    """Tell whether nobody has written to a file lately."""
    try:
        return time.time() - path.stat().st_mtime >= QUIET_S
    except OSError:
        return False


def remote_jobs(address: str) -> Iterator[Job]:
    """Return what is to be done with the recordings below an address such as s3://bucket/inbox.

    Raises:
        AudioError: fsspec is not installed or doesn't know the address, or it can't be read.

    """
    try:
        import fsspec  # noqa: PLC0415 - comes with the cluster's parts

        system, root = fsspec.url_to_fs(address)
        for place in sorted(system.find(root)):
            name = place.removeprefix(root).strip("/") or Path(place).name
            if Path(name).suffix.lower() in ENDINGS:
                with system.open(place, "rb") as sound:
                    digest = hashlib.sha256()
                    while block := sound.read(1 << 20):
                        digest.update(block)
                yield Job(
                    path=Path(name),
                    address=system.unstrip_protocol(place),
                    name=name,
                    content_hash=digest.hexdigest(),
                    size=system.size(place) or 0,
                )
    except (ImportError, ValueError, OSError) as error:
        raise AudioError(
            f"Cannot read the recordings at {address}: {type(error).__name__}. Check the address and the "
            "access, and that plejediktat[cluster] is installed."
        ) from error


def job(path: Path, name: str, known: Known) -> Job:
    """Return what is to be done with a recording.

    Raises:
        AudioError: it can't be read.
        ConfigError: what is known of it can't be.

    """
    try:
        with path.open("rb") as sound:
            digest = hashlib.file_digest(sound, "sha256").hexdigest()
        size = path.stat().st_size
    except OSError as error:
        raise AudioError(f"Cannot read {path}: {error.strerror}. Check its permissions.") from error
    return Job(path=path, name=name, content_hash=digest, size=size, about=known.of(path))
