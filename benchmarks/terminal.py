"""Measure the terminal app with a virtual microphone: clipped words, crashes, speed.

    python benchmarks/terminal.py clipping --count 200
    python benchmarks/terminal.py kills --count 50
    python benchmarks/terminal.py start
    python benchmarks/terminal.py speed
    python benchmarks/terminal.py shift --count 80

`clipping` and `kills` need PulseAudio (pulseaudio, paplay, pactl) and the ALSA plugin for it. Each prints one
line of JSON; with -o it is added to a file.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import pty
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

RATE = 16_000
_ALIKE = 0.5
"""Correlation of what was played with what was recorded; different noise has almost none."""
ASOUND = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"


@contextlib.contextmanager
def virtual_microphone() -> Iterator[dict[str, str]]:
    """Run a sound server of its own with a microphone that `paplay` speaks into."""
    with tempfile.TemporaryDirectory(prefix="mic-") as folder:
        Path(folder, ".asoundrc").write_text(ASOUND, encoding="utf-8")
        cache = Path(folder, ".cache", "plejediktat")
        cache.mkdir(parents=True)
        models = Path.home() / ".cache" / "plejediktat" / "models"
        if models.is_dir():
            (cache / "models").symlink_to(models)
        environment = {
            **os.environ,
            "HOME": folder,
            "XDG_RUNTIME_DIR": folder,
            "PULSE_RUNTIME_PATH": folder,
            "PLEJEDIKTAT_KEY_PLACE": "file",
        }
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            environment.pop(name, None)
        subprocess.run(
            [
                "pulseaudio",
                "-n",
                "--daemonize=yes",
                "--exit-idle-time=-1",
                "--load=module-native-protocol-unix",
                "--load=module-null-sink sink_name=mic",
            ],
            env=environment,
            check=True,
            capture_output=True,
        )
        time.sleep(1)
        try:
            yield environment
        finally:
            subprocess.run(["pulseaudio", "--kill"], env=environment, check=False, capture_output=True)


def write_wave(path: Path, samples: np.ndarray) -> None:
    """Write 16-bit sound."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((samples * 32767).astype("<i2").tobytes())


# -- clipping -----------------------------------------------------------------------------------------------


def clipping(count: int, seed: int) -> dict[str, object]:
    """Speak around key presses; compare what was recorded with what was played."""
    with virtual_microphone() as environment:
        done = subprocess.run(
            [sys.executable, __file__, "_clipping", "--count", str(count), "--seed", str(seed)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
        )
    return dict(json.loads(done.stdout))


def record_around_key_presses(count: int, seed: int) -> dict[str, object]:
    """Do it in the room of the virtual microphone."""
    from dictate.capture import PortAudioSource  # noqa: PLC0415 - PortAudio looks for devices when imported
    from dictate.microphone import Health, Microphone  # noqa: PLC0415

    chance = random.Random(seed)  # noqa: S311 - a benchmark that can be repeated
    noise = np.random.default_rng(seed)
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
            delay = 0.12  # of paplay, about; the real one is measured
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
    }


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


# -- kills --------------------------------------------------------------------------------------------------


