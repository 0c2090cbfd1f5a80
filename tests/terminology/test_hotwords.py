"""The wordings written out as plain phrases for the recogniser."""

from pathlib import Path

import pytest

from terminology.cache import Vocabulary
from terminology.hotwords import LONGEST, build_phrases, phrases
from terminology.index import Row, compile_rows
from terminology.lookup import Lookup
from terminology.pattern import Line
from terminology.release import load


def _vocabulary(wording: str) -> Vocabulary:
    """Return a vocabulary of one wording beside a list, a look-alike, a cue and a drug."""
    body = ("knæ", "(hoften|skulderen)")
    lists = {"krop": tuple(Line(text=text, source="slots/krop.txt:1") for text in body)}
    rows = [
        Row(owner=owner, section=section, line=Line(text=text, source="x.txt:1"))
        for owner, section, text in (
            ("c", "present", wording),
            ("c", "blocked", "fodbold"),
            ("", "cue", "ingen anelse"),
        )
    ]
    return Vocabulary(
        concepts=(),
        rows=tuple(rows),
        lists=lists,
        drugs=("panodil zapp",),
        compiled=compile_rows(rows, lists),
    )


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        ("tryksår", {"tryksår"}),
        ("(kvalme|kaster op)", {"kvalme", "kaster op"}),
        ("svært [meget] nedsat", {"svært nedsat"}),
        ("hævede & ankler & !strømper", {"hævede", "ankler"}),
        ("smerte*", {"smerte"}),
        ("obstip*", set()),
        ("ondt ... nat", set()),
        ("faldet <n> gange", set()),
        ("(trykksår|tryksår|tryk sår)", {"tryksår"}),
        ("og (er|var) med", set()),
        ("en meget lang wording over fem ord", set()),
    ],
)
def test_wordings_are_written_out(wording: str, told: set[str]) -> None:
    """Choices and optional parts become phrases; slips, numbers, gaps and common words don't."""
    beside = {"knæ", "hoften", "skulderen", "panodil zapp"}
    official = {name.value for concept in load().concepts for name in concept.designations}
    official |= {observation.name for observation in load().observations}
    assert set(phrases(_vocabulary(wording))) - beside - (official - told) == told


@pytest.mark.slow
def test_the_shipped_vocabulary_serves_the_recogniser(tmp_path: Path) -> None:
    """The shipped vocabulary gives some ten thousand short phrases, and misheard ones are near to them."""
    told = phrases()
    assert 10_000 <= len(told) <= 40_000
    assert len(set(told)) == len(told)
    assert list(told) == sorted(told)
    assert {"tryksår", "kateter", "svimmel"} <= set(told)
    assert "afførring" not in told
    short = [phrase for phrase in told if len(phrase.split()) <= LONGEST]
    assert len(short) > 0.99 * len(told)
    about = build_phrases(tmp_path / "phrases.idx")
    assert about.terms == len(told)
    lookup = Lookup.open(tmp_path / "phrases.idx")
    for heard, meant in (
        ("hjærtesvikt", "hjertesvigt"),
        ("kadeter", "kateter"),
        ("støtestrømper", "støttestrømper"),
    ):
        assert lookup.neighbours(heard, 1)[0].value == meant
