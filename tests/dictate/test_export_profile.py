"""The profile checker finds what is wrong in a bundle, says where, and leaves good bundles alone."""

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from dictate.export.invariants import INVARIANTS
from dictate.export.profile import PROFILES, check
from dictate.export.rules import load_profile

GOLDEN = Path(__file__).parent.parent / "data" / "export" / "kl_core"
FSIII = "urn:oid:1.2.208.176.2.21"
Json = dict[str, Any]


@pytest.fixture
def bundle() -> Json:
    """A bundle with every type of resource."""
    return read("visit-1")


def read(name: str) -> Json:
    """Read a golden bundle."""
    content: Json = json.loads(next(GOLDEN.glob(f"{name}-*.json")).read_bytes())
    return content


def the(bundle: Json, name: str, place: int = 0) -> Json:
    """Return a resource of this type."""
    found: list[Json] = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == name]
    return found[place]


def test_a_good_bundle_has_no_finding(bundle: Json) -> None:
    """What we write keeps every rule."""
    assert check(bundle) == ()


def test_web_addresses_are_as_good(bundle: Json) -> None:
    """Another sender has addresses on the web, references by type and id, and an approved plan."""
    text = json.dumps(bundle)
    for entry in bundle["entry"]:
        name, identifier = entry["resource"]["resourceType"], entry["resource"]["id"]
        text = text.replace(
            f'"fullUrl": "urn:uuid:{identifier}"',
            f'"fullUrl": "https://eksempel.dk/fhir/{name}/{identifier}"',
        )
        text = text.replace(f'"reference": "urn:uuid:{identifier}"', f'"reference": "{name}/{identifier}"')
    other = json.loads(text)
    the(other, "CarePlan")["intent"] = "order"
    the(other, "CarePlan")["period"] = {"start": "2026-11-01"}
    the(other, "Condition")["note"] = [{"text": "Ses an.", "time": "2026-11-22T09:20:00+01:00"}]
    del other["identifier"]
    assert check(other) == ()


def put(resource: str, path: str, value: object, place: int = 0) -> Callable[[Json], None]:
    """Return a mutation that sets an element; `...` takes it away."""

    def mutate(bundle: Json) -> None:
        node: Any = bundle if resource == "Bundle" else the(bundle, resource, place)
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
        for step in steps:
            node = node[step]
        if value is ...:
            del node[last]
        elif isinstance(node, list) and last == len(node):
            node.append(value)
        else:
            node[last] = value

    return mutate


def double(resource: str, path: str) -> Callable[[Json], None]:
    """Return a mutation that puts a second, different item into a list of one."""

    def mutate(bundle: Json) -> None:
        node: Any = bundle if resource == "Bundle" else the(bundle, resource)
        for step in path.split("."):
            node = node[int(step) if step.isdigit() else step]
        node.append(copy.deepcopy(node[0]) | {"id": "other"})

    return mutate


def move_citizen(bundle: Json) -> None:
    """Add a second citizen and tie a condition to that one."""
    other = copy.deepcopy(bundle["entry"][0])
    other["resource"]["id"] = "11111111-1111-5111-8111-111111111111"
    other["resource"]["identifier"][0]["value"] = "0202020202"
    other["fullUrl"] = f"urn:uuid:{other['resource']['id']}"
    bundle["entry"].append(other)
    the(bundle, "Condition")["subject"]["reference"] = other["fullUrl"]


XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'
CODING = {"system": FSIII, "code": "24d20243-e3f1-4258-a4de-450774fea13c"}
VIOLATIONS = [
    # what is missing
    (put("Bundle", "resourceType", ...), "resourceType", "1..1"),
    (put("Bundle", "type", ...), "type", "1..1"),
    (put("Bundle", "timestamp", ...), "timestamp", "1..1"),
    (put("Bundle", "entry", ...), "entry", "1..*"),
    (put("Bundle", "entry.0", ...), "entry", "one citizen"),
    (put("Bundle", "entry.1.fullUrl", ...), "entry[1].fullUrl", "1..1"),
    (put("Patient", "meta", ...), "meta.profile", "KLCommonCitizen"),
    (put("Patient", "identifier", ...), "identifier", "1..*"),
    (put("Patient", "name.0.family", ...), "name[0].family", "official-name"),
    (put("Encounter", "status", ...), "status", "1..1"),
    (put("Encounter", "class", ...), "class", "1..1"),
    (put("Encounter", "period", ...), "period", "1..1"),
    (put("Encounter", "period.start", ...), "period.start", "1..1"),
    (put("Condition", "clinicalStatus", ...), "clinicalStatus", "1..1"),
    (put("Condition", "code", ...), "code", "1..1"),
    (put("Condition", "code.coding", ...), "code.coding", "coding"),
    (put("Condition", "subject", ...), "subject", "1..1"),
    (put("CarePlan", "created", ...), "created", "1..1"),
    (put("CarePlan", "intent", ...), "intent", "1..1"),
    (put("CarePlan", "activity", ...), "activity", "1..1"),
    (put("Procedure", "status", ...), "status", "1..1"),
    (put("Procedure", "note.0.text", ...), "note[0].text", "1..1"),
    (put("Observation", "code", ...), "code", "1..1"),
    (put("Observation", "valueQuantity", ...), "value[x]", "says-something"),
    (put("Observation", "valueQuantity.code", ...), "valueQuantity.code", "1..1"),
    (put("MedicationStatement", "medicationCodeableConcept", ...), "medication[x]", "1..1"),
    (put("Provenance", "agent.0.who", ...), "agent[0].who", "1..1"),
    # what is there too often, or may not be there at all
    (double("CarePlan", "activity"), "activity", "1..1"),
    (double("Procedure", "note"), "note", "0..1"),
    (put("Procedure", "note.0.authorString", "Anne"), "note[0].author[x]", "0..0"),
    (put("Condition", "code.coding.1", CODING), "code.coding", "0..1"),
    (
        put("Observation", "code.coding.3", {"system": "http://loinc.org", "code": "8310-5"}),
        "coding[3]",
        "twice",
    ),
    (put("Bundle", "total", 12), "total", "0..0"),
    (put("Bundle", "entry.1.request", {"method": "PUT", "url": "x"}), "entry[1].request", "bdl-3"),
    # what has the wrong value
    (put("Bundle", "type", "batch"), "type", "bundle-type"),
    (put("Bundle", "type", "transaction"), "entry[0].request", "bdl-3"),
    (put("Bundle", "timestamp", "2026-11-22"), "timestamp", "instant"),
    (put("Bundle", "identifier.value", "123"), "identifier.value", "uuid-urn"),
    (put("Patient", "identifier.0.system", "urn:oid:1.2.208.176.1.1"), "identifier", "cpr"),
    (put("Patient", "identifier.0.value", "3113010101"), "identifier[0].value", "cpr"),
    (put("Patient", "identifier.0.value", "010101-0101"), "identifier[0].value", "cpr"),
    (put("Patient", "identifier.0.use", "usual"), "identifier[0].use", "cpr"),
    (put("Organization", "identifier.0.value", "123"), "identifier[0].value", "sor"),
    (put("Encounter", "status", "done"), "status", "encounter-status"),
    (put("Encounter", "class.code", "HOME"), "class", "encounter-class"),
    (
        put("Encounter", "type.0.coding.0.code", "25303acd-dcaf-4a8e-a8a3-3961a43858aa"),
        "type[0]",
        "KLEncounterTypes",
    ),
    (put("Encounter", "type.0.coding.0.display", "planlagt"), "type[0]", "KLEncounterTypes"),
    (put("Encounter", "period.end", "2026-11-22T08:00:00+01:00"), "period.end", "per-1"),
    (put("Condition", "clinicalStatus.coding.0.code", "aktiv"), "clinicalStatus", "condition-clinical"),
    (
        put("Condition", "verificationStatus.coding.0.code", "sure"),
        "verificationStatus",
        "condition-ver-status",
    ),
    (put("Condition", "verificationStatus.coding.0.code", "entered-in-error"), "clinicalStatus", "con-5"),
    (put("Condition", "abatementDateTime", "2026-11-20"), "clinicalStatus", "con-4"),
    (put("Condition", "code.coding.0.code", "I4.4"), "code.coding[0]", "KLConditionCodesFSIII"),
    (
        put("Condition", "code.coding.0", {"system": FSIII, "code": "76878386-b3d2-4320-828a-a700e8a66234"}),
        "code.coding[0]",
        "KLConditionCodesFSIII",
    ),
    (put("Condition", "code.coding.0.system", "urn:oid:1.2.208.176.2.99"), "code.coding[0].system", "known"),
    (put("Condition", "code.coding.0.display", "Tryksår"), "code.coding[0].display", "display"),
    (
        put(
            "Condition",
            "severity",
            {"coding": [{"system": FSIII, "code": "d984ad21-48fe-4619-845e-2aa0303048e7"}]},
        ),
        "severity",
        "severity-is-functional",
    ),
    (put("Condition", "severity.coding.0.code", "2", 3), "severity", "KLSeverities"),
    (put("Condition", "recordedDate", "22-11-2026"), "recordedDate", "dateTime"),
    (put("CarePlan", "status", "planned"), "status", "request-status"),
    (put("CarePlan", "intent", "wish"), "intent", "care-plan-intent"),
    (
        put("CarePlan", "activity.0.detail.code.coding.0", CODING),
        "activity[0].detail.code.coding[0]",
        "KLInterventionsFSIII",
    ),
    (
        put("CarePlan", "activity.0.detail.status", "planned"),
        "activity[0].detail.status",
        "care-plan-activity-status",
    ),
    (put("CarePlan", "activity.0.reference", {"reference": "#x"}), "activity[0]", "cpl-3"),
    (put("Procedure", "status", "done"), "status", "event-status"),
    (put("Procedure", "code.coding.0", CODING), "code", "KLInterventions"),
    (put("Procedure", "code", {"text": "skiftet"}), "code", "KLInterventions"),
    (put("Observation", "status", "measured"), "status", "observation-status"),
    (
        put("Observation", "category.0.coding.0.code", "vitals"),
        "category[0].coding[0]",
        "observation-category",
    ),
    (put("Observation", "valueQuantity.code", "kg"), "valueQuantity.code", "value-fits-code"),
    (put("Observation", "valueQuantity.system", "urn:x"), "valueQuantity.system", "unitsofmeasure"),
    (put("Observation", "dataAbsentReason", {"text": "?"}), "dataAbsentReason", "obs-6"),
    (put("Observation", "code.coding.1.code", "vægt"), "code.coding[1].code", "code of its system"),
    (put("Observation", "valueString", "lidt", 6), "valueString", "value-fits-code"),
    (put("MedicationStatement", "status", "given"), "status", "medication-statement-status"),
    (put("Provenance", "recorded", "2026-11-22"), "recorded", "instant"),
    (
        put("Provenance", "agent.0.type.coding.0.code", "nurse"),
        "agent[0].type.coding[0]",
        "provenance-participant-type",
    ),
    (put("Encounter", "text.status", "full"), "text.status", "narrative-status"),
    (put("Encounter", "text.div", "Såret er rent."), "text.div", "narrative"),
    (put("Encounter", "text.div", XHTML.format(" ")), "text.div", "narrative"),
    (put("Encounter", "text.div", XHTML.format("<script>x</script>")), "text.div", "narrative"),
    (put("Encounter", "text.div", XHTML.format('<p onclick="x">x</p>')), "text.div", "narrative"),
    (
        put("Encounter", "text.div", '<!DOCTYPE d [<!ENTITY a "x">]>' + XHTML.format("&a;")),
        "text.div",
        "narrative",
    ),
    # what points elsewhere, or stands for nothing
    (move_citizen, "entry", "one citizen"),
    (
        put("Condition", "subject.reference", "urn:uuid:00000000-0000-4000-8000-000000000000"),
        "subject",
        "Patient",
    ),
    (put("Condition", "subject", {"display": "borgeren"}), "subject", "Patient"),
    (put("Observation", "performer.0.reference", "Practitioner/1"), "performer[0]", "Practitioner"),
    (
        put("Provenance", "target.0.reference", "Encounter/1"),
        "target[0].reference",
        "something in the bundle",
    ),
    (put("Patient", "id", "other"), "id", "fullUrl"),
    (double("Bundle", "entry"), "fullUrl", "bdl-7"),
    (put("Patient", "name.0.given", []), "name[0].given", "ele-1"),
    (put("Patient", "name.0.text", " "), "name[0].text", "ele-1"),
    (put("Encounter", "serviceProvider", None), "serviceProvider", "ele-1"),
    (put("Patient", "resourceType", "Person"), "", "place for its type"),
    (put("Patient", "resourceType", 7), "", "place for its type"),
    # what base FHIR forbids
    (put("Patient", "cpr", "0101010101"), "cpr", "base FHIR"),
    (put("Patient", "name", "Testesen"), "name", "base FHIR"),
    (put("Observation", "valueString", "37,4"), "", "base FHIR"),
    (put("Bundle", "entry.0.resource.birthDate", "i går"), "birthDate", "base FHIR"),
]


