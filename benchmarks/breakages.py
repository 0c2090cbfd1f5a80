"""Ways to break a bundle that any receiver would refuse; each is named, and makes a broken copy.

Written from the published profiles, not from the checker's tables. Used by benchmarks/mutate.py; imported by
nobody else.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dictate.export.base import Format
from terminology.release import load

Json = dict[str, Any]
Step = str | int
Path = tuple[Step, ...]
Broken = tuple[str, Json]

FSIII = "urn:oid:1.2.208.176.2.21"
NPU = "urn:oid:1.2.208.176.2.1"
OTHER_FSIII = {"system": FSIII, "code": "24d20243-e3f1-4258-a4de-450774fea13c"}
CPR = {"use": "official", "system": "urn:oid:1.2.208.176.1.2", "value": "0202020202"}
GONE: Any = ...
"""Stands for an element that is taken away."""

REQUIRED: Mapping[Format, Mapping[str, Sequence[str]]] = {
    Format.KL_CORE: {
        "Patient": ("identifier", "meta"),
        "Encounter": ("status", "class", "period", "period.start", "meta"),
        "Condition": ("clinicalStatus", "code", "subject", "meta"),
        "CarePlan": ("status", "intent", "subject", "created", "activity", "meta"),
        "Procedure": ("status", "code", "subject", "note.0.text", "meta"),
        "Observation": ("status", "code", "meta"),
        "Goal": ("lifecycleStatus", "category", "description", "subject"),
        "MedicationStatement": ("status", "medicationCodeableConcept", "subject"),
        "Provenance": ("target", "recorded", "agent", "agent.0.who"),
    },
    Format.KL_GATEWAY: {
        "Patient": ("identifier", "managingOrganization", "managingOrganization.identifier", "meta"),
        "Encounter": ("status", "class", "type", "subject", "period", "period.start"),
        "Condition": (
            "clinicalStatus",
            "clinicalStatus.coding",
            "code",
            "code.coding",
            "subject",
            "recordedDate",
        ),
        "CarePlan": (
            "status",
            "intent",
            "subject",
            "period",
            "period.start",
            "activity",
            "activity.0.detail",
        ),
        "Procedure": ("status", "code", "code.coding", "subject", "performedDateTime"),
        "Goal": ("lifecycleStatus", "category", "description", "startDate", "target", "addresses"),
        "Observation": ("status", "code", "focus", "effectiveDateTime", "valueCodeableConcept"),
    },
    Format.CARE_COMMUNICATION: {
        "MessageHeader": (
            "eventCoding",
            "eventCoding.code",
            "eventCoding.system",
            "destination",
            "destination.0.extension",
            "destination.0.endpoint",
            "destination.0.receiver",
            "sender",
            "source",
            "source.endpoint",
            "focus",
            "definition",
            "meta",
        ),
        "Communication": (
            "identifier",
            "identifier.0.value",
            "status",
            "category",
            "subject",
            "payload",
            "payload.0.contentString",
            "payload.0.extension",
            "payload.0.extension.0",
            "payload.0.extension.1",
            "payload.0.extension.2",
            "payload.0.extension.3",
        ),
        "Patient": ("identifier", "name"),
        "Organization": ("identifier", "identifier.0", "identifier.1"),
        "PractitionerRole": ("practitioner", "code"),
        "Practitioner": ("name",),
        "Provenance": (
            "target",
            "occurredDateTime",
            "recorded",
            "activity",
            "agent",
            "agent.0.who",
            "entity",
        ),
    },
    Format.HOME_CARE_OBSERVATION: {
        "MessageHeader": ("eventCoding", "destination", "sender", "source", "focus", "definition", "meta"),
        "DiagnosticReport": (
            "status",
            "code",
            "subject",
            "issued",
            "performer",
            "performer.0",
            "performer.1",
        ),
        "Observation": ("status", "code", "subject", "meta"),
        "Patient": ("identifier", "name"),
        "Organization": ("identifier", "identifier.0", "identifier.1", "identifier.2"),
        "PractitionerRole": ("practitioner", "code"),
        "Practitioner": ("name", "telecom"),
        "Provenance": ("target", "occurredDateTime", "recorded", "activity", "agent"),
    },
}
SINGLE = {
    "CarePlan": ("activity",),
    "Procedure": (),
    "MessageHeader": ("destination", "focus"),
    "Communication": ("category", "identifier"),
    "DiagnosticReport": ("performer",),
}
"""Lists that may have one item (performers: two), whatever the format."""
FORBIDDEN = {
    Format.KL_CORE: {"Procedure": {"note": [{"text": "x", "authorString": "Anne"}]}},
    Format.KL_GATEWAY: {
        "Patient": {"name": [{"family": "Testesen"}], "gender": "female", "birthDate": "1950-01-01"},
        "Condition": {"note": [{"text": "Rent."}], "encounter": {"display": "x"}, "text": "narrative"},
        "CarePlan": {"note": [{"text": "Rent."}], "description": "Rent.", "created": "2026-11-22"},
        "Procedure": {"note": [{"text": "Rent."}], "recorder": {"display": "Anne"}},
        "Encounter": {"participant": [{"individual": {"display": "Anne"}}], "text": "narrative"},
    },
    Format.CARE_COMMUNICATION: {"Communication": {"priority": "asap", "status": "completed"}},
    Format.HOME_CARE_OBSERVATION: {"Observation": {"valueString": "x"}},
}
DATES = frozenset({"start", "recorded", "issued", "created", "occurredDateTime"})
JUNK: tuple[Any, ...] = ("", " ", {"a": "b"}, None, [])
NEEDED = frozenset(
    {"Patient", "Practitioner", "PractitionerRole", "Organization", "Communication", "DiagnosticReport"}
)
"""Resources that others refer to, or that there must be."""
NARRATIVE = {"status": "additional", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Rent.</div>'}


def breakages(bundle: Json, form: Format) -> Iterator[Broken]:
    """Yield broken copies of a bundle, each with what was done to it."""
    yield from _of_the_bundle(bundle, form)
    for place, entry in enumerate(bundle["entry"]):
        name = entry["resource"]["resourceType"]
        for path in REQUIRED[form].get(name, ()):
            if (broken := _without(bundle, place, path)) is not None:
                yield f"{name}.{path} taken away", broken
        for key in SINGLE.get(name, ()):
            if key in entry["resource"]:
                broken, resource = _copied(bundle, place)
                resource[key].append(copy.deepcopy(resource[key][0]) | {"id": "other"})
                yield f"{name}.{key} doubled", broken
        for key, value in FORBIDDEN[form].get(name, {}).items():
            broken, resource = _copied(bundle, place)
            resource[key] = NARRATIVE if value == "narrative" else value
            yield f"{name}.{key} where it may not be", broken
        yield from _values(bundle, place, name)
        yield from _codes(bundle, place, name, form)
        yield from _units(bundle, place, name)


def _of_the_bundle(bundle: Json, form: Format) -> Iterator[Broken]:
    changes: tuple[tuple[str, Any], ...] = (
        ("type", "batch"),
        ("type", GONE),
        ("timestamp", "2026-11-22"),
        ("timestamp", GONE),
        ("total", 3),
        ("entry", []),
        ("resourceType", "Parameters"),
        ("surprise", "x"),
    )
    for key, value in changes:
        broken = copy.deepcopy(bundle)
        _set(broken, key, value)
        yield f"Bundle.{key} {'taken away' if value is GONE else 'wrong'}", broken
    for place, entry in enumerate(bundle["entry"]):
        yield from _of_an_entry(bundle, place, entry["resource"]["resourceType"])
    if form in {Format.CARE_COMMUNICATION, Format.HOME_CARE_OBSERVATION}:
        for name in ("MessageHeader", "Provenance"):
            broken = copy.deepcopy(bundle)
            broken["entry"] = [e for e in broken["entry"] if e["resource"]["resourceType"] != name]
            yield f"{name} taken away", broken
        broken = copy.deepcopy(bundle)
        broken["entry"].append(broken["entry"].pop(0))
        yield "MessageHeader not first", broken


def _of_an_entry(bundle: Json, place: int, name: str) -> Iterator[Broken]:
    broken = copy.deepcopy(bundle)
    broken["entry"].append(copy.deepcopy(broken["entry"][place]))
    yield f"{name} doubled", broken
    broken = copy.deepcopy(bundle)
    del broken["entry"][place]["fullUrl"]
    yield f"{name} without fullUrl", broken
    yield f"{name} of another id", _put(bundle, place, ("id",), "other")
    yield f"{name} of another type", _put(bundle, place, ("resourceType",), "Basic")
    yield f"{name} with an unknown element", _put(bundle, place, ("surprise",), "x")
    if name in NEEDED:
        broken = copy.deepcopy(bundle)
        del broken["entry"][place]
        yield f"{name} taken away", broken
    if name == "Patient":
        yield from _citizens(bundle, place)


def _citizens(bundle: Json, place: int) -> Iterator[Broken]:
    broken = copy.deepcopy(bundle)
    other = copy.deepcopy(broken["entry"][place])
    identifier = "11111111-1111-4111-8111-111111111111"
    other["fullUrl"] = other["fullUrl"].replace(other["resource"]["id"], identifier)
    other["resource"]["id"] = identifier
    other["resource"]["identifier"][0]["value"] = CPR["value"]
    broken["entry"].append(other)
    yield "a second citizen", broken
    yield "Patient.identifier: an extra slice", _put(bundle, place, ("identifier", 1), CPR)
    first: Path = ("identifier", 0)
    for value in ("3113010101", "010101-0101", "01010101"):
        yield "Patient.identifier of the wrong form", _put(bundle, place, (*first, "value"), value)
    wrong = "urn:oid:1.2.208.176.1.1"
    yield "Patient.identifier of the wrong system", _put(bundle, place, (*first, "system"), wrong)
    yield "Patient.identifier of the wrong use", _put(bundle, place, (*first, "use"), "old")


def _values(bundle: Json, place: int, name: str) -> Iterator[Broken]:
    """Break every reference, date, status and empty what holds something."""
    for number, (path, value) in enumerate(_leaves(bundle["entry"][place]["resource"])):
        last = path[-1]
        if last == "reference":
            yield f"{name}.{_dotted(path)} dangling", _put(bundle, place, path, "urn:uuid:0")
        elif isinstance(value, str) and last in {
            "start",
            "recorded",
            "issued",
            "created",
            "occurredDateTime",
        }:
            yield f"{name}.{_dotted(path)} no date", _put(bundle, place, path, "22-11-2026")
        elif last in {"status", "intent", "lifecycleStatus"}:
            yield f"{name}.{_dotted(path)} no code", _put(bundle, place, path, "bogus")
        if isinstance(value, str):
            junk = JUNK[number % len(JUNK)]
            yield f"{name}.{_dotted(path)} is {junk!r}", _put(bundle, place, path, junk)


def _codes(bundle: Json, place: int, name: str, form: Format) -> Iterator[Broken]:
    resource = bundle["entry"][place]["resource"]
    for path, coding in _codings(resource):
        where = f"{name}.{_dotted(path)}"
        yield f"{where} of an unknown system", _put(bundle, place, (*path, "system"), "urn:oid:9.9.9")
        yield f"{where} without system", _put(bundle, place, (*path, "system"), GONE)
        yield f"{where} an unknown code", _put(bundle, place, (*path, "code"), "no code")
        if coding["system"] == FSIII:
            yield f"{where} an old code", _put(bundle, place, (*path, "code"), "I4.4")
            yield (
                f"{where} an unknown UUID",
                _put(bundle, place, (*path, "code"), "00000000-0000-4000-8000-000000000000"),
            )
        if "display" in coding and coding["system"] in {FSIII, NPU}:
            yield f"{where} a wrong title", _put(bundle, place, (*path, "display"), "Noget andet")
    code = resource.get("code")
    codings = code.get("coding") if isinstance(code, dict) else None
    sliced = {FSIII, NPU} if form is Format.HOME_CARE_OBSERVATION else {FSIII}
    if isinstance(codings, list) and codings and codings[0]["system"] in sliced:
        broken, other = _copied(bundle, place)
        extra = OTHER_FSIII if codings[0]["system"] == FSIII else {**codings[0], "code": "NPU01685"}
        extra = {key: value for key, value in extra.items() if key != "display"}
        if extra["code"] == codings[0]["code"]:
            extra["code"] = "bb0ea5fa-3462-40de-9047-a16fc4815a47"
        other["code"]["coding"].append(extra)
        if form is not Format.KL_CORE or name == "Condition":
            yield f"{name}.code: an extra slice", broken
    if name == "Condition":
        yield from _severities(bundle, place, form)


def _severities(bundle: Json, place: int, form: Format) -> Iterator[Broken]:
    broken, condition = _copied(bundle, place)
    level = {"coding": [{"system": FSIII, "code": "d984ad21-48fe-4619-845e-2aa0303048e7", "display": "2"}]}
    if "severity" in condition:
        condition["severity"]["coding"][0]["code"] = OTHER_FSIII["code"]
        yield "Condition.severity of another value set", broken
        if form is Format.KL_GATEWAY:
            broken, condition = _copied(bundle, place)
            del condition["severity"]
            yield "Condition.severity missing in home care", broken
    elif not (form is Format.KL_CORE and _is_functional(condition)):
        condition["severity"] = level
        yield "Condition.severity where it may not be", broken
    broken, condition = _copied(bundle, place)
    condition["verificationStatus"] = {
        "coding": [{"system": condition["clinicalStatus"]["coding"][0]["system"], "code": "entered-in-error"}]
    }
    yield "Condition.verificationStatus of the wrong system", broken
    broken, condition = _copied(bundle, place)
    condition["clinicalStatus"]["coding"][0]["code"] = "active"
    condition["abatementDateTime"] = "2026-11-20"
    yield "Condition ended and active (con-4)", broken
    broken, condition = _copied(bundle, place)
    system = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    condition["verificationStatus"] = {"coding": [{"system": system, "code": "entered-in-error"}]}
    yield "Condition entered in error with clinical status (con-5)", broken


def _is_functional(condition: Json) -> bool:
    concept = load().by_code.get(condition["code"]["coding"][0]["code"])
    return concept is not None and concept.kind == "funktionsevnetilstand"


def _units(bundle: Json, place: int, name: str) -> Iterator[Broken]:
    quantity = bundle["entry"][place]["resource"].get("valueQuantity")
    if not isinstance(quantity, dict):
        return
    path = ("valueQuantity",)
    yield f"{name}: wrong unit", _put(bundle, place, (*path, "code"), "m[H2O]")
    yield f"{name}: wrong shown unit", _put(bundle, place, (*path, "unit"), "æsker")
    yield f"{name}: wrong unit system", _put(bundle, place, (*path, "system"), "urn:oid:9.9.9")
    yield f"{name}: unit system taken away", _put(bundle, place, (*path, "system"), GONE)
    yield f"{name}: value as text", _put(bundle, place, (*path, "value"), "mange")
    yield f"{name}: value taken away", _put(bundle, place, (*path, "value"), GONE)
    yield f"{name}: two values", _put(bundle, place, ("valueString",), "2+")


def _leaves(node: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    items: Sequence[tuple[Step, object]] = ()
    if isinstance(node, dict):
        items = list(node.items())
    elif isinstance(node, list):
        items = list(enumerate(node))
    else:
        yield path, node
    for key, value in items:
        yield from _leaves(value, (*path, key))


def _codings(node: object, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    if isinstance(node, dict):
        if {"system", "code"} <= node.keys() and "value" not in node:
            yield path, node
        for key, value in node.items():
            yield from _codings(value, (*path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _codings(value, (*path, place))


def _copied(bundle: Json, place: int) -> tuple[Json, Json]:
    """Return a copy of the bundle and the resource within the copy."""
    broken = copy.deepcopy(bundle)
    return broken, broken["entry"][place]["resource"]


def _put(bundle: Json, place: int, path: Path, value: Any) -> Json:  # noqa: ANN401 - any JSON
    broken, resource = _copied(bundle, place)
    node: Any = resource
    *steps, last = path
    for step in steps:
        node = node[step]
    _set(node, last, value)
    return broken


def _set(node: Any, key: Step, value: Any) -> None:  # noqa: ANN401 - any JSON
    if value is GONE:
        node.pop(key, None)
    elif isinstance(node, list) and key == len(node):
        node.append(value)
    else:
        node[key] = value


def _without(bundle: Json, place: int, path: str) -> Json | None:
    """Return a copy without an element, None where it isn't there."""
    broken, resource = _copied(bundle, place)
    node: Any = resource
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    try:
        for step in steps:
            node = node[step]
        del node[last]
    except (KeyError, IndexError, TypeError):
        return None
    return broken


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path if not isinstance(step, int))
