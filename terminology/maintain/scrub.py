"""Words that may be shown to people who maintain a vocabulary: nothing that points to a citizen.

Numbers of any kind end a phrase, in digits and in words, and so do names as far as they can be told: words
with a capital inside a sentence, the word after a title, street names. A name that is only ever written small
can't be told: look through the phrases before you share them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from terminology.normalise import Break, Token
from terminology.numerals import is_number_word, ordinal

_ADDRESSES = re.compile(r"\S+@\S+|\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
_NAMED = frozenset(
    {"hr", "herr", "fru", "frk", "frøken", "hedder", "hed", "kaldes", "kaldt", "kaldet", "navn", "navnet"}
    | {"cpr", "cprnummer", "personnummer", "telefon", "telefonnummer", "tlf", "mobil", "mobilnummer"}
    | {"adresse", "adressen"}
)
"""Words before a name, a number or an address."""
_ARTICLES = frozenset({"en", "et", "én", "ét", "anden", "andet"})
"""Number words that are mostly something else."""
_NAMED_IN = 10
"""One capital inside a sentence in so many cases makes a name: rather one phrase too few."""
_STREETS = ("vej", "vejen", "gade", "gaden", "stræde", "allé", "alle", "vænget", "toften", "parken", "haven")


def without_addresses(text: str) -> str:
    """Return a text with mail and web addresses replaced by a full stop, which ends a phrase."""
    return _ADDRESSES.sub(" . ", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capitals:
    """What the capitals of many texts tell about words."""

    small: frozenset[str]
    """Written small somewhere."""
    names: frozenset[str]
    """Written with a capital inside sentences in more than a few cases."""


def capitals(texts: Iterable[Sequence[Token]]) -> Capitals:
    """Learn from texts which words are names."""
    small: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for words in texts:
        for at, token in enumerate(words):
            if token.text[:1].islower():
                small[token.fold] += 1
            elif at and token.before is not Break.STOP:
                named[token.fold] += 1
    return Capitals(
        small=frozenset(small),
        names=frozenset(word for word, times in named.items() if times * _NAMED_IN >= small[word]),
    )


def is_personal(words: Sequence[Token], at: int, known: Capitals) -> bool:
    """Tell whether a word may point to a citizen.

    Args:
        words: of one text.
        at: which of them.
        known: what all texts tell about capitals.

    """
    token = words[at]
    before = words[at - 1] if at and token.before is not Break.STOP else None
    if _is_number(token) or token.fold in known.names:
        return True
    if before is not None and before.fold in _NAMED:
        return True
    if token.fold.endswith(_STREETS) and any(map(_is_number, words[at + 1 : at + 2])):
        return True
    # At the start of a sentence every word has a capital: it may stay if it is written small elsewhere.
    return token.text[0].isupper() and (before is not None or token.fold not in known.small)


def _is_number(token: Token) -> bool:
    word = token.fold
    if any(letter.isdigit() for letter in token.text):
        return True
    return word not in _ARTICLES and (is_number_word(word) or ordinal((word,), 0) is not None)
