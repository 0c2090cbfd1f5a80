"""What a person does with a draft: each decision gives a new case (pure)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dictate.case import Case, Shift, moved
from dictate.entry import ASSERTIONS, Assertion, Coding, Entry, Kind, Note, Review

DECIDED = frozenset({Review.ACCEPTED, Review.CHANGED, Review.ADDED, Review.REJECTED})
TAKEN = frozenset({Review.ACCEPTED, Review.CHANGED, Review.ADDED})
"""What will be signed."""
ORDER: dict[Kind, tuple[Assertion, ...]] = {
    Kind.CONDITION: (
        Assertion.PRESENT,
        Assertion.SUSPECTED,
        Assertion.HISTORICAL,
        Assertion.ABSENT,
        Assertion.OTHER_PERSON,
    ),
    Kind.INTERVENTION: (Assertion.COMPLETED, Assertion.PLANNED, Assertion.NOT_DONE),
    Kind.OBSERVATION: (Assertion.MEASURED,),
    Kind.MEDICATION: (Assertion.GIVEN, Assertion.PLANNED, Assertion.NOT_GIVEN),
}
"""The assertions in the order in which they are offered."""
_PLAIN = frozenset({Assertion.PRESENT, Assertion.COMPLETED, Assertion.PLANNED, Assertion.MEASURED})
"""What "accept all" may accept."""
MANUAL = "manual"


class Hold(StrEnum):
    """Why an entry needs a key press of its own."""

    UNSURE = "unsure"
    NOT_PRESENT = "not_present"
    MEDICATION = "medication"
    LEVEL = "level"
    """Its functional level is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A correction worth keeping as a pair."""

    kind: str
    """code, assertion, level, text."""
    heard: str
    chosen: str


def hold(entry: Entry, *, needs_level: bool = False) -> Hold | None:
    """Say why "accept all" skips this suggestion; None where it doesn't."""
    if entry.kind is Kind.MEDICATION:
        return Hold.MEDICATION
    if entry.unsure:
        return Hold.UNSURE
    if entry.assertion not in _PLAIN:
        return Hold.NOT_PRESENT
    if needs_level and lacks_level(entry):
        return Hold.LEVEL
    return None


def lacks_level(entry: Entry) -> bool:
    """Tell whether a level must be asked for, given that this condition has levels."""
    return entry.kind is Kind.CONDITION and entry.assertion is Assertion.PRESENT and entry.level is None


def change_entry(case: Case, identifier: str, change: Callable[[Entry], Entry]) -> Case:
    """Return the case with one entry changed."""
    entries = tuple(change(entry) if entry.id == identifier else entry for entry in case.note.entries)
    return _with_entries(case, entries)


def accept(case: Case, identifier: str) -> Case:
    """Take over a suggestion as it is."""
    return change_entry(case, identifier, _accepted)


def accept_all(case: Case, *, needs_level: Callable[[Entry], bool] = lambda _entry: False) -> Case:
    """Take over what is plain; what is unsure, not present, a drug or lacks its level stays a suggestion."""
    return _with_entries(
        case,
        tuple(
            _accepted(entry)
            if entry.review is Review.SUGGESTED and hold(entry, needs_level=needs_level(entry)) is None
            else entry
            for entry in case.note.entries
        ),
    )


def reject(case: Case, identifier: str) -> Case:
    """Say that this entry is wrong; what a person added goes away."""
    entry = case.entry(identifier)
    if entry.review is Review.ADDED:
        return _with_entries(case, tuple(one for one in case.note.entries if one.id != identifier))
    return change_entry(case, identifier, lambda one: replace(one, review=Review.REJECTED))


def reopen(case: Case, identifier: str) -> Case:
    """Take a decision back: the entry is a suggestion again, as it stands."""
    return change_entry(
        case,
        identifier,
        lambda one: one if one.review is Review.ADDED else replace(one, review=Review.SUGGESTED),
    )


def set_code(case: Case, identifier: str, coding: Coding) -> Case:
    """Give an entry another code."""
    return change_entry(case, identifier, lambda entry: _changed(replace(entry, coding=coding, level=None)))


def set_assertion(case: Case, identifier: str, assertion: Assertion) -> Case:
    """Change what the entry asserts.

    Raises:
        ValueError: this assertion doesn't go with the kind of the entry.

    """
    entry = case.entry(identifier)
    if assertion not in ASSERTIONS[entry.kind]:
        raise ValueError(f"{assertion} doesn't go with {entry.kind}")
    if assertion is entry.assertion:
        return accept(case, identifier)
    return change_entry(case, identifier, lambda one: _changed(replace(one, assertion=assertion)))


def set_level(case: Case, identifier: str, level: int) -> Case:
    """Give a condition its functional level, 0..4; the entry counts as decided."""
    return change_entry(case, identifier, lambda one: _changed(replace(one, level=level)))


def set_value(case: Case, identifier: str, value: float | str) -> Case:
    """Correct a measured value."""
    return change_entry(case, identifier, lambda one: _changed(replace(one, value=value)))


def set_medication(case: Case, identifier: str, *, name: str, dose: str | None, route: str | None) -> Case:
    """Correct a drug, its dose or its route."""
    return change_entry(
        case, identifier, lambda one: _changed(replace(one, name=name, dose=dose, route=route))
    )


