"""How entries and other values are said to a nurse."""

from collections.abc import Callable
from datetime import UTC, datetime

from dictate.entry import Assertion, Entry, Kind, Review
from dictate.review import Hold
from tui.i18n import t

_UNITS = {"1": "", "mm[Hg]": "mmHg", "Cel": "°C", "umol/L": "µmol/L", "10*9/L": "10⁹/L"}
"""UCUM units that people write otherwise."""

MARKS = {
    Review.SUGGESTED: "○",
    Review.ACCEPTED: "✓",
    Review.CHANGED: "✎",
    Review.ADDED: "+",
    Review.REJECTED: "✗",
}
"""Signs, because colour alone is no sign."""
UNSURE = "?"

Names = Callable[[str], str]
"""Code to the short name that people know; "" where there is none."""


def assertion(value: Assertion) -> str:
    """Say what is asserted."""
    return {
        Assertion.PRESENT: t("present"),
        Assertion.ABSENT: t("not present"),
        Assertion.HISTORICAL: t("earlier"),
        Assertion.SUSPECTED: t("suspected"),
        Assertion.OTHER_PERSON: t("another person"),
        Assertion.COMPLETED: t("done"),
        Assertion.PLANNED: t("planned"),
        Assertion.NOT_DONE: t("not done"),
        Assertion.MEASURED: t("measured"),
        Assertion.GIVEN: t("given"),
        Assertion.NOT_GIVEN: t("not given"),
    }[value]


def kind(value: Kind) -> str:
    """Say what an entry is about."""
    return {
        Kind.CONDITION: t("Condition"),
        Kind.INTERVENTION: t("Intervention"),
        Kind.OBSERVATION: t("Measurement"),
        Kind.MEDICATION: t("Medication"),
    }[value]


def review(value: Review) -> str:
    """Say what was decided."""
    return {
        Review.SUGGESTED: t("not decided"),
        Review.ACCEPTED: t("accepted"),
        Review.CHANGED: t("changed"),
        Review.ADDED: t("added"),
        Review.REJECTED: t("rejected"),
    }[value]


def hold(value: Hold) -> str:
    """Say why an entry needs a key press of its own."""
    return {
        Hold.UNSURE: t("unsure: look twice"),
        Hold.NOT_PRESENT: t("says that something is not so, or only perhaps"),
        Hold.MEDICATION: t("medication: check it"),
        Hold.LEVEL: t("level is missing: press 0-4"),
    }[value]


def term(entry: Entry, names: Names) -> str:
    """Say what the entry is, with its value, level or dose."""
    if entry.kind is Kind.MEDICATION:
        return ", ".join(part for part in (entry.name, entry.dose, entry.route, entry.time) if part)
    name = (names(entry.coding.code) or entry.coding.display) if entry.coding else ""
    if entry.value is not None:
        return f"{name}: {value(entry)}"
    return t("{name}, level {level}", name=name, level=entry.level) if entry.level is not None else name


def value(entry: Entry) -> str:
    """Say a measured value with its unit, with a decimal comma."""
    number = entry.value
    shown = f"{number:g}".replace(".", ",") if isinstance(number, int | float) else str(number or "")
    return f"{shown} {unit(entry.unit)}".rstrip()


def unit(ucum: str | None) -> str:
    """Say a unit as people write it."""
    return _UNITS.get(ucum or "", ucum or "")


def clock(seconds: float) -> str:
    """Say a length of time as minutes and seconds."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def moment(at: datetime) -> str:
    """Say a moment in local time, as Danes write it."""
    local = at.astimezone()
    today = datetime.now(UTC).astimezone().date()
    day = t("today") if local.date() == today else f"{local.day}.{local.month}.{local.year}"
    return f"{day} {local.hour:02}.{local.minute:02}"


def cpr(number: str | None) -> str:
    """Say a CPR number as it is written, or nothing."""
    return f"{number[:6]}-{number[6:]}" if number else ""
