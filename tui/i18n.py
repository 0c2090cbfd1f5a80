"""The texts people see, in their language: English in the code, the others in `locale/<language>/tui.po`."""

import re
from functools import cache
from importlib.resources import files

from tui import keymap

LANGUAGES = ("da", "en")
DEFAULT = "da"
_ENTRY = re.compile(r'^(msgid|msgstr) "(.*)"$|^"(.*)"$')
_ACTION = re.compile(r"<(\w+)>")
_ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\", "\\t": "\t"}

_chosen = DEFAULT


def choose(language: str) -> None:
    """Show texts in this language from now on; an unknown one is shown in English."""
    global _chosen  # noqa: PLW0603 - the one setting that every text depends on
    _chosen = language


def t(text: str, **values: object) -> str:
    """Return a text in the chosen language, with the values filled in, and `<action>` by its key."""
    shown = catalogue(_chosen).get(text) or text
    if "<" in shown:
        shown = _ACTION.sub(lambda found: key(found[1]) if found[1] in keymap.BY_ID else found[0], shown)
    return shown.format(**values) if values else shown


def key(action: str) -> str:
    """Return the key of an action as it is shown, such as "F5"."""
    name = keymap.shown(action)
    return catalogue(_chosen).get(name) or name if len(name) > 1 else name


def plural(count: int, one: str, many: str) -> str:
    """Return the text for one or for many, with `{count}` filled in; Danish and English count alike."""
    return t(one if count == 1 else many, count=count)


@cache
def catalogue(language: str) -> dict[str, str]:
    """Read the texts of a language: English text to its translation."""
    path = files("tui").joinpath("locale", language, "tui.po")
    return parse(path.read_text(encoding="utf-8")) if path.is_file() else {}


def parse(content: str) -> dict[str, str]:
    """Read what a gettext .po file holds, without plural forms and contexts, which aren't used here."""
    texts: dict[str, str] = {}
    parts: dict[str, str] = {}
    field = ""
    for line in [*content.splitlines(), 'msgid ""']:
        found = _ENTRY.match(line)
        if not found:
            continue
        if found[1]:
            if found[1] == "msgid" and parts.get("msgid"):
                texts[parts["msgid"]] = parts.get("msgstr", "")
            if found[1] == "msgid":
                parts = {}
            field = found[1]
            parts[field] = _plain(found[2])
        else:
            parts[field] = parts.get(field, "") + _plain(found[3])
    return texts


def _plain(text: str) -> str:
    return re.sub(r'\\[n"\\t]', lambda found: _ESCAPES[found[0]], text)
