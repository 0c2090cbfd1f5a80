"""`propose`, `add`, `review`, `retire`, `merge` and `overlay`: a site's own wordings."""

from typing import Annotated

import typer

from terminology.cli.common import (
    AsJson,
    By,
    OverlayFolder,
    ReleaseFolder,
    Why,
    desk_of,
    plural,
    print_json,
    print_table,
    say,
    store_folder,
)
from terminology.cli.look import event_lines, wording_record
from terminology.errors import TerminologyError
from terminology.overlay.base import concept_of, is_condition
from terminology.overlay.desk import Desk, is_waiting
from terminology.overlay.store import Settings, Store
from terminology.overlay.successors import Succession
from terminology.overlay.wording import State, Wording

app = typer.Typer()
review_app = typer.Typer(help="List the proposals that wait, and accept or reject them.")
app.add_typer(review_app, name="review")

Code = Annotated[str, typer.Argument(metavar="CODE", help="UUID of the concept, or its old short code.")]
Text = Annotated[
    str,
    typer.Argument(metavar="WORDING", help='Small letters; "(a|b)", "[a]", "{list}", "a & b" as in files.'),
]
Section = Annotated[
    str,
    typer.Option(
        "--section",
        help="present, absent, suspected, historical, blocked; for interventions completed, planned, "
        "not_done, blocked. Left out: present or completed.",
    ),
]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="As listed; the beginning is enough.")]


@app.command()
def propose(
    code: Code,
    wording: Text,
    *,
    by: By,
    why: Why,
    section: Section = "",
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
    again: Annotated[bool, typer.Option(help="Even if it was rejected or retired before.")] = False,
) -> None:
    """Propose a wording for a concept; it waits until it is reviewed."""
    desk = desk_of(release, overlay)
    uuid = _uuid(desk, code)
    made = desk.propose(uuid, section or _usual(desk, uuid), wording, by=by, why=why, again=again)
    _remark(desk, made)
    typer.echo(made.id)
    say(f'Proposed: "{made.text}" for "{_display(desk, uuid)}". A colleague decides on it with "review".')


@app.command()
def add(
    code: Code,
    wording: Text,
    *,
    by: By,
    why: Why,
    section: Section = "",
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
    again: Annotated[bool, typer.Option(help="Even if it was rejected or retired before.")] = False,
) -> None:
    """Propose a wording and take it into use at once; only where the site has the one-person rule."""
    desk = desk_of(release, overlay)
    if desk.store.settings().two_person:
        raise TerminologyError(
            'Two persons are needed here: use "dictate-terms propose", and let a colleague "review" it.'
        )
    uuid = _uuid(desk, code)
    made = desk.propose(uuid, section or _usual(desk, uuid), wording, by=by, why=why, again=again)
    _remark(desk, made)
    desk.accept(desk.store.find(made.id), by=by, why=why)
    typer.echo(made.id)
    say(f'In use: "{made.text}" for "{_display(desk, uuid)}".')


