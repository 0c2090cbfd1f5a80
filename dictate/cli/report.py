"""`dictate report`: what speech recognition saves, and what people corrected."""

import csv
import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dictate.errors import ConfigError
from dictate.paths import write_atomic

# The store is imported where it is used: --help answers at once.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from collections.abc import Callable

    from dictate.benefit import Assumptions, NoteFacts, Report


class By(StrEnum):
    """What parts the notes into groups."""

    MONTH = "month"
    WEEK = "week"
    TEAM = "team"


class Form(StrEnum):
    """How the report is written."""

    TEXT = "text"
    HTML = "html"
    CSV = "csv"
    JSON = "json"


def report(
    *,
    since: Annotated[str, typer.Option(help="Notes signed from this day on, such as 2026-11-01.")] = "",
    until: Annotated[str, typer.Option(help="Notes signed before this day.")] = "",
    by: Annotated[By | None, typer.Option("--by", help="Compare groups.")] = None,
    teams: Annotated[
        Path | None, typer.Option("--teams", help="For --by team: CSV with the columns account and team.")
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only your own notes.")] = False,
    typing: Annotated[
        str, typer.Option("--typing", metavar="LOW-HIGH", help="Words a minute by hand.")
    ] = "20-40",
    overhead: Annotated[
        str,
        typer.Option("--overhead", metavar="LOW-HIGH", help="Seconds a note for fields and codes by hand."),
    ] = "20-60",
    machine_cost: Annotated[
        float | None,
        typer.Option(
            "--machine-cost", min=0, help="What an hour of the machine costs, to tell that of sound."
        ),
    ] = None,
    machine_speed: Annotated[
        float,
        typer.Option("--machine-speed", help="Hours of sound it does in an hour (summary of dictate batch)."),
    ] = 8.0,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Count what was dictated, corrected and signed, and estimate the time saved, as an interval.

    No name and no text of a note is in it; nothing is told of fewer than five people, groups of fewer than
    five notes are left out. The method, and what can't be concluded from it: docs/benefit.md.
    """
    from dictate import opening
    from dictate.benefit import FEWEST, TooFewError
    from dictate.benefit import report as count

    assumptions = _assumptions(typing, overhead, machine_cost, machine_speed)
    start, end = _moment(since), _moment(until)
    with opening.store() as store:
        facts = store.statistics.notes(since=start, until=end, author=store.actor.user if mine else "")
    if not facts:
        raise ConfigError(
            "No note was signed in that time, so there is nothing to report. Choose other days."
        )
    group = _group(by, teams)
    try:
        # A month names nobody; what few people did in it would still tell on them.
        found = count(facts, assumptions, group=group, fewest_people=1 if mine else FEWEST)
    except TooFewError:
        raise ConfigError(
            f"Fewer than {FEWEST} people signed notes in that time, so the figures would tell on them. "
            "Choose a longer time, or see your own with --mine."
        ) from None
    _write(_shown(found, form), output)


def _shown(found: "Report", form: Form) -> str:
    from dictate.benefit_views import as_csv, as_html, as_text

    if form is Form.CSV:
        return as_csv(found)
    if form is Form.JSON:
        return json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n"
    from terminology.release import load

    by_code = load().by_code

    def term(code: str) -> str:
        return by_code[code].display if code in by_code else code

    return as_html(found, term, title="Benefit of dictation") if form is Form.HTML else as_text(found, term)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    write_atomic(output, text.encode())
    print(f"Written: {output}", file=sys.stderr)


def _assumptions(
    typing: str, overhead: str, machine_cost: float | None, machine_speed: float
) -> "Assumptions":
    from dictate.benefit import Assumptions

    try:
        return Assumptions(
            words_per_minute=_interval(typing),
            overhead_s=_interval(overhead),
            machine_cost=machine_cost,
            machine_speed=machine_speed,
        )
    except ValueError as error:
        raise ConfigError(
            f"The assumption can't be used: {error}. Give two numbers, such as --typing 20-40."
        ) from None


def _interval(text: str) -> tuple[float, float]:
    low, _, high = text.partition("-")
    return float(low), float(high or low)


def _moment(day: str) -> datetime | None:
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time(), UTC)
    except ValueError:
        raise ConfigError(f'"{day}" is no day. Write it as 2026-11-22.') from None


def _group(by: By | None, teams: Path | None) -> "Callable[[NoteFacts], str] | None":
    if by is By.MONTH:
        return lambda one: f"{one.signed_at:%Y-%m}"
    if by is By.WEEK:
        return lambda one: f"{one.signed_at:%G-W%V}"
    if by is By.TEAM:
        if teams is None:
            raise ConfigError("--by team needs --teams FILE: a CSV with the columns account and team.")
        known = _teams(teams)
        return lambda one: known.get(one.author, "")
    return None


def _teams(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return {row["account"].strip(): row["team"].strip() for row in csv.DictReader(lines)}
    except (OSError, UnicodeDecodeError, KeyError, AttributeError, csv.Error) as error:
        raise ConfigError(
            f"Cannot read the teams from {path}: a CSV in UTF-8 with the columns account and team is needed."
        ) from error
