"""Danish number words: from spoken words to whole numbers, ordinals and digit strings.

Words come in folded (lower case), one per item; "" stands for a place that is not a plain word. Every reader
takes the words and a start, and returns what it read with the index one past the last word it used.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

_UNITS = ("nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")
_TEENS = ("ti", "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten")
_TENS: dict[int, tuple[str, ...]] = {
    20: ("tyve",),
    30: ("tredive", "tredve"),
    40: ("fyrre", "fyrretyve"),
    50: ("halvtreds", "halvtredsindstyve", "halvtres", "halvtresindstyve", "halvtresinstyve"),
    60: ("tres", "tresindstyve", "treds"),
    70: ("halvfjerds", "halvfjerdsindstyve", "halvfjers", "halvfjersindstyve"),
    80: ("firs", "firsindstyve", "firds"),
    90: ("halvfems", "halvfemsindstyve"),
}
"""The first spelling is the usual one; the rest are old forms and what recognisers write."""

_AND, _ONE_AND_HALF = -1, -2
_HUNDRED, _THOUSAND, _MILLION = 100, 1_000, 1_000_000
_UNIT_MAX, _HUNDREDS_MAX = 9, 19
_LONGEST = 14
"""Words in the longest number up to the millions, each part said as a word of its own."""


def _small_words() -> dict[str, int]:
    """All words for 0-99."""
    words = {word: value for value, word in enumerate(_UNITS + _TEENS)}
    words |= {"et": 1, "én": 1, "ét": 1, "een": 1, "eet": 1}
    for tens, spellings in _TENS.items():
        for spelling in spellings:
            words[spelling] = tens
            words |= {f"{word}og{spelling}": unit + tens for unit, word in enumerate(_UNITS) if unit}
            words |= {f"{one}og{spelling}": 1 + tens for one in ("et", "én", "een")}
    return words


_SMALL = _small_words()
_LARGE = {
    "hundrede": _HUNDRED,
    "hundred": _HUNDRED,
    "tusind": _THOUSAND,
    "tusinde": _THOUSAND,
    "million": _MILLION,
    "millioner": _MILLION,
}
_ATOMS = _SMALL | _LARGE | {"og": _AND, "halvandet": _ONE_AND_HALF, "halvanden": _ONE_AND_HALF}
_GLUED = re.compile("|".join(sorted(map(re.escape, _SMALL | _LARGE | {"og": 0}), key=len, reverse=True)))
_HAS_LARGE = re.compile("hundred|tusind|million")
_NOT_NUMBERS = frozenset({"tusinden", "tusindet", "hundreden", "hundredet"})
ARTICLES = frozenset({"en", "et"})
"""Words that are the number one or, far more often, an article."""
_AFTER_ONE = frozenset(
    {"over", "komma", "til", "procent", "tusind", "tusinde", "millioner", "enheder"}
    | {
        "milligram",
        "gram",
        "mikrogram",
        "kilo",
        "kilogram",
        "milliliter",
        "liter",
        "centimeter",
        "millimeter",
    }
)
"""What follows "hundrede en" where "en" is a number; before any other word it is an article."""


_FIRST_ORDINALS = (
    *("første", "anden", "tredje", "fjerde", "femte", "sjette", "syvende", "ottende", "niende", "tiende"),
    *("ellevte", "tolvte", "trettende", "fjortende", "femtende", "sekstende", "syttende", "attende"),
    "nittende",
)


def _ordinal_words() -> dict[str, int]:
    """All ordinals 1-99 in one word."""
    words = {word: value for value, word in enumerate(_FIRST_ORDINALS, start=1)}
    words |= {"andet": 2, "tredie": 3}
    tens = {20: ("tyvende",), 30: ("tredivte", "tredvte"), 40: ("fyrretyvende", "fyrrende")}
    stems = {50: "halvtreds", 60: "tres", 70: "halvfjerds", 80: "firs", 90: "halvfems"}
    tens |= {value: (f"{stem}indstyvende",) for value, stem in stems.items()}
    for value, spellings in tens.items():
        for spelling in spellings:
            words[spelling] = value
            words |= {f"{word}og{spelling}": unit + value for unit, word in enumerate(_UNITS) if unit}
            words[f"etog{spelling}"] = 1 + value
    return words


_ORDINALS = _ordinal_words()


@lru_cache(maxsize=4096)
def _atoms(word: str) -> tuple[int, ...]:
    """The number words inside one word: "hundredefemten" holds 100 and 15; () where it is no number."""
    if word in _ATOMS:
        return (_ATOMS[word],)
    plain = word.replace("-", "")
    if plain in _SMALL and plain not in ARTICLES:
        return (_SMALL[plain],)
    if word in _NOT_NUMBERS or not _HAS_LARGE.search(word):
        return ()
    parts = _GLUED.findall(plain)
    return tuple(_ATOMS[part] for part in parts) if "".join(parts) == plain else ()


def is_number_word(word: str) -> bool:
    """Tell whether `word` can open a number; "en" and "et" can."""
    atoms = _atoms(word)
    return bool(atoms) and atoms[0] != _AND


def _below_hundred(atoms: Sequence[int], at: int, *, split: bool) -> tuple[int, int] | None:
    """Read 1-99, where `split` allows "to og tyve" in words of their own."""
    if at >= len(atoms) or not 0 < atoms[at] < _HUNDRED:
        return None
    if (
        split
        and atoms[at] <= _UNIT_MAX
        and at + 2 < len(atoms)
        and atoms[at + 1] == _AND
        and atoms[at + 2] in _TENS
    ):
        return atoms[at] + atoms[at + 2], at + 3
    return atoms[at], at + 1


def _rest(atoms: Sequence[int], at: int, *, split: bool, hundreds: bool) -> tuple[int, int]:
    """Read what follows a hundred or a thousand, with or without "og"; (0, at) where nothing does."""
    start = at + 1 if at < len(atoms) and atoms[at] == _AND else at
    read = _below_thousand if hundreds else _below_hundred
    return read(atoms, start, split=split) or (0, at)


def _below_thousand(atoms: Sequence[int], at: int, *, split: bool) -> tuple[int, int] | None:
    """Read 1-999, and the years' "nitten hundrede"."""
    if at >= len(atoms):
        return None
    if atoms[at] == _HUNDRED:
        count, after = 1, at + 1
    elif at + 1 < len(atoms) and atoms[at + 1] == _HUNDRED and atoms[at] == _ONE_AND_HALF:
        return 150, at + 2
    elif at + 1 < len(atoms) and atoms[at + 1] == _HUNDRED and 0 < atoms[at] <= _HUNDREDS_MAX:
        count, after = atoms[at], at + 2
    else:
        return _below_hundred(atoms, at, split=split)
    rest, after = _rest(atoms, after, split=split, hundreds=False)
    return count * 100 + rest, after


