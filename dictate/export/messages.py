"""Rules that reach across a bundle: KL Gateway's report, MedCom's messages, a FHIR transaction.

Like those of invariants.py, each takes a resource, here mostly the bundle itself, and yields the places that
break it: path and value.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from dictate.export.codes import FUNCTIONAL
from dictate.export.resources import SOR
from dictate.export.tree import Json, codings, descend, join, objects
from terminology.concept import FSIII
from terminology.release import load

Found = Iterator[tuple[str, object]]
YDER_FORM = re.compile(r"\d{6}", re.ASCII)
_GLN_FORM = re.compile(r"\d{13}", re.ASCII)


def is_gln(text: str) -> bool:
    """Tell whether `text` is an EAN location number: thirteen digits, the last of which checks the others."""
    if not _GLN_FORM.fullmatch(text):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text)) % 10 == 0


GLN = "https://www.gs1.org/gln"
YDER = "urn:oid:1.2.208.176.1.4"
MEDCOM = "http://medcomfhir.dk/ig/"
PRODUCER = f"{MEDCOM}terminology/CodeSystem/MedComProducentID"
EXTENSIONS = f"{MEDCOM}core/StructureDefinition/medcom-core-"
_PAYLOAD_PARTS = ("datetime", "practitioner", "contact", "identifier")
_NUMBERS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        SOR: re.compile(r"\d{11,20}", re.ASCII).fullmatch,
        GLN: is_gln,
        YDER: YDER_FORM.fullmatch,
        PRODUCER: re.compile(r"KAF").fullmatch,
    }
)
_LEVEL = "66959f77-6e2a-4574-8423-3ff097f8b9fa"
_CHANGE = "90c48f03-f194-4b2f-ad7d-6cba1069ae48"
_ENDPOINT = re.compile(r".*#id=(\d+)", re.ASCII)


def _severity_by_area(condition: Json) -> Found:
    """The severity is mandatory for home care and not allowed for nursing conditions."""
    for _, coding in codings(condition.get("code"), "code"):
        concept = load().by_code.get(str(coding.get("code"))) if coding.get("system") == FSIII else None
        if concept and (concept.kind == FUNCTIONAL) != ("severity" in condition):
            yield "severity", concept.code


def _managing_sor(patient: Json) -> Found:
    """The citizen's municipality is known by an official SOR number, and by nothing else."""
    for path, organization in objects(patient, "", "managingOrganization"):
        for place, identifier in objects(organization, path, "identifier"):
            if identifier.get("use") != "official":
                yield f"{place}.use", identifier.get("use")
            if not _NUMBERS[SOR](str(identifier.get("value"))):
                yield f"{place}.value", identifier.get("value")


def _local_level_named(resource: Json) -> Found:
    """A local intervention of level 3 has a code and a title."""
    for path in (("code",), ("activity", "detail", "code")):
        for place, concept in descend(resource, "", path):
            for where, coding in codings(concept, place):
                if coding.get("system") != FSIII and not (coding.get("code") and coding.get("display")):
                    yield where, coding.get("code")


def _goal_addresses_home_care(bundle: Json) -> Found:
    """A goal addresses a functional condition."""
    named = _by_address(bundle)
    for path, goal in _of_type(bundle, "Goal"):
        for place, address in objects(goal, path, "addresses"):
            condition = named.get(str(address.get("reference")), {})
            for _, coding in codings(condition.get("code"), "code"):
                concept = load().by_code.get(str(coding.get("code")))
                if concept is None or concept.kind != FUNCTIONAL:
                    yield place, coding.get("code")


def _goal_targets(goal: Json) -> Found:
    """A target in functional level has a level, one in kind of change a change; each measure stands once."""
    areas = {_LEVEL: "funktionsniveau", _CHANGE: "maaltype"}
    seen: set[str] = set()
    for path, target in objects(goal, "", "target"):
        measures = {str(coding.get("code")) for _, coding in _objects_at(target, path, "measure.coding")}
        for measure in measures & areas.keys():
            if measure in seen:
                yield f"{path}.measure", measure
            seen.add(measure)
            for place, coding in _objects_at(target, path, "detailCodeableConcept.coding"):
                concept = load().by_code.get(str(coding.get("code")))
                if coding.get("system") == FSIII and (concept is None or concept.kind != areas[measure]):
                    yield place, coding.get("code")


def _message_header_first(bundle: Json) -> Found:
    """bdl-12: a message has one MessageHeader, and it stands first."""
    found = [path for path, _ in _of_type(bundle, "MessageHeader")]
    if found != ["entry[0].resource"]:
        yield "entry[0].resource", len(found)


def _has_provenance(bundle: Json) -> Found:
    """A message says who sent it: it has a Provenance and a messaging organisation."""
    for name in ("Provenance", "Organization"):
        if not any(_of_type(bundle, name)):
            yield "entry", name


