"""The visit that notes are about, made of what a person typed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dictate.errors import ConfigError
from dictate.export.base import Visit, VisitType
from dictate.identity import Cpr, parse_sor

ZONE = "Europe/Copenhagen"
_DATE_LENGTH = len("2026-11-22")


def make_visit(
    *,
    citizen: Cpr,
    citizen_name: str | None = None,
    author: str,
    role: str,
    sor: str | None = None,
    start: str,
    end: str | None = None,
    type: VisitType = VisitType.PLANNED,  # noqa: A002 - FHIR's own word, as in Visit
) -> Visit:
    """Return a visit, once everything in it is as a care record needs it.

    Args:
        citizen: the citizen's number.
        citizen_name: all names, the family name last.
        author: name of the person who made the visit.
        role: role of that person.
        sor: SOR number of that person's organisation.
        start: ISO 8601; Danish time where it names no zone.
        end: the same, not before `start`.
        type: kind of contact.

    Raises:
        ConfigError: something is empty, of the wrong shape, or in the wrong order; the message says what.

    """
    begun, ended = parse_time(start), parse_time(end) if end is not None else None
    if ended and ended < begun:
        raise ConfigError("The visit ends before it starts. Change --start or --end.")
    return Visit(
        citizen=citizen.number,
        citizen_name=_plain(citizen_name, "name of the citizen") if citizen_name is not None else None,
        author=_plain(author, "name of the author"),
        role=_plain(role, "role of the author"),
        sor=parse_sor(sor) if sor is not None else None,
        start=begun,
        end=ended,
        type=type,
    )


def parse_time(text: str) -> datetime:
    """Read a day and a time in ISO 8601; without a zone it is Danish time.

    Raises:
        ConfigError: it is none, or falls into the hour when Danish clocks change.

    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or len(text.strip()) <= _DATE_LENGTH:
        raise ConfigError(f'"{text}" is no day and time such as 2026-11-22T09:00. Type it again.')
    if moment.tzinfo:
        return moment
    try:
        zone = ZoneInfo(ZONE)
    except ZoneInfoNotFoundError as error:
        raise ConfigError(
            "This machine knows no Danish time. Type the offset too, such as 2026-11-22T09:00+01:00."
        ) from error
    local = moment.replace(tzinfo=zone)
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise ConfigError(f'At "{text}" Danish clocks change. Type the offset too, such as +01:00.')
    return local


def today() -> date:
    """Return the day it is."""
    return datetime.now().astimezone().date()


def _plain(text: str, what: str) -> str:
    plain = " ".join(text.split())
    if not plain or not plain.isprintable():
        raise ConfigError(f"The {what} is empty or no plain text. Type it again.")
    return plain
