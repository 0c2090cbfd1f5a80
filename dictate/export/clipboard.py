"""A signed note as plain text, ordered as a care record's fields are: for records that import nothing."""

from dictate.entry import Note
from dictate.export.base import require_signed
from dictate.export.wording import Line, sections, signatures


def text(note: Note) -> str:
    """Return a note for pasting.

    The note's own words come first (the record's field for observations), then conditions, measurements,
    interventions, medication, goals and follow-up, and who signed.

    Raises:
        NotSignedError: something in the note is not signed.

    """
    require_signed((note,))
    blocks = [f"OBSERVATIONER\n{note.text.strip()}"] if note.text.strip() else []
    blocks += [
        "\n".join((section.title.upper(), *(_line(line) for line in section.lines)))
        for section in sections(note)
    ]
    blocks.append("\n".join(f"Underskrevet: {signature}" for signature in signatures(note)))
    return "\n\n".join(blocks) + "\n"


def _line(line: Line) -> str:
    if line.details and line.details[0][0] in {"Værdi", "Sagt"}:
        (_, value), *rest = line.details
        said = f"{line.title}: {value}"
    else:
        said, rest = line.title, list(line.details)
    return "\n".join((said, *(f"  {name}: {value}" for name, value in rest)))
