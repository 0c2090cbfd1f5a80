"""Where one statement ends and the next begins."""

import pytest

from terminology.clauses import layout
from terminology.normalise import tokens


def _parted(text: str) -> str:
    """Return the text with "‖" between main clauses and "|" between the clauses within them."""
    words = tokens(text)
    where = layout(words)
    shown = [words[0].text]
    for at in range(1, len(words)):
        if where.stretches[at] != where.stretches[at - 1]:
            shown.append("‖")
        elif where.clauses[at] != where.clauses[at - 1]:
            shown.append("|")
        shown.append(words[at].text)
    return " ".join(shown)


@pytest.mark.parametrize(
    "expected",
    [
        "Ingen smerter kvalme eller opkast",
        "Hun har ondt ‖ men sover godt",
        "Hun har ondt og ‖ sover dårligt",
        "Svier | når hun tisser",
        "Kan ikke huske at tage medicin",
        "Datteren fortæller | at hun glemmer",
        "Ondt i ryggen hoften og knæet",
    ],
)
def test_clauses_without_commas(expected: str) -> None:
    """Conjunctions and verbs part clauses; lists and infinitives stay whole."""
    assert _parted(expected.replace("‖ ", "").replace("| ", "")) == expected


def test_a_comma_before_a_new_statement() -> None:
    """A comma parts a list from the statement that follows, but not the items of the list."""
    assert _parted("Ingen smerter, kvalme, hun sover godt") == "Ingen smerter kvalme ‖ hun sover godt"


def test_sentences_are_numbered() -> None:
    """A full stop and a colon begin a new sentence."""
    assert set(layout(tokens("TOBS: puls 80. Sover.")).sentences) == {0, 1, 2}
