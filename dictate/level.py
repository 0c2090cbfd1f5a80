"""How loud it is, and what a speaker should be told about it (pure)."""

import math
from dataclasses import dataclass, replace

import numpy as np

from dictate.capture import Sound

SILENT_DB = -90.0
"""Shown where there is no sound at all: a microphone that is switched off."""
QUIET_DB = -50.0
"""Below this nobody is speaking into the microphone."""
CLIPPED = 0.985
_SHOW_CLIPPING_S = 1.5
_SILENCE_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The loudness now."""

    rms_db: float = SILENT_DB
    """dB below full scale, mean power over the last blocks."""
    peak_db: float = SILENT_DB
    clipping: bool = False
    """The sound is too loud and damaged; stays True for 1.5 s."""
    quiet_s: float = 0.0
    """Seconds since somebody was heard."""
    dead: bool = True
    """Nothing but zeros for a while: the microphone is switched off."""
    clipped_for_s: float = 0.0
    dead_s: float = 0.0

    @property
    def unheard(self) -> bool:
        """True where a warning is due: nobody was heard for three seconds."""
        return self.quiet_s >= _SILENCE_S


def after(level: Level, samples: Sound, seconds: float) -> Level:
    """Return the level after a block of `samples` that lasts `seconds`."""
    if not len(samples):
        return level
    peak = float(np.max(np.abs(samples)))
    power = float(np.mean(np.square(samples)))
    # Falls slowly, so that the eye can follow; rises at once.
    rms = max(_db(math.sqrt(power)), level.rms_db - 40 * seconds)
    clipped = _SHOW_CLIPPING_S if peak >= CLIPPED else max(level.clipped_for_s - seconds, 0.0)
    dead_s = level.dead_s + seconds if peak == 0.0 else 0.0
    return replace(
        level,
        rms_db=rms,
        peak_db=_db(peak),
        clipping=clipped > 0,
        clipped_for_s=clipped,
        quiet_s=0.0 if rms > QUIET_DB else level.quiet_s + seconds,
        dead_s=dead_s,
        dead=dead_s >= 1.0,
    )


def _db(amplitude: float) -> float:
    return max(20 * math.log10(amplitude), SILENT_DB) if amplitude > 0 else SILENT_DB
