"""A small release with a few spoken wordings, and a site's overlay over it."""

import shutil
import sys
from pathlib import Path

import pytest

import terminology
from terminology import cli
from terminology.cues import FILES as CUES
from terminology.manifest import NAME
from terminology.overlay.base import Base, read_base
from terminology.overlay.desk import Desk
from terminology.overlay.store import Store

SHIPPED = Path(terminology.__file__).parent / "data"
SPOKEN = {
    "helbredstilstand/problemer_med_smerter.txt": """\
code: 5b6f5ce1-24b0-486d-8bbb-f9711fec92dd
display: Problemer med smerter

[present]
# pain and where
{ondt} [i] {sted}
jamrer sig
stønner & vendes

[absent]
smertefri

[blocked]
smertestillende creme i skabet
""",
    "helbredstilstand/problemer_med_tryksaar.txt": """\
code: bb0ea5fa-3462-40de-9047-a16fc4815a47
display: Problemer med tryksår

[present]
(liggesår|trykspor)
rød på sædet
""",
    "helbredstilstand/problemer_med_hukommelse.txt": """\
code: e1dcf02e-6df5-487d-b596-3d499545468f
display: Problemer med hukommelse
alternatives: a3ac7928-77c9-425c-a7f1-1248a3764d0a

[present]
glemmer aftaler
""",
    "indsats_sygepleje/saarbehandling.txt": """\
code: 76878386-b3d2-4320-828a-a700e8a66234
display: Sårbehandling

[completed]
forbinding skiftet
såret renset
""",
}
SLOTS = {"ondt.txt": "ondt\nværker\n", "sted.txt": "hoften\nknæet\nryggen\n"}


def make_release(target: Path) -> Path:
    """Write a release with the shipped codes and the small vocabulary."""
    shutil.copytree(SHIPPED / "fsiii", target / "fsiii")
    for name in ("observations.tsv", "tobs.tsv", NAME):
        shutil.copy(SHIPPED / name, target / name)
    context = {f"{name}.txt": "[ikke]\n=aldrignævnt\n" for name in CUES}
    for folder, files in (("spoken", SPOKEN), ("slots", SLOTS), ("context", context)):
        for name, text in files.items():
            path = target / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    return target


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own overlay, keys and releases out."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a small release that a test may change."""
    return make_release(tmp_path / "release")


@pytest.fixture
def base(folder: Path) -> Base:
    """Give the small release, read."""
    return read_base(folder)


@pytest.fixture
def desk(base: Base, tmp_path: Path) -> Desk:
    """Give an empty overlay over the small release."""
    return Desk(base=base, store=Store(tmp_path / "terms"))


class Run:
    """Runs the command in this process and keeps what it said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """Take what pytest offers for arguments and output."""
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.err = ""

    def __call__(self, *arguments: object, code: int = 0) -> str:
        """Run, check the exit code, and return stdout; `err` then holds stderr."""
        self._monkeypatch.setattr(sys, "argv", ["dictate-terms", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        output = self._capsys.readouterr()
        self.err = output.err
        assert (caught.value.code or 0) == code, output.err
        return output.out

    def refused(self, *arguments: object) -> str:
        """Run what must be refused; return the one sentence that says why."""
        self(*arguments, code=1)
        assert self.err.startswith("Error: ")
        assert self.err.count("\n") == 1, self.err
        return self.err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give the command."""
    return Run(monkeypatch, capsys)
