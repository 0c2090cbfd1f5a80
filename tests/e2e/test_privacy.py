"""A canary through every command: it stands where it was asked for, and nowhere else."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from models.embedded import is_installed
from models.registry import spec

SAMPLES = Path(__file__).parents[2] / "samples"
NAME = "Quetzalina Kvidderkvist"
CPR = "0101019995"
SENTENCE = "Quetzalina kvidrer ved natlampen og sover uroligt om natten. Blodtryk 131/83."
WORDS = (CPR, "010101-9995", "quetzalina", "kvidrer", "natlampen", "kvidderkvist")


@dataclass
class Site:
    """A home of its own; `given` and `asked` hold the canary on purpose, the rest must not."""

    folder: Path
    said: list[str] = field(default_factory=list)
    """What every command said on standard error, and on standard output where that is no data."""

    def __post_init__(self) -> None:
        """Make the folders."""
        for path in (self.home, self.temporary, self.given, self.asked):
            path.mkdir()

    @property
    def home(self) -> Path:
        """The user's home, with a shell that keeps a history."""
        return self.folder / "home"

    @property
    def temporary(self) -> Path:
        """TMPDIR."""
        return self.folder / "tmp"

    @property
    def given(self) -> Path:
        """What goes in."""
        return self.folder / "given"

    @property
    def asked(self) -> Path:
        """What was asked for."""
        return self.folder / "asked"

    def dictate(self, *arguments: object, text: str = "", code: int | None = 0) -> str:
        """Run a command; return its standard output."""
        return self.python("-m", "dictate.cli.__main__", *arguments, text=text, code=code)

    def python(self, *arguments: object, text: str = "", code: int | None = 0) -> str:
        """Run Python in the home."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        environment |= {
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PLEJEDIKTAT_KEY_PLACE": "file",
            "PLEJEDIKTAT_USER_NAME": "Anna Testsen",
            "PLEJEDIKTAT_USER_ROLE": "Sygeplejerske",
        }
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            input=text,
            env=environment,
            cwd=self.temporary,
            capture_output=True,
            text=True,
            check=False,
        )
        assert code is None or done.returncode == code, done.stderr
        self.said.append(done.stderr)
        return done.stdout


@pytest.fixture(name="site")
def site_fixture(tmp_path: Path) -> Site:
    """Return a home to work in."""
    return Site(tmp_path)


def needles() -> Iterator[bytes]:
    """Yield the canary as files and databases might hold it."""
    for word in WORDS:
        for spelt in {word, word.capitalize()}:
            yield spelt.encode()
            yield spelt.encode("utf-16-le")
            for shift in range(3):
                yield base64.b64encode(b"\0" * shift + spelt.encode())[4:-4]


def check(site: Site) -> None:
    """Assert that the canary is in no name, no message, and in no file but those given and asked for."""
    wanted = tuple(needles())
    for path in site.folder.rglob("*"):
        assert not any(word in path.name.lower() for word in WORDS), path.name
        if path.is_file() and not path.is_symlink() and site.asked not in path.parents:
            if site.given in path.parents:
                continue
            content = path.read_bytes()
            assert not any(needle in content for needle in wanted), path.relative_to(site.folder)
    for message in site.said:
        assert not any(word in message.lower() for word in WORDS), message


STORE = f"""
import sys
import numpy as np
from datetime import UTC, datetime
from dictate import journal, opening
from dictate.notes import read_notes
from pathlib import Path
with opening.store(program="test") as store:
    citizen = store.citizens.add(name={NAME!r}, cpr={CPR!r})
    dictation = store.dictations.begin(citizen.id, record=True)
    key = store.recordings.key(dictation.recording_id)
    with journal.record(store.recordings_dir, dictation.recording_id, key) as writer:
        writer.write(np.zeros(16_000, np.float32))
    (note,) = read_notes(Path(sys.argv[1]))
    store.corrections.add(dictation.id, heard={SENTENCE!r}, chosen={NAME!r}, kind="text")
    store.dictations.sign(dictation.id, note, targets=["gateway"])
    print(citizen.id, dictation.id)
