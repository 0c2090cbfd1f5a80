"""Strict reading of the release's tab-separated files: what is not as it should be is refused with its line.

A table is UTF-8 (NFC), has LF line ends, a header line, no quoting and no blank line, and it ends with a line
end, so that a file that was cut short is noticed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from terminology.errors import TerminologyError

LARGEST = 256 * 1024 * 1024
"""Bytes of one file of a release; enough for half a million concepts."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_WHOLE = re.compile(r"-?\d+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def refusal(file: str, line: int, reason: str) -> TerminologyError:
    """Make the error for one line of a release file; `reason` is a clause without full stop."""
    return TerminologyError(f"{file}, line {line}: {reason}. Mend that line or restore the file.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table."""

    file: str
    """Path within the release, such as "fsiii/betydning.tsv"."""
    line: int
    """Counted from 1, the header being line 1."""
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the text of a cell ("" where it is empty)."""
        return self.cells[column]

    @property
    def place(self) -> str:
        """File and line, such as "fsiii/betydning.tsv:3"."""
        return f"{self.file}:{self.line}"

    def refuse(self, reason: str) -> TerminologyError:
        """Make the error that refuses this line."""
        return refusal(self.file, self.line, reason)

    def text(self, column: str) -> str:
        """Return the text of a cell that may not be empty.

        Raises:
            TerminologyError: it is empty.

        """
        if not self.cells[column]:
            raise self.refuse(f'the column "{column}" is empty')
        return self.cells[column]

    def number(self, column: str) -> float | None:
        """Return the decimal number of a cell, None where it is empty.

        Raises:
            TerminologyError: it is no decimal number with a point.

        """
        cell = self.cells[column]
        if not cell:
            return None
        if not _NUMBER.fullmatch(cell):
            raise self.refuse(f'"{cell}" in the column "{column}" is not a number such as 37.9')
        return float(cell)

    def whole(self, column: str) -> int:
        """Return the whole number of a cell that may not be empty.

        Raises:
            TerminologyError: it is empty or no whole number.

        """
        cell = self.text(column)
        if not _WHOLE.fullmatch(cell):
            raise self.refuse(f'"{cell}" in the column "{column}" is not a whole number')
        return int(cell)


def read_table(content: bytes, *, file: str, columns: Sequence[str]) -> tuple[Row, ...]:
    """Parse the content of one table.

    Args:
        content: the file's bytes.
        file: its path within the release, for messages.
        columns: the header that is asked for, exactly and in this order.

    Raises:
        TerminologyError: anything in it is not as it should be; the message names file, line and reason.

    """
    lines = _lines(content, file)
    if not lines or lines[0].split("\t") != list(columns):
        raise refusal(file, 1, f"the header is not: {' '.join(columns)} (separated by tabs)")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise refusal(file, number, f"{len(cells)} columns where {len(columns)} are asked for")
        for column, cell in zip(columns, cells, strict=True):
            if cell != " ".join(cell.split()):
                raise refusal(file, number, f'needless spaces in the column "{column}"')
        rows.append(Row(file=file, line=number, cells=dict(zip(columns, cells, strict=True))))
    return tuple(rows)


def _lines(content: bytes, file: str) -> list[str]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refusal(file, line, "it is not UTF-8 text") from error
    for found, what in (("\ufeff", "a byte order mark"), ("\r", "a carriage return; line ends must be LF")):
        if found in text:
            raise refusal(file, text.count("\n", 0, text.index(found)) + 1, f"it holds {what}")
    if control := _CONTROL.search(text):
        raise refusal(file, text.count("\n", 0, control.start()) + 1, "it holds a control character")
    lines = text.split("\n")
    if lines.pop():
        raise refusal(file, len(lines) + 1, "the last line has no line end: the file was cut short")
    if not unicodedata.is_normalized("NFC", text):
        odd = next(n for n, line in enumerate(lines, 1) if not unicodedata.is_normalized("NFC", line))
        raise refusal(file, odd, "its letters are not in composed form (Unicode NFC)")
    return lines


def read_bytes(folder: Traversable, file: str) -> bytes:
    """Return the content of one file of a release.

    Args:
        folder: the release's folder.
        file: path within it, with "/".

    Raises:
        TerminologyError: it can't be read or is far too large.

    """
    try:
        with folder.joinpath(*file.split("/")).open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise TerminologyError(
            f"Cannot read {file} in {folder}: {error.strerror or error}. Restore it or reinstall Plejediktat."
        ) from error
    if len(content) > LARGEST:
        raise TerminologyError(
            f"{file} in {folder} has more than {LARGEST // 1024 // 1024} MB, too much. Restore it."
        )
    return content
