"""Expressions of the spoken vocabulary: the small language in which one line stands for a family of wordings.

`Parser.expression` reads a line into nodes. The language is described in data/EXPRESSIONS.md.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from terminology.errors import TerminologyError
from terminology.nodes import Either, Gap, Maybe, Node, Slot, Then, Word, WordKind
from terminology.normalise import fold, key

__all__ = [
    "MIN_AFFIX",
    "WINDOW",
    "Either",
    "Expression",
    "Gap",
    "Line",
    "Maybe",
    "Node",
    "Parser",
    "Slot",
    "Then",
    "Word",
    "WordKind",
]

WINDOW = 10
"""Words that may stand between the outermost parts of "a & b"."""
MIN_AFFIX = 2
"""Letters that must stand beside "*"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a vocabulary file that says something."""

    text: str
    source: str
    """File and line number."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expression:
    """A line of a vocabulary: parts that stand together in one clause."""

    parts: tuple[Node, ...]
    """All must be there; one part alone is a plain sequence."""
    forbidden: tuple[Node, ...] = ()
    """None of these may stand in the clause."""
    unsure: bool = False
    source: str = ""
    """File and line."""
    text: str = ""
    """The line as written, without comment and mark."""

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return groups of words; a match holds at least one word of each group."""
        return tuple(group for part in self.parts for group in part.needs())


_LEXEME = re.compile(
    r"\s*(?:(?P<gap>\.\.\.)|(?P<slot>\{[^{}]*\})|(?P<number><n>)\.?|(?P<mark>[()\[\]|&])|(?P<not>!)"
    r"|(?P<word>=?\*?[^\W_](?:[^\W_]|[.'’\-/])*\*?))"
)
_AFTER_ITEM = frozenset({")", "]", "|", "&"})
_UNSURE = "@unsure"
_PIECE = re.compile(r"[-/]")


class Parser:
    """Reads expressions; the words and slots of one vocabulary are shared."""

    def __init__(
        self, lists: Mapping[str, Sequence[Line]], words: Iterable[tuple[int, str, str]] = ()
    ) -> None:
        """Take the shared lists, and the words that have their numbers already.

        Args:
            lists: slot name to the lines of its list.
            words: kind, compared text and form of each word, in the order of their numbers.

        """
        self.lists = lists
        self.words = {
            (WordKind(kind), text): Word(WordKind(kind), form, number)
            for number, (kind, text, form) in enumerate(words)
        }
        self._slots: dict[str, Slot] = {}

    def slot(self, name: str, source: str) -> Slot:
        """Return the slot of that name.

        Raises:
            TerminologyError: there is no such list.

        """
        if name not in self.lists:
            raise _refuse(source, f"there is no list {name} in slots/")
        return self._slots.setdefault(name, Slot(name, self._read_list))

    def _read_list(self, name: str) -> tuple[Node, ...]:
        expressions = [self.expression(line.text, line.source) for line in self.lists[name]]
        for expression in expressions:
            if len(expression.parts) > 1 or expression.forbidden or expression.unsure:
                raise _refuse(expression.source, 'a shared list takes neither "&" nor "@unsure"')
        return tuple(expression.parts[0] for expression in expressions)

    def expression(self, line: str, source: str, *, literal: bool = False) -> Expression:
        """Read one line, without its comment.

        Args:
            line: the line.
            source: its file and number.
            literal: whether words stand for their own form alone, as if each had "=".

        Raises:
            TerminologyError: the line is not an expression; the message names `source` and the reason.

        """
        text, mark, rest = line.partition("@")
        if mark and f"@{rest}".strip() != _UNSURE:
            raise _refuse(source, f'"@{rest.strip()}" is not a mark; only {_UNSURE} is')
        text = text.strip()
        lexemes = _lex(text, source)
        reader = _Reader(self, lexemes, source, literal=literal)
        parts, forbidden = reader.conjunction()
        return Expression(parts=parts, forbidden=forbidden, unsure=bool(mark), source=source, text=text)

    def word(self, lexeme: str, source: str, *, literal: bool) -> Node:
        """Return the node of one written word; a hyphen or slash parts it into several."""
        pieces = _PIECE.split(lexeme.strip("-/"))
        nodes = [self._piece(piece, source, literal=literal) for piece in pieces if piece]
        return nodes[0] if len(nodes) == 1 else Then(tuple(nodes))

    def _piece(self, lexeme: str, source: str, *, literal: bool) -> Word:
        exact = lexeme.startswith("=")
        stars = (lexeme.removeprefix("=").startswith("*"), lexeme.endswith("*"))
        form = fold(lexeme.strip("=*"))
        if lexeme != lexeme.lower():
            raise _refuse(source, f'"{lexeme}" has capitals; write it small')
        if exact and any(stars):
            raise _refuse(source, f'"{lexeme}" has both "=" and "*"; use one')
        if any(stars) and len(form) < MIN_AFFIX:
            raise _refuse(source, f'"{lexeme}" is too short to stand beside "*"')
        match stars:
            case (True, True):
                return self._intern(WordKind.INFIX, form, form)
            case (True, False):
                return self._intern(WordKind.SUFFIX, key(form), form)
            case (False, True):
                return self._intern(WordKind.PREFIX, form, form)
        if exact or literal:
            return self._intern(WordKind.EXACT, form, form)
        return self._intern(WordKind.STEM, key(form), form)

    def number(self) -> Word:
        """Return the node of any number."""
        return self._intern(WordKind.NUMBER, "", "<n>")

    def _intern(self, kind: WordKind, text: str, form: str) -> Word:
        word = self.words.get((kind, text))
        if word is None:
            word = self.words[(kind, text)] = Word(kind, form, len(self.words))
        return word


class _Reader:
    """Recursive descent over the lexemes of one line."""

    def __init__(self, parser: Parser, lexemes: list[tuple[str, str]], source: str, *, literal: bool) -> None:
        self.parser = parser
        self.literal = literal
        self.lexemes = lexemes
        self.source = source
        self.at = 0

    def conjunction(self) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
        """Read the whole line: `A & B & !C`."""
        parts: list[Node] = []
        forbidden: list[Node] = []
        while True:
            negative = self._take("not")
            if negative and not parts:
                raise _refuse(self.source, 'what must not be there ("!") can only follow "&"')
            node = self._sequence()
            if node.nullable:
                raise _refuse(self.source, "a part of it could match nothing; leave a word outside [ ]")
            (forbidden if negative else parts).append(node)
            if self.at == len(self.lexemes):
                return tuple(parts), tuple(forbidden)
            if not self._take("mark", "&"):
                raise _refuse(self.source, f'unexpected "{self.lexemes[self.at][1]}"')

    def _sequence(self) -> Node:
        items: list[Node] = []
        while (node := self._item(first=not items)) is not None:
            items.append(node)
        if not items:
            raise _refuse(self.source, "something is missing: a word, a {slot} or a (choice)")
        if isinstance(items[-1], Gap):
            raise _refuse(self.source, '"..." must stand between words')
        return items[0] if len(items) == 1 else Then(tuple(items))

    def _item(self, *, first: bool) -> Node | None:
        if self.at == len(self.lexemes):
            return None
        kind, text = self.lexemes[self.at]
        if kind == "not" or text in _AFTER_ITEM:
            return None
        if kind == "gap" and first:
            raise _refuse(self.source, '"..." must stand between words')
        self.at += 1
        node: Node
        match kind:
            case "word":
                node = self.parser.word(text, self.source, literal=self.literal)
            case "number":
                node = self.parser.number()
            case "slot":
                node = self.parser.slot(self._slot_name(text), self.source)
            case "gap":
                node = Gap()
            case _:
                inner = self._choice(")" if text == "(" else "]")
                node = inner if text == "(" else Maybe(inner)
        return node

    def _choice(self, close: str) -> Node:
        options = [self._sequence()]
        while self._take("mark", "|"):
            options.append(self._sequence())
        if not self._take("mark", close):
            raise _refuse(self.source, f'a "{close}" is missing')
        return options[0] if len(options) == 1 else Either(tuple(options))

    def _slot_name(self, text: str) -> str:
        name = text[1:-1]
        if not re.fullmatch(r"[a-z0-9_]+", name):
            raise _refuse(self.source, f'"{text}" is no slot name: small letters a-z, digits and "_" only')
        return name

    def _take(self, kind: str, text: str | None = None) -> bool:
        here = self.at < len(self.lexemes) and self.lexemes[self.at]
        if here and here[0] == kind and text in {None, here[1]}:
            self.at += 1
            return True
        return False


def _lex(text: str, source: str) -> list[tuple[str, str]]:
    found = []
    at = 0
    while at < len(text):
        match = _LEXEME.match(text, at)
        if not match or not match.lastgroup:
            if not text[at:].strip():
                break
            raise _refuse(source, f'"{text[at:].strip()[0]}" has no meaning in an expression')
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    if not found:
        raise _refuse(source, "the expression is empty")
    return found


def _refuse(source: str, reason: str) -> TerminologyError:
    return TerminologyError(f"{source}: {reason}. Mend that line.")
