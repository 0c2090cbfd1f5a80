"""`dictate normalise`: one spoken line in, one written line out."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from dictate.errors import DictateError
from terminology.written import to_written


def normalise(
    spoken: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEXT...|FILE|-]",
            help="What was said; or a file with one spoken line each; or - for standard input (the default).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write spoken Danish in figures, units and abbreviations: `hundrede og fyrre over halvfems` is 140/90.

    One spoken line gives one written line. Nothing is added to a fragment: no capital, no full stop.
    A spoken new line stays a space, so that lines in and out match.
    """
    for line in _lines(spoken or ["-"]):
        # One line at a time, so that a program can talk with this command through pipes.
        written = " ".join(to_written(line, note=False).text.splitlines())
        sys.stdout.buffer.write(written.encode("utf-8", "surrogatepass") + b"\n")
        sys.stdout.buffer.flush()


def _lines(spoken: list[str]) -> Iterator[str]:
    """Return the spoken lines: of standard input, of a file, or the words themselves."""
    if spoken == ["-"]:
        return _decoded(sys.stdin.buffer)
    path = Path(spoken[0])
    if len(spoken) == 1 and _is_file(path):
        try:
            return _decoded(path.read_bytes().splitlines(keepends=True))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise DictateError(f"Cannot read {path}: {reason}. Choose a file that you may read.") from error
    return iter([" ".join(spoken)])


def _is_file(path: Path) -> bool:
    """Tell whether `path` is a file; a long text is no path at all."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """Read lines as UTF-8; what is no UTF-8 becomes the replacement character."""
    for line in lines:
        yield line.decode("utf-8-sig", "replace").rstrip("\r\n")