@review_app.callback(invoke_without_command=True)
def review(
    context: typer.Context,
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the proposals that wait for a decision, the oldest first."""
    if context.invoked_subcommand:
        return
    desk = desk_of(release, overlay)
    queue = desk.queue()
    waiting = [one for one in desk.successions() if not one.decided]
    if as_json:
        print_json(
            [
                *({**wording_record(one), "display": _display(desk, one.code)} for one in queue),
                *(_succession_record(one) for one in waiting),
            ]
        )
        return
    rows = [_row(desk, one) for one in queue]
    rows += [
        (
            one.id,
            "merge",
            _display(desk, one.code),
            _display(desk, one.successor),
            one.proposed.by,
            one.proposed.why,
        )
        for one in waiting
    ]
    print_table(rows)
    say(plural(len(rows), "proposal") + ' waiting. "review show ID" tells more of one.')


@review_app.command("show")
def review_show(wanted: Ids, overlay: OverlayFolder = None, release: ReleaseFolder = None) -> None:
    """Show proposals with their history and with what speaks against them."""
    desk = desk_of(release, overlay)
    for one in wanted:
        wording = desk.store.find(one)
        typer.echo(f'{wording.id}  "{wording.text}"  [{wording.section}]  {_display(desk, wording.code)}')
        typer.echo("\n".join(event_lines(wording, "  ")))
        _remark(desk, wording)


@review_app.command("accept")
def review_accept(
    wanted: Ids, *, by: By, why: Why, overlay: OverlayFolder = None, release: ReleaseFolder = None
) -> None:
    """Accept proposals: new wordings are used from now on, retired ones no more."""
    _decide(desk_of(release, overlay), wanted, by, why, accepted=True)


@review_app.command("reject")
def review_reject(
    wanted: Ids, *, by: By, why: Why, overlay: OverlayFolder = None, release: ReleaseFolder = None
) -> None:
    """Reject proposals; they are kept with the reason."""
    _decide(desk_of(release, overlay), wanted, by, why, accepted=False)


@app.command()
def retire(
    code: Code,
    wording: Text,
    *,
    by: By,
    why: Why,
    section: Section = "",
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
) -> None:
    """Take a wording out of use, the site's own or one of the release; it waits until it is reviewed."""
    desk = desk_of(release, overlay)
    uuid = _uuid(desk, code)
    made = desk.retire(uuid, section or _usual(desk, uuid), wording, by=by, why=why)
    typer.echo(made.id)
    done = "Taken out" if not is_waiting(made) else "Proposed to take out"
    say(f'{done}: "{made.text}" of "{_display(desk, uuid)}".')


@app.command()
def merge(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Code of the retired concept.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Code of the one that takes its place.")],
    *,
    by: By,
    why: Why,
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
) -> None:
    """Name the successor of a retired concept; the site's wordings of the old one are proposed for it."""
    desk = desk_of(release, overlay)
    made, moved = desk.merge(_uuid(desk, old), _uuid(desk, new), by=by, why=why)
    typer.echo(made.id)
    say(
        f'Proposed: "{_display(desk, made.successor)}" takes the place of "{_display(desk, made.code)}", '
        f"with {plural(len(moved), 'wording')}."
    )
    if not desk.store.settings().two_person:
        desk.decide_succession(made.id, accepted=True, by=by, why=why)
        say("Accepted: this site has the one-person rule.")


@app.command()
def overlay(
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
    *,
    two_person: Annotated[
        bool | None,
        typer.Option(
            "--two-person/--one-person", help="Set whether a second person must decide on a proposal."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the state of the site's wordings, and its conflicts with the release: then the exit code is 1."""
    folder = store_folder(overlay)
    if two_person is not None:
        Store(folder).write_settings(Settings(two_person=two_person))
    desk = desk_of(release, overlay)
    laid = desk.laid()
    counts = {state: len(desk.store.wordings(state)) for state in State}
    rule = desk.store.settings().two_person
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "release": desk.base.release.version,
                "two_person": rule,
                "counts": {str(state): count for state, count in counts.items()},
                "used": len(laid.added),
                "conflicts": [
                    {"problem": one.problem, "place": one.wording.source, "message": one.message}
                    for one in laid.conflicts
                ],
                "redundant": [one.source for one in laid.redundant],
                "stale": [one.source for one in laid.stale],
            }
        )
    else:
        typer.echo(f"{folder} over release {desk.base.release.version}")
        typer.echo(f"Decisions by {'a second person' if rule else 'one person'}.")
        typer.echo(
            f"{counts[State.PROPOSED]} proposed, {counts[State.ACCEPTED]} accepted ({len(laid.added)} used), "
            f"{counts[State.REJECTED]} rejected, {counts[State.RETIRED]} retired"
        )
        for conflict in laid.conflicts:
            typer.echo(f"{conflict.wording.source}: {conflict.problem}: {conflict.message}")
        for wording in laid.redundant:
            typer.echo(f'{wording.source}: redundant: the release has "{wording.text}" itself.')
        for wording in laid.stale:
            typer.echo(f'{wording.source}: stale: the release has "{wording.text}" no more.')
    if laid.conflicts:
        raise TerminologyError(
            f"Conflicts: {len(laid.conflicts)}. These wordings are not used until you decide."
        )


def _decide(desk: Desk, wanted: list[str], by: str, why: str, *, accepted: bool) -> None:
    """Decide on each; what was decided before one that is refused stays decided, and is said."""
    word = "Accepted" if accepted else "Rejected"
    successions = {one.id: one for one in desk.successions() if not one.decided}
    for one in wanted:
        if match := [key for key in successions if key.startswith(one)]:
            made = desk.decide_succession(match[0], accepted=accepted, by=by, why=why)
            say(f"{word}: {made.code} > {made.successor}.")
            continue
        wording = desk.store.find(one)
        decide = desk.accept if accepted else desk.reject
        done = decide(wording, by=by, why=why)
        say(f'{word}: "{done.text}" ({done.id}).')


def _row(desk: Desk, wording: Wording) -> tuple[str, ...]:
    step = wording.proposal
    return (
        wording.id,
        "retire" if wording.to_retire else "add",
        _display(desk, wording.code),
        f"[{wording.section}] {wording.text}",
        step.by if step else "",
        step.why if step else "nobody says who proposed it",
    )


def _succession_record(one: Succession) -> dict[str, object]:
    return {
        "id": one.id,
        "state": "proposed",
        "code": one.code,
        "successor": one.successor,
        "events": [
            {
                "act": one.proposed.act,
                "by": one.proposed.by,
                "at": one.proposed.at.isoformat(),
                "why": one.proposed.why,
            }
        ],
    }


def _remark(desk: Desk, wording: Wording) -> None:
    from terminology.maintain.remarks import remarks  # noqa: PLC0415 - not needed for other commands

    for remark in remarks(desk, wording):
        say(f"Note: {remark}.")


def _uuid(desk: Desk, code: str) -> str:
    """Return the UUID of a concept that was named by its old short code."""
    release = desk.base.release
    known = release.by_short_code.get(code.strip())
    return known.code if known else code.strip().lower()


def _usual(desk: Desk, code: str) -> str:
    return "present" if is_condition(concept_of(desk.base.release, code).kind) else "completed"


def _display(desk: Desk, code: str) -> str:
    concept = desk.base.release.by_code.get(code)
    return concept.display if concept else code
