"""A score over all notes: by kind and concept, what is taken for what, and what got worse."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from terminology.errors import TerminologyError
from terminology.maintain.score_files import Earlier, Notes
from terminology.maintain.scoring import (
    KINDS,
    NOT_DONE,
    NOT_GIVEN,
    NOT_PRESENT,
    Alignment,
    Counts,
    Item,
    Rules,
    Slip,
    align,
    asserted,
    count,
    slips,
)

ALL = "all"
NOTHING = "(nothing)"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteScore:
    """One note."""

    all: Alignment
    asserted: Alignment
    slips: tuple[Slip, ...]
    soft: tuple[Slip, ...]
    """Suspicions reported as present."""

    @property
    def is_right(self) -> bool:
        """Whether nothing is invented and nothing missed."""
        return not self.all.invented and not self.all.missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """All notes."""

    notes: Mapping[str, NoteScore]
    gold: str
    """Checksum of the annotated notes."""
    not_asserted: int
    """Annotated entries that assert nothing: what an assertion error can go wrong on."""
    unanswered: tuple[str, ...]
    """Annotated notes without a prediction, counted as empty."""
    unknown: tuple[str, ...]
    """Predicted notes that nobody annotated, passed over."""

    def by_kind(self, *, only_asserted: bool = False) -> dict[str, Counts]:
        """Count by kind, "all" first."""
        parts = [note.asserted if only_asserted else note.all for note in self.notes.values()]
        found = count(parts)
        kinds = {kind: found.get(kind, Counts()) for kind in KINDS}
        return {ALL: sum(kinds.values(), Counts()), **kinds}

    def by_concept(self) -> dict[str, Counts]:
        """Count by kind and concept, such as "condition/Problemer med smerter"."""
        return count((note.all for note in self.notes.values()), lambda item: f"{item.kind}/{item.label}")

    def confusions(self) -> Counter[tuple[str, str]]:
        """Count what was annotated and what was predicted in its place."""
        return Counter(pair for note in self.notes.values() for pair in _confused(note.all))

    def kept(self, release: str) -> Earlier:
        """Return what is kept of the score for the next comparison."""
        return Earlier(
            gold=self.gold,
            release=release,
            counts={**self.by_kind(), **self.by_concept()},
            right_notes=frozenset(name for name, note in self.notes.items() if note.is_right),
            slips=sum(len(note.slips) for note in self.notes.values()),
        )

    def interval(self, rounds: int) -> tuple[float, float]:
        """Return the 95 % interval of F1 over notes drawn again and again (bootstrap, fixed seed)."""
        per_note = {name: sum(count([note.all]).values(), Counts()) for name, note in self.notes.items()}
        names = list(per_note)
        draw = random.Random(1)  # noqa: S311 - a repeatable draw, no secret
        found = sorted(sum((per_note[draw.choice(names)] for _ in names), Counts()).f1 for _ in range(rounds))
        return found[int(0.025 * rounds)], found[int(0.975 * rounds) - 1]


def score(gold: Notes, predicted: Notes, rules: Rules) -> Score:
    """Compare the predicted entries of every annotated note with what was annotated."""
    notes = {}
    for name, wanted in gold.entries.items():
        found = predicted.entries.get(name, ())
        hard, soft = slips(wanted, found)
        notes[name] = NoteScore(
            all=align(wanted, found, rules),
            asserted=align(asserted(wanted), asserted(found), rules),
            slips=hard,
            soft=soft,
        )
    opposite = NOT_PRESENT | NOT_DONE | NOT_GIVEN
    return Score(
        notes=notes,
        gold=gold.checksum,
        not_asserted=sum(item.status in opposite for items in gold.entries.values() for item in items),
        unanswered=tuple(name for name in gold.entries if name not in predicted.entries),
        unknown=tuple(name for name in predicted.entries if name not in gold.entries),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """Something that was better in the earlier score."""

    name: str
    """A kind, a concept, a note, or "assertion errors"."""
    before: float
    after: float


def regressions(now: Score, earlier: Earlier) -> tuple[Regression, ...]:
    """Return what got worse: F1 of a kind or concept, notes that were right, assertion errors.

    Raises:
        TerminologyError: the earlier score is of other annotated notes.

    """
    if now.gold != earlier.gold:
        raise TerminologyError(
            "The earlier score is of other annotated notes. Score both releases with the same file."
        )
    return tuple(_worse(now, earlier))


def _worse(now: Score, earlier: Earlier) -> Iterator[Regression]:
    counts = {**now.by_kind(), **now.by_concept()}
    for name, before in earlier.counts.items():
        after = counts.get(name, Counts())
        if after.f1 < before.f1:
            yield Regression(name=name, before=before.f1, after=after.f1)
    for name in sorted(earlier.right_notes):
        if name in now.notes and not now.notes[name].is_right:
            yield Regression(name=f"note {name}", before=1, after=0)
    found = sum(len(note.slips) for note in now.notes.values())
    if found > earlier.slips:
        yield Regression(name="assertion errors", before=earlier.slips, after=found)


def _confused(alignment: Alignment) -> Iterator[tuple[str, str]]:
    """Pair each missed entry with the invented one that most likely stands for it."""
    left = list(alignment.invented)
    for missed in alignment.missed:
        rated = [(_nearness(missed, item), -at) for at, item in enumerate(left)]
        best = max(rated, default=(0, 0))
        if best[0]:
            yield _named(missed), _named(left.pop(-best[1]))
        else:
            yield _named(missed), NOTHING
    for item in left:
        yield NOTHING, _named(item)


def _nearness(gold: Item, predicted: Item) -> int:
    """Rate how likely one was predicted for the other; 0 where nothing speaks for it."""
    if gold.kind != predicted.kind:
        return 0
    if gold.kind == "medication":
        return 2 * (gold.name == predicted.name)
    if predicted.code in gold.codes:
        return 2
    one, other = gold.evidence.casefold(), predicted.evidence.casefold()
    return int(bool(one and other) and (one in other or other in one))


def _named(item: Item) -> str:
    value = f" {item.value}" if item.kind == "observation" else ""
    return f"{item.label} [{item.status}]{value}"