def _scaled(atoms: Sequence[int], at: int, scale: int, *, split: bool) -> tuple[int, int] | None:
    """Read the part before "tusind" or "million" and that word."""
    if at + 1 < len(atoms) and atoms[at] == _ONE_AND_HALF and atoms[at + 1] == scale:
        return scale * 3 // 2, at + 2
    if at < len(atoms) and atoms[at] == scale:
        return scale, at + 1
    head = _below_thousand(atoms, at, split=split)
    if head and head[1] < len(atoms) and atoms[head[1]] == scale:
        return head[0] * scale, head[1] + 1
    return None


def _whole(atoms: Sequence[int], at: int, *, split: bool) -> tuple[int, int] | None:
    """Read any number from one up."""
    total, here = 0, at
    for scale in (_MILLION, _THOUSAND):
        start = here + 1 if here > at and here < len(atoms) and atoms[here] == _AND else here
        part = _scaled(atoms, start, scale, split=split)
        if part:
            total, here = total + part[0], part[1]
    if here == at:
        return _below_thousand(atoms, at, split=split)
    rest, here = _rest(atoms, here, split=split, hundreds=True)
    return total + rest, here


def cardinal(words: Sequence[str], start: int, *, split: bool = True) -> tuple[int, int] | None:
    """Read the longest whole number at `start`.

    Args:
        words: folded words.
        start: index of the first word.
        split: False where "to og tyve" are two numbers, as after "mellem".

    Returns:
        The number and the index after it; None where no number starts.

    """
    if start >= len(words) or not words[start]:
        return None
    if words[start] == "nul":
        return 0, start + 1
    atoms, ends = _collect(words, start)
    if not atoms:
        return None
    found = _whole(atoms, 0, split=split)
    if found is None or found[1] not in ends:
        return None
    value, end = found[0], ends[found[1]]
    # "puls hundrede en time efter": the last "en" belongs to the noun, unless "og" binds it to the number.
    if (
        end - start > 1
        and words[end - 1] in ARTICLES
        and words[end - 2] != "og"
        and end < len(words)
        and words[end]
        and words[end] not in _AFTER_ONE
    ):
        return value - 1, end - 1
    return value, end


def _collect(words: Sequence[str], start: int) -> tuple[list[int], dict[int, int]]:
    """Gather number atoms from `start` on, and which atom counts end on a word (atom index → word index)."""
    atoms: list[int] = []
    ends: dict[int, int] = {}
    for index in range(start, min(start + _LONGEST, len(words))):
        word = words[index]
        digits = word.isdecimal() and word.isascii()
        if digits and index == start and len(word) <= len("999") and index + 1 < len(words):
            # A recogniser writes "2 tusind"; digits alone are no number word.
            large = _atoms(words[index + 1])[:1] in {(_HUNDRED,), (_THOUSAND,), (_MILLION,)}
            found: tuple[int, ...] = (int(word),) if large else ()
        else:
            found = _atoms(word) if word else ()
        if not found or (not atoms and found[0] == _AND):
            break
        atoms.extend(found)
        ends[len(atoms)] = index + 1
    return atoms, ends


def ordinal(words: Sequence[str], start: int) -> tuple[int, int] | None:
    """Read an ordinal such as "tredje", "enogtyvende" or "en og tyvende" at `start`."""
    if start >= len(words):
        return None
    word = words[start]
    if word in _ORDINALS:
        return _ORDINALS[word], start + 1
    unit = _SMALL.get(word, 0)
    if 0 < unit <= _UNIT_MAX and start + 2 < len(words) and words[start + 1] == "og":
        tens = _ORDINALS.get(words[start + 2], 0)
        if tens and tens % 10 == 0 and tens > _HUNDREDS_MAX:
            return unit + tens, start + 3
    return None


def digits(words: Sequence[str], start: int) -> tuple[str, int] | None:
    """Read one spoken number below a hundred as digits, as in phone numbers: "nul" is "0", "tyve" is "20"."""
    word = words[start] if start < len(words) else ""
    if word.isdecimal() and word.isascii():
        return word, start + 1
    atoms = _atoms(word) if word else ()
    if len(atoms) != 1 or not 0 <= atoms[0] < _HUNDRED:
        return None
    found = _below_hundred(_collect(words, start)[0], 0, split=True)
    if found and found[0] != atoms[0]:
        return str(found[0]), start + 3
    return str(atoms[0]), start + 1


def write_integer(value: int) -> str:
    """Write a whole number the Danish way: a point between thousands from ten thousand on."""
    return f"{value:,}".replace(",", ".") if abs(value) >= 10_000 else str(value)  # noqa: PLR2004 - the rule
