"""Takes out of a text what could tell who is spoken of; careful rather than clever."""

import re

NUMBER, NAME = "[tal]", "[navn]"
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+")
_DIGITS = re.compile(r"\d[\d\s.,:/-]*\d|\d")
_CAPITAL = r"(?!\d|_)[A-ZÆØÅÄÖÜÉ][\w'’.-]*"
_FULL_NAME = re.compile(rf"{_CAPITAL}(?:\s+{_CAPITAL})+")
_WITHIN = re.compile(rf"(?<=[^\s.!?:])(\s+){_CAPITAL}")


def scrub(text: str) -> str:
    """Mask numbers, addresses, several capitalised words in a row, and one that doesn't begin a sentence.

    A single name that begins a sentence, or is written small, stays: a person has to read what is passed on.
    """
    text = _DIGITS.sub(NUMBER, _ADDRESS.sub(NAME, text))
    return _WITHIN.sub(rf"\1{NAME}", _FULL_NAME.sub(NAME, text))
