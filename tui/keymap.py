"""The keys of the app, and what a user has put in their place."""

from collections.abc import Mapping
from dataclasses import dataclass

EVERYWHERE, START, DICTATE, REVIEW, SIGN = "everywhere", "start", "dictate", "review", "sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that a key does."""

    id: str
    """Also the id of its binding."""
    key: str
    """As Textual names it."""
    scope: str
    """Where it works."""
    label: str
    """English text."""


def _actions(scope: str, *rows: tuple[str, str, str]) -> tuple[Action, ...]:
    return tuple(Action(id=name, key=key, scope=scope, label=label) for name, key, label in rows)


ACTIONS = (
    *_actions(EVERYWHERE, ("dictate", "f5", "start and stop"), ("lock", "ctrl+l", "lock the screen")),
    *_actions(
        START,
        ("inbox", "f2", "inbox"),
        ("unfinished", "f3", "unfinished"),
        ("history", "f4", "history"),
        ("training", "f6", "practise"),
        ("settings", "f7", "settings"),
        ("outbox", "f8", "outbox"),
    ),
    *_actions(
        DICTATE,
        ("stop", "space", "stop"),
        ("pause", "f6", "pause"),
        ("undo", "f8", "delete last sentence"),
    ),
    *_actions(
        REVIEW,
        ("accept_all", "a", "accept all"),
        ("accept", "space", "accept"),
        ("reject", "x", "reject"),
        ("reopen", "z", "take back"),
        ("code", "k", "code"),
        ("status", "s", "status"),
        ("value", "v", "value"),
        ("add", "t", "add"),
        ("edit", "r", "correct text"),
        ("word", "e", "another word"),
        ("template", "m", "template"),
        ("play", "p", "play"),
        ("read_aloud", "o", "read aloud"),
        ("citizen", "b", "citizen"),
        ("to_signing", "f9", "to signing"),
    ),
    *_actions(SIGN, ("sign", "u", "sign")),
)
BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}
_TYPED = frozenset({EVERYWHERE, START})
"""Where one types: keys that are letters can't be used."""
_FIXED = frozenset(
    {"escape", "enter", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pageup"}
    | {"pagedown", "backspace", "delete", "question_mark", "f1", "ctrl+q", "ctrl+c", "ctrl+z", "n"}
    | {"0", "1", "2", "3", "4"}
)
_LAST_F = 24
_NAMES = {"pageup": "PgUp", "pagedown": "PgDn", "full_stop": ".", "comma": ",", "minus": "-", "slash": "/"}

_chosen: dict[str, str] = {}


def choose(keys: Mapping[str, str]) -> None:
    """Use these keys from now on: action to key; the others stay as they are."""
    _chosen.clear()
    _chosen.update({name: key for name, key in keys.items() if name in BY_ID})


def key_of(name: str) -> str:
    """Return the key of an action, as Textual names it."""
    return _chosen.get(name) or BY_ID[name].key


def shown(name: str) -> str:
    """Return the key of an action, as it stands on the screen; the space bar under its English name."""
    return written(key_of(name))


def written(key: str) -> str:
    """Return how a key is written."""
    parts = key.split("+")
    return "+".join(_NAMES.get(part) or part.capitalize() for part in parts)


def refusal(name: str, key: str, keys: Mapping[str, str]) -> str:
    """Say why a key can't be used for an action; "" where it can.

    Args:
        name: of the action.
        key: as Textual names it.
        keys: action to key, where a user has chosen.

    Returns:
        An English sentence with `{key}`, and `{other}` for the label of the action that has it.

    """
    action = BY_ID[name]
    if key in _FIXED:
        return "{key} always does the same. Choose another key."
    if action.scope in _TYPED and not _is_function(key):
        return "Here one types: choose a function key, or Ctrl with a letter."
    if not _is_function(key) and not (len(key) == 1 and key.isalpha()) and key != "space":
        return "{key} can't be used. Choose a letter or a function key."
    return "{key} already means: {other}. Choose another key." if rival(name, key, keys) else ""


def rival(name: str, key: str, keys: Mapping[str, str]) -> Action | None:
    """Return the action that has this key already where this one works."""
    action = BY_ID[name]
    for other in ACTIONS:
        together = action.scope == other.scope or EVERYWHERE in {action.scope, other.scope}
        if other.id != name and together and (keys.get(other.id) or other.key) == key:
            return other
    return None


def problem(keys: Mapping[str, str]) -> str:
    """Say in an English sentence what is wrong with chosen keys; "" where nothing is."""
    for name, key in keys.items():
        if name not in BY_ID:
            return f'There is no action "{name}" to choose a key for.'
        why = refusal(name, key, keys)
        if why:
            other = rival(name, key, keys)
            told = why.format(key=written(key), other=other.label if other else "")
            return f'The key "{key}" can\'t be used for "{name}". {told}'
    return ""


def _is_function(key: str) -> bool:
    name, _, letter = key.partition("+")
    is_f = key[:1] == "f" and key[1:].isdigit() and 1 <= int(key[1:]) <= _LAST_F
    return is_f or (name == "ctrl" and len(letter) == 1 and letter.isalpha())
