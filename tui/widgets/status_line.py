"""One line on top: where one is, and what microphone and model do."""

from rich.text import Text
from textual.widgets import Static

from tui.desk import State
from tui.i18n import t


class StatusLine(Static):
    """Shows, on every screen, that the microphone is open while it is."""

    def show(self, title: str, state: State, *, recording: bool = False) -> None:
        """Show the title to the left, the state to the right."""
        sign, words = _microphone(state.microphone, recording=recording)
        right = Text.assemble((f"{sign} {words}", "bold" if sign != "○" else ""))
        right.append(f" · {_model(state)}", style="")
        left = Text.assemble((f"Plejediktat · {title}", "bold"))
        gap = max(self.size.width - left.cell_len - right.cell_len, 1)
        line = left + Text(" " * gap) + right
        line.truncate(max(self.size.width, 20), overflow="ellipsis")
        self.update(line)


def _microphone(health: str, *, recording: bool) -> tuple[str, str]:
    if health == "lost":
        return "!", t("no microphone")
    if recording:
        return "●", t("RECORDING")
    if health == "warm":
        return "●", t("microphone open")
    if health == "opening":
        return "○", t("microphone starts")
    return "○", t("microphone closed")


def _model(state: State) -> str:
    if state.model_problem:
        return t("! no speech model")
    return t("model ready") if state.model else t("model loads")
