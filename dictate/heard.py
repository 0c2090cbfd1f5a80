"""From a transcript to a draft: an entry is no surer than the words that it stands on."""

from dataclasses import replace

from dictate.draft import Drafter
from dictate.entry import Entry, Note
from dictate.transcript import Transcript
from terminology.written import Punctuation, Written, to_written

SURE = 0.5
"""A word that the recogniser gives a lower probability makes the entries unsure whose evidence it carries."""


def draft_transcript(
    drafter: Drafter,
    note_id: str,
    transcript: Transcript,
    punctuation: Punctuation = Punctuation.BOTH,
) -> Note:
    """Draft the entries of what was heard, in written form.

    Args:
        drafter: the vocabulary.
        note_id: the id that the note carries.
        transcript: what was heard, with the probability of each word.
        punctuation: of the note's text. The entries are found in the text with all marks in any case: without
            them it is less plain what a word such as "ikke" is about.

    """
    words = transcript.words
    spoken = " ".join(word.text for word in words)
    written = to_written(spoken, note=True)
    # A word holds no space, so the places in the spoken words are the places in `words`.
    note = drafter.draft(note_id, text=written.text)

    def checked(entry: Entry) -> Entry:
        first, last = written.words_of(entry.start, entry.end)
        doubtful = any(word.probability < SURE for word in words[first:last])
        return replace(entry, unsure=True) if doubtful else entry

    note = replace(note, entries=tuple(map(checked, note.entries)))
    if punctuation is Punctuation.BOTH:
        return note
    return _carried(note, written, to_written(spoken, note=True, punctuation=punctuation))


def _carried(note: Note, before: Written, after: Written) -> Note:
    """Carry the entries over to another written form of the same words."""

    def moved(entry: Entry) -> Entry:
        first, last = before.words_of(entry.start, entry.end)
        spans = [span for span in after.spans if span.first_word < last and span.last_word > first]
        if not spans:
            return replace(entry, start=0, end=0, evidence="")
        start, end = min(span.start for span in spans), max(span.end for span in spans)
        return replace(entry, start=start, end=end, evidence=after.text[start:end])

    return replace(note, text=after.text, entries=tuple(map(moved, note.entries)))
