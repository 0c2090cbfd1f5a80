"""The files of an overlay: read strictly, edited line by line."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import TerminologyError
from terminology.overlay.page import ORDER, insert, parse, remove, slug
from terminology.overlay.wording import Act, Event, State, Wording, event, parse_event

CODE = "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd"
HEAD = f"code: {CODE}\ndisplay: Problemer med smerter\n"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def wording(text: str, section: str = "present", *, by: str = "Anna") -> Wording:
    """Make a proposed wording."""
    return Wording(
        code=CODE,
        area="helbredstilstand",
        section=section,
        text=text,
        state=State.PROPOSED,
        events=(Event(act=Act.PROPOSED, by=by, at=NOON, why="siges herude"),),
    )


def read(text: str) -> tuple[Wording, ...]:
    """Read a file of proposals."""
    return parse(text, place="proposed/x.txt", area="helbredstilstand", state=State.PROPOSED).wordings


def test_what_is_inserted_is_read_back() -> None:
    """Text, section and events come back, with the line they stand on."""
    text = insert(HEAD, wording("ondt i hoften"))
    (found,) = read(text)
    assert (found.text, found.section, found.events) == ("ondt i hoften", "present", wording("x").events)
    assert text.splitlines()[int(found.source.rpartition(":")[2]) - 1] == "ondt i hoften"


def test_sections_stand_in_their_usual_order() -> None:
    """A new section takes its place among the others, whatever came first."""
    text = HEAD
    for section in ("blocked", "absent", "present"):
        text = insert(text, wording(f"ord {section}", section))
    assert [line for line in text.splitlines() if line.startswith("[")] == [
        "[present]",
        "[absent]",
        "[blocked]",
    ]


def test_lines_of_people_stay() -> None:
    """Comments and blank lines that somebody wrote survive an insertion and a removal."""
    text = f"{HEAD}\n[present]\n# hofter og knæ\n\nondt i knæet  # fra kursus\n"
    changed = insert(text, wording("ondt i hoften"))
    added = next(one for one in read(changed) if one.text == "ondt i hoften")
    assert remove(changed, added) == text


def test_events_belong_to_the_line_below_them_only() -> None:
    """A line without events of its own does not take those of a line that was removed by hand."""
    text = f"{HEAD}\n[present]\n# proposed 2026-11-22T12:00:00Z by Anna: x\n\nondt i knæet\n"
    assert read(text)[0].events == ()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[present]\nondt\n", 1, '"code:" is missing'),
        (f"{HEAD}ondt\n", 3, "before the first [section]"),
        (f"{HEAD}code: x\n", 3, "stands twice"),
        (f"{HEAD}\n[present]\n{'a' * 700}\n", 5, "more than 600"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    """File, line and reason are named."""
    with pytest.raises(TerminologyError, match=f"proposed/x.txt, line {line}: ") as caught:
        read(text)
    assert reason in str(caught.value)


WORDS = st.lists(st.sampled_from(["ondt", "hoften", "=gang", "(a|b)", "svier*"]), min_size=1, max_size=4)


@given(st.lists(st.tuples(WORDS, st.sampled_from(ORDER)), min_size=1, max_size=8))
def test_inserting_and_removing_all_leaves_the_head(entries: list[tuple[list[str], str]]) -> None:
    """Any wordings in any order are all read back, and can all be taken out again."""
    wordings = {(one := wording(" ".join(words), section)).id: one for words, section in entries}
    text = HEAD
    for one in wordings.values():
        text = insert(text, one)
    assert {one.id for one in read(text)} == set(wordings)
    while found := read(text):
        text = remove(text, found[0])
    assert text == HEAD


@given(st.text(max_size=40), st.text(max_size=60))
def test_an_event_is_one_line_or_refused(by: str, why: str) -> None:
    """Whatever people type as name and reason comes back from the file, or is refused in a sentence."""
    try:
        made = event(Act.ACCEPTED, by=by, why=why, at=NOON)
    except TerminologyError:
        return
    assert len(made.line.splitlines()) == 1
    assert parse_event(made.line) == made


@pytest.mark.parametrize("why", ["hun bor på 010190-1234", "ring 12 34 56 78", ""])
def test_a_reason_holds_nothing_about_a_citizen(why: str) -> None:
    """Numbers that look like CPR or telephone numbers are refused and not repeated."""
    with pytest.raises(TerminologyError) as caught:
        event(Act.PROPOSED, by="Anna", why=why)
    assert "1234" not in str(caught.value)


def test_an_id_is_the_same_for_the_same_words() -> None:
    """Spaces and case don't count; section and concept do."""
    assert wording("ondt  i hoften").id == wording("Ondt i hoften").id
    assert wording("ondt i hoften").id != wording("ondt i hoften", "absent").id


def test_slug_is_ascii() -> None:
    """A term becomes a file name as the vocabulary has it."""
    assert slug("Problemer med tryksår") == "problemer_med_tryksaar"
    assert slug("Køn, krop (§ 83)") == "koen_krop_83"
