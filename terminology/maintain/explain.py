"""Why a sentence matched or didn't: its words, the wordings found, what became of each, and what is near."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from terminology.index import COMMON, Compiled, Hit, NoteLattice
from terminology.normalise import Token

if TYPE_CHECKING:
    from terminology.matcher import Found, Matcher, Reading

BLOCKED = "blocked"
NEAREST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSeen:
    """A word as the matcher sees it."""

    text: str
    key: str
    """What all its forms have in common."""
    sentence: int
    stretch: int
    """Parts of one wording stand in one stretch."""
    clause: int
    """A denial or a person holds within one clause."""
    known: bool
    """Whether a wording uses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueSeen:
    """Words that change what is said: a denial, a time, a person."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A wording that was found, and what became of it."""

    code: str
    display: str
    section: str
    wording: str
    source: str
    """File and line."""
    text: str
    """The words of the sentence."""
    outcome: str
    """The assertion, or "" where nothing is recorded."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A wording that lacks one word."""

    code: str
    display: str
    section: str
    wording: str
    source: str
    missing: tuple[str, ...]
    """Words of which one would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything about one sentence."""

    words: tuple[WordSeen, ...]
    cues: tuple[CueSeen, ...]
    candidates: tuple[Candidate, ...]
    near: tuple[NearMiss, ...]
    values: tuple[str, ...]
    """Measurements and drugs that were found."""


def explain(matcher: "Matcher", compiled: Compiled, text: str) -> Explanation:
    """Read a sentence and say what was seen in it.

    Args:
        matcher: ready to read.
        compiled: of the matcher's vocabulary.
        text: the sentence, as written.

    """
    reading = matcher.read(text)
    lattice = NoteLattice(reading.words, matcher.index.words)
    hits = matcher.index.find(lattice, reading.layout.stretches)
    unknown = frozenset(lattice.unknown())
    layout = reading.layout
    return Explanation(
        words=tuple(
            WordSeen(
                text=token.text,
                key=token.key,
                sentence=layout.sentences[at],
                stretch=layout.stretches[at],
                clause=layout.clauses[at],
                known=at not in unknown,
            )
            for at, token in enumerate(reading.words)
        ),
        cues=tuple(_cues(matcher, hits, reading.words)),
        candidates=tuple(_candidates(matcher, hits, reading)),
        near=tuple(_near(matcher, compiled, lattice, hits)),
        values=(
            *(f"{one.observation.name} {one.value}" for one in reading.measurements),
            *(one.name for one in reading.drugs),
        ),
    )


def _cues(matcher: "Matcher", hits: Sequence[Hit], words: Sequence[Token]) -> Iterator[CueSeen]:
    for hit in hits:
        row = matcher.index.rows[hit.row]
        if not row.owner:
            yield CueSeen(name=row.section, text=_said(words, hit))


def _candidates(matcher: "Matcher", hits: Sequence[Hit], reading: "Reading") -> Iterator[Candidate]:
    rows = matcher.index.rows
    for hit in hits:
        row = rows[hit.row]
        if not row.owner or row.section == BLOCKED:
            continue
        outcome, reason = _fate(matcher, hit, hits, reading)
        yield Candidate(
            code=row.owner,
            display=matcher.spoken[row.owner].display,
            section=row.section,
            wording=row.line.text,
            source=row.line.source,
            text=_said(reading.words, hit),
            outcome=outcome,
            reason=reason,
        )


def _fate(matcher: "Matcher", hit: Hit, hits: Sequence[Hit], reading: "Reading") -> tuple[str, str]:
    """Return the assertion of a hit ("" for none) and the reason."""
    rows = matcher.index.rows
    row = rows[hit.row]
    for other in hits:
        there = rows[other.row]
        if there.section == BLOCKED and there.owner == row.owner and hit.tokens & other.tokens:
            return "", f'dropped: "{there.line.text}" ({there.line.source}) is a look-alike'
    own = [
        found
        for found in reading.found
        if found.spoken.code == row.owner and found.place.tokens == hit.tokens
    ]
    if own:
        asserted = " and ".join(dict.fromkeys(found.mention.assertion for found in own))
        return asserted, f"recorded, score {own[0].mention.matches[0].score:.0f}"
    for found in reading.found:
        if hit.tokens <= found.place.tokens:
            same = "the same" if hit.tokens == found.place.tokens else "more"
            return "", f'passed over: "{found.spoken.display}" claims {same} words'
    return "", f"not recorded: {_silence(hit, reading.found)}"


def _silence(hit: Hit, found: Sequence["Found"]) -> str:
    if any(hit.tokens & one.place.tokens for one in found):
        return "another wording claims some of its words"
    return (
        "the context says it is no finding of this visit (a condition, a risk, a value, or somebody else's)"
    )


def _near(
    matcher: "Matcher", compiled: Compiled, lattice: NoteLattice, hits: Sequence[Hit]
) -> Iterator[NearMiss]:
    """Yield the wordings of which all but one word stand in the sentence."""
    index = matcher.index
    present = frozenset(lattice.present)
    telling = {word for word in present if index.words.forms[word] not in COMMON}
    found = {index.rows[hit.row].owner for hit in hits}
    rated = []
    for number, row in enumerate(index.rows):
        if not row.owner or row.section == BLOCKED or row.owner in found:
            continue
        groups = [compiled.groups[group] for group in compiled.needs[number]]
        missing = [group for group in groups if present.isdisjoint(group)]
        held = [group for group in groups if not telling.isdisjoint(group)]
        if len(missing) == 1 and held:
            rated.append((-len(held), min(map(len, held)), number, missing[0]))
    seen: set[str] = set()
    for _, _, number, group in sorted(rated, key=lambda one: one[:3]):
        row = index.rows[number]
        if row.owner not in seen and len(seen) < NEAREST:
            seen.add(row.owner)
            yield NearMiss(
                code=row.owner,
                display=matcher.spoken[row.owner].display,
                section=row.section,
                wording=row.line.text,
                source=row.line.source,
                missing=tuple(sorted(index.words.forms[word] for word in group)),
            )


def _said(words: Sequence[Token], hit: Hit) -> str:
    return " … ".join(" ".join(token.text for token in words[start:end]) for start, end in hit.spans)
