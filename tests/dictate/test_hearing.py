"""Which sound the last pass hears: the whole note where there is time, else what is new."""

import threading

import numpy as np
import pytest

from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.hearing import Hearing, Job, Pace, Reports
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
            hearing.heard(transcriber.transcribe([AudioClip(samples=job.samples)]), job)
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
    assert job.last
    assert (len(job.samples) == count) is is_whole


@pytest.mark.parametrize("speed", [FAST, SLOW])
def test_no_word_is_lost_or_said_twice(speed: tuple[float, float]) -> None:
    """Whichever way the end is heard, the final text is what was said."""
    pace = Pace()
    pace.learn(*speed)
    hearing, _ = dictated(3, pace)
    job = hearing.job(pace)
    assert job is not None
    found = ScriptedTranscriber(Script(SENTENCE)).transcribe([AudioClip(samples=job.samples)])
    hearing.heard(found, job)
    assert hearing.done
    assert [word.text for word in hearing.result().words] == SENTENCE.split() * 3


def stopped(after: str, *, gap_s: float = 0.3) -> tuple[Hearing, list[Job], list[str]]:
    """Say a sentence, press stop after a gap, then say `after`; returns the passes and the final words."""
    script = Script(SENTENCE)
    transcriber = ScriptedTranscriber(script)
    hearing = Hearing(reports(), threading.Condition())
    pace = Pace()
    pace.learn(*FAST)
    passes: list[Job] = []

    def work() -> None:
        while (job := hearing.job(pace)) is not None:
            passes.append(job)
            known = job.known or transcriber.transcribe([AudioClip(samples=job.samples)])
            hearing.heard(known, job)
            if hearing.done:
                break

    hearing.feed(np.concatenate([script.spell(SENTENCE), np.zeros(round(gap_s * SAMPLE_RATE), np.float32)]))
    hearing.ending()
    work()
    hearing.feed(np.concatenate([script.spell(after), np.zeros(SAMPLE_RATE // 5, np.float32)]))
    work()
    hearing.finish()
    work()
    return hearing, passes, [word.text for word in hearing.result().words]


def test_the_last_pass_begins_with_the_stop_key() -> None:
    """Where nothing more is said, what was heard ahead is the final text, and no pass is made twice."""
    hearing, passes, words = stopped("")
    assert [(job.ahead, job.known is None) for job in passes] == [(True, True), (False, False)]
    assert hearing.done
    assert words == SENTENCE.split()


def test_what_is_said_after_the_stop_key_is_heard() -> None:
    """A word within the grace makes a new last pass over all of it."""
    _, passes, words = stopped("natten")
    assert [job.known is None for job in passes] == [True, True]
    assert words == [*SENTENCE.split(), "natten"]


def test_no_pass_ahead_while_somebody_speaks() -> None:
    """A stop key in the middle of a word waits for the end of it."""
    hearing = Hearing(reports(), threading.Condition())
    hearing.feed(Script(SENTENCE).spell(SENTENCE)[: -SAMPLE_RATE // 10])
    hearing.ending()
    assert hearing.job(Pace()) is None
    hearing.finish()
    job = hearing.job(Pace())
    assert job is not None
    assert not job.ahead


def test_a_note_that_grows_too_long_is_not_heard_as_a_whole() -> None:
    """Where the grace takes it over the limit, only what is left is heard, and nothing twice."""
    pace = Pace()
    pace.learn(*FAST)
    script = Script(SENTENCE)
    transcriber = ScriptedTranscriber(script)
    sound = script.spell(f"{SENTENCE} / / " * 3)
    room = np.zeros(round(19.9 * SAMPLE_RATE) - len(sound), np.float32)
    hearing = Hearing(reports(), threading.Condition())

    def work() -> None:
        while not hearing.done and (job := hearing.job(pace)) is not None:
            hearing.heard(job.known or transcriber.transcribe([AudioClip(samples=job.samples)]), job)

    for block in np.array_split(np.concatenate([sound, room]), 20):
        hearing.feed(block)
        work()
    hearing.ending()
    work()
    hearing.feed(np.zeros(SAMPLE_RATE // 2, np.float32))
    hearing.finish()
    work()
    assert [word.text for word in hearing.result().words] == SENTENCE.split() * 3


def test_quick_passes_leave_half_of_the_time_free() -> None:
    """On a slow machine they are made less often, and as before once it is fast again."""
    pace = Pace()
    hearing = Hearing(reports(), threading.Condition())
    hearing.feed(Script(SENTENCE).spell(SENTENCE)[: round(2.5 * SAMPLE_RATE)])
    pace.learn_quick(1.5)
    assert hearing.job(pace) is None
    pace.learn_quick(0.2)
    job = hearing.job(pace)
    assert job is not None
    assert not job.last


def test_a_pause_is_heard_at_once() -> None:
    """What was said before it is final soon, however slow the machine is: little is left for the stop key."""
    pace = Pace()
    pace.learn_quick(60.0)
    said = Script(SENTENCE).spell(" / ".join([SENTENCE] * 3))
    sound = np.concatenate([said, np.zeros(SAMPLE_RATE, np.float32)])
    hearing = Hearing(reports(), threading.Condition())
    jobs = []
    for start in range(0, len(sound), SAMPLE_RATE // 50):
        hearing.feed(sound[start : start + SAMPLE_RATE // 50])
        jobs.append(hearing.job(pace))
    first = next(job for job in jobs if job)
    assert first.last
    assert len(first.samples) < len(sound)


def test_a_quick_pass_leaves_out_what_is_committed_long_ago() -> None:
    """It hears two seconds of what is known and then what is new, and no word is lost or shown twice."""
    script = Script(SENTENCE)
    transcriber = ScriptedTranscriber(script)
    text = f"{SENTENCE} og {SENTENCE}"
    sound = script.spell(text)
    hearing = Hearing(reports(), threading.Condition())
    passes: list[Job] = []
    for start in range(0, len(sound) - SAMPLE_RATE, SAMPLE_RATE):
        hearing.feed(sound[start : start + SAMPLE_RATE])
        job = hearing.job(Pace())
        assert job is not None
        passes.append(job)
        hearing.heard(transcriber.transcribe([AudioClip(samples=job.samples)]), job)
    assert len(passes) > 5
    assert max(len(job.samples) for job in passes[5:]) <= 5 * SAMPLE_RATE
    shown = [word.text for word in hearing.partial.words]
    assert shown == text.split()[: len(shown)]
    assert len(shown) > len(SENTENCE.split())


def test_the_first_words_come_sooner() -> None:
    """Until something is shown a quick pass follows the other sooner."""
    hearing = Hearing(reports(), threading.Condition())
    transcriber = ScriptedTranscriber(Script(SENTENCE))
    sound = Script(SENTENCE).spell(SENTENCE)
    shown_after = []
    for end in range(0, 3 * SAMPLE_RATE, SAMPLE_RATE // 10):
        hearing.feed(sound[end : end + SAMPLE_RATE // 10])
        if job := hearing.job(Pace()):
            shown_after.append(round(hearing.seconds, 1))
            hearing.heard(transcriber.transcribe([AudioClip(samples=job.samples)]), job)
    assert shown_after == [0.6, 1.6, 2.6]
