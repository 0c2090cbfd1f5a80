"""Numbers that name something: CPR, phone numbers, door codes, and figures said with leading noughts."""

import re

from terminology.numerals import digits
from terminology.spoken.pieces import Shape
from terminology.spoken.reading import Context, Reading, reading
from terminology.spoken.words import words

_CPR = frozenset(
    {"cpr", "cpr.", "cpr-nummer", "cprnummer", "cpr-nr", "cpr-nr.", "personnummer", "personnummeret"}
)
_PHONE = words(
    """
    telefon telefonen telefonnummer telefonnummeret tlf tlf. mobil mobilen mobilnummer mobilnummeret
    mobiltelefon fastnet fastnettelefon nummer nummeret ring ringe ringes træffes fax nr nr. sms
    """
)
_CODE = words(
    """
    kode koden nøglekode nøglekoden pinkode pinkoden dørkode dørkoden nøgleboks nøgleboksen boks
    kodeboks kodeboksen alarmkode alarmkoden
    """
)
_LINKS = frozenset(
    {"nummer", "nr", "nr.", "er", "på", "til", "nummeret", "som", "hedder", "lyder", "ham", "hende"}
)
_SEPARATORS = frozenset({"bindestreg", "streg", "-", "mellemrum"})
_CPR_LENGTH, _BIRTH_LENGTH, _PHONE_LENGTH, _SHORTEST_CODE = 10, 6, 8, 3
_REACH = 3
"""So many link words may stand between the cue and the number."""
_WRITTEN_CPR = re.compile(r"\d{6}-?\d{4}")
_EMERGENCY: dict[tuple[str, ...], str] = {
    ("et", "et", "to"): "112",
    ("en", "en", "to"): "112",
    ("et", "en", "to"): "112",
}


def _cue_before(context: Context, cues: frozenset[str]) -> bool:
    """Tell whether one of `cues` stands before the number, link words between."""
    for count in range(1, _REACH + 1):
        word = context.word_before(count)
        if word in cues:
            return True
        if word not in _LINKS:
            return False
    return False


def _figures(context: Context, start: int, *, most: int) -> tuple[str, int] | None:
    """Gather figures said one number after another, up to `most` of them."""
    text, at = "", start
    while len(text) < most:
        skip = at + 1 if text and context.word(at) in _SEPARATORS else at
        written = context.word(skip)
        found = (
            (written.replace("-", ""), skip + 1)
            if _WRITTEN_CPR.fullmatch(written)
            else digits(context.words, skip)
        )
        if found is None or len(text) + len(found[0]) > most:
            break
        text, at = text + found[0], found[1]
    return (text, at) if text else None


def cpr(context: Context, start: int) -> Reading | None:
    """Read a CPR number after its cue: six figures, hyphen, four; or the six of the birth date alone."""
    if not _cue_before(context, _CPR):
        return None
    found = _figures(context, start, most=_CPR_LENGTH)
    if found and len(found[0]) == _CPR_LENGTH:
        return reading(f"{found[0][:6]}-{found[0][6:]}", found[1], Shape.IDENTIFIER)
    if found and len(found[0]) == _BIRTH_LENGTH:
        return reading(found[0], found[1], Shape.IDENTIFIER)
    return None


def phone(context: Context, start: int) -> Reading | None:
    """Read a phone number after its cue: eight figures in pairs, with "+45" where it was said."""
    if not _cue_before(context, _PHONE):
        return None
    emergency = _EMERGENCY.get(tuple(context.words[start : start + 3]))
    if emergency and digits(context.words, start + 3) is None:
        return reading(emergency, start + 3, Shape.IDENTIFIER)
    prefix, at = "", start
    if context.word(start) == "plus":
        country = digits(context.words, start + 1)
        if country is None or len(country[0]) != 2:  # noqa: PLR2004 - "+45"
            return None
        prefix, at = f"+{country[0]} ", country[1]
    found = _figures(context, at, most=_PHONE_LENGTH)
    if found is None or len(found[0]) != _PHONE_LENGTH:
        return None
    pairs = " ".join(found[0][index : index + 2] for index in range(0, _PHONE_LENGTH, 2))
    return reading(prefix + pairs, found[1], Shape.IDENTIFIER)


def code(context: Context, start: int) -> Reading | None:
    """Read a door code said figure by figure after its cue: "koden er et to tre fire"."""
    if not _cue_before(context, _CODE):
        return None
    found = _figures(context, start, most=_PHONE_LENGTH)
    if found is None or len(found[0]) < _SHORTEST_CODE or found[1] - start < 2:  # noqa: PLR2004 - two words
        return None
    return reading(found[0], found[1], Shape.IDENTIFIER)


def noughts(context: Context, start: int) -> Reading | None:
    """Read figures that start with a nought: "nul nul syv" is 007, "nul otte" is 08."""
    if context.word(start) != "nul":
        return None
    text, at = "0", start + 1
    while (found := digits(context.words, at)) and len(found[0]) == 1:
        text, at = text + found[0], found[1]
    follower = context.word(at)
    if (
        len(text) == 1
        or follower in {"komma", "over", "gange", "til"}
        or (context.note and len(text) < _SHORTEST_CODE)
    ):
        return None
    return reading(text, at, Shape.IDENTIFIER)
