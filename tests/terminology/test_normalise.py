"""Words of a note, folded and keyed for comparing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.inflection import key
from terminology.normalise import Break, fold, tokens

FORMS = (
    "sår såret sårene sårets",
    "smerte smerter smerterne smerten",
    "hånd hænder hænderne hånden",
    "tå tæer tæerne tåen",
    "fod fødder foden",
    "kateter kateteret katetret katetre",
    "spise spiser spiste spist",
    "gå går gik gået",
    "give giver gav givet gives",
    "afgive afgav afgivet",
    "rød rødt røde",
    "dårlig dårligt dårlige dårligere",
    "læge lægen læger lægerne",
    "lægge lægger lagde lagt",
    "dosere doserer doserede doseret",
    "toilet toilettet toiletter",
    "storetå storetæer",
    "underben underbenet underbenene",
    "datter datteren døtre",
    "sove sover sov sovet",
    "diarre diarreen",
    "forbinding forbindingen forbindinger forbindingerne",
    "vejlede vejleder vejledte vejledt",
    "bestille bestiller bestilte bestilt bestilles",
    "gennemføre gennemfører gennemførte gennemført",
    "rengøre rengør rengjorde rengjort",
    "klargøre klargør klargjort",
    "planlægge planlægger planlagde planlagt",
    "hælde hældte hældt",
    "tilse tilser tilså tilset",
    "vågne vågner vågnede vågnet",
    "kalde kaldte kaldt",
)
DIFFERENT = (
    ("læge", "lægge"),
    ("lidt", "lide"),
    ("ved", "vide"),
    ("vred", "vride"),
    ("led", "lide"),
    ("fortsat", "fortsætte"),
    ("synes", "syn"),
    ("læg", "læge"),
    ("hos", "hoste"),
    ("bad", "bede"),
    ("ben", "benytte"),
    ("dem", "demens"),
    ("afte", "aften"),
    ("pust", "pustende"),
    ("hævet", "hævelse"),
    ("kat", "kateter"),
    ("at", "atter"),
)


@pytest.mark.parametrize("forms", FORMS)
def test_forms_of_a_word_share_a_key(forms: str) -> None:
    """All forms of one word compare equal."""
    assert len({key(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_words_have_other_keys(one: str, other: str) -> None:
    """Words that only look alike stay apart."""
    assert key(one) != key(other)


def test_spelling_variants_fold_alike() -> None:
    """Case, "aa", accents, decomposed letters and the dots of abbreviations make no difference."""
    assert fold("Aaben") == fold("åben") == fold("a\u030aben")
    assert fold("diarré") == "diarre"
    assert fold("S.c.") == "sc"


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("Givet 20 enheder s.c. i låret.", []),
        ("Givet 20 enheder s.c. Borger sover.", ["Borger"]),
        ("Kom kl. 8.15 og gik ca. kl. 9.", []),
        ("Sat. 91 % uden ilt.", []),
        ("Næste prøve er 3.4. på klinikken.", []),
        ("Fik 40 mg. Sov godt.", ["Sov"]),
        ("Tp 38,2. Puls 80.", ["Puls"]),
        ("Ro på\nSover", ["Sover"]),
        ("Evt. smerter, fx i ryggen.", []),
    ],
)
def test_sentences_end_where_they_should(text: str, stops: list[str]) -> None:
    """Abbreviations, numbers and clock times end no sentence; a full stop does."""
    found = [token.text for token in tokens(text)[1:] if token.before is Break.STOP]
    assert found == stops


def test_colon_comma_and_hyphen() -> None:
    """A colon and a comma are pauses of their own; a hyphen within a word and a clock's colon are none."""
    found = {token.text: token.before for token in tokens("TOBS: 4, PEG-sonde kl. 12:30")}
    assert found["4"] is Break.COLON
    assert found["PEG"] is Break.COMMA
    assert found["sonde"] is Break.NONE
    assert found["30"] is Break.NONE


@given(st.text(max_size=200))
def test_tokens_stand_in_the_text(text: str) -> None:
    """Every token is what stands between its offsets, in order and without overlap."""
    found = tokens(text)
    assert all(text[token.start : token.end] == token.text for token in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøå", min_size=1, max_size=25))
def test_key_of_any_word(word: str) -> None:
    """Every word has a key, always the same, never longer than the word and its mark."""
    assert key(word) == key(word)
    assert 0 < len(key(word)) <= len(word) + 8
