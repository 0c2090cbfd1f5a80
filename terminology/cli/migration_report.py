"""A migration as lines of text and as JSON data."""

from collections.abc import Iterator

from terminology.concept import Concept
from terminology.maintain.migration import Edited, Migration, Orphan


def migration_lines(migration: Migration) -> Iterator[str]:
    """Yield a migration as text; sections without concepts are left out."""
    yield f"Edition {migration.version}"
    yield from _section("New", [f"{_named(one)}  [{one.kind}]" for one in migration.added])
    yield from _section("Retired", [_named(pair.after) for pair in migration.retired])
    yield from _section("Current again", [_named(pair.after) for pair in migration.revived])
    yield from _section(
        "Renamed",
        [
            f'{pair.after.code}  "{pair.before.display}" > "{pair.after.display}"'
            for pair in migration.renamed
        ],
    )
    terms = {concept.code: concept.display for concept in migration.concepts}
    yield from _section("Moved", [_moved(pair, terms) for pair in migration.moved])
    decided = [orphan for orphan in migration.orphans if orphan.successor]
    yield from _section(
        "Wordings go to a successor",
        [f"{_named(one.concept)} > {_term(one.successor, terms)}: {_wordings(one)}" for one in decided],
    )
    undecided = []
    for one in migration.undecided:
        undecided.append(f"{_named(one.concept)}: {_wordings(one)}")
        undecided += [f"    perhaps {_named(other)}" for other in one.candidates]
    yield from _section("A person must choose a successor (dictate-terms merge OLD NEW)", undecided)
    if not (
        migration.added or migration.retired or migration.renamed or migration.moved or migration.revived
    ):
        yield "Nothing changes."


def migration_record(migration: Migration) -> dict[str, object]:
    """Return a migration as JSON data."""

    def pairs(found: tuple[Edited, ...]) -> list[dict[str, object]]:
        return [
            {"code": one.after.code, "before": _brief(one.before), "after": _brief(one.after)}
            for one in found
        ]

    return {
        "version": migration.version,
        "new": [{"code": one.code, **_brief(one)} for one in migration.added],
        "retired": pairs(migration.retired),
        "revived": pairs(migration.revived),
        "renamed": pairs(migration.renamed),
        "moved": pairs(migration.moved),
        "wordings_of_retired": [
            {
                "code": one.concept.code,
                "display": one.concept.display,
                "release": one.shipped,
                "site": one.own,
                "successor": one.successor,
                "candidates": [{"code": other.code, "display": other.display} for other in one.candidates],
            }
            for one in migration.orphans
        ],
    }


def _section(title: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield f"{title}: {sum(not row.startswith(' ') for row in rows)}"
        yield from (f"  {row}" for row in rows)


def _named(concept: Concept) -> str:
    return f"{concept.code}  {concept.display}"


def _brief(concept: Concept) -> dict[str, object]:
    return {
        "display": concept.display,
        "area": concept.kind,
        "parent": "".join(concept.parents),
        "status": concept.status,
        "leaf": concept.leaf,
    }


def _term(code: str, terms: dict[str, str]) -> str:
    return f"{code}  {terms.get(code, '')}".rstrip()


def _moved(pair: Edited, terms: dict[str, str]) -> str:
    before, after = (f"{one.kind}/{terms.get(''.join(one.parents), '')}" for one in (pair.before, pair.after))
    return f"{_named(pair.after)}: {before} > {after}"


def _wordings(orphan: Orphan) -> str:
    return f"{orphan.shipped} wordings of the release, {orphan.own} of the site"
