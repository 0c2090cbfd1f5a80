"""Check a bundle before it leaves: base FHIR by `fhir.resources`, and what its profiles ask beyond it.

The profiles' rules are data (profiles/*.toml); this file only walks and counts. A finding tells path, rule
and value; the value may be about a citizen and belongs on a screen, never in a message or a log.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dictate.export.invariants import INVARIANTS
from dictate.export.rules import Profile, ResourceRules, Rule, load_profile
from dictate.export.tree import Json, children, codings_within, descend, join, nodes, objects

KL_CORE = "kl_core.toml"


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
        yield from self._resource(self._bundle, "", "Bundle", self._rules_of("Bundle"))
        yield from self._bundle_wide()
        for path, _, resource in self._entries:
            name = str(resource.get("resourceType"))
            inner = join(path, "resource")
            if name in self._profile.resources and name != "Bundle":
                yield from self._resource(resource, inner, name, self._rules_of(name))
            else:
                yield Violation(path=inner, rule=f"{self._profile.name} has a place for its type", value=name)
            yield from self._references(resource, inner)
            yield from self._codings(resource, inner)

    def _rules_of(self, name: str) -> ResourceRules:
        return self._profile.resources[name]

    def _known_addresses(self) -> Iterator[tuple[str, str]]:
        """Yield what a reference in the bundle may say, and the type of resource that it then means."""
        for _, entry, resource in self._entries:
            name, url = str(resource.get("resourceType")), str(entry.get("fullUrl"))
            yield url, name
            if url.startswith("http"):
                yield f"{name}/{resource.get('id')}", name

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
        declared = [url for _, url in descend(resource, path, ("meta", "profile"))]
        if rules.profile and rules.profile not in declared:
            yield Violation(path=join(path, "meta.profile"), rule=f"it names {rules.profile}", value=declared)
        every = self._profile.every if name != "Bundle" else ResourceRules()
        for rule in (*rules.elements, *every.elements):
            yield from self._element(resource, path, rule)
        for invariant in (*rules.invariants, *every.invariants):
            for place, value in INVARIANTS[invariant](resource):
                yield Violation(path=join(path, place), rule=invariant, value=value)

    def _element(self, resource: Json, path: str, rule: Rule) -> Iterator[Violation]:
        *steps, last = rule.path.split(".")
        for place, parent in descend(resource, path, steps):
            found = [
                (where, value)
                for where, value in children(parent, place, last)
                if rule.system is None or (isinstance(value, dict) and value.get("system") == rule.system)
            ]
            if not rule.allows(len(found)):
                yield Violation(path=join(place, last), rule=f"there are {rule.card}", value=len(found))
            for where, value in found:
                if reason := self._broken(value, rule):
                    yield Violation(path=where, rule=reason, value=value)

    def _broken(self, value: object, rule: Rule) -> str | None:
        """Return the rule that a value breaks, None where it breaks none."""
        if rule.fixed is not None and value != rule.fixed:
            return f"it is {rule.fixed}"
        if rule.form and not _has_form(value, self._profile.forms[rule.form]):
            return f"it has the form of a {rule.form}"
        if rule.codes and not self._profile.valuesets[rule.codes].holds(value):
            return f"it is in {rule.codes}"
        if rule.target:
            address = value.get("reference") if isinstance(value, dict) else None
            if not isinstance(address, str) or self._addresses.get(address) not in rule.target:
                return f"it points to {' or '.join(rule.target)} in the bundle"
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
