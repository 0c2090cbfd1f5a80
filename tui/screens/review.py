"""Reading what was heard and suggested, and correcting it: text to the left, entries to the right."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import OptionList, Static

from dictate import review
from dictate.case import Case
from dictate.entry import Assertion, Entry, Review
from tui import aloud
from tui.i18n import key, plural, t
from tui.screens import asking
from tui.screens.page import Page
from tui.screens.review_changes import ReviewChanges
from tui.widgets.entry_list import EntryList
from tui.widgets.note_text import NoteText
from tui.work import Work

if TYPE_CHECKING:
    from dictate.store.types import Citizen

_WIDE = 100
"""Columns from which text and entries stand side by side."""


class ReviewScreen(ReviewChanges, Page):
    """One draft."""

    CSS_PATH = "review.tcss"
    shows_text = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept_all", show=False, id="accept_all"),
        Binding("space", "accept", show=False, id="accept"),
        Binding("x", "reject", show=False, id="reject"),
        Binding("delete", "reject", show=False),
        Binding("z", "reopen", show=False, id="reopen"),
        Binding("k", "code", show=False, id="code"),
        Binding("s", "status", show=False, id="status"),
        *(Binding(str(level), f"level({level})", show=False) for level in range(5)),
        Binding("v", "value", show=False, id="value"),
        Binding("t", "add", show=False, id="add"),
        Binding("r", "edit", show=False, id="edit"),
        Binding("p", "play", show=False, id="play"),
        Binding("o", "read_aloud", show=False, id="read_aloud"),
        Binding("b", "citizen", show=False, id="citizen"),
        Binding("m", "template", show=False, id="template"),
        Binding("tab,shift+tab", "other_side", show=False, priority=True),
        Binding("e", "word", show=False, id="word"),
        Binding("f9", "sign", show=False, id="to_signing"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, work: Work) -> None:
        """Review this draft."""
        super().__init__()
        self.work = work

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Review")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (
            (key("accept_all"), t("accept all")),
            (key("accept"), t("accept")),
            (key("reject"), t("reject")),
            (key("to_signing"), t("to signing")),
            (key("reopen"), t("take back")),
            (key("code"), t("code")),
            (key("status"), t("status")),
            (key("value"), t("value")),
            (key("add"), t("add")),
            (key("edit"), t("correct text")),
            (key("word"), t("another word")),
            (key("template"), t("template")),
            (key("play"), t("play")),
            (key("citizen"), t("citizen")),
            ("Tab", t("text/entries")),
            ("?", t("help")),
        )

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        yield Static(id="about", markup=False)
        with Horizontal(id="sides"):
            yield NoteText(wide=self.desk.preferences.wide, id="note")
            yield EntryList(self.desk.needs_level, self.desk.name_of, id="entries")
        yield Static(id="remark", markup=False)
        yield Static(id="trouble", markup=False)

    def begin(self) -> None:
        """Show the draft."""
        self.query_one(EntryList).focus()
        self.refresh_case()
        self._fit(self.app.size.width)
        self.look_at_words()

    def on_resize(self, event: events.Resize | None = None) -> None:
        """Show one side or both."""
        super().on_resize()
        self._fit(event.size.width if event else self.app.size.width)

    def show_news(self) -> None:
        """Show what changed."""
        super().show_news()
        self.refresh_case()

    # -- showing ------------------------------------------------------------------------------------------

    @property
    def case(self) -> Case:
        """The draft as it stands."""
        return self.work.case

    @property
    def chosen(self) -> Entry | None:
        """The marked entry."""
        identifier = self.query_one(EntryList).chosen
        return next((entry for entry in self.case.note.entries if entry.id == identifier), None)

    def refresh_case(self) -> None:
        """Show the draft as it stands."""
        self.query_one(EntryList).show(self.case)
        self._mark()
        entries = self.case.note.entries
        left = len(review.open_entries(self.case))
        name = self.work.citizen_name or t("not chosen (<citizen>)")
        side = ""
        if not self._both:
            on_text = self.query_one(NoteText).display
            side = f"[{t('Text')}] {t('Entries')}  " if on_text else f"{t('Text')} [{t('Entries')}]  "
        counted = plural(len(entries), "{count} entry", "{count} entries")
        todo = t("{count} not decided", count=left) if left else t("all decided")
        found = (
            f"{counted}, {todo}" if entries else t("no entry found: <edit> corrects the text, <add> adds one")
        )
        self.query_one("#about", Static).update(f"{side}{t('Citizen')}: {name} · {found}")
        trouble = self.query_one("#trouble", Static)
        trouble.update(f"! {t(self.work.problem)}" if self.work.problem else "")
        trouble.display = bool(self.work.problem)

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        """Show the words behind the entry."""
        self._mark()

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        """Accept, or take it back."""
        self.action_accept()

    def _mark(self) -> None:
        entry = self.chosen
        self.query_one(NoteText).show(self.case, (entry.start, entry.end) if entry else (0, 0))

    @property
    def _both(self) -> bool:
        return self.app.size.width >= _WIDE

    def _fit(self, width: int) -> None:
        if not self.alive:
            return
        text, entries = self.query_one(NoteText), self.query_one(EntryList)
        if width >= _WIDE:
            text.display = entries.display = True
        elif text.display and entries.display:
            text.display = not self.case.note.entries
            entries.display = not text.display
            (text if text.display else entries).focus()
        self.refresh_case()

    def action_other_side(self) -> None:
        """Go to the text, or to the entries."""
        text, entries = self.query_one(NoteText), self.query_one(EntryList)
        if self._both:
            (text if entries.has_focus else entries).focus()
            return
        text.display, entries.display = entries.display, text.display
        (text if text.display else entries).focus()
        self.refresh_case()

    # -- deciding -----------------------------------------------------------------------------------------

    def decide(self, case: Case, detail: str = "") -> None:
        """Take over a decision."""
        changed = case.note.text != self.work.case.note.text
        self.work.decide(case, self.terminal.later, detail=detail)
        self.refresh_case()
        if changed:
            self.look_at_words()

    def action_accept_all(self) -> None:
        """Take over what is plain."""
        before = len(review.open_entries(self.case))
        case = review.accept_all(self.case, needs_level=self.desk.needs_level)
        left = review.open_entries(case)
        self.decide(case, "all accepted")
        entries = self.query_one(EntryList)
        if left:
            entries.highlighted = self._place(left[0])
            self.notify(
                plural(
                    len(left),
                    "{count} entry needs its own key press: <accept> accepts, <reject> rejects.",
                    "{count} entries need a key press each: <accept> accepts, <reject> rejects.",
                )
            )
        elif before:
            self.notify(t("All accepted. <to_signing>: to signing."))

    def action_accept(self) -> None:
        """Accept the marked entry, then go to the next open one; what is decided stays so."""
        entry = self.chosen
        if entry is None:
            return
        if entry.review is not Review.SUGGESTED:
            if review.open_entries(self.case):
                self._next()
            else:
                self.notify(t("All is decided. <to_signing>: to signing. <reopen> takes a decision back."))
            return
        if self.desk.needs_level(entry) and review.lacks_level(entry):
            self.ask_level(entry)
            return
        self.decide(review.accept(self.case, entry.id), f"{entry.id} accepted")
        self._next()

    def action_reopen(self) -> None:
        """Take the decision on the marked entry back."""
        entry = self.chosen
        if entry is not None and entry.review not in {Review.SUGGESTED, Review.ADDED}:
            self.decide(review.reopen(self.case, entry.id), f"{entry.id} reopened")

    def action_reject(self) -> None:
        """Say that the marked entry is wrong."""
        entry = self.chosen
        if entry is not None:
            self.decide(review.reject(self.case, entry.id), f"{entry.id} rejected")
            self._next()

    def action_level(self, level: int) -> None:
        """Give the marked condition its functional level."""
        entry = self.chosen
        if entry is not None and self.desk.needs_level(entry):
            self.decide(review.set_level(self.case, entry.id, level), f"{entry.id} level")
            self._next()

    def action_status(self) -> None:
        """Change what the marked entry asserts."""
        entry = self.chosen
        if entry is None:
            return

        def take(assertion: Assertion) -> None:
            self.keep_pair("assertion", entry.assertion.value, assertion.value)
            self.decide(review.set_assertion(self.case, entry.id, assertion), f"{entry.id} status")

        asking.ask_status(self, entry, take)

    def ask_level(self, entry: Entry) -> None:
        """Ask for the functional level of a condition."""

        def take(level: int) -> None:
            self.decide(review.set_level(self.case, entry.id, level), f"{entry.id} level")
            self._next()

        asking.ask_level(self, entry, take)

    def _next(self) -> None:
        """Go to the next entry that nobody decided on."""
        entries = self.case.note.entries
        at = self.query_one(EntryList).highlighted or 0
        order = [*entries[at + 1 :], *entries[: at + 1]]
        found = next((entry for entry in order if entry.review is Review.SUGGESTED), None)
        if found is not None:
            self.query_one(EntryList).highlighted = self._place(found)

    def _place(self, entry: Entry) -> int:
        return [one.id for one in self.case.note.entries].index(entry.id)

    # -- leaving ------------------------------------------------------------------------------------------

    def action_citizen(self) -> None:
        """Choose whom the note is about."""
        self.choose_citizen()

    def choose_citizen(self, then: Callable[[], None] = lambda: None) -> None:
        """Ask whom the note is about, and go on with `then`."""
        from tui.screens.citizen import CitizenScreen  # noqa: PLC0415 - only when it is needed

        work = self.work

        def chosen(citizen: "Citizen | None") -> None:
            if citizen is None:
                return
            work.citizen_id, work.citizen_name = citizen.id, citizen.name
            self.terminal.later(lambda: work.notebook.assign(work.id, citizen.id))
            self.refresh_case()
            then()

        self.app.push_screen(CitizenScreen(work.notebook), chosen)

    def action_sign(self) -> None:
        """Show exactly what will be in the record."""
        from tui.screens.sign import SignScreen  # noqa: PLC0415

        if self.work.citizen_id is None and not self.work.training:
            self.choose_citizen(self.action_sign)
            return
        self.app.push_screen(SignScreen(self.work))

    def action_leave(self) -> None:
        """Put it aside: it is kept under the unfinished ones."""
        aloud.stop()
        self.terminal.go_home()
        if not self.work.training:
            self.notify(t("Kept as a draft: <unfinished> opens it."))
