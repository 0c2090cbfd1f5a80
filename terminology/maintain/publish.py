"""A release made ready for others: checked, with version, checksums, changelog and signature."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from terminology.errors import TerminologyError
from terminology.files import digest, read_text, write_atomic
from terminology.lint import Finding, Level
from terminology.lint import lint as lint_codes
from terminology.maintain.compare import Change, Difference, Kind, compare
from terminology.maintain.signing import SIGNATURE, read_private_key, sign
from terminology.maintain.versions import is_older
from terminology.maintain.vocabulary_files import read_vocabulary
from terminology.manifest import (
    Manifest,
    pinned_files,
    read_manifest,
    vocabulary_files,
    write_manifest,
)
from terminology.release import Release, read
from terminology.table import read_bytes

CHANGELOG = "CHANGELOG.md"
_TITLE = "# Changes of the terminology\n"
_NAMES = {
    Kind.CONCEPT: "Concepts",
    Kind.MEASUREMENT: "Measurements",
    Kind.TOBS: "TOBS limits",
    Kind.WORDING: "Wordings",
    Kind.LIST: "Shared lists",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was written."""

    release: Release
    manifest: Manifest
    signed_by: str
    """Fingerprint of the key; "" where none was given."""


def findings_of(folder: Traversable) -> tuple[Finding, ...]:
    """Return what keeps the release in `folder` from being read as a whole.

    Raises:
        TerminologyError: its code files or its manifest can't be read at all.

    """
    release = read(folder, pinned=False)
    return (*lint_codes(release), *read_vocabulary(folder, release).findings)


def publish(
    folder: Path,
    *,
    version: str = "",
    since: Traversable | None = None,
    key: Path | None = None,
    today: date,
) -> Published:
    """Check the files of a release and write its checksums, version, changelog and signature.

    Args:
        folder: of the release.
        version: the new one, which may not be older than the old one; the old one is kept if "".
        since: the release before, whose differences go to the changelog; none is written if None.
        key: private key to sign with; without one an old signature is removed.
        today: for the changelog.

    Raises:
        TerminologyError: something is to be mended first, the version is older, or the key is none.

    """
    if errors := [one for one in findings_of(folder) if one.level is Level.ERROR]:
        raise TerminologyError(
            f"The release in {folder} has something to mend, first at {errors[0].place}: "
            f'{errors[0].message}. Run "dictate-terms lint {folder}" to see all.'
        )
    before = read_manifest(folder)
    if version and is_older(version, before.version):
        raise TerminologyError(
            f"The version {version} is older than {before.version}, which the release has. "
            "Choose a newer one."
        )
    if key is not None:
        read_private_key(key)  # before anything is written
    manifest = replace(
        before,
        version=version or before.version,
        files={file: digest(read_bytes(folder, file)) for file in pinned_files(folder)},
        vocabulary={file: digest(read_bytes(folder, file)) for file in vocabulary_files(folder)},
    )
    entry = ""
    if since is not None:
        entry = changelog(
            compare(since, folder),
            version=manifest.version,
            before=read_manifest(since).version,
            today=today,
        )
    write_manifest(folder, manifest)
    if entry:
        _add_entry(folder / CHANGELOG, entry)
    (folder / SIGNATURE).unlink(missing_ok=True)
    signed_by = sign(folder, key) if key is not None else ""
    return Published(release=read(folder), manifest=manifest, signed_by=signed_by)


def changelog(differences: Sequence[Difference], *, version: str, before: str, today: date) -> str:
    """Return a section of the changelog: every concept that changed, and how many wordings of each."""
    lines = [f"## {version} - {today.isoformat()}", "", f"Since {before}.", ""]
    if not differences:
        lines += ["Nothing changed.", ""]
    for kind, name in _NAMES.items():
        found = [one for one in differences if one.kind is kind]
        if found:
            lines += [f"### {name}", ""]
            lines += _wording_lines(found) if kind in {Kind.WORDING, Kind.LIST} else _lines(found)
            lines.append("")
    return "\n".join(lines)


def _lines(found: Sequence[Difference]) -> list[str]:
    lines = []
    for one in found:
        what = f" {one.field}" if one.field else ""
        values = f': "{one.old}" > "{one.new}"' if one.field else ""
        lines.append(f"- {one.change}{what}: {one.display} ({one.code}){values}")
    return lines


def _wording_lines(found: Sequence[Difference]) -> list[str]:
    counts: dict[str, Counter[Change]] = {}
    for one in found:
        counts.setdefault(one.display, Counter())[one.change] += 1
    return [
        f"- {display}: {', '.join(f'{times} {change}' for change, times in sorted(changes.items()))}"
        for display, changes in sorted(counts.items())
    ]


def _add_entry(path: Path, entry: str) -> None:
    text = read_text(path) if path.exists() else _TITLE
    title, _, rest = text.partition("\n")
    write_atomic(path, f"{title}\n\n{entry}\n{rest.lstrip()}".rstrip().encode("utf-8") + b"\n")
