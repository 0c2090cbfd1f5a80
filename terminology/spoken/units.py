"""Units and counted things: what may follow a spoken number, and how it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from terminology.spoken.words import words as _listed


class UnitKind(StrEnum):
    """What a unit does to the number before it."""

    MEASURE = "measure"
    """A physical unit: halves become decimals, and "et" before it is the number 1."""
    DOSE = "dose"
    """A form of a drug: halves become ½, and "en" before it is the number 1."""
    PORTION = "portion"
    """A form of a drug that is an everyday word too ("brev"): "et" is 1 only beside a drug."""
    TIME = "time"
    """A stretch of time: halves become ½, "en" stays a word."""
    COUNT = "count"
    """Anything else that is counted in figures: halves become ½, "en" stays a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as it is written."""

    written: str
    kind: UnitKind
    per: bool = False
    """True where a rate is written with a slash ("l/min")."""


_MEASURES = {
    "mg": "milligram milligrammer mg mg.",
    "g": "gram grammer g gr gr.",
    "mikrogram": "mikrogram mikrogrammer mcg µg ug",
    "nanogram": "nanogram",
    "kg": "kilo kilogram kg kg.",
    "ml": "milliliter milliliters ml ml. mililiter",
    "cl": "centiliter cl",
    "dl": "deciliter dl",
    "l": "liter litere l",
    "mikroliter": "mikroliter",
    "mm": "millimeter mm milimeter",
    "cm": "centimeter cm cm. centimeters",
    "m": "meter meters",
    "km": "kilometer km",
    "cm²": "kvadratcentimeter cm²",
    "m²": "kvadratmeter m²",
    "mmol": "millimol mmol",
    "mikromol": "mikromol",
    "nmol": "nanomol nmol",
    "%": "procent procents % pct pct.",
    "‰": "promille ‰",
    "kcal": "kilokalorier kilokalorie kcal",
    "kJ": "kilojoule kj",
    "mmHg": "mmhg",
    "°C": "°c",
    "kPa": "kilopascal kpa",
    "IE": "ie",
}
_KEPT = {
    UnitKind.MEASURE: _listed(
        """
        enheder enhed grader
        """
    ),
    UnitKind.DOSE: _listed(
        """
        tablet tabletter tab tabl. tbl tbl. pille piller kapsel kapsler dråbe dråber depottablet
        depottabletter brusetablet brusetabletter smeltetablet smeltetabletter sovetablet sovetabletter
        stikpille stikpiller suppositorie suppositorier vagitorie vagitorier inhalation inhalationer
        ampul ampuller hætteglas måleske måleskeer teske teskeer teskefuld teskefulde spiseske
        spiseskeer spiseskefuld spiseskefulde klyx mikrolax panodiler
        """
    ),
    UnitKind.PORTION: _listed(
        """
        brev breve pust sug sprøjte sprøjter dosis doser plaster plastre engangsdosis engangsdoser pose
        poser stk stk. stykke stykker
        """
    ),
    UnitKind.TIME: _listed(
        """
        sekund sekunder minut minutter min. kvarter kvarterer time timer døgn dag dage uge uger måned
        måneder år nat nætter aften aftener formiddag formiddage hverdage døgns dages timers ugers
        minutters måneders års
        """
    ),
    UnitKind.COUNT: _listed(
        """
        gang gange glas kop kopper krus bæger bægre slag åndedrag respirationer vejrtrækninger skridt
        trin kroner kr kr. kalorier portion portioner prikker point personer mand hjælpere
        """
    ),
}
"""Units that are written as they are said."""
_RATED = _listed("enheder slag åndedrag respirationer vejrtrækninger dråber")


def _table() -> dict[str, Unit]:
    """Every spoken and written form of a unit in one word."""
    table = {
        form: Unit(written=written, kind=UnitKind.MEASURE, per=True)
        for written, forms in _MEASURES.items()
        for form in forms.split()
    }
    for kind, kept in _KEPT.items():
        table |= {word: Unit(written=word, kind=kind, per=word in _RATED) for word in kept}
    return table


_UNITS = _table()
_NO_ARTICLE = frozenset({"grader"})
_PHRASES = {
    ("millimeter", "kviksølv"): "mmHg",
    ("mm", "kviksølv"): "mmHg",
    ("mm", "hg"): "mmHg",
    ("grader", "celsius"): "°C",
    ("grad", "celsius"): "°C",
    ("internationale", "enheder"): "IE",
    ("procent", "point"): "procentpoint",
}
_PER_TIME = {"minuttet": "min", "timen": "time", "sekundet": "s"}
_PER_AMOUNT = {
    "liter": "l",
    "milliliter": "ml",
    "deciliter": "dl",
    "kilo": "kg",
    "kilogram": "kg",
    "kvadratmeter": "m²",
    "mol": "mol",
    "døgn": "døgn",
    "gram": "g",
}
_PER = frozenset({"per", "pr", "pr."})


def unit(words: Sequence[str], start: int) -> tuple[Unit, int] | None:
    """Read a unit at `start`, with its rate ("liter i minuttet", "millimol per liter").

    Args:
        words: folded words.
        start: index of the first word.

    Returns:
        The unit and the index after it; None where no unit stands there.

    """
    if start >= len(words):
        return None
    pair = tuple(words[start : start + 2])
    if pair in _PHRASES:
        return Unit(written=_PHRASES[pair], kind=UnitKind.MEASURE), start + 2
    found = _UNITS.get(words[start])
    if found is None:
        return None
    end = start + 1
    if not found.per or end + 1 >= len(words):
        return found, end
    link, last = words[end], words[end + 1]
    # "per minut" stays in words ("l pr. minut"), "i minuttet" and "per liter" get a slash.
    below = _PER_TIME.get(last) if link == "i" else _PER_AMOUNT.get(last) if link in _PER else None
    if below is None:
        return found, end
    return Unit(written=f"{found.written}/{below}", kind=UnitKind.MEASURE), end + 2


def takes_article(word: str) -> bool:
    """Tell whether "en" or "et" before the unit `word` is the number one: "et gram", but "et glas"."""
    found = _UNITS.get(word)
    return found is not None and found.kind in {UnitKind.MEASURE, UnitKind.DOSE} and word not in _NO_ARTICLE


def is_time(word: str) -> bool:
    """Tell whether `word` is a stretch of time."""
    found = _UNITS.get(word)
    return found is not None and found.kind is UnitKind.TIME


def is_unit(word: str) -> bool:
    """Tell whether `word` is a unit or a counted thing."""
    return word in _UNITS
