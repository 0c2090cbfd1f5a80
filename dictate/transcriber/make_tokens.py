"""Makes data/danish_tokens.txt: the tokens that Danish is written with.

    python -m dictate.transcriber.make_tokens TOKENIZER.JSON > dictate/transcriber/data/danish_tokens.txt

Written are the commonest Danish words and the words of the care terminology, small, with a capital and at the
beginning of a text, all numbers below 1,000, and every single byte.
"""

import sys
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from textwrap import wrap

from wordfreq import top_n_list

from dictate.transcriber.tokens import tokenizer_of
from dictate.transcriber.weights import TEXT_TOKENS

BYTES = 256


def danish_texts() -> list[str]:
    """Everything that must be writable as it usually is."""
    words = [form for word in top_n_list("da", 1_000_000) for form in (word, word.capitalize())]
    words += [str(number) for number in range(1000)]
    lines = [
        line
        for folder in ("fsiii", "spoken")
        for path in sorted(Path(str(files("terminology"))).joinpath("data", folder).rglob("*.t*"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [*words, *(f" {word}" for word in words), *lines]


def main() -> None:
    """Write the data file to standard output."""
    tokenizer = tokenizer_of(Path(sys.argv[1]).read_text(encoding="utf-8"))
    kept = set(range(BYTES))
    for encoding in tokenizer.encode_batch(danish_texts(), add_special_tokens=False):
        kept.update(token for token in encoding.ids if token < TEXT_TOKENS)
    ranges = []
    for _, run in groupby(enumerate(sorted(kept)), key=lambda pair: pair[1] - pair[0]):
        numbers = [token for _, token in run]
        ranges.append(f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else str(numbers[0]))
    print("# Tokens of multilingual Whisper models that Danish is written with; made by make_tokens.py.")
    print("# Words: wordfreq (CC BY-SA 4.0 and others) and the care terminology of this project.")
    print("\n".join(wrap(" ".join(ranges), 109, break_on_hyphens=False)))


if __name__ == "__main__":
    main()
