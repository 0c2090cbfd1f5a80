"""Reading a KL core bundle back into a note: what a receiver can take out of what we send."""

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType
from xml.etree import ElementTree as ET

from dictate.entry import Assertion, Coding, Entry, Kind, Note, RecordStatus, Review, Signature
from dictate.errors import ExportError
from dictate.export.tree import Json, descend, objects
from terminology.concept import FSIII
from terminology.release import load

_CONDITIONS = MappingProxyType(
    {
        ("active", "confirmed"): Assertion.PRESENT,
        ("active", "provisional"): Assertion.SUSPECTED,
        ("inactive", "confirmed"): Assertion.HISTORICAL,
    }
)
_PROCEDURES = MappingProxyType({"completed": Assertion.COMPLETED, "not-done": Assertion.NOT_DONE})
_MEDICATIONS = MappingProxyType(
    {"completed": Assertion.GIVEN, "intended": Assertion.PLANNED, "not-taken": Assertion.NOT_GIVEN}
)
_WITHDRAWN = "entered-in-error"
_UPDATED = "UPDATE"


def read_note(bundle: Json) -> Note:
    """Return the note in a KL core bundle.

    Entries have the ids of their resources and the order of the bundle. What KL core has no place for isn't
    there: scores, alternatives, what was absent. Of what was withdrawn, what was said of it is not told any
    more: a condition counts as present, an intervention or a medication as completed.

    Raises:
        ExportError: the bundle has no visit, or an entry that nobody signed.

    """
    resources = {
        str(entry.get("fullUrl")): resource
        for _, entry in objects(bundle, "", "entry")
        for _, resource in objects(entry, "", "resource")
    }
    encounters = [each for each in resources.values() if each.get("resourceType") == "Encounter"]
    if len(encounters) != 1:
        raise ExportError("The bundle has no visit, or more than one: it is no note of ours.")
    signatures = dict(_signatures(resources))
    text = _narrative(encounters[0])
    entries = []
    for url, resource in resources.items():
        signature, amended = signatures.get(url, (None, False))
        if signature and (entry := _entry(resource, text, signature, amended=amended)):
            entries.append(entry)
    note_url = next(url for url, resource in resources.items() if resource is encounters[0])
    return Note(
        id=str(encounters[0].get("id")),
        text=text,
        entries=tuple(entries),
        extras=tuple(_extras(resources)),
        signed=signatures.get(note_url, (None, False))[0],
    )


def _signatures(resources: dict[str, Json]) -> Iterator[tuple[str, tuple[Signature, bool]]]:
    """Yield each signed resource's address, with who signed it, and whether it was amended."""
    for resource in resources.values():
        if resource.get("resourceType") != "Provenance":
            continue
        for _, agent in objects(resource, "", "agent"):
            if _first(agent, "type.coding.code") != "attester":
                continue
            signer = resources.get(str(_first(agent, "who.reference")), {})
            at = datetime.fromisoformat(str(resource.get("recorded")))
            signature = Signature(
                by=str(_first(signer, "name.text")), role=str(_first(agent, "role.text")), at=at
            )
            amended = _first(resource, "activity.coding.code") == _UPDATED
            for _, target in objects(resource, "", "target"):
                yield str(target.get("reference")), (signature, amended)


def _entry(resource: Json, text: str, signature: Signature, *, amended: bool) -> Entry | None:
    match resource.get("resourceType"):
        case "Condition":
            kind, evidence = Kind.CONDITION, _first(resource, "code.text")
        case "Procedure":
            kind, evidence = Kind.INTERVENTION, _first(resource, "note.text")
        case "CarePlan":
            kind, evidence = Kind.INTERVENTION, _first(resource, "activity.detail.description")
        case "Observation" if "focus" not in resource and "valueCodeableConcept" not in resource:
            kind, evidence = Kind.OBSERVATION, _first(resource, "note.text")
        case "MedicationStatement":
            kind, evidence = Kind.MEDICATION, _first(resource, "note.text")
        case _:
            return None
    words = evidence if isinstance(evidence, str) else ""
    start = max(text.find(words), 0)
    assertion, is_withdrawn = _assertion(resource)
    status = RecordStatus.FINAL
    if is_withdrawn:
        status = RecordStatus.ENTERED_IN_ERROR
    elif amended:
        status = RecordStatus.AMENDED
    dose, route, time = _dosage(resource)
    return Entry(
        id=str(resource.get("id")),
        kind=kind,
        assertion=assertion,
        coding=_coding(resource),
        start=start,
        end=start + len(words),
        evidence=words,
        value=_value(resource),
        unit=_text(_first(resource, "valueQuantity.code")),
        level=_level(resource),
        name=_text(_first(resource, "medicationCodeableConcept.text")),
        dose=dose,
        route=route,
        time=time,
        review=Review.ACCEPTED if words else Review.ADDED,
        record_status=status,
        signed=signature,
    )


