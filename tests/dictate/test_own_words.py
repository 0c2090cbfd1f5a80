"""A user's own words: what is learned of a correction, and what is put right by it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.own_words import OwnWord, OwnWords, Rule, learned
from dictate.transcript import ModelName, Segment, Transcript, Word

DANISH = frozenset({"borgeren", "har", "smerter", "i", "knæet", "ikke", "forbinding", "og", "ben", "bens"})


def said(text: str) -> Transcript:
    """Return a transcript of a text."""
    words = tuple(
        Word(text=word, start=float(at), end=at + 0.8, probability=0.9)
        for at, word in enumerate(text.split())
    )
    segment = Segment(
        text=text, start=0, end=float(len(words)), words=words, avg_logprob=-0.1, no_speech_prob=0.0
    )
    model = ModelName(name="m", revision="1", compute_type="int8")
    return Transcript(segments=(segment,), language="da", duration=float(len(words)), model=model)


def use(*words: OwnWord) -> OwnWords:
    """Return words in use, in a language of a few words."""
    return OwnWords(words, is_word=DANISH.__contains__)


def test_a_non_word_is_put_right_the_third_time() -> None:
    """Two corrections alike are enough; what was heard stands beside the new word, at the same time."""
    once = learned((), "smærter", "smerter")
    assert use(*once).put_right(said("borgeren har smærter")) == said("borgeren har smærter")
    twice = learned(once, "Smærter.", "Smerter.")
    assert twice[0].times == 2
    transcript = use(*twice).put_right(said("borgeren har Smærter, i knæet"))
    word = transcript.words[2]
    assert (word.text, word.alternatives) == ("Smerter,", ("Smærter,",))
    assert (word.start, word.end) == (2.0, 2.8)
    assert transcript.text == "borgeren har Smerter, i knæet"


def test_a_danish_word_is_offered_and_left_as_it_is() -> None:
    """What is right somewhere must not change by itself; she can say that it shall."""
    word = OwnWord(heard="ben", chosen="bens", times=9)
    words = use(word)
    assert words.put_right(said("borgeren har ben")).text == "borgeren har ben"
    assert words.offered("Ben.") == ("bens",)
    always = OwnWord(heard="ben", chosen="bens", rule=Rule.ALWAYS)
    assert use(always).put_right(said("har ben")).text == "har bens"


def test_a_denial_never_comes_or_goes_by_itself() -> None:
    """A wrong negation is worse than a miss."""
    assert use(OwnWord(heard="ikk", chosen="og", times=5)).put_right(said("ikk")).text == "ikk"
    assert use(OwnWord(heard="øgge", chosen="ikke", times=5)).put_right(said("øgge")).text == "øgge"


def test_two_corrections_of_one_word_are_only_offered() -> None:
    """Which of them is right here nobody can tell."""
    words = use(
        OwnWord(heard="smærte", chosen="smerte", times=2), OwnWord(heard="smærte", chosen="sværte", times=3)
    )
    assert words.put_right(said("smærte")).text == "smærte"
    assert words.offered("smærte") == ("sværte", "smerte")


def test_a_word_of_hers_is_no_slip_of_another() -> None:
    """The recogniser repairs what is no word to it; one that she has called right comes back."""
    transcript = said("hun får unicode")
    words = (*transcript.words[:2], replace(transcript.words[2], alternatives=("unacid", "unisex")))
    repaired = replace(transcript, segments=(replace(transcript.segments[0], words=words),))
    assert use().put_right(repaired) == repaired
    righted = use(OwnWord(heard="unacid", chosen="Unacid", rule=Rule.ALWAYS)).put_right(repaired)
    assert (righted.text, righted.words[2].alternatives) == ("hun får unacid", ("unicode", "unisex"))


def test_never_is_never() -> None:
    """A word that she has switched off does nothing and is offered nowhere."""
    words = use(OwnWord(heard="smærter", chosen="smerter", times=9, rule=Rule.NEVER))
    assert words.put_right(said("smærter")).text == "smærter"
    assert words.offered("smærter") == ()


def test_several_words() -> None:
    """Two words become one, and one becomes two; no sound is lost, and none is across a full stop."""
    words = use(
        OwnWord(heard="for bendingen", chosen="forbindingen", times=2),
        OwnWord(heard="iknæet", chosen="i knæet", times=2),
    )
    transcript = words.put_right(said("har for bendingen iknæet. for. bendingen"))
    assert transcript.text == "har forbindingen i knæet. for. bendingen"
    assert [word.start for word in transcript.words] == [0.0, 1.0, 3.0, 3.4, 4.0, 5.0]
    assert transcript.words[2].alternatives == ("iknæet.",)


@pytest.mark.parametrize(
    ("heard", "chosen"),
    [
        ("140", "150"),
        ("hr hansen", "hr Jensen"),
        ("knæet", "knæet."),
        ("hun har det godt", "borgeren trives ikke særlig"),
        ("dårligt", "fint"),
        ("", "nyt"),
    ],
)
def test_what_teaches_nothing(heard: str, chosen: str) -> None:
    """Numbers, names, marks, and what was put in quite other words."""
    assert learned((), heard, chosen) == ()


def test_words_side_by_side_are_learned_one_by_one() -> None:
    """Two changed words are two words, in lower case where they began a sentence."""
    found = learned((), "Smærter knæ'et forbening", "Smerter knæet forbinding")
    assert [(one.heard, one.chosen) for one in found] == [("smærter", "smerter"), ("forbening", "forbinding")]


@given(st.lists(st.sampled_from(["smærter", "ikke", "for", "bening", "knæet.", "140", "Øl,"]), max_size=12))
def test_nothing_but_her_words_changes(parts: list[str]) -> None:
    """Other words stay, in their order, with their times; sound is covered as before."""
    words = use(
        OwnWord(heard="smærter", chosen="smerter", times=2),
        OwnWord(heard="for bening", chosen="forbinding", times=2),
    )
    before = said(" ".join(parts))
    after = words.put_right(before)
    kept = [word for word in after.words if not word.alternatives]
    assert all(word in before.words for word in kept)
    assert (
        " ".join(word.alternatives[0] if word.alternatives else word.text for word in after.words)
        == before.text
    )
    assert [word.start for word in after.words] == sorted(word.start for word in after.words)
    if after.words:
        assert after.words[-1].end == before.words[-1].end
