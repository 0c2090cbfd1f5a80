"""Proposing, deciding, retiring and merging, each step kept with who, when and why."""

from dataclasses import replace

import pytest

from terminology.concept import Status
from terminology.errors import TerminologyError
from terminology.overlay.base import Problem, WordingError
from terminology.overlay.desk import Desk
from terminology.overlay.store import Settings
from terminology.overlay.successors import accepted_successors
from terminology.overlay.wording import Act, State

SMERTER = "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd"
TRYKSAAR = "bb0ea5fa-3462-40de-9047-a16fc4815a47"
SAARBEHANDLING = "76878386-b3d2-4320-828a-a700e8a66234"


def used(desk: Desk, code: str, section: str = "present") -> list[str]:
    """Return the wordings of a concept that are in use."""
    spoken = {one.code: one for one in desk.laid().spoken}
    return [line.text for line in spoken[code].sections.get(section, ())]


def retired_code(desk: Desk) -> str:
    """Return a retired condition."""
    return next(
        concept.code
        for concept in desk.base.release.concepts
        if concept.kind == "helbredstilstand" and concept.leaf and concept.status is Status.RETIRED
    )


def test_a_proposal_is_used_once_a_second_person_accepted_it(desk: Desk) -> None:
    """Before that it waits; afterwards the file says who did what."""
    made = desk.propose(SMERTER, "present", "sviger i lysken", by="Anna", why="siges herude")
    assert "sviger i lysken" not in used(desk, SMERTER)
    done = desk.accept(made, by="Bo", why="enig")
    assert "sviger i lysken" in used(desk, SMERTER)
    assert [(step.act, step.by) for step in done.events] == [(Act.PROPOSED, "Anna"), (Act.ACCEPTED, "Bo")]
    assert desk.queue() == ()
    files = [path for path in desk.store.folder.rglob("*.txt") if path.is_file()]
    assert [path.parent.parent.name for path in files] == ["spoken"]


@pytest.mark.parametrize("by", ["Anna Holm", "anna holm", " Anna  Holm "])
def test_nobody_decides_on_an_own_proposal(desk: Desk, by: str) -> None:
    """However the name is typed; the proposal goes on waiting."""
    made = desk.propose(SMERTER, "present", "sviger", by="Anna Holm", why="siges")
    for decide in (desk.accept, desk.reject):
        with pytest.raises(TerminologyError, match="a second person must decide"):
            decide(made, by=by, why="ja")
    assert [one.id for one in desk.queue()] == [made.id]


def test_a_site_may_have_the_one_person_rule(desk: Desk) -> None:
    """Then one person proposes, accepts and retires."""
    desk.store.write_settings(Settings(two_person=False))
    made = desk.propose(SMERTER, "present", "sviger", by="Anna", why="siges")
    desk.accept(made, by="Anna", why="siges")
    assert "sviger" in used(desk, SMERTER)
    desk.retire(SMERTER, "present", "sviger", by="Anna", why="for bredt")
    assert "sviger" not in used(desk, SMERTER)


def test_a_rejected_wording_is_kept_and_not_proposed_again_by_accident(desk: Desk) -> None:
    """The reason is shown; with `again` it may be proposed once more, its history kept."""
    made = desk.propose(SMERTER, "present", "sviger", by="Anna", why="siges")
    desk.reject(made, by="Bo", why="for bredt")
    with pytest.raises(TerminologyError, match="rejected by Bo: for bredt"):
        desk.propose(SMERTER, "present", "sviger", by="Carl", why="siges")
    again = desk.propose(SMERTER, "present", "sviger", by="Carl", why="siges", again=True)
    assert [step.by for step in again.events] == ["Anna", "Bo", "Carl"]
    assert desk.store.wordings(State.REJECTED) == ()


