"""Wordings as a table: CSV for spreadsheets, TSV for programs."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from terminology.files import read_text
from terminology.maintain.csv_rows import read_rows
from terminology.overlay.base import Said

COLUMNS = ("code", "display", "area", "section", "wording", "origin")
"""Of the table; code, section and wording are needed when it is read, "why" may be added."""

_FORMULA = re.compile(r"[=+\-@]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A wording that somebody else's file offers."""

    code: str
    section: str
    text: str
    place: str
    """File and line, for messages."""
    why: str = ""


def write_table(said: Iterable[Said], own: frozenset[str], *, delimiter: str) -> str:
    r"""Return wordings as a table.

    Args:
        said: the lines.
        own: the sources of the site's own lines.
        delimiter: ";" for a Danish spreadsheet, "\t" for programs. In the former a wording that a spreadsheet
            would take for a formula ("=gang") begins with an apostrophe.

    """
    out = io.StringIO()
    spreadsheet = delimiter != "\t"
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in said:
        text = one.line.text
        if spreadsheet and _FORMULA.match(text):
            text = f"'{text}"
        origin = "site" if one.line.source in own else "release"
        writer.writerow((one.spoken.code, one.spoken.display, one.spoken.area, one.section, text, origin))
    return ("\ufeff" if spreadsheet else "") + out.getvalue()


def read_table(path: Path) -> tuple[Incoming, ...]:
    """Read a table that has at least the columns code, section and wording, in any order.

    Raises:
        TerminologyError: it is no such table; the message names file, line and reason.

    """
    rows = read_rows(read_text(path), file=path.name, needed=("code", "section", "wording"))
    return tuple(
        Incoming(
            code=row["code"],
            section=row["section"],
            text=_without_apostrophe(row["wording"]),
            place=place,
            why=row.get("why", ""),
        )
        for row, place in rows
    )


def _without_apostrophe(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text
