"""`suggest`, `try` and `score`: what people say, why a sentence matched, and how good the matching is."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from terminology.cli.common import (
    AsJson,
    OverlayFolder,
    ReleaseFolder,
    desk_of,
    plural,
    print_json,
    print_table,
    say,
)
from terminology.errors import TerminologyError
from terminology.release import active, load, read

app = typer.Typer()

QUIET_CUES = frozenset({"benaegtet.let", "value.between"})
"""Cues that are only filling words; shown in JSON alone."""


@app.command()
def suggest(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Transcripts, drafts or corrections (JSON Lines).")
    ],
    *,
    least: Annotated[int, typer.Option(min=2, help="In at least so many records.")] = 3,
    longest: Annotated[int, typer.Option(min=1, max=8, help="Words of a phrase at most.")] = 5,
    limit: Annotated[int, typer.Option(min=1, help="List at most so many.")] = 100,
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
    as_json: AsJson = False,
) -> None:
    """List frequent phrases that no wording finds: number of records, times, phrase, codes that people chose.

    Numbers, and names as far as they can be told, are left out. Look through the list before you share it.
    """
    from terminology.maintain.documents import read_documents  # noqa: PLC0415 - not needed for others
    from terminology.maintain.phrases import frequent  # noqa: PLC0415 - the same
    from terminology.maintain.trial import Trial  # noqa: PLC0415 - the same
    from terminology.overlay.base import lines  # noqa: PLC0415 - the same

    documents = [document for file in files for document in read_documents(file)]
    desk = desk_of(release, overlay)
    trial = Trial(tuple(lines(desk.laid().spoken)), desk.base.parser.lists)
    found = frequent(documents, trial, least=least, longest=longest)
    if as_json:
        print_json([asdict(one) for one in found[:limit]])
    else:
        print_table(
            [
                (
                    str(one.documents),
                    str(one.count),
                    one.text,
                    " ".join(f"{code}×{times}" for code, times in one.codes),
                )
                for one in found[:limit]
            ]
        )
    records = len({document.id for document in documents})
    say(f"{plural(len(found), 'phrase')} in {plural(records, 'record')}.")


@app.command("try")
def try_sentence(
    sentence: Annotated[str, typer.Argument(help="A sentence as it would stand in a note.")],
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Explain what a sentence matched or didn't, and why."""
    from terminology import cache  # noqa: PLC0415 - not needed for others
    from terminology.maintain.explain import explain  # noqa: PLC0415 - the same
    from terminology.matcher import Matcher  # noqa: PLC0415 - slow to import
    from terminology.overlay.vocabulary import overlaid  # noqa: PLC0415 - not needed for others

    found_release = load() if release is None else read(release)
    vocabulary, _ = overlaid(cache.load(release or active()), found_release, overlay)
    explained = explain(Matcher.of(vocabulary), vocabulary.compiled, sentence)
    if as_json:
        print_json(asdict(explained))
        return
    typer.echo("Words (sentence.stretch.clause; * no wording has it)")
    print_table(
        [
            (f"  {one.sentence}.{one.stretch}.{one.clause}", one.text, one.key + ("" if one.known else " *"))
            for one in explained.words
        ]
    )
    if cues := [one for one in explained.cues if one.name not in QUIET_CUES]:
        typer.echo("Cues of context")
        print_table([(f"  {one.name}", one.text) for one in cues])
    typer.echo("Wordings found" if explained.candidates else "No wording found")
    for candidate in explained.candidates:
        outcome = f"{candidate.outcome}: " if candidate.outcome else ""
        typer.echo(
            f'  "{candidate.text}" > {candidate.display} [{candidate.section}]: {outcome}{candidate.reason}'
        )
        typer.echo(f"      {candidate.wording}  ({candidate.source})")
    if explained.values:
        typer.echo(f"Values and drugs: {', '.join(explained.values)}")
    if explained.near:
        typer.echo("Near: one word is missing")
        for near in explained.near:
            missing = ", ".join(near.missing[:8]) + (" …" if len(near.missing) > 8 else "")  # noqa: PLR2004 - a line
            typer.echo(f"  {near.display} [{near.section}]: {near.wording}  ({near.source})")
            typer.echo(f"      missing one of: {missing}")


@app.command()
def score(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Annotated notes (JSON Lines).")],
    predictions: Annotated[
        Path | None,
        typer.Argument(metavar="PRED", help='Drafts of the same notes, made by "dictate draft --jsonl".'),
    ] = None,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Keep the score.")] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Compare with a kept score; exit code 1 if anything got worse."),
    ] = None,
    boot: Annotated[int, typer.Option(min=0, metavar="N", help="95 % interval from N draws of notes.")] = 0,
    *,
    strict: Annotated[bool, typer.Option(help="Ignore the codes that the annotator accepts too.")] = False,
    dose: Annotated[bool, typer.Option("--dose", help="A drug must have the right dose too.")] = False,
    errors: Annotated[
        bool, typer.Option(help="List every missed, invented and wrongly asserted entry.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure drafts against annotated notes: precision, recall and F1 per kind and concept, confusions."""
    from terminology.maintain.score import regressions  # noqa: PLC0415 - not needed for others
    from terminology.maintain.score import score as measure  # noqa: PLC0415 - the same
    from terminology.maintain.score_files import read_earlier, read_notes, write_score  # noqa: PLC0415 - the same
    from terminology.maintain.scoring import Rules  # noqa: PLC0415 - the same

    if predictions is None:
        raise TerminologyError(
            'Make the drafts first: "dictate draft --jsonl NOTES.jsonl > drafts.jsonl", where NOTES.jsonl '
            f'has the id and text of each note; then "dictate-terms score {gold.name} drafts.jsonl".'
        )
    wanted, found = read_notes(gold), read_notes(predictions)
    earlier = read_earlier(against) if against else None
    made = measure(wanted, found, Rules(strict=strict, dose=dose))
    worse = regressions(made, earlier) if earlier else ()
    if as_json:
        from terminology.cli.score_report import score_record  # noqa: PLC0415 - not needed for others

        print_json(score_record(made, worse, rounds=boot))
    else:
        from terminology.cli.score_report import score_lines  # noqa: PLC0415 - not needed for others

        for line in score_lines(made, rounds=boot, errors=errors):
            typer.echo(line)
        for one in worse:
            typer.echo(f"worse: {one.name}: {one.before:.3f} > {one.after:.3f}")
    if save:
        write_score(save, made.kept(load().version))
    if worse:
        raise TerminologyError(f"{plural(len(worse), 'figure')} got worse since the kept score.")
