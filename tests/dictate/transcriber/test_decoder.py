"""How much work a recording is worth."""

import pytest

from dictate.audio import SAMPLE_RATE
from dictate.transcriber.decoder import fewer_hypotheses
from dictate.transcriber.packing import Span


@pytest.mark.parametrize(("windows", "is_short"), [(0, True), (3, True), (4, False), (30, False)])
def test_only_short_recordings_get_all_hypotheses(windows: int, *, is_short: bool) -> None:
    """A dictation of a minute does; an hour of full windows doesn't need them."""
    spans = [Span(20 * SAMPLE_RATE * place, 20 * SAMPLE_RATE * (place + 1)) for place in range(windows)]
    assert (fewer_hypotheses(spans) == 0) is is_short
