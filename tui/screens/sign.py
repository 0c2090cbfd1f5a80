"""Exactly what will be in the record, and one key to sign it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from dictate import review, session
from dictate.entry import Entry, Note
from dictate.errors import DictateError
from tui import wording
from tui.i18n import key, plural, t
from tui.preferences import Preferences
from tui.screens.dialog import Choice, Question
from tui.screens.page import Page
from tui.widgets.spacing import spaced
from tui.work import Work

if TYPE_CHECKING:
    from dictate.notebook import Destination
    from tui.app import TerminalApp


class SignScreen(Page):
    """The last look."""

    shows_text = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "sign", show=False, id="sign"),
        Binding("escape,f9", "app.pop_screen", show=False),
    ]

    def __init__(self, work: Work) -> None:
        """Sign this draft."""
        super().__init__()
        self.work = work

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Sign")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (
            (key("sign"), t("sign")),
            ("Esc", t("back to review")),
            ("↑ ↓", t("scroll")),
            ("?", t("help")),
        )

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        with VerticalScroll(id="page", classes="box"):
            yield Static(id="summary")

    def begin(self) -> None:
        """Show it."""
        self.query_one("#page").focus()
        self._show()

    def _show(self) -> None:
        chosen = self.desk.preferences
        who = f"{chosen.name}, {chosen.role}" if chosen.name and chosen.role else t("is asked for")
        text = summary(self.work, who=who, names=self.desk.name_of)
        if chosen.wide:
            text = spaced(text, self.app.size.width - 6)
        self.query_one("#summary", Static).update(text)

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        super().on_resize()
        if self.alive:
            self._show()

    def action_sign(self) -> None:
        """Sign, once the name and the role are known."""
        chosen = self.desk.preferences
        if self.work.training:
            self.terminal.go_home()
            self.notify(t("Practice is over. Nothing was kept."))
        elif not chosen.name:
            self._ask(t("Your name, as it stands under the note"), lambda name: replace(chosen, name=name))
        elif not chosen.role:
            self._ask(t("Your role, such as Sygeplejerske"), lambda role: replace(chosen, role=role))
        else:
            self._sign(chosen.name, chosen.role)

    def _ask(self, question: str, change: Callable[[str], Preferences]) -> None:
        def answered(answer: str | None) -> None:
            if answer:
                self.terminal.prefer(change(answer))
                self._show()
                self.action_sign()

        self.app.push_screen(Question(question), answered)

    def _sign(self, name: str, role: str) -> None:
        work, app = self.work, self.terminal
        try:
            (note,) = session.sign([work.case.note], by=name, role=role, at=_now())
        except DictateError as error:
            app.complain(str(error))
            return
        note = signed_part(note)

        def keep(*, not_acute: bool) -> None:
            def job() -> None:
                work.notebook.sign(work.id, note, not_acute=not_acute)
                app.call_from_thread(self._signed)

            app.later(job)

        ask_acute(app, work.notebook.destinations, keep)

    def _signed(self) -> None:
        self.terminal.citizen = None
        self.terminal.go_home()
        self.notify(t("Signed and kept."))


class _Queue(Protocol):
    def __call__(self, *, not_acute: bool) -> None: ...


def ask_acute(app: "TerminalApp", destinations: Sequence["Destination"], then: _Queue) -> None:
    """Ask whether the matter is acute, where a message must not be; go on with the answer."""
    names = ", ".join(one.name for one in destinations if one.never_acute)
    if not names:
        then(not_acute=False)
        return

    def answered(answer: str | None) -> None:
        if answer is not None:
            then(not_acute=answer == "no")

    options = [("no", t("no: send it")), ("yes", t("yes: don't send it there, I phone"))]
    app.push_screen(Choice(t("Is it acute? ({names})", names=names), options), answered)


def signed_part(note: Note) -> Note:
    """Return the note with what is signed: neither what was rejected nor what nobody decided on."""
    return replace(note, entries=tuple(entry for entry in note.entries if entry.signed))


def summary(work: Work, *, who: str, names: wording.Names) -> Text:
    """Return what will be in the record, in the order in which it is read."""
    case = work.case
    text = Text()
    text.append(f"{t('Citizen')}: ", style="bold")
    text.append(f"{work.citizen_name or '–'}\n")
    text.append(f"{t('Will be signed by')}: ", style="bold")
    text.append(f"{who}\n")
    if work.notebook.destinations:
        text.append(f"{t('Is sent to')}: ", style="bold")
        text.append(", ".join(one.name for one in work.notebook.destinations) + "\n")
    text.append("\n")
    text.append(f"{t('The note')}\n", style="bold")
    text.append(f"{case.note.text or t('(no text)')}\n\n")
    taken = review.taken(case)
    text.append(plural(len(taken), "{count} entry", "{count} entries") + "\n", style="bold")
    for entry in taken:
        text.append_text(_line(entry, names))
    left = review.open_entries(case)
    if left:
        text.append("\n" + t("Not decided, will NOT be in the record") + "\n", style="bold")
        for entry in left:
            text.append_text(_line(entry, names))
    return text


def _line(entry: Entry, names: wording.Names) -> Text:
    text = Text.assemble(
        (f" {wording.MARKS[entry.review]}{wording.UNSURE if entry.unsure else ' '} ", "bold")
    )
    text.append(f"{wording.term(entry, names)}", style="bold")
    text.append(f" · {wording.assertion(entry.assertion)}")
    if not entry.evidence:
        text.append(f" · {t('no words in the text')}")
    text.append("\n")
    return text


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
