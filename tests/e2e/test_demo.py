"""The whole way through the real parts, as `make demo` goes it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "samples" / "s01-saarpleje.flac"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Keep the user's cache out of it, and any network: a proxy that isn't there."""
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    proxies = dict.fromkeys(names, "http://127.0.0.1:9")
    return os.environ | proxies | {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")), "COLUMNS": "80"}


def dictate(*words: str, environment: dict[str, str], cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "dictate.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=cwd)


@pytest.mark.model
@pytest.mark.slow
def test_demo_shows_every_step_and_writes_bundles(tmp_path: Path, environment: dict[str, str]) -> None:
    """Words, their errors, the note, and one bundle with the note's text and a marked synthetic signer."""
    done = dictate("demo", "--output", str(tmp_path / "out"), environment=environment)
    assert done.returncode == 0, done.stderr
    for heading in ("Heard:", "Wrong:", "Note:", "File:", "Summary", "word error rate", "What to expect"):
        assert heading in done.stdout
    bundles = sorted((tmp_path / "out").glob("*.json"))
    assert len(bundles) == 12
    bundle = json.loads(bundles[0].read_text(encoding="utf-8"))
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert (bundle["type"], kinds.count("Patient"), kinds.count("Encounter")) == ("collection", 1, 1)
    assert "syntetisk" in json.dumps(bundle, ensure_ascii=False)


@pytest.mark.model
@pytest.mark.slow
def test_the_steps_one_by_one(tmp_path: Path, environment: dict[str, str]) -> None:
    """transcribe, draft, sign and export, each reading what the one before wrote."""
    heard = dictate("transcribe", str(SAMPLE), "--format", "json", environment=environment)
    assert heard.returncode == 0, heard.stderr
    transcript = json.loads(heard.stdout)
    assert transcript["duration"] > 8
    assert all(0 <= word["start"] <= word["end"] for part in transcript["segments"] for word in part["words"])

    note = tmp_path / "notes.jsonl"
    spoken = {"id": "besøg", "spoken": "såret er renset blodtryk hundrede og fyrre over halvfems"}
    note.write_text(json.dumps(spoken) + "\n", encoding="utf-8")
    drafted = dictate("draft", "--jsonl", str(note), environment=environment)
    assert drafted.returncode == 0, drafted.stderr
    drafts = tmp_path / "drafts.jsonl"
    drafts.write_text(drafted.stdout, encoding="utf-8")
    assert {entry["value"] for entry in json.loads(drafted.stdout)["entries"]} >= {140, 90}

    author = ("--author", "Test Testesen", "--role", "SOSU")
    where = ("--citizen", "1502409995", *author, "--start", "2026-11-22T09:00")
    out = tmp_path / "out"
    refused = dictate("export", str(drafts), *where, "-o", str(out), environment=environment)
    assert refused.returncode == 1
    assert "sign" in refused.stderr
    assert not out.exists()

    signed = tmp_path / "signed.jsonl"
    signing = ("sign", "--by", "Test Testesen", "--role", "SOSU", "--all", str(drafts), "-o", str(signed))
    assert dictate(*signing, environment=environment).returncode == 0
    exported = dictate("export", str(signed), *where, "-o", str(out), environment=environment)
    assert exported.returncode == 0, exported.stderr
    (file,) = out.glob("*.json")
    resources = [entry["resource"] for entry in json.loads(file.read_text(encoding="utf-8"))["entry"]]
    values = {r["valueQuantity"]["value"] for r in resources if r["resourceType"] == "Observation"}
    assert values == {140, 90}
