"""Choosing among hypotheses and putting misheard words right."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.transcriber.lexicon import Lexicon, danish
from dictate.transcriber.rescoring import Candidate, Rescorer
from terminology.likeness import distance

WORDS = st.lists(st.sampled_from(["en", "to", "tre", "hus"]), max_size=6).map(tuple)


@pytest.fixture(scope="module")
def rescorer() -> Rescorer:
    """The rescorer of the product."""
    return Rescorer(danish())


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("hun sidder i kønkenet", "hun sidder i køkkenet"),
        ("Hovesageligt trist.", "Hovedsageligt trist."),
        ("det er sværrt, siger han", "det er svært, siger han"),
    ],
)
def test_what_is_no_word_becomes_the_nearest_word(rescorer: Rescorer, heard: str, said: str) -> None:
    """Capitals and punctuation stay as they were."""
    assert " ".join(rescorer.righted(heard.split())) == said


@pytest.mark.parametrize(
    "text",
    [
        "hun har fået morgenmad og er glad",
        "støttestrømper og vandladning",
        "i går kom Kjeldgård forbi",
        "140 over 90",
        "xqzwvvk",
        "- , ...",
        "",
    ],
)
def test_right_words_names_and_numbers_stay(rescorer: Rescorer, text: str) -> None:
    """Words of the list, compounds of them, names inside a text, and what is near to nothing."""
    assert list(rescorer.righted(text.split())) == text.split()


def test_words_of_the_vocabulary_are_right() -> None:
    """A term that everyday Danish lacks isn't made an everyday word."""
    common = {"katte": math.log(1e-4)}
    assert Rescorer(Lexicon(common)).righted(["katete"]) == ("katte",)
    known = Lexicon(common, terms=["katete"])
    assert Rescorer(known).righted(["katete"]) == ("katete",)


def test_the_hypothesis_most_like_the_others_is_chosen(rescorer: Rescorer) -> None:
    """The best one by a hair is not taken where all others agree on something else."""
    texts = {
        "hun har en stor hund": -5.0,
        "hun har en lille kat": -5.1,
        "hun har en lille kat der": -5.2,
        "han har en lille kat": -5.2,
    }
    candidates = [Candidate(text=text, log_probability=log) for text, log in texts.items()]
    assert rescorer.choose(candidates) == 1


def test_a_clear_winner_is_chosen(rescorer: Rescorer) -> None:
    """What the recogniser is sure of stands."""
    candidates = [
        Candidate(text="hun sover nu", log_probability=-1.0),
        Candidate(text="hun sov nu", log_probability=-14.0),
        Candidate(text="hun sov nok", log_probability=-15.0),
    ]
    assert rescorer.choose(candidates) == 0


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_any_text_can_be_judged(texts: list[str]) -> None:
    """Whatever a recogniser writes, one of the hypotheses is chosen and none of its words is lost."""
    rescorer = Rescorer(Lexicon({"hus": -5.0, "huset": -6.0}))
    chosen = rescorer.choose([Candidate(text=text, log_probability=-1.0) for text in texts])
    words = texts[chosen].split()
    assert len(rescorer.righted(words)) == len(words)


@given(WORDS, WORDS, WORDS)
def test_distance_is_a_metric(
    first: tuple[str, ...], second: tuple[str, ...], third: tuple[str, ...]
) -> None:
    """Symmetric, zero for the same alone, and no way round is shorter."""
    assert distance(first, second) == distance(second, first)
    assert (distance(first, second) == 0) == (first == second)
    assert distance(first, third) <= distance(first, second) + distance(second, third)
