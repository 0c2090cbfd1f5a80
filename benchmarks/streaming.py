"""Text while somebody speaks: how soon it comes, what it costs, and how right it is beside the whole file.

Recordings are fed as fast as they were spoken, in blocks as a microphone gives them.

    python benchmarks/streaming.py FOLDER... [--limit 8]
"""

import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from common import Recording, heard, ours, recordings_of, write_result

from dictate.audio import SAMPLE_RATE, read_audio
from dictate.errors import DictateError
from dictate.evaluate import compare
from dictate.hearing import Reports
from dictate.listening import Listener
from dictate.streaming import Partial
from dictate.transcriber.whisper import WhisperTranscriber
from dictate.transcript import Transcript

BLOCK = SAMPLE_RATE // 10
LONGEST_WAIT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What was measured of one recording."""

    seconds: float
    first_text_s: float | None
    """After the end of the first word that was written in the end; None where nothing was shown before it."""
    final_s: float
    """After the last block."""
    cpu_s: float
    words: int
    streaming_errors: int
    whole_errors: int
    changed_words: int
    """Committed words that the final text lacks; it may be heard once more as a whole."""


def main(
    folders: Annotated[list[Path], typer.Argument(help="Folders with a manifest.tsv each.")],
    *,
    model: Annotated[str, typer.Option(help="A model of the catalogue.")] = "whisper-base",
    limit: Annotated[int, typer.Option(help="Recordings taken from each folder; 0 for all.")] = 8,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Measure sessions one after the other."""
    transcriber, files = ours(model)
    listener = Listener(lambda: transcriber)
    sessions = []
    for folder in folders:
        for number, one in enumerate(recordings_of(folder, limit)):
            session = _session(listener, transcriber, one)
            if number:  # the first one warms up
                sessions.append(session)
    listener.close()
    first = [one.first_text_s for one in sessions if one.first_text_s is not None]
    words = sum(one.words for one in sessions)
    summary = {
        "sessions": len(sessions),
        "seconds": round(sum(one.seconds for one in sessions), 1),
        "first_text_s_median": round(median(first), 2),
        "first_text_s_most": round(max(first), 2),
        "final_s_median": round(median(one.final_s for one in sessions), 2),
        "final_s_most": round(max(one.final_s for one in sessions), 2),
        "real_time_factor": round(
            sum(one.cpu_s for one in sessions) / sum(one.seconds for one in sessions), 3
        ),
        "wer_streaming": round(sum(one.streaming_errors for one in sessions) / words, 4),
        "wer_whole_file": round(sum(one.whole_errors for one in sessions) / words, 4),
    }
    print(summary)
    target = write_result(
        "streaming", output, files, {"summary": summary, "sessions": [asdict(one) for one in sessions]}
    )
    print(f"Wrote {target}")


def _session(listener: Listener, transcriber: WhisperTranscriber, one: Recording) -> Session:
    """Feed one recording as if it were spoken now."""
    samples = read_audio(one.path).samples
    done = threading.Event()
    shown: list[float] = []
    final: list[tuple[Transcript, Partial]] = []

    def partial(known: Partial) -> None:
        if known.words:
            shown.append(time.monotonic())

    def finished(transcript: Transcript, committed: Partial) -> None:
        final.append((transcript, committed))
        done.set()

    def failed(error: DictateError) -> None:
        done.set()
        raise error

    cpu, begun = time.process_time(), time.monotonic()
    hearing = listener.hear(Reports(partial=partial, final=finished, failed=failed))
    for start in range(0, len(samples), BLOCK):
        block = samples[start : start + BLOCK]
        time.sleep(max(0.0, begun + (start + len(block)) / SAMPLE_RATE - time.monotonic()))
        hearing.feed(block)
    stopped = time.monotonic()
    hearing.finish()
    if not done.wait(LONGEST_WAIT_S):
        raise SystemExit(f"No final text after {LONGEST_WAIT_S:.0f} s.")
    ended = time.monotonic()
    cpu = time.process_time() - cpu
    transcript, committed = final[0]
    before = [at for at in shown if at < stopped]
    spoken = [word.end for word in transcript.words]
    whole = compare(one.text, heard(transcriber, one.path).text)
    streamed = compare(one.text, transcript.text)
    kept = [word.text for word in transcript.words]
    return Session(
        seconds=one.seconds,
        first_text_s=round(before[0] - begun - spoken[0], 3) if before and spoken else None,
        final_s=round(ended - stopped, 3),
        cpu_s=round(cpu, 3),
        words=whole.words,
        streaming_errors=streamed.errors,
        whole_errors=whole.errors,
        changed_words=sum(word.text not in kept for word in committed.committed),
    )


if __name__ == "__main__":
    typer.run(main)
