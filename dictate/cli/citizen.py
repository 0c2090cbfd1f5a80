"""`dictate citizen`: what is held about one citizen."""

import io
import sys
import wave
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dictate.cli.asking import citizen_id, passphrase
from dictate.disk import private_folder
from dictate.errors import OutputError
from dictate.paths import write_atomic

if TYPE_CHECKING:
    from dictate.store import Store
    from dictate.store.everything import AllHeld

app = typer.Typer(
    name="citizen",
    help="A citizen's own data: give it out.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@app.callback()
def citizen_commands() -> None:
    """Keep `export` a command of its own, also while it is the only one."""


@app.command()
def export(
    *,
    citizen: Annotated[
        str,
        typer.Option(
            help="The citizen's id in the store, or - to be asked for the CPR number (it is not shown)."
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="A new folder for the files.")
    ],
    sound: Annotated[bool, typer.Option("--sound", help="Also the recordings, as WAV files.")] = False,
) -> None:
    """Write all that is held about a citizen, with who looked at it: JSON and a readable Danish text.

    The files are in clear: hand them over safely, and delete them. That they were made is logged.
    """
    from dictate import citizen_file, opening  # noqa: PLC0415 - the store is slow to import

    if output.exists():
        raise OutputError(f"There is a folder {output} already. Name a new one.")
    with opening.store(program="dictate citizen", ask=passphrase()) as store:
        about = citizen_id(store, citizen)
        held = store.everything.about(about)
        log = store.log.read(citizen_id=about)
        files = {
            "oplysninger.json": citizen_file.as_json(held, log),
            "oplysninger.txt": citizen_file.as_text(held, log, now=datetime.now(UTC)),
        }
        private_folder(output)
        for name, content in files.items():
            write_atomic(output / name, content)
        sounds = _write_sounds(store, held, output) if sound else 0
    print(f"{len(held.dictations)} dictations, {len(log)} log events, {sounds} recordings: {output}")


def _write_sounds(store: "Store", held: "AllHeld", folder: Path) -> int:
    from dictate import journal  # noqa: PLC0415 - only for sound

    count = 0
    for one in held.dictations:
        recording = one.recording
        if recording is None or recording.deleted_at is not None:
            continue
        path = journal.path_of(store.recordings_dir, recording.id)
        if not path.exists():
            continue
        replay = journal.replay(path, store.recordings.key(recording.id))
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(replay.clip.sample_rate)
            file.writeframes((replay.clip.samples * 32767).clip(-32768, 32767).astype("<i2").tobytes())
        count += 1
        write_atomic(folder / f"lyd-{count}.wav", out.getvalue())
        store.log.append("sound.play", f"recording/{recording.id}", citizen_id=held.citizen.id)
        if replay.lost_note:
            print(f"lyd-{count}.wav: {replay.lost_note}", file=sys.stderr)
    return count
