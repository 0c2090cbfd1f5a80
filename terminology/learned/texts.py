"""What the model is fitted to: the wordings of the vocabulary, spelled out, and sentences written for it."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from terminology import cache
from terminology.errors import TerminologyError
from terminology.learned.model import NORMAL, NOTHING
from terminology.nodes import Either, Maybe, Slot, Then, Word
from terminology.pattern import Node, Parser

FOLDER = "training"
BACKGROUND = "background.txt"
"""Sentences that call for nothing."""
DENIERS = frozenset("ikke ingen intet aldrig uden benægter nægter hverken".split())  # noqa: SIM905 - readable
_SPELLED = 4
"""Sentences made of one wording at most."""
_TRIES = 8
_ABSENT = "absent"
_NONE = "none"
_BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text and what it says."""

    text: str
    name: str
    """The class: a code, a code with "!", or nothing."""
    written: bool
    """Whether it is a whole sentence that somebody wrote."""


def examples(folder: Traversable) -> Iterator[Example]:
    """Give everything that the model of a release is fitted to, in an order that is always the same.

    Raises:
        TerminologyError: a file is damaged.

    """
    vocabulary = cache.read(folder)
    parser = Parser(vocabulary.lists)
    for number, row in enumerate(vocabulary.rows):
        if not row.owner or row.section == _BLOCKED:
            continue
        parts = parser.expression(row.line.text, row.line.source).parts
        chance = random.Random(number)  # noqa: S311 - no secret hangs on it
        spelled = {" ".join(_spelled(parts, chance)) for _ in range(_TRIES)} - {""}
        name = row.owner + (NORMAL if row.section == _ABSENT else "")
        for text in sorted(spelled)[:_SPELLED]:
            yield Example(text=text, name=name, written=False)
    codes: dict[str, list[str]] = {}
    for concept in vocabulary.concepts:
        codes.setdefault(concept.source.rsplit("/", 1)[-1].removesuffix(".txt"), []).append(concept.code)
    for file in sorted((folder / FOLDER).iterdir(), key=lambda file: file.name):
        yield from _sentences(file, codes)


def _sentences(file: Traversable, codes: dict[str, list[str]]) -> Iterator[Example]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        if file.name == BACKGROUND:
            yield Example(text=line, name=NOTHING, written=True)
            continue
        try:
            key, status, text = line.split("\t")
            (code, *others) = codes[key]
        except (ValueError, KeyError):
            raise TerminologyError(
                f"{file.name}, line {number}: a concept's file name, a status and a sentence are needed."
            ) from None
        if others:
            continue  # two concepts share the file name
        if status == _NONE:
            yield Example(text=text, name=NOTHING, written=True)
        elif status == _ABSENT and not DENIERS & set(text.lower().replace(",", " ").split()):
            yield Example(text=text, name=code + NORMAL, written=True)
        else:
            yield Example(text=text, name=code, written=True)


def checksum(found: Sequence[Example]) -> str:
    """Return the SHA-256 over all examples, in hexadecimal."""
    digest = hashlib.sha256()
    for one in found:
        digest.update(f"{one.name}\t{one.text}\n".encode())
    return digest.hexdigest()


def _spelled(parts: Sequence[Node], chance: random.Random) -> list[str]:
    return [word for part in parts for word in _said(part, chance)]


def _said(node: Node, chance: random.Random) -> list[str]:
    """Say one of the wordings that a pattern stands for."""
    if isinstance(node, Word):
        return [node.form]
    if isinstance(node, Then):
        return [word for item in node.items for word in _said(item, chance)]
    if isinstance(node, Either):
        return _said(chance.choice(node.options), chance)
    if isinstance(node, Maybe):
        return _said(node.item, chance) if chance.random() < 0.5 else []  # noqa: PLR2004 - a coin
    if isinstance(node, Slot):
        return _said(chance.choice(node.read(node.name)), chance)
    return []
