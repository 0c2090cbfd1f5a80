"""What speech recognition saves, counted from the events of signed notes (pure).

The only quantity that is assumed, and not observed, is how long the same note would have taken by hand; it is
an interval, it is shown, and it can be set. The method, and what can't be concluded from it, is described in
docs/benefit.md.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

FEWEST = 5
"""Groups of fewer notes or fewer people are not shown."""
DRAWS = 1000
_SECONDS_OF_MINUTE = 60.0
_SECONDS_OF_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFacts:
    """What is counted of one signed note; no text of it and no name."""

    author: str
    """Account; only counted, never shown, except to its owner."""
    signed_at: datetime
    spoken_s: float
    """Length of the sound; 0 where the note was written."""
    start_to_signed_s: float | None
    """From the first sound to the signature; None where either was not kept."""
    words: int
    """Words of the signed text."""
    edits: int
    """Words that differ between what was heard and what was signed."""
    reviews: tuple[tuple[str, str], ...]
    """Kind of each entry and what the person did: accepted, changed, rejected, added."""
    corrected: tuple[str, ...] = ()
    """Terms that were suggested and then changed or rejected."""
    levels: tuple[tuple[str, int], ...] = ()
    """Functional conditions (code) with their level."""
    citizen: str = field(default="", repr=False)
    """A pseudonym that holds within one report."""
    follow_ups: tuple[str, ...] = ()
    """Results of follow-up, as the note says them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """How the same note would have been made by hand; low and high."""

    words_per_minute: tuple[float, float] = (20.0, 40.0)
    """Typing, composing included: about what is published of people who compose on a keyboard."""
    overhead_s: tuple[float, float] = (20.0, 60.0)
    """Finding the fields and choosing codes by hand, for a note."""
    pause_cap_s: float = 900.0
    """A note that lay longer from sound to signature was interrupted by something else; it is left out."""
    machine_cost: float | None = None
    """What an hour of the machine costs that recognises speech, in any currency; None where nobody said."""
    machine_speed: float = 8.0
    """Hours of sound that it does in an hour, as the summary of `dictate batch` tells."""

    def __post_init__(self) -> None:
        """Refuse what can't be.

        Raises:
            ValueError: an interval is turned round or has no positive speed.

        """
        for low, high in (self.words_per_minute, self.overhead_s):
            if not 0 <= low <= high:
                raise ValueError("an interval must be given as low and high")
        if not self.words_per_minute[0]:
            raise ValueError("words per minute must be above 0")
        if self.machine_cost is not None and not (self.machine_cost >= 0 and self.machine_speed > 0):
            raise ValueError("a cost must not be below 0, and a speed must be above 0")

    @property
    def cost_of_sound(self) -> float | None:
        """What an hour of sound costs; None where nobody said what the machine costs."""
        return None if self.machine_cost is None else self.machine_cost / self.machine_speed


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its low and high bound."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """What people did with the suggested entries of one kind."""

    kind: str
    accepted: int = 0
    changed: int = 0
    rejected: int = 0
    added: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """How the level of a functional condition changed between a citizen's first and last note."""

    code: str
    citizens: int
    better: int
    same: int
    worse: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """The figures of a set of notes."""

    name: str
    """Of the period or team; empty for all."""
    notes: int
    people: int
    spoken_minutes: float
    words: int
    start_to_signed_s: float | None
    """Median; None where no times were kept."""
    edits_per_note: float
    edits_per_hundred_words: float
    reviews: tuple[Reviews, ...]
    saved_minutes_per_note: Interval | None
    """Estimated; None where too few notes have times."""
    saved_hours: Interval | None
    timed: int
    """Notes that the estimate rests on."""
    most_corrected: tuple[tuple[str, int], ...]
    effects: tuple[Effect, ...]
    follow_ups: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Figures of all notes, and of each group that is large enough."""

    assumptions: Assumptions
    all: Benefit
    groups: tuple[Benefit, ...]
    suppressed: int
    """Groups that are too small to be shown, or would tell by subtraction what one of those holds."""


class TooFewError(ValueError):
    """The notes are of so few people that any figure would be about one of them."""


def report(
    facts: Sequence[NoteFacts],
    assumptions: Assumptions,
    *,
    group: Callable[[NoteFacts], str] | None = None,
    fewest_people: int = FEWEST,
    seed: int = 1,
) -> Report:
    """Count.

    Args:
        facts: of all notes.
        assumptions: about the same notes by hand.
        group: names the group of a note, such as its month or its team; "" leaves it out.
        fewest_people: figures about fewer authors are not shown. 1 is for who asks for her own figures.
        seed: of the bootstrap.

    Raises:
        TooFewError: all notes together are of fewer people.

    """
    if len({one.author for one in facts}) < fewest_people:
        raise TooFewError
    groups: dict[str, list[NoteFacts]] = defaultdict(list)
    for one in facts:
        if group and (name := group(one)):
            groups[name].append(one)
    shown = _shown(groups, facts, fewest_people)
    return Report(
        assumptions=assumptions,
        all=benefit("", facts, assumptions, seed=seed),
        groups=tuple(benefit(name, shown[name], assumptions, seed=seed) for name in sorted(shown)),
        suppressed=len(groups) - len(shown),
    )


def benefit(name: str, facts: Sequence[NoteFacts], assumptions: Assumptions, *, seed: int = 1) -> Benefit:
    """Return the figures of a set of notes."""
    words = sum(one.words for one in facts)
    edits = sum(one.edits for one in facts)
    timed = [one for one in facts if _is_timed(one, assumptions)]
    per_note = saved(timed, assumptions, seed=seed) if len(timed) >= FEWEST else None
    return Benefit(
        name=name,
        notes=len(facts),
        people=len({one.author for one in facts}),
        spoken_minutes=sum(one.spoken_s for one in facts) / _SECONDS_OF_MINUTE,
        words=words,
        start_to_signed_s=median(_seconds(one) for one in timed) if timed else None,
        edits_per_note=edits / len(facts) if facts else 0.0,
        edits_per_hundred_words=100 * edits / words if words else 0.0,
        reviews=_reviews(facts),
        saved_minutes_per_note=per_note and _scaled(per_note, 1 / _SECONDS_OF_MINUTE),
        saved_hours=per_note and _scaled(per_note, len(timed) / _SECONDS_OF_HOUR),
        timed=len(timed),
        most_corrected=tuple(Counter(term for one in facts for term in one.corrected).most_common(10)),
        effects=_effects(facts),
        follow_ups=tuple(Counter(result for one in facts for result in one.follow_ups).most_common()),
    )


def saved(facts: Sequence[NoteFacts], assumptions: Assumptions, *, seed: int = 1) -> Interval:
    """Estimate the seconds saved by a note.

    The low bound is the lower end of the 95 % bootstrap interval under the assumptions that favour the
    keyboard, the high bound the upper end under those that favour speech; the middle lies between the means.

    Args:
        facts: notes with times; at least one.
        assumptions: about the same notes by hand.
        seed: of the bootstrap.

    """
    # Slow to import, and the store, which counts the facts, is opened by programs that estimate nothing.
    import numpy as np  # noqa: PLC0415

    random = np.random.default_rng(seed)
    words = np.array([one.words for one in facts], dtype=float)
    taken = np.array([_seconds(one) for one in facts], dtype=float)
    slow, fast = assumptions.words_per_minute
    short, long = assumptions.overhead_s
    careful = words / fast * _SECONDS_OF_MINUTE + short - taken
    hopeful = words / slow * _SECONDS_OF_MINUTE + long - taken
    draws = random.integers(0, len(facts), size=(DRAWS, len(facts)))
    return Interval(
        low=float(np.quantile(careful[draws].mean(axis=1), 0.025)),
        middle=float((careful.mean() + hopeful.mean()) / 2),
        high=float(np.quantile(hopeful[draws].mean(axis=1), 0.975)),
    )


def _seconds(one: NoteFacts) -> float:
    assert one.start_to_signed_s is not None, "only notes with times are asked"
    return one.start_to_signed_s


def _is_timed(one: NoteFacts, assumptions: Assumptions) -> bool:
    return one.start_to_signed_s is not None and 0 < one.start_to_signed_s <= assumptions.pause_cap_s


def _shown(
    groups: Mapping[str, list[NoteFacts]], facts: Sequence[NoteFacts], fewest_people: int
) -> dict[str, list[NoteFacts]]:
    """Return the groups to be shown: large ones, while what they leave of the whole is nothing or large."""
    shown = {name: notes for name, notes in groups.items() if _is_large(notes, fewest_people)}
    while shown:
        held = {id(one) for notes in shown.values() for one in notes}
        rest = [one for one in facts if id(one) not in held]
        if not rest or fewest_people == 1 or _is_large(rest, fewest_people):
            break
        del shown[min(shown, key=lambda name: (len(shown[name]), name))]
    return shown


def _is_large(notes: Sequence[NoteFacts], fewest_people: int) -> bool:
    return len(notes) >= FEWEST and len({one.author for one in notes}) >= fewest_people


def _scaled(interval: Interval, by: float) -> Interval:
    return Interval(low=interval.low * by, middle=interval.middle * by, high=interval.high * by)


def _reviews(facts: Iterable[NoteFacts]) -> tuple[Reviews, ...]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in facts:
        for kind, review in one.reviews:
            counts[kind][review] += 1
    return tuple(
        Reviews(
            kind=kind,
            accepted=found["accepted"],
            changed=found["changed"],
            rejected=found["rejected"],
            added=found["added"],
        )
        for kind, found in sorted(counts.items())
    )


def _effects(facts: Iterable[NoteFacts]) -> tuple[Effect, ...]:
    """Compare first and last level; conditions of fewer than five citizens are left out."""
    series: dict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
    for one in facts:
        for code, level in one.levels:
            if one.citizen:
                series[code, one.citizen].append((one.signed_at, level))
    changes: dict[str, list[int]] = defaultdict(list)
    for (code, _), levels in series.items():
        levels.sort()
        if len(levels) > 1:
            changes[code].append(levels[-1][1] - levels[0][1])
    return tuple(
        Effect(
            code=code,
            citizens=len(found),
            better=sum(change < 0 for change in found),
            same=sum(change == 0 for change in found),
            worse=sum(change > 0 for change in found),
        )
        for code, found in sorted(changes.items())
        if len(found) >= FEWEST
    )
