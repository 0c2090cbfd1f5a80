"""Predicted entries against annotated ones: which are right, which are missing, which assert what isn't so.

The rules: an entry is right where kind, code (or one that the annotator accepts too) and status agree; for a
measurement the value instead of the status; for a drug the name and the status. What is required is matched
first, exact codes before accepted ones, one to one; what is left of the predictions may then match what is
optional, which gives neither credit nor penalty.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

KINDS = ("condition", "intervention", "observation", "medication")
ASSERTED = frozenset({"present", "suspected", "completed", "planned", "measured", "given"})
NOT_PRESENT = frozenset({"absent", "historical", "other_person"})
NOT_DONE = frozenset({"planned", "not_done"})
NOT_GIVEN = frozenset({"planned", "not_given"})

_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_PLUS = re.compile(r"^\+(\d)$")
_ORDINALS = {"negativ": "neg", "negative": "neg", "-": "neg", "positiv": "pos", "positive": "pos", "+": "1+"}
_HUNDREDTHS = frozenset({"%", "cm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry, annotated or predicted."""

    kind: str
    code: str
    status: str
    display: str = ""
    value: float | str | None = None
    """Comparable: per cent as fractions, centimetres as metres, ordinals folded."""
    name: str = ""
    """Of a drug, as compared."""
    dose: str = ""
    accepted: frozenset[str] = frozenset()
    """Other codes that are right too."""
    optional: bool = False
    evidence: str = ""
    """The words of the note; not compared."""

    @property
    def codes(self) -> frozenset[str]:
        """Every code that is right."""
        return self.accepted | {self.code}

    @property
    def label(self) -> str:
        """What people call it."""
        return self.display or self.name or self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How strictly entries are compared."""

    strict: bool = False
    """Whether codes accepted by the annotator don't count."""
    dose: bool = False
    """Whether a drug must have the right dose too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """One note: what is right, invented and missed."""

    right: tuple[tuple[Item, Item], ...]
    """Annotated and predicted."""
    invented: tuple[Item, ...]
    missed: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A prediction that asserts what the note denies, plans or attributes to somebody else."""

    change: str
    """Such as "absent->present"."""
    item: Item


def comparable(value: object, unit: str | None) -> float | str | None:
    """Return a value as it is compared; None where there is none."""
    if isinstance(value, str):
        said = value.strip().lower().replace("−", "-")
        said = _PLUS.sub(r"\1+", _ORDINALS.get(said, said))
        if not _NUMBER.fullmatch(said):
            return said
        value = float(said.replace(",", "."))
    if not isinstance(value, int | float):
        return None
    number = float(value)
    return round(number / 100 if unit in _HUNDREDTHS else number, 4)


def comparable_text(text: str) -> str:
    """Return a name or a dose as it is compared."""
    return " ".join(text.lower().replace(",", ".").split())


