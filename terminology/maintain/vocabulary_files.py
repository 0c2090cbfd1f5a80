"""The files of a spoken vocabulary, read with patience: every line that can't be used becomes a finding."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from terminology.concept import Status
from terminology.cues import read_cues
from terminology.errors import TerminologyError
from terminology.files import read_limited
from terminology.lint import Finding, Level
from terminology.overlay.page import ORDER, slug
from terminology.overlay.wording import LONGEST_WORDING
from terminology.pattern import Line, Parser
from terminology.release import Release
from terminology.vocabulary import AREAS, SLOTS, SPOKEN, Page, Spoken, read_lists, read_page

LARGEST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What could be read of a vocabulary."""

    spoken: tuple[Spoken, ...]
    parser: Parser
    findings: tuple[Finding, ...]


def read_vocabulary(folder: Traversable, release: Release) -> Vocabulary:
    """Read the vocabulary in `folder`; what can't be read is among the findings."""
    findings: list[Finding] = []
    parser = _lists(folder, findings)
    spoken: dict[str, Spoken] = {}
    for place, file, area in _files(folder):
        findings += _format(place, file)
        try:
            one, faults = _concept(read_page(file, place), area, parser)
        except TerminologyError as error:
            findings.append(_finding("unreadable", str(error)))
            continue
        findings += faults
        if one is None:
            continue
        findings += _header(one, release, file.name)
        if one.code in spoken:
            message = f"the code {one.code} has words already in {spoken[one.code].source}"
            findings.append(Finding(rule="two-files", place=place, message=message))
        spoken.setdefault(one.code, one)
    try:
        for cue in read_cues(folder):
            parser.expression(cue.line.text, cue.line.source, literal=cue.literal)
    except TerminologyError as error:
        findings.append(_finding("unreadable", str(error)))
    return Vocabulary(spoken=tuple(spoken.values()), parser=parser, findings=tuple(findings))


def _lists(folder: Traversable, findings: list[Finding]) -> Parser:
    """Return a parser that knows the shared lists, empty where they can't be read."""
    try:
        lists = read_lists(folder)
    except TerminologyError as error:
        findings.append(_finding("unreadable", str(error)))
        lists = {}
    parser = Parser(lists)
    for name in lists:
        try:
            parser.slot(name, f"{SLOTS}/{name}.txt").needs()
        except TerminologyError as error:
            findings.append(_finding("unreadable", str(error)))
    return parser


def _files(folder: Traversable) -> Iterator[tuple[str, Traversable, str]]:
    for area in AREAS:
        inside = folder / SPOKEN / area
        if inside.is_dir():
            for file in sorted(inside.iterdir(), key=lambda file: file.name):
                if file.name.endswith(".txt"):
                    yield f"{SPOKEN}/{area}/{file.name}", file, area


def _concept(page: Page, area: str, parser: Parser) -> tuple[Spoken | None, list[Finding]]:
    """Read the lines of a page one by one."""
    findings: list[Finding] = []
    sections: dict[str, tuple[Line, ...]] = {}
    for name, lines in page.sections.items():
        if name not in AREAS[area]:
            known = ", ".join(sorted(AREAS[area]))
            where = lines[0].source if lines else page.file
            message = (
                f"[{name}] is not one of the sections {known}" if name else "a line before any [section]"
            )
            findings.append(Finding(rule="section", place=where, message=message))
            continue
        sections[name] = tuple(_readable(lines, parser, findings))
    order = [name for name in page.sections if name in ORDER]
    if order != sorted(order, key=ORDER.index):
        message = f"the usual order of sections is {', '.join(sorted(order, key=ORDER.index))}"
        findings.append(Finding(rule="unsorted", level=Level.WARNING, place=page.file, message=message))
    code, display = (page.headers.get(name) for name in ("code", "display"))
    if not code or not display:
        findings.append(Finding(rule="header", place=page.file, message='"code:" or "display:" is missing'))
        return None, findings
    alternatives = page.headers.get("alternatives")
    return Spoken(
        code=code.text,
        display=display.text,
        area=area,
        alternatives=tuple(alternatives.text.replace(",", " ").split()) if alternatives else (),
        sections=sections,
        source=page.file,
    ), findings


def _readable(lines: tuple[Line, ...], parser: Parser, findings: list[Finding]) -> Iterator[Line]:
    for line in lines:
        try:
            parser.expression(line.text, line.source).needs()
        except TerminologyError as error:
            findings.append(_finding("unreadable", str(error)))
        else:
            yield line


def _header(one: Spoken, release: Release, name: str) -> Iterator[Finding]:
    """Compare the head of a file with the concept that it names."""

    def found(rule: str, message: str, level: Level = Level.ERROR) -> Finding:
        return Finding(rule=rule, level=level, place=one.source, message=message)

    for code in (one.code, *one.alternatives):
        concept = release.by_code.get(code)
        if concept is None:
            yield found("unknown-code", f"the code {code} is not in the release")
        elif concept.status is Status.RETIRED or not concept.leaf:
            yield found("retired-code", f'{code} ("{concept.display}") is no current leaf')
    own = release.by_code.get(one.code)
    if own is None:
        return
    if own.kind != one.area:
        yield found("wrong-area", f"{one.code} belongs to {own.kind}")
    if own.display != one.display:
        yield found("display", f'the release calls {one.code} "{own.display}"')
    if not name.removesuffix(".txt").startswith(slug(own.display)):
        yield found("file-name", f"the file should be called {slug(own.display)}.txt", Level.WARNING)


def _format(place: str, file: Traversable) -> Iterator[Finding]:
    """Look for what the reader forgives: spaces, line ends, long lines, loose accents."""

    def warn(line: int, message: str) -> Finding:
        return Finding(rule="format", level=Level.WARNING, place=f"{place}:{line}", message=message)

    try:
        content = read_limited(file, limit=LARGEST)
        text = content.decode("utf-8")
    except TerminologyError as error:
        yield _finding("unreadable", str(error))
        return
    except UnicodeDecodeError:
        return  # the reader says so
    lines = text.split("\n")
    if lines.pop():
        yield warn(len(lines) + 1, "the last line has no line end")
    for number, line in enumerate(lines, start=1):
        if line.endswith("\r"):
            yield warn(number, "the line end is CRLF, not LF")
            break
        if line != line.strip() or "\t" in line or "  " in line.partition("#")[0].strip():
            yield warn(number, "needless spaces or a tab")
        if len(line) > LONGEST_WORDING:
            yield warn(number, f"the line has more than {LONGEST_WORDING} characters")
        if not unicodedata.is_normalized("NFC", line):
            yield warn(number, "letters are not in composed form (Unicode NFC)")


def _finding(rule: str, message: str) -> Finding:
    """Make a finding of a reader's error, which begins with the place."""
    place, _, rest = message.rstrip(".").partition(": ")
    return (
        Finding(rule=rule, place=place, message=rest)
        if rest
        else Finding(rule=rule, place="", message=message)
    )