def test_a_wording_of_the_release_can_be_retired_and_revived(desk: Desk) -> None:
    """It goes when the retirement is accepted, and comes back when it is accepted again."""
    made = desk.retire(SMERTER, "present", "jamrer  sig", by="Anna", why="for bredt")
    assert "jamrer sig" in used(desk, SMERTER)
    desk.accept(made, by="Bo", why="ja")
    assert "jamrer sig" not in used(desk, SMERTER)
    again = desk.propose(SMERTER, "present", "jamrer sig", by="Anna", why="alligevel", again=True)
    assert "jamrer sig" not in used(desk, SMERTER)  # until somebody accepts it
    desk.accept(again, by="Bo", why="ja")
    assert "jamrer sig" in used(desk, SMERTER)


def test_a_rejected_retirement_changes_nothing(desk: Desk) -> None:
    """The wording stays in use, and no proposal waits."""
    made = desk.propose(SMERTER, "present", "sviger", by="Anna", why="siges")
    desk.accept(made, by="Bo", why="ja")
    asked = desk.retire(SMERTER, "present", "sviger", by="Anna", why="for bredt")
    desk.reject(asked, by="Bo", why="nej")
    assert "sviger" in used(desk, SMERTER)
    assert desk.queue() == ()


def test_what_nobody_has_cannot_be_retired(desk: Desk) -> None:
    """A wording that is nowhere is refused."""
    with pytest.raises(TerminologyError, match="Neither the overlay nor release"):
        desk.retire(SMERTER, "present", "findes ikke", by="Anna", why="x")


@pytest.mark.parametrize(
    ("code", "section", "text", "problem"),
    [
        ("00000000-0000-0000-0000-000000000000", "present", "a", Problem.UNKNOWN_CODE),
        ("4db72d65-7ec1-45b4-89c3-5017c35d085e", "present", "a", Problem.NO_LEAF),
        ("c6e71993-5d72-409a-8ab9-ecc094968635", "present", "a", Problem.WRONG_AREA),
        (SMERTER, "completed", "a", Problem.WRONG_SECTION),
        (SMERTER, "present", "(a|b", Problem.UNREADABLE),
        (SMERTER, "present", "Ondt", Problem.UNREADABLE),
        (SMERTER, "present", "ondt {findesikke}", Problem.UNREADABLE),
        (SMERTER, "present", "ord " * 50, Problem.UNREADABLE),
        (SMERTER, "present", "ring 12345678", Problem.PERSONAL),
        (SMERTER, "present", "smerter mærkes, 010190-1234", Problem.PERSONAL),
        (TRYKSAAR, "present", "jamrede sig", Problem.TWO_CONCEPTS),
        (TRYKSAAR, "present", "sted {ondt} [i] {sted}", None),
        (SMERTER, "absent", "jamrer sig", Problem.TWO_SECTIONS),
        (SMERTER, "present", "jamret sig", Problem.KNOWN),
    ],
)
def test_what_cannot_be_used_is_refused_at_once(
    desk: Desk, code: str, section: str, text: str, problem: Problem | None
) -> None:
    """Codes, sections, expressions, personal numbers, and words that say something else already."""
    if problem is None:
        assert desk.propose(code, section, text, by="Anna", why="x").state is State.PROPOSED
        return
    with pytest.raises(WordingError) as caught:
        desk.propose(code, section, text, by="Anna", why="x")
    assert caught.value.problem is problem
    assert desk.store.wordings() == ()
    assert "1234" not in str(caught.value)


def test_a_clash_that_came_meanwhile_is_found_on_acceptance(desk: Desk) -> None:
    """Two proposals of the same words for two concepts: one can be accepted, the other then not."""
    one = desk.propose(SMERTER, "present", "sviger", by="Anna", why="x")
    other = desk.propose(TRYKSAAR, "present", "sviger", by="Anna", why="x")
    desk.accept(one, by="Bo", why="ja")
    with pytest.raises(WordingError, match='says "Problemer med smerter" already'):
        desk.accept(other, by="Bo", why="ja")
    assert [waiting.id for waiting in desk.queue()] == [other.id]


