"""Written forms of care language: "blodtryk 140/90" is BT 140/90, "peroralt" is p.o., "kad" is KAD."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from terminology.spoken.pieces import Kind, Piece, Shape, Value
from terminology.spoken.words import words

_MEASUREMENTS: Mapping[str, str] = {
    "blodtryk": "BT",
    "temperatur": "Tp",
    "temp": "Tp",
    "respirationsfrekvens": "RF",
    "saturation": "sat.",
    "sat": "sat.",
    "blodsukker": "BS",
    "hæmoglobin": "Hb",
    "charriere": "CH",
    "charrière": "CH",
    "charier": "CH",
    "charrier": "CH",
}
"""Written short only before their value: "blodtryk ikke målt" stays."""
_VALUE_SHAPES = frozenset({Shape.COUNT, Shape.QUANTITY, Shape.PRESSURE, Shape.RANGE})
_VALUE_UNITS = frozenset({"", "%", "°C", "grader", "mmHg", "mmol"})
_LOWEST_SATURATION = 40.0

_ACRONYMS: Mapping[str, str] = {
    form.lower(): form
    for form in words(
        """
        ADL ALAT APV ASA BMI BPSD BS BT COPD CPR CRP CT CVK DVT eGFR EKG ESBL EWS FMK GCS GFR
        Hb HbA1c HDL HLR INR ISBAR KAD KOL LDL MMSE MRSA NRS NSAID PEG PEP PICC PN PPI PVK RF SpO2 TIA TOBS
        Tp TSH UTI UVI VAC VAS
        """
    )
}
_AMBIGUOUS = frozenset({"peg", "pep", "vac", "asa", "ct"})
"""Everyday words and names too: upper case only beside what makes them an abbreviation."""
_BESIDE_AMBIGUOUS: Mapping[str, frozenset[str]] = {
    "peg": frozenset({"via", "i", "omkring", "på", "gennem", "med"}),
    "ct": frozenset({"til", "en"}),
}
_COMPOUND_TAILS = words(
    """
    sonde sonden sonder fløjte fløjten kateter kateteret katetre pose posen nummer nummeret score scoren
    skema skemaet scanning scanningen behandling behandlingen værdi værdien måling målinger måling prøve
    prøven algoritme nøgle pumpe pumpen
    """
)
_WORDS: Mapping[str, str] = {
    "cirka": "ca.",
    "ca": "ca.",
    "circa": "ca.",
    "peroralt": "p.o.",
    "peroral": "p.o.",
    "subkutant": "s.c.",
    "subkutan": "s.c.",
    "subcutant": "s.c.",
    "subcutan": "s.c.",
    "intramuskulært": "i.m.",
    "intravenøst": "i.v.",
    "pr": "pr.",
    "po": "p.o.",
    "sc": "s.c.",
    "iv": "i.v.",
}
_AFTER_PER = words(
    """
    dag døgn time minut uge måned år gang person liter kilo kvartal stk styk besøg vagt dosis sekund nat
    """
)
_PHRASES: Mapping[tuple[str, ...], str] = {
    ("for", "eksempel"): "fx",
    ("per", "os"): "p.o.",
    ("p", "o"): "p.o.",
    ("s", "c"): "s.c.",
    ("i", "v"): "i.v.",
}
_LONGEST_ACRONYM = 5
_FLUIDS = {"natriumklorid": "NaCl", "natriumchlorid": "NaCl", "natrium-klorid": "NaCl"}
_FLUID_UNITS = frozenset({"ml", "l", "%"})


def abbreviate(pieces: Sequence[Piece]) -> list[Piece]:
    """Write the words that care notes abbreviate, and abbreviations said as letters or words."""
    done: list[Piece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind is not Kind.WORD:
            done.append(piece)
            at += 1
            continue
        merged, length = _phrase(pieces, at) or _letters(pieces, at) or (None, 1)
        if merged is None:
            following = pieces[at + 1] if at + 1 < len(pieces) else None
            merged = _single(piece, done[-1] if done else None, following)
        done.append(merged)
        at += length
        if merged.low in _ACRONYMS and merged.text.isupper() and at < len(pieces):
            tail = pieces[at]
            if tail.low in _COMPOUND_TAILS:
                done[-1] = _merge(merged, tail, f"{merged.text}-{tail.text}")
                at += 1
    return done


def _merge(first: Piece, last: Piece, text: str) -> Piece:
    return replace(first, text=text, low=text.lower(), last=last.last)


def _phrase(pieces: Sequence[Piece], at: int) -> tuple[Piece, int] | None:
    """Write a phrase of two words short."""
    written = _PHRASES.get(tuple(piece.low for piece in pieces[at : at + 2]))
    return (_merge(pieces[at], pieces[at + 1], written), 2) if written else None


def _letters(pieces: Sequence[Piece], at: int) -> tuple[Piece, int] | None:
    """Join letters that a recogniser wrote apart: "c r p" is CRP."""
    length = 0
    while length < _LONGEST_ACRONYM and at + length < len(pieces) and len(pieces[at + length].low) == 1:
        length += 1
    while length > 1:
        written = _ACRONYMS.get("".join(piece.low for piece in pieces[at : at + length]))
        if written:
            return _merge(pieces[at], pieces[at + length - 1], written), length
        length -= 1
    return None


def _single(piece: Piece, before: Piece | None, following: Piece | None) -> Piece:
    """Write one word in its written form."""
    low = piece.low
    written = _WORDS.get(low) or _in_context(low, before, following) or _acronym(piece, before, following)
    return replace(piece, text=written) if written else piece


def _in_context(low: str, before: Piece | None, following: Piece | None) -> str:
    """Return the short form that a word has only beside a value or a unit; "" where it stays."""
    if low in _MEASUREMENTS and following and following.value and _fits(low, following.value):
        return _MEASUREMENTS[low]
    if low in _FLUIDS and before and before.value and before.value.unit in _FLUID_UNITS:
        return _FLUIDS[low]
    return "pr." if low == "per" and following and following.low in _AFTER_PER else ""


def _fits(low: str, value: Value) -> bool:
    """Tell whether `value` can be a value of this measurement ("blodsukker to timer efter" has none)."""
    if value.shape not in _VALUE_SHAPES or not (value.unit in _VALUE_UNITS or "/" in value.unit):
        return False
    if low == "sat":
        figures = value.number.replace(",", ".")
        return figures.replace(".", "", 1).isdecimal() and float(figures) >= _LOWEST_SATURATION
    return True


def _acronym(piece: Piece, before: Piece | None, following: Piece | None) -> str:
    """Return the written form of an abbreviation, alone or heading a compound; "" for any other word."""
    head, hyphen, tail = piece.low.partition("-")
    if head not in _ACRONYMS:
        return ""
    if hyphen and tail:
        return _ACRONYMS[head] + piece.text[len(head) :]
    ambiguous = head in _AMBIGUOUS and not piece.text.isupper()
    if ambiguous and not (following and following.low in _COMPOUND_TAILS):
        beside = _BESIDE_AMBIGUOUS.get(head, frozenset())
        return _ACRONYMS[head] if before and before.low in beside else ""
    return _ACRONYMS[head]
