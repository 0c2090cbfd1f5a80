"""The terminology as FHIR R4 resources: the code system, a supplement with the wordings, and concept maps.

A plain wording that says the concept is a designation. What is no wording for people - patterns, wordings of
normality, look-alikes - is a property, so that no other program shows it as a synonym.
"""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from terminology.concept import FSIII, Concept, Status, Use
from terminology.errors import TerminologyError
from terminology.maintain.mappings import Link
from terminology.overlay.base import Said
from terminology.release import Release

Resource = dict[str, Any]

SAYS = ("present", "completed")
"""The sections whose plain wordings are designations."""
PROPERTY = "wording-"
_PLAIN = re.compile(r"[^\W_][\w.'’/-]*( [^\W_][\w.'’/-]*)*")
_CONCEPT_PROPERTIES = "http://hl7.org/fhir/concept-properties#"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, FSIII.removeprefix("urn:oid:"))


def own_url(name: str) -> str:
    """Return the address of one of our own resources, the same at every site."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'plejediktat {name}')}"


def is_plain(text: str) -> bool:
    """Tell whether a wording is words alone, without the signs of an expression."""
    return _PLAIN.fullmatch(text) is not None


def code_system(release: Release) -> Resource:
    """Return Fælles Sprog III as a CodeSystem, terms as the source spells them."""
    source = next(source for source in release.sources if source.system == FSIII)
    return {
        "resourceType": "CodeSystem",
        "url": FSIII,
        "version": source.version,
        "name": "FaellesSprogIII",
        "title": source.name,
        "status": "active",
        "experimental": False,
        "description": (
            f"Release {release.version} of Plejediktat's terminology, from: {source.origin} The status of a "
            "concept is inferred, not stated by the source."
        ),
        "copyright": source.licence,
        "caseSensitive": True,
        "hierarchyMeaning": "is-a",
        "content": "complete",
        "count": len(release.concepts),
        "property": [
            {"code": "status", "uri": f"{_CONCEPT_PROPERTIES}status", "type": "code"},
            {"code": "notSelectable", "uri": f"{_CONCEPT_PROPERTIES}notSelectable", "type": "boolean"},
            {"code": "statusInferredFrom", "type": "string"},
            {"code": "shortCode", "type": "string"},
            {"code": "area", "type": "string"},
        ],
        "concept": [_concept(root, release) for area in release.areas for root in release.roots(area)],
    }


def supplement(release: Release, said: Iterable[Said], *, name: str) -> Resource:
    """Return wordings as a CodeSystem supplement.

    Args:
        release: the concepts.
        said: the wordings.
        name: of the supplement, such as "spoken" for the release's or "site" for a site's own.

    """
    by_code: dict[str, Resource] = {}
    properties: set[str] = set()
    for one in said:
        entry = by_code.setdefault(one.spoken.code, {"code": one.spoken.code})
        if one.section in SAYS and is_plain(one.line.text):
            entry.setdefault("designation", []).append({"language": "da", "value": one.line.text})
        else:
            code = PROPERTY + one.section.replace("_", "-")
            properties.add(code)
            entry.setdefault("property", []).append({"code": code, "valueString": one.line.text})
    version = next(source.version for source in release.sources if source.system == FSIII)
    made: Resource = {
        "resourceType": "CodeSystem",
        "url": own_url(f"supplement {name}"),
        "version": release.version,
        "name": f"FaellesSprogIII{name.capitalize()}Wordings",
        "title": "Fælles Sprog III: what people say",
        "status": "active",
        "content": "supplement",
        "supplements": f"{FSIII}|{version}",
    }
    if properties:
        made["property"] = [
            {
                "code": code,
                "description": f"Expression of the section [{code.removeprefix(PROPERTY).replace('-', '_')}]",
                "type": "string",
            }
            for code in sorted(properties)
        ]
    if by_code:
        made["concept"] = [
            {key: entry[key] for key in ("code", "designation", "property") if key in entry}
            for entry in by_code.values()
        ]
    return made


def concept_map(release: Release, links: Sequence[Link], *, name: str, title: str) -> Resource:
    """Return links between concepts as a ConceptMap."""
    groups: dict[tuple[str, str], dict[str, Resource]] = {}
    for link in links:
        elements = groups.setdefault((link.system, link.target_system), {})
        element = elements.setdefault(link.code, {"code": link.code, "display": link.display, "target": []})
        target: Resource = {"code": link.target}
        if link.target_display:
            target["display"] = link.target_display
        target["equivalence"] = link.relation.equivalence
        if link.comment:
            target["comment"] = link.comment
        element["target"].append(target)
    made: Resource = {
        "resourceType": "ConceptMap",
        "url": own_url(f"map {name}"),
        "version": release.version,
        "name": f"Plejediktat{name.capitalize()}",
        "title": title,
        "status": "active",
        "group": [
            {"source": source, "target": target, "element": list(elements.values())}
            for (source, target), elements in groups.items()
        ],
    }
    if not groups:
        del made["group"]
    return made


def check(resource: Mapping[str, Any], *, file: str) -> None:
    """Refuse what is not a valid FHIR R4 CodeSystem or ConceptMap.

    Raises:
        TerminologyError: names the element and the reason.

    """
    # Slow to import, and only needed here.
    from fhir.resources.R4B.codesystem import CodeSystem  # noqa: PLC0415
    from fhir.resources.R4B.conceptmap import ConceptMap  # noqa: PLC0415
    from pydantic import ValidationError  # noqa: PLC0415

    models: dict[str, Any] = {"CodeSystem": CodeSystem, "ConceptMap": ConceptMap}
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or kind not in models:
        raise TerminologyError(f'{file}: "{kind}" is not a CodeSystem. Name a FHIR CodeSystem.')
    try:
        models[kind].model_validate(resource)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or kind
        raise TerminologyError(
            f"{file}: {where} is not valid FHIR ({first['msg']}). Mend it or name another file."
        ) from error
    except RecursionError as error:
        raise TerminologyError(f"{file} is nested too deep for a code system. Name another file.") from error


def _concept(concept: Concept, release: Release) -> Resource:
    display = release.source_displays.get(concept.code, concept.display)
    designations = [
        {"language": "da", "value": term.value}
        for term in concept.designations
        if term.use is Use.SYNONYM or term.value != display
    ]
    properties: list[Resource] = [{"code": "status", "valueCode": _status(concept)}]
    if not concept.leaf:
        properties.append({"code": "notSelectable", "valueBoolean": True})
    if inferred := release.inferred.get(concept.code):
        properties.append({"code": "statusInferredFrom", "valueString": inferred})
    properties.append({"code": "shortCode", "valueString": concept.short_code})
    properties.append({"code": "area", "valueString": concept.kind})
    made: Resource = {"code": concept.code, "display": display}
    if designations:
        made["designation"] = designations
    made["property"] = properties
    if children := release.children[concept.code]:
        made["concept"] = [_concept(child, release) for child in children]
    return made


def _status(concept: Concept) -> str:
    return "active" if concept.status is Status.CURRENT else "retired"
