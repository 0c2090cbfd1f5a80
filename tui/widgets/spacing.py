"""Large line spacing, for whoever reads better so: an empty line between lines."""

from rich.console import Console
from rich.text import Text

_LEAST = 20


def spaced(text: Text, width: int) -> Text:
    """Return a text wrapped to `width` columns, with an empty line after each line but the last."""
    width = max(width, _LEAST)
    lines = text.wrap(Console(width=width), width)
    return Text("\n\n").join(line for line in lines if line.plain.strip())
