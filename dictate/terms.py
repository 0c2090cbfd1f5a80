"""The words of the vocabulary in use, for the recogniser: written out once, then read from the cache."""

import subprocess
import sys
from pathlib import Path

from dictate.errors import OutputError
from dictate.paths import cache_dir, write_atomic
from terminology.cache import checksum
from terminology.errors import TerminologyError
from terminology.release import active

_LAYOUT = 1
"""Rises when what is written out changes."""


def terms(folder: Path | None = None) -> frozenset[str]:
    """Return the words, lower case; common ones are among them.

    Args:
        folder: keeps the list; the user's cache by default. One that can't be written is done without.

    Raises:
        TerminologyError: a file of the vocabulary is damaged.

    """
    place = (folder or cache_dir()) / "terms"
    file = place / f"{checksum(active())[:32]}-{_LAYOUT}.txt"
    try:
        return frozenset(file.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError):
        found = _from_child() or _written_out()
    try:
        write_atomic(file, "\n".join(sorted(found)).encode())
    except OutputError:
        return found
    for other in place.glob("*.txt"):
        if other != file:
            other.unlink(missing_ok=True)
    return found


def terms_or_none() -> frozenset[str]:
    """Return the words; none where the vocabulary is damaged: drafting tells, and speech is heard anyway."""
    try:
        return terms()
    except TerminologyError:
        return frozenset()


def _from_child() -> frozenset[str]:
    """Let another process do it: it takes 130 MB, which this one would keep. Empty where it fails."""
    try:
        done = subprocess.run([sys.executable, "-P", "-m", __name__], check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(done.stdout.decode().split())


def _written_out() -> frozenset[str]:
    """Single words of all phrases; takes seconds."""
    from terminology import cache  # noqa: PLC0415 - slow, and seldom needed
    from terminology.hotwords import phrases  # noqa: PLC0415

    return frozenset(
        word
        for phrase in phrases(cache.load(active()))
        for word in phrase.casefold().split()
        if word.isalpha()
    )


if __name__ == "__main__":
    sys.stdout.buffer.write("\n".join(_written_out()).encode())
