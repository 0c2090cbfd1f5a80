"""A site's wordings over a release: what fits is used, what doesn't is reported and not used."""

from pathlib import Path

import pytest

from terminology import cache
from terminology.errors import TerminologyError
from terminology.matcher import Matcher
from terminology.overlay.base import Base, Problem
from terminology.overlay.desk import Desk
from terminology.overlay.load import Overlay, load_overlay
from terminology.overlay.store import Settings, Store
from terminology.overlay.vocabulary import load, overlaid

SMERTER = "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd"
HUKOMMELSE = "e1dcf02e-6df5-487d-b596-3d499545468f"
FUNKTION = "a3ac7928-77c9-425c-a7f1-1248a3764d0a"
BOTH = "# proposed 2026-11-22T10:00:00Z by Anna: x\n# accepted 2026-11-22T11:00:00Z by Bo: y\n"
TAKEN_OUT = "# to-retire 2026-11-22T10:00:00Z by Anna: x\n# retired 2026-11-22T11:00:00Z by Bo: y\n"


def page(
    folder: Path, code: str, lines: str, *, area: str = "helbredstilstand", state: str = "spoken"
) -> None:
    """Write a file of an overlay by hand."""
    path = folder / state / area / f"{code[:8]}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"code: {code}\ndisplay: x\n\n{lines}", encoding="utf-8")


def laid(base: Base, folder: Path) -> Overlay:
    """Lay the overlay over the base."""
    return load_overlay(folder, release=base.release, base=base.spoken, parser=base.parser)


def test_without_an_overlay_the_release_stays_as_it_is(base: Base, tmp_path: Path) -> None:
    """A folder that does not exist changes nothing."""
    found = laid(base, tmp_path / "nowhere")
    assert found.spoken == base.spoken
    assert (found.added, found.conflicts) == ((), ())


def test_accepted_wordings_are_added(base: Base, tmp_path: Path) -> None:
    """To a concept with wordings and to one without; their source says that they are the site's."""
    page(tmp_path, SMERTER, f"[present]\n{BOTH}sviger\n")
    page(tmp_path, FUNKTION, f"[present]\n{BOTH}roder rundt i dagene\n", area="funktionsevnetilstand")
    found = laid(base, tmp_path)
    assert {wording.text for wording in found.added} == {"sviger", "roder rundt i dagene"}
    spoken = {one.code: one for one in found.spoken}
    assert [line.text for line in spoken[FUNKTION].sections["present"]] == ["roder rundt i dagene"]
    assert spoken[SMERTER].sections["present"][-1].source.startswith("overlay/spoken/helbredstilstand/")
    assert found.conflicts == ()


@pytest.mark.parametrize(
    ("code", "lines", "problem"),
    [
        ("00000000-0000-0000-0000-000000000000", f"[present]\n{BOTH}a\n", Problem.UNKNOWN_CODE),
        ("4db72d65-7ec1-45b4-89c3-5017c35d085e", f"[present]\n{BOTH}a\n", Problem.NO_LEAF),
        (SMERTER, f"[completed]\n{BOTH}a\n", Problem.WRONG_SECTION),
        (SMERTER, f"[present]\n{BOTH}a)\n", Problem.UNREADABLE),
        (SMERTER, "[present]\nsviger\n", Problem.UNATTRIBUTED),
        (SMERTER, "[present]\n# accepted 2026-11-22T11:00:00Z by Bo: y\nsviger\n", Problem.UNATTRIBUTED),
        (SMERTER, f"[present]\n{BOTH.replace('Bo', 'anna')}sviger\n", Problem.ONE_PERSON),
        (SMERTER, f"[present]\n{BOTH}trykspor & trykspor\n", None),
        (SMERTER, f"[present]\n{BOTH}(trykspor|liggesår)\n", Problem.TWO_CONCEPTS),
        (SMERTER, f"[present]\n{BOTH}smertefri\n", Problem.TWO_SECTIONS),
    ],
)
def test_conflicts_are_reported_and_not_used(
    base: Base, tmp_path: Path, code: str, lines: str, problem: Problem | None
) -> None:
    """Each with its reason; the vocabulary of the release stays whole."""
    page(tmp_path, code, lines)
    found = laid(base, tmp_path)
    assert [conflict.problem for conflict in found.conflicts] == ([problem] if problem else [])
    if problem:
        assert found.added == ()
        assert found.spoken == base.spoken


def test_the_same_words_for_two_concepts_of_the_overlay_conflict(base: Base, tmp_path: Path) -> None:
    """The second one is reported, whichever way it is written."""
    page(tmp_path, SMERTER, f"[present]\n{BOTH}river & svier\n")
    page(tmp_path, HUKOMMELSE, f"[present]\n{BOTH}svier & river\n")
    assert [one.problem for one in laid(base, tmp_path).conflicts] == [Problem.TWO_CONCEPTS]


