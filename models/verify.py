"""Is a file what the catalogue pins? Decided by SHA-256 over every byte, never by name or date."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelDamagedError, ModelMissingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The outcome of checking one file."""

    path: Path
    expected: str
    """SHA-256 as the catalogue pins it, 64 hex digits."""
    found: str | None
    """SHA-256 of the file; None where there is no such file."""

    @property
    def ok(self) -> bool:
        """True where the file is the pinned one."""
        return self.found == self.expected


def sha256(path: Path) -> str | None:
    """Hash a file in small pieces.

    Returns:
        64 hex digits, or None where there is no such file.

    Raises:
        ModelMissingError: it is there but can't be read.

    """
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelMissingError(f"Cannot read {path}: {reason}. Check its permissions.") from error


def check(path: Path, expected: str) -> Check:
    """Compare a file with its pin; `expected` is 64 hex digits."""
    return Check(path=path, expected=expected, found=sha256(path))


def require(outcome: Check, *, remedy: str) -> None:
    """Refuse a file that is not the pinned one.

    Args:
        outcome: from `check`.
        remedy: a sentence telling what to do.

    Raises:
        ModelDamagedError: names the file, the expected and the found hash.

    """
    if not outcome.ok:
        found = outcome.found or "no such file"
        raise ModelDamagedError(
            f"{outcome.path} is not the pinned model file: expected SHA-256 {outcome.expected}, "
            f"found {found}. {remedy}"
        )
