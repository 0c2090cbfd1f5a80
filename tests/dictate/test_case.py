"""Where the words of a text were said, also after it was changed."""

from hypothesis import given
from hypothesis import strategies as st

from dictate.case import Shift, open_case
from dictate.entry import Note
from dictate.scripted import MODEL
from dictate.transcript import Segment, Transcript, Word

SPOKEN = "temperaturen er syvogtredive komma fire punktum hun sover godt punktum"


def heard(spoken: str = SPOKEN, *, unsure: str = "") -> Transcript:
    """Return words of half a second each."""
    words = tuple(
        Word(text=text, start=place / 2, end=place / 2 + 0.4, probability=0.2 if text == unsure else 0.9)
        for place, text in enumerate(spoken.split())
    )
    segment = Segment(text=spoken, start=0, end=9, words=words, avg_logprob=-0.1, no_speech_prob=0)
    return Transcript(segments=(segment,), language="da", duration=9, model=MODEL)


def note(text: str) -> Note:
    """Return a note."""
    return Note(id="n", text=text, entries=())


def test_written_words_know_their_sound() -> None:
    """A number made of several words has the sound of all of them."""
    case = open_case(note("Temperaturen er 37,4. Hun sover godt."), heard(unsure="sover"))
    start = case.note.text.index("37,4")
    assert case.sound_of(start, start + 4) == (1.0, 2.4)
    unsure = [case.note.text[spot.start : spot.end] for spot in case.spots if spot.unsure]
    assert unsure == ["sover"]


def test_an_edited_word_loses_its_doubt_and_the_others_keep_their_sound() -> None:
    """Only what was rewritten is no longer tied to the recording."""
    case = open_case(note("Temperaturen er 37,4. Hun går meget godt."), heard(unsure="sover"))
    assert not any(spot.unsure for spot in case.spots)
    start = case.note.text.index("godt")
    assert case.sound_of(start, start + 4) == (4.0, 4.4)
    assert case.sound_of(case.note.text.index("meget"), case.note.text.index("meget") + 5) is None


def test_a_note_without_sound_has_no_spots() -> None:
    """Drafts from files are reviewed without sound."""
    assert open_case(note("Hun sover."), None).spots == ()


TEXTS = st.text(alphabet="ab, ", max_size=30)


@given(before=TEXTS, after=TEXTS)
def test_what_is_kept_is_the_same(before: str, after: str) -> None:
    """A place that is carried over holds the same characters."""
    shift = Shift(before, after)
    for start in range(len(before)):
        for end in range(start + 1, min(start + 6, len(before)) + 1):
            place = shift.kept(start, end)
            assert place is None or after[place[0] : place[1]] == before[start:end]