def _assertion(resource: Json) -> tuple[Assertion, bool]:
    """Return what was said, and whether it was withdrawn."""
    status = str(resource.get("status"))
    match resource.get("resourceType"):
        case "Condition":
            clinical = str(_first(resource, "clinicalStatus.coding.code"))
            verification = str(_first(resource, "verificationStatus.coding.code"))
            said = _CONDITIONS.get((clinical, verification), Assertion.PRESENT)
            return said, verification in {"refuted", _WITHDRAWN}
        case "Procedure":
            return _PROCEDURES.get(status, Assertion.COMPLETED), status == _WITHDRAWN
        case "CarePlan":
            return Assertion.PLANNED, status == _WITHDRAWN
        case "MedicationStatement":
            return _MEDICATIONS.get(status, Assertion.GIVEN), status == _WITHDRAWN
        case _:
            return Assertion.MEASURED, status == _WITHDRAWN


def _coding(resource: Json) -> Coding | None:
    for path in ("code.coding", "activity.detail.code.coding", "medicationCodeableConcept.coding"):
        for _, coding in descend(resource, "", path.split(".")):
            if isinstance(coding, dict):
                return Coding(
                    system=str(coding.get("system")),
                    code=str(coding.get("code")),
                    display=str(coding.get("display") or ""),
                )
    return None


def _value(resource: Json) -> float | str | None:
    value = _first(resource, "valueQuantity.value")
    if isinstance(value, (int, float)):
        return value
    return _text(resource.get("valueString"))


def _level(resource: Json) -> int | None:
    code = _first(resource, "severity.coding.code")
    return next((level for level, concept in load().levels.items() if concept.code == code), None)


def _dosage(resource: Json) -> tuple[str | None, str | None, str | None]:
    """Return dose, route and time as they were said."""
    said, time = _text(_first(resource, "dosage.text")), _text(_first(resource, "dosage.timing.code.text"))
    route = _text(_first(resource, "dosage.route.text"))
    dose = None if said == time else said
    if dose and time:
        dose = dose.removesuffix(f", {time}")
    return dose, route, time


def _extras(resources: dict[str, Json]) -> Iterator[dict[str, object]]:
    for resource in resources.values():
        name, words = resource.get("resourceType"), _first(resource, "description.text")
        if name == "Goal":
            code = _first(resource, "target.detailCodeableConcept.coding.code")
            level = next((level for level, each in load().levels.items() if each.code == code), None)
            told: dict[str, object] = {} if level is None else {"level": level}
            yield {"kind": "goal" if level is None else "expected_level", **told, "text": words}
        elif name == "Observation" and "valueCodeableConcept" in resource:
            code = _first(resource, "valueCodeableConcept.coding.code")
            words = _first(resource, "valueCodeableConcept.text")
            yield {"kind": "follow_up", "system": FSIII, "code": code, "text": words}


def _narrative(encounter: Json) -> str:
    div = _first(encounter, "text.div")
    if not isinstance(div, str) or "<!" in div:  # no definitions of entities, which could blow up
        return ""
    try:
        return "".join(ET.fromstring(div).itertext())  # noqa: S314 - without definitions nothing expands
    except ET.ParseError:
        return ""


def _first(node: object, path: str) -> object:
    return next((found for _, found in descend(node, "", path.split("."))), None)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
