"""`dictate transcribe`: recordings to recognised words."""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dictate.errors import AudioError, ConfigError, OutputError
from dictate.paths import write_atomic
from dictate.transcriber.formats import TranscriptFormat, render

if TYPE_CHECKING:
    from dictate.transcriber.base import DecodeOptions, Transcriber


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What is the same for all recordings of one command."""

    transcriber: "Transcriber"
    options: "DecodeOptions"
    form: TranscriptFormat
    salvage: bool


def transcribe(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Recordings: wav, flac, mp3, m4a, ogg, opus and more."),
    ],
    *,
    model: Annotated[
        str | None,
        typer.Option(help="Speech model of `dictate-models list`; by default the one that `use` chose."),
    ] = None,
    form: Annotated[
        TranscriptFormat, typer.Option("--format", help="How to write it.")
    ] = TranscriptFormat.TEXT,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Folder for one file per recording."),
    ] = None,
    language: Annotated[str, typer.Option(help="Language spoken, as ISO 639-1 code.")] = "da",
    salvage: Annotated[
        bool, typer.Option("--salvage", help="Keep what is whole of a damaged or cut-off recording.")
    ] = False,
) -> None:
    """Write down what is said in recordings: the words as recognised, nothing made of them.

    Several recordings are done one after the other; one that can't be read is told and the rest are done.
    Without -o, text and JSON (one line for each recording) go to standard output.
    """
    _refuse_mixing(files, form, output)
    if output is not None:
        _require_writable(output)
    from dictate import bootstrap  # noqa: PLC0415 - the engine is slow to import; --help must not wait
    from dictate.cli.progress import working  # noqa: PLC0415
    from dictate.transcriber.base import DecodeOptions  # noqa: PLC0415
    from models.choice import current  # noqa: PLC0415
    from models.registry import spec  # noqa: PLC0415

    model = model or current()
    limit = spec(model).limit
    with working("Preparing the speech model (the first time it is joined, checked and made smaller)"):
        transcriber = bootstrap.transcriber(model)
    print(f"{model}: {limit}", file=sys.stderr)
    job = _Job(
        transcriber=transcriber,
        options=DecodeOptions(language=language),
        form=form,
        salvage=salvage,
    )
    failed = 0
    for number, file in enumerate(files, start=1):
        try:
            content = _transcribed(job, file, f"{number}/{len(files)} {file.name}")
        except AudioError as error:
            if len(files) == 1:
                raise
            print(f"Error: {error}", file=sys.stderr)
            failed += 1
            continue
        if output is not None:
            target = output / f"{file.stem}{form.suffix}"
            write_atomic(target, content.encode())
            print(f"Wrote {target}", file=sys.stderr)
        elif len(files) > 1 and form is TranscriptFormat.TEXT:
            _put(f"==> {file} <==\n{content}")
        else:
            _put(content)
    if failed:
        print(f"{failed} of {len(files)} recordings could not be transcribed; see above.", file=sys.stderr)
        raise typer.Exit(1)


def _transcribed(job: _Job, file: Path, label: str) -> str:
    """Recognise one recording and write it in the asked form."""
    from dictate.audio import read_blocks  # noqa: PLC0415 - see above
    from dictate.cli.progress import audio_progress  # noqa: PLC0415

    with audio_progress(file, label) as advance:
        blocks = read_blocks(file, salvage=job.salvage)
        transcript = job.transcriber.transcribe(blocks, job.options, progress=advance)
    return render(transcript, job.form, file=str(file))


def _refuse_mixing(files: Sequence[Path], form: TranscriptFormat, output: Path | None) -> None:
    """Refuse before any work what would overwrite or muddle results.

    Raises:
        ConfigError: two results would have the same name, or can't follow each other on standard output.

    """
    if output is None:
        if len(files) > 1 and not form.joinable:
            raise ConfigError(
                f"Several recordings can't follow each other as {form.value}: name a folder with -o DIR."
            )
        return
    # Case is ignored because some file systems do so.
    stems = Counter(file.stem.casefold() for file in files)
    twice = [file for file in files if stems[file.stem.casefold()] > 1]
    if twice:
        names = ", ".join(str(file) for file in twice)
        raise ConfigError(
            f"These recordings would be written to the same file: {names}. "
            "Rename one, or transcribe them into different folders."
        )


def _require_writable(folder: Path) -> None:
    """Find out before any work whether results can be kept.

    Raises:
        OutputError: the folder can't be made or written to.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(f"Cannot write to {folder}: {reason}. Choose another folder.") from error


def _put(content: str) -> None:
    """Write to standard output at once, as UTF-8 whatever the terminal's setting.

    Raises:
        OutputError: it does not take it.

    """
    try:
        sys.stdout.buffer.write(content.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise  # whoever read has heard enough; the command line ends quietly
    except OSError as error:
        # What is left in the buffer would fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        reason = error.strerror or type(error).__name__
        raise OutputError(f"Cannot write to standard output: {reason}. Give a folder with -o DIR.") from error
