"""JSON whose objects know the line they stand on, so that a wrong one can be pointed at."""

import json
from json import decoder, scanner
from typing import Any

from terminology.errors import TerminologyError


class Located(dict[str, Any]):
    """A JSON object with the line that it begins on."""

    line: int = 1


def parse(text: str, *, file: str) -> Any:  # noqa: ANN401 - JSON may be anything
    """Read JSON text; every object in it is a `Located`.

    Args:
        text: what to read.
        file: its name, for messages.

    Raises:
        TerminologyError: it is not JSON, or nested too deep.

    """
    try:
        return _Decoder(text).decode(text)
    except json.JSONDecodeError as error:
        raise TerminologyError(
            f"{file}, line {error.lineno}: it is not JSON ({error.msg}). Name a JSON file."
        ) from error
    except RecursionError as error:
        raise TerminologyError(f"{file} is nested too deep for a file of this kind. Name another.") from error


class _Decoder(json.JSONDecoder):
    """The standard decoder, noting where each object begins."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._counted = 0
        self._line = 1
        self.parse_object = self._object
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined] # the C scanner takes no parse_object

    def _object(self, state: tuple[str, int], *arguments: Any) -> tuple[Located, int]:  # noqa: ANN401
        start = state[1]
        self._line += self._text.count("\n", self._counted, start)
        self._counted = max(self._counted, start)
        line = self._line
        found, end = decoder.JSONObject(state, *arguments)  # type: ignore[attr-defined]
        located = Located(found)
        located.line = line
        return located, end
