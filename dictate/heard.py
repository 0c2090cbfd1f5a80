"""From a transcript to a draft: an entry is no surer than the words that it stands on."""

from dataclasses import replace

from dictate.draft import Drafter
from dictate.entry import Entry, Note
from dictate.transcript import Transcript
from terminology.written import to_written

SURE = 0.5
"""A word that the recogniser gives a lower probability makes the entries unsure whose evidence it carries."""


def draft_transcript(drafter: Drafter, note_id: str, transcript: Transcript) -> Note:
    """Draft the entries of what was heard, in written form.

    Args:
        drafter: the vocabulary.
        note_id: the id that the note carries.
        transcript: what was heard, with the probability of each word.

    """
    words = transcript.words
    written = to_written(" ".join(word.text for word in words), note=True)
    # A word holds no space, so the places in the spoken words are the places in `words`.
    note = drafter.draft(note_id, text=written.text)

    def checked(entry: Entry) -> Entry:
        first, last = written.words_of(entry.start, entry.end)
        doubtful = any(word.probability < SURE for word in words[first:last])
        return replace(entry, unsure=True) if doubtful else entry

    return replace(note, entries=tuple(map(checked, note.entries)))
