"""The cues of context, from data/context: what denies, dates, doubts, plans or attributes a statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from terminology.index import Hit
from terminology.pattern import Line
from terminology.vocabulary import read_page

FOLDER = "context"
FILES = (
    "benaegtet",
    "betinget",
    "foer_besoeg",
    "ikke_udfoert",
    "mistanke",
    "personer",
    "planlagt",
    "tidligere",
)
INFLECTED = frozenset({"kvinde", "mand", "anden", "dyr", "fremmed", "borger", "personale"})
"""Sections of nouns; in all others a word stands for its own form alone, because its tense decides."""
SKIN = "skin"
"""The section of look-alikes: a cue of the same file that overlaps one, and doesn't hold it, is none."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CueLine:
    """A cue as written."""

    name: str
    """File and section, such as "benaegtet.bestemmer"."""
    line: Line
    literal: bool
    """Whether its words stand for their own forms alone."""


def read_cues(folder: Traversable) -> tuple[CueLine, ...]:
    """Read every cue.

    Raises:
        TerminologyError: a file can't be read.

    """
    found: list[CueLine] = []
    for name in FILES:
        page = read_page(folder / FOLDER / f"{name}.txt", f"{FOLDER}/{name}.txt")
        found.extend(
            CueLine(name=f"{name}.{section}", line=line, literal=section not in INFLECTED)
            for section, lines in page.sections.items()
            for line in lines
        )
    return tuple(found)


def _hides(skin: Span, span: Span) -> bool:
    """Tell whether a look-alike overlaps a cue that does not hold it wholly and more."""
    overlaps = skin[0] < span[1] and span[0] < skin[1]
    return overlaps and not (span[0] <= skin[0] and skin[1] <= span[1] and span != skin)


class Cues:
    """The cues of one note, by name."""

    def __init__(self, hits: Sequence[tuple[str, Hit]]) -> None:
        """Keep the longest cue at each place and drop the look-alikes."""
        by_name: dict[str, set[Span]] = {}
        for name, hit in hits:
            by_name.setdefault(name, set()).add((hit.start, hit.end))
        self._spans: dict[str, tuple[Span, ...]] = {}
        for name, spans in by_name.items():
            skins = by_name.get(f"{name.partition('.')[0]}.{SKIN}", set())
            if name.endswith(f".{SKIN}"):
                skins = set()
            kept = [span for span in spans if not any(_hides(skin, span) for skin in skins)]
            self._spans[name] = tuple(
                span
                for span in sorted(kept)
                if not any(other != span and other[0] <= span[0] and span[1] <= other[1] for other in kept)
            )

    def spans(self, *names: str) -> tuple[Span, ...]:
        """Return the spans of the named cues, in the order of their places."""
        return tuple(sorted(span for name in names for span in self._spans.get(name, ())))

    def tokens(self, *names: str) -> frozenset[int]:
        """Return the tokens of the named cues."""
        return frozenset(at for low, high in self.spans(*names) for at in range(low, high))
