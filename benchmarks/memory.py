"""Memory of a process that transcribes again and again.

python benchmarks/memory.py RECORDING... [--times 1000]
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
from common import RESULTS, heard, ours, write_result
from plots import lines
from rich.console import Console
from rich.progress import track

from dictate.process import one_pool

WARM = 20
"""Transcriptions before growth is counted: libraries keep what they once needed."""


def main(
    recordings: Annotated[list[Path], typer.Argument(help="Recordings, transcribed in turn.")],
    *,
    model: Annotated[str, typer.Option(help="A model of the catalogue.")] = "whisper-base",
    times: Annotated[int, typer.Option(help="Transcriptions in all.")] = 1000,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Measure the peak, and the growth from one transcription to the next (Linux)."""
    one_pool()
    transcriber, files = ours(model)
    loaded = _resident_mb("VmRSS")
    held: list[tuple[float, float]] = []
    console = Console(stderr=True)
    for number in track(range(times), console=console, disable=not console.is_terminal):
        heard(transcriber, recordings[number % len(recordings)])
        if number >= WARM and number % max(1, times // 50) == 0:
            held.append((number, _resident_mb("VmRSS")))
    quarter = max(1, len(held) // 4)
    first, last = (sum(mb for _, mb in part) / len(part) for part in (held[:quarter], held[-quarter:]))
    figures = {
        "loaded_mb": round(loaded, 1),
        "peak_mb": round(_resident_mb("VmHWM"), 1),
        "growth_mb": round(last - first, 1),
        "transcriptions": times,
    }
    print(figures)
    target = write_result("memory", output, files, {"summary": figures, "resident_mb": held})
    plot = lines("Memory", "transcriptions", "MB", {"resident": held})
    (RESULTS if output is None else output.parent).joinpath("memory.svg").write_text(plot, encoding="utf-8")
    print(f"Wrote {target}")


def _resident_mb(key: str) -> float:
    """Read a figure of this process in MB, from the kernel."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith(key))


if __name__ == "__main__":
    try:
        typer.run(main)
    except KeyboardInterrupt:
        sys.exit(130)
