"""Spelling with hunspell, where it is installed: a program of its own that is asked through a pipe."""

import shutil
import subprocess
from contextlib import suppress
from threading import Lock

from dictate.errors import ConfigError

MISSING = (
    "No Danish dictionary is installed. Install hunspell and hunspell-da (Debian/Ubuntu: apt-get install)."
)
_DICTIONARY = "da_DK"
_MOST = 5
"""Suggestions for one word."""


class Speller:
    """Asks hunspell, in its ispell mode: a word a line, the answers up to an empty line."""

    def __init__(self, dictionary: str = _DICTIONARY) -> None:
        """Start nothing yet."""
        self._dictionary = dictionary
        self._process: subprocess.Popen[str] | None = None
        self._known: dict[str, tuple[str, ...] | None] = {}
        self._lock = Lock()
        self._is_over = False

    def is_word(self, word: str) -> bool:
        """Tell whether the dictionary has a word; one with other signs than letters counts as one.

        Raises:
            ConfigError: no dictionary is installed.

        """
        return self._ask(word) is None

    def suggest(self, word: str) -> tuple[str, ...]:
        """Return words that may be meant, likeliest first; none for a word that is one.

        Raises:
            ConfigError: no dictionary is installed.

        """
        return self._ask(word) or ()

    def close(self) -> None:
        """End the program, for good."""
        with self._lock:
            self._is_over = True
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
            process.wait()

    def _ask(self, word: str) -> tuple[str, ...] | None:
        """Return None for a word, and suggestions for what is none."""
        if not word.isalpha():
            return None
        with self._lock:
            if word not in self._known:
                try:
                    self._known[word] = self._answer(word)
                except OSError:
                    self._end()
                    raise ConfigError(MISSING) from None
            return self._known[word]

    def _answer(self, word: str) -> tuple[str, ...] | None:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"^{word}\n")
        process.stdin.flush()
        found: tuple[str, ...] | None = None
        while line := process.stdout.readline().rstrip("\n"):
            if line[0] in "&?#":
                words = line.partition(": ")[2]
                found = tuple(words.split(", "))[:_MOST] if words else ()
        if process.poll() is not None:
            raise BrokenPipeError
        return found

    def _started(self) -> "subprocess.Popen[str]":
        if self._process is None:
            program = shutil.which("hunspell")
            if program is None or self._is_over:
                raise ConfigError(MISSING)
            self._process = subprocess.Popen(
                [program, "-a", "-i", "utf-8", "-d", self._dictionary],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
            assert self._process.stdout is not None
            if not self._process.stdout.readline():  # it names itself first
                self._end()
                raise ConfigError(MISSING)
        return self._process
