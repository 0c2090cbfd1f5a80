"""Templates: spoken words fall into fields, and none is lost."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui.template import fill, parse, read_all

ISBAR = parse("# ISBAR\nSituation: situation, situationen\nBaggrund: baggrund\nPlan\n")


def test_cues_open_fields() -> None:
    """A sentence that begins with a cue goes to its field, without the cue; what follows stays there."""
    text = (
        "Besøg i dag. Situation hun er faldet. Hun har ondt. Baggrund: diabetes. Planen er ro. Plan ring nu."
    )
    assert fill(ISBAR, text).splitlines() == [
        "Besøg i dag.",
        "Situation: Hun er faldet. Hun har ondt.",
        "Baggrund: Diabetes. Planen er ro.",
        "Plan: Ring nu.",
    ]


def test_filling_twice_changes_nothing() -> None:
    """A text that is in the fields already stays there."""
    once = fill(ISBAR, "Situation hun er faldet. Plan ro.")
    assert fill(ISBAR, once) == once


@given(
    st.lists(
        st.sampled_from(["Hun går.", "Situation", "37,4 grader.", "baggrund", "Plan", "a/b"]), max_size=8
    )
)
def test_no_word_is_lost(parts: list[str]) -> None:
    """Every word but cues stands in the result."""
    text = " ".join(parts)
    cues = {"situation", "baggrund", "plan"}
    said = [word for word in text.replace(".", " ").lower().split() if word not in cues]
    shown = fill(ISBAR, text).replace(".", " ").replace(":", " ").lower().split()
    for word in said:
        assert word in shown


def test_shipped_and_own_templates(tmp_path: Path) -> None:
    """A site's template stands beside the shipped ones, and wins by its name."""
    assert [one.name for one in read_all(tmp_path)] == ["Fald", "ISBAR", "Medicin", "Sårvurdering", "TOBS"]
    (tmp_path / "own.txt").write_text("# Fald\nHvad\n", encoding="utf-8")
    (fald,) = [one for one in read_all(tmp_path) if one.name == "Fald"]
    assert [field.name for field in fald.fields] == ["Hvad"]


def test_spoken_values_fall_into_tobs() -> None:
    """The written form of spoken values opens the fields."""
    (tobs,) = [one for one in read_all(Path("none")) if one.name == "TOBS"]
    filled = fill(tobs, "RF 18. Sat. 95 %. Pulsen er 80. BT 140/80. Tp 37,2. TOBS-score 2.")
    for line in ("Respirationsfrekvens: 18.", "Blodtryk: 140/80.", "Temperatur: 37,2.", "TOBS-score: 2."):
        assert line in filled.splitlines()
