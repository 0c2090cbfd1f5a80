"""Every text on the screens has its Danish."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui
from models.registry import spec
from tui import i18n

FOLDER = Path(tui.__file__).parent
PLACES = re.compile(r"{\w+}")


def texts() -> Iterator[str]:
    """Find the texts that the code asks for."""
    for path in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from (value for value in map(plain, asked(node)) if value)


def asked(node: ast.AST) -> list[ast.expr]:
    """Return the arguments that are texts, and the text of an empty list."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return {"t": node.args[:1], "plural": node.args[1:3]}.get(node.func.id, [])
    is_empty = (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "empty"
    )
    return [node.value] if is_empty and isinstance(node, ast.Assign) else []


def plain(node: ast.expr) -> str:
    """Return a literal text; "" for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_danish_is_complete() -> None:
    """No text is missing, none is empty, and each fills in the same values."""
    danish = i18n.catalogue("da")
    asked = set(texts())
    assert len(asked) > 200
    assert sorted(asked - set(danish)) == []
    for english, translated in danish.items():
        assert translated
        assert sorted(PLACES.findall(english)) == sorted(PLACES.findall(translated)), english


def test_the_limit_of_the_embedded_model_is_said_in_danish() -> None:
    """The sentence of the catalogue has a translation; it changes there and here together."""
    assert spec("whisper-base").limit in i18n.catalogue("da")


def test_english_is_the_language_of_the_code() -> None:
    """A text without translation is shown as it is, with its values."""
    i18n.choose("en")
    assert i18n.t("Locked for {name}.", name="Ann") == "Locked for Ann."
    assert i18n.plural(1, "{count} entry", "{count} entries") == "1 entry"
    i18n.choose("da")
    assert i18n.plural(2, "{count} entry", "{count} entries") == "2 poster"


def test_reading_a_po_file() -> None:
    """Headers, comments, continued lines and escapes are read as gettext has them."""
    content = 'msgid ""\nmsgstr "Language: da\\n"\n\n# a remark\nmsgid "a \\"b\\"\\n"\n"c"\nmsgstr "æ"\n"ø"\n'
    assert i18n.parse(content) == {'a "b"\nc': "æø"}


@pytest.mark.parametrize("text", ["slet det", "fortryd", "F5"])
def test_help_names_what_can_be_said(text: str) -> None:
    """The help page lists the spoken commands."""
    from rich.console import Console  # noqa: PLC0415 - only here

    from tui.screens.help import page  # noqa: PLC0415

    console = Console(width=80, record=True)
    with console.capture() as capture:
        console.print(page())
    assert text in capture.get()