def kills(count: int, seed: int) -> dict[str, object]:
    """Kill a recording program at random moments; count what is gone when it is read back."""
    lost, missing = [], 0
    with virtual_microphone() as environment:
        chance = random.Random(seed)  # noqa: S311 - the same
        for _ in range(count):
            process = subprocess.Popen(
                [sys.executable, __file__, "_record"],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert process.stdout is not None
            process.stdout.readline()  # it records
            time.sleep(chance.uniform(0.3, 3.0))
            process.send_signal(signal.SIGKILL)
            said = [float(line) for line in process.stdout.read().split()]
            process.wait()
            found = subprocess.run(
                [sys.executable, __file__, "_recover"],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                check=True,
            ).stdout.split()
            if not found:
                missing += 1
                continue
            lost.append((said[-1] if said else 0.0) - float(found[-1]))
    return {"kills": count, "missing_dictations": missing, "most_lost_s": round(max(lost), 3)}


def record_until_killed() -> None:
    """Dictate as the app does, and say how much was taken in."""
    from dictate.capture import PortAudioSource  # noqa: PLC0415
    from dictate.dictation import Dictation, Parts  # noqa: PLC0415
    from dictate.listening import Listener  # noqa: PLC0415
    from dictate.microphone import Health, Microphone  # noqa: PLC0415
    from dictate.scripted import Script, ScriptedTranscriber  # noqa: PLC0415
    from tui.desk import Desk  # noqa: PLC0415
    from tui.parts import real  # noqa: PLC0415
    from tui.preferences import Preferences  # noqa: PLC0415

    notebook = real().notebook(Preferences(name="Bench", role="Test"), lambda: "")
    microphone = Microphone(PortAudioSource())
    listener = Listener(lambda: ScriptedTranscriber(Script("intet")))
    while microphone.health is not Health.WARM:
        time.sleep(0.02)
    parts = Parts(microphone=microphone, ear=listener, notebook=notebook, draft=Desk.draft_transcript)  # type: ignore[arg-type]  # never called
    dictation = Dictation(f"bench-{time.time_ns()}", parts, changed=lambda _one: None)
    dictation.start()
    while dictation.seconds <= 0:
        time.sleep(0.01)
    print("records", flush=True)
    while True:
        print(dictation.seconds, flush=True)
        time.sleep(0.02)


def recover() -> None:
    """Say how much sound the newest unfinished dictation has, and give it up."""
    from tui.parts import real  # noqa: PLC0415
    from tui.preferences import Preferences  # noqa: PLC0415

    notebook = real().notebook(Preferences(name="Bench", role="Test"), lambda: "")
    for row in notebook.unfinished():
        clip = notebook.replay(row.id)
        print(clip.duration if clip else 0.0)
        notebook.discard(row.id)
    notebook.close()


# -- first frame --------------------------------------------------------------------------------------------


def first_frame(count: int) -> dict[str, object]:
    """Start the app in a terminal; count the seconds until the first screen is there."""
    took = []
    with tempfile.TemporaryDirectory(prefix="home-") as folder:
        settings = Path(folder, ".config", "plejediktat")
        settings.mkdir(parents=True)
        (settings / "terminal.toml").write_text("guided = true\n", encoding="utf-8")
        environment = {
            **os.environ,
            "HOME": folder,
            "TERM": "xterm-256color",
            "PLEJEDIKTAT_KEY_PLACE": "file",
        }
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            environment.pop(name, None)
        for _ in range(count):
            ours, theirs = pty.openpty()
            begun = time.monotonic()
            process = subprocess.Popen(
                [sys.executable, "-m", "tui"], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
            )
            os.close(theirs)
            seen = b""
            while b"CPR" not in seen:
                seen += os.read(ours, 65536)
            took.append(time.monotonic() - begun)
            process.kill()
            process.wait()
            os.close(ours)
    return {
        "starts": count,
        "first_frame_p50_s": round(statistics.median(took), 2),
        "first_frame_most_s": round(max(took), 2),
    }


# -- speed and shift ----------------------------------------------------------------------------------------


def speed(  # noqa: PLR0915 - one scene
    seconds: float = 14.0,
) -> dict[str, object]:
    """Key to screen while the model transcribes real speech, the heartbeat, and stop to text."""
    from textual import events  # noqa: PLC0415

    from dictate.audio import read_audio  # noqa: PLC0415
    from dictate.draft import Drafter  # noqa: PLC0415
    from dictate.memory_notebook import MemoryNotebook  # noqa: PLC0415
    from dictate.playing import ClipSource  # noqa: PLC0415
    from tui.app import TerminalApp  # noqa: PLC0415
    from tui.desk import Factories  # noqa: PLC0415
    from tui.parts import quieten, real  # noqa: PLC0415
    from tui.rehearsal import KNOWN  # noqa: PLC0415

    quieten()
    sample = read_audio(min(Path("samples").glob("*.flac")))
    source = ClipSource(sample, held=True)
    parts = real()
    factories = Factories(
        source=lambda _device: source,
        transcriber=parts.transcriber,
        drafter=Drafter.load,
        notebook=lambda _preferences, _ask: MemoryNotebook(),
        limit=parts.limit,
        settled=parts.settled,
    )
    gaps: list[float] = []
    keys: list[float] = []
    stop_to_text = 0.0

    async def heartbeat() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.01)
            now = time.perf_counter()
            gaps.append(now - last - 0.01)
            last = now

    async def run() -> None:
        nonlocal stop_to_text
        app = TerminalApp(factories, KNOWN)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            # The app tells nobody from outside when it is ready: ask it.
            while not (app.desk.state.model and app.desk.state.drafter_ready):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            beat = asyncio.create_task(heartbeat())
            driver = app._driver  # noqa: SLF001 - where a real key press comes in
            assert driver is not None
            await pilot.press("f5")
            source.say()
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                begun = time.perf_counter()
                driver.process_message(events.Key("question_mark", "?"))
                while type(app.screen).__name__ != "HelpScreen":  # noqa: ASYNC110 - the same
                    await asyncio.sleep(0.001)
                await asyncio.sleep(0)
                keys.append(time.perf_counter() - begun)
                await app.pop_screen()
                await asyncio.sleep(0.15)
            begun = time.perf_counter()
            await pilot.press("f5")
            while type(app.screen).__name__ != "ReviewScreen":  # noqa: ASYNC110 - the same
                await asyncio.sleep(0.005)
            stop_to_text = time.perf_counter() - begun
            await asyncio.sleep(0.3)
            beat.cancel()

    asyncio.run(run())
    gaps.sort()
    keys.sort()
    return {
        "keys": len(keys),
        "key_to_screen_p50_ms": round(statistics.median(keys) * 1000, 1),
        "key_to_screen_p95_ms": round(keys[int(len(keys) * 0.95)] * 1000, 1),
        "heartbeat_late_p99_ms": round(gaps[int(len(gaps) * 0.99)] * 1000, 1),
        "heartbeat_late_most_ms": round(gaps[-1] * 1000, 1),
        "stop_to_text_s": round(stop_to_text, 2),
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def resident_mib() -> int:
    """Return the memory in use now."""
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * 4096 // 2**20


def shift(count: int) -> dict[str, object]:
    """A working day: note after note, in fast time; does memory grow?"""
    from dictate.draft import Drafter  # noqa: PLC0415
    from tui.rehearsal import Rehearsal  # noqa: PLC0415

    text = "borgeren har smerter i knæet punktum / blodtryk 140 over 80 punktum / temperatur 37,4 punktum"
    rehearsal = Rehearsal(text=text, drafter=Drafter.load())
    memory: list[int] = []

    async def run() -> None:
        async with rehearsal.play() as nurse:
            for _ in range(count):
                await nurse.type("els")
                await nurse.sees("Else Test")
                await nurse.press("enter")
                await nurse.dictate()
                await nurse.press("a", "f9", "u")
                await nurse.sees("Tryk F5")
                memory.append(resident_mib())

    asyncio.run(run())
    signed = len(rehearsal.notebook.mine())
    return {"notes": count, "signed": signed, "memory_mib_first": memory[4], "memory_mib_last": memory[-1]}


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "what", choices=["clipping", "kills", "start", "speed", "shift", "_clipping", "_record", "_recover"]
    )
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path)
    asked = parser.parse_args()
    match asked.what:
        case "_clipping":
            print(json.dumps(record_around_key_presses(asked.count, asked.seed)))
            return
        case "_record":
            record_until_killed()
            return
        case "_recover":
            recover()
            return
        case "clipping":
            result = clipping(asked.count or 200, asked.seed)
        case "kills":
            result = kills(asked.count or 50, asked.seed)
        case "start":
            result = first_frame(asked.count or 10)
        case "speed":
            result = speed()
        case _:
            result = shift(asked.count or 80)
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
