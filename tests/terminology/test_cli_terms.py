"""The `dictate-terms` command as its user meets it."""

import json
import shutil
import sys
from pathlib import Path

import pytest

import terminology
from terminology import cli
from terminology.concept import Concept
from terminology.cues import FILES as CUES
from terminology.lint import Level
from terminology.maintain.vocabulary_files import read_vocabulary
from terminology.maintain.vocabulary_lint import lint_vocabulary
from terminology.manifest import NAME
from terminology.release import load, read
from terminology.search import fold, search
from terminology.show import spoken_count

SHIPPED = Path(terminology.__file__).parent / "data"


class Run:
    """Runs the command in this process and keeps what it said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """Take what pytest offers for arguments and output."""
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.err = ""

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Run, check the exit code, and return stdout; `err` then holds stderr."""
        self._monkeypatch.setattr(sys, "argv", ["dictate-terms", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        output = self._capsys.readouterr()
        self.err = output.err
        assert (caught.value.code or 0) == code, output.err
        return output.out


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own wordings and releases out."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give the command."""
    return Run(monkeypatch, capsys)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the release."""
    shutil.copytree(SHIPPED / "fsiii", tmp_path / "fsiii")
    for name in ("observations.tsv", "tobs.tsv", NAME):
        shutil.copy(SHIPPED / name, tmp_path / name)
    for name in CUES:
        path = tmp_path / "context" / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("[ikke]\n=aldrignævnt\n", encoding="utf-8")
    return tmp_path


def displays(words: str, **options: object) -> list[str]:
    """Return the terms that a search finds, best first."""
    return [hit.item.display for hit in search(load(), words, **options)]  # type: ignore[arg-type]


def test_search_prints_code_status_area_and_term(run: Run) -> None:
    """A line has what is needed to choose."""
    out = run("search", "tryksår")
    assert out.split() == [
        "bb0ea5fa-3462-40de-9047-a16fc4815a47",
        "current",
        "helbredstilstand",
        *("Problemer", "med", "tryksår"),
        "I4.4",
    ]


def test_search_as_json_is_data(run: Run) -> None:
    """The same as JSON, with the score."""
    hits = json.loads(run("search", "tryksår", "--json"))
    assert [(hit["short_code"], hit["status"], hit["leaf"]) for hit in hits] == [("I4.4", "current", True)]


@pytest.mark.parametrize("words", ["tryksår", "TRYKSÅR", "tryksaar", "tryksrå", "i4.4", "sår tryk"])
def test_search_forgives(words: str) -> None:
    """Case, ae for æ, a slip, another order of the parts and the old code all lead there."""
    assert "Problemer med tryksår" in displays(words)


def test_search_ranks_whole_words_and_current_concepts_first() -> None:
    """A whole word beats a part of a word; a current concept beats a retired one of the same rank."""
    hits = search(load(), "smerter")
    assert hits[0].item.display == "Smerter"
    same = [hit for hit in search(load(), "problemer med vandladning") if hit.score > 90]
    statuses = [hit.item.status for hit in same if isinstance(hit.item, Concept)]
    assert statuses == ["current", "retired"]


def test_search_finds_measurements() -> None:
    """Vital signs are found by their everyday names, and by a code that is only read."""
    assert displays("blodtryk", area="observation")[0].startswith("Arm—Blodtryk(systolisk)")
    assert search(load(), "NPU27280")[0].item.code == "NPU10197"


def test_search_can_leave_out_the_retired(run: Run) -> None:
    """With --current nothing retired is listed."""
    assert "retired" in run("search", "sår")
    assert "retired" not in run("search", "sår", "--current")


def test_search_says_how_many_more(run: Run) -> None:
    """A cut list says so, on stderr."""
    out = run("search", "problemer", "--limit", "3")
    assert len(out.splitlines()) == 3
    assert "more; use --limit" in run.err


def test_search_without_a_hit_says_so(run: Run) -> None:
    """Nothing found is one sentence and exit code 1; JSON stays JSON."""
    assert run("search", "xyzzy", code=1) == ""
    assert run.err == 'Error: Nothing matches "xyzzy". Try fewer or other words.\n'
    assert json.loads(run("search", "xyzzy", "--json", code=1)) == []


def test_an_unknown_area_lists_the_areas(run: Run) -> None:
    """A wrong area is answered with the right ones."""
    run("search", "sår", "--area", "nursing", code=1)
    assert "helbredstilstand" in run.err
    run("tree", "nursing", code=1)
    assert "helbredstilstand" in run.err


@pytest.mark.parametrize("code", ["I4.4", "i4.4", "bb0ea5fa-3462-40de-9047-a16fc4815a47"])
def test_show_takes_new_and_old_codes(run: Run, code: str) -> None:
    """UUID and old code show the same concept, with its parents and the basis of its status."""
    out = run("show", code)
    assert "Problemer med tryksår" in out
    assert "Hud og slimhinder" in out
    assert "the source has no status" in out


def test_show_as_json_has_the_whole_concept(run: Run) -> None:
    """Parents, children, note and the source's own spelling are in the JSON."""
    data = json.loads(run("show", "Praktisk_hjaelp_i_hjemmet", "--json"))
    assert data["source_display"] == "Praktisk hjaelp i hjemmet"
    assert data["status_inferred_from"] == "current (added 2024)"
    assert data["parents"][0]["display"] == "Ældrelovsindsats"
    assert len(json.loads(run("show", "I9", "--json"))["children"]) == 10


def test_show_a_measurement(run: Run) -> None:
    """A measurement shows unit, range and TOBS points."""
    out = run("show", "temperature")
    assert "30.0 to 43.0 Cel" in out
    assert "2  39.0-39.9" in out
    assert json.loads(run("show", "NPU08676", "--json"))["loinc"] == "8310-5"


def test_show_counts_the_spoken_wordings(tmp_path: Path) -> None:
    """Lines of the concept's own file count; comments, headers and look-alikes don't."""
    concept = load().by_short_code["I4.4"]
    assert spoken_count(tmp_path, concept) == 0
    area = tmp_path / "spoken" / "helbredstilstand"
    area.mkdir(parents=True)
    head = f"code: {concept.code}\ndisplay: {concept.display}\n\n"
    body = "[present]\n# sites\ntryksår\n[meget] liggesår\n\n[not_done]\nx\n[blocked]\nsårbar\n"
    (area / "problemer_med_tryksaar.txt").write_text(head + body, encoding="utf-8")
    assert spoken_count(tmp_path, concept) == 3
    assert spoken_count(tmp_path, load().by_short_code["I4.2"]) == 0


def test_show_an_unknown_code_offers_others(run: Run) -> None:
    """A mistyped code is answered with the nearest ones."""
    assert run("show", "I4.44", code=1) == ""
    assert "Did you mean I4.4" in run.err


def test_tree_prints_one_area_or_all(run: Run) -> None:
    """One area is a drawn tree; all areas hold every concept once."""
    assert run("tree", "opfoelgning").splitlines()[-1].startswith("└── Revisitation  ")
    assert len(run("tree").splitlines()) == len(load().concepts)
    assert "(retired)" in run("tree", "helbredstilstand")
    assert "(retired)" not in run("tree", "helbredstilstand", "--current")


def test_tree_as_json_is_nested(run: Run) -> None:
    """The JSON tree has the top concept with its children inside."""
    (root,) = json.loads(run("tree", "opfoelgning", "--json"))
    assert [child["short_code"] for child in root["children"]] == ["E1", "E2", "E3", "E4"]


def test_lint_is_silent_on_the_shipped_codes(run: Run) -> None:
    """Nothing to mend in the code files: empty stdout, exit code 0."""
    assert run("lint", "--codes") == ""
    assert json.loads(run("lint", "--codes", "--json")) == []


def test_every_line_of_the_shipped_vocabulary_can_be_read() -> None:
    """Codes, terms, sections, lists and expressions of all files are right."""
    found = read_vocabulary(SHIPPED, load()).findings
    assert [finding for finding in found if finding.level is Level.ERROR] == []


@pytest.mark.slow
def test_every_line_of_the_shipped_vocabulary_can_do_its_work() -> None:
    """No two concepts have the same wording, and each wording can be found."""
    vocabulary = read_vocabulary(SHIPPED, load())
    found = lint_vocabulary(vocabulary.spoken, vocabulary.parser, load())
    assert [finding for finding in found if finding.level is Level.ERROR] == []


def test_a_changed_release_is_found_and_can_be_pinned_anew(run: Run, folder: Path) -> None:
    """After an edit lint points to the file; release pins it under a new version; lint is silent again."""
    file = folder / "tobs.tsv"
    file.write_text(
        file.read_text(encoding="utf-8").replace("Agiteret", "Urolig"), encoding="utf-8", newline="\n"
    )
    assert "tobs.tsv is not the file that manifest.toml pins" in run("lint", str(folder), "--codes", code=1)
    assert run("release", str(folder), "--version", "2027.1") == ""
    assert "Release 2027.1: 414 concepts" in run.err
    assert run("lint", str(folder), "--codes") == ""
    assert read(folder).version == "2027.1"


def test_a_release_with_findings_is_not_pinned(run: Run, folder: Path) -> None:
    """What should be mended is named, and the manifest stays as it was."""
    file = folder / "tobs.tsv"
    before = (folder / NAME).read_bytes()
    file.write_text(
        file.read_text(encoding="utf-8").replace("\t9\t11\t", "\t10\t11\t"), encoding="utf-8", newline="\n"
    )
    run("release", str(folder), code=1)
    assert "no limit covers 9" in run.err
    assert (folder / NAME).read_bytes() == before


@pytest.mark.parametrize("version", ["two words", "", "../1", 'a"b'])
def test_a_version_is_a_plain_word(run: Run, folder: Path, version: str) -> None:
    """A version that would break the manifest is refused; an empty one keeps the old."""
    run("release", str(folder), "--version", version, code=1 if version else 0)
    assert read(folder).version == "0.1.0"


def test_a_folder_without_a_release_is_named(run: Run, tmp_path: Path) -> None:
    """A wrong folder is one sentence, not a traceback."""
    run("lint", str(tmp_path / "nowhere"), code=1)
    assert run.err.startswith("Error: Cannot read manifest.toml in ")
    assert run.err.count("\n") == 1


def test_fold_keeps_words_only() -> None:
    """Words are compared without case, signs and Danish letters."""
    assert fold("Af- og påklædning (§ 83)") == ("af", "og", "paaklaedning", "83")