def test_counterparts_may_share_words(base: Base, tmp_path: Path) -> None:
    """Concepts that name each other as counterparts are told apart by the person who reviews."""
    page(tmp_path, FUNKTION, f"[present]\n{BOTH}glemmer aftalerne\n", area="funktionsevnetilstand")
    assert laid(base, tmp_path).conflicts == ()


def test_what_the_release_has_by_now_is_redundant(base: Base, tmp_path: Path) -> None:
    """Nothing is lost when it is taken out."""
    page(tmp_path, SMERTER, f"[present]\n{BOTH}jamret sig\n")
    found = laid(base, tmp_path)
    assert [wording.text for wording in found.redundant] == ["jamret sig"]
    assert found.spoken == base.spoken


def test_a_retirement_of_what_is_gone_is_stale(base: Base, tmp_path: Path) -> None:
    """It is reported, because the release was changed under it."""
    page(
        tmp_path,
        SMERTER,
        f"[present]\n{TAKEN_OUT}væk\n",
        state="retired",
    )
    assert [wording.text for wording in laid(base, tmp_path).stale] == ["væk"]


def test_a_retirement_by_one_person_does_not_count(base: Base, tmp_path: Path) -> None:
    """The wording stays in use and the conflict is reported, unless one person is the rule."""
    page(
        tmp_path,
        SMERTER,
        f"[present]\n{TAKEN_OUT.replace('Anna', 'Bo')}jamrer sig\n",
        state="retired",
    )
    found = laid(base, tmp_path)
    assert [one.problem for one in found.conflicts] == [Problem.ONE_PERSON]
    assert found.spoken == base.spoken
    Store(tmp_path).write_settings(Settings(two_person=False))
    assert [wording.text for wording in laid(base, tmp_path).retired] == ["jamrer sig"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"PK\x03\x04\0\0", "is no text file"),
        (b"[present]\nondt\n", '"code:" is missing'),
        (b"code: x\ndisplay: y\nondt\n", "before the first"),
    ],
)
def test_a_damaged_file_is_refused(base: Base, tmp_path: Path, content: bytes, reason: str) -> None:
    """The overlay is not read by halves."""
    path = tmp_path / "spoken" / "helbredstilstand" / "x.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(TerminologyError, match=reason):
        laid(base, tmp_path)


def test_an_unknown_area_is_refused(base: Base, tmp_path: Path) -> None:
    """A folder that is no area is not passed over."""
    (tmp_path / "spoken" / "helbred").mkdir(parents=True)
    with pytest.raises(TerminologyError, match="is no area"):
        laid(base, tmp_path)


def test_a_move_that_was_cut_short_is_mended(desk: Desk) -> None:
    """A wording that stands in two folders counts once, as what happened to it last."""
    made = desk.propose(SMERTER, "present", "sviger", by="Anna", why="x")
    (file,) = desk.store.folder.rglob("*.txt")
    before = file.read_bytes()
    desk.accept(made, by="Bo", why="y")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(before)  # as if the program had been killed before it removed the proposal
    assert desk.queue() == ()
    assert [one.text for one in desk.laid().added] == ["sviger"]


def test_the_matcher_gets_a_vocabulary_with_the_overlay_in_it(base: Base, desk: Desk) -> None:
    """Rows of the site stand among those of the release, cues stay, and the whole is compiled."""
    known = cache.Vocabulary(
        concepts=base.spoken,
        rows=(),
        lists=base.parser.lists,
        drugs=(),
        compiled=cache.compile_rows((), base.parser.lists),
    )
    same, _ = overlaid(known, base.release, desk.store.folder)
    assert same is known
    made = desk.propose(SMERTER, "present", "sviger", by="Anna", why="x")
    desk.accept(made, by="Bo", why="y")
    changed, overlay = overlaid(known, base.release, desk.store.folder)
    assert "sviger" in {row.line.text for row in changed.rows}
    assert len(changed.compiled.needs) == len(changed.rows)
    assert [one.text for one in overlay.added] == ["sviger"]


def test_the_matcher_reads_notes_with_the_sites_wordings(tmp_path: Path) -> None:
    """From the user's own folders; kept in the cache under a key that a change of the overlay changes."""
    site, kept_in = tmp_path / "terms", tmp_path / "cache"
    page(site, SMERTER, f"[present]\n{BOTH}kvistrer i knoglerne\n")
    page(site, HUKOMMELSE, "[present]\nuden underskrift\n", area="funktionsevnetilstand")
    known = load(site, kept_in)
    again = load(site, kept_in)
    assert again.rows == known.rows
    assert again.conflicts == known.conflicts == 1
    (found,) = Matcher.of(again).read("Det kvistrer i knoglerne.").found
    assert found.spoken.code == SMERTER
    page(site, SMERTER, f"[present]\n{BOTH}kvistrer i knoglerne\n{BOTH}sviger i leddene\n")
    assert len(load(site, kept_in).rows) == len(known.rows) + 1
