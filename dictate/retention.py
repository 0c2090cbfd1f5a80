"""What is deleted when: the site's rules, applied to the store, with legal holds respected.

Sound, notes and citizens go by crypto-shredding: their key is destroyed, so no backup brings them back. The
access log is not deleted: its chain would break, and a citizen may ask for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dictate.config import Days, Retention
from dictate.errors import StoreError
from dictate.store import Store
from dictate.store.types import Candidate

KEPT = "keep"


class Kind(StrEnum):
    """What a rule is about."""

    SOUND = "sound"
    TEXTS = "texts"
    NOTES = "notes"
    DISCARDED = "discarded"
    DRAFTS = "drafts"
    CITIZENS = "citizens"
    DELIVERIES = "deliveries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When one kind of thing is deleted."""

    kind: Kind
    days: Days
    after: str
    """From when the days are counted, for a person."""
    what: str
    """What goes, for a person."""

    def before(self, now: datetime) -> datetime | None:
        """Return the moment before which it must have happened; None if it is kept."""
        return None if isinstance(self.days, str) else now - timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule finds, and what became of it."""

    rule: Rule
    due: tuple[Candidate, ...] = ()
    deleted: tuple[str, ...] = ()
    """Ids."""
    refused: tuple[str, ...] = ()
    """Ids of what was put on hold, or deleted by somebody else, meanwhile."""

    @property
    def held(self) -> tuple[str, ...]:
        """Ids of what stays for a legal hold."""
        return tuple(candidate.id for candidate in self.due if candidate.held)


def rules(settings: Retention) -> tuple[Rule, ...]:
    """Return the site's rules in the order in which they are applied: the largest first.

    A citizen goes only after the last note about them.
    """
    return (
        Rule(kind=Kind.NOTES, days=settings.note_days, after="the signature", what="the whole note"),
        Rule(
            kind=Kind.DISCARDED,
            days=settings.discarded_days,
            after="its beginning",
            what="a dictation that was given up",
        ),
        Rule(
            kind=Kind.DRAFTS,
            days=settings.draft_days,
            after="its beginning",
            what="a dictation that nobody signed",
        ),
        Rule(kind=Kind.SOUND, days=settings.sound_days, after="the signature", what="the sound of a note"),
        Rule(
            kind=Kind.TEXTS,
            days=settings.text_days,
            after="the signature",
            what="what was heard and drafted before it, and the corrections",
        ),
        Rule(
            kind=Kind.DELIVERIES,
            days=settings.delivery_days,
            after="its end",
            what="the record of a delivery",
        ),
        Rule(
            kind=Kind.CITIZENS,
            days=settings.citizen_days,
            after="they were added",
            what="a citizen without any dictation",
        ),
    )


def look(store: Store, wanted: Iterable[Rule], *, now: datetime | None = None) -> tuple[Finding, ...]:
    """Return what is due by each rule; nothing is changed."""
    now = now or datetime.now(UTC)
    return tuple(Finding(rule=rule, due=_due(store, rule, now)) for rule in wanted)


def run(store: Store, wanted: Iterable[Rule], *, now: datetime | None = None) -> tuple[Finding, ...]:
    """Delete what is due, rule by rule; every deletion is logged by itself, and the run as well.

    What was deleted, but not shredded because of a crash, is shredded first.
    """
    now = now or datetime.now(UTC)
    finished = store.erase.finish()
    found = tuple(_apply(store, rule, _due(store, rule, now)) for rule in wanted)
    counts = {finding.rule.kind.value: str(len(finding.deleted)) for finding in found if finding.deleted}
    held = sum(len(finding.held) for finding in found)
    detail = counts | {"held": str(held), "finished": str(finished)}
    store.log.append("retention.run", "store", detail=detail)
    return found


def _due(store: Store, rule: Rule, now: datetime) -> tuple[Candidate, ...]:
    before = rule.before(now)
    if before is None:
        return ()
    housekeeping = store.housekeeping
    find: dict[Kind, Callable[[datetime], tuple[Candidate, ...]]] = {
        Kind.SOUND: housekeeping.sounds,
        Kind.TEXTS: housekeeping.earlier_texts,
        Kind.NOTES: housekeeping.notes,
        Kind.DISCARDED: housekeeping.discarded,
        Kind.DRAFTS: housekeeping.drafts,
        Kind.CITIZENS: housekeeping.citizens,
        Kind.DELIVERIES: housekeeping.deliveries,
    }
    return find[rule.kind](before)


def _apply(store: Store, rule: Rule, due: tuple[Candidate, ...]) -> Finding:
    erase: dict[Kind, Callable[[str], object]] = {
        Kind.SOUND: store.erase.sound,
        Kind.TEXTS: store.housekeeping.erase_earlier_texts,
        Kind.NOTES: store.erase.dictation,
        Kind.DISCARDED: store.erase.dictation,
        Kind.DRAFTS: store.erase.dictation,
        Kind.CITIZENS: store.erase.citizen,
        Kind.DELIVERIES: store.housekeeping.erase_delivery,
    }
    deleted, refused = [], []
    for candidate in due:
        if candidate.held:
            continue
        try:
            erase[rule.kind](candidate.id)
        except StoreError:
            # Put on hold since it was found; the next run looks again.
            refused.append(candidate.id)
        else:
            deleted.append(candidate.id)
    return Finding(rule=rule, due=due, deleted=tuple(deleted), refused=tuple(refused))
