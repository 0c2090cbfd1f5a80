"""Signing: a person takes over what was accepted, and nothing else."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from dictate.cli.sign import sign as command
from dictate.entry import Note, RecordStatus, Review, Signature
from dictate.errors import ConfigError, DictateError, DraftError, OutputError
from dictate.notes import parse_notes, read_notes
from dictate.session import accepted_in_bulk, sign

DRAFT = Path(__file__).parent.parent / "data" / "export" / "draft.jsonl"
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
ANNE = Signature(by="Anne Prøve", role="Sygeplejerske", at=AT)


@pytest.fixture
def drafts() -> tuple[Note, ...]:
    """Three notes: suggestions and a rejected one; no entries; one entry changed and one accepted."""
    return tuple(read_notes(DRAFT))


def signed_ids(notes: Collection[Note]) -> set[str]:
    """Return the ids of all signed entries."""
    return {entry.id for note in notes for entry in note.entries if entry.signed}


def sign_as_anne(
    notes: Collection[Note], *, ids: Collection[str] = (), accept_all: bool = False
) -> tuple[Note, ...]:
    """Sign as a made-up person."""
    return sign(notes, by=ANNE.by, role=ANNE.role, at=AT, ids=ids, accept_all=accept_all)


def test_only_what_was_reviewed_is_signed(drafts: tuple[Note, ...]) -> None:
    """Without a wish, suggestions stay unsigned; the texts are signed."""
    signed = sign_as_anne(drafts)
    assert signed_ids(signed) == {"visit-3-1", "visit-3-2"}
    assert [note.signed for note in signed] == [ANNE] * 3
    assert [entry.review for entry in signed[2].entries] == [Review.CHANGED, Review.ACCEPTED]
    assert {entry.record_status for entry in signed[2].entries} == {RecordStatus.FINAL}
    assert signed[0].entries == drafts[0].entries


def test_all_accepts_suggestions_but_nothing_rejected(drafts: tuple[Note, ...]) -> None:
    """What a person rejected stays rejected and unsigned."""
    signed = sign_as_anne(drafts, accept_all=True)
    assert len(signed_ids(signed)) == 22
    *taken, rejected = signed[0].entries
    assert {entry.review for entry in taken} == {Review.ACCEPTED}
    assert (rejected.review, rejected.record_status, rejected.signed) == (
        Review.REJECTED,
        RecordStatus.PRELIMINARY,
        None,
    )
    assert len(accepted_in_bulk(drafts, signed)) == 20


def test_ids_sign_these_entries_only(drafts: tuple[Note, ...]) -> None:
    """Other entries and other notes stay as they were."""
    signed = sign_as_anne(drafts, ids=["visit-1-2"])
    assert signed_ids(signed) == {"visit-1-2"}
    assert signed[0].signed == ANNE
    assert signed[1:] == drafts[1:]


def test_signing_changes_nothing_else(drafts: tuple[Note, ...]) -> None:
    """Text, codes, values and order are untouched, and the draft itself is not changed."""
    signed = sign_as_anne(drafts, accept_all=True)
    for before, after in zip(drafts, signed, strict=True):
        assert replace(after, entries=(), signed=None) == replace(before, entries=())
        for old, new in zip(before.entries, after.entries, strict=True):
            unsigned = replace(new, signed=None, review=old.review, record_status=RecordStatus.PRELIMINARY)
            assert unsigned == old
    assert tuple(read_notes(DRAFT)) == drafts


def test_an_older_signature_stays(drafts: tuple[Note, ...]) -> None:
    """Signing again changes nothing that was signed before."""
    first = sign_as_anne(drafts, ids=["visit-1-1"])
    again = sign(first, by="En Anden", role="Assistent", at=AT.replace(hour=9), accept_all=True)
    assert again[0].entries[0] == first[0].entries[0]
    assert again[0].signed == ANNE
    assert again[0].entries[1].signed == Signature(by="En Anden", role="Assistent", at=AT.replace(hour=9))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"by": "  "}, ConfigError),
        ({"role": ""}, ConfigError),
        ({"by": "Anne\x00"}, ConfigError),
        ({"at": AT.replace(tzinfo=None)}, ConfigError),
        ({"ids": ["visit-1-1"], "accept_all": True}, ConfigError),
        ({"ids": ["visit-1-1", "nowhere"]}, DraftError),
        ({"ids": ["visit-1-21"]}, DraftError),
    ],
)
def test_what_makes_no_signature_is_refused(
    drafts: tuple[Note, ...], wrong: dict[str, object], error: type[DictateError]
) -> None:
    """Nobody, no role, no time zone, both wishes, an unknown entry, a rejected one."""
    arguments: dict[str, object] = {"by": ANNE.by, "role": ANNE.role, "at": AT} | wrong
    with pytest.raises(error, match=r"Nothing was signed"):
        sign(drafts, **arguments)  # type: ignore[arg-type]


@pytest.fixture
def app() -> Typer:
    """The command alone; its errors come out as exceptions."""
    typer = Typer()
    typer.command()(command)
    return typer


ARGUMENTS = ["--by", ANNE.by, "--role", ANNE.role]


def test_the_command_writes_notes_and_talks_beside_them(app: Typer, drafts: tuple[Note, ...]) -> None:
    """Standard output is data; standard error tells what nobody looked at one by one."""
    done = CliRunner().invoke(app, [*ARGUMENTS, "--all", str(DRAFT)])
    assert done.exit_code == 0
    signed = tuple(parse_notes(done.stdout_bytes.splitlines(keepends=True)))
    assert signed_ids(signed) == signed_ids(sign_as_anne(drafts, accept_all=True))
    assert "signed 22, rejected 1, still unsigned 0" in done.stderr
    assert (
        "Accepted all at once 20, of them unsure 1, medication 3, suspected, past or not so 6" in done.stderr
    )
    assert "Anne" not in done.stderr


def test_the_command_writes_a_file(app: Typer, tmp_path: Path) -> None:
    """With -o standard output stays empty."""
    out = tmp_path / "signed.jsonl"
    done = CliRunner().invoke(app, [*ARGUMENTS, "--ids", "visit-1-1, visit-1-2", "-o", str(out), str(DRAFT)])
    assert (done.exit_code, done.stdout) == (0, "")
    assert signed_ids(tuple(read_notes(out))) == {"visit-1-1", "visit-1-2"}
    assert "Accepted all at once" not in done.stderr


@pytest.mark.parametrize("wrong", [["--by", " "], ["--ids", " , "], ["--ids", "x", "--all"], ["--ids", "x"]])
def test_the_command_leaves_nothing_after_an_error(app: Typer, tmp_path: Path, wrong: list[str]) -> None:
    """No file, no standard output."""
    out = tmp_path / "signed.jsonl"
    done = CliRunner().invoke(app, [*ARGUMENTS, *wrong, "-o", str(out), str(DRAFT)])
    assert isinstance(done.exception, DictateError)
    assert not out.exists()
    assert done.stdout == ""


def test_the_command_never_writes_over_what_it_reads(app: Typer, tmp_path: Path) -> None:
    """Signing in place would lose the suggestions as they were."""
    draft = tmp_path / "draft.jsonl"
    draft.write_bytes(DRAFT.read_bytes())
    done = CliRunner().invoke(app, [*ARGUMENTS, "--all", "-o", str(draft), str(draft)])
    assert isinstance(done.exception, OutputError)
    assert draft.read_bytes() == DRAFT.read_bytes()