"""


@pytest.mark.slow
def test_drafts_signatures_exports_and_the_store(site: Site) -> None:
    """Draft, sign, export, store, give out, back up, restore, delete, ask the log."""
    text = site.given / "note.txt"
    text.write_text(SENTENCE, encoding="utf-8")
    line = {"id": "n1", "text": SENTENCE}
    notes = site.given / "notes.jsonl"
    notes.write_text(json.dumps(line) + "\n", encoding="utf-8")
    drafts, signed = site.asked / "drafts.jsonl", site.asked / "signed.jsonl"
    drafts.write_text(site.dictate("draft", "--jsonl", notes), encoding="utf-8")
    site.dictate("draft", text)
    site.dictate("normalise", text=SENTENCE)
    site.dictate("sign", drafts, "--by", "Anna", "--role", "Sygeplejerske", "--all", "-o", signed)
    visit = ["--citizen", CPR, "--author", "Anna", "--role", "Sygeplejerske", "--start", "2026-11-22T09:00"]
    for form in ("kl-core", "csv", "json", "html", "text"):
        site.dictate("export", signed, "--format", form, *visit, "-o", site.asked / form)
    citizen, dictation = site.python("-c", STORE, signed).split()
    site.dictate("export", "--citizen", CPR, "--format", "json", "-o", site.asked / "stored", code=None)
    site.dictate("citizen", "export", "--citizen", "-", "-o", site.asked / "own", "--sound", text=f"{CPR}\n")
    assert NAME in (site.asked / "own" / "oplysninger.txt").read_text(encoding="utf-8")
    assert "[navn]" in site.dictate("corrections", "export")
    listed = site.dictate("audit", "export", "--citizen", "-", text=CPR)
    listed += site.dictate("audit", "show") + site.dictate("outbox", "list")
    site.dictate("backup", "make", site.home / "backups")
    site.dictate("retention", "hold", "put", "--citizen", citizen, "--why", "sag 1")
    listed += site.dictate("retention", "run") + site.dictate("retention", "hold", "list")
    site.dictate("backup", "restore", site.home / "backups", "--replace")
    listed += site.dictate("audit", "verify") + site.dictate("key", "check")
    site.dictate("key", "rotate")
    assert dictation in listed
    site.said.append(listed)
    check(site)


@pytest.mark.slow
def test_errors(site: Site) -> None:
    """Whatever is wrong with the input, the message does not repeat it."""
    broken = site.given / "broken.jsonl"
    lines = (
        f'{{"id": "n1", "text": "{SENTENCE}"',
        json.dumps({"id": "n1", "text": SENTENCE, "entries": [{"evidence": SENTENCE}]}),
        json.dumps({"id": NAME, "text": SENTENCE, "entries": SENTENCE}),
        json.dumps({"id": "n1", "text": [SENTENCE], "entries": []}),
    )
    sign = ("--by", "Anna", "--role", "R", "--all")
    for line in lines:
        broken.write_text(line + "\n", encoding="utf-8")
        site.dictate("sign", broken, *sign, code=1)
        site.dictate("draft", "--jsonl", broken, code=None)
        site.dictate("export", broken, "--format", "json", "-o", site.asked / "x", code=None)
    site.dictate("audit", "export", "--citizen", "-", text=CPR, code=1)
    site.dictate("audit", "export", "--citizen", "-", text=f"{NAME} {CPR}", code=1)
    sound = site.given / "sound.wav"
    sound.write_text(SENTENCE * 100, encoding="utf-8")
    site.dictate("transcribe", sound, code=None)
    check(site)


@pytest.mark.model
@pytest.mark.slow
def test_batch(site: Site) -> None:
    """A table beside the recordings names the citizen; neither the drafts' names nor any record does."""
    if not is_installed(spec("whisper-base")):
        pytest.skip("the extra embedded-model is not installed")
    cache = site.home / ".cache" / "plejediktat"
    cache.mkdir(parents=True)
    models = Path.home() / ".cache" / "plejediktat" / "models"
    if models.is_dir():
        (cache / "models").symlink_to(models)
    sample = min(SAMPLES.glob("*.flac"), key=lambda path: path.stat().st_size)
    (site.given / "one.flac").write_bytes(sample.read_bytes())
    (site.given / "bad.wav").write_text(SENTENCE, encoding="utf-8")
    (site.given / "recordings.csv").write_text(f"file,citizen\none.flac,{CPR}\n", encoding="utf-8")
    said = site.dictate("batch", site.given, "-o", site.home / "drafts", "--workers", "1", code=None)
    assert "done, draft in the inbox" in said
    site.said.append(said)
    check(site)
