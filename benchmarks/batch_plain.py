"""Transcribes files in the plainest way, for benchmarks/batch.py: the peer's loop, or our workers alone.

    python benchmarks/batch_plain.py peer MODEL FOLDER
    python benchmarks/batch_plain.py WORKERSxTHREADS MODEL FOLDER

Prints one line of JSON: what ended well, what failed, and seconds of sound. No text.
"""

import json
import sys
from pathlib import Path
from threading import Event

from batch_mix import gather


def peer(model: str, files: list[Path]) -> dict[str, float]:
    """Loop faster-whisper's batched pipeline, with its defaults, over files."""
    import faster_whisper  # noqa: PLC0415 - the peer's start is counted, and only where it is used

    from dictate.paths import cache_dir  # noqa: PLC0415
    from models.cache import ensure  # noqa: PLC0415

    made = ensure(model, cache_dir())
    whisper = faster_whisper.WhisperModel(str(made.folder), device="cpu", compute_type=made.compute_type)
    batched = faster_whisper.BatchedInferencePipeline(whisper)
    good = failed = 0
    seconds = 0.0
    for file in files:
        try:
            segments, about = batched.transcribe(str(file), language="da")
            for _ in segments:
                pass
        except Exception:  # noqa: BLE001 - a bad recording stops no loop
            failed += 1
        else:
            good += 1
            seconds += about.duration
    return {"good": good, "failed": failed, "seconds": round(seconds, 1)}


def ours(model: str, files: list[Path], workers: int, threads: int) -> dict[str, float]:
    """Have our workers do files, without the store."""
    from dictate.batch.about import Known  # noqa: PLC0415 - see above
    from dictate.batch.inbox import job  # noqa: PLC0415
    from dictate.batch.local import LocalRunner  # noqa: PLC0415
    from dictate.batch.making import Make  # noqa: PLC0415

    runner = LocalRunner(Make(model, threads=threads), workers=workers, threads=threads)
    jobs = sorted((job(file, file.name, Known()) for file in files), key=lambda one: -one.rough_seconds)
    good = failed = 0
    seconds = 0.0
    for outcome in runner.run(jobs, told=lambda _: None, stop=Event()):
        if outcome.transcript is None:
            failed += 1
        else:
            good += 1
            seconds += outcome.transcript.duration
    return {"good": good, "failed": failed, "seconds": round(seconds, 1)}


if __name__ == "__main__":
    how, model, folder = sys.argv[1:]
    files = gather([Path(folder)])
    if how == "peer":
        print(json.dumps(peer(model, files)))
    else:
        workers, threads = map(int, how.split("x"))
        print(json.dumps(ours(model, files, workers, threads)))
