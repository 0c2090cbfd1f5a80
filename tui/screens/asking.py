"""Questions about one entry, before it is signed and after: status, level, value, drug, code."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from textual.screen import Screen

from dictate import review
from dictate.entry import Assertion, Coding, Entry, Kind
from tui import wording
from tui.i18n import t
from tui.screens.dialog import Choice, Question

if TYPE_CHECKING:
    from tui.app import TerminalApp


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """A drug as a person typed it."""

    name: str
    dose: str | None = None
    route: str | None = None


def ask_status(screen: Screen[Any], entry: Entry, take: Callable[[Assertion], None]) -> None:
    """Ask what an entry asserts; a measurement has only one status."""
    if entry.kind is Kind.OBSERVATION:
        return
    options = [(one.value, wording.assertion(one)) for one in review.ORDER[entry.kind]]

    def chosen(value: str | None) -> None:
        if value is not None:
            take(next(one for one in review.ORDER[entry.kind] if one.value == value))

    title = wording.term(entry, _app(screen).desk.name_of)
    screen.app.push_screen(Choice(title, options, first=entry.assertion.value), chosen)


def ask_level(screen: Screen[Any], entry: Entry, take: Callable[[int], None]) -> None:
    """Ask for the functional level of a condition."""
    options = [
        ("0", t("0 no or minor limitations")),
        ("1", t("1 slight limitations")),
        ("2", t("2 moderate limitations")),
        ("3", t("3 severe limitations")),
        ("4", t("4 total limitations")),
    ]
    title = wording.term(entry, _app(screen).desk.name_of)
    screen.app.push_screen(
        Choice(title, options, plain=True), lambda value: take(int(value)) if value is not None else None
    )


def ask_code(
    screen: Screen[Any], kind: Kind, offered: Iterable[Coding], take: Callable[[Coding], None]
) -> None:
    """Search the terminology for a code."""
    from tui.screens.terms import TermsScreen  # noqa: PLC0415 - only when it is needed

    screen.app.push_screen(TermsScreen(kind, tuple(offered)), lambda coding: take(coding) if coding else None)


def ask_value(
    screen: Screen[Any],
    coding: Coding | None,
    unit: str | None,
    take: Callable[[float | str], None],
    *,
    shown: str = "",
) -> None:
    """Ask for a measured value; one that is unusual is asked for twice, one that is no number refused.

    Args:
        screen: where it happens.
        coding: what is measured.
        unit: of it, in UCUM; None for what has steps such as "2+".
        take: gets the value.
        shown: stands there already.

    """
    desk = _app(screen).desk
    name = f"{desk.name_of(coding.code) or coding.display}: " if coding else ""

    def again(value: str, hint: str = "") -> None:
        title = t("{name}new value ({unit})", name=name, unit=wording.unit(unit))
        screen.app.push_screen(Question(title, value=value, hint=hint), valued)

    def valued(answer: str | None) -> None:
        if not answer:
            return
        value = number(answer)
        if unit is not None and isinstance(value, str):
            again(answer, t("Write a number, such as 37,4."))
        elif isinstance(value, str) or coding is None or desk.is_plausible(coding.code, value):
            take(value)
        else:
            options = [("no", t("no, correct it")), ("yes", t("yes, it is right"))]
            question = t("{value} is an unusual value. Is it right?", value=answer)
            screen.app.push_screen(
                Choice(question, options), lambda sure: take(value) if sure == "yes" else again(answer)
            )

    again(shown)


def ask_drug(screen: Screen[Any], take: Callable[[Drug], None], *, entry: Entry | None = None) -> None:
    """Ask for a drug with dose and route."""
    shown = " ; ".join(part or "" for part in (entry.name, entry.dose, entry.route)) if entry else ""

    def typed(answer: str | None) -> None:
        name, dose, route, *_ = [part.strip() for part in f"{answer or ''};;".split(";")]
        if name:
            take(Drug(name=name, dose=dose or None, route=route or None))

    hint = t("Such as: panodil ; 1 g ; oralt")
    screen.app.push_screen(Question(t("Drug ; dose ; route"), value=shown, hint=hint), typed)


def number(answer: str) -> float | str:
    """Read a value as a number where it is one."""
    plain = answer.replace(",", ".")
    try:
        found = float(plain)
    except ValueError:
        return answer
    return int(found) if found.is_integer() and "." not in plain else found


def _app(screen: Screen[Any]) -> "TerminalApp":
    return cast("TerminalApp", screen.app)
