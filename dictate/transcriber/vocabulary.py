"""What the tokens of a Whisper model stand for: enough to read what it writes, and read in 20 ms.

The full tokenizer also knows how to cut text into tokens, which is seldom asked for; to load it takes 0.1 s
in which no other thread runs.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path


class TokenTexts:
    """Token numbers to text; stands in for `tokenizers.Tokenizer` where nothing is cut into tokens."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Take the tokens in the order of their numbers, as from `read_vocabulary`."""
        self._vocabulary = vocabulary
        self._numbers = {text: number for number, text in enumerate(vocabulary) if text.startswith("<|")}

    def token_to_id(self, token: str) -> int | None:
        """Return the number of a token that stands for no text, such as "<|da|>", or None."""
        return self._numbers.get(token)

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens; bytes that are no whole letter become U+FFFD."""
        return self.bytes_of(tokens).decode(errors="replace")

    def bytes_of(self, tokens: Sequence[int]) -> bytes:
        """Return what tokens stand for as UTF-8, which may end inside a letter."""
        table = _bytes()
        return bytes(
            table[letter] for token in tokens for letter in self._vocabulary[token] if letter in table
        )


def read_vocabulary(folder: Path) -> list[str]:
    """Return all tokens of a converted model in the order of their numbers.

    Raises:
        OSError: the folder holds no vocabulary.
        ValueError: it is damaged.

    """
    listed = folder / "vocabulary.txt"
    if listed.exists():
        return listed.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return list(json.loads((folder / "vocabulary.json").read_text(encoding="utf-8")))


@cache
def _bytes() -> dict[str, int]:
    """Return the letter that stands for each byte in a vocabulary: itself, or one from U+0100 on."""
    plain = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = (byte for byte in range(0x100) if byte not in plain)
    moved = {chr(0x100 + place): byte for place, byte in enumerate(others)}
    return {chr(byte): byte for byte in plain} | moved
