"""Every written character knows its spoken words, and any text at all is taken."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.written import Written, to_written

VOCABULARY = (
    "nul en to tre ti toogtyve halvfems hundrede tusind og halv halvanden kvart komma over til gange plus "
    "minus procent milligram liter i minuttet per klokken den tredje fjerde maj nej undskyld rettelse ret "
    "det til øh punktum nyt afsnit parentes start slut kolon bindestreg skråstreg blodtryk puls VAS cpr "
    "telefon koden borger hun har ingen ikke smerter såret er skiftet Panodil 140 38.5 7,1 ½ 8.15 140/90 "
    "5. tabletter timer peroralt ca. fra mellem meter dagligt kad peg sonden men da som \ud800 \x00 😀 ( ) "
    "- ... ?! \n"
)
SPOKEN = VOCABULARY.split(" ")
phrases = st.lists(st.sampled_from(SPOKEN), max_size=30).map(" ".join)


def check(spoken: str, written: Written) -> None:
    """Check what holds for every result."""
    words = spoken.split()
    covered: set[int] = set()
    for span in written.spans:
        assert span.start < span.end <= len(written.text)
        assert 0 <= span.first_word < span.last_word <= len(words)
        covered.update(range(span.start, span.end))
    assert all(before.end <= after.start for before, after in pairwise(written.spans))
    assert all(at in covered or char.isspace() for at, char in enumerate(written.text))


@given(phrases, st.booleans())
def test_any_dictation(spoken: str, note: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever is said in the words of the rules is written, each character with its words."""
    check(spoken, to_written(spoken, note=note))


@given(st.text(), st.booleans())
def test_any_text(spoken: str, note: bool) -> None:  # noqa: FBT001 - drawn
    """Any text is taken: emoji, control characters, other scripts."""
    check(spoken, to_written(spoken, note=note))


@given(st.text(st.characters(categories=["Cs", "Cc", "Nd", "Lu", "Po"])), st.booleans())
def test_hostile_text(spoken: str, note: bool) -> None:  # noqa: FBT001 - drawn
    """Lone surrogates, control characters and digits of other scripts are taken too."""
    check(spoken, to_written(spoken, note=note))


def spoken_for(written: Written, stretch: str) -> tuple[int, int]:
    """Return the words behind a stretch of the text."""
    start = written.text.index(stretch)
    return written.words_of(start, start + len(stretch))


def test_words_behind_values_commands_and_corrections() -> None:
    """A value has the words that say it, a mark its command, a corrected value its last reading."""
    spoken = (
        "øh blodtryk hundrede og tres over firs nej hundrede og halvtreds over firs komma puls tres punktum"
    )
    written = to_written(spoken, note=True)
    assert written.text == "BT 150/80, puls 60."
    words = spoken.split()
    assert words[slice(*spoken_for(written, "BT"))] == ["blodtryk"]
    assert words[slice(*spoken_for(written, "150/80"))] == ["hundrede", "og", "halvtreds", "over", "firs"]
    assert words[slice(*spoken_for(written, ","))] == ["komma"]
    assert words[slice(*spoken_for(written, "puls 60."))] == ["puls", "tres", "punktum"]
    assert written.words_of(2, 3) == (0, 0)


def test_a_restored_mark_stands_on_the_word_before_it() -> None:
    """A full stop that nobody said belongs to the last word."""
    written = to_written("hun sover", note=True)
    assert written.spans[-1].first_word == 1
    assert written.text[written.spans[-1].start : written.spans[-1].end] == "."


@pytest.mark.parametrize(
    "word",
    ["a", "hundrede", "to", "nej", "komma", "klokken", "hun har", "nul", ".", "(", "og", "to nej", "a\n"],
)
def test_time_grows_with_the_length(word: str) -> None:
    """Twice the text takes about twice the time, however odd the text is."""

    def seconds(count: int) -> float:
        """Best of two: whatever else the machine does only adds."""
        spoken = " ".join([word] * count)
        taken = []
        for _ in range(2):
            start = time.process_time()
            to_written(spoken, note=True)
            taken.append(time.process_time() - start)
        return min(taken)

    seconds(100)
    assert seconds(6000) < 12 * seconds(1500) + 0.5


@pytest.mark.slow
def test_a_megabyte() -> None:
    """A megabyte of dictation is written in well under a minute."""
    spoken = (
        "blodtryk hundrede og fyrre over firs puls tres borger har det godt og sover ingen smerter " * 11_500
    )
    start = time.process_time()
    written = to_written(spoken, note=True)
    assert time.process_time() - start < 60
    assert written.text.count("BT 140/80") == 11_500
