"""Is anything lost or silently wrong after kills, power cuts and damage?

    python benchmarks/reliability.py [--kills N] [--cuts N] [--corruptions N] [--seed N]

The full soak is 2,000 kills, 2,000 cuts and 10,000 corruptions (the defaults). Exit code 1 if anything broke.
"""

import json
import os
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # children are forked: no threads before that

import typer
from reliability_cuts import cuts as cut
from reliability_damage import damage
from reliability_kills import kills as kill

from dictate.paths import write_atomic

RESULT = Path(__file__).parent / "results" / "reliability.json"


def main(
    *,
    kills: Annotated[int, typer.Option(help="kill -9 at random moments.")] = 2_000,
    cuts: Annotated[int, typer.Option(help="Power cuts at random moments.")] = 2_000,
    corruptions: Annotated[int, typer.Option(help="Changed bytes and cut-off ends.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Chooses moments, places and what a cut leaves.")] = 1,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the figures go, as JSON; no text in them.")
    ] = RESULT,
) -> None:
    """Break it, look at what is left, and count."""
    result: dict[str, object] = {
        "benchmark": "reliability",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
    }
    broken = 0
    for name, count, breaker in (
        ("kills", kills, kill),
        ("cuts", cuts, cut),
        ("corruptions", corruptions, damage),
    ):
        if not count:
            continue
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            figures = breaker(count, Path(folder), random.Random(f"{seed} {name}"))  # noqa: S311 - no keys
        figures["took s"] = round(time.monotonic() - started, 1)
        result[name] = figures
        broken += int(str(figures["broken"]))
        print(json.dumps({name: figures}, indent=1))
    write_atomic(output, (json.dumps(result, indent=1) + "\n").encode())
    if broken:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
