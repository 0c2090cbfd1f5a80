"""From the start of the process to the first words, beside faster-whisper.

Each figure is the median of several fresh processes, ours and the peer's in turn. Processor seconds are what
a busy machine can't spoil.

    python benchmarks/latency.py RECORDING [--runs 5]
"""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from common import OURS, PEER, write_result

from dictate.paths import cache_dir
from models.cache import ensure

# Time starts before any import; the clock of the system is the same in both processes.
_OURS = """
import sys, time
from dictate import bootstrap
transcriber = bootstrap.transcriber(sys.argv[2])
ready, ready_cpu = time.time(), time.process_time()
from pathlib import Path
from dictate.audio import read_blocks
transcriber.transcribe(read_blocks(Path(sys.argv[1])))
"""
_PEER = """
import sys, time
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[3], device="cpu", compute_type=sys.argv[4])
ready, ready_cpu = time.time(), time.process_time()
list(model.transcribe(sys.argv[1], language="da")[0])
"""
_TOLD = """
import json, resource
start = float(sys.argv[5])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
told = {"ready_s": ready - start, "done_s": time.time() - start, "ready_cpu_s": ready_cpu}
print(json.dumps({**told, "done_cpu_s": time.process_time(), "peak_mb": peak}))
"""


def main(
    recording: Annotated[Path, typer.Argument(help="A short recording.")],
    *,
    model: Annotated[str, typer.Option(help="A model of the catalogue.")] = "whisper-base",
    runs: Annotated[int, typer.Option(help="Fresh processes for each engine.")] = 5,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Measure how long a user waits after the command."""
    files = ensure(model, cache_dir())
    found: dict[str, list[dict[str, float]]] = {OURS: [], PEER: []}
    for _ in range(runs):
        for name, script in ((OURS, _OURS), (PEER, _PEER)):
            found[name].append(_run(script, [str(recording), model, str(files.folder), files.compute_type]))
    summary = {
        name: {key: round(median(run[key] for run in each), 3) for key in each[0]}
        for name, each in found.items()
    }
    for name, figures in summary.items():
        print(f"{name}: {figures}")
    target = write_result("latency", output, files, {"summary": summary, "runs": found})
    print(f"Wrote {target}")


def _run(script: str, arguments: list[str]) -> dict[str, float]:
    import time  # noqa: PLC0415 - beside its only use

    done = subprocess.run(
        [sys.executable, "-c", script + _TOLD, *arguments, str(time.time())],
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    typer.run(main)
