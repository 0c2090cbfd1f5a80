"""What is known of a recording beside its sound: from a JSON file beside it, a table, or its name."""

import csv
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from dictate.batch.job import About
from dictate.errors import ConfigError
from dictate.identity import parse_cpr

TABLE = "recordings.csv"
"""In a folder: one line a recording, with the columns file, citizen, author, time; only file is needed."""
FIELDS = ("citizen", "author", "time")


class Known:
    """Looks up what is known; nothing of it is kept longer than the run."""

    def __init__(self, pattern: str = "") -> None:
        """Choose how names are read.

        Args:
            pattern: a regular expression with groups named citizen, author and time (ISO 8601, or digits such
                as 20261122T0815), matched against the file's name; empty for none.

        Raises:
            ConfigError: it is no regular expression, or has none of these groups.

        """
        try:
            self._pattern = re.compile(pattern) if pattern else None
        except re.error as error:
            raise ConfigError(f"The name pattern is no regular expression: {error}. Mend it.") from None
        if self._pattern and not set(self._pattern.groupindex) & set(FIELDS):
            raise ConfigError(
                "The name pattern has no group named citizen, author or time, such as (?P<citizen>\\d{10})."
            )
        self._tables: dict[Path, Mapping[str, Mapping[str, str]]] = {}

    def of(self, path: Path) -> About:
        """Return what is known of a recording; the file beside it before the table before the name.

        Raises:
            ConfigError: what is there can't be read, or a CPR number or a time is none.

        """
        facts: dict[str, str] = {}
        if self._pattern and (match := self._pattern.search(path.name)):
            facts |= {key: value for key, value in match.groupdict().items() if key in FIELDS and value}
        facts |= {key: value for key, value in self._table(path.parent).get(path.name, {}).items() if value}
        facts |= _beside(path)
        return _about(facts, path)

    def _table(self, folder: Path) -> Mapping[str, Mapping[str, str]]:
        if folder not in self._tables:
            self._tables[folder] = _read_table(folder / TABLE)
        return self._tables[folder]


def _read_table(path: Path) -> Mapping[str, Mapping[str, str]]:
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return {
                row["file"].strip(): {key: (row.get(key) or "").strip() for key in FIELDS}
                for row in csv.DictReader(lines)
            }
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise ConfigError(
            f"Cannot read {path}: a CSV in UTF-8 with the column file (and citizen, author, time) is needed."
        ) from error


def _beside(path: Path) -> dict[str, str]:
    sidecar = path.with_suffix(".json")
    if not sidecar.is_file():
        return {}
    try:
        content = json.loads(sidecar.read_bytes())
        return {key: str(content[key]).strip() for key in FIELDS if content.get(key)}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ConfigError(
            f"Cannot read {sidecar}: a JSON object with citizen, author and time is needed."
        ) from error


def _about(facts: Mapping[str, str], path: Path) -> About:
    recorded = None
    if time := facts.get("time"):
        try:
            recorded = datetime.fromisoformat(time)
        except ValueError:
            raise ConfigError(
                f"What is said of {path.name} holds a time that is none. Write ISO 8601."
            ) from None
        if recorded.tzinfo is None:
            recorded = recorded.astimezone(UTC)
    citizen = facts.get("citizen", "")
    return About(
        citizen=parse_cpr(citizen, today=datetime.now(UTC).date()).number if citizen else "",
        author=facts.get("author", ""),
        recorded=recorded,
    )
