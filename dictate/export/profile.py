"""Check a bundle before it leaves: base FHIR by `fhir.resources`, and what its profiles ask beyond it.

The profiles' rules are data (profiles/*.toml); this file only walks and counts. A finding tells path, rule
and value; the value may be about a citizen and belongs on a screen, never in a message or a log.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dictate.export.base import Format
from dictate.export.invariants import INVARIANTS
from dictate.export.rules import Profile, ResourceRules, Rule, declared_profiles, load_profile
from dictate.export.tree import Json, children, codings_within, descend, join, nodes, objects

_EARLIER = re.compile(r"\.entity\[\d+\]\.what$")
"""Where a Provenance refers to an earlier message, which is not in the bundle."""

KL_CORE = "kl_core.toml"
KL_GATEWAY = "kl_gateway.toml"
CARE_COMMUNICATION = "medcom_carecommunication.toml"
HOME_CARE_OBSERVATION = "medcom_homecareobservation.toml"
PROFILES: Mapping[Format, str] = MappingProxyType(
    {
        Format.KL_CORE: KL_CORE,
        Format.KL_GATEWAY: KL_GATEWAY,
        Format.CARE_COMMUNICATION: CARE_COMMUNICATION,
        Format.HOME_CARE_OBSERVATION: HOME_CARE_OBSERVATION,
    }
)
"""The table of rules for each format that has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One place where a bundle is not as it should be."""

    path: str
    """Within the bundle, such as "entry[3].resource.code"."""
    rule: str
    """What should hold there."""
    value: object = field(default=None, repr=False)
    """What stands there; may be about a citizen."""


def check(bundle: Json, profile: str = KL_CORE) -> tuple[Violation, ...]:
    """Return everything in a bundle that is not as base FHIR and its profiles ask; empty is good.

    Args:
        bundle: as `json.loads` gives it.
        profile: the table of rules.

    """
    return (*base_violations(bundle), *_Checker(bundle, load_profile(profile)).violations())


def profile_of(bundle: Json) -> Format | None:
    """Return the format whose profiles a bundle, or most of what is in it, says it keeps; None for none."""
    if bundle.get("resourceType") != "Bundle":
        return None
    declared = list(declared_profiles(bundle))
    for _, entry in objects(bundle, "", "entry"):
        for _, resource in objects(entry, "", "resource"):
            declared += declared_profiles(resource)
    counts = dict.fromkeys(PROFILES, 0)
    for form, file in PROFILES.items():
        known = {rules.profile for rules in load_profile(file).resources.values()}
        counts[form] = sum(url in known for url in declared)
    best = max(counts, key=lambda form: counts[form])
    return best if counts[best] else None


def base_violations(bundle: Json) -> tuple[Violation, ...]:
    """Return what base FHIR forbids, as the R4B models of `fhir.resources` see it."""
    from fhir.resources.R4B.bundle import Bundle  # noqa: PLC0415 - slow to import, and only needed here
    from pydantic import ValidationError  # noqa: PLC0415 - the same

    try:
        Bundle.model_validate_json(json.dumps(bundle))
    except (KeyError, TypeError):  # so it takes a resource of a type that it doesn't know
        return (Violation(path="entry", rule="base FHIR: all resources are of known types"),)
    except ValidationError as error:
        # The library's own messages repeat what stands in the bundle.
        return tuple(
            Violation(path=".".join(map(str, found["loc"])), rule=f"base FHIR: {found['type']}")
            for found in error.errors(include_url=False, include_context=False, include_input=False)
        )
    return ()


class _Checker:
    """One bundle and the rules for it."""

    def __init__(self, bundle: Json, profile: Profile) -> None:
        self._bundle = bundle
        self._profile = profile
        self._entries = tuple(
            (path, entry, resource)
            for path, entry in objects(bundle, "", "entry")
            for _, resource in objects(entry, path, "resource")
        )
        self._addresses = dict(self._known_addresses())

    def violations(self) -> Iterator[Violation]:
        """Yield everything that breaks a rule."""
        yield from _hollow(self._bundle, "")
        yield from self._resource(self._bundle, "", "Bundle", self._profile.resources["Bundle"])
        yield from self._bundle_wide()
        for path, _, resource in self._entries:
            inner = join(path, "resource")
            table = self._profile.rules_for(resource)
            if table and table[0] != "Bundle":
                yield from self._resource(resource, inner, *table)
            else:
                rule = f"{self._profile.name} has a place for its type"
                yield Violation(path=inner, rule=rule, value=resource.get("resourceType"))
            yield from self._references(resource, inner)
            yield from self._codings(resource, inner)

    def _known_addresses(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield what a reference in the bundle may say, with the type and the part of the table it means."""
        for _, entry, resource in self._entries:
            name, url = str(resource.get("resourceType")), str(entry.get("fullUrl"))
            table = self._profile.rules_for(resource)
            meant = (name, table[0] if table else name)
            yield url, meant
            if url.startswith("http"):
                yield f"{name}/{resource.get('id')}", meant

    def _bundle_wide(self) -> Iterator[Violation]:
        """Check that there is one citizen, and that addresses are unique and fit the ids."""
        seen: set[str] = set()
        for path, entry, resource in self._entries:
            url, identifier = str(entry.get("fullUrl")), resource.get("id")
            if url in seen:
                yield Violation(path=join(path, "fullUrl"), rule="bdl-7: it is unique", value=url)
            seen.add(url)
            is_web = url.startswith("http") and url.endswith(f"/{resource.get('resourceType')}/{identifier}")
            if url != f"urn:uuid:{identifier}" and not is_web:
                yield Violation(
                    path=join(path, "resource.id"), rule="it is the id in fullUrl", value=identifier
                )
        citizens = sum(resource.get("resourceType") == "Patient" for _, _, resource in self._entries)
        if citizens != 1:
            yield Violation(path="entry", rule="there is one citizen", value=citizens)

    def _references(self, resource: Json, path: str) -> Iterator[Violation]:
        for place, node in nodes(resource, path):
            address = node.get("reference")
            if _EARLIER.search(place):
                continue
            if isinstance(address, str) and address not in self._addresses:
                yield Violation(
                    path=join(place, "reference"), rule="it points to something in the bundle", value=address
                )

    def _codings(self, resource: Json, path: str) -> Iterator[Violation]:
        """Check that every coding is a code of a system that is known."""
        for place, coding in codings_within(resource, path):
            form = self._profile.systems.get(str(coding.get("system")))
            if form is None:
                yield Violation(path=join(place, "system"), rule="it is known", value=coding.get("system"))
            elif not _has_form(coding.get("code"), form):
                yield Violation(
                    path=join(place, "code"), rule="it is a code of its system", value=coding.get("code")
                )

    def _resource(self, resource: Json, path: str, name: str, rules: ResourceRules) -> Iterator[Violation]:
        declared = declared_profiles(resource)
        if rules.profile and rules.profile not in declared:
            yield Violation(path=join(path, "meta.profile"), rule=f"it names {rules.profile}", value=declared)
        every = self._profile.every if name != "Bundle" else ResourceRules()
        for rule in (*rules.rules, *every.rules):
            yield from self._element(resource, path, rule)
        for invariant in (*rules.invariants, *every.invariants):
            for place, value in INVARIANTS[invariant](resource):
                yield Violation(path=join(path, place), rule=invariant, value=value)

    def _element(self, resource: Json, path: str, rule: Rule) -> Iterator[Violation]:
        *steps, last = rule.path.split(".")
        for place, parent in descend(resource, path, steps):
            found = [(where, value) for where, value in children(parent, place, last) if rule.means(value)]
            if not rule.allows(len(found)):
                yield Violation(path=join(place, last), rule=f"there are {rule.card}", value=len(found))
            for where, value in found:
                if reason := self._broken(value, rule):
                    yield Violation(path=where, rule=reason, value=value)

    def _broken(self, value: object, rule: Rule) -> str | None:
        """Return the rule that a value breaks, None where it breaks none."""
        if reason := _broken_alone(value, rule):
            return reason
        if rule.form and not _has_form(value, self._profile.forms[rule.form]):
            return f"it has the form of a {rule.form}"
        if rule.codes and not self._profile.valuesets[rule.codes].holds(value):
            return f"it is in {rule.codes}"
        if rule.target:
            address = value.get("reference") if isinstance(value, dict) else None
            if not isinstance(address, str) or not {*self._addresses.get(address, ())} & {*rule.target}:
                return f"it points to {' or '.join(rule.target)} in the bundle"
        return None


def _broken_alone(value: object, rule: Rule) -> str | None:
    """Return the rule that a value breaks by itself, None where it breaks none."""
    if rule.fixed is not None and value != rule.fixed:
        return f"it is {rule.fixed}"
    if rule.length is not None and len(str(value)) > rule.length:
        return f"it has at most {rule.length} characters"
    if rule.systems and not (isinstance(value, dict) and value.get("system") in rule.systems):
        return f"its system is {' or '.join(rule.systems)}"
    return None


def _has_form(value: object, form: str) -> bool:
    return isinstance(value, str) and re.fullmatch(form, value, re.ASCII) is not None


def _hollow(node: object, path: str) -> Iterator[Violation]:
    """Yield what holds nothing: FHIR leaves out what it has nothing to say of (ele-1)."""
    if node is None or (
        isinstance(node, (str, dict, list)) and not (node.strip() if isinstance(node, str) else node)
    ):
        yield Violation(path=path, rule="ele-1: it holds something", value=node)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _hollow(value, join(path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _hollow(value, f"{path}[{place}]")
