"""Speed and errors of `dictate transcribe` beside faster-whisper, on the same weights in the same run.

Each folder holds recordings and a manifest.tsv (file, text, speaker, seconds). Every recording goes through
every engine, in an order that changes from recording to recording, so that a slow moment of the machine hits
all alike. Engines are loaded and warmed up before anything is timed. The result holds figures only, no texts.

    python benchmarks/throughput.py FOLDER... [--limit N] [--join MINUTES]
"""

import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import av
import faster_whisper
import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dictate.audio import SAMPLE_RATE, read_audio, read_blocks
from dictate.evaluate import compare
from dictate.paths import cache_dir, write_atomic
from dictate.transcriber.base import DecodeOptions
from dictate.transcriber.whisper import WhisperTranscriber
from dictate.transcript import ModelName
from models.cache import ensure

RESULTS = Path(__file__).parent / "results"
PEER = "faster-whisper"
OURS = "dictate"
OURS_PLAIN = "dictate, no word times"
PAUSE_S = 0.8
"""Between recordings that are joined."""
RESAMPLINGS = 2000

Engine = Callable[[Path], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording and what is said in it."""

    corpus: str
    path: Path
    text: str
    seconds: float


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
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Compare engines on recordings; prints a table and writes figures as JSON."""
    with tempfile.TemporaryDirectory() as scratch:
        recordings = [one for folder in folders for one in _recordings(folder, limit)]
        if join:
            recordings = list(_joined(recordings, join * 60, Path(scratch)))
        engines, about = _engines(model, peer_threads)
        for engine in engines.values():
            engine(recordings[0].path)
        runs = list(_measure(recordings, engines))
    summary = {
        corpus: _summary(runs, corpus) for corpus in (*dict.fromkeys(run.corpus for run in runs), None)
    }
    result = {
        "benchmark": "throughput",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": _machine(),
        "versions": {
            name: version(name) for name in ("ctranslate2", "faster-whisper", "onnxruntime", "av", "jiwer")
        },
        "commit": _commit(),
        "model": about,
        "peer_threads": peer_threads,
        "joined_minutes": join,
        "summary": {corpus or "all": figures for corpus, figures in summary.items()},
        "runs": [asdict(run) for run in runs],
    }
    target = output or RESULTS / f"throughput{f'-joined-{join:g}' if join else ''}.json"
    write_atomic(target, (json.dumps(result, indent=1) + "\n").encode())
    _print(summary)
    print(f"Wrote {target}")


def _recordings(folder: Path, limit: int) -> list[Recording]:
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Recording(
            corpus=folder.name, path=folder / row["file"], text=row["text"], seconds=float(row["seconds"])
        )
        for row in (rows[:limit] if limit else rows)
    ]


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


def _engines(name: str, peer_threads: int) -> tuple[dict[str, Engine], dict[str, str]]:
    files = ensure(name, cache_dir())
    about = ModelName(name=name, revision=files.spec.revision, compute_type=files.compute_type)
    ours = WhisperTranscriber(files.folder, model=about, floor_s=files.spec.min_window_s)
    peer = faster_whisper.WhisperModel(
        str(files.folder), device="cpu", compute_type=files.compute_type, cpu_threads=peer_threads
    )

    def dictate(path: Path) -> str:
        return ours.transcribe(read_blocks(path)).text

    def dictate_plain(path: Path) -> str:
        return ours.transcribe(read_blocks(path), DecodeOptions(word_times=False)).text

    def faster(path: Path) -> str:
        segments, _ = peer.transcribe(str(path), language="da")
        return " ".join(segment.text for segment in segments)

    return {OURS: dictate, OURS_PLAIN: dictate_plain, PEER: faster}, asdict(about)


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
        for name in (OURS, OURS_PLAIN, PEER)
    }
    peer = by_engine[PEER]
    summary = {}
    for name, mine in by_engine.items():
        figures: dict[str, object] = {
            "recordings": len(mine),
            "audio_s": round(sum(run.seconds for run in mine), 1),
            "wer": round(sum(run.word_errors for run in mine) / sum(run.words for run in mine), 4),
            "cer": round(sum(run.character_errors for run in mine) / sum(run.characters for run in mine), 4),
            "cpu_s": round(sum(run.cpu_s for run in mine), 2),
            "wall_s": round(sum(run.wall_s for run in mine), 2),
        }
        if name != PEER:
            figures |= {
                "cpu_ratio": round(sum(run.cpu_s for run in mine) / sum(run.cpu_s for run in peer), 3),
                "cpu_ratio_median": round(
                    float(np.median([a.cpu_s / b.cpu_s for a, b in zip(mine, peer, strict=True)])), 3
                ),
                "wall_ratio": round(sum(run.wall_s for run in mine) / sum(run.wall_s for run in peer), 3),
                "wer_difference_95": _interval(mine, peer),
            }
        summary[name] = figures
    return summary


def _interval(mine: Sequence[Run], peer: Sequence[Run]) -> tuple[float, float]:
    """95 % interval of our WER less the peer's, by drawing recordings again (paired bootstrap)."""
    counts = np.array([(a.word_errors - b.word_errors, a.words) for a, b in zip(mine, peer, strict=True)])
    drawn = np.random.default_rng(0).integers(0, len(counts), (RESAMPLINGS, len(counts)))
    sums = counts[drawn].sum(axis=1)
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _print(summary: dict[str | None, dict[str, dict[str, object]]]) -> None:
    table = Table(
        "Corpus", "Engine", "WER", "CER", "CPU s", "Wall s", "CPU ratio", "Median", "WER difference, 95 %"
    )
    for corpus, engines in summary.items():
        for name, figures in engines.items():
            row = [
                figures.get(key, "")
                for key in ("wer", "cer", "cpu_s", "wall_s", "cpu_ratio", "cpu_ratio_median")
            ]
            table.add_row(corpus or "all", name, *map(str, row), str(figures.get("wer_difference_95", "")))
    Console().print(table)


def _machine() -> dict[str, object]:
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        processor = next(
            line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name")
        )
    except (OSError, StopIteration):
        processor = platform.processor()
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _commit() -> str:
    """The commit that was measured; "+" after it means that files were changed since."""
    try:
        git = ["git", "-C", str(Path(__file__).parent)]
        commit = subprocess.run(
            [*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
        changed = subprocess.run(
            [*git, "status", "--porcelain"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit + ("+" if changed.strip() else "")


if __name__ == "__main__":
    try:
        typer.run(main)
    except KeyboardInterrupt:
        sys.exit(130)
