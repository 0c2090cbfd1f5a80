"""What the benchmarks of the recogniser share: recordings, engines, where it was measured, and plots."""

import csv
import json
import os
import platform
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import faster_whisper
import numpy as np

from dictate.audio import read_audio, read_blocks
from dictate.paths import cache_dir, write_atomic
from dictate.transcriber.base import DecodeOptions
from dictate.transcriber.judging import Judge
from dictate.transcriber.whisper import WhisperTranscriber
from dictate.transcript import ModelName, Transcript
from models.cache import ModelFiles, ensure

RESULTS = Path(__file__).parent / "results"
OURS = "dictate"
PEER = "faster-whisper"
BATCHED = "faster-whisper, batched"
WHISPER_CPP = "whisper.cpp"
RESAMPLINGS = 2000
_PACKAGES = ("ctranslate2", "faster-whisper", "onnxruntime", "av", "jiwer", "numpy")

Engine = Callable[[Path], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording and what is said in it."""

    corpus: str
    path: Path
    text: str
    seconds: float


def recordings_of(folder: Path, limit: int = 0) -> list[Recording]:
    """Read a manifest; `limit` 0 takes all."""
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Recording(
            corpus=folder.name, path=folder / row["file"], text=row["text"], seconds=float(row["seconds"])
        )
        for row in (rows[:limit] if limit else rows)
    ]


def ours(
    name: str, *, calibrated: bool = True, judge_of_terms: Judge | None = None
) -> tuple[WhisperTranscriber, ModelFiles]:
    """Load our recogniser as the product does.

    Args:
        name: of a model of the catalogue.
        calibrated: False gives the model's own probabilities.
        judge_of_terms: decides which terms are written, instead of the usual one.

    """
    files = ensure(name, cache_dir())
    transcriber = WhisperTranscriber(
        files.folder,
        model=ModelName(name=name, revision=files.spec.revision or "", compute_type=files.compute_type),
        floor_s=files.spec.min_window_s,
        calibrated=calibrated,
        judge_of_terms=judge_of_terms,
    )
    return transcriber, files


def heard(transcriber: WhisperTranscriber, path: Path, options: DecodeOptions | None = None) -> Transcript:
    """Transcribe a recording as the product does."""
    return transcriber.transcribe(read_blocks(path), options or DecodeOptions())


def peers(files: ModelFiles, *, threads: int = 0) -> dict[str, Engine]:
    """Load faster-whisper on the same weights, with its defaults: sequential and batched."""
    model = faster_whisper.WhisperModel(
        str(files.folder), device="cpu", compute_type=files.compute_type, cpu_threads=threads
    )
    batched = faster_whisper.BatchedInferencePipeline(model)

    def sequential(path: Path) -> str:
        return " ".join(segment.text for segment in model.transcribe(str(path), language="da")[0])

    def in_batches(path: Path) -> str:
        return " ".join(segment.text for segment in batched.transcribe(str(path), language="da")[0])

    return {PEER: sequential, BATCHED: in_batches}


def whisper_cpp(weights: Path, *, threads: int = 0) -> Engine:
    """Load whisper.cpp with its defaults; needs pywhispercpp, which nothing else here does.

    Args:
        weights: in its own format; see as_ggml.py.
        threads: 0 for all cores.

    """
    model = import_module("pywhispercpp.model").Model(
        str(weights),
        n_threads=threads or os.cpu_count(),
        language="da",
        print_progress=False,
        print_realtime=False,
        redirect_whispercpp_logs_to=os.devnull,
    )

    def engine(path: Path) -> str:
        return " ".join(segment.text for segment in model.transcribe(read_audio(path).samples.copy()))

    return engine


def interval(
    numerators: Sequence[float], denominators: Sequence[float], *, digits: int = 4
) -> tuple[float, float]:
    """95 % interval of a ratio of sums, by drawing recordings again (bootstrap)."""
    counts = np.column_stack([numerators, denominators]).astype(np.float64)
    drawn = np.random.default_rng(0).integers(0, len(counts), (RESAMPLINGS, len(counts)))
    sums = counts[drawn].sum(axis=1)
    low, high = np.percentile(sums[:, 0] / np.maximum(sums[:, 1], 1e-9), [2.5, 97.5])
    return round(float(low), digits), round(float(high), digits)


def write_result(benchmark: str, target: Path | None, files: ModelFiles, content: dict[str, object]) -> Path:
    """Write figures as JSON with what they were measured on; returns where."""
    result = {
        "benchmark": benchmark,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {name: version(name) for name in _PACKAGES},
        "commit": commit(),
        "model": {
            "name": files.spec.name,
            "revision": files.spec.revision,
            "compute_type": files.compute_type,
        },
        **content,
    }
    path = target or RESULTS / f"{benchmark}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, (json.dumps(result, indent=1, ensure_ascii=False) + "\n").encode())
    return path


def machine() -> dict[str, object]:
    """Tell what it was measured on."""
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


def commit() -> str:
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
