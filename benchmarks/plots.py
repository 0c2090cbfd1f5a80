"""Small plots as SVG, without a plotting library (pure)."""

from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT, _LEFT, _BELOW, _ABOVE, _RIGHT = 640, 360, 60, 50, 40, 160
_COLOURS = ("#0b5fa5", "#c2410c", "#4d7c0f", "#7e22ce", "#525252")

Line = Sequence[tuple[float, float]]


def lines(title: str, across: str, upward: str, series: Mapping[str, Line]) -> str:
    """Draw lines with a legend.

    Args:
        title: above the plot.
        across: what the horizontal axis shows, with its unit.
        upward: what the vertical axis shows, with its unit.
        series: points of each line, in the order they are joined; at least one point in all.

    Returns:
        A complete SVG document.

    """
    points = [point for line in series.values() for point in line]
    low_x, high_x = min(x for x, _ in points), max(x for x, _ in points)
    low_y, high_y = min(0.0, *(y for _, y in points)), max(y for _, y in points) * 1.05 or 1.0
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _ABOVE - _BELOW

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            round(_LEFT + wide * (x - low_x) / ((high_x - low_x) or 1), 1),
            round(_ABOVE + high * (1 - (y - low_y) / ((high_y - low_y) or 1)), 1),
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        "<style>text { font: 12px sans-serif }</style>",
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{_LEFT}" y="22" font-size="15">{escape(title)}</text>',
        f'<text x="{_LEFT + wide / 2}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(across)}</text>',
        (
            f'<text x="14" y="{_ABOVE + high / 2}" text-anchor="middle" '
            f'transform="rotate(-90 14 {_ABOVE + high / 2})">{escape(upward)}</text>'
        ),
    ]
    for part in range(5):
        y = low_y + (high_y - low_y) * part / 4
        x = low_x + (high_x - low_x) * part / 4
        parts += [
            (
                f'<line x1="{_LEFT}" x2="{_LEFT + wide}" y1="{place(low_x, y)[1]}" y2="{place(low_x, y)[1]}" '
                'stroke="#ddd"/>'
            ),
            f'<text x="{_LEFT - 6}" y="{place(low_x, y)[1] + 4}" text-anchor="end">{y:.3g}</text>',
            f'<text x="{place(x, low_y)[0]}" y="{_ABOVE + high + 18}" text-anchor="middle">{x:.3g}</text>',
        ]
    for number, (name, line) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join("{},{}".format(*place(x, y)) for x, y in line)
        parts += [
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
            *('<circle cx="{}" cy="{}" r="3" fill="{}"/>'.format(*place(x, y), colour) for x, y in line),
            (
                f'<text x="{_LEFT + wide + 10}" y="{_ABOVE + 16 * number + 10}" fill="{colour}">'
                f"{escape(name)}</text>"
            ),
        ]
    return "\n".join([*parts, "</svg>\n"])
