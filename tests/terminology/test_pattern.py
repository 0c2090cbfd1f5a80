"""The language of expressions: what matches, what is refused, and how fast it is found."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import TerminologyError
from terminology.index import Index, NoteLattice, Row, compile_rows, sentences
from terminology.normalise import tokens
from terminology.pattern import Line

LISTS = {
    "sted": ("hofte", "(knæ|albue)", "nederste del af ryggen"),
    "side": ("højre", "venstre"),
    "hele": ("{side} {sted}", "{sted}"),
}
MATCHES = (
    ("ondt i hoften", "Har ondt i hoften.", ["ondt i hoften"]),
    ("ondt i hofte", "Ondt i hofterne", ["Ondt i hofterne"]),
    ("=ondt", "ondet", []),
    ("=gang", "gange", []),
    ("smert*", "smertestillende", ["smertestillende"]),
    ("*smerte", "rygsmerterne", ["rygsmerterne"]),
    ("*smerte", "smertefri", []),
    ("*sår*", "liggesårene", ["liggesårene"]),
    ("(a|b c|d) e", "b c e", ["b c e"]),
    ("(a|b c|d) e", "b e", []),
    ("x [y] z", "x z og x y z", ["x z", "x y z"]),
    ("ondt i {sted}", "ondt i albuen", ["ondt i albuen"]),
    ("ondt i {hele}", "ondt i venstre knæ", ["ondt i venstre knæ"]),
    ("ondt i {hele}", "ondt i nederste del af ryggen", ["ondt i nederste del af ryggen"]),
    ("såret ... rødt", "Såret er lidt varmt rødt", ["Såret", "rødt"]),
    ("såret ... rødt", "Såret er nu igen lidt rødt", []),
    ("skiftet & forbinding*", "Forbindingen på hælen er skiftet.", ["Forbindingen", "skiftet"]),
    ("skiftet & forbinding*", "Forbindingen er tør. Skiftet ble.", []),
    ("(sår|plaster) & (plaster|skiftet)", "Plaster ligger klar.", []),
    ("(sår|plaster) & (plaster|skiftet)", "Plaster er skiftet.", ["Plaster", "skiftet"]),
    ("slået [hul] & hul", "slået hul", ["slået hul", "hul"]),
    ("(ikke|aldrig) spist ... (ikke|aldrig) drukket", "ikke spist, når hun ikke har drukket", []),
    ("hud & rød & !sår", "huden er rød", ["huden", "rød"]),
    ("hud & rød & !sår", "huden om såret er rød", []),
    ("vågen <n> gange", "vågen 3 gange", ["vågen 3 gange"]),
    ("vågen <n> gange", "vågen tre gange", ["vågen tre gange"]),
    ("peg-sonde", "PEG-sonden", ["PEG-sonden"]),
    ("i.v. antibiotika", "i.v. antibiotika", ["i.v. antibiotika"]),
    ("tryksår på hælen", "tryk sår på hælen", ["tryk sår på hælen"]),
    ("svier når hun tisser", "svier, når hun tisser", ["svier, når hun tisser"]),
    ("ondt knæ", "ondt, knæet", []),
    ("har ondt", "har. Ondt", []),
)
REFUSED = (
    ("(a|b", 'a "\\)" is missing'),
    ("[a]", "could match nothing"),
    ("... a", "must stand between words"),
    ("a ...", "must stand between words"),
    ("a & ", "something is missing"),
    ("!a", 'can only follow "&"'),
    ("a @sure", "is not a mark"),
    ("=a*", "both"),
    ("*a*", "too short"),
    ("Ondt", "capitals"),
    ("{Sted}", "no slot name"),
    ("{findes_ikke}", "there is no list"),
    ("a % b", "has no meaning"),
    ("", "empty"),
    ("(a|)", "something is missing"),
)


def _index(expressions: Sequence[str], lists: Mapping[str, Sequence[str]] = LISTS) -> Index:
    rows = [
        Row(owner="", section="", line=Line(text=text, source=f"test.txt:{number}"))
        for number, text in enumerate(expressions, start=1)
    ]
    read = {
        name: tuple(Line(text=text, source=f"slots/{name}.txt:1") for text in texts)
        for name, texts in lists.items()
    }
    return Index(rows, read, compile_rows(rows, read))


def _found(index: Index, text: str) -> list[str]:
    words = tokens(text)
    hits = index.find(NoteLattice(words, index.words), sentences(words))
    return [text[words[low].start : words[high - 1].end] for hit in hits for low, high in sorted(hit.spans)]


@pytest.mark.parametrize(("expression", "text", "expected"), MATCHES)
def test_what_matches(expression: str, text: str, expected: list[str]) -> None:
    """An expression finds its family of wordings and nothing else."""
    assert _found(_index([expression]), text) == expected


@pytest.mark.parametrize(("expression", "reason"), REFUSED)
def test_what_is_refused(expression: str, reason: str) -> None:
    """A line that is no expression is refused with its place and the reason."""
    with pytest.raises(TerminologyError, match=rf"test\.txt:1: .*{reason}"):
        _index([expression])


def test_a_shared_list_takes_no_conjunction() -> None:
    """A slot stands for a sequence: "&" in a list is refused with the list's line."""
    with pytest.raises(TerminologyError, match=r"slots/sted\.txt:1"):
        _index(["ondt i {sted}"], {"sted": ("a & b",)})


def test_every_expression_is_found_among_many() -> None:
    """Looking up by the rarest word loses nothing: each of a thousand expressions finds its own text."""
    consonants, vowels = "bdfgklmnprst", "aeiou"
    names = [a + v + b + w + "x" for a in consonants for v in vowels for b in consonants for w in "aeo"][
        :1000
    ]
    index = _index([f"ondt i {name}" for name in names])
    for number in range(0, 1000, 97):
        text = f"Har ondt i {names[number]} i dag"
        assert [hit.row for hit in index.find(*_lattice(index, text))] == [number]


def _lattice(index: Index, text: str) -> tuple[NoteLattice, tuple[int, ...]]:
    words = tokens(text)
    return NoteLattice(words, index.words), sentences(words)


@given(st.text(max_size=60))
def test_any_line_is_read_or_refused(line: str) -> None:
    """No line crashes the reader."""
    try:
        index = _index([line.replace("\n", " ")])
    except TerminologyError:
        return
    assert isinstance(_found(index, line), list)
