"""A transcript as text, JSON, captions and table."""

import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.transcriber.formats import (
    MAX_CAPTION_CHARACTERS,
    MAX_CAPTION_S,
    TranscriptFormat,
    captions,
    render,
)
from dictate.transcript import ModelName, Segment, Transcript, Word

MODEL = ModelName(name="whisper-test", revision="abc", compute_type="int8")


def segment(words: list[tuple[str, float, float]]) -> Segment:
    """A segment of words with start and end."""
    made = tuple(Word(text=text, start=start, end=end, probability=0.75) for text, start, end in words)
    return Segment(
        text=" ".join(word.text for word in made),
        start=made[0].start,
        end=made[-1].end,
        words=made,
        avg_logprob=-0.3,
        no_speech_prob=0.01,
    )


def transcript(*segments: Segment) -> Transcript:
    """A transcript of 3,700 s."""
    return Transcript(segments=segments, language="da", duration=3700.0, model=MODEL)


TWO = transcript(
    segment([("Hun", 0.5, 0.75), ("spiser.", 0.75, 1.25), ("Blodtryk", 1.25, 2.0), ("<140>", 2.0, 2.5)]),
    segment([("Æble", 3661.5, 3662.0)]),
)


def test_text_is_one_line() -> None:
    """What `dictate normalise` reads: a recording is a line."""
    assert render(TWO, TranscriptFormat.TEXT, file="a.wav") == "Hun spiser. Blodtryk <140> Æble\n"


def test_json_is_as_the_contract_says() -> None:
    """Exactly the promised keys, on one line, with Danish letters as they are."""
    line = render(TWO, TranscriptFormat.JSON, file="rum/a.wav")
    assert line.count("\n") == 1
    assert "Æble" in line
    content = json.loads(line)
    assert list(content) == ["file", "text", "language", "duration", "model", "segments"]
    assert content["file"] == "rum/a.wav"
    assert content["model"] == {"name": "whisper-test", "revision": "abc", "compute_type": "int8"}
    assert list(content["segments"][0]) == ["start", "end", "text", "words"]
    assert content["segments"][1]["words"] == [
        {"text": "Æble", "start": 3661.5, "end": 3662.0, "probability": 0.75}
    ]


def test_srt_is_numbered_and_timed() -> None:
    """A caption ends with its sentence; hours are counted."""
    assert render(TWO, TranscriptFormat.SRT, file="a.wav") == (
        "1\n00:00:00,500 --> 00:00:01,250\nHun spiser.\n\n"
        "2\n00:00:01,250 --> 00:00:02,500\nBlodtryk <140>\n\n"
        "3\n01:01:01,500 --> 01:01:02,000\nÆble\n"
    )


def test_vtt_escapes_what_looks_like_markup() -> None:
    """WebVTT reads < and & as its own."""
    written = render(TWO, TranscriptFormat.VTT, file="a.wav")
    assert written.startswith("WEBVTT\n\n00:00:00.500 --> 00:00:01.250\nHun spiser.\n\n")
    assert "Blodtryk &lt;140&gt;\n" in written


def test_tsv_has_a_row_for_each_segment() -> None:
    """Milliseconds, as other tools write them."""
    assert render(TWO, TranscriptFormat.TSV, file="a.wav") == (
        "start\tend\ttext\n500\t2500\tHun spiser. Blodtryk <140>\n3661500\t3662000\tÆble\n"
    )


@pytest.mark.parametrize(
    ("form", "written"),
    [("text", "\n"), ("srt", ""), ("vtt", "WEBVTT\n"), ("tsv", "start\tend\ttext\n")],
)
def test_nothing_said_is_written_as_nothing(form: str, written: str) -> None:
    """An hour of silence is a valid, empty transcript in every form."""
    assert render(transcript(), TranscriptFormat(form), file="a.wav") == written
    assert json.loads(render(transcript(), TranscriptFormat.JSON, file="a.wav"))["segments"] == []


def test_a_segment_without_words_is_one_caption() -> None:
    """Where no word times were asked for, those of the segment are all there is."""
    bare = Segment(text="Hej", start=1.0, end=2.0, words=(), avg_logprob=-0.1, no_speech_prob=0.0)
    (caption,) = captions(transcript(bare))
    assert (caption.start, caption.end, caption.text) == (1.0, 2.0, "Hej")


timed = st.lists(
    st.tuples(st.from_regex(r"[a-zæøå]{1,20}[.,?]?", fullmatch=True), st.floats(0, 2), st.floats(0, 3)),
    min_size=1,
    max_size=60,
)


@given(timed)
def test_captions_keep_every_word_and_fit_the_screen(found: list[tuple[str, float, float]]) -> None:
    """All words in order, none twice; no caption is too long to read unless one word alone is."""
    words, clock = [], 0.0
    for text, pause, length in found:
        words.append((text, clock + pause, clock + pause + length))
        clock += pause + length
    shown = list(captions(transcript(segment(words))))
    assert " ".join(caption.text for caption in shown) == " ".join(text for text, _, _ in words)
    assert all(before.end <= after.start + 1e-9 for before, after in pairwise(shown))
    for caption in shown:
        assert len(caption.text) <= MAX_CAPTION_CHARACTERS
        assert caption.end - caption.start <= MAX_CAPTION_S + 1e-6 or " " not in caption.text


@given(st.floats(0, 400_000))
def test_the_clock_is_right_to_the_millisecond(seconds: float) -> None:
    """Hours, minutes, seconds and milliseconds add up, and none overflows."""
    written = render(transcript(segment([("a", seconds, seconds)])), TranscriptFormat.SRT, file="a")
    hours, minutes, whole, rest = map(int, re.findall(r"(\d+):(\d\d):(\d\d),(\d{3}) -->", written)[0])
    assert minutes < 60
    assert whole < 60
    assert ((hours * 60 + minutes) * 60 + whole) * 1000 + rest == round(seconds * 1000)


def test_json_carries_what_was_heard_where_another_word_was_chosen() -> None:
    """A person sees both readings; words with one reading carry no empty list."""
    words = (
        Word(text="køkken", start=0.0, end=0.5, probability=0.4, alternatives=("kønken",)),
        Word(text="nu", start=0.5, end=0.7, probability=0.9),
    )
    one = Segment(text="køkken nu", start=0.0, end=0.7, words=words, avg_logprob=-0.5, no_speech_prob=0.0)
    written = json.loads(render(transcript(one), TranscriptFormat.JSON, file="a.wav"))
    first, second = written["segments"][0]["words"]
    assert first["alternatives"] == ["kønken"]
    assert "alternatives" not in second
