"""What two lines of a vocabulary have in common when they say the same in other letters.

Inflected forms, spelling variants, spacing and the order of choices don't count: "ondt i hoften" and
"ondt i hofte" have one key.
"""

from collections.abc import Hashable, Iterator

from terminology.pattern import Either, Expression, Maybe, Node, Slot, Then, Word


def key(expression: Expression) -> Hashable:
    """Return what is equal for expressions that match the same words; they must come from one parser."""
    return (
        frozenset(_node(part) for part in expression.parts),
        frozenset(_node(part) for part in expression.forbidden),
    )


def _node(node: Node) -> Hashable:
    found: Hashable
    match node:
        case Then():
            found = ("then", *_flat(node))
        case Either():
            options = frozenset(_node(option) for option in node.options)
            found = next(iter(options)) if len(options) == 1 else ("either", options)
        case Maybe():
            found = ("maybe", _node(node.item))
        case Word():
            found = ("word", node.number)
        case Slot():
            found = ("slot", node.name)
        case _:
            found = type(node)  # a gap
    return found


def _flat(node: Then) -> Iterator[Hashable]:
    for item in node.items:
        if isinstance(item, Then):
            yield from _flat(item)
        else:
            yield _node(item)
