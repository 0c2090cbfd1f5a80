"""What people do to a site's wordings: propose, accept, reject, retire, merge; each with who and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from terminology.concept import Concept, Status
from terminology.errors import TerminologyError
from terminology.overlay.base import (
    Base,
    Lines,
    Problem,
    Said,
    WordingError,
    as_map,
    concept_of,
    family,
    lines,
    read_wording,
)
from terminology.overlay.load import Overlay, load_overlay, refuse_clash, said_by
from terminology.overlay.store import Store
from terminology.overlay.successors import Succession, read_successions, write_successions
from terminology.overlay.wording import Act, Event, State, Wording, event, plain, same, same_person


def utc_now() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A site's overlay over a release, ready to be worked on."""

    base: Base
    store: Store
    now: Callable[[], datetime] = utc_now

    # -- what waits ---------------------------------------------------------------------------------------

    def queue(self) -> tuple[Wording, ...]:
        """Return the proposals that wait for a decision, the oldest first."""
        waiting = [wording for wording in self.store.wordings() if is_waiting(wording)]
        return tuple(sorted(waiting, key=lambda wording: (_proposed_at(wording), wording.id)))

    def successions(self) -> tuple[Succession, ...]:
        """Return what the site said about the successors of retired concepts."""
        return read_successions(self.store.folder)

    # -- propose ------------------------------------------------------------------------------------------

    def propose(
        self, code: str, section: str, text: str, *, by: str, why: str, again: bool = False
    ) -> Wording:
        """Put a new wording into the queue.

        Args:
            code: the concept's UUID.
            section: such as "present" or "completed".
            text: the expression, as in a vocabulary file.
            by: who proposes it.
            why: the reason.
            again: whether it may be proposed although it was rejected or retired.

        Raises:
            TerminologyError: it can't be used, is there already, clashes, or was rejected.

        """
        step = event(Act.PROPOSED, by=by, why=why, at=self.now())
        with self.store.locked():
            wording, concept = self.drafted(code, section, text, step, self.known())
            return self._enter(wording, concept, again=again)

    def propose_all(self, wordings: Iterable[Wording]) -> tuple[Wording, ...]:
        """Put wordings made by `drafted` into the queue, under one lock; those already there are left out."""
        with self.store.locked():
            present = {wording.id for wording in self.store.wordings()}
            entered = tuple(wording for wording in wordings if wording.id not in present)
            by_code: dict[str, list[Wording]] = {}
            for wording in entered:
                by_code.setdefault(wording.code, []).append(wording)
            for code, found in by_code.items():
                self.store.put(concept_of(self.base.release, code), State.PROPOSED, *found)
            return entered

    def laid(self) -> Overlay:
        """Return the vocabulary as it is used now."""
        return load_overlay(
            self.store.folder, release=self.base.release, base=self.base.spoken, parser=self.base.parser
        )

    def known(self) -> Lines:
        """Return the lines that are used now, ready to be compared with."""
        return Lines(self.laid().spoken, self.base.parser)

    def drafted(
        self, code: str, section: str, text: str, proposal: Event, known: Lines
    ) -> tuple[Wording, Concept]:
        """Make a wording of what a person typed, and check it against the lines that are used now.

        Raises:
            TerminologyError: it can't be used, is used already, or clashes with another line.

        """
        concept = concept_of(self.base.release, code)
        wording = Wording(
            code=concept.code,
            area=concept.kind,
            section=section,
            text=plain(text),
            state=State.PROPOSED,
            events=(proposal,),
        )
        read_wording(wording, release=self.base.release, parser=self.base.parser)
        said = self.said(wording, concept)
        for other in known.equal(said.line):
            if other.spoken.code == concept.code and other.section == section:
                raise WordingError(Problem.KNOWN, f'"{wording.text}" is used already ({other.line.source}).')
        refuse_clash(said, concept, known)
        return wording, concept

    def said(self, wording: Wording, concept: Concept) -> Said:
        """Return a wording as a line of the vocabulary."""
        return said_by(wording, concept, as_map(self.base.spoken))

    def is_new(self, wording: Wording) -> bool:
        """Tell whether the overlay knows nothing of a wording."""
        return all(other.id != wording.id for other in self.store.wordings())

    # -- decide -------------------------------------------------------------------------------------------

    def accept(self, seen: Wording, *, by: str, why: str) -> Wording:
        """Accept a proposal: from now on it is used, or from now on the release's wording is not.

        Args:
            seen: the proposal as the person saw it.
            by: who accepts it.
            why: the reason.

        Raises:
            TerminologyError: it does not wait, was changed meanwhile, clashes, or the person proposed it.

        """
        with self.store.locked():
            now = self._waiting(seen, by)
            act, state = (Act.RETIRED, State.RETIRED) if now.to_retire else (Act.ACCEPTED, State.ACCEPTED)
            changed = self._after(now, event(act, by=by, why=why, at=self.now()), state)
            if now.to_retire:
                concept = self._concept(now.code)
            else:
                concept = read_wording(changed, release=self.base.release, parser=self.base.parser)
                said = self.said(changed, concept)
                refuse_clash(said, concept, self.known())
            self.store.move(now, changed, concept)
            return changed

    def reject(self, seen: Wording, *, by: str, why: str) -> Wording:
        """Reject a proposal: a new wording goes aside, one that was to be retired stays.

        Raises:
            TerminologyError: it does not wait, was changed meanwhile, or the person proposed it.

        """
        with self.store.locked():
            now = self._waiting(seen, by)
            state = now.state if now.state is State.ACCEPTED else State.REJECTED
            changed = self._after(now, event(Act.REJECTED, by=by, why=why, at=self.now()), state)
            self.store.move(now, changed, self._concept(now.code))
            return changed

    # -- retire and merge ---------------------------------------------------------------------------------

    def retire(self, code: str, section: str, text: str, *, by: str, why: str) -> Wording:
        """Propose to take out a wording of the overlay or of the release.

        With one-person rule it is taken out at once.

        Raises:
            TerminologyError: neither has such a wording, or it waits already.

        """
        step = event(Act.TO_RETIRE, by=by, why=why, at=self.now())
        with self.store.locked():
            wanted = Wording(code=code, area="", section=section, text=plain(text), state=State.PROPOSED)
            known = next((other for other in self.store.wordings() if other.id == wanted.id), None)
            if known and is_waiting(known):
                raise TerminologyError(f'"{known.text}" ({known.id}) waits for a decision already.')
            if known and known.state is State.ACCEPTED:
                proposed = self._after(known, step, State.ACCEPTED)
                self.store.move(known, proposed, self._concept(code))
            else:
                concept, text = self._in_release(wanted)
                history = known.events if known else ()
                proposed = replace(wanted, area=concept.kind, text=text, events=(*history, step))
                if known:
                    self.store.move(known, proposed, concept)
                else:
                    self.store.put(concept, State.PROPOSED, proposed)
        if self.store.settings().two_person:
            return proposed
        return self.accept(self.store.find(proposed.id), by=by, why=why)

    def merge(self, old: str, new: str, *, by: str, why: str) -> tuple[Succession, tuple[Wording, ...]]:
        """Propose the successor of a retired concept, and the site's wordings of the old one for the new.

        Returns:
            The succession, and the wordings that are now proposed for the successor.

        Raises:
            TerminologyError: the old one is current, the new one can't be used, or the families differ.

        """
        successor = self.check_merge(old, new)
        step = event(Act.PROPOSED, by=by, why=why, at=self.now())
        succession = Succession(code=old, successor=new, proposed=step)
        with self.store.locked():
            known = read_successions(self.store.folder)
            if any(other.code == old and other.successor == new for other in known):
                raise TerminologyError(f"{new} is named as the successor of {old} already.")
            moved = []
            for wording in self.store.wordings(State.ACCEPTED, State.PROPOSED):
                if wording.code != old or wording.to_retire:
                    continue
                entered = replace(
                    wording, code=new, area=successor.kind, state=State.PROPOSED, events=(step,), source=""
                )
                read_wording(entered, release=self.base.release, parser=self.base.parser)
                if self.is_new(entered):
                    self.store.put(successor, State.PROPOSED, entered)
                    moved.append(entered)
            write_successions(self.store.folder, (*known, succession))
        return succession, tuple(moved)

    def check_merge(self, old: str, new: str) -> Concept:
        """Return the concept that may take the place of another.

        Raises:
            TerminologyError: the old one is current, the new one can't be used, or the families differ.

        """
        retired = self._concept(old)
        successor = concept_of(self.base.release, new)
        if retired.status is not Status.RETIRED:
            raise TerminologyError(
                f'{old} ("{retired.display}") is current; only a retired concept has a successor.'
            )
        if retired.kind != successor.kind and family(successor.kind) is not family_of(retired):
            raise TerminologyError(f"{old} and {new} are not both conditions or both interventions.")
        return successor

    def decide_succession(self, wanted: str, *, accepted: bool, by: str, why: str) -> Succession:
        """Accept or reject a proposed successor.

        Raises:
            TerminologyError: there is none with this id, it was decided already, or the person proposed it.

        """
        act = Act.ACCEPTED if accepted else Act.REJECTED
        step = event(act, by=by, why=why, at=self.now())
        with self.store.locked():
            known = read_successions(self.store.folder)
            found = next((other for other in known if other.id == wanted), None)
            if found is None or found.decided:
                raise TerminologyError(f'No successor with the id "{wanted}" waits for a decision.')
            self._second_person(found.proposed, by)
            changed = replace(found, decided=step)
            if accepted:
                self._put_aside(found.code, step)
            write_successions(
                self.store.folder, tuple(changed if other is found else other for other in known)
            )
        return changed

    def _put_aside(self, old: str, step: Event) -> None:
        """Take the site's wordings of a replaced concept out: their successors have been proposed."""
        retired = replace(step, act=Act.RETIRED)
        rejected = replace(step, act=Act.REJECTED)
        for wording in self.store.wordings(State.ACCEPTED, State.PROPOSED):
            if wording.code == old:
                accepted = wording.state is State.ACCEPTED
                changed = self._after(
                    wording, retired if accepted else rejected, State.RETIRED if accepted else State.REJECTED
                )
                self.store.move(wording, changed, self._concept(old))

    # -- steps --------------------------------------------------------------------------------------------

    def _enter(self, wording: Wording, concept: Concept, *, again: bool) -> Wording:
        known = next((other for other in self.store.wordings() if other.id == wording.id), None)
        if known is None:
            self.store.put(concept, State.PROPOSED, wording)
            return wording
        if known.state in {State.PROPOSED, State.ACCEPTED}:
            word = "proposed" if known.state is State.PROPOSED else "in use"
            raise TerminologyError(f'"{known.text}" is {word} already ({known.source}, {known.id}).')
        if not again:
            last = known.events[-1] if known.events else None
            what = f"{last.act} by {last.by}: {last.why}" if last else "put aside"
            raise TerminologyError(
                f'"{known.text}" was {what}. Use --again with a reason to propose it once more.'
            )
        changed = replace(known, state=State.PROPOSED, events=(*known.events, *wording.events))
        self.store.move(known, changed, concept)
        return changed

    def _waiting(self, seen: Wording, by: str) -> Wording:
        now = self.store.fresh(seen)
        if not is_waiting(now) or now.proposal is None:
            raise TerminologyError(f'"{now.text}" ({now.id}) does not wait for a decision.')
        self._second_person(now.proposal, by)
        return now

    def _second_person(self, proposal: Event, by: str) -> None:
        if self.store.settings().two_person and same_person(proposal.by, by):
            raise TerminologyError(
                f"{proposal.by} proposed it; a second person must decide. A site changes this rule with "
                '"dictate-terms overlay --one-person".'
            )

    def _after(self, wording: Wording, step: Event, state: State) -> Wording:
        return replace(wording, state=state, events=(*wording.events, step))

    def _concept(self, code: str) -> Concept:
        concept = self.base.release.by_code.get(code)
        if concept is None:
            raise TerminologyError(f'The code "{code}" is not in release {self.base.release.version}.')
        return concept

    def _in_release(self, wanted: Wording) -> tuple[Concept, str]:
        for said in lines(self.base.spoken):
            if (said.spoken.code, said.section) == (wanted.code, wanted.section) and same(
                said.line.text
            ) == same(wanted.text):
                return self._concept(wanted.code), said.line.text
        raise TerminologyError(
            f'Neither the overlay nor release {self.base.release.version} has "{wanted.text}" in '
            f'[{wanted.section}] of {wanted.code}. "dictate-terms show CODE --words" lists what there is.'
        )


def is_waiting(wording: Wording) -> bool:
    """Tell whether a wording waits for a decision."""
    if wording.state is State.PROPOSED:
        return True
    return (
        wording.state is State.ACCEPTED and bool(wording.events) and (wording.events[-1].act is Act.TO_RETIRE)
    )


def family_of(concept: Concept) -> frozenset[str]:
    """Return the sections that the concepts of its area may have; none where the area has no wordings."""
    try:
        return family(concept.kind)
    except KeyError:
        return frozenset()


def _proposed_at(wording: Wording) -> datetime:
    return wording.proposal.at if wording.proposal else datetime.min.replace(tzinfo=UTC)
