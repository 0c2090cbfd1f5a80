"""What a Danish word sounds like, as a key: words that a recogniser mixes up get the same or a near key.

Two keys. The strong one keeps what a listener tells apart: letters that are not said are gone, spellings of
one sound are one letter. The weak one keeps the skeleton: voiced and unvoiced are one, vowels are front or
back, what weakens behind vowels (soft d, g, v, r) is gone. Both are for comparing only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_FRONT = "eiyæø"
_C = "bcdfghjklmnpqrstvwxz"


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a stretch of letters becomes."""

    has: str
    """A letter without which the rule never applies: looking for it first saves most of the work."""
    pattern: re.Pattern[str]
    put: str


def _rules(*rows: tuple[str, str, str]) -> tuple[_Rule, ...]:
    return tuple(_Rule(has, re.compile(pattern), put) for has, pattern, put in rows)


_STRONG = _rules(
    # Foreign spellings.
    ("h", r"ph", "f"),
    ("h", r"(?<=[tr])h", ""),
    ("h", r"sch|sh|^ch(?=[aeiouyæøå])", "sj"),
    ("c", r"ch|ck", "k"),
    ("c", rf"[cs]c(?=[{_FRONT}])|c(?=[{_FRONT}])", "s"),
    ("c", r"c", "k"),
    ("z", r"z", "s"),
    ("q", r"qu|q", "kv"),
    ("x", r"x", "ks"),
    ("w", r"w", "v"),
    ("o", r"(?<=[lnrskpa])tion|(?<=[lnr])sion|[st]ion", "sjon"),
    # A vowel and a glide.
    ("u", rf"(?<=[ea])u(?=[{_C}]|$)", "v"),
    ("", r"[ea]j|[ea]i(?=[^n]|$)|(?<![jklrst])eg(?=$|n)", "aj"),
    ("", r"[øo]j|[øo]g(?=$|[nlrdt])", "oj"),
    # Letters that are not said.
    ("h", r"^h(?=[vj])|(?<=[aeiouyæøå])h(?![aeiouyæøå])", ""),
    ("d", r"dt|(?<=s)ds|ds(?=$|t)", "t"),
    ("d", r"(?<=[lnr])d(?=$|[es]|t)", ""),
    ("v", r"(?<=[lr])v(?=$|t)|(?<=[uo])v(?=$|n)", ""),
    ("g", r"(?<=i)g(?=$|t)", ""),
    # Endings in which only a vowel sounds.
    ("r", r"(?:rer|re|er|r)(?=s?$)", "r"),
    ("e", r"(?:ede|et|ed)$", "d"),
    ("n", r"(?:ene|en)(?=s?$)", "n"),
    ("e", r"(?<=[bcdfgjklmnprstv])e(?=s?$)", ""),
    # Stops that are not told apart: doubled, and behind an s.
    ("b", r"bb|(?<=s)b", "p"),
    ("g", r"gg|(?<=s)g", "k"),
    ("d", r"(?<=s)d", "t"),
    ("n", r"ng|n(?=k)", "ŋ"),
    ("", r"(.)\1+", r"\1"),
)
_STRONG_LETTERS = str.maketrans({"æ": "e", "å": "o"})
_WEAK = _rules(
    ("p", r"^p(?=[nst])", ""),
    ("", r"(?<=[aeiouyø])[drj](?=$|[^aeiouyø])|(?<=[aeiouyø])[gv]$", ""),
    ("", r"(?<=[aeiouyø])[dgvr](?=[eiaouyø])", "j"),
    ("", r"[aeiy]+", "e"),
    ("", r"[ouø]+", "o"),
    ("", r"[eo]$", ""),
)
_WEAK_LETTERS = str.maketrans({"b": "p", "d": "t", "g": "k", "v": "f", "ŋ": "n"})
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def strong(folded: str) -> str:
    """Return the strong key of a folded word: letters and digits; "" where nothing sounds."""
    letters = folded if folded.isalnum() else "".join(filter(str.isalnum, folded))
    return _changed(letters, _STRONG).translate(_STRONG_LETTERS)


@lru_cache(maxsize=65536)
def weak(folded: str) -> str:
    """Return the weak key of a folded word, a subset of the strong key's letters."""
    sound = strong(folded)
    skeleton = _changed(sound, _WEAK).translate(_WEAK_LETTERS)
    return _DOUBLED.sub(r"\1", skeleton) or sound[:1]


def _changed(text: str, rules: Iterable[_Rule]) -> str:
    for rule in rules:
        if rule.has in text:
            text = rule.pattern.sub(rule.put, text)
    return text
