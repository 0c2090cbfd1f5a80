"""The maintenance commands as their users meet them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import terminology
from terminology.overlay.desk import Desk

SHIPPED = Path(terminology.__file__).parent / "data"
SMERTER = "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd"
ANNA = ("--by", "Anna Holm", "--why", "siges i nord")
BO = ("--by", "Bo Lind", "--why", "enig")


@pytest.fixture
def here(folder: Path, tmp_path: Path) -> tuple[object, ...]:
    """Give the options that name the small release and an overlay."""
    return ("--release", folder, "--overlay", tmp_path / "terms")


def queue(run: Any, here: tuple[object, ...]) -> list[dict[str, Any]]:
    """Return what waits."""
    found: list[dict[str, Any]] = json.loads(run("review", "--json", *here))
    return found


def test_a_wording_from_proposal_to_use(run: Any, here: tuple[object, ...]) -> None:
    """Propose, list, show, accept by a second person, and see it in show and export."""
    name = run("propose", SMERTER, "sviger i lysken", *ANNA, *here).strip()
    assert "Problemer med smerter" in run.err
    assert "sviger i lysken" in run("review", *here)
    assert "Anna Holm: siges i nord" in run("review", "show", name[:5], *here)
    run.refused("review", "accept", name, *ANNA, *here)
    run("review", "accept", name, *BO, *here)
    assert queue(run, here) == []
    shown = json.loads(run("show", SMERTER, "--json", *here))
    assert [step["by"] for step in shown["history"][0]["events"]] == ["Anna Holm", "Bo Lind"]
    assert "sviger i lysken" in run("export", "tsv", "--origin", "site", *here)
    assert "[present] jamrer sig" in run("show", SMERTER, "--words", *here)


def test_old_codes_are_understood(run: Any, here: tuple[object, ...]) -> None:
    """A nurse may type I4.4."""
    run("propose", "I4.4", "hælsår på vej", *ANNA, *here)
    assert queue(run, here)[0]["display"] == "Problemer med tryksår"


def test_what_a_reviewer_should_know_is_said(run: Any, here: tuple[object, ...]) -> None:
    """Everyday words, what other concepts say, and what is found already."""
    run("propose", SMERTER, "huset", *ANNA, *here)
    assert "everyday word" in run.err
    run("propose", "I4.4", "(jamrer|hyler) sig", *ANNA, *here)
    assert 'can mean "Problemer med smerter" too' in run.err
    run("propose", SMERTER, "jamrer sig meget", *ANNA, *here)
    assert "Note" not in run.err
    run("propose", SMERTER, "værker i ryggen", *ANNA, *here)
    assert "is found already by other wordings" in run.err


def test_add_needs_the_one_person_rule(run: Any, here: tuple[object, ...]) -> None:
    """With two persons it is refused; after the site changed its rule it is in use at once."""
    assert "Two persons are needed" in run.refused("add", SMERTER, "sviger", *ANNA, *here)
    assert "Decisions by one person" in run("overlay", "--one-person", *here)
    run("add", SMERTER, "sviger", *ANNA, *here)
    assert json.loads(run("overlay", "--json", *here))["used"] == 1
    run("retire", SMERTER, "sviger", *ANNA, *here)
    assert json.loads(run("overlay", "--json", *here))["used"] == 0


def test_a_retirement_waits_and_can_be_rejected(run: Any, here: tuple[object, ...]) -> None:
    """The wording of the release stays."""
    name = run("retire", SMERTER, "jamrer sig", *ANNA, *here).strip()
    assert "retire" in run("review", *here)
    run("review", "reject", name, *BO, *here)
    assert "jamrer sig" in run("export", "tsv", *here)


def test_conflicts_are_listed_with_exit_code_1(
    run: Any,
    here: tuple[object, ...],
    folder: Path,
    desk: Desk,
) -> None:
    """After the release changed under the overlay; lint says the same."""
    run("propose", SMERTER, "sviger", *ANNA, *here)
    run("review", "accept", queue(run, here)[0]["id"], *BO, *here)
    path = folder / "spoken/helbredstilstand/problemer_med_tryksaar.txt"
    path.write_text(path.read_text(encoding="utf-8") + "sviger\n", encoding="utf-8")
    assert "two-concepts" in run("overlay", *here, code=1)
    assert "These wordings are not used" in run.err
    found = json.loads(run("lint", folder, "--overlay", desk.store.folder, "--json", code=1))
    assert "two-concepts" in {finding["rule"] for finding in found}


def test_lint_exits_0_with_warnings_only(run: Any, folder: Path) -> None:
    """And says how many on stderr."""
    found = json.loads(run("lint", folder, "--json"))
    assert {finding["level"] for finding in found} == {"warning"}
    assert "warnings." in run.err


def test_import_lists_every_wrong_line(run: Any, here: tuple[object, ...], tmp_path: Path) -> None:
    """Each on stderr; nothing waits afterwards."""
    file = tmp_path / "in.csv"
    file.write_text(f"code;section;wording\n{SMERTER};present;sviger\nx;present;y\n", encoding="utf-8")
    run("import", file, *ANNA, *here, code=1)
    assert "in.csv, line 3: " in run.err
    assert "1 of 2 wordings in in.csv can't be used" in run.err
    assert queue(run, here) == []


def test_every_format_is_exported_and_imported(run: Any, here: tuple[object, ...], tmp_path: Path) -> None:
    """Through the commands, to the other site's queue; the site's own import finds nothing new."""
    run("propose", SMERTER, "sviger", *ANNA, *here)
    run("review", "accept", queue(run, here)[0]["id"], *BO, *here)
    for form, suffix in (("supplement", "json"), ("csv", "csv"), ("tsv", "tsv")):
        file = tmp_path / f"out.{suffix}"
        assert run("export", form, "--origin", "site", "-o", file, *here) == ""
        other = ("--release", here[1], "--overlay", tmp_path / f"other-{suffix}")
        run("import", file, *ANNA, *other)
        assert [one["text"] for one in queue(run, other)] == ["sviger"]
        run("import", file, *ANNA, *here)
        assert "0 wordings proposed, 1 known already." in run.err


def test_successors_go_round(run: Any, here: tuple[object, ...], tmp_path: Path, folder: Path) -> None:
    """Merge, accept, export as SSSOM, import elsewhere, and use in an update."""
    name = run("merge", "I9.1", SMERTER, *ANNA, *here).strip()
    run.refused("review", "accept", name, *ANNA, *here)
    run("review", "accept", name, *BO, *here)
    file = tmp_path / "links.sssom.tsv"
    run("export", "sssom", "--mapping", "successors", "-o", file, *here)
    other = ("--release", folder, "--overlay", tmp_path / "other")
    run("import", file, *ANNA, *other)
    assert queue(run, other)[0]["successor"] == SMERTER
    assert "relatedto" in run("export", "conceptmap", "--mapping", "successors", *here)
    run.refused("export", "conceptmap", *here)


def test_update_reports_and_applies(run: Any, here: tuple[object, ...], tmp_path: Path) -> None:
    """Nothing is written without --apply; a person must name a successor first; then lint is content."""
    file = tmp_path / "edition.json"
    run("export", "codesystem", "-o", file, *here)
    data = json.loads(file.read_text(encoding="utf-8").replace("20240530", "20270101"))
    text = json.dumps(data, ensure_ascii=False)
    gone = text.replace("bb0ea5fa-3462-40de-9047-a16fc4815a47", "bb0ea5fa-3462-40de-9047-a16fc4815a48")
    file.write_text(gone, encoding="utf-8")
    out = run("update", file, *here)
    assert "A person must choose a successor" in out
    assert "perhaps bb0ea5fa-3462-40de-9047-a16fc4815a48" in out
    assert json.loads(run("update", file, "--json", *here))["new"][0]["display"] == "Problemer med tryksår"
    target = tmp_path / "next"
    run("update", file, "--apply", "--out", target, *here, code=1)
    assert not target.exists()
    links = tmp_path / "links.sssom.tsv"
    run("export", "sssom", "-o", links, *here)
    row = "FSIII:{0}7\tx\tIAO:0100001\tFSIII:{0}8\tx\tsemapv:ManualMappingCuration\t\n"
    with links.open("a", encoding="utf-8") as stream:
        stream.write(row.format("bb0ea5fa-3462-40de-9047-a16fc4815a4"))
    run("update", file, "--apply", "--out", target, "--successors", links, *here)
    assert "Vocabulary changed" in run.err
    assert run("lint", target, "--codes", code=1).count("\n") == 1  # only that it is not pinned yet
    run("release", target, "--version", "2027.1", "--since", here[1])
    assert run("lint", target, "--codes") == ""
    assert "added: Problemer med tryksår" in (target / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "concept\tadded" in run("diff", here[1], target)


def test_release_verify_install(run: Any, folder: Path) -> None:
    """From the folder to the release in use and back."""
    run("release", folder, "--version", "2027.1")
    assert "is whole" in run("verify", folder)
    run("install", folder)
    assert "Release 2027.1 is in use" in run.err
    shutil.rmtree(folder)
    run("install", "--shipped")
    assert "shipped with the program" in run.err
    run.refused("install", folder, "--shipped")


def test_suggest_lists_phrases(run: Any, here: tuple[object, ...], tmp_path: Path) -> None:
    """Counts and phrases as columns or JSON."""
    file = tmp_path / "notes.jsonl"
    file.write_text('{"text": "Hun er tung i bentøjet."}\n' * 3, encoding="utf-8")
    assert run("suggest", file, *here).split() == ["3", "3", "tung", "i", "bentøjet"]
    assert json.loads(run("suggest", file, "--json", *here))[0]["documents"] == 3


def test_score_keeps_and_compares(run: Any, tmp_path: Path) -> None:
    """Exit code 1 where anything got worse."""
    entry = {"kind": "condition", "code": "a", "status": "present", "display": "Smerter"}
    gold, good, bad = (tmp_path / f"{name}.jsonl" for name in ("gold", "good", "bad"))
    gold.write_text(json.dumps({"id": "n", "entries": [entry]}), encoding="utf-8")
    shutil.copy(gold, good)
    bad.write_text(json.dumps({"id": "n", "entries": []}), encoding="utf-8")
    kept = tmp_path / "score.json"
    assert "F1 1.000" in run("score", gold, good, "--save", kept, "--boot", "20")
    assert json.loads(run("score", gold, good, "--json", "--against", kept))["worse"] == []
    out = run("score", gold, bad, "--against", kept, "--errors", code=1)
    assert "worse: condition: 1.000 > 0.000" in out
    assert "n  missed  condition  Smerter  present" in out
    assert "dictate draft --jsonl" in run.refused("score", gold)


FOREIGN = {
    "empty": b"",
    "bytes": bytes(range(256)) * 8,
    "utf16": "code;section;wording\n".encode("utf-16"),
    "zip": b"PK\x03\x04" + b"\0" * 200,
    "text": b"En helt almindelig tekst.\n",
    "json": b"[1, 2]",
    "deep": b"[" * 50_000,
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize(
    "command",
    [
        ("import", "IN.csv", *ANNA),
        ("import", "IN.tsv", *ANNA),
        ("import", "IN.json", *ANNA),
        ("import", "IN.sssom.tsv", *ANNA),
        ("update", "IN.csv"),
        ("update", "IN.json"),
        ("suggest", "IN.jsonl"),
        ("score", "IN.jsonl", "IN.jsonl"),
        ("lint", "IN"),
        ("diff", "IN", "IN"),
        ("install", "IN"),
        ("verify", "IN"),
        ("release", "IN"),
    ],
)
def test_a_foreign_file_is_one_sentence(
    run: Any,
    tmp_path: Path,
    folder: Path,
    *,
    name: str,
    command: tuple[str, ...],
) -> None:
    """Whatever file is handed over, no traceback: one sentence that names the file."""
    file = tmp_path / command[1]
    file.write_bytes(FOREIGN[name])
    arguments: list[object] = [file if part == command[1] else part for part in command]
    if command[0] in {"import", "update", "suggest"}:
        arguments += ["--release", folder]
    said = run.refused(*arguments)
    assert file.name in said
    assert len(said) < 500


@pytest.mark.parametrize(
    "command", ["lint", "diff", "install", "verify", "release", "suggest", "score", "update"]
)
def test_a_file_that_is_not_there_is_one_sentence(run: Any, tmp_path: Path, command: str) -> None:
    """With its name."""
    missing = tmp_path / "nowhere"
    arguments = [missing, missing] if command in {"diff", "score"} else [missing]
    assert "nowhere" in run.refused(command, *arguments)


def test_try_explains_with_the_site_s_wordings(run: Any, here: tuple[object, ...], folder: Path) -> None:
    """As text and as JSON, over a release and an overlay."""
    for name in ("measurement", "medication"):
        shutil.copytree(SHIPPED / name, folder / name)
    for file in (SHIPPED / "slots").glob("*.txt"):
        if not (folder / "slots" / file.name).exists():
            shutil.copy(file, folder / "slots")
    run("propose", SMERTER, "sviger i lysken", *ANNA, *here)
    run("review", "accept", queue(run, here)[0]["id"], *BO, *here)
    out = run("try", "Det sviger i lysken, BT 140/90.", *here)
    assert '"sviger i lysken" > Problemer med smerter [present]: present: recorded' in out
    assert "(overlay/spoken/helbredstilstand/" in out
    found = json.loads(run("try", "Noget vendes, xylofon.", "--json", *here))
    assert found["candidates"] == []
    assert [near["missing"] for near in found["near"]] == [["stønner"]]
    out = run("try", "Noget vendes, xylofon.", *here)
    assert "No wording found" in out
    assert "missing one of: stønner" in out
    assert "xylofon *" in out


def test_install_without_a_folder_says_what_is_in_use(run: Any) -> None:
    """Version and place."""
    assert "Release 0.1.0 is in use, from " in run("install")
