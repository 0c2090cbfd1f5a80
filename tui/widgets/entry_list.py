"""The entries of a note: sign, term and status, and below it the words that they stand on."""

from collections.abc import Callable

from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from dictate.case import Case
from dictate.entry import Entry, Review
from dictate.review import hold
from tui import wording
from tui.i18n import t


class EntryList(OptionList):
    """A list that keeps its place when an entry changes."""

    def __init__(
        self,
        needs_level: Callable[[Entry], bool],
        names: wording.Names,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Show nothing yet.

        Args:
            needs_level: tells whether conditions like this one have a level.
            names: code to short name.
            id: as Textual names it.

        """
        super().__init__(id=id)
        self._needs_level, self._names = needs_level, names
        self._case: Case | None = None

    def show(self, case: Case) -> None:
        """Show the entries of a case."""
        self._case = case
        options = [Option(self.line(entry), id=entry.id) for entry in case.note.entries]
        if [option.id for option in options] == [option.id for option in self.options]:
            for option in options:
                self.replace_option_prompt(option.id or "", option.prompt)
            return
        chosen = self.chosen
        self.clear_options()
        if not options:
            self.add_option(
                Option(Text(t("No entries. Press <add> to add one."), style="italic"), disabled=True)
            )
            return
        self.add_options(options)
        ids = [option.id for option in options]
        self.highlighted = ids.index(chosen) if chosen in ids else 0

    @property
    def chosen(self) -> str | None:
        """Id of the marked entry."""
        return None if self.highlighted is None else self.get_option_at_index(self.highlighted).id

    def line(self, entry: Entry) -> Text:
        """Return how an entry is shown."""
        why = hold(entry, needs_level=self._needs_level(entry))
        undecided = entry.review is Review.SUGGESTED
        flag = wording.UNSURE if entry.unsure else "!" if why and undecided else " "
        gone = entry.review is Review.REJECTED
        text = Text.assemble((f"{wording.MARKS[entry.review]}{flag} ", "bold"))
        text.append(wording.term(entry, self._names), style="strike" if gone else "bold")
        text.append(f" · {wording.assertion(entry.assertion)}", style="strike" if gone else "")
        words = f"»{' '.join(entry.evidence.split())}«" if entry.evidence else t("no words in the text")
        text.append(f"\n   {words}", style="italic")
        if why and undecided:
            text.append(f"\n   {wording.hold(why)}", style="italic")
        return text
