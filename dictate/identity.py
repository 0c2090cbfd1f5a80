"""Who is at the keyboard; a citizen's number (CPR) and an organisation's (SOR), and what looks odd in them.

No message of this file holds the number itself.
"""

import getpass
import pwd
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from dictate.errors import ConfigError

_SHAPE = re.compile(r"(\d{2})(\d{2})(\d{2})[- ]?(\d{4})", re.ASCII)
_IN_TEXT = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)", re.ASCII)
_SOR = re.compile(r"\d{11,20}", re.ASCII)
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
# The seventh digit decides the century: it, the last two-digit year of the first century, and both centuries.
_CENTURIES = (
    ("0123", 99, 1900, 1900),
    ("4", 36, 2000, 1900),
    ("5678", 57, 2000, 1800),
    ("9", 36, 2000, 1900),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person who acts: signs, reads, changes."""

    user: str
    """What tells this person from every other one here: the account's name, or a subject of OpenID."""
    name: str
    role: str = ""
    """What this person is here, such as "Sygeplejerske"."""
    organisation: str = ""
    """SOR number, or empty where the site has set none."""


class Identity(Protocol):
    """Where the acting person is known from; a provider of OpenID Connect fits in here."""

    def actor(self) -> Actor:
        """Return who acts now.

        Raises:
            ConfigError: nobody is known.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountIdentity:
    """The account of the operating system, with what the site has configured about it."""

    name: str = ""
    """Overrides the full name of the account."""
    role: str = ""
    organisation: str = ""
    """SOR number."""

    def actor(self) -> Actor:
        """Return the account's owner.

        Raises:
            ConfigError: the account has no name, or the SOR number is none.

        """
        try:
            user = getpass.getuser()
        except (KeyError, ImportError, OSError):
            raise ConfigError("This account has no name. Log in as a named user of this machine.") from None
        return Actor(
            user=user,
            name=self.name.strip() or _full_name(user) or user,
            role=self.role.strip(),
            organisation=parse_sor(self.organisation) if self.organisation.strip() else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpr:
    """A CPR number of the right shape, with what is odd about it."""

    number: str = field(repr=False)
    """Ten digits."""
    warnings: tuple[str, ...]
    """Sentences for a person to read; no reason to refuse the number."""


def parse_cpr(text: str, *, today: date) -> Cpr:
    """Read a CPR number: ten digits, with or without a hyphen or a space before the last four.

    Since 2007 numbers are given out that fail modulus 11, so that is only warned about.

    Args:
        text: the number as typed.
        today: for telling whether the birthday is still to come.

    Raises:
        ConfigError: it has not the shape of a CPR number, or its first six digits are no date.

    """
    shape = _SHAPE.fullmatch(text.strip())
    if not shape:
        raise ConfigError(
            "The citizen's CPR number has not ten digits (DDMMYYXXXX, a hyphen is allowed). Type it again."
        )
    number = "".join(shape.groups())
    day, month, year = (int(part) for part in shape.groups()[:3])
    try:
        born = date(_century(number[6], year) + year, month, day)
    except ValueError:
        raise ConfigError(
            "The first six digits of the citizen's CPR number are no date (DDMMYY). Type it again."
        ) from None
    warnings = []
    if sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=True)) % 11:
        warnings.append("The CPR number fails modulus 11. That is allowed since 2007: check it once more.")
    if born > today:
        warnings.append("The CPR number is of somebody not yet born. Check it once more.")
    return Cpr(number=number, warnings=tuple(warnings))


def names_another(text: str, cpr: Cpr) -> bool:
    """Tell whether `text` holds something that looks like a CPR number but is not this citizen's."""
    found = (re.sub(r"\D", "", match) for match in _IN_TEXT.findall(text))
    return any(number != cpr.number for number in found)


def parse_sor(text: str) -> str:
    """Read an organisation's SOR number: at least eleven digits.

    Raises:
        ConfigError: it is anything else.

    """
    number = text.strip()
    if not _SOR.fullmatch(number):
        raise ConfigError(
            "The SOR number has fewer than eleven digits or something else in it. Type it again."
        )
    return number


def _full_name(user: str) -> str:
    try:
        return pwd.getpwnam(user).pw_gecos.split(",")[0].strip()
    except KeyError:
        return ""


def _century(seventh: str, year: int) -> int:
    for digits, last, first_century, second_century in _CENTURIES:
        if seventh in digits:
            return first_century if year <= last else second_century
    raise AssertionError(seventh)
