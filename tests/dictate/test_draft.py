"""From a note to draft entries: one entry for each thing said, with its evidence."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dictate.draft import ADMINISTRATION, EXAMINATION, INTRAVENOUS, Drafter
from dictate.entry import ASSERTIONS, Entry, Kind, Note
from dictate.errors import DraftError
from dictate.notes import note_json, parse_notes

PAIN = "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd"
BREATH = "dae40f60-8dab-4bd3-ab72-b07d0f278692"
WOUND_CARE = "76878386-b3d2-4320-828a-a700e8a66234"
CATHETER = "04393d04-a756-41d8-b0b0-f88577526443"


def _of(note: Note, code: str) -> list[Entry]:
    return [entry for entry in note.entries if entry.coding and entry.coding.code == code]


def test_a_whole_note(drafter: Drafter) -> None:
    """Conditions, interventions, values and drugs of one note, in the order of their places."""
    text = "Ondt i hoften, VAS 6. Ingen åndenød. BT 140/90. Givet Ipren 200 mg kl. 9. Forbinding skiftet."
    note = drafter.draft("n", text=text)
    assert note.text == text
    said = [(entry.kind.value, entry.assertion.value) for entry in note.entries]
    assert said == [
        ("condition", "present"),
        ("observation", "measured"),
        ("condition", "absent"),
        ("observation", "measured"),
        ("observation", "measured"),
        ("medication", "given"),
        ("intervention", "completed"),
    ]
    assert [entry.id for entry in note.entries] == [f"n-{number}" for number in range(1, 8)]
    assert all(entry.evidence == text[entry.start : entry.end] for entry in note.entries)


def test_spoken_words_are_written_first(drafter: Drafter) -> None:
    """Number words become figures, and the evidence stands in the written text."""
    note = drafter.draft("n", spoken="blodtryk hundrede og tredive over firs puls tooghalvfjerds")
    assert {entry.value for entry in note.entries} == {130, 80, 72}
    assert "130/80" in note.text
    assert all(entry.evidence == note.text[entry.start : entry.end] for entry in note.entries)


def test_present_outranks_absent_and_suspected(drafter: Drafter) -> None:
    """A problem that is there makes its denied and its suspected features idle."""
    note = drafter.draft("n", text="Har åndenød, men ingen hoste. Mistanke om lungebetændelse.")
    assert [entry.assertion.value for entry in _of(note, BREATH)] == ["present"]


def test_a_thing_is_said_once(drafter: Drafter) -> None:
    """However often a problem is mentioned, it is one entry."""
    note = drafter.draft("n", text="Ondt i ryggen. Ryggen gør stadig ondt. Smerter i lænden.")
    assert len(_of(note, PAIN)) == 1


def test_next_change_plans_the_last_one_again(drafter: Drafter) -> None:
    """What "næste skift" means is the catheter that was changed."""
    note = drafter.draft("n", text="Kateteret er skiftet. Næste skift på mandag.")
    assert [entry.assertion.value for entry in _of(note, CATHETER)] == ["completed", "planned"]


def test_a_named_drug_needs_no_administration(drafter: Drafter) -> None:
    """Medicinadministration is for unnamed drugs; a drug into a vein adds an entry of its own."""
    named = drafter.draft("n", text="Zinacef 1,5 g givet i.v. kl. 14.")
    assert _of(named, ADMINISTRATION) == []
    assert [entry.assertion.value for entry in _of(named, INTRAVENOUS)] == ["completed"]
    unnamed = drafter.draft("n", text="Morgenmedicin givet.")
    assert [entry.assertion.value for entry in _of(unnamed, ADMINISTRATION)] == ["completed"]


def test_a_value_needs_no_examination(drafter: Drafter) -> None:
    """Undersøgelser og måling is recorded only where there is no value."""
    assert _of(drafter.draft("n", text="Blodtryk målt til 140/90."), EXAMINATION) == []
    missed = _of(drafter.draft("n", text="Blodtryk ikke målt."), EXAMINATION)
    assert [entry.assertion.value for entry in missed] == ["not_done"]


def test_level_and_extras(drafter: Drafter) -> None:
    """A functional level goes to its condition; triage, goal and follow-up are extras."""
    note = drafter.draft(
        "n",
        text="Kan ikke længere vaske sig, niveau 3. Forventet niveau 2. Triageret gul. Målet er at bade "
        "selv. Indsatsen fortsættes.",
    )
    levels = [entry.level for entry in note.entries if entry.level is not None]
    assert levels == [3]
    assert {extra["kind"] for extra in note.extras} >= {"expected_level", "triage", "goal", "follow_up"}
    assert all(note.text[int(str(x["start"])) : int(str(x["end"]))] == x["text"] for x in note.extras)


def test_tobs_that_does_not_add_up_is_marked(drafter: Drafter) -> None:
    """A TOBS score that its five parts contradict is unsure; one that they confirm is not."""
    parts = "RF 18, Tp 37,0, puls 76, BT 130/80, bevidsthed habituel."
    for score, unsure in ((0, False), (4, True)):
        note = drafter.draft("n", text=f"TOBS {score}: {parts}")
        (tobs,) = [
            entry for entry in note.entries if entry.evidence.startswith("TOBS") and entry.value == score
        ]
        assert tobs.unsure is unsure


def test_counterparts_are_alternatives(drafter: Drafter) -> None:
    """Alternatives are ranked below the entry's own score and are other codes."""
    note = drafter.draft("n", text="Hun glemmer aftaler og er svimmel og trist.")
    entries = [entry for entry in note.entries if entry.alternatives]
    assert entries
    for entry in entries:
        scores = [other.score for other in entry.alternatives]
        assert scores == sorted(scores, reverse=True)
        assert scores[0] < entry.score
        assert entry.coding
        assert entry.coding.code not in {other.code for other in entry.alternatives}


