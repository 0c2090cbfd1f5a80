"""Decisions: what they change, what "accept all" leaves, and that they survive a change of the text."""

from dataclasses import replace

import pytest

from dictate import review
from dictate.case import Case, open_case
from dictate.draft import Drafter
from dictate.entry import Assertion, Coding, Entry, Kind, Note, Review
from dictate.review import Hold

TEXT = (
    "Borgeren har smerter i knæet. Hun har ikke feber. Blodtryk 140/80. Hun har fået 1 g paracetamol. "
    "Der er mistanke om urinvejsinfektion."
)
OTHER = Coding(system="s", code="c", display="Andet")


@pytest.fixture(scope="module")
def drafter() -> Drafter:
    """The vocabulary."""
    return Drafter.load()


@pytest.fixture
def case(drafter: Drafter) -> Case:
    """A draft of a few sentences."""
    return open_case(drafter.draft("n", text=TEXT), None)


def find(case: Case, words: str, kind: Kind | None = None) -> Entry:
    """Return the first entry whose evidence holds the words."""
    return next(
        entry
        for entry in case.note.entries
        if words in entry.evidence and (kind is None or entry.kind is kind)
    )


def entry(**values: object) -> Entry:
    """Return a suggestion."""
    given: dict[str, object] = {
        "id": "n-1",
        "kind": Kind.CONDITION,
        "assertion": Assertion.PRESENT,
        "coding": OTHER,
        "start": 0,
        "end": 4,
        "evidence": "Hans",
    }
    return Entry(**(given | values))  # type: ignore[arg-type]  # test data


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, None),
        ({"unsure": True}, Hold.UNSURE),
        ({"assertion": Assertion.ABSENT}, Hold.NOT_PRESENT),
        ({"assertion": Assertion.SUSPECTED}, Hold.NOT_PRESENT),
        ({"assertion": Assertion.OTHER_PERSON}, Hold.NOT_PRESENT),
        ({"kind": Kind.INTERVENTION, "assertion": Assertion.NOT_DONE}, Hold.NOT_PRESENT),
        ({"kind": Kind.INTERVENTION, "assertion": Assertion.PLANNED}, None),
        ({"kind": Kind.MEDICATION, "assertion": Assertion.GIVEN}, Hold.MEDICATION),
        ({"kind": Kind.OBSERVATION, "assertion": Assertion.MEASURED}, None),
    ],
)
def test_what_accept_all_leaves(values: dict[str, object], why: Hold | None) -> None:
    """Unsure, not present and medication need a key press each."""
    one = entry(**values)
    assert review.hold(one) is why
    done = review.accept_all(Case(note=Note(id="n", text="Hans", entries=(one,))))
    assert done.note.entries[0].review is (Review.SUGGESTED if why else Review.ACCEPTED)


def test_a_missing_level_is_asked_for() -> None:
    """A functional condition without its level is no plain acceptance."""
    case = Case(note=Note(id="n", text="Hans", entries=(entry(),)))
    held = review.accept_all(case, needs_level=lambda _: True)
    assert held.note.entries[0].review is Review.SUGGESTED
    levelled = review.set_level(case, "n-1", 2)
    assert (levelled.note.entries[0].level, levelled.note.entries[0].review) == (2, Review.CHANGED)


def test_code_and_assertion_are_changed(case: Case) -> None:
    """A change is a decision; the same assertion again is an acceptance."""
    pain = find(case, "smerter")
    changed = review.set_code(case, pain.id, OTHER).entry(pain.id)
    assert (changed.coding, changed.review) == (OTHER, Review.CHANGED)
    absent = review.set_assertion(case, pain.id, Assertion.ABSENT).entry(pain.id)
    assert (absent.assertion, absent.review) == (Assertion.ABSENT, Review.CHANGED)
    assert review.set_assertion(case, pain.id, Assertion.PRESENT).entry(pain.id).review is Review.ACCEPTED
    with pytest.raises(ValueError, match="go with"):
        review.set_assertion(case, pain.id, Assertion.GIVEN)


def test_rejecting_and_reopening(case: Case) -> None:
    """What was rejected can be opened again; what was added goes away."""
    pain = find(case, "smerter")
    rejected = review.reject(case, pain.id)
    assert rejected.entry(pain.id).review is Review.REJECTED
    assert review.reopen(rejected, pain.id).entry(pain.id).review is Review.SUGGESTED
    added = review.add(case, kind=Kind.CONDITION, assertion=Assertion.PRESENT, coding=OTHER)
    new = added.note.entries[-1]
    assert (new.review, new.evidence, new.method) == (Review.ADDED, "", review.MANUAL)
    assert review.reject(added, new.id).note.entries == case.note.entries


