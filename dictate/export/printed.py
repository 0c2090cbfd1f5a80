"""A signed note on paper or on a screen: HTML and PDF, with who signed it.

The PDF uses the fonts that every reader has. They know Danish and most of Western Europe; a letter that they
don't know stands there by its number, so nothing is lost without a trace.
"""

from collections.abc import Iterator
from datetime import datetime
from html import escape

from dictate.entry import Note
from dictate.export.base import (
    NAMESPACE,
    ExportBundle,
    Format,
    Remark,
    Visit,
    is_signed,
    made_id,
    require_signed,
    safe_name,
)
from dictate.export.clipboard import text as pasted
from dictate.export.wording import moment, sections, signatures
from dictate.notes import note_line

_SPELT = str.maketrans({"⁹": "^9", "≥": ">=", "≤": "<=", "→": "->", "−": "-", "≈": "ca. ", "\u00a0": " "})
_STYLE = """
body { font-family: system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 1.4rem 0 .3rem; border-bottom: 1px solid #999; }
.note { white-space: pre-wrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { color: #444; } dd { margin: 0; } h3 { font-size: 1rem; margin: .6rem 0 0; } footer { margin-top: 2rem; }
@media print { body { margin: 0; } h2, h3 { break-after: avoid; } }
""".strip()


def export(
    note: Note, form: Format, *, at: datetime, visit: Visit | None = None
) -> tuple[ExportBundle, tuple[Remark, ...]]:
    """Write a signed note for people.

    Args:
        note: signed.
        form: `HTML`, `PDF` or `TEXT`.
        at: when it is printed; aware.
        visit: names the citizen and the visit, where given; the text for pasting never does.

    Raises:
        NotSignedError: something in the note is not signed.

    """
    require_signed((note,))
    match form:
        case Format.HTML:
            content, suffix, media_type = html(note, visit, at).encode(), "html", "text/html; charset=utf-8"
        case Format.PDF:
            content, suffix, media_type = pdf(note, visit, at), "pdf", "application/pdf"
        case _:
            content, suffix, media_type = pasted(note).encode(), "txt", "text/plain; charset=utf-8"
    who = f"{visit.citizen} {visit.start.isoformat()}" if visit else ""
    delivery = made_id(NAMESPACE, f"{form} {who} {note_line(note).decode()}")
    bundle = ExportBundle(
        format=form,
        filename=f"{safe_name(note.id)}-{delivery}.{suffix}",
        media_type=media_type,
        content=content,
        entry_ids=tuple(entry.id for entry in note.entries if is_signed(entry)),
    )
    return bundle, tuple(_remarks(note))


def html(note: Note, visit: Visit | None, at: datetime) -> str:
    """Return a page of its own: no scripts, nothing fetched from elsewhere."""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _facts(visit))
    parts = [
        f"<h1>Journalnotat</h1><dl>{facts}</dl>",
        f'<h2>Notat</h2><p class="note">{escape(note.text)}</p>',
    ]
    for section in sections(note):
        parts.append(f"<h2>{escape(section.title)}</h2>")
        for line in section.lines:
            details = "".join(
                f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in line.details
            )
            parts.append(f"<h3>{escape(line.title)}</h3><dl>{details}</dl>")
    signed = "".join(f"<p>Underskrevet: {escape(signature)}</p>" for signature in signatures(note))
    parts.append(f"<footer>{signed}<p>Udskrevet {escape(moment(at))}</p></footer>")
    head = f'<meta charset="utf-8"><title>Journalnotat</title><style>{_STYLE}</style>'
    return f'<!doctype html>\n<html lang="da"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def pdf(note: Note, visit: Visit | None, at: datetime) -> bytes:
    """Return the same as a PDF of A4 pages, each with its number."""
    from fpdf import FPDF  # noqa: PLC0415 - slow to import, and only needed here
    from fpdf.enums import XPos, YPos  # noqa: PLC0415 - the same

    class Paper(FPDF):
        def footer(self) -> None:
            """Number the page; fpdf2 calls it at the end of each."""
            self.set_y(-12)
            self.set_font("Helvetica", size=8)
            self.cell(0, 5, f"Side {self.page_no()} af {{nb}}", align="R")

    paper = Paper(format="A4")
    paper.set_creation_date(at)
    paper.set_title("Journalnotat")
    paper.set_lang("da")
    paper.set_auto_page_break(auto=True, margin=18)
    paper.add_page()

    def write(words: str, *, size: int = 10, style: str = "", indent: float = 0) -> None:
        paper.set_font("Helvetica", style=style, size=size)
        paper.set_x(paper.l_margin + indent)
        height = size * 0.5
        paper.multi_cell(0, height, _printable(words), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    write("Journalnotat", size=16, style="B")
    for name, value in _facts(visit):
        write(f"{name}: {value}")
    paper.ln(3)
    write("Notat", size=12, style="B")
    write(note.text or " ")
    for section in sections(note):
        paper.ln(2)
        write(section.title, size=12, style="B")
        for line in section.lines:
            write(line.title, style="B")
            for name, value in line.details:
                write(f"{name}: {value}", indent=5)
    paper.ln(4)
    for signature in signatures(note):
        write(f"Underskrevet: {signature}")
    write(f"Udskrevet {moment(at)}", size=8)
    return bytes(paper.output())


def _facts(visit: Visit | None) -> Iterator[tuple[str, str]]:
    if visit is None:
        return
    if visit.citizen_name:
        yield "Borger", visit.citizen_name
    yield "CPR", f"{visit.citizen[:6]}-{visit.citizen[6:]}"
    yield "Besøg", moment(visit.start) + (f" til {moment(visit.end)}" if visit.end else "")
    yield "Skrevet af", f"{visit.author}, {visit.role}"


def _printable(text: str) -> str:
    """Return `text` in the letters that the fonts of every PDF reader have; others by their number."""
    shown = []
    for letter in text.translate(_SPELT).replace("\r\n", "\n").replace("\t", "    "):
        try:
            letter.encode("cp1252")
        except UnicodeEncodeError:
            shown.append(f"[U+{ord(letter):04X}]")
        else:
            shown.append(letter)
    return "".join(shown)


def _remarks(note: Note) -> Iterator[Remark]:
    for entry in note.entries:
        if not is_signed(entry):
            code = entry.coding.code if entry.coding else None
            rule = "It was rejected at review."
            yield Remark(note=note.id, entry=entry.id, kind=entry.kind, code=code, left_out=True, rule=rule)
