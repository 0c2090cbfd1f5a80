"""Wordings from a FHIR CodeSystem supplement, as another site or another program hands them over."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from terminology.concept import FSIII
from terminology.errors import TerminologyError
from terminology.files import read_text
from terminology.maintain.fhir import PROPERTY, SAYS, check
from terminology.maintain.located_json import Located, parse
from terminology.maintain.tables import Incoming
from terminology.overlay.base import is_condition
from terminology.release import Release


def read_supplement(path: Path, release: Release) -> tuple[Incoming, ...]:
    """Read the Danish designations and the expressions of a supplement of Fælles Sprog III.

    Raises:
        TerminologyError: it is no such supplement; the message names file, line and reason.

    """
    data = parse(read_text(path), file=path.name)
    if not isinstance(data, Located):
        raise TerminologyError(f"{path.name} is not a FHIR resource. Name a CodeSystem supplement.")
    check(data, file=path.name)
    if data.get("content") != "supplement":
        raise TerminologyError(
            f'{path.name} is a whole code system, not a supplement. Use "dictate-terms update" for it.'
        )
    system = str(data.get("supplements", "")).partition("|")[0]
    if system != FSIII:
        raise TerminologyError(
            f'{path.name} supplements "{system}", not Fælles Sprog III ({FSIII}). Name another file.'
        )
    return tuple(_incoming(data, path.name, release))


def _incoming(data: Located, file: str, release: Release) -> Iterator[Incoming]:
    for concept in data.get("concept", ()):
        code = str(concept.get("code", ""))
        for designation in concept.get("designation", ()):
            if str(designation.get("language", "da")).partition("-")[0] == "da":
                yield _one(code, _says(code, release), designation["value"], file, designation)
        for entry in concept.get("property", ()):
            if entry["code"].startswith(PROPERTY) and "valueString" in entry:
                section = entry["code"].removeprefix(PROPERTY).replace("-", "_")
                yield _one(code, section, entry["valueString"], file, entry)
        yield from _incoming(concept, file, release)


def _one(code: str, section: str, text: str, file: str, here: Any) -> Incoming:  # noqa: ANN401 - a JSON object
    line = here.line if isinstance(here, Located) else 1
    return Incoming(code=code, section=section, text=text, place=f"{file}, line {line}")


def _says(code: str, release: Release) -> str:
    """Return the section of the wordings that say the concept."""
    concept = release.by_code.get(code)
    return SAYS[0] if concept is None or is_condition(concept.kind) else SAYS[1]
