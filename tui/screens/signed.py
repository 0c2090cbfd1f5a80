"""A signed note: nothing is erased; an entry is amended, or marked as entered in error, with a reason."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dictate.case import Case
from dictate.entry import Entry, Kind, RecordStatus, Signature
from tui import wording
from tui.i18n import t
from tui.screens import asking
from tui.screens.dialog import Question
from tui.screens.page import Page
from tui.screens.sign import ask_acute
from tui.widgets.note_text import NoteText

if TYPE_CHECKING:
    from dictate.store.types import Dictation


_CODED = frozenset({Kind.CONDITION, Kind.INTERVENTION})


class SignedScreen(Page):
    """Shows it as it stands in the record."""

    CSS_PATH = "review.tcss"
    shows_text = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "withdraw", show=False),
        Binding("s", "status", show=False),
        Binding("v", "value", show=False),
        Binding("k", "code", show=False),
        Binding("n", "level", show=False),
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
            ("V", t("value")),
            ("K", t("code")),
            ("N", t("level")),
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
        entry = self._open_entry
        if entry is None:
            return
        notebook, identifier = self.desk.notebook, self.row.id
        signature = self._signature()
        self._because(
            t("Why was this entered in error?"),
            lambda why, not_acute: notebook.withdraw(
                identifier, entry.id, why, signature, not_acute=not_acute
            ),
        )

    def action_status(self) -> None:
        """Correct what the entry asserts."""
        entry = self._open_entry
        if entry is not None:
            asking.ask_status(
                self, entry, lambda assertion: self._amend(entry, replace(entry, assertion=assertion))
            )

    def action_value(self) -> None:
        """Correct a value or a dose."""
        entry = self._open_entry
        if entry is not None and entry.kind is Kind.OBSERVATION:
            unit = entry.unit if not isinstance(entry.value, str) else None
            asking.ask_value(
                self,
                entry.coding,
                unit,
                lambda value: self._amend(entry, replace(entry, value=value)),
                shown=str(entry.value).replace(".", ","),
            )
        elif entry is not None and entry.kind is Kind.MEDICATION:
            asking.ask_drug(
                self,
                lambda drug: self._amend(
                    entry, replace(entry, name=drug.name, dose=drug.dose, route=drug.route)
                ),
                entry=entry,
            )

    def action_code(self) -> None:
        """Correct the code."""
        entry = self._open_entry
        if entry is not None and entry.kind in _CODED:
            asking.ask_code(
                self,
                entry.kind,
                (),
                lambda coding: self._amend(entry, replace(entry, coding=coding, level=None)),
            )

    def action_level(self) -> None:
        """Correct the functional level."""
        entry = self._open_entry
        if entry is not None and self.desk.needs_level(entry):
            asking.ask_level(self, entry, lambda level: self._amend(entry, replace(entry, level=level)))

    @property
    def _open_entry(self) -> Entry | None:
        """The marked entry; None where it is an error already."""
        entry = self._chosen
        return None if entry and entry.record_status is RecordStatus.ENTERED_IN_ERROR else entry

    def _amend(self, before: Entry, after: Entry) -> None:
        """Put a corrected entry in the place of a signed one, with the reason."""
        if after == before:
            return
        notebook, identifier, signature = self.desk.notebook, self.row.id, self._signature()
        self._because(
            t("Why is it changed?"),
            lambda why, not_acute: notebook.amend(identifier, after, why, signature, not_acute=not_acute),
        )

    def _because(self, question: str, change: Callable[[str, bool], None]) -> None:
        """Ask why, and whether it is acute; then change it."""

        def answered(why: str | None) -> None:
            if not why:
                return

            def keep(*, not_acute: bool) -> None:
                self.terminal.later(lambda: change(why, not_acute))
                self._look()

            ask_acute(self.terminal, self.desk.notebook.destinations, keep)

        self.app.push_screen(Question(question), answered)

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
    text = Text.assemble(("✗ " if gone else "✓ ", "bold"))
    text.append(wording.term(entry, names), style="strike" if gone else "bold")
    text.append(f" · {wording.assertion(entry.assertion)}")
    if gone:
        text.append(f"\n  {t('entered in error')}", style="bold")
    elif entry.record_status is RecordStatus.AMENDED:
        text.append(f"\n  {t('amended')}", style="bold")
    return text
