"""What benchmarks/matcher.py measures on: designations composed of ICD-10 terms, and notes that mention them.

The misspellings and mishearings are made by tables of their own and know nothing of the keys of the index.
"""

import csv
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import simplemma
from wordfreq import top_n_list

from terminology.release import load

SEED = 20261122
NOTE_WORDS = 200
LONGEST = 8
"""Words of a designation that is planted; also the window of the peers."""

_SHORT_FORMS = {
    "f.a.": "forårsaget af",
    "m.": "med",
    "v.": "ved",
    "u.": "uden",
    "mhp": "med henblik på",
    "unds.": "undersøgelse",
    "spec.": "specificeret",
    "bl.": "blandede",
    "an.": "anden",
    "klas.": "klassificeret",
    "forb.": "forbindelse",
}
_STATES = (
    "",
    "obs. ",
    "mistanke om ",
    "tidligere ",
    "følger efter ",
    "recidiv af ",
    "kendt ",
    "verificeret ",
)
_GRADES = ("", "let ", "moderat ", "svær ", "akut ", "kronisk ", "tiltagende ", "debuterende ")
_SIDES = ("", " i højre side", " i venstre side", " bilateralt", ", højresidig", ", venstresidig")
_PAIRED = frozenset("CDGHJLMNQST")
"""Chapters of ICD-10 in which a side makes sense."""
_TAIL = re.compile(r"\s+(?:UNS|IKA|KA|kl\. andetsteds)$")

# What a listener mixes up in Danish, as it is spelt: what is said, then what is written down.
_MISHEARD = (
    ("nd", "n"), ("ld", "l"), ("hv", "v"), ("hj", "j"), ("rd", "r"), ("dt", "t"), ("tion", "sion"),
    ("ø", "y"), ("æ", "e"), ("e", "æ"), ("å", "o"), ("o", "å"), ("y", "ø"), ("i", "e"), ("u", "o"),
    ("a", "æ"),
    ("kk", "gg"), ("gg", "kk"), ("pp", "b"), ("tt", "t"), ("ll", "l"), ("nn", "n"), ("mm", "m"), ("ss", "s"),
    ("g", "k"), ("k", "g"), ("d", "t"), ("b", "p"), ("p", "b"), ("v", "f"), ("f", "v"), ("c", "s"),
    ("z", "s"), ("ph", "f"), ("th", "t"), ("x", "ks"), ("qu", "kv"), ("eu", "øv"), ("er", "a"), ("re", "er"),
    ("ed", "el"), ("ng", "n"), ("nk", "ng"), ("rt", "t"), ("rs", "s"), ("eg", "aj"), ("ig", "i"),
    ("ør", "ø"), ("år", "å"),
)  # fmt: skip
_INFLECTED = (
    ("ion", "ionen"), ("ing", "ingen"), ("hed", "heden"), ("else", "elsen"), ("sygdom", "sygdomme"),
    ("itis", "itis'"), ("e", "en"), ("om", "omet"), ("er", "erne"), ("sår", "sårene"), ("ur", "uren"),
    ("or", "oren"), ("ment", "mentet"), ("ose", "osen"), ("i", "ien"), ("t", "tet"), ("n", "nen"),
    ("d", "den"), ("r", "ret"), ("m", "met"), ("s", "sen"),
)  # fmt: skip
_LETTERS = "abcdefghijklmnoprstuvyæøå"

