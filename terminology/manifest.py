"""The manifest of a terminology release: its version, its sources, and the checksum of each pinned file.

The official code files are pinned: a damaged or foreign one is refused whenever the release is read. The
files of the vocabulary have checksums too once a release is published; those are compared when it is verified
and installed, so that a vocabulary in the making can be worked on.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from terminology.errors import TerminologyError
from terminology.files import digest, write_atomic
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
    """Path of each code file within the release to SHA-256, in lower-case hexadecimal."""
    vocabulary: Mapping[str, str] = field(default_factory=dict)
    """The same for the files of the vocabulary; empty where the release was not published yet."""

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


def vocabulary_files(folder: Traversable) -> tuple[str, ...]:
    """Return the paths of the vocabulary's files (*.txt) that lie anywhere in `folder`, sorted."""
    return tuple(sorted(_below(folder, "")))


def _below(folder: Traversable, prefix: str) -> Iterator[str]:
    for item in folder.iterdir():
        if item.name.startswith("."):
            continue
        if item.is_dir():
            yield from _below(item, f"{prefix}{item.name}/")
        elif item.name.endswith(".txt"):
            yield prefix + item.name


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
            files=_checksums(data["files"]),
            vocabulary=_checksums(data.get("vocabulary", {})),
        )
        _check_version(manifest.version)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TerminologyError(f"{NAME} is damaged: {error}. Reinstall Plejediktat.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise TerminologyError(
            f"{NAME} lacks or garbles the field {error}. Reinstall Plejediktat."
        ) from error
    return manifest


def check_files(manifest: Manifest, contents: Mapping[str, bytes]) -> None:
    """Compare the code files of a release with its manifest.

    Raises:
        TerminologyError: a file was changed, is missing, or is not in the manifest.

    """
    _compare(manifest.files, contents)


def check_vocabulary(manifest: Manifest, folder: Traversable) -> None:
    """Compare the vocabulary of a published release with its manifest.

    Raises:
        TerminologyError: a file was changed, is missing, or is not in the manifest.

    """
    _compare(manifest.vocabulary, {file: read_bytes(folder, file) for file in vocabulary_files(folder)})


def _compare(pinned: Mapping[str, str], contents: Mapping[str, bytes]) -> None:
    for file in sorted(contents.keys() - pinned.keys()):
        raise TerminologyError(
            f'{file} is not in {NAME}. Remove it, or run "dictate-terms release" after review.'
        )
    for file in sorted(pinned.keys() - contents.keys()):
        raise TerminologyError(f"{file} is in {NAME} but missing. Restore it or reinstall Plejediktat.")
    for file, expected in pinned.items():
        found = digest(contents[file])
        if found != expected:
            raise TerminologyError(
                f"{file} is not the file that {NAME} pins (SHA-256 {found[:12]}…, not {expected[:12]}…). "
                'Restore it, or run "dictate-terms release" after review.'
            )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into `folder`, whole or not at all.

    Raises:
        TerminologyError: the version is not a plain word, or the folder does not take the file.

    """
    _check_version(manifest.version)
    parts = [_HEADER, f"format = {FORMAT}\n", f"version = {_quoted(manifest.version)}\n"]
    for source in manifest.sources:
        parts.append("\n[[sources]]\n")
        parts += [
            f"{field} = {_quoted(getattr(source, field))}\n"
            for field in ("name", "system", "version", "origin", "licence")
        ]
    for table, checksums in (("files", manifest.files), ("vocabulary", manifest.vocabulary)):
        if checksums:
            parts.append(f"\n[{table}]\n")
            parts += [f"{_quoted(file)} = {_quoted(one)}\n" for file, one in sorted(checksums.items())]
    write_atomic(folder / NAME, "".join(parts).encode("utf-8"))


def _check_version(version: str) -> None:
    if not _VERSION.fullmatch(version):
        raise TerminologyError(f'"{version}" is not a version such as 2026.11 or 1.0.0. Choose another.')


def _checksums(table: Mapping[object, object]) -> dict[str, str]:
    return {_text(file): _text(checksum) for file, checksum in table.items()}


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML string


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
