"""A vocabulary tried on sentences, without context: which of its lines are found in them."""

from collections.abc import Mapping, Sequence

from terminology.index import Hit, Index, NoteLattice, Row, compile_rows, sentences
from terminology.normalise import Token, tokens
from terminology.overlay.base import Said
from terminology.pattern import Expression, Line


class Trial:
    """The lines of a vocabulary, ready to be found."""

    def __init__(self, said: Sequence[Said], lists: Mapping[str, Sequence[Line]]) -> None:
        """Index the lines; a hit's `row` is the place of its line here.

        Raises:
            TerminologyError: a line is not an expression.

        """
        self.said = tuple(said)
        rows = [Row(owner=one.spoken.code, section=one.section, line=one.line) for one in said]
        self._index = Index(rows, lists, compile_rows(rows, lists))

    def expression(self, row: int) -> Expression:
        """Return a line as read."""
        return self._index.expression(row)

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return the lines that are found in a text, in the order of their places."""
        return self.find_in(tokens(text))

    def find_in(self, words: Sequence[Token]) -> tuple[Hit, ...]:
        """Return the lines that are found in the words of a text, in the order of their places."""
        return self._index.find(NoteLattice(words, self._index.words), sentences(words))
