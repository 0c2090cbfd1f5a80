"""Finds recordings in folders, names and patterns; a file that is still being written is left for later."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dictate.batch.about import Known
from dictate.batch.job import Job
from dictate.errors import AudioError, ConfigError

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look into the inboxes found."""

    jobs: tuple[Job, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    """Names of recordings that nothing can be done with, each with the reason."""
    growing: tuple[str, ...] = ()
    """Names of those that are still being written."""


class Inbox:
    """Places where recordings come in; each is given once, and again only when it changed."""

    def __init__(self, places: Sequence[str], known: Known) -> None:
        """Look at nothing yet.

        Args:
            places: see `find`; or addresses such as s3://bucket/inbox.
            known: tells about the recordings.

        """
        self._places = [place for place in places if "://" not in place]
        self._addresses = [place for place in places if "://" in place]
        self._known = known
        self._given: dict[Path, _Stamp] = {}

    def look(self, pause: Callable[[float], object] = time.sleep) -> Found:
        """Find what wasn't given before.

        Args:
            pause: waits so many seconds, to see what is still being written.

        Raises:
            AudioError: see `find` and `remote_jobs`.

        """
        found = [(path, name, _stamp(path)) for path, name in find(self._places)]
        fresh = [one for one in found if one[2] is not None and one[2] != self._given.get(one[0])]
        now = time.time()
        if any(abs(now - stamp.changed) < QUIET_S for _, _, stamp in fresh if stamp):
            pause(QUIET_S)
        jobs, unread, growing = [], [], []
        for path, name, stamp in fresh:
            if stamp is None or stamp != _stamp(path):
                growing.append(name)
                continue
            self._given[path] = stamp
            try:
                jobs.append(job(path, name, self._known))
            except (AudioError, ConfigError) as error:
                unread.append((name, str(error)))
        for address in self._addresses:
            jobs += remote_jobs(address)
        return Found(jobs=tuple(jobs), unread=tuple(unread), growing=tuple(growing))


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What tells that a file changed."""

    size: int
    changed: float


def _stamp(path: Path) -> _Stamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None  # it was moved away meanwhile
    return _Stamp(stat.st_size, stat.st_mtime)


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
