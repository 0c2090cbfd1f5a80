"""The part of a review that takes words: code, value, text, an entry by hand, sound."""

from typing import Any

from dictate import review
from dictate.capture import MicrophoneError, play
from dictate.case import Case
from dictate.entry import Assertion, Coding, Entry, Kind
from tui import wording
from tui.i18n import t
from tui.screens import asking
from tui.screens.dialog import Choice
from tui.screens.page import limit_of
from tui.screens.review_words import ReviewWords
from tui.widgets.note_text import NoteText

_BEFORE_S, _AFTER_S = 0.3, 0.3
"""Played before and after a word, so that one recognises it."""
_ADDED = {
    Kind.CONDITION: Assertion.PRESENT,
    Kind.INTERVENTION: Assertion.COMPLETED,
    Kind.OBSERVATION: Assertion.MEASURED,
    Kind.MEDICATION: Assertion.GIVEN,
}
"""What can be added by hand, and what it asserts at first."""


class ReviewChanges(ReviewWords):
    """Mixed into the review screen."""

    @property
    def chosen(self) -> Entry | None:
        """The marked entry."""
        raise NotImplementedError

    def decide(self, case: Case, detail: str = "") -> None:
        """Take over a decision."""
        raise NotImplementedError

    # -- code and value -----------------------------------------------------------------------------------

    def action_code(self) -> None:
        """Give the marked entry another code."""
        entry = self.chosen
        if entry is None or entry.coding is None:
            return
        before = entry.coding

        def found(coding: Coding) -> None:
            self.keep_pair("code", entry.evidence, coding.display)
            case = review.set_code(self.work.case, entry.id, coding)
            self.decide(case, f"{entry.id} code")

        alternatives = [
            Coding(system=before.system, code=one.code, display=one.display) for one in entry.alternatives
        ]
        asking.ask_code(self, entry.kind, alternatives, found)

    def action_add(self) -> None:
        """Add an entry by hand."""
        options = [(kind.value, wording.kind(kind)) for kind in _ADDED]

        def kind_chosen(value: str | None) -> None:
            if value is None:
                return
            kind = Kind(value)
            if kind is Kind.MEDICATION:
                asking.ask_drug(
                    self,
                    lambda drug: self._add(kind, None, name=drug.name, dose=drug.dose, route=drug.route),
                )
            elif kind is Kind.OBSERVATION:
                asking.ask_code(self, kind, (), self._add_value)
            else:
                asking.ask_code(self, kind, (), lambda coding: self._add(kind, coding))

        self.app.push_screen(Choice(t("What do you want to add?"), options), kind_chosen)

    def _add_value(self, coding: Coding) -> None:
        unit = self._owner.desk.unit_of(coding.code)
        asking.ask_value(
            self, coding, unit, lambda value: self._add(Kind.OBSERVATION, coding, value=value, unit=unit)
        )

    def _add(self, kind: Kind, coding: Coding | None, **values: Any) -> None:  # noqa: ANN401 - fields of an entry
        place = self.query_one(NoteText).place or (0, 0)
        case = review.add(
            self.work.case, kind=kind, assertion=_ADDED[kind], coding=coding, place=place, **values
        )
        self.decide(case, "added")

    def action_value(self) -> None:
        """Correct a value or a dose."""
        entry = self.chosen
        if entry is not None and entry.kind is Kind.OBSERVATION:
            shown = str(entry.value).replace(".", ",")

            def take(value: float | str) -> None:
                self.keep_pair("value", shown, str(value).replace(".", ","))
                self.decide(review.set_value(self.work.case, entry.id, value), f"{entry.id} value")

            unit = entry.unit if not isinstance(entry.value, str) else None
            asking.ask_value(self, entry.coding, unit, take, shown=shown)
        elif entry is not None and entry.kind is Kind.MEDICATION:

            def take_drug(drug: asking.Drug) -> None:
                case = review.set_medication(
                    self.work.case, entry.id, name=drug.name, dose=drug.dose, route=drug.route
                )
                self.decide(case, f"{entry.id} value")

            asking.ask_drug(self, take_drug, entry=entry)

    # -- text ---------------------------------------------------------------------------------------------

    def action_edit(self) -> None:
        """Correct the text."""
        from tui.screens.edit import EditScreen  # noqa: PLC0415

        limit = limit_of(self._owner.desk.state) if self.work.case.transcript else ""
        self.app.push_screen(EditScreen(self.work.case, limit=limit), self.take_text)

    def action_template(self) -> None:
        """Set the text into the fields of a template."""
        from tui.template import fill, read_all  # noqa: PLC0415

        templates = read_all()

        def chosen(name: str | None) -> None:
            if name is not None:
                template = next(one for one in templates if one.name == name)
                self.take_text(fill(template, self.work.case.note.text))

        options = [(one.name, one.name) for one in templates]
        self.app.push_screen(Choice(t("Which template?"), options), chosen)

    def take_text(self, text: str | None, *, learn: bool = True) -> None:
        """Take over a changed text; the suggestions follow, and `learn` keeps what was corrected."""
        work, app = self.work, self._owner
        if text is None or text == work.case.note.text:
            return
        for change in review.text_changes(work.case.note.text, text) if learn else ():
            self.keep_pair(change.kind, change.heard, change.chosen)

        def job() -> None:
            case = review.retext(work.case, text, lambda one: app.desk.draft_text(work.id, one))
            app.call_from_thread(self.decide, case, "text")

        app.later(job)

    # -- sound --------------------------------------------------------------------------------------------

    def action_play(self) -> None:
        """Play the sound of the marked entry or word, or all of it."""
        note, entry, case, work = self.query_one(NoteText), self.chosen, self.work.case, self.work
        stretch: tuple[float, float] | None = None
        if note.has_focus and note.place:
            if note.word is None:
                self.notify(t("There is no sound of this word."))
                return
            stretch = note.word.from_s, note.word.to_s
        elif entry is not None and not note.has_focus:
            stretch = case.sound_of(entry.start, entry.end)

        def job() -> None:
            clip = work.notebook.replay(work.id)
            if clip is None:
                raise MicrophoneError("There is no sound of this note.")
            samples, rate = clip.samples, clip.sample_rate
            if stretch:
                first = max(round((stretch[0] - _BEFORE_S) * rate), 0)
                samples = samples[first : round((stretch[1] + _AFTER_S) * rate)]
            play(samples, rate)

        self._owner.later(job)

    def action_read_aloud(self) -> None:
        """Read the note aloud."""
        from tui.aloud import read_aloud  # noqa: PLC0415

        text = self.work.case.note.text
        self._owner.later(lambda: read_aloud(text))
