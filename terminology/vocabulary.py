"""The spoken vocabulary as read from text files: what people say for each concept, and the shared lists.

Strict: a line that is not as data/EXPRESSIONS.md has it is refused with file, line and reason.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from importlib.resources.abc import Traversable

from terminology.errors import TerminologyError
from terminology.pattern import Line

SPOKEN = "spoken"
SLOTS = "slots"
CONDITION_SECTIONS = frozenset({"present", "absent", "suspected", "historical", "blocked"})
INTERVENTION_SECTIONS = frozenset({"completed", "planned", "not_done", "blocked"})
AREAS: Mapping[str, frozenset[str]] = {
    "helbredstilstand": CONDITION_SECTIONS,
    "funktionsevnetilstand": CONDITION_SECTIONS,
    "indsats_sygepleje": INTERVENTION_SECTIONS,
    "indsats_pleje_omsorg": INTERVENTION_SECTIONS,
}
"""The areas that have spoken words, with the sections their files may hold."""
LONGEST_LINE = 400

_SECTION = re.compile(r"\[([a-z0-9_]+)\]")
_HEADER = re.compile(r"([a-z]+):\s*(.*)")
_HEADERS = frozenset({"code", "display", "alternatives"})
_SLOT_USE = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What people say for one concept."""

    code: str
    display: str
    area: str
    alternatives: tuple[str, ...]
    """Codes of counterpart concepts, shown as alternatives."""
    sections: Mapping[str, tuple[Line, ...]]
    """Section name, such as "present", to its expressions as written."""
    source: str
    """The file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A text file with headers and sections."""

    file: str
    headers: Mapping[str, Line]
    sections: Mapping[str, tuple[Line, ...]]


def read_concepts(folder: Traversable) -> tuple[Spoken, ...]:
    """Read every concept file below `folder`/spoken, in the order of their names.

    Raises:
        TerminologyError: a line is not as it should be, or a concept has two files.

    """
    concepts: dict[str, Spoken] = {}
    for area, allowed in AREAS.items():
        for file in _files(folder / SPOKEN / area):
            spoken = _concept(read_page(file, f"{SPOKEN}/{area}/{file.name}"), area, allowed)
            if spoken.code in concepts:
                raise TerminologyError(
                    f"{spoken.source}: the code {spoken.code} has words already in "
                    f"{concepts[spoken.code].source}. Put them into one file."
                )
            concepts[spoken.code] = spoken
    return tuple(concepts.values())


def read_lists(folder: Traversable) -> Mapping[str, tuple[Line, ...]]:
    """Read every shared list in `folder`/slots: slot name to its expressions as written.

    A file with sections holds a list in each, by the section's name; a file without is one list, by its own.

    Raises:
        TerminologyError: a list is empty or stands twice, or lists name each other in a circle.

    """
    lists: dict[str, tuple[Line, ...]] = {}
    for file in _files(folder / SLOTS):
        place = f"{SLOTS}/{file.name}"
        page = read_page(file, place)
        if page.headers or (len(page.sections) > 1 and "" in page.sections):
            raise TerminologyError(f"{place}: lines before the first [list], or headers. Take them out.")
        named = page.sections or {"": ()}
        for section, lines in named.items():
            name = section or file.name.removesuffix(".txt")
            if name in lists:
                raise TerminologyError(f"{place}: the list {name} stands elsewhere, too. Keep one.")
            if not lines:
                raise TerminologyError(f"{place}: the list {name} is empty. Fill it or take it out.")
            lists[name] = lines
    uses = {
        name: {used for line in lines for used in _SLOT_USE.findall(line.text)}
        for name, lines in lists.items()
    }
    try:
        TopologicalSorter(uses).prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise TerminologyError(
            f"{SLOTS}: the lists name each other in a circle: {circle}. Break it."
        ) from error
    return lists


def read_page(file: Traversable, place: str) -> Page:
    """Read a text file: `name: value` headers first, then lines under `[section]`s; "#" starts a comment.

    Raises:
        TerminologyError: it is not UTF-8 text, a line is too long, a header or section stands twice.

    """
    headers: dict[str, Line] = {}
    sections: dict[str, list[Line]] = {}
    section = ""
    for line in _lines(file, place):
        if match := _SECTION.fullmatch(line.text):
            section = match[1]
            if section in sections:
                raise TerminologyError(f"{line.source}: the section [{section}] stands twice. Join them.")
            sections[section] = []
        elif not section and (match := _HEADER.fullmatch(line.text)):
            if match[1] in headers:
                raise TerminologyError(f'{line.source}: "{match[1]}:" stands twice. Keep one.')
            headers[match[1]] = Line(text=match[2].strip(), source=line.source)
        else:
            sections.setdefault(section, []).append(line)
    return Page(
        file=place, headers=headers, sections={name: tuple(lines) for name, lines in sections.items()}
    )


def _concept(page: Page, area: str, allowed: frozenset[str]) -> Spoken:
    if unknown := sorted(set(page.headers) - _HEADERS):
        raise TerminologyError(
            f'{page.headers[unknown[0]].source}: "{unknown[0]}:" is unknown. Mend that line.'
        )
    for needed in ("code", "display"):
        if needed not in page.headers or not page.headers[needed].text:
            raise TerminologyError(f'{page.file}: "{needed}:" is missing. Add it on top.')
    if loose := page.sections.get(""):
        raise TerminologyError(f"{loose[0].source}: the line stands before the first [section]. Move it.")
    if unknown := sorted(set(page.sections) - allowed):
        raise TerminologyError(
            f"{page.file}: the section [{unknown[0]}] is not one of {', '.join(sorted(allowed))}. Rename it."
        )
    alternatives = page.headers.get("alternatives")
    return Spoken(
        code=page.headers["code"].text,
        display=page.headers["display"].text,
        area=area,
        alternatives=tuple(re.split(r"[,\s]+", alternatives.text)) if alternatives else (),
        sections=page.sections,
        source=page.file,
    )


def _files(folder: Traversable) -> tuple[Traversable, ...]:
    if not folder.is_dir():
        return ()
    return tuple(
        sorted((file for file in folder.iterdir() if file.name.endswith(".txt")), key=lambda file: file.name)
    )


def _lines(file: Traversable, place: str) -> Iterator[Line]:
    try:
        content = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise TerminologyError(f"{place}: the file is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise TerminologyError(
            f"Cannot read {place}: {error.strerror}. Install the program again."
        ) from error
    for number, line in enumerate(content.splitlines(), start=1):
        source = f"{place}:{number}"
        if len(line) > LONGEST_LINE:
            raise TerminologyError(f"{source}: the line has more than {LONGEST_LINE} characters. Part it.")
        if text := line.partition("#")[0].strip():
            yield Line(text=text, source=source)
