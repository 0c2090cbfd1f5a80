"""What is written where nobody speaks, and how words get lost as sound gets worse.

    python benchmarks/noise.py [FOLDER...] [--minutes 30] [--limit 12] [--peer]

Non-speech is made, not recorded: see nonspeech.py. Folders hold recordings and a manifest.tsv; each recording
is made worse step by step and recognised again.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from common import RESULTS, Recording, ours, recordings_of, write_result
from nonspeech import Sound, coloured, pieces
from plots import lines

from dictate.audio import AudioClip, read_audio
from dictate.evaluate import compare
from dictate.transcriber.whisper import WhisperTranscriber

SNR_DB = (60, 40, 30, 20, 15, 10, 5)
BACKGROUND_DB = (-30, -40, -45, -50, -55, -60, -70)
"""Levels of somebody who speaks in the next room, in dB of full scale."""
ROOM_DB = -60
"""Of the noise of the room."""
UNSURE = 0.5
"""A word that is less probable makes the entries unsure that stand on it."""


def main(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders with a manifest.tsv each.")] = None,
    *,
    model: Annotated[str, typer.Option(help="A model of the catalogue.")] = "whisper-base",
    minutes: Annotated[float, typer.Option(help="Of non-speech.")] = 30.0,
    limit: Annotated[int, typer.Option(help="Recordings taken from each folder; 0 for all.")] = 12,
    peer: Annotated[bool, typer.Option("--peer", help="Give faster-whisper the same non-speech.")] = False,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Count invented words, and plot the error rate by noise."""
    transcriber, files = ours(model)
    invented = _invented(transcriber, minutes)
    print(f"dictate: {sum(invented.values())} words in {minutes:g} minutes of non-speech {invented}")
    theirs = _invented_by_peer(files.folder, files.compute_type, minutes) if peer else None
    if theirs is not None:
        print(f"faster-whisper: {sum(theirs.values())} words {theirs}")
    recordings = [one for folder in folders or () for one in recordings_of(folder, limit)]
    rates = {name: _error_rate(transcriber, recordings, worse) for name, worse in _damages().items()}
    for name, rate in rates.items() if recordings else ():
        print(f"WER {rate:.3f}  {name}")
    behind = {level: _background(transcriber, recordings, level) for level in BACKGROUND_DB}
    for level, figures in behind.items() if recordings else ():
        print(f"speech at {level} dB: {figures}")
    target = write_result(
        "noise",
        output,
        files,
        {
            "minutes": minutes,
            "invented_words": invented,
            "invented_words_peer": theirs,
            "recordings": len(recordings),
            "wer": rates if recordings else {},
            "speech_in_the_background": behind if recordings else {},
        },
    )
    if recordings:
        by_noise = [(float(snr), rates[f"pink noise at {snr} dB"]) for snr in SNR_DB]
        plot = lines(
            "Words wrong by noise", "signal to noise, dB", "word error rate", {"pink noise": by_noise}
        )
        (RESULTS / "noise.svg").write_text(plot, encoding="utf-8")
    print(f"Wrote {target}")


def _invented(transcriber: WhisperTranscriber, minutes: float) -> dict[str, int]:
    """Words written for each kind of non-speech."""
    words: dict[str, int] = {}
    for kind, _, sound in pieces(minutes * 60):
        found = transcriber.transcribe([AudioClip(samples=sound)])
        words[kind] = words.get(kind, 0) + len(found.text.split())
    return words


def _invented_by_peer(folder: Path, compute_type: str, minutes: float) -> dict[str, int]:
    import faster_whisper  # noqa: PLC0415 - only where asked for

    model = faster_whisper.WhisperModel(str(folder), device="cpu", compute_type=compute_type)
    words: dict[str, int] = {}
    for kind, _, sound in pieces(minutes * 60):
        text = " ".join(segment.text for segment in model.transcribe(sound, language="da")[0])
        words[kind] = words.get(kind, 0) + len(text.split())
    return words


def _damages() -> dict[str, Callable[[Sound], Sound]]:
    """Ways to make sound worse."""

    def noisy(snr: float) -> Callable[[Sound], Sound]:
        def worse(sound: Sound) -> Sound:
            noise = coloured(np.random.default_rng(0), len(sound), 1)
            level = float(np.sqrt(np.mean(np.square(sound)))) / 10 ** (snr / 20)
            return (sound + level * noise).clip(-1, 1).astype(np.float32)

        return worse

    return {
        "as it is": lambda sound: sound,
        **{f"pink noise at {snr} dB": noisy(snr) for snr in SNR_DB},
        "clipped hard": lambda sound: (sound * 20 / np.abs(sound).max()).clip(-1, 1).astype(np.float32),
        "offset of a quarter": lambda sound: (sound + 0.25).clip(-1, 1).astype(np.float32),
        "40 dB quieter": lambda sound: (sound * 0.01).astype(np.float32),
        "8 kHz telephone": _telephone,
        "8 kHz from the middle on": lambda sound: np.concatenate(
            [sound[: len(sound) // 2], _telephone(sound[len(sound) // 2 :])]
        ),
        "begins in a word": lambda sound: sound[len(sound) // 8 :],
        "stops in a word": lambda sound: sound[: -len(sound) // 8],
        "drops out": _with_gaps,
    }


def _background(
    transcriber: WhisperTranscriber, recordings: list[Recording], level: float
) -> dict[str, float]:
    """Words per minute written of speech at a level in the noise of a room, and how many of them are sure."""
    words, sure, seconds = 0, 0, 0.0
    for one in recordings:
        sound = read_audio(one.path).samples
        loudness = float(np.sqrt(np.mean(np.square(sound))))
        room = 10 ** (ROOM_DB / 20) * coloured(np.random.default_rng(0), len(sound), 1)
        faint = (sound * 10 ** (level / 20) / loudness + room).clip(-1, 1).astype(np.float32)
        found = transcriber.transcribe([AudioClip(samples=faint)])
        words += len(found.words)
        sure += sum(word.probability >= UNSURE for word in found.words)
        seconds += one.seconds
    minutes = max(seconds, 1.0) / 60
    return {"words_per_minute": round(words / minutes, 1), "sure_per_minute": round(sure / minutes, 1)}


def _telephone(sound: Sound) -> Sound:
    spectrum = np.fft.rfft(sound)
    frequencies = np.fft.rfftfreq(len(sound), 1 / 16_000)
    spectrum[(frequencies < 300) | (frequencies > 3400)] = 0
    return np.fft.irfft(spectrum, len(sound)).astype(np.float32)


def _with_gaps(sound: Sound) -> Sound:
    """50 ms are lost each second."""
    worse = sound.copy()
    for start in range(8000, len(worse), 16_000):
        worse[start : start + 800] = 0
    return worse


def _error_rate(
    transcriber: WhisperTranscriber, recordings: list[Recording], worse: Callable[[Sound], Sound]
) -> float:
    found = [
        compare(
            one.text,
            transcriber.transcribe([AudioClip(samples=worse(read_audio(one.path).samples.copy()))]).text,
        )
        for one in recordings
    ]
    return round(sum(one.errors for one in found) / max(1, sum(one.words for one in found)), 4)


if __name__ == "__main__":
    try:
        typer.run(main)
    except KeyboardInterrupt:
        sys.exit(130)
