"""How much of a drug, how and when, as said."""

import re
from dataclasses import dataclass

from terminology.drugs.names import Named
from terminology.scope import Scope
from terminology.spoken.words import words as words_of

FORM_CUE = "drug.form"
_UNIT = (
    r"(?:mg\s?/\s?(?:t(?:ime)?|ml)\b|mikrogram\s?/\s?t(?:ime)?\b|mg|milligram|mikrogram|mcg|µg|ug|gram|g|ml|"
    r"milliliter|enheder|enhed|enh\b|internationale enheder|ie|e|tabletter|tablet|tabl|tbl|tab|stk|pust|sug|"
    r"puff|inhalationer|inhalation|dråber|dråbe|breve|brev|kapsler|kapsel|plastre|plaster|stikpiller|stikpille|suppositorier|"
    r"suppositorie|supp|ampuller|ampul|sprayskud|spray|dosis|doser|mmol|poser|pose|klysma|tube|måleskeer|måleske|"
    r"piller|pille)"
)
_AMOUNT = r"(?:\d+(?:[.,]\d+)?\s?[½¼¾]?|[½¼¾]|\b(?:en|et|to|tre|fire|halvanden|en halv|et halvt)\b)"
_TIMES = r"(?:\s*(?:x|×|gange)\s*\d+)?"
_AFTER = re.compile(rf"(?P<dose>{_AMOUNT}\s?{_UNIT}(?![\wæøå]){_TIMES})", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?P<dose>{_AMOUNT}(?:\s?{_UNIT}(?![\wæøå]))?)\.?\s+(?:af\s+|med\s+|pn\s+)?$", re.IGNORECASE
)
_BEFORE_REACH = 30
_LIGHT = words_of(
    """
    på i givet fået med pn en blev er øges øget til sættes sat op ned nedsat reduceres reduceret ændres ændret
    """
)
"""Words that may stand between a drug and its dose."""
_ROUTES = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("p.o.", r"p\.\s?o\.|\bpo\b|per\s?os|peroral\w*|oral\w*|gennem munden"),
        ("s.c.", r"s\.\s?c\.|\bsc\b|subkutan\w*|subcutan\w*|under huden"),
        ("i.v.", r"i\.\s?v\.|\biv\b|intravenøs\w*|i drop\b|som drop\b"),
        ("i.m.", r"i\.\s?m\.|\bim\b|intramuskulær\w*"),
        ("rektalt", r"rektal\w*|rectal\w*|p\.\s?r\.|i endetarmen"),
        ("sublingualt", r"sublingual\w*|under tungen|resoriblet"),
        ("vaginalt", r"vaginal\w*|i skeden"),
        ("inhalation", r"inhal\w*|forstøver\w*|nebulisator|på maske|\bpust\b|\bsug\b|turbohaler|spacer"),
        ("transdermalt", r"transdermal\w*|plaster"),
        ("i øjet", r"i (?:begge|højre|venstre|hø|ve)?\s?øj(?:et|e|ne|nene)\b|øjendråber"),
        ("i næsen", r"nasal\w*|i næsen|næsespray"),
        ("via sonde", r"(?:via|gennem|i) (?:peg|sonde\w*)"),
        ("på huden", r"smurt\b|påsmurt|dermal\w*|kutan\w*"),
    )
)
_DAYS = "mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag"
_TIME = re.compile(
    r"\b(?:kl\.?\s?\d{1,2}(?:[.:]\d{2})?|klokken \d{1,2}(?:[.:]\d{2})?|i aften|i morges|i nat|til natten|"
    r"i eftermiddag|i formiddag|i morgen(?: tidlig| formiddag| aften| middag| eftermiddag)?|"
    rf"til (?:morgen|aften|middag|frokost)|(?:på|fra|hver) (?:{_DAYS})|ved sengetid|før morgenmad(?:en)?|"
    r"fra i morgen|om (?:morgenen|aftenen)|i dag)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a note with their place."""

    value: str
    start: int
    end: int


def dose(text: str, scope: Scope, named: Named, *, after: int, limit: int) -> Said | None:
    """Return the dose of a drug: after its name, else before it.

    Args:
        text: the note.
        scope: its words.
        named: the drug.
        after: first character that may belong to it: the end of the drug before.
        limit: one past the last token that may belong to it.

    """
    words = scope.words
    start = words[named.low].start
    if match := _AFTER.search(text, words[named.high - 1].end, words[limit - 1].end):
        between = [
            at
            for at in range(named.high, limit)
            if words[at].start < match.start() and not words[at].is_number
        ]
        forms = scope.cues.tokens(FORM_CUE)
        if len(between) <= 1 or all(at in forms or words[at].fold in _LIGHT for at in between):
            return Said(match["dose"].strip(), match.start(), match.end())
    match = _BEFORE.search(text, max(after, start - _BEFORE_REACH), start)
    # A bare "en" before the name is an article.
    if match and (not match["dose"].isalpha() or " " in match["dose"].strip()):
        return Said(match["dose"].strip(), match.start(), match.end("dose"))
    return None


def route(text: str, start: int, end: int) -> Said | None:
    """Return the way a drug was given, as its usual abbreviation or word."""
    for name, pattern in _ROUTES:
        if match := pattern.search(text, start, end):
            return Said(name, match.start(), match.end())
    return None


def time(text: str, start: int, end: int) -> Said | None:
    """Return when a drug was or is to be given, as said."""
    match = _TIME.search(text, start, end)
    return Said(match.group(), match.start(), match.end()) if match else None
