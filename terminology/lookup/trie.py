"""All terms as a tree of symbols (words whose forms count as one), so that a note is walked along it.

Nodes are numbered breadth first: the children of a node stand next to each other, sorted by symbol.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np

from terminology.lookup.layout import Array, Arrays

ROOT = 0


def compile_trie(symbols: Array, starts: Array) -> Mapping[str, Array]:
    """Work out the tree.

    Args:
        symbols: the symbols of all terms, one term behind the other, shape (n,).
        starts: where each term starts, and the end, shape (terms + 1,); no term is empty.

    """
    lengths = np.diff(starts).astype(np.int64)
    terms, deepest = len(lengths), int(lengths.max(initial=0))
    table = np.zeros((terms, deepest), dtype=np.uint32)  # 0 stands for "no word"
    row = np.repeat(np.arange(terms), lengths)
    column = np.arange(len(symbols)) - np.repeat(starts[:-1].astype(np.int64), lengths)
    table[row, column] = symbols + 1
    order = np.lexsort(table.T[::-1]) if deepest else np.arange(terms)
    table, lengths = table[order], lengths[order]

    begins = np.ones(terms, dtype=bool)  # whether a row differs from the one above in the columns so far
    node = np.zeros(terms, dtype=np.int64)  # each row's node at the depth reached
    last = np.zeros(terms, dtype=np.int64)  # each row's node at its own depth
    labels, parents, count = [np.zeros(1, np.uint32)], [], 1
    if terms:
        begins[1:] = False
    for depth in range(deepest):
        symbol = table[:, depth]
        begins[1:] |= symbol[1:] != symbol[:-1]
        new = begins & (symbol > 0)
        labels.append(symbol[new] - 1)
        parents.append(node[new])
        node = np.where(symbol > 0, count - 1 + np.cumsum(new), node)
        count += int(new.sum())
        last = np.where(lengths == depth + 1, node, last)
    children = np.bincount(np.concatenate(parents), minlength=count) if parents else np.zeros(count, int)
    by_node = np.argsort(last, kind="stable")
    ends = np.bincount(last, minlength=count)
    return {
        "node_label": np.concatenate(labels).astype("<u4"),
        "node_first": np.concatenate(([1], 1 + np.cumsum(children))).astype("<u4"),
        "node_terms": np.concatenate(([0], np.cumsum(ends))).astype("<u4"),
        "trie_term": order[by_node].astype("<u4"),
    }


class Trie:
    """A compiled tree, open."""

    __slots__ = ("_first", "_label", "_term", "_terms_at")

    def __init__(self, arrays: Arrays) -> None:
        """Take the arrays of a file."""
        self._label = arrays.ints("node_label")
        self._first = arrays.ints("node_first")
        self._terms_at = arrays.ints("node_terms")
        self._term = arrays.ints("trie_term")

    def child(self, node: int, symbol: int) -> int:
        """Return the node that `symbol` leads to, `ROOT` where there is none."""
        end = self._first[node + 1]
        at = bisect_left(self._label, symbol, self._first[node], end)
        return at if at < end and self._label[at] == symbol else ROOT

    def holds(self, node: int) -> bool:
        """Tell whether a term ends here."""
        return self._terms_at[node] != self._terms_at[node + 1]

    def is_leaf(self, node: int) -> bool:
        """Tell whether nothing follows."""
        return self._first[node] == self._first[node + 1]

    def terms(self, node: int) -> Sequence[int]:
        """Return the terms that end here."""
        return self._term[self._terms_at[node] : self._terms_at[node + 1]].tolist()
