"""Templates: named fields that spoken words fall into, from text files that a site can edit."""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from dictate.paths import config_dir

FOLDER = "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a template."""

    name: str
    """As it stands in the note."""
    cues: tuple[str, ...]
    """Words that open it when they begin a sentence; the name is one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A form for notes."""

    name: str
    fields: tuple[Field, ...]


def read_all(own: Path | None = None) -> tuple[Template, ...]:
    """Read the templates that come with the program, and those of the user's folder, which win by name."""
    own = own or config_dir() / FOLDER
    shipped = [item for item in files("tui").joinpath(FOLDER).iterdir() if item.name.endswith(".txt")]
    mine = sorted(own.glob("*.txt")) if own.is_dir() else []
    found = [parse(item.read_text(encoding="utf-8")) for item in (*shipped, *mine)]
    return tuple(sorted({template.name: template for template in found}.values(), key=lambda one: one.name))


def parse(content: str) -> Template:
    """Read a template: its name on the first line after #, then a field a line, its cues after a colon."""
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    name = next((line.lstrip("# ") for line in lines if line.startswith("#")), "")
    fields = []
    for line in lines:
        if line.startswith("#"):
            continue
        title, _, cues = line.partition(":")
        spoken = (title, *(cue.strip() for cue in cues.split(",") if cue.strip()))
        fields.append(Field(name=title.strip(), cues=tuple(cue.casefold() for cue in spoken)))
    return Template(name=name, fields=tuple(fields))


def fill(template: Template, text: str) -> str:
    """Set a text into the fields of a template; every word of it is kept.

    A sentence that begins with a cue, or a line that begins with a field's name, opens that field; what comes
    before the first stays on top. Fields that nothing was said for stand empty, so that one sees them.
    """
    parts: dict[str, list[str]] = {field.name: [] for field in template.fields}
    top: list[str] = []
    current = top
    for sentence in re.findall(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]?", text):
        said = sentence.strip()
        if not said:
            continue
        opened = _opened(template, said)
        if opened is not None:
            name, said = opened
            current = parts[name]
        if said:
            current.append(said)
    lines = [" ".join(top)] if top else []
    lines += [f"{name}: {' '.join(sentences)}".rstrip() for name, sentences in parts.items()]
    return "\n".join(lines)


def _opened(template: Template, sentence: str) -> tuple[str, str] | None:
    """Return the field that a sentence opens and what is left of the sentence."""
    low = sentence.casefold()
    cues = [(cue, field) for field in template.fields for cue in field.cues]
    for cue, field in sorted(cues, key=lambda one: -len(one[0])):
        if low.startswith(cue) and not low[len(cue) : len(cue) + 1].isalnum():
            rest = sentence[len(cue) :].lstrip(" :,.-–")
            return field.name, rest[:1].upper() + rest[1:]
    return None
