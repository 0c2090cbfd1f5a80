"""Measure the terminal app with a virtual microphone: clipped words, crashes, speed.

    python benchmarks/terminal.py clipping --count 200 [--busy 4]
    python benchmarks/terminal.py kills --count 50
    python benchmarks/terminal.py start
    python benchmarks/terminal.py loading
    python benchmarks/terminal.py speed [--sample FILE]
    python benchmarks/terminal.py shift --count 80
    python benchmarks/terminal.py keys

`clipping` and `kills` need PulseAudio (pulseaudio, paplay) and the ALSA plugin for it, `kills` also tmux.
Each prints one line of JSON; with -o it is added to a file. `terminal_stop.py` measures from stop to text.
"""

import argparse
import contextlib
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from terminal_room import PLAY_DELAY_S, RATE, virtual_microphone, write_wave
from terminal_speed import first_frame, loading, speed

_ALIKE = 0.5
"""Correlation of what was played with what was recorded; different noise has almost none."""


# -- clipping -----------------------------------------------------------------------------------------------


def clipping(count: int, seed: int, busy: int) -> dict[str, object]:
    """Speak around key presses; compare what was recorded with what was played.

    Args:
        count: of key presses.
        seed: of chance.
        busy: programs that want all of a core meanwhile; one thread of this one does, too.

    """
    with contextlib.ExitStack() as stack:
        environment = stack.enter_context(virtual_microphone())
        for _ in range(busy):
            stack.callback(subprocess.Popen([sys.executable, "-c", "while True: pass"]).kill)
        asked = ("--count", str(count), "--seed", str(seed), "--busy", str(busy))
        done = subprocess.run(
            [sys.executable, __file__, "_clipping", *asked],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
        )
    return dict(json.loads(done.stdout))


def record_around_key_presses(count: int, seed: int, busy: int) -> dict[str, object]:
    """Do it in the room of the virtual microphone."""
    from dictate.capture import PortAudioSource  # noqa: PLC0415 - PortAudio looks for devices when imported
    from dictate.microphone import Health, Microphone  # noqa: PLC0415

    chance = random.Random(seed)  # noqa: S311 - a benchmark that can be repeated
    noise = np.random.default_rng(seed)
    if busy:
        threading.Thread(target=_hold_the_interpreter, daemon=True).start()
    microphone = Microphone(PortAudioSource())
    while microphone.health is not Health.WARM:
        time.sleep(0.05)
    clipped, broken, starts, ends = 0, 0, [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "speech.wav")
        for _ in range(count):
            time.sleep(1.6)  # a pre-roll of silence
            speech = noise.uniform(-0.5, 0.5, round(chance.uniform(0.3, 0.9) * RATE)).astype(np.float32)
            write_wave(path, speech)
            begins = chance.uniform(-1.0, 0.3)
            blocks: list[np.ndarray] = []
            ended = threading.Event()
            delay = PLAY_DELAY_S
            now = time.monotonic()
            key = now + 1.2
            play_at = key + begins - delay
            time.sleep(max(play_at - now, 0) if begins < delay else 0)
            if begins < delay:
                playing = subprocess.Popen(["paplay", "--device=mic", str(path)])
            time.sleep(max(key - time.monotonic(), 0))
            take = microphone.record(blocks.append, ended.set)
            if begins >= delay:
                time.sleep(max(play_at - time.monotonic(), 0))
                playing = subprocess.Popen(["paplay", "--device=mic", str(path)])
            stop = key + max(begins + len(speech) / RATE + chance.uniform(0.0, 0.3), 0.1)
            time.sleep(max(stop - time.monotonic(), 0))
            if busy:  # the player is late, too, nobody knows how much; it ends when all was heard
                playing.wait()
            microphone.stop(take)
            ended.wait(5)
            playing.wait()
            recorded = np.concatenate(blocks) if blocks else np.zeros(1, np.float32)
            lag, whole = _find(speech, recorded)
            starts.append(lag / RATE - 1.5)
            ends.append((len(recorded) - lag - len(speech)) / RATE)
            clipped += int(not (whole[0] and whole[-1]))
            broken += int(not all(whole[1:-1]))
    microphone.close()
    return {
        "starts": count,
        "first_or_last_50_ms_missing": clipped,
        "gaps_inside": broken,
        "first_sound_after_key_s": [round(min(starts), 2), round(max(starts), 2)],
        "least_room_at_the_end_s": round(min(ends), 3),
        "lost_blocks": microphone.lost_blocks,
        "busy_programs": busy,
    }


def _hold_the_interpreter() -> None:
    """Keep all other threads of this process waiting, 0.1 s at a time, half of the time."""
    numbers = np.random.default_rng(0).permutation(250_000).tolist()
    while True:
        begun = time.monotonic()
        sorted(numbers)
        time.sleep(time.monotonic() - begun)


def _find(speech: np.ndarray, recorded: np.ndarray) -> tuple[int, list[bool]]:
    """Return where the speech begins in the recording, and whether each 50 ms of it are there."""
    size = 1 << (len(speech) + len(recorded)).bit_length()
    spectrum = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(speech, size))
    correlation = np.fft.irfft(spectrum, size)
    lag = int(np.argmax(correlation))
    if lag > size // 2:
        lag -= size
    window = RATE // 20
    whole = []
    for at in range(0, len(speech) - window + 1, window):
        piece = recorded[max(lag + at, 0) : max(lag + at + window, 0)]
        alike = len(piece) == window and float(np.corrcoef(speech[at : at + window], piece)[0, 1]) > _ALIKE
        whole.append(alike)
    tail = recorded[max(lag + len(speech) - window, 0) : lag + len(speech)]
    alike = len(tail) == window and float(np.corrcoef(speech[-window:], tail)[0, 1]) > _ALIKE
    return lag, [*whole, alike]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "what", choices=["clipping", "kills", "start", "loading", "speed", "shift", "keys", "_clipping"]
    )
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--busy", type=int, default=0, help="programs that want a core each, for clipping")
    parser.add_argument("--sample", type=Path, default=Path("samples/s09-personlig-pleje.flac"))
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("-o", "--output", type=Path)
    asked = parser.parse_args()
    result: dict[str, object]
    match asked.what:
        case "_clipping":
            print(json.dumps(record_around_key_presses(asked.count, asked.seed, asked.busy)))
            return
        case "clipping":
            result = clipping(asked.count or 200, asked.seed, asked.busy)
        case "kills":
            from terminal_kills import kills  # noqa: PLC0415 - each part alone

            result = kills(asked.count or 50, asked.seed, asked.sample)
        case "start":
            result = first_frame(asked.count or 10)
        case "loading":
            result = loading(asked.count or 5)
        case "speed":
            result = speed(asked.sample, asked.model)
        case "keys":
            from terminal_keys import keys  # noqa: PLC0415 - the same

            result = keys(asked.model)
        case _:
            from terminal_shift import shift  # noqa: PLC0415 - the same

            result = shift(asked.count or 80, asked.model)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}"
    line = json.dumps(
        {"benchmark": f"terminal {asked.what}", "seed": asked.seed, "machine": machine} | result
    )
    print(line)
    if asked.output:
        with asked.output.open("a", encoding="utf-8") as out:
            out.write(line + "\n")


if __name__ == "__main__":
    main()
