"""Practising with sample dictations: nothing is kept."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.i18n import t
from tui.screens.page import Page

if TYPE_CHECKING:
    from dictate.samples import Sample

MYSELF = "myself"


class TrainingScreen(Page):
    """Chooses what to practise with."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "app.pop_screen", show=False)]

    def __init__(self) -> None:
        """Know no samples yet."""
        super().__init__()
        self._samples: tuple[Sample, ...] = ()

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Practise")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (("Enter", t("begin")), ("Esc", t("to the start")), ("?", t("help")))

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        yield Static(
            t("Practise with a sample that is played, or speak yourself. Nothing is kept."), classes="title"
        )
        yield OptionList(Option(Text(t("I speak myself"), style="bold"), id=MYSELF), id="samples")

    def begin(self) -> None:
        """Fetch the samples."""
        self.query_one(OptionList).focus()
        app, folder = self.terminal, self.terminal.samples

        def job() -> None:
            from dictate.errors import AudioError  # noqa: PLC0415 - after the first frame
            from dictate.samples import read_samples  # noqa: PLC0415

            try:
                found = read_samples(folder)
            except AudioError:
                return  # an installation without samples
            app.call_from_thread(self._show, found)

        app.later(job)

    def _show(self, samples: "tuple[Sample, ...]") -> None:
        self._samples = samples
        options = self.query_one(OptionList)
        for place, sample in enumerate(samples):
            words = (sample.spoken or "").split()
            text = Text.assemble((sample.path.stem, "bold"))
            text.append(f"  {' '.join(words[:9])} …", style="italic")
            options.add_option(Option(text, id=str(place)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Begin."""
        sample = None if event.option_id == MYSELF else self._samples[int(event.option_id or 0)]
        self.terminal.practise(sample)
