"""`dictate demo`: the whole way from a dictation to a signed bundle, shown step by step."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from dictate.demonstration import Outcome
    from dictate.evaluate import Comparison
    from dictate.transcript import Transcript

SHOWN_DIFFERENCES = 8

FilesArgument = Annotated[
    list[Path] | None, typer.Argument(metavar="[FILE]...", help="Your own recordings instead of the samples.")
]


def demo(
    files: FilesArgument = None,
    *,
    samples: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the sample dictations.")] = Path(
        "samples"
    ),
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the bundles.")
    ] = Path("demo-output"),
    model: Annotated[
        str | None,
        typer.Option(help="Speech model of `dictate-models list`; by default the one that `use` chose."),
    ] = None,
) -> None:
    """Transcribe dictations, draft coded entries, sign them as a synthetic person, and write FHIR bundles.

    For trying things out: a real note is signed by a real person, who has read it.
    """
    from rich.console import Console  # noqa: PLC0415 - --help answers at once

    from dictate import bootstrap, demonstration  # noqa: PLC0415
    from dictate.cli.progress import audio_progress, working  # noqa: PLC0415
    from dictate.draft import Drafter  # noqa: PLC0415
    from dictate.samples import own_recordings, read_samples  # noqa: PLC0415
    from models.choice import current  # noqa: PLC0415
    from models.registry import spec  # noqa: PLC0415

    model = model or current()
    recordings = own_recordings(files) if files else read_samples(samples)
    console = Console(highlight=False, markup=False, emoji=False)
    with working("Preparing the speech model (the first time it is joined, checked and made smaller)"):
        transcriber = bootstrap.transcriber(model)
        drafter = Drafter.load()
    names = {known.code: known.name for known in drafter.matcher.release.observations}
    console.print(
        f"{len(recordings)} recordings, model {model}. [Brackets]: words that it is unsure of.\n"
        "? before an entry: unsure, look twice.\n"
        f"All is signed by {demonstration.SIGNER}, who does not exist. A real note is signed by who made it."
    )
    outcomes = []
    for number, recording in enumerate(recordings, start=1):
        with audio_progress(recording.path, f"{number}/{len(recordings)} {recording.path.name}") as advance:
            outcome = demonstration.run(
                recording, transcriber=transcriber, drafter=drafter, output=output, progress=advance
            )
        _show(console, outcome, names)
        outcomes.append(outcome)
    _summarise(console, outcomes)
    console.print(f"\nWhat to expect of this model: {spec(model).limit}")


def _show(console: "Console", outcome: "Outcome", names: Mapping[str, str]) -> None:
    from rich.text import Text  # noqa: PLC0415

    from dictate.cli.draft import table  # noqa: PLC0415

    transcript, note = outcome.transcript, outcome.note
    console.print()
    console.rule(Text(f"{outcome.sample.path.name}, {transcript.duration:.0f} s", style="bold"), align="left")
    console.print(Text("Heard: ", style="bold") + _heard(transcript))
    if outcome.comparison:
        console.print(Text("Wrong: ", style="bold") + Text(_wrong(outcome.comparison)))
    console.print(Text("Note:  ", style="bold") + Text(note.text or "(nothing)"))
    console.print(
        table(note, names) if note.entries else "No entry was found in it; the note goes along as text."
    )
    console.print(Text("File:  ", style="bold") + Text(str(outcome.bundle)))


def _heard(transcript: "Transcript") -> "Text":
    """Return the recognised words; stretches of unsure ones stand in brackets, underlined."""
    from rich.text import Text  # noqa: PLC0415

    from dictate.heard import SURE  # noqa: PLC0415

    stretches = []
    for unsure, words in groupby(transcript.words, key=lambda word: word.probability < SURE):
        said = " ".join(word.text for word in words)
        stretches.append(Text(f"[{said}]", style="underline") if unsure else Text(said))
    return Text(" ").join(stretches) if stretches else Text("(no speech)")


def _wrong(comparison: "Comparison") -> str:
    """Return the word error rate, and the first words that were heard otherwise than said."""
    shown = [
        f"{difference.said or '-'} → {difference.heard or '-'}"
        for difference in comparison.differences[:SHOWN_DIFFERENCES]
    ]
    more = len(comparison.differences) - len(shown)
    listed = "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
    return f"{comparison.errors} of {comparison.words} words ({comparison.wer:.0%}). {listed}".strip()


def _summarise(console: "Console", outcomes: Sequence["Outcome"]) -> None:
    from rich.table import Table  # noqa: PLC0415

    table = Table(title="Summary", title_justify="left", box=None, pad_edge=False)
    table.add_column("Recording")
    for heading in ("Seconds", "Words", "Wrong", "Entries", "Unsure"):
        table.add_column(heading, justify="right")
    for outcome in outcomes:
        table.add_row(
            outcome.sample.path.name,
            f"{outcome.transcript.duration:.0f}",
            str(len(outcome.transcript.words)),
            f"{outcome.comparison.wer:.0%}" if outcome.comparison else "not known",
            str(len(outcome.note.entries)),
            str(sum(entry.unsure for entry in outcome.note.entries)),
        )
    console.print()
    console.print(table)
    known = [outcome.comparison for outcome in outcomes if outcome.comparison]
    words = sum(comparison.words for comparison in known)
    if words:
        errors = sum(comparison.errors for comparison in known)
        console.print(f"Of {words} words said, {errors} errors: {errors / words:.0%} word error rate.")
