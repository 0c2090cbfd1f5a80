"""A published release taken into use; the one in use stays until the new one is there, whole and checked."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from terminology.errors import TerminologyError
from terminology.files import digest, write_atomic
from terminology.lint import Level
from terminology.maintain.publish import CHANGELOG, findings_of
from terminology.maintain.signing import SIGNATURE, verify
from terminology.maintain.versions import is_older
from terminology.manifest import NAME, Manifest, check_vocabulary, read_manifest
from terminology.places import releases_folder
from terminology.release import POINTER, active, read, shipped
from terminology.table import read_bytes

EXTRAS = ("README.md", CHANGELOG, SIGNATURE)
"""Files beside those that the manifest names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A release that is whole."""

    manifest: Manifest
    signed_by: str
    """Fingerprint of the key; "" where no signature was asked for."""


def check(folder: Traversable, keys: Sequence[Path]) -> Checked:
    """Check a published release: every checksum, every line, and the signature where keys are given.

    Raises:
        TerminologyError: it is damaged, foreign, circular, not published or not signed; names file and line.

    """
    signed_by = verify(folder, keys) if keys else ""
    read(folder)
    manifest = read_manifest(folder)
    if not manifest.vocabulary:
        raise TerminologyError(
            f"The release in {folder} has no checksums of its vocabulary: it was not published. Run "
            f'"dictate-terms release {folder}".'
        )
    check_vocabulary(manifest, folder)
    if errors := [one for one in findings_of(folder) if one.level is Level.ERROR]:
        raise TerminologyError(
            f"The release in {folder} has something to mend, first at {errors[0].place}: {errors[0].message}."
        )
    return Checked(manifest=manifest, signed_by=signed_by)


def install(folder: Traversable, keys: Sequence[Path], *, allow_older: bool = False) -> Checked:
    """Take the release in `folder` into use.

    Args:
        folder: of a published release.
        keys: public keys of which one must have signed it; none asked for if empty.
        allow_older: whether it may be older than the one in use.

    Raises:
        TerminologyError: it is not whole, or older; the one in use stays.

    """
    checked = check(folder, keys)
    version, current = checked.manifest.version, _version_in_use()
    if is_older(version, current) and not allow_older:
        raise TerminologyError(
            f"Release {version} is older than {current}, which is in use. Use --allow-older if that is meant."
        )
    name = f"{version}-{digest(read_bytes(folder, NAME))[:12]}"
    target = releases_folder() / name
    try:
        releases_folder().mkdir(parents=True, exist_ok=True)
        if target.exists() and not _is_whole(target, keys):
            shutil.rmtree(target)
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=releases_folder(), prefix=".new-") as temporary:
                made = Path(temporary) / "release"
                _copy(folder, made, checked.manifest)
                check(made, keys)  # what was copied, not what was looked at
                made.rename(target)
        write_atomic(releases_folder() / POINTER, f"{name}\n".encode())
    except OSError as error:
        raise TerminologyError(
            f"Cannot install into {releases_folder()}: {error.strerror or error}. "
            f"Release {current} stays in use."
        ) from error
    return checked


def uninstall() -> str:
    """Go back to the release that is shipped with the program; return its version."""
    try:
        (releases_folder() / POINTER).unlink(missing_ok=True)
    except OSError as error:
        raise TerminologyError(f"Cannot change {releases_folder()}: {error.strerror or error}.") from error
    return read_manifest(shipped()).version


def _version_in_use() -> str:
    """Return the version of the release in use; the shipped one's where the installed one is damaged."""
    try:
        return read_manifest(active()).version
    except TerminologyError:
        return read_manifest(shipped()).version


def _is_whole(folder: Path, keys: Sequence[Path]) -> bool:
    try:
        check(folder, keys)
    except TerminologyError:
        return False
    return True


def _copy(source: Traversable, target: Path, manifest: Manifest) -> None:
    """Copy the files that the manifest names, and nothing else that may lie there."""
    extras = [name for name in EXTRAS if source.joinpath(name).is_file()]
    for file in (NAME, *manifest.files, *manifest.vocabulary, *extras):
        path = target / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read_bytes(source, file))
