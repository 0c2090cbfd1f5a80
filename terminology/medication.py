"""Drugs named in a note: name, dose, route and time as said, and whether they were given.

Names are listed in data/medication. What is only dosed into boxes, ordered, continued or spoken of is no
entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from terminology.cues import CueLine
from terminology.drugs import dose as details
from terminology.drugs import given
from terminology.drugs import names as drug_names
from terminology.drugs.names import Named, Names, names_by_words
from terminology.scope import Scope
from terminology.spoken.words import words as words_of
from terminology.vocabulary import read_page

__all__ = ["FOLDER", "Drug", "Names", "find", "names_by_words", "read_cues", "read_names"]

FOLDER = "medication"
_CUE_FILES = ("status.txt", "forms.txt")
_NAMES_FILE = "names.txt"
_NEEDS_DOSE = words_of("insulin kalium jern kalk magnesium zink adrenalin protein natriumbikarbonat kortison")
"""Names that are also a food, a blood value or a class of drugs."""
_NEAR, _ROUTE_NEAR = 6, 18
"""Characters between a dose and the time or route that still belong to the evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """A drug that was given, is to be given, or was not given."""

    name: str
    """As said, without its inflection."""
    dose: str | None
    route: str | None
    time: str | None
    assertion: str
    """given, planned or not_given."""
    start: int
    """First character of the evidence."""
    end: int
    """One past the last character."""
    token: int
    """First token of the name."""
    listed: bool
    """False where the name is in no list and only the dose tells that it is a drug."""


def read_names(folder: Traversable) -> tuple[str, ...]:
    """Read the list of drug names.

    Raises:
        TerminologyError: the file can't be read.

    """
    page = read_page(folder / FOLDER / _NAMES_FILE, f"{FOLDER}/{_NAMES_FILE}")
    return tuple(
        dict.fromkeys(
            name.strip()
            for lines in page.sections.values()
            for line in lines
            for name in line.text.split(",")
            if name.strip()
        )
    )


def read_cues(folder: Traversable) -> tuple[CueLine, ...]:
    """Read the words that tell what was done with a drug.

    Raises:
        TerminologyError: a file can't be read.

    """
    return tuple(
        CueLine(name=f"{given.CUE}{section}", line=line, literal=True)
        for file in _CUE_FILES
        for section, lines in read_page(folder / FOLDER / file, f"{FOLDER}/{file}").sections.items()
        for line in lines
    )


def find(text: str, scope: Scope, names: Names) -> tuple[Drug, ...]:
    """Find the drugs of a note that call for an entry, in the order of their places.

    Args:
        text: the note.
        scope: its words and cues.
        names: the drug names.

    """
    named = drug_names.find(text, scope.words, names)
    return tuple(drug for number in range(len(named)) for drug in _entries(text, scope, named, number))


def _entries(text: str, scope: Scope, all_named: Sequence[Named], number: int) -> tuple[Drug, ...]:
    """Return the entries of one drug name: none, one, or two where it was refused and planned anew."""
    named = all_named[number]
    following = all_named[number + 1].low if number + 1 < len(all_named) else len(scope.words)
    sentence = scope.sentence(named.low)
    limit = named.high
    while limit < following and scope.sentence(limit) == sentence:
        limit += 1
    before = scope.words[all_named[number - 1].high - 1].end if number else 0
    dose = details.dose(text, scope, named, after=before, limit=limit)
    if dose is None and (not named.listed or named.name.lower() in _NEEDS_DOSE):
        return ()
    routed = dose is not None and details.route(text, dose.end, scope.words[limit - 1].end) is not None
    return tuple(
        _drug(text, scope, named, dose, limit=limit, assertion=assertion)
        for assertion in given.judge(scope, named, dosed=dose is not None, routed=routed)
    )


def _drug(
    text: str, scope: Scope, named: Named, dose: details.Said | None, *, limit: int, assertion: str
) -> Drug:
    words = scope.words
    start, end = words[named.low].start, words[named.high - 1].end
    if dose:
        start, end = min(start, dose.start), max(end, dose.end)
    stretch = scope.layout.stretches[named.low]
    clause_end = words[max(at for at in range(named.low, limit) if scope.layout.stretches[at] == stretch)].end
    route = details.route(text, start, clause_end)
    time = details.time(text, end, words[limit - 1].end)
    ends = [end]
    ends += [
        words[high - 1].end
        for low, high in scope.cues.spans(f"{given.CUE}given")
        if words[low].start >= end and words[high - 1].end <= clause_end
    ][:1]
    if route and route.end - end <= _ROUTE_NEAR:
        ends.append(route.end)
    if time and time.start - max(ends) <= _NEAR:
        ends.append(time.end)
    return Drug(
        name=named.name,
        dose=dose.value if dose else None,
        route=route.value if route else None,
        time=time.value if time else None,
        assertion=assertion,
        start=start,
        end=max(ends),
        token=named.low,
        listed=named.listed,
    )
