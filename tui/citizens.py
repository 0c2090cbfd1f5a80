"""Finding whom it is about: typed letters or a CPR number to what can be chosen."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from dictate.errors import ConfigError, DraftError
from dictate.identity import parse_cpr
from tui.i18n import t
from tui.wording import cpr as written_cpr

if TYPE_CHECKING:
    from dictate.notebook import Notebook
    from dictate.store.types import Citizen

NEW = "new"
"""Id of the choice that adds a citizen; the typed words follow after a colon."""
_CPR_DIGITS = 10


def options(found: "tuple[Citizen, ...]", typed: str) -> list[tuple[str | None, Text]]:
    """Return what to offer: those who were found, and a new one where a whole name or number was typed.

    Where that is nobody it says what to type; that line has no id.
    """
    shown: list[tuple[str | None, Text]] = [(citizen.id, _line(citizen)) for citizen in found]
    words = typed.strip()
    digits = [sign for sign in words if sign.isdigit()]
    whole_number = len(digits) == _CPR_DIGITS and not found
    whole_name = (
        len(words.split()) > 1
        and not digits
        and not any(citizen.name.casefold() == words.casefold() for citizen in found)
    )
    if whole_number or whole_name:
        shown.append((f"{NEW}:{words}", Text(t("+ new citizen: {typed}", typed=words))))
    if words and not shown:
        shown.append((None, Text(t("Nobody found. For a new citizen type the whole name or CPR number."))))
    return shown


def number_of(text: str) -> str:
    """Return the ten digits of a CPR number.

    Raises:
        ConfigError: it is none.

    """
    return parse_cpr(text, today=datetime.now(UTC).date()).number


def take_in_visits(path: Path, notebook: "Notebook") -> "tuple[Citizen, ...]":
    """Add the citizens of a visit list and return them in its order.

    Args:
        path: CSV with the columns name and cpr (or navn), or a FHIR Bundle of Patients in JSON.
        notebook: where citizens are kept.

    Raises:
        DraftError: the list can't be read.

    """
    try:
        rows = list(_fhir(path) if path.suffix.lower() == ".json" else _csv(path))
        return tuple(
            notebook.add_citizen(name, number_of(cpr) if cpr else None) for name, cpr in rows if name
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError, ConfigError) as error:
        raise DraftError(
            f"The visit list {path.name} can't be read. Give CSV with the columns navn;cpr, or a FHIR Bundle."
        ) from error


def _csv(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        head = lines.readline()
        lines.seek(0)
        delimiter = ";" if ";" in head else ","
        for row in csv.DictReader(lines, delimiter=delimiter):
            values = {(name or "").strip().casefold(): (value or "").strip() for name, value in row.items()}
            yield values.get("navn") or values["name"], values.get("cpr", "")


def _fhir(path: Path) -> Iterator[tuple[str, str]]:
    for entry in json.loads(path.read_text(encoding="utf-8"))["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] != "Patient":
            continue
        name = resource["name"][0]
        shown = name.get("text") or " ".join([*name.get("given", []), name.get("family", "")])
        numbers = [one["value"] for one in resource.get("identifier", []) if one.get("system") == _CPR_SYSTEM]
        yield shown.strip(), numbers[0] if numbers else ""


_CPR_SYSTEM = "urn:oid:1.2.208.176.1.2"


def _line(citizen: "Citizen") -> Text:
    line = Text(citizen.name)
    if citizen.cpr:
        line.append(f"  {written_cpr(citizen.cpr)}", style="italic")
    return line
