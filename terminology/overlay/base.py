"""The vocabulary of a release with its concepts: what an overlay is laid over."""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources.abc import Traversable

from terminology.concept import Concept, Status
from terminology.errors import TerminologyError
from terminology.normalise import fold, key
from terminology.overlay import canonical
from terminology.overlay.wording import LONGEST_WORDING, Wording, refuse_personal
from terminology.pattern import Line, Parser
from terminology.release import Release, active, load, read
from terminology.vocabulary import AREAS, CONDITION_SECTIONS, Spoken, read_concepts, read_lists

_WORD = re.compile(r"[^\W_]+")


class Problem(StrEnum):
    """Why a site's wording isn't used."""

    UNKNOWN_CODE = "unknown-code"
    RETIRED_CODE = "retired-code"
    NO_LEAF = "no-leaf"
    WRONG_AREA = "wrong-area"
    WRONG_SECTION = "wrong-section"
    UNREADABLE = "unreadable"
    PERSONAL = "personal"
    TWO_CONCEPTS = "two-concepts"
    TWO_SECTIONS = "two-sections"
    UNATTRIBUTED = "unattributed"
    ONE_PERSON = "one-person"
    KNOWN = "known"
    """It is used already."""


class WordingError(TerminologyError):
    """A wording can't be used; `problem` says of what sort the reason is."""

    def __init__(self, problem: Problem, message: str) -> None:
        """Take the reason."""
        super().__init__(message)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line of a vocabulary with its concept."""

    spoken: Spoken
    section: str
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A release and its spoken vocabulary, read with one parser."""

    folder: Traversable
    release: Release
    spoken: tuple[Spoken, ...]
    parser: Parser


def read_base(folder: Traversable | None = None) -> Base:
    """Read the release in `folder`, the one in use by default, and its vocabulary.

    Raises:
        TerminologyError: a file of it is damaged.

    """
    release = load() if folder is None else read(folder)
    place = folder or active()
    parser = Parser(read_lists(place))
    return Base(folder=place, release=release, spoken=read_concepts(place), parser=parser)


class Lines:
    """Finds lines that say the same, as `canonical.key` sees it.

    A vocabulary has many lines and an overlay few: a line is parsed only where it is made of the same words.
    """

    def __init__(self, spoken: Sequence[Spoken], parser: Parser) -> None:
        """Take the vocabulary so far."""
        self._parser = parser
        self._known: dict[frozenset[str], list[Said]] = {}
        self._alternatives = {one.code: frozenset(one.alternatives) for one in spoken}
        for said in lines(spoken):
            self.add(said)

    def add(self, said: Said) -> None:
        """Take one more line."""
        self._known.setdefault(_bag(said.line.text), []).append(said)

    def equal(self, line: Line) -> tuple[Said, ...]:
        """Return the lines that say the same.

        Raises:
            TerminologyError: a line is not an expression.

        """
        alike = self._known.get(_bag(line.text), ())
        wanted = self._key(line) if alike else None
        return tuple(said for said in alike if self._key(said.line) == wanted)

    def _key(self, line: Line) -> Hashable:
        return canonical.key(self._parser.expression(line.text, line.source))

    def clash(self, concept: Concept, section: str, line: Line) -> tuple[Problem, Said] | None:
        """Return why a line can't be added and the line that it clashes with, None where it can.

        The same words may not say two concepts of one family (conditions, interventions), unless one names
        the other as its counterpart, nor two sections of one concept.
        """
        for said in self.equal(line):
            if said.spoken.code == concept.code:
                if said.section != section:
                    return Problem.TWO_SECTIONS, said
                continue
            twins = said.spoken.code in self._alternatives.get(concept.code, ()) or (
                concept.code in self._alternatives.get(said.spoken.code, ())
            )
            blocked = "blocked" in {section, said.section}
            if family(said.spoken.area) is family(concept.kind) and not twins and not blocked:
                return Problem.TWO_CONCEPTS, said
        return None