_CARRIERS = (
    "Ved besøget i dag fortæller borgeren om {}, og der er aftalt opfølgning i næste uge.",
    "Egen læge er kontaktet telefonisk vedrørende {} og ringer tilbage inden middag.",
    "Der er i journalen noteret {} siden indlæggelsen i foråret.",
    "Ægtefællen er bekymret over {} og spørger til den videre plan.",
    "Observeret {} under morgenplejen, fotodokumentation er lagt i systemet.",
    "Kendt med {}, som der jævnligt følges op på i ambulatoriet.",
    "Udskrevet fra sygehuset efter {} med besked om at mobilisere dagligt.",
    "Datteren oplyser at moderen har haft {} gennem længere tid.",
)
_PLAIN = (
    "Borgeren sad ved køkkenbordet og læste avis da jeg kom.",
    "Vi drak en kop kaffe og talte om vejret og naboens nye hund.",
    "Gulvet var støvsuget og der var luftet ud i soveværelset.",
    "Nøglen ligger i boksen ved hoveddøren som aftalt med familien.",
    "Sengetøjet blev skiftet og vasketøjet hængt op i kælderen.",
    "Der mangler handsker og bleer, som er bestilt hjem til torsdag.",
    "Han glæder sig til at få besøg af sine børnebørn på søndag.",
    "Hun vil gerne en tur i haven, når solen igen viser sig.",
    "Middagen blev varmet i mikroovnen og spist foran fjernsynet.",
    "Posten var kommet, og brevet fra kommunen blev læst højt.",
    "Rollatoren står i entreen, og bremserne virker som de skal.",
    "Aftenvagten bedes huske at låse døren og slukke lyset i gangen.",
)
_FILLER = "Der blev også talt om {}, {} og {} samt {}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A designation that a note mentions."""

    start: int
    end: int
    kind: str
    """exact, inflected, apart, misspelt 1, misspelt 2 or misheard."""
    value: str
    """The designation that is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text and what it mentions."""

    text: str
    planted: tuple[Planted, ...]


def small_terms(icd10: Path, count: int) -> list[tuple[str, str]]:
    """Return Fælles Sprog III and as many ICD-10 terms as make `count` concepts."""
    own = list(_own_terms())
    codes = {code for code, _ in own}
    others = _chance(SEED).sample(list(_icd10(icd10)), count - len(codes))
    return own + [(code, _TAIL.sub("", value)) for code, value in others]


def many_terms(icd10: Path, count: int) -> list[tuple[str, str]]:
    """Return `count` designations: Fælles Sprog III, ICD-10, and ICD-10 with a state, a grade and a side.

    The longer compositions come last, so that fewer of them are taken.
    """
    base = list(_icd10(icd10))
    found: dict[tuple[str, str], None] = dict.fromkeys(_own_terms())
    for code, value in base:
        found[code, value] = None
        found[code, _TAIL.sub("", value)] = None
        found[code, _long_form(value)] = None
    ways = [
        (state, grade, side)
        for state in range(len(_STATES))
        for grade in range(len(_GRADES))
        for side in range(len(_SIDES))
    ]
    ways.sort(key=lambda way: (sum(map(bool, way)), way))
    _chance(SEED).shuffle(base)
    for state, grade, side in ways[1:]:
        for code, value in base:
            if side and code[0] not in _PAIRED:
                continue
            short = _long_form(_TAIL.sub("", value))
            if not (state or grade):
                composed = f"{short}{_SIDES[side]}"
            else:
                composed = f"{_STATES[state]}{_GRADES[grade]}{_small(short)}{_SIDES[side]}"
            found[f"{code}+{state}{grade}{side}", composed] = None
            if len(found) >= count:
                return list(found)
    return list(found)


def notes(terms: Sequence[tuple[str, str]], count: int, seed: int) -> list[Note]:
    """Write `count` notes of about `NOTE_WORDS` words that mention terms, one kind after the other."""
    chance = _chance(seed)
    values = sorted({value for _, value in terms if _may_be_planted(value)})
    words = [word for word in top_n_list("da", 20_000)[300:] if word.isalpha() and len(word) > 3]
    kinds = _kinds(chance)
    return [_note(chance, values, words, kinds) for _ in range(count)]


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - chance for a measurement, no secret


def _note(chance: random.Random, values: Sequence[str], words: Sequence[str], kinds: Iterator[str]) -> Note:
    text, planted = "", []
    carriers = chance.sample(_CARRIERS, len(_CARRIERS))
    while len(text.split()) < NOTE_WORDS:
        if carriers and chance.random() < 0.5:
            before, after = carriers.pop().split("{}")
            kind = next(kinds)
            value, said = _planted(chance, values, kind)
            start = len(text) + len(before)
            planted.append(Planted(start=start, end=start + len(said), kind=kind, value=value))
            sentence = before + said + after
        elif chance.random() < 0.25:
            sentence = _FILLER.format(*chance.sample(words, 4))
        else:
            sentence = chance.choice(_PLAIN)
        text += sentence + " "
    return Note(text=text, planted=tuple(planted))


