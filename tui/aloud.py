"""Reading a note aloud, where the voice espeak-ng is installed."""

import shutil
import subprocess
from threading import Lock

from dictate.errors import ConfigError

_WORDS_PER_MINUTE = "150"
_speaking: "subprocess.Popen[bytes] | None" = None
_lock = Lock()


def read_aloud(text: str) -> None:
    """Read a Danish text; returns at once. Where one is being read, stop that instead.

    Raises:
        ConfigError: no voice is installed.

    """
    global _speaking  # noqa: PLW0603 - there is one loudspeaker
    voice = shutil.which("espeak-ng")
    if voice is None:
        raise ConfigError(
            "No voice is installed. Install espeak-ng (Debian/Ubuntu: apt-get install espeak-ng)."
        )
    with _lock:
        before, _speaking = _speaking, None
        if before is not None and before.poll() is None:
            before.kill()
            before.wait()
            return
        # The text goes by a pipe: arguments can be seen by every user of the machine.
        _speaking = subprocess.Popen(
            [voice, "-v", "da", "-s", _WORDS_PER_MINUTE, "--stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert _speaking.stdin is not None
        _speaking.stdin.write(text.encode())
        _speaking.stdin.close()


def stop() -> None:
    """Stop reading."""
    global _speaking
    with _lock:
        before, _speaking = _speaking, None
        if before is not None:
            before.kill()
            before.wait()
