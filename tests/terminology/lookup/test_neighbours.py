"""What unsure words may have been meant as."""

from pathlib import Path

import pytest

from terminology.concept import Method
from terminology.lookup import Lookup, build
from terminology.lookup.index import By


@pytest.mark.parametrize("by", ["spelling", "phonetic", "both"])
@pytest.mark.parametrize(
    ("span", "code"),
    [
        ("tøk sår", "A1"),
        ("tryksår", "A1"),
        ("lunge betennelse", "A4"),
        ("fragtur av høj lårben", "A5"),
        ("nedsatte petit", "A6"),
        ("svemmelhed", "B4"),
        ("hjærte svikt", "A9"),
    ],
)
def test_misheard_terms_are_near(lookup: Lookup, span: str, code: str, by: By) -> None:
    """The term that was said is the nearest, by every way to compare."""
    assert lookup.neighbours(span, 3, by)[0].code == code


def test_scores_fall_and_the_limit_holds(lookup: Lookup) -> None:
    """The list is ranked; what is written alike is exact and comes first."""
    found = lookup.neighbours("lungebetændelse", 4)
    assert len(found) == 4
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert (found[0].code, found[0].score, found[0].method) == ("A4", 100.0, Method.EXACT)
    assert found[1].method is Method.FUZZY
    assert lookup.neighbours("lungebetændelse", 1, "phonetic")[0].method is Method.EXACT


@pytest.mark.parametrize("span", ["", " ", "...", "\ud800", "😀", "x" * 100_000])
def test_any_span_is_answered(lookup: Lookup, span: str) -> None:
    """Nothing, no words, or far too much is answered with few or no terms."""
    assert len(lookup.neighbours(span, 3)) <= 3


def test_an_empty_index_has_no_neighbours(tmp_path: Path) -> None:
    """No terms, no answers."""
    build([], tmp_path / "x.idx")
    lookup = Lookup.open(tmp_path / "x.idx")
    assert lookup.neighbours("sår") == ()
    assert lookup.mentions("sår") == ()
