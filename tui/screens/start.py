"""The first screen: choose a citizen, or just begin to speak."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from tui.i18n import key, plural, t
from tui.screens.page import Page
from tui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from dictate.store.types import Citizen


class StartScreen(Page):
    """Whom it is about, and what waits."""

    CSS_PATH = ["start.tcss", "../widgets/search_box.tcss"]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "inbox", show=False, id="inbox"),
        Binding("f3", "unfinished", show=False, id="unfinished"),
        Binding("f4", "history", show=False, id="history"),
        Binding("f6", "training", show=False, id="training"),
        Binding("f7", "settings", show=False, id="settings"),
        Binding("f8", "outbox", show=False, id="outbox"),
        Binding("escape", "forget", show=False),
        Binding("space", "app.dictate", show=False),
    ]

    def __init__(self) -> None:
        """Know nobody yet."""
        super().__init__(classes="empty")
        self._found: tuple[Citizen, ...] = ()
        self._visits: tuple[Citizen, ...] | None = None
        self._asked = 0
        self._looked = False

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Start")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (
            (key("dictate"), t("dictate")),
            (key("inbox"), t("inbox")),
            (key("unfinished"), t("unfinished")),
            (key("history"), t("history")),
            (key("training"), t("practise")),
            (key("settings"), t("settings")),
            (key("outbox"), t("outbox")),
            ("?", t("help")),
            ("Ctrl+Q", t("quit")),
        )

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        yield Static(id="waiting", markup=False)
        yield Static(id="chosen", markup=False)
        yield SearchBox(t("Citizen: name or CPR number"), id="citizens")
        yield Static(
            t(
                "1  <dictate>: speak\n2  <dictate>: stop\n3  <accept_all>: accept what is right\n"
                "4  <to_signing> and <sign>: sign"
            ),
            id="steps",
            markup=False,
        )
        yield Static(id="trouble", markup=False)

    def show_news(self) -> None:
        """Show what changed."""
        super().show_news()
        citizen = self.terminal.citizen
        chosen = (
            t("Chosen: {name}. Press <dictate> and speak. Esc: another one.", name=citizen.name)
            if citizen
            else t("Press <dictate> and speak. Choose the citizen here first, or after the dictation.")
        )
        self.query_one("#chosen", Static).update(chosen)
        state = self.desk.state
        problems = [
            state.notebook_problem,
            state.microphone_problem,
            state.model_problem,
            state.drafter_problem,
        ]
        self.query_one("#trouble", Static).update(
            "\n".join(f"! {t(problem)}" for problem in problems if problem)
        )
        if state.notebook_ready and not self._looked:
            self._looked = True
            self._look()

    def on_screen_resume(self) -> None:
        """Come back to it: something may be finished, or waiting."""
        super().on_screen_resume()
        if self._looked:
            self._look()

    def on_search_box_typed(self, message: SearchBox.Typed) -> None:
        """Look for whom was typed."""
        self._search(message.text)

    def on_search_box_chosen(self, message: SearchBox.Chosen) -> None:
        """Choose a citizen."""
        from tui.screens.citizen import choose  # noqa: PLC0415 - only when it is needed

        choose(self, message.identifier, self._found, self._take)

    def action_forget(self) -> None:
        """Choose nobody."""
        self.terminal.citizen = None
        self.query_one(SearchBox).clear()
        self.news()

    def action_inbox(self) -> None:
        """Show the drafts made elsewhere."""
        from tui.screens.inbox import InboxScreen  # noqa: PLC0415

        self.app.push_screen(InboxScreen())

    def action_unfinished(self) -> None:
        """Show my drafts."""
        from tui.screens.unfinished import UnfinishedScreen  # noqa: PLC0415

        self.app.push_screen(UnfinishedScreen())

    def action_history(self) -> None:
        """Show what I have signed."""
        from tui.screens.history import HistoryScreen  # noqa: PLC0415

        self.app.push_screen(HistoryScreen())

    def action_outbox(self) -> None:
        """Show what is on its way."""
        from tui.screens.outbox import OutboxScreen  # noqa: PLC0415

        self.app.push_screen(OutboxScreen())

    def action_training(self) -> None:
        """Practise with samples."""
        from tui.screens.training import TrainingScreen  # noqa: PLC0415

        self.app.push_screen(TrainingScreen())

    def action_settings(self) -> None:
        """Change settings."""
        from tui.screens.settings import SettingsScreen  # noqa: PLC0415

        self.app.push_screen(SettingsScreen())

    # -- looking into the notebook ------------------------------------------------------------------------

    def _take(self, citizen: "Citizen") -> None:
        self.terminal.citizen = citizen
        self.query_one(SearchBox).clear()
        self.news()

    def _search(self, typed: str) -> None:
        self._asked += 1
        asked = self._asked
        notebook = self.desk.notebook

        def look() -> None:
            visits = self._visits
            found = visits if visits and not typed.strip() else notebook.find_citizens(typed)
            self.app.call_from_thread(self._show, asked, typed, found)

        self.terminal.later(look)

    def _show(self, asked: int, typed: str, found: "tuple[Citizen, ...]") -> None:
        from tui.citizens import options  # noqa: PLC0415

        if asked == self._asked and self.alive:
            self._found = found
            offered = options(found, typed)
            self.query_one(SearchBox).offer(offered)
            self.set_class(not offered, "empty")

    def _look(self) -> None:
        """Count what waits, and take in the lists that were given."""
        notebook, visits, drafts = self.desk.notebook, self.terminal.visits, self.terminal.drafts
        self.terminal.visits = self.terminal.drafts = None

        def look() -> None:
            if visits:
                from tui.citizens import take_in_visits  # noqa: PLC0415

                self._visits = take_in_visits(visits, notebook)
            if drafts:
                from dictate.notes import read_notes  # noqa: PLC0415

                notebook.take_in(read_notes(drafts))
            counts = len(notebook.unfinished()), len(notebook.inbox()), notebook.waiting()
            self.app.call_from_thread(self._count, *counts)

        self.terminal.later(look)
        self._search(self.query_one(SearchBox).text)

    def _count(self, unfinished: int, inbox: int, waiting: int) -> None:
        parts = []
        if unfinished:
            parts.append(
                plural(
                    unfinished,
                    "{count} unfinished dictation: <unfinished>",
                    "{count} unfinished dictations: <unfinished>",
                )
            )
        if inbox:
            parts.append(
                plural(inbox, "{count} draft in the inbox: <inbox>", "{count} drafts in the inbox: <inbox>")
            )
        if waiting:
            parts.append(
                plural(waiting, "{count} delivery waits: <outbox>", "{count} deliveries wait: <outbox>")
            )
        if self.alive:
            self.query_one("#waiting", Static).update(" · ".join(parts))
