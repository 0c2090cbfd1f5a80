"""The part of a review that takes words: code, value, text, an entry by hand, sound."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from textual.screen import Screen

from dictate import review
from dictate.capture import MicrophoneError, play
from dictate.case import Case
from dictate.entry import Assertion, Coding, Entry, Kind
from tui.i18n import t
from tui.screens.dialog import Choice, Question
from tui.widgets.note_text import NoteText

if TYPE_CHECKING:
    from tui.app import TerminalApp
    from tui.work import Work

_BEFORE_S, _AFTER_S = 0.3, 0.3
"""Played before and after a word, so that one recognises it."""


class ReviewChanges(Screen[None]):
    """Mixed into the review screen."""

    work: "Work"

    @property
    def chosen(self) -> Entry | None:
        """The marked entry."""
        raise NotImplementedError

    def decide(self, case: Case, detail: str = "") -> None:
        """Take over a decision."""
        raise NotImplementedError

    @property
    def _owner(self) -> "TerminalApp":
        return cast("TerminalApp", self.app)

    def keep_pair(self, kind: str, heard: str, chosen: str) -> None:
        """Keep a correction as a pair."""
        work = self.work
        if heard and chosen and heard != chosen:
            self._owner.later(lambda: work.notebook.correction(work.id, kind, heard, chosen))

    # -- code and value -----------------------------------------------------------------------------------

    def action_code(self) -> None:
        """Give the marked entry another code."""
        entry = self.chosen
        if entry is None or entry.coding is None:
            return
        before = entry.coding

        def found(coding: Coding | None) -> None:
            if coding is None:
                return
            self.keep_pair("code", entry.evidence, coding.display)
            case = review.set_code(self.work.case, entry.id, coding)
            self.decide(case, f"{entry.id} code")

        alternatives = [
            Coding(system=before.system, code=one.code, display=one.display) for one in entry.alternatives
        ]
        self._search(entry.kind, alternatives, found)

    def action_add(self) -> None:
        """Add an entry by hand."""
        options = [
            (Kind.CONDITION.value, t("Condition")),
            (Kind.INTERVENTION.value, t("Intervention")),
        ]

        def kind_chosen(value: str | None) -> None:
            if value is not None:
                kind = Kind(value)
                self._search(kind, [], lambda coding: self._added(kind, coding))

        self.app.push_screen(Choice(t("What do you want to add?"), options), kind_chosen)

    def _added(self, kind: Kind, coding: Coding | None) -> None:
        if coding is None:
            return
        assertion = Assertion.PRESENT if kind is Kind.CONDITION else Assertion.COMPLETED
        word = self.query_one(NoteText).word
        place = (word.start, word.end) if word else (0, 0)
        self.decide(
            review.add(self.work.case, kind=kind, assertion=assertion, coding=coding, place=place), "added"
        )

    def _search(self, kind: Kind, offered: list[Coding], found: Callable[[Coding | None], None]) -> None:
        from tui.screens.terms import TermsScreen  # noqa: PLC0415 - only when it is needed

        self.app.push_screen(TermsScreen(kind, offered), found)

    def action_value(self) -> None:
        """Correct a value or a dose."""
        entry = self.chosen
        if entry is not None and entry.kind is Kind.OBSERVATION:
            self._ask_value(entry)
        elif entry is not None and entry.kind is Kind.MEDICATION:
            self._ask_drug(entry)

    def _ask_value(self, entry: Entry) -> None:
        shown = str(entry.value).replace(".", ",")

        def take(answer: str) -> None:
            self.keep_pair("value", shown, answer)
            self.decide(review.set_value(self.work.case, entry.id, _number(answer)), f"{entry.id} value")

        def valued(answer: str | None) -> None:
            if not answer:
                return
            value, code = _number(answer), entry.coding.code if entry.coding else ""
            if isinstance(value, str) or self._owner.desk.is_plausible(code, value):
                take(answer)
                return
            options = [("no", t("no, correct it")), ("yes", t("yes, it is right"))]
            question = t("{value} is an unusual value. Is it right?", value=answer)
            self.app.push_screen(
                Choice(question, options),
                lambda sure: take(answer) if sure == "yes" else self._ask_value(entry),
            )

        self.app.push_screen(Question(t("New value ({unit})", unit=entry.unit or ""), value=shown), valued)

    def _ask_drug(self, entry: Entry) -> None:
        shown = " ; ".join(part or "" for part in (entry.name, entry.dose, entry.route))

        def drug(answer: str | None) -> None:
            if answer:
                name, dose, route, *_ = [part.strip() for part in f"{answer};;".split(";")]
                case = review.set_medication(
                    self.work.case, entry.id, name=name, dose=dose or None, route=route or None
                )
                self.decide(case, f"{entry.id} value")

        self.app.push_screen(Question(t("Drug ; dose ; route"), value=shown), drug)

    # -- text ---------------------------------------------------------------------------------------------

    def action_edit(self) -> None:
        """Correct the text."""
        from tui.screens.edit import EditScreen  # noqa: PLC0415

        self.app.push_screen(EditScreen(self.work.case), self.take_text)

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

    def take_text(self, text: str | None) -> None:
        """Take over a changed text; the suggestions follow."""
        work, app = self.work, self._owner
        if text is None or text == work.case.note.text:
            return
        for change in review.text_changes(work.case.note.text, text):
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
        if note.has_focus and note.word:
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


def _number(answer: str) -> float | str:
    """Read a value as a number where it is one."""
    plain: Any = answer.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return answer
    return int(number) if number.is_integer() and "." not in plain else number
