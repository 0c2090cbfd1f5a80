"""What the terminal's benchmarks share: a virtual microphone, and the real app in a terminal of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
import wave
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

RATE = 16_000
PLAY_DELAY_S = 0.12
"""From the start of `paplay` to its first sound, about."""
ASOUND = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
SETTINGS = 'guided = true\ntone = false\nname = "Ann Ask"\nrole = "Sygeplejerske"\n'


@contextlib.contextmanager
def virtual_microphone() -> Iterator[dict[str, str]]:
    """Run a sound server of its own with a microphone that `paplay` speaks into; yields the environment.

    The home folder in it is a new one, with the models of the real one.
    """
    with tempfile.TemporaryDirectory(prefix="mic-") as folder:
        Path(folder, ".asoundrc").write_text(ASOUND, encoding="utf-8")
        cache = Path(folder, ".cache", "plejediktat")
        cache.mkdir(parents=True)
        for kept in ("models", "vocabulary"):
            if (real := Path.home() / ".cache" / "plejediktat" / kept).is_dir():
                (cache / kept).symlink_to(real)
        settings = Path(folder, ".config", "plejediktat")
        settings.mkdir(parents=True)
        (settings / "terminal.toml").write_text(SETTINGS, encoding="utf-8")
        environment = {
            **os.environ,
            "HOME": folder,
            "XDG_RUNTIME_DIR": folder,
            "PULSE_RUNTIME_PATH": folder,
            "TMUX_TMPDIR": folder,
            "LANG": "C.UTF-8",
            "PLEJEDIKTAT_KEY_PLACE": "file",
        }
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMUX"):
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


class Terminal:
    """The real app in tmux, 80 columns and 24 lines, without colours; keys go in, text comes out."""

    def __init__(self, environment: Mapping[str, str], *program: str) -> None:
        """Start the app, or another Python program given by its arguments."""
        tmux = shutil.which("tmux")
        assert tmux, "install tmux"
        self._tmux = (tmux, "-L", f"bench-{uuid.uuid4().hex[:8]}", "-f", os.devnull)
        self._environment = {**environment, "NO_COLOR": "1", "TERM": "xterm-256color"}
        command = " ".join(("exec", sys.executable, *(program or ("-m", "tui"))))
        self._run("new-session", "-d", "-x", "80", "-y", "24", command)
        self.pid = int(self._run("list-panes", "-F", "#{pane_pid}"))

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return self._run("capture-pane", "-p")

    def press(self, *keys: str) -> None:
        """Press keys, as tmux names them: F5, Enter, Escape, a."""
        self._run("send-keys", *keys)

    def sees(self, *texts: str, seconds: float = 30.0) -> None:
        """Wait until all texts stand on the screen.

        Raises:
            TimeoutError: they don't; the message holds the screen.

        """
        end = time.monotonic() + seconds
        while not all(text in (shown := self.text) for text in texts):
            if time.monotonic() > end:
                raise TimeoutError(f"{texts} not on the screen:\n{shown}")
            time.sleep(0.02)

    @property
    def memory_mib(self) -> int:
        """Memory in use now."""
        return int(Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1]) * 4096 // 2**20

    def kill(self) -> None:
        """End it as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the app and its terminal."""
        self.kill()
        subprocess.run([*self._tmux, "kill-server"], env=self._environment, check=False, capture_output=True)

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [*self._tmux, *command], env=self._environment, check=True, capture_output=True, text=True
        )
        return done.stdout