def test_a_drug_and_a_value_are_corrected(case: Case) -> None:
    """What was heard wrong is put right by hand."""
    drug = next(one for one in case.note.entries if one.kind is Kind.MEDICATION)
    changed = review.set_medication(case, drug.id, name="ibuprofen", dose="400 mg", route=None).entry(drug.id)
    assert (changed.name, changed.dose, changed.review) == ("ibuprofen", "400 mg", Review.CHANGED)
    pressure = next(one for one in case.note.entries if one.kind is Kind.OBSERVATION)
    assert review.set_value(case, pressure.id, 150).entry(pressure.id).value == 150


def retext(case: Case, text: str, drafter: Drafter) -> Case:
    """Change the text as the screen does."""
    return review.retext(case, text, lambda one: drafter.draft("n", text=one))


def test_decisions_move_with_their_words(case: Case, drafter: Drafter) -> None:
    """A sentence put in front moves decisions and loses none."""
    pain = find(case, "smerter")
    accepted = review.accept(case, pain.id)
    after = retext(accepted, f"Besøg i dag. {TEXT}", drafter)
    moved = find(after, "smerter")
    assert moved.review is Review.ACCEPTED
    assert after.note.text[moved.start : moved.end] == moved.evidence
    assert len(after.note.entries) == len(case.note.entries)


def test_a_negation_put_in_takes_the_decision_back(case: Case, drafter: Drafter) -> None:
    """The words stand there still, and mean the opposite: that is decided anew."""
    accepted = review.accept(case, find(case, "smerter").id)
    after = retext(accepted, TEXT.replace("har smerter", "har ikke smerter"), drafter)
    pain = find(after, "smerter")
    assert (pain.assertion, pain.review) == (Assertion.ABSENT, Review.SUGGESTED)
    assert not any(
        one.assertion is Assertion.PRESENT and "smerter" in one.evidence for one in after.note.entries
    )


def test_a_rejected_suggestion_does_not_come_back(case: Case, drafter: Drafter) -> None:
    """Editing elsewhere leaves a rejection as it is."""
    pain = find(case, "smerter")
    after = retext(review.reject(case, pain.id), TEXT.replace("140/80", "150/80"), drafter)
    assert [one.review for one in after.note.entries if "smerter" in one.evidence] == [Review.REJECTED]


def test_a_changed_code_stays(case: Case, drafter: Drafter) -> None:
    """A code that a person chose is not overwritten by the suggestion for the same words."""
    pain = find(case, "smerter")
    after = retext(review.set_code(case, pain.id, OTHER), f"{TEXT} Hun sover.", drafter)
    assert [one.coding for one in after.note.entries if "smerter" in one.evidence] == [OTHER]


def test_a_changed_number_is_decided_anew(case: Case, drafter: Drafter) -> None:
    """An accepted value doesn't outlive the number it stands on."""
    case = review.accept_all(case)
    after = retext(case, TEXT.replace("140/80", "150/80"), drafter)
    values = {one.value: one.review for one in after.note.entries if one.kind is Kind.OBSERVATION}
    assert 140 not in values
    assert values[150] is Review.SUGGESTED


def test_words_taken_away_leave_the_entry_marked(case: Case, drafter: Drafter) -> None:
    """What a person took over stays, without words and unsure; what nobody decided on goes."""
    pain = find(case, "smerter")
    after = retext(review.accept(case, pain.id), "Hun sover.", drafter)
    (left,) = after.note.entries
    assert (left.id, left.evidence, left.review, left.unsure) == (pain.id, "", Review.ADDED, True)


def test_ids_stay_unique(case: Case, drafter: Drafter) -> None:
    """New suggestions never take the id of an old decision."""
    decided = review.accept(case, case.note.entries[-1].id)
    after = retext(decided, f"Hun har åndenød. {TEXT}", drafter)
    ids = [one.id for one in after.note.entries]
    assert len(set(ids)) == len(ids)


def test_the_same_text_changes_nothing(case: Case, drafter: Drafter) -> None:
    """Leaving the editor without a change keeps everything as it was."""
    assert retext(case, TEXT, drafter) is case


def test_corrections_are_pairs_of_a_few_words() -> None:
    """What was rewritten is kept as heard and chosen; additions are not."""
    changes = review.text_changes("Hun har ont i hoften", "Hun har ondt i højre hofte i dag")
    assert [(one.heard, one.chosen) for one in changes] == [("ont", "ondt"), ("hoften", "højre hofte i dag")]
    assert review.text_changes("Hun sover", "Hun sover godt") == ()


def test_open_and_taken(case: Case) -> None:
    """What will be signed, and what is left."""
    done = review.accept_all(case)
    assert {one.id for one in review.taken(done)} | {one.id for one in review.open_entries(done)} == {
        one.id for one in case.note.entries
    }
    rejected = replace(case)
    for one in case.note.entries:
        rejected = review.reject(rejected, one.id)
    assert review.taken(rejected) == review.open_entries(rejected) == ()
