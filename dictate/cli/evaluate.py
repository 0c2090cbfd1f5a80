"""`dictate evaluate`: error rates on a site's own speech, so that it chooses a model with open eyes."""

import csv
import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from dictate.errors import AudioError, ConfigError

# The engine and the terminology are imported where they are used: --help answers at once.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from dictate.draft import Drafter
    from dictate.entry import Note
    from dictate.site import Evaluation, Gap, Rate, Utterance
    from dictate.transcriber.base import Transcriber

_OWN = frozenset({"file", "text", "speaker", "seconds"})
_BAR = 20


def evaluate(
    recordings: Annotated[
        Path,
        typer.Argument(
            metavar="RECORDINGS.tsv",
            help="Table with the columns file and text (the words as said), and where known speaker; "
            "every other column (dialect, sex, age …) parts the recordings into groups.",
        ),
    ],
    *,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", help="Speech model; may be given more than once. By default the one in use."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
) -> None:
    """Measure models on your own recordings: error rates, care terms, calibration, and whom they fail.

    Prints figures only: no word of what was said. Intervals are 95 % bootstrap intervals over speakers, or
    over recordings where fewer than five speakers are named. Nothing is kept.
    """
    from dictate import bootstrap
    from dictate.cli.progress import working
    from dictate.draft import Drafter
    from models.choice import current

    rows, labels = read_table(recordings)
    found = []
    for name in model or [current()]:
        with working(f"Preparing {name}"):
            transcriber = bootstrap.transcriber(name)
            drafter = Drafter.load()
        found.append(
            _measured(name, recordings.parent, rows, labels, transcriber=transcriber, drafter=drafter)
        )
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 100)
    for one in found:
        show(console, one)


def read_table(path: Path) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    """Read the table of recordings.

    Returns:
        Its rows, and the names of the columns that part them into groups.

    Raises:
        ConfigError: it can't be read, lacks a column, or a row is empty.

    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            columns = tuple(reader.fieldnames or ())
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "it is no table in UTF-8"
        raise ConfigError(f"Cannot read {path}: {reason}. Name a table with tabs between columns.") from error
    if missing := {"file", "text"} - set(columns):
        raise ConfigError(f"{path} has no column {' and no column '.join(sorted(missing))}. Add it.")
    for number, row in enumerate(rows, start=2):
        if None in row or any(value is None for value in row.values()):
            raise ConfigError(f"{path}, line {number}: it has another number of columns than the first line.")
        if not row["file"].strip() or not row["text"].strip():
            raise ConfigError(f"{path}, line {number}: the file or the text is missing. Fill it in.")
    if not rows:
        raise ConfigError(f"{path} lists no recordings. Add a line for each.")
    return rows, tuple(column for column in columns if column not in _OWN)


def _measured(
    name: str,
    folder: Path,
    rows: list[dict[str, str]],
    labels: tuple[str, ...],
    *,
    transcriber: "Transcriber",
    drafter: "Drafter",
) -> "Evaluation":
    from rich.progress import track

    from dictate.site import evaluate as figures

    console = Console(stderr=True)
    utterances: list[Utterance] = []
    failed = 0
    for row in track(
        rows, description=name, console=console, disable=not console.is_terminal, transient=True
    ):
        try:
            utterances.append(_heard(folder, row, labels, transcriber, drafter))
        except AudioError as error:
            failed += 1
            print(f"Left out: {error}", file=sys.stderr)
    if not utterances:
        raise AudioError(f"None of the {failed} recordings can be read. Check the column file.")
    return figures(name, utterances)


def _heard(
    folder: Path, row: dict[str, str], labels: tuple[str, ...], transcriber: "Transcriber", drafter: "Drafter"
) -> "Utterance":
    from dictate.audio import read_blocks
    from dictate.heard import draft_transcript
    from dictate.site import Utterance

    transcript = transcriber.transcribe(read_blocks(folder / row["file"]))
    meant = _terms(drafter.draft("said", spoken=row["text"]))
    drafted = _terms(draft_transcript(drafter, "heard", transcript))
    return Utterance(
        speaker=row.get("speaker", "").strip(),
        groups={label: row[label].strip() for label in labels if row[label].strip()},
        said=row["text"],
        heard=transcript.text,
        words=transcript.words,
        terms=meant.total(),
        found=(meant & drafted).total(),
        invented=(drafted - meant).total(),
        seconds=transcript.duration,
    )


def _terms(note: "Note") -> Counter[tuple[str, str, str, str]]:
    return Counter(
        (
            entry.kind.value,
            entry.coding.code if entry.coding else (entry.name or ""),
            entry.assertion.value,
            "" if entry.value is None else str(entry.value),
        )
        for entry in note.entries
    )


def show(console: Console, found: "Evaluation") -> None:
    """Print the figures of one model."""
    whole = found.all
    console.print(
        f"{found.model}: {whole.recordings} recordings, {whole.speakers or 'unknown'} speakers, ", end=""
    )
    console.print(f"{whole.words} words")
    console.print(f"  word error rate       {_percent(whole.wer)}")
    console.print(f"  character error rate  {_percent(whole.cer)}")
    if whole.term_recall:
        console.print(f"  entries found         {_percent(whole.term_recall)}")
    console.print(f"  entries invented      {whole.invented_per_note:.2f} a recording")
    console.print(
        f"  calibration error     {100 * found.ece:.1f} % (0: a probability of 0.9 is right 9 times in 10)"
    )
    if found.gaps:
        console.print()
        console.print(_groups(found.gaps))
        console.print(
            "GAP: how many more words in a hundred go wrong than in the other groups of that column."
        )
        console.print("! = the interval leaves out 0: the model fails this group.")
    console.print()
    console.print("Of words with this probability, so many were right:")
    for one in found.bins:
        full = round(one.right * _BAR)
        bar = "█" * full + "·" * (_BAR - full)
        console.print(f"  {one.low:.1f}–{one.low + 0.1:.1f}  {bar}  {100 * one.right:5.1f} %  of {one.words}")
    console.print()


def _groups(gaps: "tuple[Gap, ...]") -> Table:
    table = Table("GROUP", "RECORDINGS", "WER", "GAP (POINTS)", "", box=None, pad_edge=False)
    for gap in gaps:
        wide = gap.wer_gap
        sure = wide.low is not None and wide.low > 0
        interval = " (too few)"
        if wide.low is not None and wide.high is not None:
            interval = f" ({100 * wide.low:+.1f} … {100 * wide.high:+.1f})"
        table.add_row(
            f"{gap.label}: {gap.value}",
            str(gap.figures.recordings),
            _percent(gap.figures.wer),
            f"{100 * wide.value:+.1f}{interval}",
            "!" if sure else "",
        )
    return table


def _percent(rate: "Rate") -> str:
    if rate.low is None or rate.high is None:
        return f"{100 * rate.value:5.1f} %"
    return f"{100 * rate.value:5.1f} % ({100 * rate.low:.1f} … {100 * rate.high:.1f})"
