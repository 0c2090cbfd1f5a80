"""From a written note, or the words of a dictation, to draft entries. Pure: same words, same draft."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from dictate.entry import Alternative, Assertion, Coding, Entry, Kind, Note
from dictate.errors import DraftError
from terminology import extras
from terminology.concept import Method
from terminology.matcher import UNSURE_BELOW, Found, Matcher, MatchOptions, Reading
from terminology.measurement import Measurement
from terminology.medication import Drug
from terminology.scope import place
from terminology.vocabulary import AREAS, CONDITION_SECTIONS
from terminology.work import by_others
from terminology.written import to_written

ADMINISTRATION = "d2d42368-9d6d-4ca2-affe-f7116da86e1b"
"""Medicinadministration: said by the drug itself where one is named."""
EXAMINATION = "34b8b9a0-41bf-4dce-88f6-409de21fb175"
"""Undersøgelser og måling af værdier: said by the value itself where there is one."""
INTRAVENOUS = "f0d23296-29c5-4dc4-942e-3ce4cfdf6741"
"""Intravenøs medicinsk behandling: said by every drug that is given into a vein."""
COORDINATION = "0899186c-200c-4048-8cda-929b4d629343"
"""Koordinering."""
_FUNCTIONAL = "funktionsevnetilstand"
_UNSURE_SCORE = 60.0
_OF_DRUG = {"given": "completed", "planned": "planned", "not_given": "not_done"}
_CHANGED_AGAIN = (
    "sår",
    "kateter",
    "stomi",
    "dræn",
    "trakeo",
    "sonde",
    "kompression",
    "intravenøs",
    "subkutan",
)
"""What an intervention is about, if it may have a "next change"."""
_BACK_SENTENCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """An entry before it has its number."""

    kind: Kind
    assertion: str
    coding: Coding | None
    start: int
    end: int
    score: float
    method: str
    alternatives: tuple[Alternative, ...] = ()
    value: float | str | None = None
    unit: str | None = None
    level: int | None = None
    drug: Drug | None = None


@dataclass(frozen=True, slots=True)
class Drafter:
    """A vocabulary ready to draft notes."""

    matcher: Matcher

    @classmethod
    def load(cls, options: MatchOptions | None = None) -> "Drafter":
        """Read the vocabulary that is shipped with the program.

        Raises:
            TerminologyError: a file of it is damaged.

        """
        return cls(Matcher.load(options=options))

    def draft(self, note_id: str, *, text: str | None = None, spoken: str | None = None) -> Note:
        """Draft the entries of one note.

        Args:
            note_id: the id that the note carries.
            text: a written note; it is returned unchanged.
            spoken: recognised words; their written form is made first.

        Raises:
            DraftError: not exactly one of `text` and `spoken` is given.

        """
        if (text is None) == (spoken is None):
            raise DraftError(f'Note {note_id}: give either "text" or "spoken". Mend the input.')
        if text is None:
            assert spoken is not None
            text = to_written(spoken, note=True).text
        reading = self.matcher.read(text)
        drafts = [
            *self._conditions(reading),
            *self._interventions(reading),
            *self._observations(reading),
            *self._medications(reading),
        ]
        drafts.sort(key=lambda draft: (draft.start, draft.end, draft.kind, draft.assertion, _code(draft)))
        numbers = count(1)
        entries = tuple(_entry(draft, f"{note_id}-{next(numbers)}", text) for draft in drafts)
        return Note(id=note_id, text=text, entries=entries, extras=self._extras(text, entries))

    # -- conditions ---------------------------------------------------------------------------------------

    def _conditions(self, reading: Reading) -> Iterator[_Draft]:
        """Yield one entry for each condition and assertion."""
        best = _best(found for found in reading.found if _is_condition(found) and not _is_able(found))
        present = {code for code, assertion in best if assertion == "present"}
        levels = _levels(reading, best)
        for (code, assertion), found in best.items():
            # What is there outranks a feature that is not, and makes a suspicion idle.
            if assertion in {"absent", "suspected"} and code in present:
                continue
            if _is_twin(found, best, reading):
                continue
            yield _coded(found, Kind.CONDITION, level=levels.get((code, assertion)))

    # -- interventions ------------------------------------------------------------------------------------

    def _interventions(self, reading: Reading) -> Iterator[_Draft]:
        """Yield one entry for each intervention and assertion."""
        mentions = [found for found in reading.found if not _is_condition(found)]
        needs = [
            found
            for found in reading.found
            if found.spoken.area == _FUNCTIONAL and found.mention.assertion == Assertion.PRESENT
        ]
        best = _best(
            found
            for found in mentions
            if not self._said_otherwise(found, reading) and not _is_need(found, needs, reading)
        )
        for found in best.values():
            yield _coded(found, Kind.INTERVENTION)
        known = set(best)
        for drug in reading.drugs:
            key = (INTRAVENOUS, _OF_DRUG[drug.assertion])
            if drug.route == "i.v." and key not in known:
                known.add(key)
                yield self._intravenous(drug)
        yield from self._repeated(reading, mentions, known)

    def _said_otherwise(self, found: Found, reading: Reading) -> bool:
        """Tell whether a named drug or a value says the intervention already."""
        sentence = reading.layout.sentences[found.place.start]
        if found.spoken.code == ADMINISTRATION:
            return any(reading.layout.sentences[drug.token] == sentence for drug in reading.drugs)
        if found.spoken.code == EXAMINATION and found.mention.assertion == "completed":
            return any(
                (value.start < found.mention.end + 1 and found.mention.start < value.end + 1)
                or _sentence_at(reading, value.start) == sentence
                for value in reading.measurements
            )
        return False

    def _intravenous(self, drug: Drug) -> _Draft:
        concept = self.matcher.release.by_code[INTRAVENOUS]
        return _Draft(
            kind=Kind.INTERVENTION,
            assertion=_OF_DRUG[drug.assertion],
            coding=Coding(system=concept.system, code=concept.code, display=concept.display),
            start=drug.start,
            end=drug.end,
            score=90.0,
            method=Method.PATTERN,
        )

    def _repeated(
        self, reading: Reading, mentions: list[Found], known: set[tuple[str, str]]
    ) -> Iterator[_Draft]:
        """Yield what is planned again without its name: "næste skift på mandag"."""
        for low, high in reading.scope.cues.spans("planlagt.gentag"):
            start, end = reading.words[low].start, reading.words[high - 1].end
            if any(found.mention.start < end and start < found.mention.end for found in mentions):
                continue
            sentence = reading.layout.sentences[low]
            if by_others(reading.scope, place(low, high)):
                continue
            candidates = [
                found
                for found in mentions
                if found.mention.assertion in {"completed", "not_done"}
                and found.place.start < low
                and sentence - reading.layout.sentences[found.place.start] < _BACK_SENTENCES
                and any(part in found.spoken.display.lower() for part in _CHANGED_AGAIN)
            ]
            if not candidates:
                continue
            last = max(candidates, key=lambda found: (_changeable(found), -found.place.start))
            key = (last.spoken.code, "planned")
            if key not in known:
                known.add(key)
                concept = last.mention.matches[0].concept
                yield _Draft(
                    kind=Kind.INTERVENTION,
                    assertion="planned",
                    coding=Coding(system=concept.system, code=concept.code, display=concept.display),
                    start=start,
                    end=self._with_time(reading, high),
                    score=_UNSURE_SCORE + 20,
                    method=Method.PATTERN,
                )

    @staticmethod
    def _with_time(reading: Reading, high: int) -> int:
        """Return the end of the words from a cue to the time after it."""
        spans = reading.scope.cues.spans("planlagt.tid")
        return next(
            (reading.words[end - 1].end for start, end in spans if high - 1 <= start <= high + 1),
            reading.words[high - 1].end,
        )

    # -- observations and drugs ---------------------------------------------------------------------------

    def _observations(self, reading: Reading) -> Iterator[_Draft]:
        doubted = self._doubted_tobs(reading.measurements)
        for found in reading.measurements:
            observation = found.observation
            sure = found.plausible and found is not doubted
            yield _Draft(
                kind=Kind.OBSERVATION,
                assertion=Assertion.MEASURED,
                coding=Coding(system=observation.system, code=observation.code, display=observation.display),
                start=found.start,
                end=found.end,
                score=100.0 if sure else _UNSURE_SCORE,
                method=Method.PATTERN,
                value=found.value,
                unit=observation.unit,
            )

    def _doubted_tobs(self, found: Iterable[Measurement]) -> Measurement | None:
        """Return the TOBS score if all its parts were said and don't add up to it."""
        values = {item.observation.key: item for item in found}
        score = values.get("tobs")
        limits = self.matcher.release.tobs
        parts = {limit.key for limit in limits}
        if score is None or not parts <= set(values):
            return None
        total = 0
        for key in parts:
            value = values[key].value
            if isinstance(value, str):
                return None
            total += next((limit.points for limit in limits if limit.key == key and limit.covers(value)), 0)
        return None if total == score.value else score

    @staticmethod
    def _medications(reading: Reading) -> Iterator[_Draft]:
        seen: set[tuple[str, str, str | None]] = set()
        for drug in reading.drugs:
            key = (drug.name.lower(), drug.assertion, drug.dose)
            if key in seen:
                continue
            seen.add(key)
            yield _Draft(
                kind=Kind.MEDICATION,
                assertion=drug.assertion,
                coding=None,
                start=drug.start,
                end=drug.end,
                score=100.0 if drug.listed else _UNSURE_SCORE,
                method=Method.EXACT if drug.listed else Method.PATTERN,
                drug=drug,
            )

    # -- the rest -----------------------------------------------------------------------------------------

    def _extras(self, text: str, entries: Iterable[Entry]) -> tuple[extras.Extra, ...]:
        """Return what is no entry, and the contact with the citizen's doctor."""
        contact = [
            {
                "kind": "gp_contact",
                "status": entry.assertion.value,
                "text": entry.evidence,
                "start": entry.start,
                "end": entry.end,
            }
            for entry in entries
            if entry.coding and entry.coding.code == COORDINATION and "læge" in entry.evidence.lower()
        ]
        return (*extras.find(text, self.matcher.release), *contact)


