"""Terms found in text: by which stage, where, and which of several."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terminology.concept import Method
from terminology.lookup import Lookup, LookupOptions, build
from terminology.normalise import tokens


@pytest.mark.parametrize(
    ("text", "code", "method"),
    [
        ("Der ses et tryksår.", "A1", Method.EXACT),
        ("TRYKSÅR", "A1", Method.EXACT),
        ("trykssår", "A1", Method.FUZZY),
        ("Flere af tryksårene væsker", "A1", Method.LEMMA),
        ("et tryk sår på balden", "A1", Method.COMPOUND),
        ("akut lunge betændelse", "A3", Method.COMPOUND),
        ("kendt hjertesvigt", "A9", Method.COMPOUND),
        ("fraktur af højre lårbne", "A5", Method.FUZZY),
        ("problemer med personlg pleje", "A7", Method.FUZZY),
        ("problmer ed personlig pleje", "A7", Method.FUZZY),
        ("sidste uge svimmelhet", "B4", Method.FUZZY),
        ("lungebedendelsse", "A4", Method.PHONETIC),
        ("enkåntenens", "B3", Method.PHONETIC),
    ],
)
def test_each_stage_says_so(lookup: Lookup, text: str, code: str, method: Method) -> None:
    """A term is found however it is written, and the match says how."""
    mentions = lookup.mentions(text)
    assert [(one.matches[0].code, one.matches[0].method) for one in mentions] == [(code, method)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Borgeren sad ved bordet og læste avis.",
        "fraktur",
        "fraktur. Af højre lårben",
        "Han fik 2 stykker",
        "og af på med",
        "Hunden gik en tur",
    ],
)
def test_nothing_is_found_where_nothing_is(lookup: Lookup, text: str) -> None:
    """Parts of terms, bare numbers and everyday words are no mentions; a term ends with its sentence."""
    assert lookup.mentions(text) == ()


def test_the_longest_wins(lookup: Lookup) -> None:
    """A term within a longer one is not listed beside it."""
    (mention,) = lookup.mentions("Indlagt med akut lungebetændelse i går")
    assert (mention.matches[0].code, mention.text) == ("A3", "akut lungebetændelse")


def test_ambiguity_is_kept(lookup: Lookup) -> None:
    """Terms that the same words may be stand side by side, the one as written first."""
    (mention,) = lookup.mentions("kold fod")
    assert [(one.code, one.method) for one in mention.matches] == [("B2", Method.EXACT), ("B1", Method.LEMMA)]
    (mention,) = lookup.mentions("Depression")
    assert [one.code for one in mention.matches] == ["B6", "B7"]


def test_an_everyday_word_is_not_bent(lookup: Lookup) -> None:
    """A Danish word stands for another one only beside words that are as they should be."""
    assert lookup.mentions("kolde fade") == ()
    (mention,) = lookup.mentions("problemer med personlig plejer")
    assert mention.matches[0].code == "A7"


def test_options(index: Path) -> None:
    """Guessing can be switched off, and the cutoff raised."""
    strict = Lookup.open(index, options=LookupOptions(fuzzy=False, phonetic=False))
    assert strict.mentions("nedsat apetit") == ()
    assert strict.mentions("nedsat appetit")
    high = Lookup.open(index, options=LookupOptions(cutoff=99.0))
    assert high.mentions("nedsat apetit") == ()
    one = Lookup.open(index, options=LookupOptions(alternatives=1))
    assert len(one.mentions("kold fod")[0].matches) == 1


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_offsets_hold_in_any_text(lookup: Lookup, text: str) -> None:
    """Whatever stands around a term, its place is right, mentions are in order and don't overlap."""
    whole = f"{text} . tryksår . {text}"
    mentions = lookup.mentions(whole)
    assert any(one.text == "tryksår" and one.start == len(text) + 3 for one in mentions)
    end = 0
    for one in mentions:
        assert one.start >= end
        assert whole[one.start : one.end] == one.text
        end = one.end


_WORDS = st.sampled_from(
    ["sår", "ben", "på", "hæl", "fod", "venstre", "højre", "lunge", "betændelse", "svær"]
)
_TERMS = st.lists(_WORDS, min_size=1, max_size=4).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(_TERMS, min_size=1, max_size=12, unique=True))
def test_every_term_is_found_as_it_is_written(
    tmp_path_factory: pytest.TempPathFactory, terms: list[str]
) -> None:
    """Whatever the terms, a note that is one of them mentions it, exactly."""
    path = tmp_path_factory.mktemp("terms") / "x.idx"
    build([(f"C{number}", term) for number, term in enumerate(terms)], path)
    lookup = Lookup.open(path)
    for number, term in enumerate(terms):
        found = lookup.mentions(term)
        if set(term.split()) == {"på"}:  # common words tell nothing
            assert found == ()
            continue
        (mention,) = found
        assert (mention.start, mention.end) == (0, len(term))
        assert f"C{number}" in {match.code for match in mention.matches}
        assert mention.matches[0].method is Method.EXACT


def test_work_is_bounded(tmp_path: Path) -> None:
    """A note made of nothing but the words of branching terms ends soon."""
    words = ["sår", "såret", "sårene", "ben", "benet", "benene"]
    rows = [(f"{a}{b}{c}{d}", f"{a} {b} {c} {d}") for a in words for b in words for c in words for d in words]
    build(rows, tmp_path / "x.idx")
    lookup = Lookup.open(tmp_path / "x.idx")
    note = "sår ben " * 300
    mentions = lookup.mentions(note)
    assert len(mentions) == len(tokens(note)) // 4
