"""A signed note: nothing is erased; an entry is amended, or marked as entered in error, with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dictate import review
from dictate.case import Case
from dictate.entry import Entry, Kind, RecordStatus, Signature
from tui import wording
from tui.i18n import t
from tui.screens.dialog import Choice, Question
from tui.screens.page import Page
from tui.screens.sign import ask_acute
from tui.widgets.note_text import NoteText

if TYPE_CHECKING:
    from dictate.store.types import Dictation


class SignedScreen(Page):
    """Shows it as it stands in the record."""

    CSS_PATH = "review.tcss"
    shows_text = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "withdraw", show=False),
        Binding("s", "status", show=False),
        Binding("escape", "app.pop_screen", show=False),
    ]

    def __init__(self, row: "Dictation") -> None:
        """Show this note."""
        super().__init__()
        self.row = row
        self.case: Case | None = None

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Signed note")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (
            ("F", t("entered in error")),
            ("S", t("amend the status")),
            ("Esc", t("back")),
            ("?", t("help")),
        )

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        yield Static(id="about", markup=False)
        with Horizontal(id="sides"):
            yield NoteText(wide=self.desk.preferences.wide, id="note")
            yield OptionList(id="entries")

    def begin(self) -> None:
        """Fetch it."""
        self.query_one(OptionList).focus()
        self._look()

    def _look(self) -> None:
        notebook, app, identifier = self.desk.notebook, self.terminal, self.row.id

        def job() -> None:
            app.call_from_thread(self._show, notebook.open(identifier))

        app.later(job)

    def _show(self, case: Case) -> None:
        if not self.alive:
            return
        self.case = case
        signed = case.note.signed
        by = f"{signed.by}, {signed.role}, {wording.moment(signed.at)}" if signed else ""
        about = f"{t('Citizen')}: {self.row.citizen_name or '–'} · {t('Signed by')}: {by}"
        self.query_one("#about", Static).update(about)
        self.query_one(NoteText).show(case)
        entries = self.query_one(OptionList)
        at = entries.highlighted or 0
        entries.clear_options()
        entries.add_options(
            [Option(line(entry, self.desk.name_of), id=entry.id) for entry in case.note.entries]
        )
        entries.highlighted = at if case.note.entries else None

    @property
    def _chosen(self) -> Entry | None:
        at = self.query_one(OptionList).highlighted
        if self.case is None or at is None or at >= len(self.case.note.entries):
            return None
        return self.case.note.entries[at]

    def action_withdraw(self) -> None:
        """Mark the entry as entered in error."""
        entry = self._chosen
        if entry is None or entry.record_status is RecordStatus.ENTERED_IN_ERROR:
            return
        notebook, identifier = self.desk.notebook, self.row.id

        def answered(why: str | None) -> None:
            if why:
                signature = self._signature()

                def keep(*, not_acute: bool) -> None:
                    self.terminal.later(
                        lambda: notebook.withdraw(identifier, entry.id, why, signature, not_acute=not_acute)
                    )
                    self._look()

                ask_acute(self.terminal, notebook.destinations, keep)

        self.app.push_screen(Question(t("Why was this entered in error?")), answered)

    def action_status(self) -> None:
        """Correct what the entry asserts."""
        entry = self._chosen
        if entry is None or entry.kind is Kind.OBSERVATION:
            return
        if entry.record_status is RecordStatus.ENTERED_IN_ERROR:
            return
        notebook, identifier = self.desk.notebook, self.row.id
        options = [(one.value, wording.assertion(one)) for one in review.ORDER[entry.kind]]

        def chosen(value: str | None) -> None:
            if value is None or value == entry.assertion.value:
                return
            assertion = next(one for one in review.ORDER[entry.kind] if one.value == value)
            new = replace(entry, assertion=assertion)

            def answered(why: str | None) -> None:
                if why:
                    signature = self._signature()

                    def keep(*, not_acute: bool) -> None:
                        self.terminal.later(
                            lambda: notebook.amend(identifier, new, why, signature, not_acute=not_acute)
                        )
                        self._look()

                    ask_acute(self.terminal, notebook.destinations, keep)

            self.app.push_screen(Question(t("Why is it changed?")), answered)

        self.app.push_screen(
            Choice(wording.term(entry, self.desk.name_of), options, first=entry.assertion.value), chosen
        )

    def _signature(self) -> Signature:
        chosen = self.desk.preferences
        signed = self.case.note.signed if self.case else None
        return Signature(
            by=chosen.name or (signed.by if signed else ""),
            role=chosen.role or (signed.role if signed else ""),
            at=datetime.now(UTC).replace(microsecond=0),
        )


def line(entry: Entry, names: wording.Names) -> Text:
    """Return how a signed entry is shown."""
    gone = entry.record_status is RecordStatus.ENTERED_IN_ERROR
    text = Text("✗ " if gone else "✓ ", style="bold")
    text.append(wording.term(entry, names), style="strike" if gone else "bold")
    text.append(f" · {wording.assertion(entry.assertion)}")
    if gone:
        text.append(f"\n  {t('entered in error')}", style="bold")
    elif entry.record_status is RecordStatus.AMENDED:
        text.append(f"\n  {t('amended')}", style="bold")
    return text
