"""Everything that the vocabulary listens for, as plain phrases: what a recogniser may have meant.

The wordings are written in an expression language; each is written out into a few phrases that it stands for,
those without the parts that may be left out first. Numbers and gaps have no words: wordings that need one are
left out. So are the slips that the wordings allow for ("afførring"): they are heard, but never meant.
"""

from collections.abc import Container, Iterable, Iterator
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path

import simplemma

from terminology import cache
from terminology.cache import Vocabulary
from terminology.concept import Status
from terminology.index import COMMON
from terminology.lookup import build
from terminology.lookup.layout import About
from terminology.lookup.sound import strong
from terminology.nodes import Either, Maybe, Node, Slot, Then, Word, WordKind
from terminology.normalise import key
from terminology.pattern import Parser
from terminology.release import Release, shipped
from terminology.release import load as load_release

FROM_LIST = 400
"""Phrases taken of each shared list."""
FROM_WORDING = 1
"""Phrases taken of each choice that a wording gives."""
LONGEST = 3
"""Words of a phrase."""
_TELLING = 4
"""Letters of a word that tells something."""
_LEFT_OUT = frozenset({"blocked"})

_Phrase = tuple[str, ...]


def phrases(vocabulary: Vocabulary | None = None, release: Release | None = None) -> tuple[str, ...]:
    """Return the phrases of a vocabulary, the official terms and the drug names, each once, sorted.

    Args:
        vocabulary: the shipped one by default.
        release: the one in use by default.

    Raises:
        TerminologyError: a file of either is damaged.

    """
    known = vocabulary or cache.load(shipped())
    parser = Parser(known.lists, known.compiled.words)
    found: set[_Phrase] = set()
    for row in known.rows:
        if row.owner and row.section not in _LEFT_OUT:
            expression = parser.expression(row.line.text, row.line.source, literal=row.literal)
            for part in expression.parts:
                for option in part.options if isinstance(part, Either) else (part,):
                    found.update(islice(_written_out(option), FROM_WORDING))
    for lines in known.lists.values():
        for line in lines:
            expression = parser.expression(line.text, line.source)
            found.update(islice(_written_out(expression.parts[0]), FROM_LIST))
    slips = _slips({word for phrase in found for word in phrase})
    told = {
        " ".join(phrase)
        for phrase in found
        if _is_telling(phrase) and slips.isdisjoint(phrase) and not _is_apart(phrase, found)
    }
    return tuple(sorted(told.union(known.drugs, _official(release or load_release()))))


def build_phrases(path: Path, folder: Traversable | None = None) -> About:
    """Compile the phrases to a look-up of which `neighbours` serves the recogniser.

    A phrase is its own code there.

    Raises:
        TerminologyError: a file of the vocabulary is damaged, or `path` can't be written.

    """
    known = cache.load(folder or shipped())
    return build(((one, one) for one in phrases(known)), path, release="phrases")


def _official(release: Release) -> Iterator[str]:
    """Yield the terms of concepts that may be written today, and of measurements."""
    for concept in release.concepts:
        if concept.status is Status.CURRENT and concept.leaf and not concept.display.isdecimal():
            yield from (designation.value for designation in concept.designations)
    yield from (observation.name for observation in release.observations)


def _is_apart(phrase: _Phrase, found: Container[_Phrase]) -> bool:
    """Tell whether a phrase is but a compound written apart."""
    return len(phrase) > 1 and ("".join(phrase),) in found


def _is_telling(phrase: _Phrase) -> bool:
    return len(phrase) <= LONGEST and any(len(word) >= _TELLING and word not in COMMON for word in phrase)


def _slips(words: Iterable[str]) -> frozenset[str]:
    """Return the words that are in no dictionary and sound like one that is, and is no form of them."""
    known = {word: bool(simplemma.is_known(word, lang="da")) for word in words}
    sounds: dict[str, set[str]] = {}
    for word, is_known in known.items():
        if is_known:
            sounds.setdefault(strong(word), set()).add(key(word))
    return frozenset(
        word
        for word, is_known in known.items()
        if not is_known and strong(word) in sounds and key(word) not in sounds[strong(word)]
    )


def _written_out(node: Node) -> Iterator[_Phrase]:
    """Yield the phrases that a node stands for, those of lists in turn."""
    match node:
        case Word():
            if _is_word(node):
                yield (node.form,)
        case Either():
            yield from _in_turn(_written_out(option) for option in node.options)
        case Slot():
            yield from _in_turn(_written_out(option) for option in node.options)
        case Maybe():
            yield ()
            yield from _written_out(node.item)
        case Then():
            yield from _sequence(node.items)


def _sequence(items: tuple[Node, ...]) -> Iterator[_Phrase]:
    if not items:
        yield ()
        return
    rests = tuple(islice(_sequence(items[1:]), FROM_WORDING))
    if rests:  # else a part of it has no words
        for first in islice(_written_out(items[0]), FROM_LIST):
            yield from ((*first, *rest) for rest in rests)


def _in_turn(options: Iterable[Iterator[_Phrase]]) -> Iterator[_Phrase]:
    """Yield one of each, then the second of each, so that a number of them is a fair sample."""
    waiting = list(options)
    while waiting:
        left = []
        for option in waiting:
            if (phrase := next(option, None)) is not None:
                yield phrase
                left.append(option)
        waiting = left


def _is_word(word: Word) -> bool:
    """Tell whether the form is a word: the beginning or inside of one need not be."""
    if word.kind is WordKind.NUMBER:
        return False
    return word.kind in {WordKind.STEM, WordKind.EXACT} or bool(simplemma.is_known(word.form, lang="da"))
