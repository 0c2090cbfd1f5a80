"""Small charts as SVG and as text (pure): bars with an interval, where people would rather look than read."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_ROW = 26
_LEFT = 170
_WIDTH = 640
_RIGHT = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar; the interval is drawn where it is given."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


def text_bars(bars: Sequence[Bar], *, width: int = 30, unit: str = "") -> list[str]:
    """Draw bars as lines of text.

    Args:
        bars: values of at least 0.
        width: characters of the longest bar.
        unit: after each value.

    """
    longest = max((bar.value for bar in bars), default=0.0) or 1.0
    wide = max((len(bar.label) for bar in bars), default=0)
    return [
        f"{bar.label:<{wide}}  {_blocks(bar.value / longest, width)}  {bar.value:.1f}{unit}" for bar in bars
    ]


def _blocks(share: float, width: int) -> str:
    return ("█" * round(width * max(share, 0.0))).ljust(width)


def svg_bars(bars: Sequence[Bar], *, title: str, unit: str = "") -> str:
    """Draw horizontal bars as an SVG picture with a title that a screen reader reads.

    Args:
        bars: any values; 0 is marked by a line.
        title: what is shown.
        unit: after each value.

    """
    ends = [end for bar in bars for end in (bar.value, bar.low, bar.high) if end is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    span = (high - low) or 1.0

    def at(value: float) -> float:
        return _LEFT + (value - low) / span * (_WIDTH - _LEFT - _RIGHT)

    parts = []
    for number, bar in enumerate(bars):
        top = 8 + number * _ROW
        start, end = sorted((at(0.0), at(bar.value)))
        parts.append(f'<text x="{_LEFT - 8}" y="{top + 14}" text-anchor="end">{escape(bar.label)}</text>')
        parts.append(
            f'<rect x="{start:.1f}" y="{top}" width="{max(end - start, 1):.1f}" height="18" fill="#2b6cb0"/>'
        )
        if bar.low is not None and bar.high is not None:
            y = top + 9
            parts.append(
                f'<path d="M{at(bar.low):.1f} {y}H{at(bar.high):.1f}M{at(bar.low):.1f} {y - 5}v10'
                f'M{at(bar.high):.1f} {y - 5}v10" stroke="#1a202c" stroke-width="2" fill="none"/>'
            )
        right = max(at(value) for value in (0.0, bar.value, bar.high or bar.value))
        parts.append(f'<text x="{right + 6:.1f}" y="{top + 14}">{bar.value:.1f}{escape(unit)}</text>')
    height = 16 + len(bars) * _ROW
    zero = f'<line x1="{at(0.0):.1f}" y1="0" x2="{at(0.0):.1f}" y2="{height}" stroke="#718096"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="sans-serif" font-size="13"><title>{escape(title)}</title>{zero}{"".join(parts)}</svg>'
    )
