"""A terminology release: every concept, every observation and the TOBS limits, read strictly from text files.

`load()` gives the release in use, `read()` one from any folder. The release in use is the one that is shipped
with the program, unless the site has installed another. The files and their columns are described in
data/README.md.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from terminology.concept import FSIII, MCS, NPU, SNOMED, Concept, Designation, Status, Use
from terminology.errors import TerminologyError
from terminology.manifest import PINNED_FOLDER, Source, check_files, pinned_files, read_manifest
from terminology.observation import Observation, TobsLimit, ValueType
from terminology.places import releases_folder
from terminology.table import Row, read_bytes, read_table

CONCEPT_COLUMNS = (
    "code",
    "short_code",
    "parent",
    "leaf",
    "status",
    "status_2024_inferred",
    "display",
    "source_display",
    "synonyms",
    "note",
)
OBSERVATION_COLUMNS = (
    "key",
    "system",
    "code",
    "display",
    "name",
    "type",
    "unit",
    "low",
    "high",
    "decimals",
    "loinc",
    "snomed",
    "alternatives",
    "note",
)
TOBS_COLUMNS = ("key", "low", "high", "points", "label")
LIST_SEPARATOR = " | "
POINTER = "current"
"""File among the installed releases that names the folder of the one in use."""

_LEVEL_AREA = "funktionsniveau"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release, immutable, with the look-ups that everybody needs."""

    version: str
    """The release's own version; a code system's version is in `Concept.version`."""
    sources: tuple[Source, ...]
    concepts: tuple[Concept, ...]
    """All areas, each in tree order: a parent stands before its children."""
    by_code: Mapping[str, Concept]
    by_short_code: Mapping[str, Concept]
    """The old codes: read, never written."""
    children: Mapping[str, tuple[Concept, ...]]
    """Code to its children; every code is in it."""
    inferred: Mapping[str, str]
    """Code to what the status was inferred from, where something was; the source itself has no status."""
    source_displays: Mapping[str, str]
    """Code to the source's own term, where a typo in it is corrected in `Concept.display`."""
    levels: Mapping[int, Concept]
    """Functional level (0..4, and 9: not relevant) to its concept."""
    observations: tuple[Observation, ...]
    observation_by_key: Mapping[str, Observation]
    observation_by_code: Mapping[str, Observation]
    tobs: tuple[TobsLimit, ...]

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas of the code system, such as "helbredstilstand", sorted."""
        return tuple(dict.fromkeys(concept.kind for concept in self.concepts))

    def roots(self, area: str) -> tuple[Concept, ...]:
        """Return the top concepts of an area; empty where there is no such area."""
        return tuple(concept for concept in self.concepts if concept.kind == area and not concept.parents)

    def ancestors(self, concept: Concept) -> tuple[Concept, ...]:
        """Return the chain of parents, the nearest first."""
        chain = []
        while concept.parents:
            concept = self.by_code[concept.parents[0]]
            chain.append(concept)
        return tuple(chain)


@cache
def load() -> Release:
    """Return the release in use, read once.

    Raises:
        TerminologyError: a file of it is damaged; the message names the file, the line and the reason.

    """
    return read(active())


def active() -> Traversable:
    """Return the folder of the release in use: the installed one, else the one shipped with the program.

    Raises:
        TerminologyError: a release was installed but is gone.

    """
    pointer = releases_folder() / POINTER
    try:
        name = pointer.read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return shipped()
    except (OSError, UnicodeDecodeError) as error:
        raise TerminologyError(f"Cannot read {pointer}: {error}. Remove it or make it readable.") from error
    folder = releases_folder() / name
    if not name or name != folder.name or not folder.is_dir():
        raise TerminologyError(
            f'The installed release "{name}" is gone. "dictate-terms install --shipped" goes back to the one '
            "that is shipped with the program."
        )
    return folder


def shipped() -> Traversable:
    """Return the folder of the release that is shipped with the program."""
    return files("terminology") / "data"


def read(folder: Traversable, *, pinned: bool = True) -> Release:
    """Read the release in `folder`.

    Args:
        folder: holds manifest.toml, fsiii/*.tsv, observations.tsv and tobs.tsv.
        pinned: whether every file must be the one that the manifest pins; a release in the making is not.

    Raises:
        TerminologyError: something in it is not as it should be; the message names file, line and reason.

    """
    manifest = read_manifest(folder)
    contents = {file: read_bytes(folder, file) for file in pinned_files(folder)}
    # Parsed before the checksums are compared: the line that is wrong helps more than "something is wrong".
    rows = [
        row
        for file in contents
        if file.startswith(f"{PINNED_FOLDER}/")
        for row in read_table(contents[file], file=file, columns=CONCEPT_COLUMNS)
    ]
    _check_tree(rows)
    version = manifest.source(FSIII).version
    concepts = tuple(_concept(row, version) for row in rows)
    observations = _observations(contents["observations.tsv"])
    tobs = _tobs(contents["tobs.tsv"], {observation.key for observation in observations})
    if pinned:
        check_files(manifest, contents)

    children: dict[str, list[Concept]] = {concept.code: [] for concept in concepts}
    for concept in concepts:
        for parent in concept.parents:
            children[parent].append(concept)
    return Release(
        version=manifest.version,
        sources=manifest.sources,
        concepts=concepts,
        by_code=MappingProxyType({concept.code: concept for concept in concepts}),
        by_short_code=MappingProxyType({concept.short_code: concept for concept in concepts}),
        children=MappingProxyType({code: tuple(below) for code, below in children.items()}),
        inferred=MappingProxyType(
            {row["code"]: row["status_2024_inferred"] for row in rows if row["status_2024_inferred"]}
        ),
        source_displays=MappingProxyType(
            {row["code"]: row["source_display"] for row in rows if row["source_display"]}
        ),
        levels=MappingProxyType(
            {
                int(concept.display): concept
                for concept in sorted(concepts, key=lambda concept: concept.display)
                if concept.kind == _LEVEL_AREA and concept.display.isdecimal()
            }
        ),
        observations=observations,
        observation_by_key=MappingProxyType({observation.key: observation for observation in observations}),
        observation_by_code=MappingProxyType({observation.code: observation for observation in observations}),
        tobs=tobs,
    )


def _check_tree(rows: Iterable[Row]) -> None:
    """Refuse codes that are no UUID or stand twice, and parents that are unknown, foreign or circular."""
    by_code: dict[str, Row] = {}
    by_short_code: dict[str, Row] = {}
    for row in rows:
        code, short_code = row.text("code"), row.text("short_code")
        if not _UUID.fullmatch(code):
            raise row.refuse(f'the code "{code}" is not a UUID in lower case')
        if code in by_code:
            raise row.refuse(f"the code {code} stands already at {by_code[code].place}")
        if short_code.casefold() in by_short_code:
            known = by_short_code[short_code.casefold()].place
            raise row.refuse(f'the short code "{short_code}" stands already at {known}')
        by_code[code] = by_short_code[short_code.casefold()] = row
    sound: set[str] = set()  # codes whose chain of parents is known to end
    for row in by_code.values():
        chain: dict[str, None] = {}
        code = row["code"]
        while code and code not in sound:
            if code in chain:
                raise row.refuse(f"the code {row['code']} is circular: its parents lead back to {code}")
            chain[code] = None
            here = by_code[code]
            if (parent := here["parent"]) and parent not in by_code:
                raise here.refuse(f"the parent {parent} is unknown")
            if parent and by_code[parent].file != here.file:
                raise here.refuse(f"the parent {parent} belongs to another area, {by_code[parent].file}")
            code = parent
        sound.update(chain)


def _concept(row: Row, version: str) -> Concept:
    try:
        status = Status(row["status"])
    except ValueError as error:
        known = " nor ".join(f'"{status}"' for status in Status)
        raise row.refuse(f'the status "{row["status"]}" is neither {known}') from error
    if row["leaf"] not in {"0", "1"}:
        raise row.refuse(f'"{row["leaf"]}" in the column "leaf" is neither 0 nor 1')
    terms = [(row.text("display"), Use.PREFERRED)]
    terms += [(term, Use.SYNONYM) for term in _list(row, "synonyms")]
    return Concept(
        system=FSIII,
        code=row["code"],
        version=version,
        display=row["display"],
        kind=row.file.removeprefix(f"{PINNED_FOLDER}/").removesuffix(".tsv"),
        status=status,
        leaf=row["leaf"] == "1",
        short_code=row["short_code"],
        parents=(row["parent"],) if row["parent"] else (),
        designations=tuple(
            Designation(value=term, use=use, status=status, source=row.place) for term, use in terms
        ),
        note=row["note"],
    )


def _observations(content: bytes) -> tuple[Observation, ...]:
    observations: list[Observation] = []
    seen: dict[str, Row] = {}
    for row in read_table(content, file="observations.tsv", columns=OBSERVATION_COLUMNS):
        if not _KEY.fullmatch(row["key"]):
            raise row.refuse(f'the key "{row["key"]}" is not made of small letters, digits and _')
        for name in (row["key"], row.text("code"), *_list(row, "alternatives")):
            if name in seen:
                raise row.refuse(f'"{name}" stands already at {seen[name].place}')
            seen[name] = row
        observations.append(_observation(row))
    return tuple(observations)


def _observation(row: Row) -> Observation:
    if row["system"] not in {NPU, MCS, SNOMED}:
        raise row.refuse(f'the code system "{row["system"]}" is unknown')
    try:
        value_type = ValueType(row["type"])
    except ValueError as error:
        raise row.refuse(f'the type "{row["type"]}" is unknown') from error
    low, high = row.number("low"), row.number("high")
    if value_type is ValueType.ORDINAL:
        if row["unit"] or low is not None or high is not None:
            raise row.refuse("an ordinal has neither unit nor range")
    elif low is None or high is None or low >= high:
        raise row.refuse("the plausible range needs a low that is less than its high")
    else:
        row.text("unit")
    decimals = row.whole("decimals")
    if decimals < 0 or (decimals and value_type is not ValueType.QUANTITY):
        raise row.refuse(f"{decimals} decimals do not fit the type {value_type}")
    return Observation(
        key=row["key"],
        system=row["system"],
        code=row["code"],
        display=row.text("display"),
        name=row.text("name"),
        value_type=value_type,
        unit=row["unit"] or None,
        low=low,
        high=high,
        decimals=decimals,
        loinc=row["loinc"],
        snomed=row["snomed"],
        alternatives=_list(row, "alternatives"),
        note=row["note"],
    )


def _tobs(content: bytes, keys: set[str]) -> tuple[TobsLimit, ...]:
    limits = []
    for row in read_table(content, file="tobs.tsv", columns=TOBS_COLUMNS):
        if row["key"] not in keys:
            raise row.refuse(f'the observation "{row["key"]}" is unknown')
        low, high = row.number("low"), row.number("high")
        if (low is None and high is None) or (low is not None and high is not None and low > high):
            raise row.refuse("the range needs a low that is not above its high, or one of them alone")
        points = row.whole("points")
        if points not in range(4):
            raise row.refuse(f"{points} points are not 0 to 3")
        limits.append(TobsLimit(key=row["key"], low=low, high=high, points=points, label=row["label"]))
    return tuple(limits)


def _list(row: Row, column: str) -> tuple[str, ...]:
    return tuple(row[column].split(LIST_SEPARATOR)) if row[column] else ()
