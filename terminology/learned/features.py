"""Words and letters of a clause as numbered features (pure), the same for making and for using the model."""

import itertools
import math
import zlib
from collections import Counter
from collections.abc import Sequence

from terminology.normalise import Token

DIMENSIONS = 1 << 15
"""Features are numbered by a hash, so that no table of them is needed."""
_LETTERS = (3, 4, 5)


def counts(words: Sequence[Token]) -> Counter[int]:
    """Count the features of a clause: lemmas, pairs of them, and runs of 3 to 5 letters."""
    found: Counter[int] = Counter()
    keys: list[str] = []
    for token in words:
        found.update(_letters(token))
        keys.append("#" if token.is_number else token.key)
    found.update(_number(f"w{key}") for key in keys)
    found.update(_number(f"b{first}_{second}") for first, second in itertools.pairwise(keys))
    return found


def weighted(found: Counter[int], rarity: Sequence[float]) -> tuple[list[int], list[float]]:
    """Weight counts by their rarity and scale them to length 1 (tf-idf).

    Args:
        found: feature to how often it is there.
        rarity: of each feature, shape (DIMENSIONS,).

    Returns:
        The features and their values.

    """
    places = list(found)
    values = [(1.0 + math.log(found[place])) * rarity[place] for place in places]
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return places, [value / length for value in values]


def _letters(token: Token) -> list[int]:
    if token.is_number:
        return []
    word = f"<{token.fold}>"
    return [_number(f"c{word[at : at + size]}") for size in _LETTERS for at in range(len(word) - size + 1)]


def _number(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) % DIMENSIONS
