"""Whether each line of a vocabulary can do its work: found at all, by itself, and for one concept only.

The vocabulary is tried on itself: what each line stands for is looked up in all the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain

from terminology.concept import Status
from terminology.files import read_text
from terminology.index import Hit
from terminology.lint import Finding, Level
from terminology.maintain.samples import samples
from terminology.maintain.trial import Trial
from terminology.overlay.base import Said, family, lines
from terminology.overlay.canonical import key
from terminology.pattern import Parser, WordKind
from terminology.release import Release
from terminology.vocabulary import AREAS, Spoken

EVERYDAY = "everyday.txt"
SHORT = 3
"""A single word of so many letters, open to inflection and misspelling, is hit by accident."""
BLOCKED = "blocked"
_SAMPLES = 5
_MORE_SAMPLES = 200
"""Before a line is called unreachable."""


def lint_vocabulary(spoken: Sequence[Spoken], parser: Parser, release: Release) -> tuple[Finding, ...]:
    """Check the lines of a vocabulary against each other; an empty result means that nothing was found."""
    trial = Trial(tuple(lines(spoken)), parser.lists)
    return (
        *_duplicates(trial),
        *chain.from_iterable(lint_line(trial, row) for row in range(len(trial.said))),
        *_missing(spoken, release),
    )


@cache
def everyday_words() -> frozenset[str]:
    """Return the words that mean something else in most notes.

    Raises:
        TerminologyError: the list can't be read.

    """
    text = read_text(files("terminology") / "data" / EVERYDAY)
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def twins(one: Spoken, other: Spoken) -> bool:
    """Tell whether one concept names the other as its counterpart."""
    return other.code in one.alternatives or one.code in other.alternatives


def _duplicates(trial: Trial) -> Iterator[Finding]:
    known: dict[object, list[Said]] = defaultdict(list)
    for row, one in enumerate(trial.said):
        said = key(trial.expression(row))
        for other in known[said]:
            place, there = one.line.source, other.line.source
            if other.spoken.code == one.spoken.code:
                if other.section == one.section:
                    message = f'"{one.line.text}" stands already at {there}'
                    yield Finding(rule="repeated", level=Level.WARNING, place=place, message=message)
                else:
                    message = f'"{one.line.text}" stands also in [{other.section}], at {there}'
                    yield Finding(rule="contradiction", place=place, message=message)
            elif _rivals(one, other):
                message = f'"{one.line.text}" says "{other.spoken.display}" too, at {there}'
                yield Finding(rule="duplicate", place=place, message=message)
        known[said].append(one)


def _rivals(one: Said, other: Said) -> bool:
    """Tell whether two lines of different concepts would claim the same words."""
    return (
        one.spoken.code != other.spoken.code
        and family(one.spoken.area) is family(other.spoken.area)
        and BLOCKED not in {one.section, other.section}
        and not twins(one.spoken, other.spoken)
    )


@dataclass(slots=True)
class _Tried:
    """What came of the samples of one line."""

    found: int = 0
    shadowed: int = 0
    rivals: dict[str, Said] = field(default_factory=dict)


def lint_line(trial: Trial, row: int) -> Iterator[Finding]:
    """Check one line by itself and against all others, as far as it claims their words."""
    if trial.said[row].section != BLOCKED:
        yield from _reach(trial, row)
        yield from _single_words(trial, row)


def _reach(trial: Trial, row: int) -> Iterator[Finding]:
    """Try a line on its own samples."""
    one = trial.said[row]
    tried = _try(trial, row, _SAMPLES)
    if tried.found == tried.shadowed:
        tried = _try(trial, row, _MORE_SAMPLES)
    place, text = one.line.source, one.line.text
    if not tried.found:
        message = f'"{text}" is not found in a sentence made of its own words'
        yield Finding(rule="unreachable", place=place, message=message)
    elif tried.found == tried.shadowed:
        message = f'"{text}" is always dropped: a [{BLOCKED}] line of the concept covers it'
        yield Finding(rule="unreachable", place=place, message=message)
    for rival in tried.rivals.values():
        message = f'"{text}" can mean "{rival.spoken.display}" too, as {rival.line.source} has it'
        yield Finding(rule="ambiguous", level=Level.WARNING, place=place, message=message)


def _try(trial: Trial, row: int, most: int) -> _Tried:
    one = trial.said[row]
    tried = _Tried()
    for sample in samples(trial.expression(row), most=most):
        hits = trial.find(sample)
        own = next((hit for hit in hits if hit.row == row), None)
        if own is None:
            continue
        tried.found += 1
        blocked = _blocked(trial.said, hits)
        if any(own.tokens & tokens for tokens in blocked.get(one.spoken.code, ())):
            tried.shadowed += 1
            continue
        for hit in hits:
            other = trial.said[hit.row]
            claims = other.section == one.section and hit.tokens == own.tokens and _rivals(one, other)
            if claims and not any(hit.tokens & tokens for tokens in blocked.get(other.spoken.code, ())):
                tried.rivals.setdefault(other.spoken.code, other)
    return tried


def _blocked(said: Sequence[Said], hits: Iterable[Hit]) -> Mapping[str, list[frozenset[int]]]:
    found: dict[str, list[frozenset[int]]] = defaultdict(list)
    for hit in hits:
        if said[hit.row].section == BLOCKED:
            found[said[hit.row].spoken.code].append(hit.tokens)
    return found


def _single_words(trial: Trial, row: int) -> Iterator[Finding]:
    """Look for a line that one short or everyday word alone fulfils."""
    expression, place = trial.expression(row), trial.said[row].line.source
    if len(expression.parts) > 1 or expression.unsure:
        return
    exact = all(word.kind is WordKind.EXACT for part in expression.parts for word in part.words())
    words = [sample for sample in samples(expression) if " " not in sample]
    if short := next((word for word in words if len(word) <= SHORT and not exact), ""):
        message = f'"{short}" is short and takes endings; write "={short}" or add a second word'
        yield Finding(rule="short", level=Level.WARNING, place=place, message=message)
    if everyday := [word for word in words if word in everyday_words()]:
        listed = ", ".join(f'"{word}"' for word in everyday)
        message = f"{listed} alone is an everyday word; add a second word or @unsure"
        yield Finding(rule="everyday", level=Level.WARNING, place=place, message=message)


def _missing(spoken: Iterable[Spoken], release: Release) -> Iterator[Finding]:
    known = {one.code for one in spoken if any(one.sections.values())}
    for concept in release.concepts:
        current = concept.leaf and concept.status is Status.CURRENT
        if current and concept.kind in AREAS and concept.code not in known:
            message = f'{concept.code} ("{concept.display}") has no wordings'
            yield Finding(rule="silent", level=Level.WARNING, place=f"spoken/{concept.kind}", message=message)