def add(
    case: Case,
    *,
    kind: Kind,
    assertion: Assertion,
    coding: Coding | None,
    place: tuple[int, int] = (0, 0),
    value: float | str | None = None,
    unit: str | None = None,
    name: str | None = None,
    dose: str | None = None,
    route: str | None = None,
) -> Case:
    """Add an entry by hand; a measurement with its value, medication by its name."""
    start, end = place
    entry = Entry(
        id=_free_id(case.note),
        kind=kind,
        assertion=assertion,
        coding=coding,
        value=value,
        unit=unit,
        name=name,
        dose=dose,
        route=route,
        start=start,
        end=end,
        evidence=case.note.text[start:end],
        method=MANUAL,
        review=Review.ADDED,
    )
    return _with_entries(case, (*case.note.entries, entry))


def open_entries(case: Case) -> tuple[Entry, ...]:
    """Return what nobody has decided on."""
    return tuple(entry for entry in case.note.entries if entry.review is Review.SUGGESTED)


def taken(case: Case) -> tuple[Entry, ...]:
    """Return what will be signed."""
    return tuple(entry for entry in case.note.entries if entry.review in TAKEN)


def retext(case: Case, text: str, draft: Callable[[str], Note]) -> Case:
    """Change the text; suggestions follow it, decisions stay.

    A decision stays with its words where they still stand there. Where they are gone or read otherwise now, a
    suggestion for the new words takes its place; where there is none, an entry that a person took over stays
    as one without words behind it, marked unsure, and a rejected one goes.

    Args:
        case: the note as it was.
        text: its new text.
        draft: text to a fresh draft.

    """
    if text == case.note.text:
        return case
    before, fresh = draft(case.note.text).entries, draft(text)
    shift = Shift(case.note.text, text)
    kept: list[Entry] = []
    used: set[str] = set()
    for entry in case.note.entries:
        if entry.review in DECIDED:
            stays, settled = _carried(
                entry, shift, before, [one for one in fresh.entries if one.id not in used]
            )
            kept.extend(stays)
            used.update(settled)
    taken_ids = {entry.id for entry in kept}
    suggestions = []
    for entry in fresh.entries:
        if entry.id in used:
            continue
        identifier = entry.id
        if identifier in taken_ids:
            identifier = _free_id(case.note, taken_ids | {one.id for one in fresh.entries})
        taken_ids.add(identifier)
        suggestions.append(replace(entry, id=identifier))
    entries = tuple(sorted((*kept, *suggestions), key=lambda entry: (entry.start, entry.end, entry.id)))
    note = replace(case.note, text=text, entries=entries, extras=fresh.extras)
    return replace(case, note=note, spots=moved(case.spots, case.note.text, text))


def _carried(  # noqa: PLR0911 - one case after another
    entry: Entry, shift: Shift, before: Iterable[Entry], fresh: Sequence[Entry]
) -> tuple[list[Entry], set[str]]:
    """Carry a decision over to a new text.

    Args:
        entry: what was decided on.
        shift: from the old text to the new.
        before: what is suggested for the old text.
        fresh: what is suggested for the new text, and not settled yet.

    Returns:
        The entry as it stands now, or nothing; and the ids of the suggestions that are settled by it.

    """
    if entry.start == entry.end:
        return [entry], set()
    place = shift.kept(entry.start, entry.end)
    same = min(
        (one for one in fresh if _key(one) == _key(entry)),
        key=lambda one: abs(one.start - (place[0] if place else entry.start)),
        default=None,
    )
    if place:
        here = replace(entry, start=place[0], end=place[1])
        now = _at(place, entry.kind, fresh)
        settled = {one.id for one in now}
        if {_key(one) for one in now} == {
            _key(one) for one in _at((entry.start, entry.end), entry.kind, before)
        }:
            return [here], settled
        if same is not None and same in now:
            return [here], {same.id}
        # The words are the same and mean something else: that is decided anew.
        return ([], set()) if now else ([replace(here, unsure=True)], set())
    if same is not None:
        return [replace(entry, start=same.start, end=same.end, evidence=same.evidence)], {same.id}
    overtaken = _at(shift.around(entry.start, entry.end), entry.kind, fresh)
    if entry.review is Review.REJECTED or overtaken:
        return [], set()
    return [replace(entry, start=0, end=0, evidence="", review=Review.ADDED, unsure=True)], set()


def _at(place: tuple[int, int], kind: Kind, entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries of a kind whose words touch a stretch."""
    return [one for one in entries if one.kind is kind and one.start < place[1] and one.end > place[0]]


def text_changes(before: str, after: str) -> tuple[Change, ...]:
    """Return what was rewritten, as pairs of a few words; nothing for what was only added or taken away."""
    import difflib  # noqa: PLC0415 - only after an edit

    old, new = before.split(), after.split()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Change(kind="text", heard=" ".join(old[a:b]), chosen=" ".join(new[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag == "replace" and b - a <= _MOST_WORDS and d - c <= _MOST_WORDS
    )


_MOST_WORDS = 6


def _accepted(entry: Entry) -> Entry:
    if entry.review in {Review.CHANGED, Review.ADDED}:
        return entry
    return replace(entry, review=Review.ACCEPTED)


def _changed(entry: Entry) -> Entry:
    return entry if entry.review is Review.ADDED else replace(entry, review=Review.CHANGED)


def _with_entries(case: Case, entries: tuple[Entry, ...]) -> Case:
    return replace(case, note=replace(case.note, entries=entries))


def _key(entry: Entry) -> tuple[object, ...]:
    name = entry.coding.code if entry.coding else (entry.name or "").casefold()
    return entry.kind, name, entry.assertion, entry.value, entry.dose, entry.route


def _free_id(note: Note, used: Iterable[str] = ()) -> str:
    known = {entry.id for entry in note.entries} | set(used)
    number = len(known) + 1
    while f"{note.id}-{number}" in known:
        number += 1
    return f"{note.id}-{number}"
