"""Drug names in a note: listed ones in all their forms, and unlisted ones that have a strength."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from terminology.index import COMMON
from terminology.normalise import Break, Token, tokens
from terminology.spoken.words import words as words_of

_FORMS = [
    "plaster",
    "plastre",
    "spray",
    "tablet",
    "tabletter",
    "creme",
    "salve",
    "dråber",
    "øjendråber",
    "gel",
    "inhalator",
    "injektion",
    "inhalation",
    "pen",
    "depot",
    "mikstur",
    "stikpille",
    "stikpiller",
    "kapsler",
]
"""What may end a compound with a drug's name: "fentanylplaster"."""
_INFLECTION = re.compile(r"'?(?:erne|eren|ens|en|et|er|s|n)$")
_SHORTEST_INFLECTED = 6
_SHORTEST_STEM = 5
_SHORTEST_UNLISTED = 5
_STRENGTH = re.compile(
    r"\s*\d+(?:[.,]\d+)?\s?(?:mg|mikrogram|mcg|µg|ie|enheder|milligram)(?![\wæøå])", re.IGNORECASE
)
_STRENGTH_REACH = 24
_VERB_ENDINGS = ("et", "ede", "er")
_NOT_DRUGS = words_of(
    """
    ballon ballonen crp dosis dose drik drænet energidrik fibre fresubin fået givet glukose hver ilt
    insulinpen juice kaffe kalorier kateter kost kulhydrat mad medicin mikrogram milligram mælk nacl
    natriumklorid nedsat nutridrik pille piller
    plaster pose posen proteindrik protein reduceret ringer saft saltvand sondeernæring sondemad styrke
    supplement tablet tabletter taget urin vand vitamin væske vægt øget
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The drug names, ready to be found."""

    by_words: Mapping[tuple[str, ...], str]
    """Folded words to the name as listed."""
    longest: int
    """Words in the longest name."""


@dataclass(frozen=True, slots=True)
class Named:
    """A drug name in a note."""

    low: int
    """First token."""
    high: int
    """One past the last token."""
    name: str
    """As said, without its inflection."""
    listed: bool


def names_by_words(listed: Iterable[str]) -> Names:
    """Make the names ready to be found."""
    names = {tuple(token.fold for token in tokens(name)): name for name in listed}
    return Names(by_words=names, longest=max(map(len, names), default=0))


def find(text: str, words: Sequence[Token], names: Names) -> tuple[Named, ...]:
    """Find the drug names of a note, the longest at each place."""
    found: list[Named] = []
    at = 0
    while at < len(words):
        named = _listed(text, words, at, names) or _compound(words, at, names) or _unlisted(text, words, at)
        if named:
            found.append(named)
        at = named.high if named else at + 1
    return tuple(found)


def _listed(text: str, words: Sequence[Token], at: int, names: Names) -> Named | None:
    for length in range(min(names.longest, len(words) - at), 0, -1):
        span = words[at : at + length]
        together = all(token.before is Break.NONE for token in span[1:])
        if together and tuple(token.fold for token in span) in names.by_words:
            return Named(at, at + length, text[span[0].start : span[-1].end], listed=True)
    return None


def _compound(words: Sequence[Token], at: int, names: Names) -> Named | None:
    """Find a name with a form or an inflection: "fentanylplaster", "Furosemiden"."""
    token = words[at]
    if len(token.fold) < _SHORTEST_INFLECTED:
        return None
    for form in _FORMS:
        stem = token.fold.removesuffix(form)
        if len(stem) >= _SHORTEST_STEM and stem != token.fold and (stem.rstrip("s"),) in names.by_words:
            return Named(at, at + 1, token.text, listed=True)
    if match := _INFLECTION.search(token.fold):
        stem = token.fold[: match.start()]
        if len(stem) >= _SHORTEST_STEM and (stem,) in names.by_words:
            return Named(at, at + 1, token.text[: len(stem)], listed=True)
    return None


def _unlisted(text: str, words: Sequence[Token], at: int) -> Named | None:
    """Take a capitalised word with a strength after it for a drug."""
    token = words[at]
    if len(token.fold) < _SHORTEST_UNLISTED or not token.fold.isalpha() or not token.text.istitle():
        return None
    if token.fold in _NOT_DRUGS or token.fold in COMMON:
        return None
    if token.before >= Break.COLON and token.fold.endswith(_VERB_ENDINGS):
        return None  # "Givet 5 mg": the capital opens the sentence
    strength = _STRENGTH.match(text[token.end : token.end + _STRENGTH_REACH])
    return Named(at, at + 1, token.text, listed=False) if strength else None
