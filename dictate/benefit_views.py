"""The benefit report as text, HTML and CSV (pure)."""

import csv
import io
from collections.abc import Callable, Iterator
from html import escape

from dictate.benefit import Assumptions, Benefit, Interval, Report
from dictate.charts import Bar, svg_bars, text_bars

Term = Callable[[str], str]
"""Code to its term."""

_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a202c}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left}"
    "svg{max-width:100%}.note{color:#4a5568}"
)
_COLUMNS = (
    "group",
    "notes",
    "people",
    "spoken_minutes",
    "words",
    "median_start_to_signed_s",
    "edits_per_100_words",
    "saved_min_per_note_low",
    "saved_min_per_note",
    "saved_min_per_note_high",
    "timed_notes",
    "machine_cost",
)
_CAUTION = (
    "Estimated against typing under the assumptions above; nobody typed these notes. Staff data: use the "
    "report to judge the tool and not the people; agree on its use with staff before it is used for control."
)


def as_text(report: Report, term: Term) -> str:
    """Return the report for a terminal of 80 columns."""
    return "\n".join(_lines(report, term)) + "\n"


def as_html(report: Report, term: Term, *, title: str) -> str:
    """Return the report as one page without scripts or anything fetched."""
    whole = report.all
    parts = [f"<h1>{escape(title)}</h1>", f"<p>{escape(_summary(whole))}</p>"]
    if whole.saved_minutes_per_note:
        parts.append(f"<h2>Estimated time saved</h2><p><strong>{escape(_saved(whole))}</strong></p>")
    parts.append(f'<p class="note">{escape(_assumed(report.assumptions))} {escape(_CAUTION)}</p>')
    if cost := _cost(report):
        parts.append(f"<p>{escape(cost)}</p>")
    if report.groups:
        parts.append("<h2>By group: estimated minutes saved a note, with interval</h2>")
        parts.append(svg_bars(_saved_bars(report), title="Minutes saved a note by group", unit=" min"))
        parts.append("<h2>By group: words changed in a hundred</h2>")
        bars = [Bar(label=one.name, value=one.edits_per_hundred_words) for one in report.groups]
        parts.append(svg_bars(bars, title="Words changed in a hundred, by group"))
    if report.suppressed:
        parts.append(f'<p class="note">{_suppressed(report)}</p>')
    parts.append("<h2>What people did with the suggestions</h2>" + _review_table(whole))
    for heading, rows in (
        ("Suggestions most often corrected", whole.most_corrected),
        ("Results of follow-up", whole.follow_ups),
    ):
        if rows:
            cells = "".join(f"<tr><td>{escape(name)}</td><td>{count}</td></tr>" for name, count in rows)
            parts.append(f"<h2>{heading}</h2><table>{cells}</table>")
    if whole.effects:
        cells = "".join(
            f"<tr><td>{escape(term(one.code))}</td><td>{one.citizens}</td><td>{one.better}</td>"
            f"<td>{one.same}</td><td>{one.worse}</td></tr>"
            for one in whole.effects
        )
        head = "<tr><th>Condition</th><th>Citizens</th><th>Better</th><th>Same</th><th>Worse</th></tr>"
        parts.append(f"<h2>Level, first note to last</h2><table>{head}{cells}</table>")
    body = "\n".join(parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def as_csv(report: Report) -> str:
    """Return one line a group, the whole first (its name is "all")."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    cost = report.assumptions.cost_of_sound
    for one in (report.all, *report.groups):
        saved = one.saved_minutes_per_note
        figures = [saved.low, saved.middle, saved.high] if saved else ["", "", ""]
        writer.writerow(
            [
                one.name or "all",
                one.notes,
                one.people,
                f"{one.spoken_minutes:.2f}",
                one.words,
                "" if one.start_to_signed_s is None else f"{one.start_to_signed_s:.1f}",
                f"{one.edits_per_hundred_words:.2f}",
                *(f"{figure:.3f}" if isinstance(figure, float) else figure for figure in figures),
                one.timed,
                "" if cost is None else f"{cost * one.spoken_minutes / 60:.2f}",
            ]
        )
    return out.getvalue()


def _lines(report: Report, term: Term) -> Iterator[str]:
    whole = report.all
    yield from _wrapped(_summary(whole))
    yield ""
    if whole.saved_minutes_per_note:
        yield from _wrapped(f"Estimated: {_saved(whole)}")
    else:
        yield f"No estimate of time saved: only {whole.timed} notes have all their times."
    yield from _wrapped(_assumed(report.assumptions))
    yield from _wrapped(_cost(report))
    yield ""
    yield "What people did with the suggestions"
    yield f"  {'':<14}{'accepted':>10}{'changed':>10}{'rejected':>10}{'added':>10}"
    for one in whole.reviews:
        yield f"  {one.kind:<14}{one.accepted:>10}{one.changed:>10}{one.rejected:>10}{one.added:>10}"
    if whole.most_corrected:
        yield ""
        yield "Suggestions most often corrected"
        yield from (f"  {count:>4}  {name}" for name, count in whole.most_corrected)
    yield from _group_lines(report)
    if whole.effects:
        yield ""
        yield "Level of functional conditions, first note to last"
        for effect in whole.effects:
            yield (
                f"  {term(effect.code)}: {effect.citizens} citizens, {effect.better} better, "
                f"{effect.same} the same, {effect.worse} worse"
            )
    if whole.follow_ups:
        yield ""
        yield "Results of follow-up"
        yield from (f"  {count:>4}  {name}" for name, count in whole.follow_ups)
    yield ""
    if report.suppressed:
        yield _suppressed(report)
    yield from _wrapped(_CAUTION)


def _group_lines(report: Report) -> Iterator[str]:
    if not report.groups:
        return
    yield ""
    yield "Words changed in a hundred, by group"
    bars = [Bar(label=one.name, value=one.edits_per_hundred_words) for one in report.groups]
    yield from (f"  {line}" for line in text_bars(bars))
    yield ""
    yield "Estimated minutes saved a note, by group (low … high)"
    for one in report.groups:
        if one.saved_minutes_per_note:
            yield f"  {one.name}: {_interval(one.saved_minutes_per_note)}"


def _summary(one: Benefit) -> str:
    taken = ""
    if one.start_to_signed_s is not None:
        taken = f" Median {one.start_to_signed_s:.0f} s from the first sound to the signature."
    return (
        f"{one.notes} signed notes, {one.spoken_minutes:.0f} minutes spoken, {one.words} words, "
        f"{one.edits_per_hundred_words:.1f} words in a hundred changed by hand.{taken}"
    )


def _saved(one: Benefit) -> str:
    assert one.saved_minutes_per_note and one.saved_hours, "asked first"  # noqa: PT018 - they come together
    hours = one.saved_hours
    return (
        f"{_interval(one.saved_minutes_per_note)} minutes saved a note, "
        f"{hours.low:.1f} … {hours.high:.1f} hours over {one.timed} notes."
    )


def _interval(interval: Interval) -> str:
    return f"{interval.middle:.1f} ({interval.low:.1f} … {interval.high:.1f})"


def _assumed(assumptions: Assumptions) -> str:
    slow, fast = assumptions.words_per_minute
    short, long = assumptions.overhead_s
    return (
        f"Assumed: by hand {slow:g} to {fast:g} words a minute, and {short:g} to {long:g} s a note for "
        f"finding fields and codes. Notes that lay longer than {assumptions.pause_cap_s / 60:g} minutes "
        "are left out."
    )


def _cost(report: Report) -> str:
    """Say what the sound cost; nothing where nobody said what the machine costs."""
    assumed, cost = report.assumptions, report.assumptions.cost_of_sound
    if cost is None:
        return ""
    in_all = cost * report.all.spoken_minutes / 60
    return (
        f"Cost of recognising: {cost:.2f} an hour of sound, {in_all:.2f} in all "
        f"(assumed: {assumed.machine_cost:g} an hour of the machine, {assumed.machine_speed:g} × real time)."
    )


def _suppressed(report: Report) -> str:
    return f"Groups that are too small to be shown: {report.suppressed}."


def _saved_bars(report: Report) -> list[Bar]:
    return [
        Bar(
            label=one.name,
            value=one.saved_minutes_per_note.middle,
            low=one.saved_minutes_per_note.low,
            high=one.saved_minutes_per_note.high,
        )
        for one in report.groups
        if one.saved_minutes_per_note
    ]


def _review_table(one: Benefit) -> str:
    head = "<tr><th>Kind</th><th>Accepted</th><th>Changed</th><th>Rejected</th><th>Added</th></tr>"
    rows = "".join(
        f"<tr><td>{escape(row.kind)}</td><td>{row.accepted}</td><td>{row.changed}</td>"
        f"<td>{row.rejected}</td><td>{row.added}</td></tr>"
        for row in one.reviews
    )
    return f"<table>{head}{rows}</table>"


def _wrapped(text: str) -> list[str]:
    import textwrap  # noqa: PLC0415 - only here

    return textwrap.wrap(text, 78)
