"""Which sound the last pass hears: the whole note where there is time, else what is new."""

import threading

import pytest

from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.listening import Hearing, Pace, Reports
from dictate.scripted import Script, ScriptedTranscriber

SENTENCE = "hun har smerter i det højre knæ og sover dårligt om natten siger hun"
FAST, SLOW = (10.0, 0.1), (10.0, 10.0)
"""Seconds of sound, and what a pass over them took."""


def reports() -> Reports:
    """Return what tells nobody."""
    return Reports(partial=lambda _one: None, final=lambda _one, _before: None, failed=lambda _one: None)


def dictated(sentences: int, pace: Pace) -> tuple[Hearing, int]:
    """Say so many sentences of about 5 s, and hear them as they come; returns the count of samples, too."""
    script = Script(SENTENCE)
    transcriber = ScriptedTranscriber(script)
    sound = script.spell(" / / ".join([SENTENCE] * sentences) + " / /")
    hearing = Hearing(reports(), threading.Condition())
    for start in range(0, len(sound), SAMPLE_RATE):
        hearing.feed(sound[start : start + SAMPLE_RATE])
        while (job := hearing.job(pace)) is not None:
            samples, last = job
            heard = transcriber.transcribe([AudioClip(samples=samples)])
            hearing.heard(heard, len(samples), last=last)
    hearing.finish()
    return hearing, len(sound)


@pytest.mark.parametrize(
    ("sentences", "speed", "is_whole"),
    [(3, FAST, True), (3, SLOW, False), (5, FAST, False), (3, None, False)],
)
def test_what_the_last_pass_hears(
    sentences: int, speed: tuple[float, float] | None, *, is_whole: bool
) -> None:
    """A short note is heard as a whole on a fast machine; a long one, or on a slow one, only its end."""
    pace = Pace()
    if speed:
        pace.learn(*speed)
    hearing, count = dictated(sentences, pace)
    job = hearing.job(pace)
    assert job is not None
    samples, last = job
    assert last
    assert (len(samples) == count) is is_whole


@pytest.mark.parametrize("speed", [FAST, SLOW])
def test_no_word_is_lost_or_said_twice(speed: tuple[float, float]) -> None:
    """Whichever way the end is heard, the final text is what was said."""
    pace = Pace()
    pace.learn(*speed)
    hearing, _ = dictated(3, pace)
    job = hearing.job(pace)
    assert job is not None
    found = ScriptedTranscriber(Script(SENTENCE)).transcribe([AudioClip(samples=job[0])])
    hearing.heard(found, len(job[0]), last=True)
    assert hearing.done
    assert [word.text for word in hearing.result().words] == SENTENCE.split() * 3


def test_nothing_is_begun_when_the_end_is_near() -> None:
    """After the stop key no pass is begun for which the final text would have to wait."""
    hearing = Hearing(reports(), threading.Condition())
    hearing.feed(Script(SENTENCE).spell(SENTENCE))
    hearing.ending()
    assert hearing.job(Pace()) is None
    hearing.finish()
    assert hearing.job(Pace()) is not None
