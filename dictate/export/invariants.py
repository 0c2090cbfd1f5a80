"""Rules between elements, by the names that FHIR and its Danish profiles give them, or ours in plain words.

Each takes a resource and yields the places that break it: path within the resource, and the value there.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from xml.etree import ElementTree as ET

from dictate.export.codes import FUNCTIONAL, LOINC, UNIT_NAMES
from dictate.export.messages import CROSSING
from dictate.export.resources import CPR, SOR, VITAL_SIGNS
from dictate.export.tree import Json, codings, descend, join, nodes, objects
from terminology.concept import FSIII
from terminology.observation import ORDINALS, Observation, ValueType
from terminology.release import load

Found = Iterator[tuple[str, object]]

_CPR_FORM = re.compile(
    # dk-core: no check of modulus 11, and 29 February in every year.
    r"((0[1-9]|[12]\d|3[01])(01|03|05|07|08|10|12)|(0[1-9]|[12]\d|30)(04|06|09|11)|(0[1-9]|[12]\d)02)\d{6}",
    re.ASCII,
)
ECPR = "urn:oid:1.2.208.176.1.6.1"
"""Replacements for a CPR number begin with this."""
_ORGANIZATION_SYSTEMS = frozenset(
    {SOR, "https://kombit.dk/sts/organisation", "urn:oid:2.16.840.1.113883.2.24.1.1"}
)
_SOR_FORM = re.compile(r"\d{11,}", re.ASCII)
_ENDED = ("inactive", "resolved", "remission")
_XHTML = "{http://www.w3.org/1999/xhtml}"
_TAGS = re.compile(
    "a|b|big|blockquote|br|caption|cite|code|col|colgroup|dd|dfn|div|dl|dt|em|h[1-6]|hr|i|img|li|ol|p|pre|q|s|small|"
    "span|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var"
)


def _cpr(patient: Json) -> Found:
    """A citizen has a CPR number or a replacement for one; a CPR number is official and has its form."""
    systems = {str(identifier.get("system")) for _, identifier in objects(patient, "", "identifier")}
    if not any(system == CPR or system.startswith(ECPR) for system in systems):
        yield "identifier", None
    yield from _identifiers(patient, CPR, _CPR_FORM)


def _sor(organization: Json) -> Found:
    """An identified organisation has a SOR, KOMBIT or CVR number; a SOR number has its form."""
    systems = {str(identifier.get("system")) for _, identifier in objects(organization, "", "identifier")}
    if systems and not systems & _ORGANIZATION_SYSTEMS:
        yield "identifier", None
    yield from _identifiers(organization, SOR, _SOR_FORM)


def _official_name(patient: Json) -> Found:
    """An official name has a family name."""
    for path, name in objects(patient, "", "name"):
        if name.get("use") == "official" and not name.get("family"):
            yield f"{path}.family", None


def _org_1(organization: Json) -> Found:
    """An organisation has an identifier or a name."""
    if not organization.get("identifier") and not organization.get("name"):
        yield "identifier", None


def _con_4(condition: Json) -> Found:
    """What has ended is not active."""
    status = _code_of(condition, "clinicalStatus")
    if any(key.startswith("abatement") for key in condition) and status not in _ENDED:
        yield "clinicalStatus", status


def _con_5(condition: Json) -> Found:
    """What was entered in error has no clinical status."""
    if "clinicalStatus" in condition and _code_of(condition, "verificationStatus") == "entered-in-error":
        yield "clinicalStatus", _code_of(condition, "clinicalStatus")


def _severity_is_functional(condition: Json) -> Found:
    """Of the Fælles Sprog III conditions only functional ones have a severity."""
    if "severity" not in condition:
        return
    for _, coding in codings(condition.get("code"), "code"):
        concept = load().by_code.get(str(coding.get("code"))) if coding.get("system") == FSIII else None
        if concept and concept.kind != FUNCTIONAL:
            yield "severity", concept.code


def _cpl_3(plan: Json) -> Found:
    """An activity is told in detail or referred to, not both."""
    for path, activity in objects(plan, "", "activity"):
        if ("detail" in activity) == ("reference" in activity):
            yield path, None


def _obs_6(observation: Json) -> Found:
    """A reason why there is no value stands only where there is none."""
    if "dataAbsentReason" in observation and _has_value(observation):
        yield "dataAbsentReason", None


def _obs_7(observation: Json) -> Found:
    """A component doesn't repeat the observation's own code beside its value."""
    own = [_meaning(coding) for _, coding in codings(observation.get("code"), "code")]
    for path, component in objects(observation, "", "component"):
        parts = [_meaning(coding) for _, coding in codings(component.get("code"), "code")]
        if _has_value(observation) and any(part in own for part in parts):
            yield f"{path}.code", None


def _says_something(observation: Json) -> Found:
    """An observation has a value, parts of one, or a reason why there is none."""
    if (
        not _has_value(observation)
        and not {"component", "hasMember", "dataAbsentReason"} & observation.keys()
    ):
        yield "value[x]", None


def _coding(resource: Json) -> Found:
    """Words alone are no code where we have a code: a condition, an intervention, an observation is coded."""
    for place, concept in (
        ("code", resource.get("code")),
        *descend(resource, "", ("activity", "detail", "code")),
    ):
        if isinstance(concept, dict) and not concept.get("coding"):
            yield f"{place}.coding", None


def _nothing_twice(resource: Json) -> Found:
    """Nothing stands twice in the same list."""
    for path, node in nodes(resource):
        for key, items in node.items():
            if isinstance(items, list):
                for place, item in enumerate(items):
                    if isinstance(item, dict) and item in items[:place]:
                        yield join(path, f"{key}[{place}]"), None


def _value_fits_code(observation: Json) -> Found:
    """A number has the unit that belongs to its code; an ordinal is one of the known ones."""
    quantity = observation.get("valueQuantity")
    unit, shown = (quantity.get("code"), quantity.get("unit")) if isinstance(quantity, dict) else (None, None)
    if unit is not None and shown is not None and shown not in _names(str(unit)):
        yield "valueQuantity.unit", shown
    for _, coding in codings(observation.get("code"), "code"):
        system, code = coding.get("system"), str(coding.get("code"))
        known = _observation(system, code)
        if system == LOINC and code in VITAL_SIGNS and quantity is not None and unit != VITAL_SIGNS[code]:
            yield "valueQuantity.code", unit
        elif known and known.value_type is ValueType.ORDINAL:
            if quantity is not None:
                yield "valueQuantity", unit
            elif observation.get("valueString", ORDINALS[0]) not in ORDINALS:
                yield "valueString", observation["valueString"]
        elif known and "valueString" in observation:
            yield "valueString", observation["valueString"]
        elif known and quantity is not None and unit is not None and unit not in _units(known):
            yield "valueQuantity.code", unit
        elif known and quantity is not None and unit is None and not _is_shown(shown, known):
            yield "valueQuantity.unit", shown


def _display(resource: Json) -> Found:
    """A title that is given is the code system's current one."""
    release = load()
    for path, node in nodes(resource):
        display, system, code = (node.get(key) for key in ("display", "system", "code"))
        if not isinstance(display, str) or not isinstance(code, str):
            continue
        titles: tuple[str, ...] = ()
        if system == FSIII and (concept := release.by_code.get(code)):
            titles = (concept.display, release.source_displays.get(code, concept.display))
        elif (known := release.observation_by_code.get(code)) and known.system == system:
            titles = (known.display,)
        if titles and display not in titles:
            yield f"{path}.display", display