def distinct(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the entries without repetitions, the first of each kept."""
    kept: dict[tuple[object, ...], Item] = {}
    for item in items:
        value = str(item.value) if item.kind == "observation" else ""
        kept.setdefault((item.kind, item.code, item.status, value, item.name, item.dose), item)
    return tuple(kept.values())


def is_right(gold: Item, predicted: Item, rules: Rules) -> bool:
    """Tell whether a predicted entry is the annotated one."""
    if gold.kind != predicted.kind:
        return False
    if gold.kind == "medication":
        same = gold.name == predicted.name and gold.status == predicted.status
        return same and (not rules.dose or gold.dose == predicted.dose)
    if predicted.code not in ({gold.code} if rules.strict else gold.codes):
        return False
    if gold.kind == "observation":
        return gold.value == predicted.value
    return gold.status == predicted.status


def align(gold: Sequence[Item], predicted: Sequence[Item], rules: Rules) -> Alignment:
    """Match the entries of one note."""
    open_ones = dict(enumerate(distinct(predicted)))
    required = distinct(item for item in gold if not item.optional)
    hits: dict[int, Item] = {}
    exact = Rules(strict=True, dose=rules.dose)
    for passing in (exact,) if rules.strict else (exact, rules):
        for number, item in enumerate(required):
            if number not in hits and (at := _first(item, open_ones, passing)) is not None:
                hits[number] = open_ones.pop(at)
    loose = Rules(strict=False, dose=rules.dose)
    for item in gold:
        if item.optional and (at := _first(item, open_ones, loose)) is not None:
            del open_ones[at]
    return Alignment(
        right=tuple((required[number], hit) for number, hit in sorted(hits.items())),
        invented=tuple(open_ones.values()),
        missed=tuple(item for number, item in enumerate(required) if number not in hits),
    )


def asserted(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the entries that say that something is, was done or is to be done."""
    return tuple(item for item in items if item.status in ASSERTED)


def slips(gold: Sequence[Item], predicted: Sequence[Item]) -> tuple[tuple[Slip, ...], tuple[Slip, ...]]:
    """Return the assertion errors of one note, and the suspicions that were reported as present.

    A prediction is no error where the same code is also truly present, done or given in the note.
    """
    present = _true_codes(gold, "condition", "present")
    done = _true_codes(gold, "intervention", "completed")
    given = {item.name for item in gold if item.kind == "medication" and item.status == "given"}
    hard: list[Slip] = []
    soft: list[Slip] = []
    for item in distinct(predicted):
        for other in gold:
            slip = _slip(item, other, present=present, done=done, given=given)
            if slip is not None:
                (soft if slip.change.startswith("suspected") else hard).append(slip)
                break
    return tuple(hard), tuple(soft)


def _slip(
    item: Item, gold: Item, *, present: frozenset[str], done: frozenset[str], given: set[str]
) -> Slip | None:
    if item.kind != gold.kind:
        return None
    match item.kind, item.status:
        case "condition", "present":
            wrong = gold.status in NOT_PRESENT | {"suspected"} and item.code in gold.codes - present
        case "intervention", "completed":
            wrong = gold.status in NOT_DONE and item.code in gold.codes - done
        case "medication", "given":
            wrong = gold.status in NOT_GIVEN and item.name == gold.name and item.name not in given
        case _:
            wrong = False
    return Slip(change=f"{gold.status}->{item.status}", item=item) if wrong else None


def _true_codes(gold: Iterable[Item], kind: str, status: str) -> frozenset[str]:
    return frozenset(
        code for item in gold if item.kind == kind and item.status == status for code in item.codes
    )


def _first(item: Item, open_ones: Mapping[int, Item], rules: Rules) -> int | None:
    return next((at for at, predicted in open_ones.items() if is_right(item, predicted, rules)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Right, invented and missed entries."""

    right: int = 0
    invented: int = 0
    missed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return both together."""
        return Counts(
            right=self.right + other.right,
            invented=self.invented + other.invented,
            missed=self.missed + other.missed,
        )

    @property
    def precision(self) -> float:
        """How much of what was predicted is right; 0 where nothing was predicted."""
        return self.right / (self.right + self.invented) if self.right + self.invented else 0.0

    @property
    def recall(self) -> float:
        """How much of what is there was predicted; 0 where nothing is there."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def count(
    alignments: Iterable[Alignment], key: Callable[[Item], str] = lambda item: item.kind
) -> dict[str, Counts]:
    """Count entries by a property of theirs, such as their kind or concept, in sorted order."""
    counts: dict[str, Counts] = {}
    for part, items in _parts(alignments):
        for item in items:
            name = key(item)
            counts[name] = counts.get(name, Counts()) + Counts(**{part: 1})
    return dict(sorted(counts.items()))


def _parts(alignments: Iterable[Alignment]) -> Iterator[tuple[str, Iterable[Item]]]:
    for alignment in alignments:
        yield "right", (gold for gold, _ in alignment.right)
        yield "invented", alignment.invented
        yield "missed", alignment.missed