@pytest.mark.parametrize(("mutate", "path", "rule"), VIOLATIONS)
def test_every_planted_violation_is_found(
    bundle: Json, mutate: Callable[[Json], None], path: str, rule: str
) -> None:
    """There is a finding at that place that names that rule."""
    mutate(bundle)
    found = check(bundle)
    assert any(violation.path.endswith(path) and rule in violation.rule for violation in found), found


def places(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of everything in a bundle."""
    found = [path] if path else []
    items: Mapping[Any, object] = (
        node if isinstance(node, dict) else dict(enumerate(node)) if isinstance(node, list) else {}
    )
    for key, value in items.items():
        found += places(value, (*path, key))
    return found


@pytest.mark.parametrize("junk", [None, "", " ", {}, [], {"a": 1}, [7]], ids=repr)
def test_junk_is_found_wherever_it_stands(junk: object) -> None:
    """No place of a bundle takes junk, and none makes the checker fall over."""
    bundle, missed = read("visit-3"), []
    for path in places(bundle):
        node: Any = bundle
        for step in path[:-1]:
            node = node[step]
        before, node[path[-1]] = node[path[-1]], junk
        if not check(bundle):
            missed.append(path)
        node[path[-1]] = before
    assert missed == []


def test_a_finding_shows_its_value_only_when_asked(bundle: Json) -> None:
    """A finding in a log tells nothing about the citizen."""
    the(bundle, "Patient")["identifier"][0]["value"] = "3113010101"
    (found,) = check(bundle)
    assert found.value == "3113010101"
    assert "3113010101" not in repr(found)


def test_every_rule_of_the_tables_is_understood() -> None:
    """Each names value sets, forms, parts and invariants that exist, and every invariant is used."""
    used: set[str] = set()
    for file in PROFILES.values():
        profile = load_profile(file)
        parts = {*profile.resources, "Group", "ServiceRequest"}
        for rules in (*profile.resources.values(), profile.every):
            assert {rule.codes for rule in rules.elements} - {None} <= profile.valuesets.keys()
            assert {rule.form for rule in rules.elements} - {None} <= profile.forms.keys()
            assert {name for rule in rules.elements for name in rule.target} <= parts
            assert set(rules.invariants) <= INVARIANTS.keys()
            used |= set(rules.invariants)
    assert used == INVARIANTS.keys()
