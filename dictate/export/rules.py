"""The rules of a profile as data: what profiles/*.toml hold, read strictly."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dictate.export.tree import Json
from terminology.concept import FSIII, Status
from terminology.release import load

_COMMON = "common.toml"
"""What every profile knows: forms, code systems, value sets of base FHIR, rules for every resource."""
_MANY = 10**9
_STRICT = {"extra": "forbid"}
"""For pydantic: a name that is not known here is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSet:
    """The codes that an element may hold."""

    __pydantic_config__ = _STRICT

    system: str | None = None
    """None where the element is a bare code."""
    codes: tuple[str, ...] = ()
    displays: tuple[str, ...] = ()
    """The codes' titles, in the same order."""
    areas: tuple[str, ...] = ()
    """Areas of Fælles Sprog III whose leaves are meant, instead of `codes`."""
    current: bool = False
    """Of those areas only what is not retired."""
    elsewhere: tuple[str, ...] = ()
    """Systems whose codes belong to it, but aren't known here."""

    def holds(self, value: object) -> bool:
        """Tell whether a code, a Coding or one of a CodeableConcept's codings is in the set."""
        match value:
            case str():
                return value in self.codes
            case {"coding": list() as codings}:
                return any(isinstance(coding, dict) and self._holds_coding(coding) for coding in codings)
            case dict():
                return self._holds_coding(value)
            case _:
                return False

    def _holds_coding(self, coding: Json) -> bool:
        system, code, display = (coding.get(key) for key in ("system", "code", "display"))
        if system in self.elsewhere:
            return True
        if self.areas:
            concept = load().by_code.get(str(code)) if system == FSIII else None
            if concept is None or not concept.leaf or concept.kind not in self.areas:
                return False
            return concept.status is Status.CURRENT or not self.current
        if system != self.system or code not in self.codes:
            return False
        return display is None or not self.displays or self.displays[self.codes.index(str(code))] == display


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is asked of one element; the names are explained in profiles/common.toml."""

    __pydantic_config__ = _STRICT

    path: str
    system: str | None = None
    url: str | None = None
    card: str | None = None
    fixed: str | bool | None = None
    codes: str | None = None
    target: tuple[str, ...] = ()
    form: str | None = None
    length: int | None = None
    systems: tuple[str, ...] = ()

    def allows(self, count: int) -> bool:
        """Tell whether there may be this many."""
        if self.card is None:
            return True
        least, most = self.card.split("..")
        return int(least) <= count <= (_MANY if most == "*" else int(most))

    def means(self, value: object) -> bool:
        """Tell whether an element belongs to the slice that the rule is about."""
        if self.system is None and self.url is None:
            return True
        if not isinstance(value, dict):
            return False
        return value.get("system") == self.system if self.system else value.get("url") == self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRules:
    """What is asked of one type of resource, or of one profile of it."""

    __pydantic_config__ = _STRICT

    type: str | None = None
    """The type, where the table's name is another one because a type has several profiles."""
    profile: str | None = None
    forbidden: tuple[str, ...] = ()
    """Paths of elements that may not be there."""
    elements: tuple[Rule, ...] = ()
    invariants: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules for single elements; what is forbidden is there 0..0 times."""
        return (*self.elements, *(Rule(path=path, card="0..0") for path in self.forbidden))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is asked of a bundle and everything in it."""

    __pydantic_config__ = _STRICT

    name: str
    forms: Mapping[str, str]
    systems: Mapping[str, str]
    """The known code systems, and the form of their codes."""
    valuesets: Mapping[str, ValueSet]
    resources: Mapping[str, ResourceRules]
    every: ResourceRules

    def rules_for(self, resource: Json) -> tuple[str, ResourceRules] | None:
        """Return the table for a resource and its name, None where the profile has none.

        Where a type has several profiles, the one is meant that the resource names, else the first.
        """
        found = [
            (name, rules)
            for name, rules in self.resources.items()
            if (rules.type or name) == resource.get("resourceType")
        ]
        declared = declared_profiles(resource)
        return next((table for table in found if table[1].profile in declared), found[0] if found else None)


def declared_profiles(resource: Json) -> tuple[str, ...]:
    """Return the profiles that a resource says it keeps, without their versions."""
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    urls = profiles if isinstance(profiles, list) else ()
    return tuple(url.partition("|")[0] for url in urls if isinstance(url, str))


@cache
def load_profile(file: str) -> Profile:
    """Read a table of rules that is shipped with the program."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - only needed where something is checked

    table = _read(file)
    for key, common in _read(_COMMON).items():
        if key == "every":
            own = table.setdefault(key, {})
            table[key] = {name: [*common.get(name, ()), *own.get(name, ())] for name in {*common, *own}}
        else:
            table[key] = {**common, **table.get(key, {})}
    return TypeAdapter(Profile).validate_python(table)


def _read(file: str) -> dict[str, dict[str, list[object]]]:
    table = files("dictate.export") / "profiles" / file
    return tomllib.loads(table.read_text(encoding="utf-8"))
