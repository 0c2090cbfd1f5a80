"""The access log as others read it: the list a citizen may ask for (CSV, Danish) and FHIR AuditEvents."""

import csv
import io
import re
from collections.abc import Iterable
from types import MappingProxyType

from dictate.audit import AuditEvent

ACTIONS = MappingProxyType(
    {
        "backup.make": ("Sikkerhedskopi taget", "R"),
        "backup.restore": ("Sikkerhedskopi indlæst", "U"),
        "citizen.add": ("Borger oprettet", "C"),
        "citizen.change": ("Borgers oplysninger ændret", "U"),
        "citizen.erase": ("Borgers oplysninger slettet", "D"),
        "citizen.export": ("Alle oplysninger om borger udleveret", "R"),
        "citizen.read": ("Borger slået op", "R"),
        "citizen.search": ("Søgning efter borger", "R"),
        "correction.add": ("Rettelse gemt", "C"),
        "correction.export": ("Rettelser udleveret til ordforrådet", "R"),
        "correction.list": ("Rettelser vist", "R"),
        "correction.undo": ("Rettelse fortrudt", "D"),
        "statistics": ("Noter optalt til rapport", "R"),
        "delivery.dead": ("Levering opgivet", "E"),
        "delivery.done": ("Note leveret til modtager", "E"),
        "delivery.drop": ("Levering taget ud", "E"),
        "delivery.erase": ("Afsluttet levering slettet", "D"),
        "delivery.queue": ("Note sat i kø til modtager", "E"),
        "delivery.retry": ("Levering forsøgt igen", "E"),
        "dictation.assign": ("Diktat knyttet til borger", "U"),
        "dictation.begin": ("Diktat begyndt", "C"),
        "dictation.discard": ("Diktat kasseret", "U"),
        "dictation.erase": ("Diktat slettet", "D"),
        "entry.amend": ("Registrering rettet", "U"),
        "entry.history": ("Registrerings historik læst", "R"),
        "entry.withdraw": ("Registrering trukket tilbage", "U"),
        "hold.lift": ("Sletning tilladt igen", "U"),
        "hold.put": ("Sletning spærret", "U"),
        "key.rotate": ("Nøgle skiftet", "E"),
        "log.read": ("Adgangslog læst", "R"),
        "log.reseal": ("Adgangslog forseglet på ny", "E"),
        "note.export": ("Note udtrukket", "R"),
        "note.list": ("Note vist i liste", "R"),
        "note.read": ("Note læst", "R"),
        "note.save": ("Kladde gemt", "U"),
        "note.sign": ("Note underskrevet", "U"),
        "recording.seal": ("Lydoptagelse afsluttet", "U"),
        "retention.run": ("Slettefrister gennemgået", "E"),
        "sound.erase": ("Lydoptagelse slettet", "D"),
        "sound.play": ("Lydoptagelse afspillet", "R"),
        "text.erase": ("Tekster fra før underskriften slettet", "D"),
        "text.heard": ("Tale skrevet ud", "C"),
        "text.read": ("Teksts versioner læst", "R"),
        "word.add": ("Eget ord gemt", "C"),
        "word.change": ("Eget ord ændret", "U"),
        "word.remove": ("Eget ord slettet", "D"),
    }
)
"""In words for the citizen, and as FHIR's action: create, read, update, delete, execute."""
_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
_UTF8_WITH_MARK = "utf-8-sig"
_TYPES = "http://dicom.nema.org/resources/ontology/DCM"
_OBJECT_TYPES = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_ROLES = "http://terminology.hl7.org/CodeSystem/object-role"
_SOR = "urn:oid:1.2.208.176.1.1"


def action_in_words(event: AuditEvent) -> str:
    """Say in Danish what was done; an action of a newer program by its code."""
    return ACTIONS.get(event.access.action, (event.access.action, "E"))[0]


def as_csv(events: Iterable[AuditEvent]) -> bytes:
    """Return a table for people, in UTF-8 with a byte-order mark as spreadsheets need it; times in UTC."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(["Nr.", "Tidspunkt (UTC)", "Hvem", "Rolle", "Organisation (SOR)", "Hvad", "Hvorfra"])
    for event in events:
        access = event.access
        at = access.at.isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
        who = f"{access.name} ({access.user})"
        cells = (at, who, access.role, access.organisation, action_in_words(event), access.origin)
        table.writerow([event.seq, *map(_harmless, cells)])
    return out.getvalue().encode(_UTF8_WITH_MARK)


def as_fhir(events: Iterable[AuditEvent], *, citizen_id: str | None = None) -> dict[str, object]:
    """Return a bundle of FHIR R4 AuditEvents, with the one citizen as entity if it is that citizen's list."""
    entries = [{"resource": _resource(event, citizen_id)} for event in events]
    bundle: dict[str, object] = {"resourceType": "Bundle", "type": "collection"}
    return bundle | {"entry": entries} if entries else bundle


def _resource(event: AuditEvent, citizen_id: str | None) -> dict[str, object]:
    access = event.access
    agent: dict[str, object] = {
        "who": {"identifier": {"value": access.user}, "display": access.name},
        "altId": access.user,
        "name": access.name,
        "requestor": True,
    }
    if access.role:
        agent["role"] = [{"text": access.role}]
    observer: dict[str, object] = {"display": access.origin}
    if access.organisation:
        observer = {"identifier": {"system": _SOR, "value": access.organisation}, "display": access.origin}
    about = citizen_id or access.citizen_id
    people = [] if about is None else [_person(about)]
    things = [] if not access.target else [_thing(event)]
    resource: dict[str, object] = {
        "resourceType": "AuditEvent",
        "type": {"system": _TYPES, "code": "110110", "display": "Patient Record"},
        "subtype": [
            {"system": "urn:plejediktat:action", "code": access.action, "display": action_in_words(event)}
        ],
        "action": ACTIONS.get(access.action, ("", "E"))[1],
        "recorded": access.at.isoformat().replace("+00:00", "Z"),
        "outcome": "0",
        "agent": [agent],
        "source": {"observer": observer},
    }
    return resource | ({"entity": [*people, *things]} if people or things else {})


def _person(citizen_id: str) -> dict[str, object]:
    return {
        "what": {"identifier": {"system": "urn:plejediktat:citizen", "value": citizen_id}},
        "type": {"system": _OBJECT_TYPES, "code": "1", "display": "Person"},
        "role": {"system": _ROLES, "code": "1", "display": "Patient"},
    }


def _thing(event: AuditEvent) -> dict[str, object]:
    detail = [
        {"type": name, "valueString": value} for name, value in sorted(event.access.detail.items()) if value
    ]
    entity: dict[str, object] = {
        "what": {"identifier": {"system": "urn:plejediktat:target", "value": event.access.target}},
        "type": {"system": _OBJECT_TYPES, "code": "2", "display": "System Object"},
    }
    return entity | ({"detail": detail} if detail else {})


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running what somebody called themselves."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
