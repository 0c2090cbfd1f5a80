"""Danish inflection: every form of a word gets the same key, so that "sårene" is found as "sår".

Regular endings go by rule; what no rule brings together (gav, hænder, rødt) stands in data/inflection. The
key is for comparing only: it need not be a word. Derived words and present participles keep keys of their own
("hævelse" and "pustende" are not "hævet" and "pust").
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from terminology.errors import TerminologyError
from terminology.spoken.words import words as words_of

FOLDER = "inflection"
OWN_KEY = "!"
"""Before a lemma whose key by rule is also that of another word: "!læge" (doctor) is not "lægge" (lay)."""

_VOWELS = "aeiouyæøå"
_ENDINGS = re.compile(
    r"(?:erede|erer|ernes|erens|erets|eres|erne|edes|eren|eret|ede|ere|enes|ene|ens|en|ets|et|ers|er|es|e)$"
)
_ADJECTIVE = re.compile(r"(?:ig|sk)(?:t|este|est|ste|st|ere|e)$")
# Latin nouns whose "ens" is no ending.
_LATIN = re.compile(
    r"(?:dem|inkontin|kontin|insuffici|frekv|konsist|tend|evid|ess|lic|intellig|ambival|præval|somnol|flatul|"
    r"konvalesc|abstin|konsekv|korpul|resist|impot|differ|audi|pres|turgesc)ens$"
)
_DOUBLE = re.compile(r"([bdfgklmnprst])\1$")
_SHORTEST = 3
# A verb that takes a prefix keeps its forms: give, gav -> afgive, afgav.
_PREFIXES = words_of(
    """
    af an be bi bort efter for fore fra frem gen hen igen ind imod iværk med mis mod ned neder om op over på
    sam selv tilbage ud und under ved vedlige til
    """
)
# Words that have no other forms, whatever they end in.
_FIXED = words_of(
    """
    aldrig alene aller altid andre atter bagefter begge bare både de dem den der deres derefter derfor
    det dette disse efter ellers eller ene enten ens et foran forrige fore gerne han hans heller hellere
    hende hendes henne her herefter hos hun hver hverken hvis hvor ikke imens inde inden indeni ingen
    intet jeres jer langs lige længere man medens mellem men mens mere mest mindre måske nede neden
    nedenunder nogen noget nogle oppe oven ovenpå over selve senere siden sine sin sit som snarere uden
    udenfor ude under vores værre bedre hele helt ud ind op ned hjem hjemme igen næste sidste første
    flere færre ofte lidt fortsat
    """
)
_LONGEST_PREFIX = max(map(len, _PREFIXES))


def key(word: str) -> str:
    """Return the key of a folded word, the same for all its forms."""
    if word in _FIXED:
        return word
    known = _irregular()
    if (found := known.get(word)) is not None:
        return found
    for split in range(2, min(len(word), _LONGEST_PREFIX + 2) - 1):
        if word[:split] in _PREFIXES and (found := known.get(word[split:])) is not None:
            return word[:split] + found
    nouns = _endings()
    for split in range(_SHORTEST, len(word) - _SHORTEST + 1):
        if (found := nouns.get(word[split:])) is not None:
            return word[:split] + found
    return _strip(word)


def _strip(word: str) -> str:
    """Take the longest regular ending off that leaves a stem."""
    if len(word) <= _SHORTEST:
        return word
    if adjective := _ADJECTIVE.search(word):
        return word[: adjective.start() + 2]
    if _LATIN.search(word):
        return word
    if word.endswith(("dt", "dte")):
        return word[: word.rindex("d") + 1]
    if ending := _ENDINGS.search(word):
        # The longest ending that leaves a stem with a vowel.
        for start in range(ending.start(), len(word)):
            stem, end = word[:start], word[start:]
            if _ENDINGS.fullmatch(end) and _is_stem(stem):
                return stem if len(stem) == _SHORTEST else _DOUBLE.sub(r"\1", stem)
    return _DOUBLE.sub(r"\1", word)


def _is_stem(stem: str) -> bool:
    if len(stem) >= _SHORTEST:
        return any(letter in _VOWELS for letter in stem)
    return len(stem) == _SHORTEST - 1 and stem[-1] in "aiouyæøå"


@cache
def _irregular() -> Mapping[str, str]:
    """Return every listed form with its key."""
    found: dict[str, str] = {}
    for file, expand in (("verber.txt", _verb), ("navneord.txt", _noun), ("tillaegsord.txt", _adjective)):
        for lemma, forms in _lines(file):
            own = lemma.startswith(OWN_KEY)
            word = lemma.removeprefix(OWN_KEY)
            target = word + OWN_KEY if own else _strip(word)
            for form in (word, *forms):
                for spelt in expand(form):
                    found.setdefault(spelt, target)
    return MappingProxyType(found)


@cache
def _endings() -> Mapping[str, str]:
    """Return the forms of the listed nouns that may end a compound."""
    return MappingProxyType(
        {
            spelt: _irregular()[spelt]
            for lemma, forms in _lines("navneord.txt")
            for form in (lemma.removeprefix(OWN_KEY), *forms)
            for spelt in _noun(form)
            if len(spelt) >= _SHORTEST
        }
    )


def _verb(form: str) -> tuple[str, ...]:
    if form.endswith("e"):
        return (form, form + "r", form + "s")
    return (form, form + "s") if form.endswith("t") else (form,)


def _noun(form: str) -> tuple[str, ...]:
    if form.endswith(("er", "e")) and len(form) > _SHORTEST:
        return (form, form + "ne", form + "nes")
    return (form, form + "s")


def _adjective(form: str) -> tuple[str, ...]:
    return (form,)


def _lines(file: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    try:
        content = (files("terminology") / "data" / FOLDER / file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TerminologyError(
            f"Cannot read word forms in {FOLDER}/{file}: {type(error).__name__}. Install the program again."
        ) from error
    words = (line.split() for line in content.splitlines() if line and not line.startswith("#"))
    return tuple((first, tuple(rest)) for first, *rest in words)
