"""The vocabulary of a release with a site's wordings in it, ready for the matcher."""

import hashlib
from dataclasses import replace
from pathlib import Path

from terminology import cache
from terminology.cache import Vocabulary
from terminology.index import Row, compile_rows
from terminology.overlay.load import Overlay, load_overlay
from terminology.pattern import Parser
from terminology.places import overlay_folder
from terminology.release import Release, active
from terminology.release import load as load_release


def load(folder: Path | None = None, kept_in: Path | None = None) -> Vocabulary:
    """Return the vocabulary of the release in use with the site's wordings, from the cache where it is there.

    Args:
        folder: of the overlay, the user's own by default; it need not exist.
        kept_in: folder of the cache, the user's own by default.

    Raises:
        TerminologyError: a file of the release or the overlay is damaged.

    """
    place = active()
    files = _files(folder or overlay_folder())
    if not files:
        return cache.load(place, kept_in)
    key = hashlib.sha256(cache.checksum(place).encode())
    for name, content in files:
        key.update(f"{name}\0{len(content)}\0".encode())
        key.update(content)

    def make() -> Vocabulary:
        laid, overlay = overlaid(cache.load(place, kept_in), load_release(), folder)
        return replace(laid, conflicts=len(overlay.conflicts))

    return cache.kept(key.hexdigest(), make, kept_in)


def _files(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """Return the files of an overlay by name; what can't be read is left to `load_overlay` to report."""
    found = []
    for path in sorted(path for path in folder.rglob("[!.]*") if path.is_file()):
        try:
            found.append((path.relative_to(folder).as_posix(), path.read_bytes()))
        except OSError:
            found.append((path.as_posix(), b""))
    return tuple(found)


def overlaid(
    vocabulary: Vocabulary, release: Release, folder: Path | None = None
) -> tuple[Vocabulary, Overlay]:
    """Lay a site's wordings over a vocabulary.

    Args:
        vocabulary: of the release.
        release: the concepts.
        folder: of the overlay, the user's own by default; it need not exist.

    Returns:
        The vocabulary for `Matcher.of`, the same object where the overlay changes nothing; and the overlay,
        whose conflicts should be shown to the person who keeps it.

    Raises:
        TerminologyError: a file of the overlay is damaged; the message names file, line and reason.

    """
    parser = Parser(vocabulary.lists)
    overlay = load_overlay(folder, release=release, base=vocabulary.concepts, parser=parser)
    if not overlay.added and not overlay.retired:
        return vocabulary, overlay
    rows = [
        Row(owner=one.code, section=section, line=line)
        for one in overlay.spoken
        for section, lines in one.sections.items()
        for line in lines
    ]
    rows += [row for row in vocabulary.rows if not row.owner]
    laid = replace(
        vocabulary,
        concepts=overlay.spoken,
        rows=tuple(rows),
        compiled=compile_rows(rows, vocabulary.lists),
    )
    return laid, overlay
