"""How loud it is, as a bar and in words."""

from rich.text import Text
from textual.widgets import Static

from dictate.level import Level
from tui.i18n import t

_LOW_DB, _HIGH_DB = -60.0, 0.0
_WIDTH = 24
_LOUD_DB = -6.0
_SPEECH_DB = -45.0


class LevelMeter(Static):
    """A bar with a word beside it: colour alone tells nothing."""

    def show(self, level: Level) -> None:
        """Show the level."""
        share = (level.rms_db - _LOW_DB) / (_HIGH_DB - _LOW_DB)
        full = round(min(max(share, 0.0), 1.0) * _WIDTH)
        bar = Text("▕")
        bar.append("█" * full, style="bold")
        bar.append("·" * (_WIDTH - full), style="dim")
        bar.append("▏ ")
        bar.append(word_of(level))
        self.update(bar)


def word_of(level: Level) -> str:
    """Say the level in a word."""
    if level.clipping:
        return t("too loud: move the microphone away")
    if level.dead:
        return t("silent: is the microphone switched off?")
    if level.unheard:
        return t("I can't hear you")
    if level.rms_db < _SPEECH_DB:
        return t("quiet")
    return t("good")
