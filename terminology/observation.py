"""The words of a measurement: what is measured, in which unit, what is plausible, and the TOBS limits."""

from dataclasses import dataclass
from enum import StrEnum

ORDINALS = ("neg", "pos", "1+", "2+", "3+", "4+")
"""The values of an ordinal observation, such as a urine stick field."""


class ValueType(StrEnum):
    """What kind of value an observation takes."""

    QUANTITY = "quantity"
    """A decimal number with a unit."""
    INTEGER = "integer"
    """A whole number: a score or a count."""
    ORDINAL = "ordinal"
    """One of `ORDINALS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Something that is measured, with its code."""

    key: str
    """Our own stable name, such as "blood_pressure_systolic"."""
    system: str
    code: str
    display: str
    """The code system's own name of it."""
    name: str
    """Short Danish name, as shown to people."""
    value_type: ValueType
    unit: str | None
    """UCUM; None for ordinals."""
    low: float | None
    """Lowest plausible value in `unit`; below it a value is flagged, never dropped."""
    high: float | None
    """Highest plausible value in `unit`; above it a value is flagged, never dropped."""
    decimals: int
    """Decimals that the value is written with."""
    loinc: str
    """The same in LOINC, "" where no source names it."""
    snomed: str
    """The same in SNOMED CT, "" where no source names it."""
    alternatives: tuple[str, ...]
    """Codes of the same system for nearly the same: read, never written."""
    note: str

    def is_plausible(self, value: float) -> bool:
        """Tell whether `value`, in `unit`, lies within the plausible range; ordinals have none."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class TobsLimit:
    """The TOBS points for one range of one observation."""

    key: str
    """The observation's key."""
    low: float | None
    """Lowest value of the range, itself included; None: no lower end."""
    high: float | None
    """Highest value of the range, itself included; None: no upper end."""
    points: int
    """0..3."""
    label: str
    """What the value means in words; used for consciousness only."""

    def covers(self, value: float) -> bool:
        """Tell whether `value`, rounded to the observation's decimals, lies in this range."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
