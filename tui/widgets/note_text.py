"""The text of a note: unsure words in ‹ ›, the words behind the chosen entry in » «, and a word to hear."""

import re
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from dictate.case import Case, Spot
from tui.i18n import t
from tui.language import Marks
from tui.widgets.spacing import spaced

_WORD = re.compile(r"\w+")
NO_MARKS = Marks()


class NoteText(VerticalScroll):
    """Shows a case's text; the arrows go from word to word when it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "word(-1)", show=False),
        Binding("right", "word(1)", show=False),
        Binding("n", "unsure", show=False),
    ]

    class WordChosen(Message):
        """The arrows moved to a word."""

    can_focus = True

    def __init__(self, *, wide: bool = False, id: str | None = None) -> None:  # noqa: A002 - as Textual names it
        """Show nothing yet; `wide` leaves a line empty between lines."""
        super().__init__(id=id, classes="box")
        self._wide = wide
        self._case: Case | None = None
        self._evidence = (0, 0)
        self._marks = NO_MARKS
        self._places: tuple[tuple[int, int], ...] = ()
        self._word: int | None = None

    def compose(self) -> "list[Static]":
        """Hold one text."""
        return [Static(id="text")]

    def show(self, case: Case, evidence: tuple[int, int] = (0, 0)) -> None:
        """Show a case, with the words behind an entry marked."""
        if self._case is None or self._case.note.text != case.note.text:
            self._word, self._marks = None, NO_MARKS
            self._places = places(case)
        self._case, self._evidence = case, evidence
        self._draw()

    def mark(self, marks: Marks) -> None:
        """Show these signs in the text."""
        self._marks = marks
        self._draw()

    @property
    def place(self) -> tuple[int, int] | None:
        """Where the word stands that the arrows are at."""
        if self._word is None or self._word >= len(self._places):
            return None
        return self._places[self._word]

    @property
    def word(self) -> Spot | None:
        """The word that the arrows stand on, with its sound; None where it has none."""
        if self._case is None or self.place is None:
            return None
        return next((spot for spot in self._case.spots if (spot.start, spot.end) == self.place), None)

    def action_word(self, step: int) -> None:
        """Go to the next word, or the one before."""
        if self._places:
            at = -1 if self._word is None and step > 0 else self._word or 0
            self._word = min(max(at + step, 0), len(self._places) - 1)
            self._draw()

    def action_unsure(self) -> None:
        """Go to the next word with a sign."""
        if self._case is None:
            return
        signed = {(spot.start, spot.end) for spot in self._case.spots if spot.unsure}
        signed |= self._marks.own | self._marks.unknown | self._marks.doubted
        start = -1 if self._word is None else self._word
        count = len(self._places)
        order = [(start + step) % count for step in range(1, count + 1)]
        found = next((place for place in order if self._places[place] in signed), None)
        if found is not None:
            self._word = found
            self._draw()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._draw()

    def _draw(self) -> None:
        if self._case is None or not self.query("#text"):
            return
        text = marked(self._case, self._evidence, self.place, self._marks)
        if not text.plain.strip():
            text = Text(t("No text. Press <edit> to write it yourself."), style="italic")
        if self._wide:
            text = spaced(text, self.size.width - 4)
        self.query_one("#text", Static).update(text)


def unsure_runs(case: Case) -> list[tuple[int, int]]:
    """Return the stretches of unsure words; neighbours are joined, and a stretch ends with a word."""
    runs: list[tuple[int, int]] = []
    text = case.note.text
    for spot in case.spots:
        if not spot.unsure or not any(sign.isalnum() for sign in text[spot.start : spot.end]):
            continue
        if runs and not any(sign.isalnum() for sign in text[runs[-1][1] : spot.start]):
            runs[-1] = (runs[-1][0], spot.end)
        else:
            runs.append((spot.start, spot.end))
    return runs


def places(case: Case) -> tuple[tuple[int, int], ...]:
    """Return where the words stand that the arrows go to: those with a sound of their own, and all others."""
    heard = [(spot.start, spot.end) for spot in case.spots]
    others = (found.span() for found in _WORD.finditer(case.note.text))
    silent = [one for one in others if not any(low < one[1] and high > one[0] for low, high in heard)]
    return tuple(sorted([*heard, *silent]))


def marked(
    case: Case,
    evidence: tuple[int, int] = (0, 0),
    word: tuple[int, int] | None = None,
    marks: Marks = NO_MARKS,
) -> Text:
    """Return the text with its signs; a sign stands beside the words it is about."""
    stretches = [(low, high, "‹", "›", "underline") for low, high in unsure_runs(case)]
    stretches += [(low, high, "", "*", "") for low, high in marks.unknown]
    stretches += [(low, high, "", "~", "") for low, high in marks.own]
    stretches += [(low, high, "", "≈", "") for low, high in marks.doubted]
    if evidence[0] < evidence[1]:
        stretches.append((*evidence, "»", "«", "bold reverse"))
    styles = [(low, high, style) for low, high, _, _, style in stretches]
    if word is not None:
        styles.append((*word, "reverse underline"))
    text = Text()
    plain = case.note.text
    for place in range(len(plain) + 1):
        # What opened last closes first; what closes last opens first.
        closing = sorted((low, high, sign) for low, high, _, sign, _ in stretches if high == place)
        opening = sorted((-high, low, sign) for low, high, sign, _, _ in stretches if low == place)
        for _, _, sign in [*reversed(closing), *opening]:
            text.append(sign, style="bold")
        if place < len(plain):
            active = [style for low, high, style in styles if low <= place < high]
            text.append(plain[place], style=" ".join(active))
    return text