def _best(founds: Iterable[Found]) -> dict[tuple[str, str], Found]:
    """Keep the best mention for each code and assertion: the surest, then the one with most of its words."""
    best: dict[tuple[str, str], Found] = {}
    for found in founds:
        key = (found.spoken.code, found.mention.assertion)
        known = best.get(key)
        if known is None or _weight(found) > _weight(known):
            best[key] = found
    return best


def _weight(found: Found) -> tuple[bool, int, int, float, int]:
    """Order mentions of one thing: sure ones first, then those that hold more words in less text."""
    match = found.mention.matches[0]
    held = len(found.place.tokens)
    spread = found.place.end - found.place.start - held
    return match.score >= UNSURE_BELOW, held, -spread, match.score, -found.mention.start


def _is_need(found: Found, needs: Iterable[Found], reading: Reading) -> bool:
    """Tell whether "planned" help is only what the citizen needs: "skal have hjælp til bad"."""
    if found.mention.assertion != Assertion.PLANNED:
        return False
    clause = reading.layout.clauses[found.place.start]
    times = reading.scope.cues.spans("planlagt.tid")
    if any(reading.layout.clauses[low] == clause for low, _ in times):
        return False
    return any(need.place.start < found.place.end and found.place.start < need.place.end for need in needs)


def _is_twin(found: Found, best: Mapping[tuple[str, str], Found], reading: Reading) -> bool:
    """Tell whether a counterpart says the same in the same sentence, with more of its words.

    Where one sentence tells of a problem and of the help that it calls for, that is one condition; two
    sentences may tell of both.
    """
    sentence = reading.layout.sentences[found.place.start]
    for other in best.values():
        twins = other.spoken.code in found.spoken.alternatives or (
            found.spoken.code in other.spoken.alternatives
        )
        if (
            twins
            and other.mention.assertion == found.mention.assertion
            and reading.layout.sentences[other.place.start] == sentence
            and (_weight(other), other.spoken.code) > (_weight(found), found.spoken.code)
        ):
            return True
    return False