def lines(spoken: Sequence[Spoken]) -> Iterator[Said]:
    """Yield every line of a vocabulary."""
    for one in spoken:
        for section, found in one.sections.items():
            for line in found:
                yield Said(spoken=one, section=section, line=line)


def family(area: str) -> frozenset[str]:
    """Return the sections that the concepts of an area may have: those of conditions or of interventions."""
    return AREAS[area]


def is_condition(area: str) -> bool:
    """Tell whether an area holds conditions."""
    return AREAS.get(area) is CONDITION_SECTIONS


def concept_of(release: Release, code: str) -> Concept:
    """Return the concept with this code, which must be one that wordings can be given to.

    Raises:
        WordingError: it is unknown, retired, a group, or of an area without wordings.

    """
    concept = release.by_code.get(code)
    if concept is None:
        raise WordingError(
            Problem.UNKNOWN_CODE,
            f'The code "{code}" is not in release {release.version}. Find it with "dictate-terms search".',
        )
    named = f'{concept.code} ("{concept.display}")'
    if concept.kind not in AREAS:
        raise WordingError(
            Problem.WRONG_AREA,
            f"{named} belongs to {concept.kind}, which has no wordings. Those that have: {', '.join(AREAS)}.",
        )
    if concept.status is Status.RETIRED:
        raise WordingError(
            Problem.RETIRED_CODE, f'{named} is retired. Take its successor, or "dictate-terms merge" it.'
        )
    if not concept.leaf:
        raise WordingError(Problem.NO_LEAF, f"{named} is a group. Take one of the concepts in it.")
    return concept


def read_wording(wording: Wording, *, release: Release, parser: Parser) -> Concept:
    """Check a wording by itself and return its concept.

    Raises:
        WordingError: its code can't be used, its section is wrong, or its line is no expression.

    """
    concept = concept_of(release, wording.code)
    if wording.area != concept.kind:
        raise WordingError(
            Problem.WRONG_AREA,
            f"{concept.code} belongs to {concept.kind}, not to {wording.area}. Move the file.",
        )
    if wording.section not in family(concept.kind):
        known = ", ".join(sorted(family(concept.kind)))
        raise WordingError(
            Problem.WRONG_SECTION,
            f'"{wording.section}" is no section of {concept.kind}. Take one of: {known}.',
        )
    if len(wording.text) > LONGEST_WORDING:
        raise WordingError(
            Problem.UNREADABLE, f"The wording has more than {LONGEST_WORDING} characters. Part it."
        )
    try:
        refuse_personal(wording.text, "The wording")
    except TerminologyError as error:
        raise WordingError(Problem.PERSONAL, str(error)) from error
    try:
        parser.expression(wording.text, wording.source or "the wording").needs()
    except TerminologyError as error:
        raise WordingError(Problem.UNREADABLE, str(error)) from error
    return concept


def with_lines(
    spoken: Sequence[Spoken], added: Sequence[Said], dropped: Sequence[Said]
) -> tuple[Spoken, ...]:
    """Return a vocabulary with lines added to it and others left out."""
    gone = {said.line for said in dropped}
    merged = {
        one.code: {
            section: [line for line in found if line not in gone] for section, found in one.sections.items()
        }
        for one in spoken
    }
    known = {one.code: one for one in spoken}
    for said in added:
        known.setdefault(said.spoken.code, said.spoken)
        merged.setdefault(said.spoken.code, {}).setdefault(said.section, []).append(said.line)
    return tuple(
        replace(known[code], sections={name: tuple(found) for name, found in sections.items()})
        for code, sections in merged.items()
    )


def as_map(spoken: Sequence[Spoken]) -> Mapping[str, Spoken]:
    """Return a vocabulary by code."""
    return {one.code: one for one in spoken}


def _bag(text: str) -> frozenset[str]:
    """Return what the words of a line have in common with those of every line that says the same."""
    return frozenset(key(fold(word)) for word in _WORD.findall(text.partition("@")[0]))
