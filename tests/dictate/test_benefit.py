"""Benefit: figures recomputed by hand, intervals that hold them, small groups that stay hidden."""

import statistics
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.benefit import Assumptions, NoteFacts, TooFewError, benefit, report, saved
from dictate.benefit_views import as_csv, as_html, as_text
from dictate.charts import Bar, svg_bars, text_bars

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
SPEED = Assumptions(words_per_minute=(30.0, 30.0), overhead_s=(40.0, 40.0))


def note(**changes: object) -> NoteFacts:
    """Return a note of 60 words that took 70 seconds."""
    facts = NoteFacts(
        author="anna",
        signed_at=START,
        spoken_s=30.0,
        start_to_signed_s=70.0,
        words=60,
        edits=3,
        reviews=(("condition", "accepted"), ("condition", "changed"), ("medication", "added")),
        corrected=("Smerter",),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def test_by_hand() -> None:
    """60 words at 30 a minute and 40 s of overhead are 160 s; 70 were used: 1.5 minutes saved, certainly."""
    found = benefit("", [note() for _ in range(6)], SPEED)
    assert found.saved_minutes_per_note is not None
    assert found.saved_minutes_per_note.middle == pytest.approx(1.5)
    assert found.saved_minutes_per_note.low == pytest.approx(found.saved_minutes_per_note.high)
    assert found.saved_hours is not None
    assert found.saved_hours.middle == pytest.approx(6 * 90 / 3600)
    assert (found.words, found.edits_per_note, found.edits_per_hundred_words) == (360, 3.0, 5.0)
    assert {(one.kind, one.accepted, one.changed, one.added) for one in found.reviews} == {
        ("condition", 6, 6, 0),
        ("medication", 0, 0, 6),
    }
    assert found.most_corrected == (("Smerter", 6),)


def test_time_lost_is_told_as_loss() -> None:
    """Notes that took longer than by hand give a negative figure; nothing is cut off at 0."""
    found = benefit("", [note(start_to_signed_s=400.0) for _ in range(6)], SPEED)
    assert found.saved_minutes_per_note is not None
    assert found.saved_minutes_per_note.high < 0


def test_few_or_untimed_notes_give_no_estimate() -> None:
    """Nothing is made of four notes, of notes without times, or of notes that lay over lunch."""
    assert benefit("", [note() for _ in range(4)], SPEED).saved_minutes_per_note is None
    assert benefit("", [note(start_to_signed_s=None) for _ in range(9)], SPEED).saved_hours is None
    lain = benefit("", [note(start_to_signed_s=5000.0) for _ in range(9)], SPEED)
    assert (lain.timed, lain.saved_hours, lain.start_to_signed_s) == (0, None, None)


@given(
    st.lists(
        st.tuples(st.integers(1, 400), st.floats(1, 800)).map(
            lambda pair: note(words=pair[0], start_to_signed_s=pair[1])
        ),
        min_size=5,
        max_size=40,
    )
)
def test_the_interval_holds_the_plain_estimate(notes: list[NoteFacts]) -> None:
    """Recomputed without the module's helpers: the mean of the two assumptions lies inside."""
    assumptions = Assumptions()
    found = saved(notes, assumptions)
    hands = [
        [one.words / speed * 60 + more - (one.start_to_signed_s or 0) for one in notes]
        for speed, more in ((40.0, 20.0), (20.0, 60.0))
    ]
    plain = statistics.fmean(statistics.fmean(side) for side in hands)
    assert found.middle == pytest.approx(plain, abs=1e-6)
    assert found.low <= found.middle <= found.high


def test_small_groups_are_hidden() -> None:
    """A team of four people; and the smallest of the others, as the whole without them would tell of it."""
    team = {f"p{at}": "lille" if at < 4 else "mellem" if at < 9 else "stor" for at in range(15)}
    people = [note(author=author) for author in team for _ in range(5)]
    found = report(people, SPEED, group=lambda one: team[one.author])
    assert [one.name for one in found.groups] == ["stor"]
    assert found.suppressed == 2
    for text in (as_text(found, str), as_html(found, str, title="x"), as_csv(found)):
        assert "lille" not in text
        assert "mellem" not in text
        assert "stor" in text
        assert "p0" not in text
    alone = report(
        [one for one in people if team[one.author] != "lille"], SPEED, group=lambda one: team[one.author]
    )
    assert [one.name for one in alone.groups] == ["mellem", "stor"]


@given(sizes=st.lists(st.integers(0, 12), min_size=1, max_size=6), left_out=st.integers(0, 3))
def test_no_subtraction_tells_of_a_few(sizes: list[int], left_out: int) -> None:
    """Whatever the sizes of the teams: the whole without what is shown is nothing, or five people."""
    people = [note(author=f"t{team}-{at}") for team, size in enumerate(sizes) for at in range(size)]
    people += [note(author=f"none-{at}") for at in range(left_out)]
    if len(people) < 5:
        with pytest.raises(TooFewError):
            report(people, SPEED)
        return
    found = report(people, SPEED, group=lambda one: "" if one.author[0] == "n" else one.author.split("-")[0])
    rest = len(people) - sum(one.people for one in found.groups)
    assert rest == 0 or rest >= 5
    assert all(one.people >= 5 for one in found.groups)


def test_what_an_hour_of_sound_costs() -> None:
    """12 an hour of the machine at 8 × real time is 1.50 an hour of sound; nobody asked: nothing."""
    people = [note(author=f"p{at}", spoken_s=24.0) for at in range(5)]
    costly = replace(SPEED, machine_cost=12.0, machine_speed=8.0)
    found = report(people, costly)
    assert costly.cost_of_sound == pytest.approx(1.5)
    for text in (as_text(found, str), as_html(found, str, title="x")):
        assert "1.50 an hour of sound" in " ".join(text.split())
        assert "0.05 in all" in " ".join(text.split())
    assert as_csv(found).splitlines()[1].endswith(",0.05")
    assert "Cost" not in as_text(report(people, SPEED), str)


def test_effects_compare_a_citizens_first_and_last_level() -> None:
    """Five citizens get better by a level; a condition of four citizens is not shown."""
    notes = []
    for at in range(5):
        for day, level in ((0, 3), (7, 2)):
            levels = (("a", level), ("b", level)) if at < 4 else (("a", level),)
            notes.append(
                note(
                    author=f"p{at}",
                    citizen=str(at),
                    levels=levels,
                    signed_at=START + timedelta(days=day),
                    follow_ups=("Fortsættes",),
                )
            )
    found = benefit("", notes, SPEED)
    assert [(one.code, one.citizens, one.better, one.same, one.worse) for one in found.effects] == [
        ("a", 5, 5, 0, 0)
    ]
    assert found.follow_ups == (("Fortsættes", 10),)
    assert "5 citizens, 5 better" in as_text(report(notes, SPEED), str)


@pytest.mark.parametrize(
    "changes",
    [
        {"words_per_minute": (40.0, 20.0)},
        {"words_per_minute": (0.0, 20.0)},
        {"overhead_s": (-1.0, 2.0)},
        {"machine_cost": -1.0},
        {"machine_cost": 1.0, "machine_speed": 0.0},
    ],
)
def test_impossible_assumptions(changes: dict[str, Any]) -> None:
    """Turned round, zero, negative."""
    with pytest.raises(ValueError, match=r"interval|above 0"):
        Assumptions(**changes)


def test_a_page_escapes_what_it_shows() -> None:
    """A team's name is no markup."""
    people = [note(author=f"p{at}") for at in range(6)]
    page = as_html(report(people, SPEED, group=lambda _: "<b>x</b>"), str, title="a & b")
    assert "<b>x" not in page
    assert "a &amp; b" in page


def test_charts() -> None:
    """Bars to scale, with negative values left of zero."""
    lines = text_bars([Bar(label="a", value=2.0), Bar(label="bb", value=1.0)], width=10)
    assert [line.count("█") for line in lines] == [10, 5]
    picture = svg_bars([Bar(label="a", value=-1.0, low=-2.0, high=0.5)], title="t")
    assert picture.count("<rect") == 1
    assert "<title>t</title>" in picture