def _changeable(found: Found) -> int:
    """Rank how well "next change" fits what was done."""
    said = found.mention.text.lower()
    return 2 if "skift" in said else int("kompression" not in found.spoken.display.lower())


def _is_able(found: Found) -> bool:
    """Tell whether the citizen is only said to be able: a function is recorded where it is limited."""
    return found.spoken.area == _FUNCTIONAL and found.section == Assertion.ABSENT


def _is_condition(found: Found) -> bool:
    return AREAS[found.spoken.area] is CONDITION_SECTIONS


def _levels(reading: Reading, best: Mapping[tuple[str, str], Found]) -> dict[tuple[str, str], int]:
    """Give each functional level that was said to the functional condition nearest to it."""
    functional = {
        key: found
        for key, found in best.items()
        if found.spoken.area == _FUNCTIONAL and found.mention.assertion == Assertion.PRESENT
    }
    levels: dict[tuple[str, str], int] = {}
    for level, start, end in extras.levels(reading.text):
        sentence = _sentence_at(reading, start)
        near = [
            (sentence - reading.layout.sentences[found.place.start], _distance(found, start, end), key)
            for key, found in functional.items()
            if sentence - reading.layout.sentences[found.place.start] in {0, 1}
        ]
        if near:
            levels.setdefault(min(near)[2], level)
    return levels


def _distance(found: Found, start: int, end: int) -> int:
    return max(found.mention.start - end, start - found.mention.end, 0)


def _sentence_at(reading: Reading, place: int) -> int:
    """Return the number of the sentence that holds a character."""
    at = next((at for at, word in enumerate(reading.words) if word.end > place), len(reading.words) - 1)
    return reading.layout.sentences[at]


def _coded(found: Found, kind: Kind, level: int | None = None) -> _Draft:
    best, *others = found.mention.matches
    return _Draft(
        kind=kind,
        assertion=found.mention.assertion,
        coding=Coding(system=best.concept.system, code=best.concept.code, display=best.concept.display),
        start=found.mention.start,
        end=found.mention.end,
        score=best.score,
        method=best.method,
        alternatives=tuple(
            Alternative(code=other.concept.code, display=other.concept.display, score=other.score)
            for other in others
        ),
        level=level,
    )


def _code(draft: _Draft) -> str:
    return draft.coding.code if draft.coding else draft.drug.name if draft.drug else ""


def _entry(draft: _Draft, identifier: str, text: str) -> Entry:
    drug = draft.drug
    return Entry(
        id=identifier,
        kind=draft.kind,
        assertion=Assertion(draft.assertion),
        coding=draft.coding,
        start=draft.start,
        end=draft.end,
        evidence=text[draft.start : draft.end],
        score=round(draft.score, 1),
        method=str(draft.method),
        alternatives=draft.alternatives,
        unsure=draft.score < UNSURE_BELOW,
        value=draft.value,
        unit=draft.unit,
        level=draft.level,
        name=drug.name if drug else None,
        dose=drug.dose if drug else None,
        route=drug.route if drug else None,
        time=drug.time if drug else None,
    )
