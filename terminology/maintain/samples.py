"""Sentences that an expression stands for, so that a vocabulary can be tried on itself."""

from itertools import islice

from terminology.pattern import Either, Expression, Gap, Maybe, Node, Slot, Then, Word, WordKind

MOST = 12
"""Samples of one expression; every choice of up to so many options is in at least one of them."""


def samples(expression: Expression, *, most: int = MOST) -> tuple[str, ...]:
    """Return different wordings that the expression should match, without what must not be there."""
    turns = min(max(_turns(part) for part in expression.parts) * 2, most)
    found = dict.fromkeys(
        " ".join(word for part in expression.parts for word in _words(part, turn)) for turn in range(turns)
    )
    return tuple(islice(found, most))


def _turns(node: Node) -> int:
    match node:
        case Then():
            return max((_turns(item) for item in node.items), default=1)
        case Either() | Slot():
            return max(len(node.options), *(_turns(option) for option in node.options), 1)
        case Maybe():
            return _turns(node.item)
        case _:
            return 1


def _words(node: Node, turn: int) -> list[str]:
    """Return the words of a node; the turn decides which of its options is taken."""
    match node:
        case Word():
            return ["2" if node.kind is WordKind.NUMBER else node.form]
        case Then():
            return [word for item in node.items for word in _words(item, turn)]
        case Either() | Slot():
            count = len(node.options)
            return _words(node.options[turn % count], turn // count) if count else []
        case Maybe():
            return _words(node.item, turn) if turn % 2 else []
        case Gap():
            return []
        case _:
            return []
