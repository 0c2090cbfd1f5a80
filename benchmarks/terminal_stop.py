"""From the stop key to the final text, and what the hurry costs: notes of about 15 s, spoken in real time.

    python benchmarks/terminal_stop.py FOLDER... [--notes 5] [--model whisper-base] [--slow 1]

Each folder has recordings and a manifest, as for `throughput.py`; consecutive recordings are joined to notes.
The text of each note is compared with the text of the same sound heard at once, without hurry.
"""

import statistics
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from common import interval, recordings_of, write_result

from dictate import bootstrap
from dictate.audio import SAMPLE_RATE, AudioClip, read_audio
from dictate.capture import BLOCK_S, Sound
from dictate.draft import Drafter
from dictate.evaluate import compare
from dictate.heard import draft_transcript
from dictate.hearing import Reports
from dictate.listening import CAREFUL, Listener
from dictate.paths import cache_dir
from dictate.streaming import Partial
from dictate.transcript import Transcript
from models.cache import ensure

_LONGEST_S, _BETWEEN_S, _BEFORE_S, _GRACE_S = 16.0, 0.35, 0.5, 0.4
_HESITATION_S = 0.15
"""From the last word to the stop key."""


def notes_of(folder: Path, most: int) -> list[tuple[str, Sound]]:
    """Join recordings to notes; returns what is said and the sound of each."""
    quiet = np.random.default_rng(0).normal(0, 1e-4, SAMPLE_RATE).astype(np.float32)
    notes: list[tuple[str, Sound]] = []
    texts: list[str] = []
    sounds: list[Sound] = [quiet[: round(_BEFORE_S * SAMPLE_RATE)]]
    for one in recordings_of(folder):
        if texts and sum(map(len, sounds)) / SAMPLE_RATE + one.seconds > _LONGEST_S:
            notes.append((" ".join(texts), np.concatenate(sounds)))
            texts, sounds = [], [quiet[: round(_BEFORE_S * SAMPLE_RATE)]]
        texts.append(one.text)
        sounds += [read_audio(one.path).samples, quiet[: round(_BETWEEN_S * SAMPLE_RATE)]]
        if len(notes) == most:
            return notes
    return notes


def speak(listener: Listener, sound: Sound, drafter: Drafter) -> tuple[float, Transcript]:
    """Feed sound as a microphone does, press stop, and wait; returns seconds from stop to the draft."""
    told = threading.Event()
    final: list[Transcript] = []

    def take(transcript: Transcript, _partial: Partial) -> None:
        draft_transcript(drafter, "x", transcript)
        final.append(transcript)
        told.set()

    hearing = listener.hear(Reports(partial=lambda _one: None, final=take, failed=lambda _one: told.set()))
    grace = np.random.default_rng(1).normal(0, 1e-4, round((_HESITATION_S + _GRACE_S) * SAMPLE_RATE))
    whole = np.concatenate([sound, grace.astype(np.float32)])
    step = round(BLOCK_S * SAMPLE_RATE)
    stop_at = len(sound) + round(_HESITATION_S * SAMPLE_RATE)
    begun, stopped = time.monotonic(), 0.0
    for at in range(0, len(whole), step):
        time.sleep(max(begun + (at + step) / SAMPLE_RATE - time.monotonic(), 0))
        if not stopped and at >= stop_at:
            stopped = time.monotonic()
            hearing.ending()
        hearing.feed(whole[at : at + step])
    hearing.finish()
    told.wait(60)
    return time.monotonic() - stopped, final[0]


def main(
    folders: Annotated[list[Path], typer.Argument(help="Folders with recordings and a manifest.")],
    *,
    notes: Annotated[int, typer.Option(help="Notes of each folder.")] = 5,
    model: Annotated[str, typer.Option(help="A model of the catalogue.")] = "whisper-base",
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Measure what a nurse waits for, and whether the text is as good as without hurry."""
    transcriber = bootstrap.transcriber(model)
    drafter = Drafter.load()
    listener = Listener(lambda: transcriber)
    found: dict[str, object] = {}
    for folder in folders:
        waits: list[float] = []
        live: list[tuple[int, int]] = []
        calm: list[tuple[int, int]] = []
        for text, sound in notes_of(folder, notes):
            waited, transcript = speak(listener, sound, drafter)
            whole = transcriber.transcribe([AudioClip(samples=sound)], CAREFUL)
            waits.append(waited)
            live.append(_errors(text, transcript))
            calm.append(_errors(text, whole))
            print(f"{len(sound) / SAMPLE_RATE:5.1f} s, waited {waited:.2f} s, errors {live[-1]} {calm[-1]}")
        found[folder.name] = {
            "notes": len(waits),
            "stop_to_draft_p50_s": round(statistics.median(waits), 2),
            "stop_to_draft_most_s": round(max(waits), 2),
            "wer_live": _rate(live),
            "wer_at_once": _rate(calm),
        }
        print(folder.name, found[folder.name])
    listener.close()
    print(f"Wrote {write_result('terminal_stop', output, ensure(model, cache_dir()), found)}")


def _errors(said: str, transcript: Transcript) -> tuple[int, int]:
    """Return wrong words and words in all."""
    counted = compare(said, transcript.text)
    return counted.errors, counted.words


def _rate(counts: Sequence[tuple[int, int]]) -> dict[str, object]:
    wrong, words = zip(*counts, strict=True)
    return {"rate": round(sum(wrong) / sum(words), 4), "interval": interval(wrong, words)}


if __name__ == "__main__":
    typer.run(main)
