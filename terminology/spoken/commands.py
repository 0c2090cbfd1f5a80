"""Spoken punctuation and layout ("punktum", "nyt afsnit", "parentes start"), and hesitations."""

import re
from collections.abc import Sequence

from terminology.spoken.pieces import Kind, Piece, mark
from terminology.spoken.words import words

_HESITATION = re.compile(r"ø+h+m*|æ+h+m*|ø+hm+|e+h+m*|h+m{2,}|hm|m{3,}|ø{2,}")
_OPEN, _CLOSE, _TOGGLE, _QUOTE = "(", ")", "()", '"'
_FIRM: dict[tuple[str, ...], str] = {
    ("punktum",): ".",
    ("punktummer",): ".",
    ("kolon",): ":",
    ("semikolon",): ";",
    ("spørgsmålstegn",): "?",
    ("udråbstegn",): "!",
    ("tankestreg",): "–",
    ("nyt", "afsnit"): "\n",
    ("nytafsnit",): "\n",
    ("ny", "afsnit"): "\n",
    ("ny", "linje"): "\n",
    ("ny", "linie"): "\n",
    ("nylinje",): "\n",
    ("linjeskift",): "\n",
    ("linjeskifte",): "\n",
    ("parentes",): _TOGGLE,
    ("anførselstegn",): _QUOTE,
    ("anførselstegn", "start"): _QUOTE,
    ("anførselstegn", "slut"): _QUOTE,
    ("citationstegn",): _QUOTE,
    ("citat", "start"): _QUOTE,
    ("citat", "slut"): _QUOTE,
    ("citat", "begynd"): _QUOTE,
    ("venstreparentes",): _OPEN,
    ("højreparentes",): _CLOSE,
    ("venstre", "parentes"): _OPEN,
    ("højre", "parentes"): _CLOSE,
}
_FIRM |= {
    phrase: sign
    for sign, verbs in (
        (_OPEN, "start starter begynd begynder åben åbn"),
        (_CLOSE, "slut slutter luk lukket lukkes"),
    )
    for verb in verbs.split()
    for phrase in ((verb, "parentes"), ("parentes", verb), (f"parentes{verb}",), (f"{verb}parentes",))
}
_LATE = {"komma": ",", "bindestreg": "-", "skråstreg": "/", "slash": "/"}
"""Words that may belong to a number; they are carried out after the numbers are read."""
_NOUN_BEFORE = words(
    """
    et en til på i fra det den af ved sætte sætter sat dette denne der noget ethvert hvert om med
    """
)
"""After these "punktum", "kolon" and "nyt afsnit" are nouns: "flyttet til nyt afsnit"."""


def drop_hesitations(pieces: Sequence[Piece]) -> list[Piece]:
    """Leave out "øh", "øhm", "hmm", a comma beside them, and the word said again after them."""
    kept: list[Piece] = []
    hesitated = False
    for piece in pieces:
        if piece.kind is Kind.WORD and _HESITATION.fullmatch(piece.low):
            hesitated = True
            continue
        if hesitated and piece.kind is Kind.MARK and piece.text in {",", "…"}:
            continue
        if hesitated and piece.low and kept and kept[-1].low == piece.low:
            kept.pop()
        hesitated = False
        kept.append(piece)
    return kept


def carry_out(pieces: Sequence[Piece], *, as_words: frozenset[str] = frozenset()) -> list[Piece]:
    """Turn spoken commands into marks and breaks, except those that may belong to a number.

    Args:
        pieces: what was said.
        as_words: marks whose names stay words.

    """
    done: list[Piece] = []
    at = 0
    opened = False
    while at < len(pieces):
        for length in (2, 1):
            phrase = tuple(piece.low for piece in pieces[at : at + length])
            sign = _FIRM.get(phrase) if len(phrase) == length else None
            if sign:
                break
        else:
            sign = None
        before = done[-1].low if done else ""
        if sign is None or sign in as_words or before in _NOUN_BEFORE:
            done.append(pieces[at])
            at += 1
            continue
        if sign == _TOGGLE:
            sign = _CLOSE if opened else _OPEN
        opened = sign == _OPEN or (opened and sign != _CLOSE)
        done.append(mark(sign, pieces[at].first, pieces[at + length - 1].last, said=True))
        at += length
    return done


def carry_out_late(pieces: Sequence[Piece], *, as_words: frozenset[str] = frozenset()) -> list[Piece]:
    """Turn the remaining "komma", "bindestreg" and "skråstreg" into marks; `as_words` as in `carry_out`."""
    return [
        mark(_LATE[piece.low], piece.first, piece.last, said=True)
        if piece.kind is Kind.WORD
        and piece.low in _LATE
        and _LATE[piece.low] not in as_words
        and not (index and pieces[index - 1].low in {"et", "en"})
        else piece
        for index, piece in enumerate(pieces)
    ]


def tidy(pieces: Sequence[Piece]) -> list[Piece]:
    """Leave one mark where a command and the recogniser both set one; a spoken mark wins."""
    kept: list[Piece] = []
    for piece in pieces:
        if piece.kind is Kind.BREAK and not kept:
            continue
        if piece.kind is not Kind.MARK or piece.text not in ".,:;?!":
            kept.append(piece)
            continue
        last = kept[-1] if kept else None
        if last is None or last.kind is Kind.BREAK:
            if piece.said or last is not None:
                continue
            kept.append(piece)
        elif last.kind is not Kind.MARK or last.text not in ".,:;?!":
            kept.append(piece)
        elif _stronger(piece, last):
            kept[-1] = piece
    while kept and kept[-1].kind is Kind.BREAK:
        kept.pop()
    return kept


def _stronger(piece: Piece, other: Piece) -> bool:
    """Tell whether of two marks in a row the second stays."""
    if piece.said != other.said:
        return piece.said
    return other.text in ",;" and piece.text not in ",;"
