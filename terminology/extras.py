"""What a note says beside its entries: goal, expected level, own view, follow-up result, triage colour.

Each find is a mapping with `kind`, the words, where they stand, and the code of its concept if there is one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from terminology.release import Release

if TYPE_CHECKING:
    from terminology.concept import Concept

LEVELS: tuple[tuple[int, str], ...] = (
    (0, r"(?:ingen|ubetydelige|ingen eller ubetydelige) begrænsninger"),
    (1, r"(?:lette|let) begrænsning(?:er)?"),
    (2, r"(?:moderate|moderat) begrænsning(?:er)?"),
    (3, r"(?:svære|svær) begrænsning(?:er)?"),
    (4, r"(?:totale|total|fuldstændige) begrænsning(?:er)?"),
)
"""The functional levels in words."""
_LEVEL = re.compile(
    r"\b(?:(?:funktions|funktionsevne)?niveau(?:et)?|funktionsscore)\s*"
    r"(?:er|på|til|vurderes til|vurderet til|sat til|:|=)?\s*"
    r"(?P<level>[0-4])\b(?![.,]\d)",
    re.IGNORECASE,
)
_IN_WORDS = tuple((level, re.compile(rf"\b{words}\b", re.IGNORECASE)) for level, words in LEVELS)
_EXPECTED = re.compile(
    r"\b(?:forventet|forventes|forventede|mål(?:et)?|sigter)\b[^.;\n]{0,30}$", re.IGNORECASE
)
_COLOUR = r"(?P<colour>grøn|gul|rød|orange|blå)(?:t|e)?"
_TRIAGE = (
    re.compile(rf"\btriage\w*\b[^.;\n]{{0,25}}?\b{_COLOUR}\b", re.IGNORECASE),
    re.compile(rf"\b{_COLOUR} (?:triage|i triage|på tavlen|på triagetavlen)\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:sættes|sat|lagt|flyttet|rykket) (?:op|ned)?\s?(?:i|til|på) {_COLOUR}\b", re.IGNORECASE
    ),
)
_GOAL = re.compile(
    r"\b(?:målet er|målet for \w+ er|(?:borgers |hans |hendes )?mål(?: er|:)|har som mål|ønsker at kunne|"
    r"drømmer om at kunne)\s*(?P<goal>[^.;\n]+)",
    re.IGNORECASE,
)
_FOLLOW_UP = (
    (
        "Fortsættes",
        r"\b(?:indsats(?:en|er|erne)?|hjælpen|ydelse[rn]?) (?:skal )?fortsæt(?:tes|ter)(?: uændret)?\b",
    ),
    ("Ændres inden for rammen", r"\bændres inden for rammen\b"),
    (
        "Afsluttes",
        r"\b(?:indsats(?:en|er|erne)?|forløbet|hjælpen|ydelse[rn]?) (?:kan |skal )?afslutt(?:es|et)\b",
    ),
    ("Revisitation", r"\brevisit(?:ation|eres|eret)\b"),
)
_PERFORMANCE = (
    ("Udfører ikke selv", r"\budfører ikke selv\b"),
    ("Udfører dele af", r"\budfører (?:selv )?dele af\b"),
    ("Udfører selv", r"\budfører selv\b"),
)
_SIGNIFICANCE = (
    ("Oplever ikke begrænsninger", r"\boplever (?:selv )?(?:ikke|ingen) begrænsning(?:er)?\b"),
    ("Oplever begrænsninger", r"\boplever (?:selv )?begrænsning(?:er)?\b"),
)
_CODED = (
    ("follow_up", "opfoelgning", _FOLLOW_UP),
    ("performance", "udfoerelse", _PERFORMANCE),
    ("significance", "betydning", _SIGNIFICANCE),
)

Extra = Mapping[str, object]


def levels(text: str) -> tuple[tuple[int, int, int], ...]:
    """Return the functional levels that are said to hold now, with their places."""
    return tuple((level, start, end) for level, start, end, expected in _levels(text) if not expected)


def find(text: str, release: Release) -> tuple[Extra, ...]:
    """Return everything of a note that is no entry, in the order of its places."""
    found = [*_plain(text), *_coded(text, release)]
    return tuple(sorted(found, key=lambda extra: (str(extra["start"]).zfill(9), str(extra["kind"]))))


def _levels(text: str) -> Iterator[tuple[int, int, int, bool]]:
    places = [(int(match["level"]), match) for match in _LEVEL.finditer(text)]
    for level, pattern in _IN_WORDS:
        places += [(level, match) for match in pattern.finditer(text)]
    for level, match in sorted(places, key=lambda place: place[1].start()):
        if re.search(r"\boplever\s(?:selv\s)?$", text[: match.start()], re.IGNORECASE):
            continue  # the citizen's own view
        yield level, match.start(), match.end(), bool(_EXPECTED.search(text, 0, match.start()))


def _plain(text: str) -> Iterator[Extra]:
    for level, start, end, expected in _levels(text):
        if expected:
            yield _extra("expected_level", text, start, end, level=level)
    seen: set[int] = set()
    for pattern in _TRIAGE:
        for match in pattern.finditer(text):
            if match.start("colour") not in seen:
                seen.add(match.start("colour"))
                yield _extra("triage", text, match.start(), match.end(), colour=match["colour"].lower())
    for match in _GOAL.finditer(text):
        yield _extra("goal", text, match.start("goal"), match.end("goal"))


def _coded(text: str, release: Release) -> Iterator[Extra]:
    for kind, area, patterns in _CODED:
        concepts: dict[str, Concept] = {
            concept.display: concept for concept in release.concepts if concept.kind == area
        }
        taken: list[tuple[int, int]] = []
        for display, pattern in patterns:
            for match in re.finditer(pattern, text, re.IGNORECASE):
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                taken.append(match.span())
                concept = concepts[display]
                yield _extra(
                    kind, text, *match.span(), system=concept.system, code=concept.code, display=display
                )


def _extra(kind: str, text: str, start: int, end: int, **more: object) -> Extra:
    return {"kind": kind, **more, "text": text[start:end], "start": start, "end": end}
