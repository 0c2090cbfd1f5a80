"""Rows of a CSV or TSV file with their places, read strictly."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from terminology.errors import TerminologyError

DELIMITERS = ";,\t"


def read_rows(text: str, *, file: str, needed: Sequence[str]) -> Iterator[tuple[Mapping[str, str], str]]:
    """Yield each row with its place, such as "new.csv, line 3".

    Args:
        text: of the file; what separates its columns is seen from the header.
        file: its name.
        needed: columns that must be there; more may be.

    Raises:
        TerminologyError: a column is missing, or a row has another number of columns than the header.

    """
    first, _, _ = text.partition("\n")
    reader = csv.reader(io.StringIO(text), delimiter=max(DELIMITERS, key=first.count), strict=True)
    try:
        columns = [column.strip() for column in next(reader, [])]
        if missing := [name for name in needed if name not in columns]:
            raise TerminologyError(
                f'{file}, line 1: the column "{missing[0]}" is missing. The header needs {", ".join(needed)}.'
            )
        for row in reader:
            place = f"{file}, line {reader.line_num}"
            if not row:
                continue
            if len(row) != len(columns):
                raise TerminologyError(f"{place}: it has not as many columns as the header. Mend that line.")
            yield {name: cell.strip() for name, cell in zip(columns, row, strict=True)}, place
    except csv.Error as error:
        raise TerminologyError(f"{file}, line {reader.line_num}: {error}. Mend that line.") from error
