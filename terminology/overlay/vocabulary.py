"""The vocabulary of a release with a site's wordings in it, ready for the matcher."""

from dataclasses import replace
from pathlib import Path

from terminology.cache import Vocabulary
from terminology.index import Row, compile_rows
from terminology.overlay.load import Overlay, load_overlay
from terminology.pattern import Parser
from terminology.release import Release


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