@pytest.mark.parametrize("arguments", [{}, {"text": "a", "spoken": "a"}])
def test_either_text_or_spoken(drafter: Drafter, arguments: dict[str, str]) -> None:
    """Neither and both are refused."""
    with pytest.raises(DraftError, match="either"):
        drafter.draft("n", **arguments)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "😀", "...", "?!", "a" * 5000, "ondt " * 2000])
def test_odd_notes(drafter: Drafter, text: str) -> None:
    """Empty, long and odd notes give a note, not a crash."""
    assert drafter.draft("n", text=text).text == text


_PIECES = """
ingen ikke har haft ondt i hoften smerter , . men tidligere skal forbinding skiftet BT 130/80
puls 72 Ipren 400 mg givet afviser bad datteren er utryg måske uvi ; : ( 3+ stix nitrit positiv
kl. 8 😀 \u0000 \ud800 å \u0301 næste skift hvis VAS % over under x × ½
"""
_WORDS = st.sampled_from(_PIECES.split())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=120), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_any_text_drafts_the_same_twice(drafter: Drafter, text: str) -> None:
    """Any text, with emoji, control characters and half characters, gives the same sound draft each time."""
    note = drafter.draft("n", text=text)
    assert note == drafter.draft("n", text=text)
    for entry in note.entries:
        assert 0 <= entry.start < entry.end <= len(text)
        assert entry.evidence == text[entry.start : entry.end]
        assert entry.assertion in ASSERTIONS[entry.kind]
        assert 0 <= entry.score <= 100
        assert (entry.name is not None) == (entry.kind is Kind.MEDICATION)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cn")), max_size=80))
def test_drafts_survive_json(drafter: Drafter, text: str) -> None:
    """A draft written as JSON reads back as the same note."""
    note = drafter.draft("n", text=f"BT 140/90. {text} Har ondt.")
    line = json.dumps(note_json(note)).encode()
    (again,) = parse_notes([line])
    assert again.entries == note.entries
    assert again.text == note.text