@pytest.mark.parametrize("meanwhile", ["accept", "reject"])
def test_a_decision_on_what_was_decided_meanwhile_is_refused(desk: Desk, meanwhile: str) -> None:
    """The second person is told who was first."""
    seen = desk.propose(SMERTER, "present", "sviger", by="Anna", why="x")
    getattr(desk, meanwhile)(seen, by="Bo", why="ja")
    with pytest.raises(TerminologyError, match=rf"was {meanwhile}ed by Bo meanwhile"):
        desk.accept(seen, by="Carl", why="ja")


def test_a_decision_on_a_changed_proposal_is_refused(desk: Desk) -> None:
    """A proposal with other events than those that were seen is not the one that was looked at."""
    made = desk.propose(SMERTER, "present", "sviger", by="Anna", why="x")
    with pytest.raises(TerminologyError, match="meanwhile"):
        desk.accept(replace(made, events=()), by="Bo", why="ja")


def test_merging_takes_wordings_to_the_successor(desk: Desk) -> None:
    """They are proposed there; once the successor is accepted the old ones are put aside."""
    old = retired_code(desk)
    concept = desk.base.release.by_code[old]
    path = desk.store.folder / "spoken/helbredstilstand/gammel.txt"
    path.parent.mkdir(parents=True)
    path.write_text(
        f"code: {old}\ndisplay: {concept.display}\n\n[present]\n"
        "# proposed 2026-01-01T00:00:00Z by Anna: x\n# accepted 2026-01-02T00:00:00Z by Bo: y\ngammelt ord\n",
        encoding="utf-8",
    )
    assert [one.problem for one in desk.laid().conflicts] == [Problem.RETIRED_CODE]
    made, moved = desk.merge(old, SMERTER, by="Anna", why="afløst")
    assert [(one.text, one.code) for one in moved] == [("gammelt ord", SMERTER)]
    assert accepted_successors(desk.successions()) == {}
    with pytest.raises(TerminologyError, match="second person"):
        desk.decide_succession(made.id, accepted=True, by="Anna", why="ja")
    desk.decide_succession(made.id, accepted=True, by="Bo", why="ja")
    assert accepted_successors(desk.successions()) == {old: SMERTER}
    assert desk.laid().conflicts == ()
    desk.accept(desk.queue()[0], by="Bo", why="ja")
    assert "gammelt ord" in used(desk, SMERTER)


def test_only_what_fits_can_be_merged(desk: Desk) -> None:
    """A current concept has no successor, and a condition does not become an intervention."""
    with pytest.raises(TerminologyError, match="is current"):
        desk.merge(TRYKSAAR, SMERTER, by="Anna", why="x")
    with pytest.raises(TerminologyError, match="not both"):
        desk.merge(retired_code(desk), SAARBEHANDLING, by="Anna", why="x")
    desk.merge(retired_code(desk), SMERTER, by="Anna", why="x")
    with pytest.raises(TerminologyError, match="already"):
        desk.merge(retired_code(desk), SMERTER, by="Carl", why="x")


def test_ids_may_be_shortened(desk: Desk) -> None:
    """The beginning of an id is enough where it is the only one."""
    made = desk.propose(SMERTER, "present", "sviger", by="Anna", why="x")
    assert desk.store.find(made.id[:4]).id == made.id
    for wrong in ("", "zz"):
        with pytest.raises(TerminologyError, match="id"):
            desk.store.find(wrong)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("format = 2\n", "format 2"),
        ("two_person = 1\n", "format None"),
        ("format = 1\ntwo_person = 1\n", "something else"),
        ("format = 1\nother = true\n", "something else"),
        ("format = = 1\n", "damaged"),
        ("", "empty"),
    ],
)
def test_damaged_settings_are_refused(desk: Desk, content: str, reason: str) -> None:
    """The rule of two persons is never guessed."""
    desk.store.folder.mkdir(parents=True)
    (desk.store.folder / "overlay.toml").write_text(content, encoding="utf-8")
    with pytest.raises(TerminologyError, match=reason):
        desk.store.settings()
