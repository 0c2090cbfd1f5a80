"""A real terminal and a virtual microphone, each in folders of its own."""

import os
import shutil
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

NEEDED = ("tmux", "pulseaudio", "paplay", "pactl")
PATIENCE_S = 60.0
"""A loaded machine with two cores is slow."""
ASOUND = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"


def require(*programs: str) -> None:
    """Skip where a program is missing; that is a failure where everything must be there."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        reason = f"not installed: {', '.join(missing)}"
        if os.environ.get("PLEJEDIKTAT_FULL"):
            pytest.fail(reason)
        pytest.skip(reason)


class Room:
    """A home of its own, a sound server with a virtual microphone, and a terminal."""

    def __init__(self, folder: Path) -> None:
        """Prepare the folders."""
        self.home = folder
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        (folder / ".asoundrc").write_text(ASOUND, encoding="utf-8")
        cache = folder / ".cache" / "plejediktat"
        cache.mkdir(parents=True)
        models = Path.home() / ".cache" / "plejediktat" / "models"
        if models.is_dir():
            (cache / "models").symlink_to(models)
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "PULSE_RUNTIME_PATH": str(runtime),
            "PLEJEDIKTAT_KEY_PLACE": "file",
            "NO_COLOR": "1",
            "TERM": "xterm-256color",
        }
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMUX"):
            self.environment.pop(name, None)
        self.socket = str(runtime / "tmux")

    def run(self, *command: str, check: bool = True) -> str:
        """Run a program in the room."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=check)
        return done.stdout

    def microphone(self, name: str = "mic") -> None:
        """Plug the virtual microphone in, with the sound server where it isn't running."""
        if subprocess.run(
            ["pactl", "info"], env=self.environment, capture_output=True, check=False
        ).returncode:
            self.run(
                "pulseaudio",
                "-n",
                "--daemonize=yes",
                "--exit-idle-time=-1",
                "--load=module-native-protocol-unix",
            )
            self.until(lambda: "Server" in self.run("pactl", "info", check=False))
        self.run("pactl", "load-module", "module-null-sink", f"sink_name={name}")

    def unplug(self) -> None:
        """Pull it out."""
        self.run("pactl", "unload-module", "module-null-sink")

    def speak(self, samples: np.ndarray) -> "subprocess.Popen[bytes]":
        """Play sound into the microphone; returns at once."""
        path = self.home / f"speech-{time.monotonic_ns()}.wav"
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(16000)
            out.writeframes((samples * 32767).astype("<i2").tobytes())
        return subprocess.Popen(["paplay", "--device=mic", str(path)], env=self.environment)

    def start(self, *arguments: str, size: tuple[int, int] = (80, 24)) -> None:
        """Start the app in a terminal."""
        width, height = size
        self.tmux(
            "new-session", "-d", "-x", str(width), "-y", str(height), sys.executable, "-m", "tui", *arguments
        )

    def tmux(self, *arguments: str) -> str:
        """Ask the terminal."""
        return self.run("tmux", "-S", self.socket, *arguments, check=False)

    def press(self, *keys: str) -> None:
        """Press keys."""
        self.tmux("send-keys", *keys)

    @property
    def screen(self) -> str:
        """What stands on it."""
        return self.tmux("capture-pane", "-p")

    def sees(self, *texts: str, seconds: float = PATIENCE_S) -> None:
        """Wait until all of these stand on the screen."""
        self.until(lambda: all(text in self.screen for text in texts), seconds)

    def until(self, condition: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"the screen stays as it is:\n{self.screen}"
            time.sleep(0.05)

    def process(self) -> int:
        """Return the process id of the app."""
        return int(self.tmux("display-message", "-p", "#{pane_pid}"))

    def is_over(self) -> bool:
        """Tell whether the app has ended."""
        return not self.tmux("list-sessions")

    def close(self) -> None:
        """Switch everything off."""
        self.tmux("kill-server")
        subprocess.run(["pulseaudio", "--kill"], env=self.environment, capture_output=True, check=False)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A room with a virtual microphone; a nurse who has been here before."""
    require(*NEEDED)
    folder = tmp_path / "h"  # sockets have short paths
    folder.mkdir()
    made = Room(folder)
    settings = folder / ".config" / "plejediktat"
    settings.mkdir(parents=True)
    (settings / "terminal.toml").write_text(
        'name = "Ann Ask"\nrole = "Sygeplejerske"\nguided = true\ntone = false\n', encoding="utf-8"
    )
    made.microphone()
    yield made
    made.close()
