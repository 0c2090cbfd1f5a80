"""The manifest of a terminology release: its version, its sources, and the checksum of each pinned file.

The official code files are pinned, so that a damaged or foreign file is refused. The spoken vocabulary is
not: a site edits it, and it is linted instead.
"""

import hashlib
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from terminology.errors import TerminologyError
from terminology.table import read_bytes

NAME = "manifest.toml"
FORMAT = 1
PINNED_FOLDER = "fsiii"
PINNED_FILES = ("observations.tsv", "tobs.tsv")

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]*", re.ASCII)
_HEADER = """\
# The terminology release. "dictate-terms release FOLDER" writes this file; edit by hand only the sources.
# Every file below is pinned: a release with a changed, missing or additional code file is refused.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where codes come from."""

    name: str
    system: str
    """The code system's URI."""
    version: str
    """The code system's version, "" where the source states none."""
    origin: str
    """The publication that the codes were taken from."""
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release says about itself."""

    version: str
    sources: tuple[Source, ...]
    files: Mapping[str, str]
    """Path within the release to SHA-256, in lower-case hexadecimal."""

    def source(self, system: str) -> Source:
        """Return the source of a code system.

        Raises:
            TerminologyError: the manifest names none.

        """
        for source in self.sources:
            if source.system == system:
                return source
        raise TerminologyError(
            f"{NAME} names no source for the code system {system}. Add a [[sources]] table."
        )


def pinned_files(folder: Traversable) -> tuple[str, ...]:
    """Return the paths of the code files that lie in `folder`, sorted.

    Raises:
        TerminologyError: there is no folder of code files.

    """
    try:
        names = sorted(item.name for item in folder.joinpath(PINNED_FOLDER).iterdir() if item.is_file())
    except OSError as error:
        raise TerminologyError(
            f"{folder} holds no terminology release: it has no folder {PINNED_FOLDER}. Name another one."
        ) from error
    tables = [f"{PINNED_FOLDER}/{name}" for name in names if name.endswith(".tsv")]
    if not tables:
        raise TerminologyError(
            f"{folder} holds no terminology release: {PINNED_FOLDER} is empty. Name another one."
        )
    return (*tables, *PINNED_FILES)


def read_manifest(folder: Traversable) -> Manifest:
    """Read the manifest of the release in `folder`.

    Raises:
        TerminologyError: it is missing, damaged, or written for another format version.

    """
    content = read_bytes(folder, NAME)
    try:
        data = tomllib.loads(content.decode("utf-8"))
        found = data["format"]
        if found != FORMAT:
            raise TerminologyError(
                f"{NAME} has format {found}, this program reads {FORMAT}. Install the release that fits it."
            )
        manifest = Manifest(
            version=_text(data["version"]),
            sources=tuple(
                Source(
                    name=_text(source["name"]),
                    system=_text(source["system"]),
                    version=_text(source["version"]),
                    origin=_text(source["origin"]),
                    licence=_text(source["licence"]),
                )
                for source in data["sources"]
            ),
            files={_text(file): _text(digest) for file, digest in data["files"].items()},
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TerminologyError(f"{NAME} is damaged: {error}. Reinstall Plejediktat.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise TerminologyError(
            f"{NAME} lacks or garbles the field {error}. Reinstall Plejediktat."
        ) from error
    return manifest


def check_files(manifest: Manifest, contents: Mapping[str, bytes]) -> None:
    """Compare the files of a release with its manifest.

    Raises:
        TerminologyError: a file was changed, is missing, or is not in the manifest.

    """
    for file in sorted(contents.keys() - manifest.files.keys()):
        raise TerminologyError(
            f'{file} is not in {NAME}. Remove it, or run "dictate-terms release" after review.'
        )
    for file in sorted(manifest.files.keys() - contents.keys()):
        raise TerminologyError(f"{file} is in {NAME} but missing. Restore it or reinstall Plejediktat.")
    for file, expected in manifest.files.items():
        found = digest(contents[file])
        if found != expected:
            raise TerminologyError(
                f"{file} is not the file that {NAME} pins (SHA-256 {found[:12]}…, not {expected[:12]}…). "
                'Restore it, or run "dictate-terms release" after review.'
            )


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into `folder`, whole or not at all.

    Raises:
        TerminologyError: the version is not a plain word, or the folder does not take the file.

    """
    if not _VERSION.fullmatch(manifest.version):
        raise TerminologyError(
            f'"{manifest.version}" is not a version such as 2026.11 or 1.0.0. Choose another.'
        )
    parts = [_HEADER, f"format = {FORMAT}\n", f"version = {_quoted(manifest.version)}\n"]
    for source in manifest.sources:
        parts.append("\n[[sources]]\n")
        parts += [
            f"{field} = {_quoted(getattr(source, field))}\n"
            for field in ("name", "system", "version", "origin", "licence")
        ]
    parts.append("\n[files]\n")
    parts += [f"{_quoted(file)} = {_quoted(checksum)}\n" for file, checksum in sorted(manifest.files.items())]
    _write_atomic(folder / NAME, "".join(parts).encode("utf-8"))


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML string


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _write_atomic(path: Path, content: bytes) -> None:
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            Path(name).chmod(0o644)  # mkstemp's 0600 is for secrets; this file is read by every user
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
