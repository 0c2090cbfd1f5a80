"""Terms of a vocabulary proposed in place of what was misheard, and written where the sound agrees."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictate.transcriber.biasing import SURE, Bias, Proposal, bare, unlike
from dictate.transcriber.judging import Judge, Sounded, judge
from dictate.transcriber.lexicon import danish
from dictate.transcriber.preferring import Chosen, Heard, Preference, written
from dictate.transcript import Word

TERMS = ("kompressionsstrømper", "støttestrømper", "tryksår", "inkontinens", "katetersæk", "sondemad")


@cache
def small() -> Bias:
    """A small vocabulary."""
    return Bias(TERMS, danish())


def words(text: str, probability: float = 0.3) -> tuple[Word, ...]:
    """Words of a text, a second each."""
    return tuple(
        Word(text=word, start=float(place), end=place + 1.0, probability=probability)
        for place, word in enumerate(text.split())
    )


def tokens_of(text: str) -> list[int]:
    """About three letters are a token."""
    return [0] * max(1, len(text.strip()) // 3)


def preferred(text: str, *, sounds: float, probability: float = 0.3) -> tuple[Word, ...]:
    """What is written of a text whose tokens sound as 0.1 and those of any other text as `sounds`."""
    heard = words(text, probability)
    edges = [0, *accumulate(len(tokens_of(word.text)) for word in heard)]
    told = Heard(
        words=heard,
        ranges=tuple(pairwise(edges)),
        tokens=(0,) * edges[-1],
        probabilities=[0.1] * edges[-1],
    )
    return Preference(small(), judge(), tokens_of).preferred(told, lambda tokens: [sounds] * len(tokens))


@pytest.mark.parametrize(
    ("heard", "term", "count"),
    [
        ("hun har ingkontinens", "inkontinens", 1),
        ("Støtte strømper, på", "støttestrømper", 2),
        ("et tryk sår.", "tryksår", 2),
        ("fik sondemat i dag", "sondemad", 1),
    ],
)
def test_terms_are_proposed_for_what_sounds_alike(heard: str, term: str, count: int) -> None:
    """Misspelled or written in two, with capitals and punctuation."""
    assert (term, count) in {(one.term, one.count) for one in small().proposals(words(heard))}


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("hun har ingkontinens", "hun har inkontinens"),
        ("Støtte strømper, på", "Støttestrømper, på"),
        ("et tryk sår.", "et tryksår."),
    ],
)
def test_a_term_that_fits_the_sound_is_written(heard: str, said: str) -> None:
    """Capitals and punctuation stay, and what was heard is kept beside it."""
    found = preferred(heard, sounds=0.8)
    assert " ".join(word.text for word in found) == said
    assert any(word.alternatives for word in found)


def test_a_term_that_does_not_fit_the_sound_is_not_written() -> None:
    """Spelling alone doesn't decide."""
    assert preferred("hun har trøgsår", sounds=1e-4) == words("hun har trøgsår")
    assert preferred("hun har trøgsår", sounds=0.8)[-1].text == "tryksår"


@pytest.mark.parametrize("probability", [SURE, 1.0])
def test_sure_words_are_never_touched(probability: float) -> None:
    """Whatever they are spelled like: nothing is even asked."""
    assert not list(small().proposals(words("hun har ingkontinens støtte strømper", probability)))


@pytest.mark.parametrize(
    "text", ["han trykker så på knappen", "en kat er sød", "hun tager strømper på", "sonden er skiftet"]
)
def test_ordinary_speech_is_left_alone(text: str) -> None:
    """Even where the recogniser is unsure: a term that nobody said sounds worse."""
    assert [word.text for word in preferred(text, sounds=0.02)] == text.split()


def test_the_sound_is_not_asked_where_nothing_is_proposed() -> None:
    """It costs time."""

    def refuse(_: Sequence[int]) -> Sequence[float]:
        pytest.fail("asked")

    heard = words("i dag er alt vel")
    preference = Preference(small(), judge(), lambda _: [0])
    told = Heard(
        words=heard,
        ranges=tuple((place, place + 1) for place in range(5)),
        tokens=(0,) * 5,
        probabilities=[0.5] * 5,
    )
    assert preference.preferred(told, refuse) == heard