def _kinds(chance: random.Random) -> Iterator[str]:
    kinds = ["exact", "inflected", "apart", "misspelt 1", "misspelt 2", "misheard"]
    while True:
        chance.shuffle(kinds)
        yield from tuple(kinds)


def _planted(chance: random.Random, values: Sequence[str], kind: str) -> tuple[str, str]:
    """Return a designation and how it is said; one that can't be said so gives way to the next."""
    while True:
        value = chance.choice(values)
        said = _said(chance, _small(value), kind)
        if kind == "exact" or (said and said.lower() != value.lower() and "aa" not in said):
            return value, said  # "aa" is another letter, which none of these slips means


def _said(chance: random.Random, value: str, kind: str) -> str:
    match kind:
        case "exact":
            return value
        case "inflected":
            return _inflected(value)
        case "apart":
            return _apart(chance, value)
        case "misheard":
            return _misheard(chance, value)
        case _:
            return _misspelt(chance, value, int(kind[-1]))


def _inflected(value: str) -> str:
    """Put the first long noun into another form."""
    words = value.split(" ")
    for at, word in enumerate(words):
        if len(word) >= 6 and word.isalpha():
            for end, other in _INFLECTED:
                if word.endswith(end):
                    form = word.removesuffix(end) + other
                    if simplemma.lemmatize(form, "da") != form or end in {"ion", "ing", "hed", "else"}:
                        return " ".join([*words[:at], form, *words[at + 1 :]])
    return ""


def _apart(chance: random.Random, value: str) -> str:
    """Write a compound apart where both parts are Danish words."""
    words = value.split(" ")
    ways = [
        (at, cut)
        for at, word in enumerate(words)
        if len(word) >= 9 and word.isalpha()
        for cut in range(4, len(word) - 3)
        if simplemma.is_known(word[:cut], "da") and simplemma.is_known(word[cut:], "da")
    ]
    if not ways:
        return ""
    at, cut = chance.choice(ways)
    return " ".join([*words[:at], words[at][:cut], words[at][cut:], *words[at + 1 :]])


def _misheard(chance: random.Random, value: str) -> str:
    """Replace one or two sounds in the longest words."""
    words = value.split(" ")
    places = sorted(range(len(words)), key=lambda at: (-len(words[at]), at))[:2]
    for at in places[: chance.randint(1, 2)]:
        ways = [
            (found.start(), said, heard)
            for said, heard in _MISHEARD
            for found in re.finditer(said, words[at])
            if found.start() or len(said) > 1
        ]
        if ways:
            start, said, heard = chance.choice(ways)
            words[at] = words[at][:start] + heard + words[at][start + len(said) :]
    return " ".join(words)


def _misspelt(chance: random.Random, value: str, count: int) -> str:
    """Change letters anywhere: one gone, one more, another one, or two swapped."""
    for _ in range(count):
        places = [at for at in range(len(value) - 1) if value[at].isalpha() and value[at + 1].isalpha()]
        at = chance.choice(places)
        letter = chance.choice(_LETTERS)
        value = chance.choice(
            (
                value[:at] + value[at + 1 :],
                value[:at] + letter + value[at:],
                value[:at] + letter + value[at + 1 :],
                value[:at] + value[at + 1] + value[at] + value[at + 2 :],
            )
        )
    return value


def _may_be_planted(value: str) -> bool:
    return 1 <= len(value.split()) <= LONGEST and sum(map(str.isalpha, value)) >= 8 and "." not in value


def _own_terms() -> Iterator[tuple[str, str]]:
    for concept in load().concepts:
        for designation in concept.designations:
            if not designation.value.isdecimal():
                yield concept.code, designation.value


def _icd10(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["code"], row["display_da"]


def _long_form(value: str) -> str:
    return " ".join(_SHORT_FORMS.get(word, word) for word in value.split(" "))


def _small(value: str) -> str:
    """Write the first word small, but for "HIV" and the like."""
    return value if value[1:2].isupper() or not value[1:2].isalpha() else value[0].lower() + value[1:]
