"""Entries' codes and values as FHIR has them, checked against the terminology release.

What is written is what may be written today: current leaves, the code system's own current title, the unit
that belongs to the code. Anything else is refused; nothing is guessed or converted.
"""

from collections.abc import Mapping
from types import MappingProxyType

from dictate.entry import Coding, Entry
from dictate.errors import ExportError
from terminology.concept import FSIII, Concept, Status
from terminology.observation import ORDINALS, Observation, ValueType
from terminology.release import load

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
ATC = "http://www.whocc.no/atc"
FUNCTIONAL = "funktionsevnetilstand"
"""The only area whose conditions have a level."""

Element = dict[str, object]

UNIT_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mm[Hg]": ("mmHg", "mm Hg"),
        "Cel": ("°C", "C"),
        "umol/L": ("µmol/L", "μmol/L"),
        "10*9/L": ("10⁹/L", "10^9/L", "× 10⁹/L", "x 10^9/L"),
        "kg/m2": ("kg/m²",),
        "/min": ("1/min", "× 1/min", "slag/min", "pr. min", "pr. minut"),
        "1": ("",),
        "%": ("procent",),
    }
)
"""Units that people write otherwise than UCUM; the first one is how we show them."""

_SHOWN_AS_CODED = frozenset({"/min", "%"})


def fsiii_concept(entry: Entry, areas: frozenset[str]) -> Concept:
    """Return the concept of a condition or an intervention.

    Raises:
        ExportError: the code is no current leaf of these areas.

    """
    coding = _coding(entry)
    concept = load().by_code.get(coding.code) if coding.system == FSIII else None
    if concept is None or concept.kind not in areas:
        raise _refusal(entry, "its code is none that an entry of this kind can have in Fælles Sprog III")
    if concept.status is not Status.CURRENT or not concept.leaf:
        raise _refusal(entry, f"its code {concept.code} is retired or a heading in Fælles Sprog III")
    return concept


def concept_coding(concept: Concept) -> Element:
    """Return a concept with its official title, also where we show a corrected one."""
    display = load().source_displays.get(concept.code, concept.display)
    return {"system": concept.system, "code": concept.code, "display": display}


def severity(entry: Entry, concept: Concept) -> Element | None:
    """Return the functional level as it was said, None where none was or none belongs."""
    if entry.level is None or concept.kind != FUNCTIONAL:
        return None
    return {"coding": [concept_coding(load().levels[entry.level])]}


def observation(entry: Entry) -> Observation:
    """Return what was measured.

    Raises:
        ExportError: the code is not one that we write.

    """
    coding = _coding(entry)
    found = load().observation_by_code.get(coding.code)
    if found is None or found.system != coding.system:
        raise _refusal(entry, "its code is none of the observations that are written")
    return found


def observation_codings(found: Observation, *, loinc: bool) -> list[Element]:
    """Return the codes of an observation, the Danish one first; only it has a title of ours to give."""
    codings: list[Element] = [{"system": found.system, "code": found.code, "display": found.display}]
    if loinc and found.loinc:
        codings.append({"system": LOINC, "code": found.loinc})
    if found.snomed:
        codings.append({"system": SNOMED, "code": found.snomed})
    return codings


def observation_value(entry: Entry, found: Observation) -> Element:
    """Return the value as an element of a FHIR Observation.

    Raises:
        ExportError: the value or the unit is not what belongs to the code.

    """
    if found.value_type is ValueType.ORDINAL:
        if entry.value not in ORDINALS or entry.unit is not None:
            raise _refusal(entry, f"its value is none of {', '.join(ORDINALS)}, or has a unit")
        return {"valueString": entry.value}
    if entry.value is None or isinstance(entry.value, str):
        raise _refusal(entry, "its value is not a number")
    if found.value_type is ValueType.INTEGER and entry.value != int(entry.value):
        raise _refusal(entry, "its value is not a whole number")
    if found.unit is None or entry.unit != found.unit:
        raise _refusal(entry, f"its unit is not {found.unit}")
    shown = (
        UNIT_NAMES[found.unit][0]
        if found.unit in UNIT_NAMES and found.unit not in _SHOWN_AS_CODED
        else found.unit
    )
    quantity = {"value": entry.value, "unit": shown, "system": UCUM, "code": found.unit}
    if found.unit == "1":
        del quantity["unit"]
    return {"valueQuantity": quantity}


def medication(entry: Entry) -> Element:
    """Return a drug as it was said, with its ATC code where one was chosen.

    Raises:
        ExportError: the code is of another system.

    """
    concept: Element = {"text": entry.name}
    if entry.coding:
        if entry.coding.system != ATC:
            raise _refusal(entry, "its code is not of ATC")
        concept["coding"] = [
            {"system": ATC, "code": entry.coding.code, "display": entry.coding.display or entry.name}
        ]
    return concept


def _coding(entry: Entry) -> Coding:
    if entry.coding is None:
        raise _refusal(entry, "it has no code")
    return entry.coding


def _refusal(entry: Entry, reason: str) -> ExportError:
    return ExportError(
        f'Nothing was exported: entry "{entry.id}" can\'t be written: {reason}. Change it at review.'
    )