def _endpoint_is_sor(bundle: Json) -> Found:
    """An endpoint in the SOR register is the one of the organisation that it is said to be (ours)."""
    named = _by_address(bundle)
    for path, header in _of_type(bundle, "MessageHeader"):
        ends = [(path, source, header.get("sender")) for path, source in objects(header, path, "source")]
        ends += [(where, end, end.get("receiver")) for where, end in objects(header, path, "destination")]
        for place, end, link in ends:
            match = _ENDPOINT.fullmatch(str(end.get("endpoint")))
            organization = named.get(str(link.get("reference")), {}) if isinstance(link, dict) else {}
            numbers = {str(number.get("value")) for _, number in objects(organization, "", "identifier")}
            if match and match[1] not in numbers:
                yield f"{place}.endpoint", end.get("endpoint")


def _organization_numbers(organization: Json) -> Found:
    """SOR, EAN, provider and producer numbers have their form; an EAN has its check digit."""
    for path, identifier in objects(organization, "", "identifier"):
        is_right = _NUMBERS.get(str(identifier.get("system")))
        if is_right and not is_right(str(identifier.get("value"))):
            yield f"{path}.value", identifier.get("value")


def _has_official_name(patient: Json) -> Found:
    """MedCom's patient has an official name."""
    if not any(name.get("use") == "official" for _, name in objects(patient, "", "name")):
        yield "name", None


def _initials_or_unknown(organization: Json) -> Found:
    """medcom-homecareObservation-4: the requester's initials are there, or said to be unknown."""
    absent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    for path, contact in objects(organization, "", "contact"):
        urls = {str(extension.get("url")) for _, extension in objects(contact, path, "extension")}
        if "name" not in contact and absent not in urls:
            yield path, None


def _priority_of_referral(communication: Json) -> Found:
    """medcom-careCommunication-5: only a message about a referral has a priority."""
    if "priority" in communication and "regarding-referral" not in _categories(communication):
        yield "priority", communication["priority"]


def _topic_of_other(communication: Json) -> Found:
    """medcom-careCommunication-6: a message of the category "other" has a topic."""
    if "other" in _categories(communication) and "topic" not in communication:
        yield "topic", None


def _payload_string(communication: Json) -> Found:
    """There is a text; each has a time, an author, the author's number and an identifier."""
    texts = [(path, part) for path, part in objects(communication, "", "payload") if "contentString" in part]
    if not texts:
        yield "payload", None
    for path, part in objects(communication, "", "payload"):
        urls = [str(extension.get("url")) for _, extension in objects(part, path, "extension")]
        needed = _PAYLOAD_PARTS if "contentString" in part else ("datetime", "identifier")
        for name in _PAYLOAD_PARTS:
            count = urls.count(f"{EXTENSIONS}{name}-extension")
            if count > 1 or (count == 0 and name in needed):
                yield f"{path}.extension", name
        for url in urls:
            if url not in {f"{EXTENSIONS}{name}-extension" for name in _PAYLOAD_PARTS}:
                yield f"{path}.extension", url  # ours: nothing else is known there
        for where, extension in objects(part, path, "extension"):
            if sum(key.startswith("value") for key in extension) != 1:
                yield where, extension.get("url")


def _payload_has_provenance(bundle: Json) -> Found:
    """Each part of the message is told of by a Provenance, by its identifier, and nothing else is."""
    sent = {
        str(identifier.get("value")): place
        for path, communication in _of_type(bundle, "Communication")
        for place, identifier in _objects_at(communication, path, "payload.extension.valueIdentifier")
    }
    told = {
        str(identifier.get("value")): place
        for path, provenance in _of_type(bundle, "Provenance")
        for place, entity in objects(provenance, path, "entity")
        if entity.get("role") == "source"
        for _, identifier in _objects_at(entity, place, "what.identifier")
    }
    for value in sent.keys() ^ told.keys():
        yield sent.get(value) or told[value], value
    for path, provenance in _of_type(bundle, "Provenance"):
        if not any(entity.get("role") == "source" for _, entity in objects(provenance, path, "entity")):
            yield f"{path}.entity", None


def _authors_are_named(bundle: Json) -> Found:
    """medcom-careCommunication-4, -7, -8, -13: an author has a role, and a practitioner with a name."""
    named = _by_address(bundle)
    for path, communication in _of_type(bundle, "Communication"):
        for place, author in _objects_at(communication, path, "payload.extension.valueReference"):
            yield from _named(named.get(str(author.get("reference")), {}), named, place)


