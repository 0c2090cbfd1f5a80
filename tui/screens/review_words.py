"""The part of a review that is about single words: what was heard, their spelling, what is learned of it."""

from collections.abc import Callable
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING, cast

from textual.screen import Screen
from textual.widgets import Static

from dictate.case import Case, Spot
from dictate.entry import Entry
from tui.i18n import plural, t
from tui.language import Marks
from tui.screens.dialog import Choice, Question
from tui.widgets.entry_list import EntryList
from tui.widgets.note_text import NoteText

if TYPE_CHECKING:
    from tui.app import TerminalApp
    from tui.work import Work

MYSELF, RIGHT = "myself", "right"


class ReviewWords(Screen[None]):
    """Mixed into the review screen."""

    work: "Work"

    @property
    def chosen(self) -> Entry | None:
        """The marked entry."""
        raise NotImplementedError

    def decide(self, case: Case, detail: str = "") -> None:
        """Take over a decision."""
        raise NotImplementedError

    def refresh_case(self) -> None:
        """Show the draft as it stands."""
        raise NotImplementedError

    def take_text(self, text: str | None, *, learn: bool = True) -> None:
        """Take over a changed text."""
        raise NotImplementedError

    @property
    def _owner(self) -> "TerminalApp":
        return cast("TerminalApp", self.app)

    def keep_pair(self, kind: str, heard: str, chosen: str) -> None:
        """Keep a correction as a pair; one of the text is learned from, too."""
        work, app = self.work, self._owner
        if not heard or not chosen or heard == chosen:
            return

        def job() -> None:
            work.notebook.correction(work.id, kind, heard, chosen)
            if kind != "text":
                return
            word = app.desk.language.learn(work.notebook, heard, chosen)
            if word is not None:
                told = t(
                    "From now on “{heard}” becomes “{chosen}”. <settings>, My words, changes that.",
                    heard=word.heard,
                    chosen=word.chosen,
                )
                app.call_from_thread(app.notify, told)

        app.later(job)

    # -- signs in the text --------------------------------------------------------------------------------

    def look_at_words(self) -> None:
        """Find the words that need a sign; they get it a little later."""
        app, case = self._owner, self.work.case
        spelling = app.desk.preferences.spelling

        def job() -> None:
            marks = app.desk.language.marks(case)
            if not spelling:
                marks = replace(marks, unknown=frozenset())
            app.soon(self._mark_words, case, marks)

        self._aside(job)

    def _mark_words(self, case: Case, marks: Marks) -> None:
        if not self.is_attached or self.work.case.note.text != case.note.text:
            return
        self.query_one(NoteText).mark(marks)
        parts = []
        if marks.own:
            parts.append(
                plural(
                    len(marks.own),
                    "~ {count} word put right by your own words",
                    "~ {count} words put right by your own words",
                )
            )
        if marks.doubted:
            parts.append(
                plural(
                    len(marks.doubted),
                    "≈ {count} word that you often change",
                    "≈ {count} words that you often change",
                )
            )
        if marks.unknown:
            parts.append(plural(len(marks.unknown), "* {count} unknown word", "* {count} unknown words"))
        told = t("{words}: <word> shows others", words=" · ".join(parts)) if parts else ""
        remark = self.query_one("#remark", Static)
        remark.update(told)
        remark.display = bool(told)

    def _aside(self, job: Callable[[], None]) -> None:
        """Run what nobody waits for: where it fails the text stands without signs."""
        app = self._owner

        def run() -> None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 - whatever fails is told; the screen must live on
                app.soon(app.complain, str(error))

        Thread(target=run, name="words", daemon=True).start()

    # -- another word -------------------------------------------------------------------------------------

    def action_word(self) -> None:
        """Offer others in the place of a word: the one the arrows stand on, or the next with a sign."""
        note, entries = self.query_one(NoteText), self.query_one(EntryList)
        if not note.has_focus or note.place is None:
            note.action_unsure()
        if note.place is None:
            self.notify(t("No word has a sign. Go to one with ← → in the text, then press <word>."))
            return
        if not note.display:
            note.display, entries.display = True, False
            self.refresh_case()
        note.focus()
        self.call_after_refresh(self._offer, note.place, note.word)

    def _offer(self, place: tuple[int, int], spot: Spot | None) -> None:
        app, case = self._owner, self.work.case
        word = case.note.text[place[0] : place[1]]

        def job() -> None:
            language = app.desk.language
            offers, why = language.offers(word, spot)
            is_known = bool(why) or not word.isalpha() or language.knows(word)
            app.soon(lambda: self._ask_word(place, spot, offers, why, is_known=is_known))

        self._aside(job)

    def _ask_word(
        self,
        place: tuple[int, int],
        spot: Spot | None,
        offers: tuple[str, ...],
        why: str,
        *,
        is_known: bool,
    ) -> None:
        from dictate.own_words import bare  # noqa: PLC0415 - only then

        text = self.work.case.note.text
        word = text[place[0] : place[1]]
        heard = bare(spot.readings[0]) if spot and spot.readings else ""
        options = [
            (f"word {one}", _cased(one, word) + (t("  (heard)") if bare(one) == heard else ""))
            for one in offers
        ]
        options.append((MYSELF, t("write it myself")))
        if not is_known:
            options.append((RIGHT, t("“{word}” is right: no sign from now on", word=word)))

        def chosen(answer: str | None) -> None:
            if answer == MYSELF:
                self.app.push_screen(
                    Question(t("What shall stand there?"), value=word),
                    lambda typed: self._replace(place, word, typed) if typed else None,
                )
            elif answer == RIGHT:
                self._keep_right(word)
            elif answer is not None:
                self._replace(place, word, _cased(answer.partition(" ")[2], word))

        title = t("Instead of “{word}”", word=word)
        self.app.push_screen(Choice(title, options, hint=t(why) if why else ""), chosen)

    def _replace(self, place: tuple[int, int], word: str, chosen: str) -> None:
        from dictate.own_words import bare  # noqa: PLC0415 - only then

        text = self.work.case.note.text
        if text[place[0] : place[1]] != word:
            return  # the text has changed meanwhile
        own = self._owner.desk.language
        spot = next((one for one in self.work.case.spots if (one.start, one.end) == place), None)
        back = bool(spot and spot.readings and bare(spot.readings[0]) == chosen.casefold())
        if back and spot is not None:
            notebook, heard = self.work.notebook, spot.readings[0]
            self._owner.later(lambda: own.unlearn(notebook, heard, word))
        self.take_text(text[: place[0]] + chosen + text[place[1] :], learn=not back)

    def _keep_right(self, word: str) -> None:
        """Keep a word that is right, whatever the dictionary says."""
        from dictate.own_words import OwnWord, Rule  # noqa: PLC0415 - only then

        work, language = self.work, self._owner.desk.language
        low = word.casefold()

        def job() -> None:
            work.notebook.keep_word(OwnWord(heard=low, chosen=low, rule=Rule.ALWAYS))
            language.forget()
            self._owner.call_from_thread(self.look_at_words)

        self._owner.later(job)


def _cased(word: str, like: str) -> str:
    """Return a word with a capital where the one it replaces has one."""
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
