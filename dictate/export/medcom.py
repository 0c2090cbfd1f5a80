"""What both MedCom messages have in common: header, parties, people, provenance.

Messages leave as files for the site's own VANS client. Addresses of resources have the form of MedCom's own
examples, and every identifier is a UUID of version 4's form, made of the content.
"""

from datetime import datetime
from html import escape
from uuid import UUID

from dictate.errors import ConfigError, ExportError
from dictate.export.base import Visit
from dictate.export.bundle import Parts
from dictate.export.codes import Element
from dictate.export.letter import ROLES, Letter, Party
from dictate.export.messages import GLN, MEDCOM, PRODUCER, YDER
from dictate.export.resources import CPR, SOR, name_of

TERMS = f"{MEDCOM}terminology/CodeSystem/"
CORE = f"{MEDCOM}core/StructureDefinition/medcom-core-"
MESSAGING = f"{MEDCOM}messaging/StructureDefinition/medcom-"
ENDPOINT = "https://sor2.sum.dsdn.dk/#id="
ACUTE_TEAM = "KAF"
"""MedCom's only producer: the municipal acute team."""


class MessageParts(Parts):
    """The resources of a message; their ids have the form of version 4, as MedCom wants it."""

    def id(self, name: str) -> UUID:
        """Return the id of the resource of this name."""
        return version_4(super().id(name))


def version_4(made: UUID) -> UUID:
    """Return a UUID of version 4's form with the bits of another one."""
    return UUID(bytes=made.bytes, version=4)


def of(resource_type: str, profile: str) -> Element:
    """Return the beginning of a resource in a profile, given by its whole address."""
    return {"resourceType": resource_type, "meta": {"profile": [profile]}}


def patient(visit: Visit) -> Element:
    """Return the citizen.

    Raises:
        ConfigError: the name is missing: a message has it.

    """
    if not visit.citizen_name:
        raise ConfigError("A MedCom message needs the citizen's name: give --citizen-name.")
    return of("Patient", f"{CORE}patient") | {
        "identifier": [{"use": "official", "system": CPR, "value": visit.citizen}],
        "name": [{"use": "official", **name_of(visit.citizen_name)}],
    }


def organization(party: Party, *, profile: str = "messaging-organization") -> Element:
    """Return an organisation with the numbers that its profile asks for.

    Raises:
        ConfigError: a GP's provider number is missing where the profile has it.

    """
    identifiers = [{"system": GLN, "value": party.ean}, {"system": SOR, "value": party.sor}]
    resource = of("Organization", MESSAGING + profile)
    if profile == "requesterorganization":
        if party.provider is None:
            raise ConfigError(
                "The receiver needs a provider number (ydernummer): add it to the address book."
            )
        identifiers.append({"system": YDER, "value": party.provider})
        absent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
        resource["contact"] = [{"extension": [{"url": absent, "valueCode": "unknown"}]}]
    elif profile == "producer-organization":
        identifiers.append({"system": PRODUCER, "value": ACUTE_TEAM})
    return resource | {"identifier": identifiers, "name": party.name}


def practitioner(visit: Visit, phone: str | None) -> Element:
    """Return the author."""
    telecom = {"telecom": [{"system": "phone", "value": phone}]} if phone else {}
    return of("Practitioner", f"{CORE}practitioner") | {"name": [name_of(visit.author)]} | telecom


def practitioner_role(visit: Visit, practitioner: Element, *, coded: bool) -> Element:
    """Return the author's role, by MedCom's code where there is one.

    Raises:
        ExportError: there is none, and there must be one.

    """
    role = ROLES.get(visit.role.casefold())
    if role is None and coded:
        raise ExportError(
            "Nothing was exported: MedCom has no code for the role of the author. "
            f"Use one of {', '.join(ROLES)}."
        )
    system = f"{TERMS}medcom-core-PractitionerRolesSKSadministrativ"
    code: Element = {"coding": [{"system": system, "code": role}]} if role else {"text": visit.role}
    return of("PractitionerRole", f"{CORE}practitionerrole") | {"practitioner": practitioner, "code": [code]}


def header(
    letter: Letter,
    *,
    profile: str,
    event: str,
    definition: str,
    receiver: Element,
    sender: Element,
    focus: Element,
) -> Element:
    """Return the MessageHeader."""
    use = f"{MEDCOM}messaging/StructureDefinition/medcom-messaging-destinationUseExtension"
    primary = {"system": f"{TERMS}medcom-messaging-destinationUse", "code": "primary"}
    return of("MessageHeader", profile) | {
        "eventCoding": {"system": f"{TERMS}medcom-messaging-eventCodes", "code": event},
        "destination": [
            {
                "extension": [{"url": use, "valueCoding": primary}],
                "endpoint": ENDPOINT + letter.receiver.sor,
                "receiver": receiver,
            }
        ],
        "sender": sender,
        "source": {"endpoint": ENDPOINT + letter.sender.sor},
        "focus": [focus],
        "definition": f"{MEDCOM}messagedefinitions/MessageDefinition/{definition}",
    }


def provenance(profile: str, *, target: Element, sender: Element, activity: str, at: datetime) -> Element:
    """Return who sent the message, and when."""
    moment = at.replace(microsecond=0).isoformat()
    coding = {"system": f"{TERMS}medcom-messaging-activityCodes", "code": activity}
    return of("Provenance", profile) | {
        "target": [target],
        "occurredDateTime": moment,
        "recorded": moment,
        "activity": {"coding": [coding]},
        "agent": [{"who": sender}],
    }


def message(delivery: UUID, profile: str, parts: Parts, at: datetime) -> Element:
    """Return the whole message."""
    return {
        "resourceType": "Bundle",
        "id": str(delivery),
        "meta": {"profile": [profile]},
        "type": "message",
        "timestamp": at.replace(microsecond=0).isoformat(),
        "entry": parts.entries,
    }


def told(*lines: tuple[str, str]) -> Element:
    """Return a narrative of names and values, for those who read the message without a program."""
    rows = "".join(f"<p><b>{escape(name)}:</b> {_broken(value)}</p>" for name, value in lines)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml" lang="da">{rows}</div>'}


def _broken(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br/>\n")
