"""Words of a note with their places, folded so that spelling variants compare equal.

Folding: lower case, Unicode NFC, "aa" as "å", accents dropped, dots of abbreviations dropped ("s.c." is
"sc"). Offsets are code points of the text as given, which is never changed.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from terminology import inflection
from terminology.spoken.words import words as words_of

# Words that carry a dot of their own; a dot after them does not end a sentence.
_ABBREVIATIONS = words_of(
    """
    adr afd amb ang bl bl.a ca cand cirk div do dr ekskl eks el evt f.eks fl forb fr frk fx gr hhv hj hr
    iflg ifm ift incl inkl inj jf jvf kap kl komp kons kontr l.e m.fl m.h.p mdr mgl mht mv nr obj obs
    o.lign overf p.g.a pga pkt pr prof pt resp rp sat saml se.p seponer sidst sml spec spl ssa ssh st
    stk str tab tabl tbl tel temp tfn tidl tlf tp udg ugtl vdr vedr vha vurd årl
    """
)
# Units and the like: a dot after them ends a sentence where a capital follows.
_UNITS = words_of(
    """
    cm dag dagl dgl enh g ie kg l liter mcg mg mikrogram min ml mm mmol sek sp t time tim
    """
)
_TOKEN = re.compile(
    r"""
      (?P<number>\d+(?:[.,]\d+)*|[½¼¾⅓⅔])
    | (?P<word>(?:[^\W\d_](?:[^\W\d_]|[\u0300-\u036f'’´])*\.){2,}(?=\W|$)        # s.c., p.o., bl.a.
              |[xX×](?=\d)|[^\W\d_](?:[^\W_]|[\u0300-\u036f'’´])*)
    | (?P<mark>[^\s\w"'()\[\]{}«»„“”’´*_])
    | (?P<line>\n)
    """,
    re.VERBOSE,
)
_CAPITAL = re.compile(r"\s*[\"'(«„“]*[A-ZÆØÅÉÄÖÜ]")
_LOWER = re.compile(r"\s+[a-zæøåéäöü]")
_E = str.maketrans("éèêëáàíìóòúù", "eeeeaaiioouu")


class Break(IntEnum):
    """What stands between a word and the word before it."""

    NONE = 0
    COMMA = 1
    """A comma, a dash or a bracket: a pause."""
    COLON = 2
    STOP = 3
    """The end of a sentence, a semicolon or a new line."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text."""

    text: str
    start: int
    """First character (Unicode code points)."""
    end: int
    """One past the last character."""
    fold: str
    """The text as it is compared: `fold(text)`."""
    key: str
    """The same for all inflected forms: `key(text)`."""
    before: Break
    """What stands before the word."""

    @property
    def is_number(self) -> bool:
        """Tell whether this is written in digits."""
        return self.text[0].isdigit() or self.text in "½¼¾⅓⅔"


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return the form of a word that is compared."""
    folded = unicodedata.normalize("NFC", word).lower()
    return folded.replace("aa", "å").translate(_E).replace(".", "").replace("’", "'").replace("´", "'")


@lru_cache(maxsize=65536)
def key(folded: str) -> str:
    """Return what all inflected forms of a folded word have in common."""
    return inflection.key(folded.removesuffix("'s").replace("'", ""))


def tokens(text: str) -> tuple[Token, ...]:
    """Split a text into its words and numbers; punctuation is kept as the `before` of what follows it."""
    found: list[Token] = []
    pending = Break.STOP
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "line":
            pending = Break.STOP
        elif kind == "mark":
            pending = max(pending, _break(text, match.start(), match.group(), found))
        else:
            word = match.group()
            if kind == "number":
                folded = word.replace(".", ",") if re.fullmatch(r"\d+\.\d{1,2}", word) else word
                found.append(Token(word, match.start(), match.end(), folded, folded, pending))
            else:
                folded = fold(word)
                found.append(Token(word, match.start(), match.end(), folded, key(folded), pending))
            pending = Break.NONE
            if word.endswith(".") and _CAPITAL.match(text, match.end()) and _ends_sentence(folded):
                pending = Break.STOP
    return tuple(found)


def _break(text: str, at: int, mark: str, before: Sequence[Token]) -> Break:
    """Judge a punctuation mark at `at`."""
    behind, ahead = text[at - 1 : at], text[at + 1 : at + 2]
    match mark:
        case ";" | "!" | "?" | "…":
            return Break.STOP
        case ":":
            return Break.NONE if behind.isdigit() and ahead.isdigit() else Break.COLON
        case ".":
            return Break.NONE if _belongs_to_word(text, at, before) else Break.STOP
        case "," | "–" | "—":
            return Break.COMMA
        case "-":
            # A hyphen within a word or a range is no pause: "PEG-sonde", "3-4".
            return Break.COMMA if behind.isspace() or ahead.isspace() else Break.NONE
        case _:
            return Break.NONE


def _belongs_to_word(text: str, at: int, before: Sequence[Token]) -> bool:
    """Tell whether a full stop is part of an abbreviation or a number."""
    if not before or before[-1].end != at:
        return False
    word = before[-1]
    goes_on = bool(_LOWER.match(text, at + 1)) and (word.fold in _UNITS or word.is_number)
    return word.fold in _ABBREVIATIONS or goes_on or (word.is_number and text[at + 1 : at + 2].isdigit())


def _ends_sentence(folded: str) -> bool:
    """Tell whether a dotted abbreviation before a capital may end a sentence: "40 mg s.c. Borger ..."."""
    return folded not in {"bla", "feks", "ca", "dr"}
