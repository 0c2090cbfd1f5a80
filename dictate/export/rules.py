"""The rules of a profile as data: what profiles/*.toml hold, read strictly."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dictate.export.tree import Json
from terminology.concept import FSIII
from terminology.release import load

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
            return concept is not None and concept.leaf and concept.kind in self.areas
        if system != self.system or code not in self.codes:
            return False
        return display is None or not self.displays or self.displays[self.codes.index(str(code))] == display


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is asked of one element; the names are explained in the table itself."""

    __pydantic_config__ = _STRICT

    path: str
    system: str | None = None
    card: str | None = None
    fixed: str | None = None
    codes: str | None = None
    target: tuple[str, ...] = ()
    form: str | None = None

    def allows(self, count: int) -> bool:
        """Tell whether there may be this many."""
        if self.card is None:
            return True
        least, most = self.card.split("..")
        return int(least) <= count <= (_MANY if most == "*" else int(most))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRules:
    """What is asked of one type of resource."""

    __pydantic_config__ = _STRICT

    profile: str | None = None
    elements: tuple[Rule, ...] = ()
    invariants: tuple[str, ...] = ()


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


@cache
def load_profile(file: str) -> Profile:
    """Read a table of rules that is shipped with the program."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - only needed where something is checked

    table = files("dictate.export") / "profiles" / file
    return TypeAdapter(Profile).validate_python(tomllib.loads(table.read_text(encoding="utf-8")))
