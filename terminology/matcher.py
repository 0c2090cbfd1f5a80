"""From the text of a note to its mentions: what is said, of which concept, and whether it is so.

`Matcher.load()` reads the vocabulary once; `read` is pure and deterministic.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources.abc import Traversable
from types import MappingProxyType

import simplemma

from terminology import bridge, cache, conditions, measurement, medication, work
from terminology.cache import Vocabulary
from terminology.clauses import Layout, layout
from terminology.concept import Designation, Match, Mention, Method, Status, Use
from terminology.cues import Cues
from terminology.errors import TerminologyError
from terminology.index import Hit, Index, NoteLattice
from terminology.learned.judge import Judge
from terminology.learned.model import Model
from terminology.learned.model import load as load_model
from terminology.likeness import closest
from terminology.measurement import Measurement
from terminology.medication import Drug, Names, names_by_words
from terminology.normalise import Break, Token, tokens
from terminology.overlay import vocabulary as overlay
from terminology.pattern import Gap, Node, Slot, Then, WordKind
from terminology.release import Release, active
from terminology.release import load as load_release
from terminology.scope import DENIERS, Place, Scope, Verdict
from terminology.vocabulary import AREAS, CONDITION_SECTIONS, Spoken

UNSURE_BELOW = 75.0
"""A match with a lower score should be looked at twice."""
_SCORES: Mapping[Method, float] = MappingProxyType(
    {Method.EXACT: 100.0, Method.LEMMA: 97.0, Method.COMPOUND: 93.0, Method.PATTERN: 90.0}
)
_UNSURE_SCORE = 60.0
_COUNTERPART_SCORE = 50.0
_FUZZY_SHORTEST = 7
_FUZZY_CUTOFF = 88.0
_FUZZY_PENALTY = 0.8
"""A misspelt word counts as unsure whatever its likeness."""
BLOCKED = "blocked"
_REHABILITATION = "RH "
"""How the terms of rehabilitation begin: there the citizen's own deeds are the work."""
_SITE = "overlay/"
"""How the source of a site's own wordings begins; people accepted them, so no figure doubts them."""
_CONTRADICTED_BY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        conditions.PRESENT: frozenset({conditions.HISTORICAL, conditions.OTHER_PERSON, conditions.ABSENT}),
        work.COMPLETED: frozenset({work.PLANNED, work.NOT_DONE}),
    }
)
"""What another reading of the same words may say against an assertion."""
LONGEST_NOTE = 200_000
"""Characters of a note that is read: more than two hours of speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchOptions:
    """How a note is matched."""

    fuzzy: bool = True
    """Whether unknown words may be misspelt words of the vocabulary."""
    learned: bool = True
    """Whether the learned stage may doubt wordings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A mention with its place in the words of the note."""

    place: Place
    mention: Mention
    spoken: Spoken
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that was found in a note."""

    text: str
    words: tuple[Token, ...]
    layout: Layout
    scope: Scope
    found: tuple[Found, ...]
    """In the order of their places."""
    measurements: tuple[Measurement, ...]
    drugs: tuple[Drug, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    spoken: Spoken
    section: str
    hit: Hit
    method: Method
    score: float
    losers: tuple[Spoken, ...] = ()

    @property
    def is_condition(self) -> bool:
        return AREAS[self.spoken.area] is CONDITION_SECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """A vocabulary ready to read notes."""

    release: Release
    spoken: Mapping[str, Spoken]
    """By code."""
    index: Index
    drug_names: Names
    conflicts: int = 0
    """Wordings of the site that are not used."""
    model: Model | None = None
    """The learned stage; None where the release has none."""
    options: MatchOptions = field(default_factory=MatchOptions)

    @classmethod
    def load(cls, folder: Traversable | None = None, *, options: MatchOptions | None = None) -> "Matcher":
        """Read the vocabulary.

        Args:
            folder: a release, without the site's wordings; by default the release in use, with them.
            options: how to match.

        Raises:
            TerminologyError: a file is damaged; the message names the file, the line and the reason.

        """
        vocabulary = cache.load(folder) if folder else overlay.load()
        return cls.of(vocabulary, options=options, model=load_model(folder or active()))

    @classmethod
    def of(
        cls, vocabulary: Vocabulary, *, options: MatchOptions | None = None, model: Model | None = None
    ) -> "Matcher":
        """Take a vocabulary that was read, and the learned stage if there is one.

        Raises:
            TerminologyError: a concept is not a current leaf of the release.

        """
        release = load_release()
        for concept in vocabulary.concepts:
            _check(concept, release)
        return cls(
            release=release,
            spoken={concept.code: concept for concept in vocabulary.concepts},
            index=Index(vocabulary.rows, vocabulary.lists, vocabulary.compiled),
            drug_names=names_by_words(vocabulary.drugs),
            conflicts=vocabulary.conflicts,
            model=model,
            options=options or MatchOptions(),
        )

    def read(self, text: str) -> Reading:
        """Find what a note says.

        Raises:
            TerminologyError: the text is longer than any note; the work would take minutes.

        """
        if len(text) > LONGEST_NOTE:
            raise TerminologyError(
                f"The note has {len(text)} characters; at most {LONGEST_NOTE} are read at once. Part it."
            )
        words = tokens(text)
        where = layout(words)
        lattice = NoteLattice(words, self.index.words)
        misspelt = self._misspelt(words, lattice) if self.options.fuzzy else {}
        hits = self.index.find(lattice, where.stretches)
        hits = (*hits, *bridge.find(self.index, words, where.stretches, hits))
        rows = self.index.rows
        cues = Cues([(rows[hit.row].section, hit) for hit in hits if not rows[hit.row].owner])
        scope = Scope(words, where, cues, _asked(text, words))
        values = measurement.measure(text, scope, self.release.observation_by_key)
        judge = self._learned(words, where)
        likely = [
            candidate
            for candidate in self._candidates(hits, words, misspelt)
            if judge is None or not _is_doubted(candidate, judge)
        ]
        candidates = [
            candidate for candidate in _resolve(likely, where) if not _is_value(candidate, words, values)
        ]
        troubles = [candidate.hit for candidate in candidates if candidate.is_condition]
        candidates = [
            candidate
            for candidate in candidates
            if not (candidate.is_condition and conditions.is_trigger(scope, candidate.hit.spans, troubles))
        ]
        return Reading(
            measurements=values,
            drugs=medication.find(text, scope, self.drug_names),
            text=text,
            words=words,
            layout=where,
            scope=scope,
            found=_without_outlived(
                where,
                _without_contradicted(
                    scope,
                    [found for candidate in candidates for found in self._judge(candidate, text, scope)],
                ),
            ),
        )

    def _candidates(
        self, hits: Iterable[Hit], words: Sequence[Token], misspelt: Mapping[int, float]
    ) -> Iterator[_Candidate]:
        """Yield the hits of concepts, but those that overlap a look-alike of the same concept."""
        found = [(hit, row) for hit in hits if (row := self.index.rows[hit.row]).owner]
        blocked: dict[str, list[Hit]] = {}
        for hit, row in found:
            if row.section == BLOCKED:
                blocked.setdefault(row.owner, []).append(hit)
        for hit, row in found:
            if row.section == BLOCKED:
                continue
            if any(hit.tokens & other.tokens for other in blocked.get(row.owner, ())):
                continue
            method = _method(hit, words)
            score = _SCORES[method]
            if spelt := [misspelt[at] for at in hit.tokens if at in misspelt]:
                method, score = Method.FUZZY, min(spelt) * _FUZZY_PENALTY
            if hit.expression.unsure:
                score = min(score, _UNSURE_SCORE)
            yield _Candidate(
                spoken=self.spoken[row.owner], section=row.section, hit=hit, method=method, score=score
            )

    def _learned(self, words: Sequence[Token], where: Layout) -> Judge | None:
        if self.model is None or not self.options.learned or not words:
            return None
        return Judge(model=self.model, words=words, stretches=where.stretches)

    def _judge(self, candidate: _Candidate, text: str, scope: Scope) -> Iterator[Found]:
        """Yield what the context makes of a hit."""
        place = Place(parts=candidate.hit.spans)
        verdicts: tuple[Verdict, ...]
        if candidate.is_condition:
            verdict = conditions.judge(scope, place, candidate.section)
            verdicts = (verdict,) if verdict else ()
        else:
            verdicts = tuple(
                work.judge(
                    scope,
                    place,
                    candidate.section,
                    own_deeds=candidate.spoken.display.startswith(_REHABILITATION),
                )
            )
        for verdict in verdicts:
            yield self._found(candidate, place, verdict, text, scope.words)

    def _found(
        self, candidate: _Candidate, place: Place, verdict: Verdict, text: str, words: Sequence[Token]
    ) -> Found:
        low, high = _evidence(place, verdict, words)
        start, end = words[low].start, words[high - 1].end
        score = min(candidate.score, _UNSURE_SCORE) if verdict.unsure else candidate.score
        return Found(
            place=place,
            spoken=candidate.spoken,
            section=candidate.section,
            mention=Mention(
                start=start,
                end=end,
                text=text[start:end],
                matches=tuple(self._matches(candidate, score)),
                assertion=verdict.assertion,
            ),
        )

    def _matches(self, candidate: _Candidate, score: float) -> Iterator[Match]:
        """Yield the match and its counterparts, best first."""
        designation = Designation(
            value=candidate.hit.expression.text, use=Use.SPOKEN, source=candidate.hit.expression.source
        )
        by_code = self.release.by_code
        yield Match(
            concept=by_code[candidate.spoken.code],
            designation=designation,
            score=score,
            method=candidate.method,
        )
        codes = dict.fromkeys([*(loser.code for loser in candidate.losers), *candidate.spoken.alternatives])
        for rank, code in enumerate(codes):
            if code != candidate.spoken.code:
                yield Match(
                    concept=by_code[code],
                    designation=Designation(value=by_code[code].display, use=Use.PREFERRED),
                    score=max(_COUNTERPART_SCORE - rank, 1.0),
                    method=candidate.method,
                )

    def _misspelt(self, words: Sequence[Token], lattice: NoteLattice) -> dict[int, float]:
        """Let unknown words stand for the word of the vocabulary they nearly are; return how near."""
        found: dict[int, float] = {}
        for at in lattice.unknown():
            token = words[at]
            if len(token.fold) < _FUZZY_SHORTEST or not token.fold.isalpha():
                continue
            if token.text[0].isupper() and token.before is Break.NONE:
                continue  # a name
            likeness = self._nearest(token.fold)
            if likeness:
                lattice.add(likeness[0], at)
                found[at] = likeness[1]
        return found

    def _nearest(self, folded: str) -> tuple[int, float] | None:
        alike = self.index.words.long_literals.get(folded[0], ())
        best = closest(folded, alike, cutoff=_FUZZY_CUTOFF)
        if best is None or simplemma.is_known(folded, lang="da"):
            return None
        word = self.index.words.literal(best[0])
        return None if word is None else (word, best[1])


def _check(spoken: Spoken, release: Release) -> None:
    """Refuse codes that are unknown, retired, no leaf or of another area."""
    for code in (spoken.code, *spoken.alternatives):
        concept = release.by_code.get(code)
        if concept is None:
            raise TerminologyError(f"{spoken.source}: the code {code} is not in the release. Mend the file.")
        if concept.status is not Status.CURRENT or not concept.leaf:
            raise TerminologyError(
                f"{spoken.source}: {code} ({concept.display}) is no current leaf. Take the current one."
            )
    own = release.by_code[spoken.code]
    if own.kind != spoken.area:
        raise TerminologyError(f"{spoken.source}: {spoken.code} belongs to {own.kind}. Move the file there.")
    if own.display != spoken.display:
        raise TerminologyError(
            f'{spoken.source}: the release calls {spoken.code} "{own.display}". Mend "display:".'
        )


def _is_doubted(candidate: _Candidate, judge: Judge) -> bool:
    of_site = candidate.hit.expression.source.startswith(_SITE)
    return not of_site and judge.doubts(candidate.spoken.code, candidate.hit.tokens)


def _is_value(
    candidate: _Candidate, words: Sequence[Token], values: Sequence[measurement.Measurement]
) -> bool:
    """Tell whether a condition's words are nothing but a measurement: a value alone is never a condition."""
    if not candidate.is_condition:
        return False
    start, end = words[candidate.hit.start].start, words[candidate.hit.end - 1].end
    return any(value.start <= start and end <= value.end for value in values)


def _resolve(candidates: Iterable[_Candidate], where: Layout) -> list[_Candidate]:
    """Let longer wordings win over those within them, and one concept win where two say the same."""
    pool = [(one, one.hit.tokens, _crosses(one.hit, where)) for one in candidates]
    kept: list[_Candidate] = []
    for one, mine, crosses in pool:
        losers: list[Spoken] = []
        for other, theirs, other_crosses in pool:
            if other is one or other.is_condition != one.is_condition:
                continue
            if other.spoken.code == one.spoken.code:
                # "sårpleje opstartes i morgen" is no "sårpleje" that was done.
                if other.section != one.section and (mine < theirs or (mine == theirs and _is_plain(one))):
                    break
                # "ville ikke i bad, såret renset": what one clause says alone needs no word of another.
                if crosses and not other_crosses and mine & theirs:
                    break
            elif mine < theirs or (mine == theirs and _rank(other) < _rank(one)):
                break
            elif theirs <= mine:
                losers.append(other.spoken)
        else:
            kept.append(replace(one, losers=tuple({loser.code: loser for loser in losers}.values())))
    return kept


def _without_contradicted(scope: Scope, founds: Sequence[Found]) -> tuple[Found, ...]:
    """Leave out what is asserted where another wording of the same words says that it is not so.

    A wording that holds its own denial ("ikke haft afføring") was made for it, and stays.
    """

    def is_contradicted(one: Found) -> bool:
        doubts = _CONTRADICTED_BY.get(one.mention.assertion, frozenset())
        mine = one.place.tokens
        return (
            bool(doubts)
            and not any(scope.fold(at) in DENIERS for at in mine)
            and any(
                other.spoken.code == one.spoken.code
                and other.mention.assertion in doubts
                and other.place.tokens & mine
                and (other.mention.assertion != conditions.ABSENT or other.place.tokens <= mine)
                for other in founds
            )
        )

    return tuple(found for found in founds if not is_contradicted(found))


def _without_outlived(where: Layout, founds: Sequence[Found]) -> tuple[Found, ...]:
    """Leave out that all is well where the same sentence says that it was not: "havde diarré, er nu i ro"."""
    over = {
        (found.spoken.code, where.sentences[found.place.start])
        for found in founds
        if found.mention.assertion == conditions.HISTORICAL
    }
    return tuple(
        found
        for found in founds
        if found.mention.assertion != conditions.ABSENT
        or (found.spoken.code, where.sentences[found.place.start]) not in over
    )


def _asked(text: str, words: Sequence[Token]) -> frozenset[int]:
    """Return the tokens right before a question mark."""
    if "?" not in text:
        return frozenset()
    ends = [*(word.start for word in words[1:]), len(text)]
    return frozenset(
        at for at, (word, end) in enumerate(zip(words, ends, strict=False)) if "?" in text[word.end : end]
    )


def _crosses(hit: Hit, where: Layout) -> bool:
    """Tell whether a hit takes its words from two clauses."""
    return where.clauses[hit.start] != where.clauses[hit.end - 1]


def _is_plain(candidate: _Candidate) -> bool:
    """Tell whether only the context says if the candidate is so."""
    return candidate.section in {"present", "completed"}


def _rank(candidate: _Candidate) -> tuple[float, int, int, str]:
    """Order concepts that claim the same words: the surest, then the closest, then a fixed order."""
    extent = candidate.hit.end - candidate.hit.start
    area = list(AREAS).index(candidate.spoken.area)
    return -candidate.score, extent, area, candidate.spoken.code


def _method(hit: Hit, words: Sequence[Token]) -> Method:
    """Tell how literally a hit matched."""
    nodes = hit.expression.parts
    if len(nodes) > 1 or any(_holds(node, (Slot, Gap)) for node in nodes):
        return Method.PATTERN
    pieces = [word for node in nodes for word in node.words()]
    if any(word.kind in {WordKind.PREFIX, WordKind.SUFFIX, WordKind.INFIX} for word in pieces):
        return Method.COMPOUND
    forms = {word.form for word in pieces}
    exact = not hit.joined and all(words[at].fold in forms for at in hit.tokens)
    return Method.EXACT if exact else Method.LEMMA


def _holds(node: Node, kinds: tuple[type, ...]) -> bool:
    if isinstance(node, kinds):
        return True
    if isinstance(node, Then):
        return any(_holds(item, kinds) for item in node.items)
    children = getattr(node, "options", ()) or ((node.item,) if hasattr(node, "item") else ())
    return any(_holds(child, kinds) for child in children)


def _evidence(place: Place, verdict: Verdict, words: Sequence[Token]) -> tuple[int, int]:
    """Return the token span to show: the mention, with the cue where it stands next to it."""
    low, high = place.start, place.end
    if verdict.cue:
        first, last = verdict.cue
        if first < low and _beside(words, last, low):
            low = first
        if last > high and _beside(words, high, first):
            high = last
    return low, high


def _beside(words: Sequence[Token], end: int, start: int) -> bool:
    """Tell whether what starts at `start` stands right behind what ends at `end`, or one word further on."""
    pauses = any(words[at].before is not Break.NONE for at in range(end, start + 1))
    return start - end <= 1 and not pauses
