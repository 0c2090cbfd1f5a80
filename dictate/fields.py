"""Strict reading of the fields of a JSON object: a refusal names the field, never what stands in it."""

import json
import math
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NoReturn, TypeVar

Json = Mapping[str, object]

MAX_NUMBER = 1e12
"""No measurement comes near; larger numbers are damage."""
# Control characters, half characters and non-characters: UTF-8, FHIR strings or XHTML can't carry them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE = "(whole line)"

_Value = TypeVar("_Value", bound=StrEnum)


class FieldError(Exception):
    """A field is not as it should be."""

    def __init__(self, field: str, reason: str) -> None:
        """Keep the path of the field and the reason, a clause that quotes nothing."""
        super().__init__(field)
        self.field = field
        self.reason = reason


class Fields:
    """The fields of one JSON object; every method raises `FieldError` where one is not what it asks for."""

    def __init__(self, data: Json, at: str = "") -> None:
        """Take the object, and the path in front of its fields' names."""
        self._data = data
        self._at = at

    @classmethod
    def of_line(cls, line: bytes) -> "Fields":
        """Parse one line of UTF-8 that holds one JSON object."""
        try:
            data = json.loads(line.decode(), object_pairs_hook=_unique, parse_constant=_constant)
        except UnicodeDecodeError:
            raise FieldError(_LINE, "it is not UTF-8") from None
        except (ValueError, RecursionError):
            raise FieldError(_LINE, "it is not JSON") from None
        if not isinstance(data, dict):
            raise FieldError(_LINE, "it is not a JSON object")
        return cls(data)

    def refuse(self, field: str, reason: str) -> NoReturn:
        """Refuse a field."""
        raise FieldError(self._at + field, reason)

    def has(self, field: str) -> bool:
        """Tell whether a field is there and not null."""
        return self._data.get(field) is not None

    def text(self, field: str, *, empty: bool = False) -> str:
        """Return a text; `empty`: it may be empty."""
        value = self._data.get(field)
        if not isinstance(value, str):
            self.refuse(field, "it is missing or not text")
        if not value and not empty:
            self.refuse(field, "it is empty")
        if _UNWRITABLE.search(value):
            self.refuse(field, "it holds a control character or half a character")
        return value

    def optional_text(self, field: str, *, empty: bool = False) -> str | None:
        """Return a text, None where there is none."""
        return self.text(field, empty=empty) if self.has(field) else None

    def whole(self, field: str) -> int:
        """Return a whole number."""
        value = self._data.get(field)
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(field, "it is missing or not a whole number")
        return value

    def number(self, field: str) -> float:
        """Return a number; a whole one stays whole."""
        value = self._data.get(field)
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            self.refuse(field, "it is missing or not a number")
        if not -MAX_NUMBER < value < MAX_NUMBER:
            self.refuse(field, "it is far outside anything that is measured")
        return value

    def number_or_text(self, field: str) -> float | str | None:
        """Return a number or a text, None where there is none."""
        if isinstance(self._data.get(field), str):
            return self.text(field)
        return self.number(field) if self.has(field) else None

    def flag(self, field: str) -> bool:
        """Return true or false; what is missing is false."""
        value = self._data.get(field, False)
        if not isinstance(value, bool):
            self.refuse(field, "it is neither true nor false")
        return value

    def enum(self, field: str, values: type[_Value], *, default: _Value | None = None) -> _Value:
        """Return one of some values; `default`: what a missing one is."""
        if default is not None and not self.has(field):
            return default
        try:
            return values(self.text(field))
        except ValueError:
            self.refuse(field, f"it is none of {', '.join(values)}")

    def inner(self, field: str) -> "Fields | None":
        """Return the fields of an object, None where there is none."""
        value = self._data.get(field)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(field, "it is not an object")
        return Fields(value, f"{self._at}{field}.")

    def objects(self, field: str, *, missing: bool = False) -> "tuple[Fields, ...]":
        """Return the fields of each object in a list; `missing`: there may be none."""
        return tuple(
            Fields(item, f"{self._at}{field}[{place}].")
            for place, item in enumerate(self._list(field, missing=missing), start=1)
        )

    def plain_objects(self, field: str) -> tuple[Json, ...]:
        """Return the objects in a list as they are, once everything in them can be written again."""
        items = self._list(field, missing=True)
        values: list[object] = [*items]
        while values:
            match values.pop():
                case dict() as fields:
                    values += [*fields, *fields.values()]
                case list() as others:
                    values += others
                case str() as text if _UNWRITABLE.search(text):
                    self.refuse(field, "it holds a control character or half a character")
                case float() as number if not math.isfinite(number):
                    self.refuse(field, "it holds a number that is none")
        return tuple(items)

    def _list(self, field: str, *, missing: bool) -> list[dict[str, object]]:
        items = self._data.get(field)
        if items is None and missing:
            return []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            self.refuse(field, "it is missing or not a list of objects")
        return items


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise FieldError(_LINE, "a field stands twice in the same object")
    return data


def _constant(_: str) -> NoReturn:
    raise FieldError(_LINE, "it holds NaN or Infinity, which are no numbers in JSON")