def _report_performers(bundle: Json) -> Found:
    """medcom-homecareReport-1, -2, -3: a producer, and a practitioner with code, name and phone."""
    named = _by_address(bundle)
    for path, report in _of_type(bundle, "DiagnosticReport"):
        found = [
            (place, named.get(str(performer.get("reference")), {}))
            for place, performer in objects(report, path, "performer")
        ]
        types = sorted(str(resource.get("resourceType")) for _, resource in found)
        if types != ["Organization", "PractitionerRole"]:
            yield f"{path}.performer", types
        for place, role in found:
            if role.get("resourceType") == "PractitionerRole":
                yield from _named(role, named, place, coded=True, phone=True)


def _results_are_told(bundle: Json) -> Found:
    """Every measurement of the message is a result of its report (ours)."""
    reports = [report for _, report in _of_type(bundle, "DiagnosticReport")]
    named = _by_address(bundle)
    results = [
        named.get(str(result.get("reference")), {}).get("id")
        for report in reports
        for _, result in objects(report, "", "result")
    ]
    if not results and not any("conclusion" in report or "media" in report for report in reports):
        yield "entry", None
    for path, observation in _of_type(bundle, "Observation"):
        if observation.get("id") not in results:
            yield path, None


def _requests(bundle: Json) -> Found:
    """bdl-3: each entry of a transaction says what to do with it, and no entry of a collection does."""
    is_transaction = bundle.get("type") == "transaction"
    for path, entry in objects(bundle, "", "entry"):
        request = entry.get("request")
        if is_transaction != isinstance(request, dict):
            yield f"{path}.request", None
        elif isinstance(request, dict):
            url, resource = str(request.get("url")), entry.get("resource")
            name = resource.get("resourceType") if isinstance(resource, dict) else None
            if str(request.get("method")) not in {"PUT", "POST"}:
                yield f"{path}.request.method", request.get("method")
            elif url.split("/", maxsplit=1)[0] != name:
                yield f"{path}.request.url", url


CROSSING: Mapping[str, Callable[[Json], Found]] = MappingProxyType(
    {
        "authors-are-named": _authors_are_named,
        "bdl-3": _requests,
        "endpoint-is-sor": _endpoint_is_sor,
        "goal-targets": _goal_targets,
        "goal-addresses-home-care": _goal_addresses_home_care,
        "has-official-name": _has_official_name,
        "has-provenance": _has_provenance,
        "local-level-named": _local_level_named,
        "managing-sor": _managing_sor,
        "medcom-careCommunication-5": _priority_of_referral,
        "medcom-careCommunication-6": _topic_of_other,
        "medcom-homecareObservation-4": _initials_or_unknown,
        "medcom-homecareReport": _report_performers,
        "message-header-first": _message_header_first,
        "organization-numbers": _organization_numbers,
        "payload-has-provenance": _payload_has_provenance,
        "payload-string": _payload_string,
        "results-are-told": _results_are_told,
        "severity-by-area": _severity_by_area,
    }
)


def _of_type(bundle: Json, name: str) -> Iterator[tuple[str, Json]]:
    for path, entry in objects(bundle, "", "entry"):
        for place, resource in objects(entry, path, "resource"):
            if resource.get("resourceType") == name:
                yield place, resource


def _by_address(bundle: Json) -> dict[str, Json]:
    """Return the resources of a bundle by what a reference to them may say."""
    named: dict[str, Json] = {}
    for _, entry in objects(bundle, "", "entry"):
        for _, resource in objects(entry, "", "resource"):
            named[str(entry.get("fullUrl"))] = resource
            named[f"{resource.get('resourceType')}/{resource.get('id')}"] = resource
    return named


def _objects_at(node: Json, path: str, steps: str) -> Iterator[tuple[str, Json]]:
    for place, found in descend(node, path, steps.split(".")):
        if isinstance(found, dict):
            yield place, found


def _categories(communication: Json) -> set[str]:
    return {str(coding.get("code")) for _, coding in _objects_at(communication, "", "category.coding")}


def _named(
    role: Json, named: Mapping[str, Json], place: str, *, coded: bool = False, phone: bool = False
) -> Found:
    """Check that a role has a code or a title, and a practitioner with a name and where needed a phone."""
    practitioner: Json = role
    if role.get("resourceType") == "PractitionerRole":
        codes = [code.get("code") for _, code in _objects_at(role, "", "code.coding")]
        texts = [text for _, text in descend(role, "", ("code", "text"))]
        if not codes and (coded or not texts):
            yield join(place, "code"), None
        link = role.get("practitioner")
        practitioner = named.get(str(link.get("reference")), {}) if isinstance(link, dict) else {}
    if not any(objects(practitioner, "", "name")):
        yield join(place, "name"), None
    phones = [end for _, end in objects(practitioner, "", "telecom") if end.get("system") == "phone"]
    if phone and not phones:
        yield join(place, "telecom"), None
