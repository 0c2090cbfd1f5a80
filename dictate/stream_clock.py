"""When sound was said, told from how much of it has come (pure).

A busy computer hands sound over late and then all at once: up to a second late was measured, while the times
that sound drivers give were off by as much. What has come is counted instead: the blocks that came soonest
tell when the counting began.
"""

_WINDOW_S = 10.0
"""The soonest block is looked for among the last one or two windows, as no two clocks run alike."""


class StreamClock:
    """The time at which each block of one open stream was said."""

    def __init__(self, rate: int) -> None:
        """Begin with nothing.

        Args:
            rate: of the stream, in hertz.

        """
        self._rate = rate
        self._count = 0
        self._began = [float("inf"), float("inf")]
        """Steady seconds at which the first sample was said: by the last whole window, and by this one."""
        self._window_ends = float("inf")

    def said(self, count: int, arrived: float) -> float:
        """Return when the last sample of the next block was said: `arrived` or before.

        Args:
            count: samples in the block.
            arrived: steady seconds; the delay that every block of the stream has is not known here.

        """
        self._count += count
        spoken_s = self._count / self._rate
        if self._window_ends == float("inf"):
            self._window_ends = arrived + _WINDOW_S
        elif arrived >= self._window_ends:
            self._window_ends = arrived + _WINDOW_S
            self._began = [self._began[1], float("inf")]
        self._began[1] = min(self._began[1], arrived - spoken_s)
        return min(self._began) + spoken_s