def _narrative(resource: Json) -> Found:
    """txt-1 and txt-2: the narrative is simple XHTML and says something."""
    text = resource.get("text")
    div = text.get("div") if isinstance(text, dict) else None
    if not isinstance(div, str):
        return
    if "<!" in div:  # no comments, and no entity definitions, which could blow up
        yield "text.div", None
        return
    try:
        root = ET.fromstring(div)  # noqa: S314 - without definitions there is nothing to expand
    except ET.ParseError:
        yield "text.div", None
        return
    for element in root.iter():
        tag = str(element.tag)
        scripted = any(name.startswith("on") for name in element.attrib)
        if not tag.startswith(_XHTML) or not _TAGS.fullmatch(tag.removeprefix(_XHTML)) or scripted:
            yield "text.div", tag
    if root.tag != f"{_XHTML}div" or not "".join(root.itertext()).strip():
        yield "text.div", None


def _qty_3(resource: Json) -> Found:
    """A coded unit names its system."""
    for path, node in nodes(resource):
        if isinstance(node.get("value"), (int, float)) and "code" in node and "system" not in node:
            yield f"{path}.system", None


def _per_1(resource: Json) -> Found:
    """A period doesn't end before it starts."""
    for path, node in nodes(resource):
        try:
            start, end = (datetime.fromisoformat(str(node[key])) for key in ("start", "end"))
            if end < start:
                yield f"{path}.end", node["end"]
        except (KeyError, ValueError, TypeError):  # partial dates can't be compared
            continue


INVARIANTS: Mapping[str, Callable[[Json], Found]] = MappingProxyType(
    {
        "coding": _coding,
        "con-4": _con_4,
        "con-5": _con_5,
        "cpl-3": _cpl_3,
        "cpr": _cpr,
        "display": _display,
        "narrative": _narrative,
        "nothing-twice": _nothing_twice,
        "obs-6": _obs_6,
        "obs-7": _obs_7,
        "official-name": _official_name,
        "org-1": _org_1,
        "per-1": _per_1,
        "qty-3": _qty_3,
        "says-something": _says_something,
        "severity-is-functional": _severity_is_functional,
        "sor": _sor,
        "value-fits-code": _value_fits_code,
        **CROSSING,
    }
)


def _identifiers(resource: Json, system: str, form: re.Pattern[str]) -> Found:
    for path, identifier in objects(resource, "", "identifier"):
        if identifier.get("system") != system:
            continue
        if identifier.get("use") != "official":
            yield f"{path}.use", identifier.get("use")
        if not form.fullmatch(str(identifier.get("value"))):
            yield f"{path}.value", identifier.get("value")


def _observation(system: object, code: str) -> Observation | None:
    release = load()
    known = release.observation_by_code.get(code) or next(
        (other for other in release.observations if code in other.alternatives), None
    )
    return known if known and known.system == system else None


def _units(known: Observation) -> tuple[str | None, ...]:
    """Return the unit; a saturation is also a fraction of 1."""
    return ("%", "1") if known.unit == "%" else (known.unit,)


def _names(unit: str) -> tuple[str, ...]:
    """Return how a unit may be shown to people."""
    return (unit, *UNIT_NAMES.get(unit, ()))


def _is_shown(shown: object, known: Observation) -> bool:
    """Tell whether a unit without a code is that of the observation; what counts without a unit has none."""
    units = _units(known)
    return (shown is None and "1" in units) or any(shown in _names(unit) for unit in units if unit)


def _meaning(coding: Json) -> tuple[object, object]:
    return coding.get("system"), coding.get("code")


def _has_value(observation: Json) -> bool:
    return any(re.fullmatch(r"value[A-Z]\w*", key) for key in observation)


def _code_of(resource: Json, field: str) -> object:
    return next((coding.get("code") for _, coding in codings(resource.get(field), field)), None)
