"""Drafting from what was heard: unsure words make unsure entries."""

import pytest

from dictate.draft import Drafter
from dictate.heard import draft_transcript
from dictate.transcript import ModelName, Segment, Transcript, Word

MODEL = ModelName(name="scripted", revision="0", compute_type="int8")


@pytest.fixture(scope="module")
def drafter() -> Drafter:
    """The shipped vocabulary."""
    return Drafter.load()


def heard(*words: tuple[str, float]) -> Transcript:
    """A transcript of these words and probabilities."""
    said = tuple(
        Word(text=text, start=place / 2, end=place / 2 + 0.4, probability=probability)
        for place, (text, probability) in enumerate(words)
    )
    text = " ".join(word.text for word in said)
    segment = Segment(text=text, start=0, end=len(said), words=said, avg_logprob=-0.2, no_speech_prob=0)
    return Transcript(segments=(segment,), language="da", duration=len(said), model=MODEL)


def test_a_doubtful_word_makes_its_entry_unsure_and_no_other(drafter: Drafter) -> None:
    """The pulse was heard well; of the weight the number was not."""
    words = [("pulsen", 0.9), ("er", 0.9), ("tooghalvfjerds", 0.9), ("punktum", 0.9)]
    words += [("vægten", 0.9), ("er", 0.9), ("tres", 0.2), ("kilo", 0.9)]
    note = draft_transcript(drafter, "n1", heard(*words))
    assert note.text == "Pulsen er 72. Vægten er 60 kg."
    assert {(entry.value, entry.unsure) for entry in note.entries} == {(72, False), (60, True)}


def test_evidence_stands_in_the_text(drafter: Drafter) -> None:
    """Offsets are those of the written note, not of the words as heard."""
    note = draft_transcript(
        drafter, "n1", heard(("puls", 0.9), ("hundrede", 0.9), ("og", 0.9), ("fire", 0.9))
    )
    (entry,) = note.entries
    assert note.text[entry.start : entry.end] == entry.evidence
    assert entry.value == 104
