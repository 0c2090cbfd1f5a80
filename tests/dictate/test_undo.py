"""Taking back the last sentence by voice."""

import pytest

from dictate.scripted import MODEL
from dictate.streaming import without_words
from dictate.transcript import Segment, Transcript, Word
from dictate.undo import last_sentence, taken_back


def transcript(text: str) -> Transcript:
    """Return words of 0.3 s; "/" is a pause of half a second."""
    words, at = [], 0.0
    for part in text.split():
        if part == "/":
            at += 0.5
            continue
        words.append(Word(text=part, start=at, end=at + 0.3, probability=0.9))
        at += 0.32
    segment = Segment(text=text, start=0, end=at, words=tuple(words), avg_logprob=-0.1, no_speech_prob=0)
    return Transcript(
        segments=(segment,),
        language="da",
        duration=at,
        model=MODEL,
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Hun har feber. Hun spiser godt. / slet det / Hun sover.", "Hun har feber. Hun sover."),
        ("Hun har feber. Hun spiser godt. Fortryd.", "Hun har feber."),
        ("Hun har feber. Hun går. / slet det / slet det", ""),
        ("slet det / Hun sover.", "Hun sover."),
        ("Han vil slet det hele på tavlen.", "Han vil slet det hele på tavlen."),
        ("Hun må ikke fortryd noget.", "Hun må ikke fortryd noget."),
        ("Det gik slet ikke godt.", "Det gik slet ikke godt."),
    ],
)
def test_by_voice(said: str, kept: str) -> None:
    """A command of its own takes the sentence before it away; the same words in a sentence do nothing."""
    heard = transcript(said)
    assert without_words(heard, taken_back(heard)).text == kept


def test_spoken_full_stops_part_sentences() -> None:
    """Where the recogniser sets no marks, "punktum" does."""
    words = transcript("hun har feber punktum hun spiser godt punktum").words
    assert last_sentence(words) == 4


def test_one_sentence_begins_at_its_first_word() -> None:
    """There is nothing before it."""
    assert last_sentence(transcript("hun har feber").words) == 0
    assert last_sentence(()) == 0
