"""A vocabulary file of an overlay: read into wordings, edited line by line so that people's own lines stay.

The syntax is that of the shipped vocabulary. What people did to a wording stands above it as comments:

    [present]
    # proposed 2026-11-22T10:15:00Z by Anna Holm: siges ofte i distrikt nord
    # accepted 2026-11-23T08:00:12Z by Bo Lind: enig
    ondt i hoften
"""

import re
from dataclasses import dataclass

from terminology.concept import Concept
from terminology.errors import TerminologyError
from terminology.overlay.wording import Event, State, Wording, parse_event, plain

LONGEST_LINE = 600
ORDER = ("present", "completed", "absent", "planned", "not_done", "suspected", "historical", "blocked")
"""The sections in the order in which a new file holds them."""

_SECTION = re.compile(r"\[([a-z_]+)\]")
_HEADER = re.compile(r"(code|display):\s*(.*)")
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One file: the wordings of one concept in one state."""

    code: str
    display: str
    wordings: tuple[Wording, ...]


def slug(display: str) -> str:
    """Return the term as a file name: "Problemer med tryksår" is problemer_med_tryksaar."""
    return re.sub(r"[^a-z0-9]+", "_", display.lower().translate(_LETTERS)).strip("_")


def file_name(concept: Concept) -> str:
    """Return the name of a concept's file; with the code, because some concepts share their term."""
    return f"{slug(concept.display)}-{concept.code[:8]}.txt"


def head(concept: Concept) -> str:
    """Return the beginning of a new file."""
    return f"code: {concept.code}\ndisplay: {concept.display}\n"


def parse(text: str, *, place: str, area: str, state: State) -> Page:
    """Read a file.

    Args:
        text: its content, LF line ends.
        place: its path within the overlay, for messages.
        area: of the terminology, as the folder says.
        state: as the folder above says.

    Raises:
        TerminologyError: a line is not as it should be.

    """
    headers: dict[str, str] = {}
    wordings: list[Wording] = []
    events: list[Event] = []
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            raise _refusal(place, number, f"it has more than {LONGEST_LINE} characters")
        said = plain(line.partition("#")[0])
        if not said:
            found = parse_event(line)
            events = [*events, found] if found else []  # anything between parts them from the wording
            continue
        if match := _SECTION.fullmatch(said):
            section, events = match[1], []
        elif not section and (match := _HEADER.fullmatch(said)):
            if match[1] in headers:
                raise _refusal(place, number, f'"{match[1]}:" stands twice')
            headers[match[1]] = match[2]
        elif not section:
            raise _refusal(place, number, "it stands before the first [section]")
        else:
            wordings.append(
                Wording(
                    code=headers.get("code", ""),
                    area=area,
                    section=section,
                    text=said,
                    state=state,
                    events=tuple(events),
                    source=f"{place}:{number}",
                )
            )
            events = []
    if not headers.get("code"):
        raise _refusal(place, 1, '"code:" is missing on top')
    return Page(code=headers["code"], display=headers.get("display", ""), wordings=tuple(wordings))


def insert(text: str, wording: Wording) -> str:
    """Return the file with `wording` as the last line of its section."""
    lines = text.splitlines()
    added = [*(event.line for event in wording.events), wording.text]
    starts = {match[1]: at for at, line in enumerate(lines) if (match := _SECTION.fullmatch(line.strip()))}
    if wording.section not in starts:
        # A new section stands before the first that comes after it in the usual order.
        rank = ORDER.index(wording.section) if wording.section in ORDER else len(ORDER)
        later = [at for name, at in starts.items() if name in ORDER[rank + 1 :]]
        at = min(later, default=len(lines))
        gap = [""] if at and lines[at - 1].strip() else []
        block = [*gap, f"[{wording.section}]", *added, *([""] if later else [])]
    else:
        at = min((start for start in starts.values() if start > starts[wording.section]), default=len(lines))
        while not lines[at - 1].strip():
            at -= 1
        block = added
    return "\n".join([*lines[:at], *block, *lines[at:]]) + "\n"


def remove(text: str, wording: Wording) -> str:
    """Return the file without `wording` and the events above it; a section that is empty then goes too."""
    lines = text.splitlines()
    end = int(wording.source.rpartition(":")[2])
    start = end - 1
    while start and parse_event(lines[start - 1]):
        start -= 1
    kept = [*lines[:start], *lines[end:]]
    header = max(at for at in range(start) if _SECTION.fullmatch(lines[at].strip()))
    following = next(
        (at for at in range(header + 1, len(kept)) if _SECTION.fullmatch(kept[at].strip())), len(kept)
    )
    if not any(line.strip() for line in kept[header + 1 : following]):
        kept = [*kept[:header], *kept[following:]]
    while kept and not kept[-1].strip():
        kept.pop()
    return "\n".join(kept) + "\n"


def _refusal(place: str, line: int, reason: str) -> TerminologyError:
    return TerminologyError(f"{place}, line {line}: {reason}. Mend that line of the overlay.")