def test_what_the_model_cannot_write_is_left_alone() -> None:
    """A term without tokens is no candidate."""
    heard = words("hun har ingkontinens")
    told = Heard(words=heard, ranges=((0, 1), (1, 2), (2, 3)), tokens=(0, 0, 0), probabilities=[0.1] * 3)
    assert Preference(small(), judge(), lambda _: None).preferred(told, lambda _: []) == heard


def test_a_compound_keeps_the_time_of_all_its_parts() -> None:
    """From the first sound to the last."""
    found = preferred("hendes støtte strømper", sounds=0.8)
    assert [(word.text, word.start, word.end) for word in found] == [
        ("hendes", 0.0, 1.0),
        ("støttestrømper", 1.0, 3.0),
    ]


@st.composite
def chosen_terms(draw: st.DrawFn) -> tuple[tuple[Word, ...], list[Chosen]]:
    """Words, and terms in place of some of them, which may overlap."""
    heard = words(" ".join(["ord"] * draw(st.integers(1, 8))))
    chosen = []
    for place in draw(st.lists(st.integers(0, len(heard) - 1), max_size=6)):
        count = draw(st.integers(1, min(3, len(heard) - place)))
        chosen.append(Chosen(proposal=proposal(place=place, count=count), probability=draw(st.floats(0, 1))))
    return heard, chosen


def proposal(*, place: int = 0, count: int = 1) -> Proposal:
    """A proposal of no special merit."""
    return Proposal(
        term="tryksår",
        place=place,
        count=count,
        start=0.0,
        heard="trøgsår",
        distance=1.0,
        lead=1.0,
        probability=0.3,
        is_corrected=False,
        is_known=False,
        heard_log=-18.0,
        term_log=-15.0,
        terms=1000,
    )


@given(chosen_terms())
def test_every_word_is_written_once(found: tuple[tuple[Word, ...], list[Chosen]]) -> None:
    """Terms may overlap: the time that the words take is the same, without gaps."""
    heard, chosen = found
    result = written(heard, chosen)
    assert [result[0].start, result[-1].end] == [heard[0].start, heard[-1].end]
    assert all(one.end == other.start for one, other in pairwise(result))


def test_the_judge_believes_the_sound() -> None:
    """The better a term fits the sound, the likelier it was said."""
    known = judge()
    odds = [
        known.right(proposal(), Sounded(swap=swap, fit=fit, after=0.0, before=-3.0))
        for swap, fit in ((-12.0, -5.0), (-3.0, -2.5), (4.0, -0.5))
    ]
    assert odds == sorted(odds)
    assert odds[0] < known.accept < odds[-1]


def test_words_of_the_language_need_the_sound() -> None:
    """A term that sounds far worse is never written in place of a real word."""
    worse = Sounded(swap=-8.0, fit=-0.1, after=0.0, before=-0.1)
    real = replace(proposal(), is_known=True)
    assert judge().right(real, worse) == 0.0
    assert judge().right(proposal(), worse) > 0.0


def test_a_judge_needs_a_coefficient_for_each_feature() -> None:
    """A file that was cut short is no judge."""
    short = Judge(by_text=(1.0,), by_sound=(1.0,), worth=0.1, accept=0.5, least=-6.0, rounds=1)
    with pytest.raises(ValueError, match="zip"):
        short.likely(proposal())


@pytest.mark.parametrize(("text", "letters"), [("Tryksår,", "tryksår"), ("»sår«.", "sår"), ("...", "")])
def test_bare_words(text: str, letters: str) -> None:
    """Without the punctuation around them."""
    assert bare(text) == letters


@settings(deadline=None)  # the first example loads the patterns
@given(st.text(alphabet="abdegiklmnorstuvæøå", min_size=1, max_size=12))
def test_a_word_sounds_like_itself(word: str) -> None:
    """And the difference is a share."""
    assert unlike(word, word) == 0
    assert 0 <= unlike(word, "tryksår") <= 1
