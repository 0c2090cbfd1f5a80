"""How fast the terminal app answers: first frame, heartbeat while it loads, keys and stop while it works."""

import asyncio
import fcntl
import json
import os
import pty
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from terminal_room import SETTINGS

_BEAT_S = 0.005


@contextmanager
def home() -> Iterator[dict[str, str]]:
    """Yield an environment with a new home folder that has the models of the real one."""
    with tempfile.TemporaryDirectory(prefix="home-") as folder:
        settings = Path(folder, ".config", "plejediktat")
        settings.mkdir(parents=True)
        (settings / "terminal.toml").write_text(SETTINGS, encoding="utf-8")
        cache = Path(folder, ".cache")
        cache.mkdir()
        if (real := Path.home() / ".cache" / "plejediktat").is_dir():
            (cache / "plejediktat").symlink_to(real)
        environment = {
            **os.environ,
            "HOME": folder,
            "TERM": "xterm-256color",
            "PLEJEDIKTAT_KEY_PLACE": "file",
        }
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            environment.pop(name, None)
        yield environment


@contextmanager
def _in_terminal(environment: Mapping[str, str], *program: str) -> Iterator[int]:
    """Run a Python program in a terminal of 80 columns and 24 lines; yields our end of it."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [sys.executable, *program], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        yield ours
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def first_frame(count: int) -> dict[str, object]:
    """Start the app in a terminal; count the seconds until the first screen is there."""
    took = []
    with home() as environment:
        for _ in range(count):
            begun = time.monotonic()
            with _in_terminal(environment, "-m", "tui") as terminal:
                seen = b""
                while b"CPR" not in seen:
                    seen += os.read(terminal, 65536)
                took.append(time.monotonic() - begun)
    return {
        "starts": count,
        "first_frame_p50_s": round(statistics.median(took), 2),
        "first_frame_most_s": round(max(took), 2),
    }


def loading(count: int) -> dict[str, object]:
    """Start the app in a terminal; how late is its loop until model, vocabulary and store are there?"""
    late: list[float] = []
    ready: list[float] = []
    with home() as environment:
        for _ in range(count):
            with _in_terminal(environment, __file__) as terminal:
                seen = b""
                while b"<<" not in seen or b">>" not in seen:
                    seen += os.read(terminal, 65536)
            told = json.loads(seen[seen.index(b"<<") + 2 : seen.index(b">>")])
            late.append(told["most_s"])
            ready.append(told["ready_s"])
    return {
        "starts": count,
        "heartbeat_late_most_ms": round(max(late) * 1000, 1),
        "heartbeat_late_most_median_ms": round(statistics.median(late) * 1000, 1),
        "ready_p50_s": round(statistics.median(ready), 2),
    }


def _beat() -> None:
    """Run the app with a heartbeat until all is loaded, and print how late it was."""
    begun = time.perf_counter()
    from tui import app as app_module  # noqa: PLC0415 - what is measured
    from tui import preferences  # noqa: PLC0415
    from tui.parts import quieten, real  # noqa: PLC0415

    class Beating(app_module.TerminalApp):
        CSS_PATH = str(Path(app_module.__file__).with_name("app.tcss"))

        def on_load(self) -> None:
            self._beats = asyncio.create_task(self._go())

        async def _go(self) -> None:
            most, last, after, ready = 0.0, time.perf_counter(), 0, 0.0
            while after < 1 / _BEAT_S:  # a second more: garbage and first looks
                await asyncio.sleep(_BEAT_S)
                now = time.perf_counter()
                most, last = max(most, now - last - _BEAT_S), now
                state = self.desk.state
                if state.model and state.drafter_ready and state.notebook_ready:
                    ready = ready or now
                    after += 1
            self.exit(message=f"<<{json.dumps({'most_s': most, 'ready_s': ready - begun})}>>")

    quieten()
    Beating(real(), preferences.load()).run()


def speed(  # noqa: PLR0915 - one scene
    sample: Path, model: str
) -> dict[str, object]:
    """Say a sample: key to screen while it is transcribed, the heartbeat, and stop to text."""
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
    sound = read_audio(sample)
    source = ClipSource(sound, held=True)
    parts = real()
    factories = Factories(
        source=lambda _device: source,
        transcriber=lambda _model: parts.transcriber(model),
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
            await asyncio.sleep(_BEAT_S)
            now = time.perf_counter()
            gaps.append(now - last - _BEAT_S)
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
            until = time.perf_counter() + sound.duration
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
        "sample_s": round(sound.duration, 1),
        "keys": len(keys),
        "key_to_screen_p50_ms": round(statistics.median(keys) * 1000, 1),
        "key_to_screen_p95_ms": round(keys[int(len(keys) * 0.95)] * 1000, 1),
        "heartbeat_late_p99_ms": round(gaps[int(len(gaps) * 0.99)] * 1000, 1),
        "heartbeat_late_most_ms": round(gaps[-1] * 1000, 1),
        "stop_to_text_s": round(stop_to_text, 2),
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    _beat()
