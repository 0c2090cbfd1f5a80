"""Speed and errors of `dictate transcribe` beside faster-whisper, on the same weights in the same run.

Each folder holds recordings and a manifest.tsv (file, text, speaker, seconds). Every recording goes through
every engine, in an order that changes from recording to recording, so that a slow moment of the machine hits
all alike. Engines are loaded and warmed up before anything is timed. The result holds figures only, no texts.

    python benchmarks/throughput.py FOLDER... [--limit N] [--join MINUTES]
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import av
import numpy as np
import typer
from common import (
    BATCHED,
    OURS,
    PEER,
    WHISPER_CPP,
    Engine,
    Recording,
    heard,
    interval,
    ours,
    peers,
    recordings_of,
    whisper_cpp,
    write_result,
)
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dictate.audio import SAMPLE_RATE, read_audio
from dictate.evaluate import compare

PAUSE_S = 0.8
"""Between recordings that are joined."""
ORDER = (OURS, PEER, BATCHED, WHISPER_CPP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one engine made of one recording."""

    corpus: str
    recording: int
    seconds: float
    engine: str
    cpu_s: float
    wall_s: float
    words: int
    word_errors: int
    characters: int
    character_errors: int


def main(
    folders: Annotated[list[Path], typer.Argument(help="Folders with a manifest.tsv each.")],
    *,
    model: Annotated[str, typer.Option(help="A model of the catalogue.")] = "whisper-base",
    limit: Annotated[int, typer.Option(help="Recordings taken from each folder; 0 for all.")] = 0,
    join: Annotated[float, typer.Option(help="Join recordings to some of this many minutes.")] = 0.0,
    peer_threads: Annotated[int, typer.Option(help="cpu_threads of the peer; 0 is its default.")] = 0,
    ggml: Annotated[Path | None, typer.Option(help="Weights for whisper.cpp; see as_ggml.py.")] = None,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Compare engines on recordings; prints a table and writes figures as JSON."""
    with tempfile.TemporaryDirectory() as scratch:
        recordings = [one for folder in folders for one in recordings_of(folder, limit)]
        if join:
            recordings = list(_joined(recordings, join * 60, Path(scratch)))
        transcriber, files = ours(model)
        engines: dict[str, Engine] = {
            OURS: lambda path: heard(transcriber, path).text,
            **peers(files, threads=peer_threads),
        }
        if ggml:
            engines[WHISPER_CPP] = whisper_cpp(ggml, threads=peer_threads)
        for engine in engines.values():
            engine(recordings[0].path)
        runs = list(_measure(recordings, engines))
    summary = {
        corpus: _summary(runs, corpus) for corpus in (*dict.fromkeys(run.corpus for run in runs), None)
    }
    target = write_result(
        f"throughput{f'-joined-{join:g}' if join else ''}",
        output,
        files,
        {
            "peer_threads": peer_threads,
            "joined_minutes": join,
            "summary": {corpus or "all": figures for corpus, figures in summary.items()},
            "runs": [asdict(run) for run in runs],
        },
    )
    _print(summary)
    print(f"Wrote {target}")


def _joined(recordings: Sequence[Recording], most_s: float, scratch: Path) -> list[Recording]:
    """Join the recordings of each corpus, with pauses, to longer ones written to `scratch`."""
    groups: list[list[Recording]] = []
    for one in recordings:
        last = groups[-1] if groups else []
        length = sum(other.seconds + PAUSE_S for other in last)
        if last and last[0].corpus == one.corpus and length + one.seconds <= most_s:
            last.append(one)
        else:
            groups.append([one])
    pause = np.zeros(round(PAUSE_S * SAMPLE_RATE), dtype=np.float32)
    joined = []
    for number, group in enumerate(groups):
        samples = np.concatenate([part for one in group for part in (read_audio(one.path).samples, pause)])
        path = scratch / f"{number}.wav"
        _write_wav(path, samples)
        joined.append(
            Recording(
                corpus=group[0].corpus,
                path=path,
                text=" ".join(one.text for one in group),
                seconds=len(samples) / SAMPLE_RATE,
            )
        )
    return joined


def _write_wav(path: Path, samples: np.ndarray) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="mono")
        whole = np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(whole[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _measure(recordings: Sequence[Recording], engines: dict[str, Engine]) -> list[Run]:
    console = Console(stderr=True)
    runs = []
    names = list(engines)
    for number, one in enumerate(
        track(recordings, description="Transcribing", console=console, disable=not console.is_terminal)
    ):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            cpu, wall = time.process_time(), time.perf_counter()
            text = engines[name](one.path)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            found = compare(one.text, text)
            runs.append(
                Run(
                    corpus=one.corpus,
                    recording=number,
                    seconds=one.seconds,
                    engine=name,
                    cpu_s=round(cpu, 4),
                    wall_s=round(wall, 4),
                    words=found.words,
                    word_errors=found.errors,
                    characters=found.characters,
                    character_errors=found.character_errors,
                )
            )
    return runs


def _summary(runs: Sequence[Run], corpus: str | None) -> dict[str, dict[str, object]]:
    """Figures for each engine; those of ours are compared with the peer's, recording by recording."""
    by_engine = {
        name: [run for run in runs if run.engine == name and corpus in {None, run.corpus}]
        for name in sorted({run.engine for run in runs}, key=ORDER.index)
    }
    mine = by_engine[OURS]
    summary = {}
    for name, theirs in by_engine.items():
        figures: dict[str, object] = {
            "recordings": len(theirs),
            "audio_s": round(sum(run.seconds for run in theirs), 1),
            "wer": round(sum(run.word_errors for run in theirs) / sum(run.words for run in theirs), 4),
            "cer": round(
                sum(run.character_errors for run in theirs) / sum(run.characters for run in theirs), 4
            ),
            "cpu_s": round(sum(run.cpu_s for run in theirs), 2),
            "wall_s": round(sum(run.wall_s for run in theirs), 2),
        }
        if name != OURS:
            figures |= {
                "our_cpu_ratio": _ratio([run.cpu_s for run in mine], [run.cpu_s for run in theirs]),
                "our_cpu_ratio_median": round(
                    float(np.median([a.cpu_s / b.cpu_s for a, b in zip(mine, theirs, strict=True)])), 3
                ),
                "our_wall_ratio": _ratio([run.wall_s for run in mine], [run.wall_s for run in theirs]),
                "our_wer_relative": _ratio(
                    [run.word_errors for run in mine], [run.word_errors for run in theirs]
                ),
                "our_wer_relative_95": interval(
                    [run.word_errors for run in mine], [run.word_errors for run in theirs], digits=3
                ),
            }
        summary[name] = figures
    return summary


def _ratio(mine: Sequence[float], theirs: Sequence[float]) -> float:
    return round(sum(mine) / sum(theirs), 3)


def _print(summary: dict[str | None, dict[str, dict[str, object]]]) -> None:
    keys = ("wer", "cer", "cpu_s", "wall_s", "our_cpu_ratio", "our_cpu_ratio_median", "our_wer_relative")
    table = Table("Corpus", "Engine", *keys, "95 %")
    for corpus, engines in summary.items():
        for name, figures in engines.items():
            row = [str(figures.get(key, "")) for key in keys]
            table.add_row(corpus or "all", name, *row, str(figures.get("our_wer_relative_95", "")))
    Console(width=160).print(table)


if __name__ == "__main__":
    try:
        typer.run(main)
    except KeyboardInterrupt:
        sys.exit(130)
