"""Words of the terms found when misspelt, against trying every word."""

from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from terminology.concept import Method
from terminology.likeness import within
from terminology.lookup import build
from terminology.lookup.layout import Arrays
from terminology.lookup.lexicon import Lexicon
from terminology.spoken.words import words

_WORDS = sorted(
    words(
        """
        sår såret tryksår lunge betændelse lungebetændelse inkontinens svimmelhed appetit kvalme diarre
        forstoppelse smerter hoste feber hudløshed udslæt kateter sonde stomi forbinding bandage ødem
        """
    )
)
_LETTERS = "abdefghiklmnoprstuvyæøå"


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    """Return a compiled lexicon."""
    path = tmp_path_factory.mktemp("lexicon") / "x.idx"
    build([(f"C{number}", word) for number, word in enumerate(_WORDS)], path)
    return Lexicon(Arrays(path))


def _edit(word: str, change: Mapping[str, object]) -> str:
    at, letter, way = change["at"], change["letter"], change["way"]
    assert isinstance(at, int)
    assert isinstance(letter, str)
    at %= len(word)
    match way:
        case "gone":
            return word[:at] + word[at + 1 :]
        case "more":
            return word[:at] + letter + word[at:]
        case "other":
            return word[:at] + letter + word[at + 1 :]
        case _:
            return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


_CHANGES = st.fixed_dictionaries(
    {
        "at": st.integers(0, 30),
        "letter": st.sampled_from(_LETTERS),
        "way": st.sampled_from(["gone", "more", "other", "swapped"]),
    }
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([word for word in _WORDS if len(word) >= 4]), _CHANGES)
@example("appetit", {"at": 0, "letter": "b", "way": "other"})
def test_one_slip_is_always_found(lexicon: Lexicon, word: str, change: Mapping[str, object]) -> None:
    """A word with one letter gone, more, changed or swapped is found, as trying every word would find it."""
    said = _edit(word, change)
    near = {lexicon.words[one.word] for one in lexicon.near(said)}
    assert word in near
    all_words = [lexicon.words[number] for number in range(len(lexicon.words))]
    assert {all_words[place] for place, _ in within(said, all_words, edits=1)} <= near | {said}


def test_the_likeliest_comes_first(lexicon: Lexicon) -> None:
    """Words are ranked, and say whether they are spelt or only sound alike."""
    first = lexicon.near("lungebetendelse")[0]
    assert (lexicon.words[first.word], first.method) == ("lungebetændelse", Method.FUZZY)
    first = lexicon.near("enkåntenens")[0]
    assert (lexicon.words[first.word], first.method) == ("inkontinens", Method.PHONETIC)


@pytest.mark.parametrize("word", ["", "x", "1234567", "😀", "s" * 5000, "\ud800", "o'neill"])
def test_any_word_is_answered(lexicon: Lexicon, word: str) -> None:
    """What is no word, or too long, is like nothing."""
    assert all(0 <= near.likeness <= 1 for near in lexicon.near(word))
