"""A quiet tone when a dictation starts, and a lower one when it stops."""

import numpy as np

from dictate.capture import SAMPLE_RATE, MicrophoneError
from dictate.capture import play as play_sound

_SECONDS, _LOUDNESS = 0.07, 0.05
_HIGH_HZ, _LOW_HZ = 880, 587


def play(start: bool) -> None:  # noqa: FBT001 - two tones, one argument
    """Play the tone; a machine without a loudspeaker stays silent."""
    at = np.arange(round(_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
    fade = np.minimum(1, np.minimum(at, at[::-1]) / 0.01)
    tone = _LOUDNESS * fade * np.sin(2 * np.pi * (_HIGH_HZ if start else _LOW_HZ) * at)
    try:
        play_sound(tone.astype(np.float32))
    except MicrophoneError:
        return
