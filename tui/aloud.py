"""Reading a note aloud, where the voice espeak-ng is installed."""

import shutil
import subprocess

from dictate.errors import ConfigError

_WORDS_PER_MINUTE = "150"


def read_aloud(text: str) -> None:
    """Read a Danish text; returns at once.

    Raises:
        ConfigError: no voice is installed.

    """
    voice = shutil.which("espeak-ng")
    if voice is None:
        raise ConfigError(
            "No voice is installed. Install espeak-ng (Debian/Ubuntu: apt-get install espeak-ng)."
        )
    # The text goes by a pipe: arguments can be seen by every user of the machine.
    process = subprocess.Popen(
        [voice, "-v", "da", "-s", _WORDS_PER_MINUTE, "--stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(text.encode())
    process.stdin.close()
