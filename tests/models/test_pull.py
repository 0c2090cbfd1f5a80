"""Fetching from a hub that behaves and from one that doesn't: checked byte for byte, whole or not at all."""

import hashlib
import resource
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from models import pull as pull_module
from models import received, registry
from models.added import add
from models.cache import check_cached, folder_of, is_cached
from models.choice import choose, current
from models.cli import app
from models.errors import ModelDamagedError, ModelError, ModelMissingError, ModelStoreError
from models.hub import Hub
from models.pull import Origin, pull
from models.quantise import quantise, remove
from models.registry import ModelFile, ModelSpec, Source

CONTENT = {
    "model.bin": bytes(range(256)) * 100_000,
    "config.json": b'{"lang_ids": [50285]}\n',
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"a\nb\n",
    "README.md": b"not needed",
}
NEEDED = {"model.bin", "config.json", "tokenizer.json", "vocabulary.txt"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Don't wait long between tries, and never let a mirror be a proxy."""
    monkeypatch.setenv("HF_HUB_ETAG_TIMEOUT", "5")
    monkeypatch.setattr("time.sleep", lambda _: None)


def model(*, pinned: bool = True, **changes: Any) -> ModelSpec:
    """Return a model of the hub, fully pinned or not at all."""
    files = tuple(
        ModelFile(path=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        for name, content in CONTENT.items()
        if name in NEEDED
    )
    facts: dict[str, Any] = {
        "name": "far",
        "source": Source.HUB,
        "repository": "example/model",
        "revision": "f" * 40 if pinned else None,
        "licence": "MIT",
        "n_mels": 80,
        "compute_types": ("int8",),
        "min_window_s": 30.0,
        "limit": "Knows nothing.",
        "files": files if pinned else (),
    }
    return ModelSpec(**(facts | changes))


def test_a_pinned_model_is_fetched_whole(standin: Any, cache_dir: Path) -> None:
    """Only the files that are needed come; a second pull asks nothing."""
    standin.files = dict(CONTENT)
    told: list[tuple[int, int]] = []
    files = pull(model(), cache_dir, Origin(hub=Hub(standin.url)), progress=lambda *at: told.append(at))
    assert {path.name for path in files.folder.iterdir()} == NEEDED | {"manifest.json"}
    assert (files.folder / "model.bin").read_bytes() == CONTENT["model.bin"]
    assert not any("README" in path for _, path, _ in standin.asked)
    asked = len(standin.asked)
    pull(model(), cache_dir, Origin(hub=Hub(standin.url)))
    assert len(standin.asked) == asked
    assert [path.name for path in files.folder.parent.iterdir() if path.is_dir()] == [files.folder.name]


def test_a_cut_line_is_continued(standin: Any, cache_dir: Path) -> None:
    """The connection breaks in the middle of the weights; the rest is asked for from there."""
    standin.files = dict(CONTENT)
    standin.cuts = {"model.bin": [12_000_000, 12_000_000]}
    files = pull(model(), cache_dir, Origin(hub=Hub(standin.url)))
    assert (files.folder / "model.bin").read_bytes() == CONTENT["model.bin"]
    assert any(
        asked for method, path, asked in standin.asked if method == "GET" and path.endswith("model.bin")
    )


def test_what_came_is_kept_for_the_next_run(standin: Any, cache_dir: Path) -> None:
    """A hub that stops answering costs one sentence, and the next run does not fetch the weights again."""
    standin.files = {name: CONTENT[name] for name in ("model.bin", "config.json")}
    with pytest.raises(ModelMissingError, match="rewritten"):
        pull(model(), cache_dir, Origin(hub=Hub(standin.url)))
    assert not is_cached(folder_of(model(), cache_dir))
    standin.files = dict(CONTENT)
    standin.asked.clear()
    pull(model(), cache_dir, Origin(hub=Hub(standin.url)))
    assert not any(method == "GET" and path.endswith("model.bin") for method, path, _ in standin.asked)


def test_a_wrong_byte_is_refused_and_thrown_away(standin: Any, cache_dir: Path) -> None:
    """The right size with one other byte; nothing is in the cache, and a later right file is taken."""
    wrong = bytearray(CONTENT["model.bin"])
    wrong[77] ^= 1
    standin.files = CONTENT | {"model.bin": bytes(wrong)}
    with pytest.raises(ModelDamagedError, match=r"model\.bin .* is not the pinned one: .* thrown away"):
        pull(model(), cache_dir, Origin(hub=Hub(standin.url)))
    assert not is_cached(folder_of(model(), cache_dir))
    standin.files = dict(CONTENT)
    pull(model(), cache_dir, Origin(hub=Hub(standin.url)))


def test_a_renamed_repository_is_followed(standin: Any, cache_dir: Path) -> None:
    """The hub answers 307 with the new name."""
    standin.files = dict(CONTENT)
    standin.moved = "other/model"
    files = pull(model(), cache_dir, Origin(hub=Hub(standin.url)))
    assert (files.folder / "vocabulary.txt").read_bytes() == CONTENT["vocabulary.txt"]


@pytest.mark.parametrize(("status", "words"), [(429, "asks for patience"), (500, "answered 500")])
def test_a_hub_in_trouble(standin: Any, cache_dir: Path, status: int, words: str) -> None:
    """One sentence that says what to do."""
    standin.files = dict(CONTENT)
    standin.statuses = [status] * 50
    with pytest.raises(ModelStoreError, match=rf"({words}|Cannot reach).*run the same command again"):
        pull(model(), cache_dir, Origin(hub=Hub(standin.url)))


def test_nobody_answers(cache_dir: Path) -> None:
    """A closed port."""
    with pytest.raises(ModelStoreError, match=r"Cannot reach http://127\.0\.0\.1:9 "):
        pull(model(), cache_dir, Origin(hub=Hub("http://127.0.0.1:9")))


def test_no_room(standin: Any, cache_dir: Path) -> None:
    """The file system takes no more: one sentence, and nothing in the cache."""
    standin.files = dict(CONTENT)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(ModelStoreError, match=r"(Make|make) room"):
            pull(model(), cache_dir, Origin(hub=Hub(standin.url)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not is_cached(folder_of(model(), cache_dir))


def test_an_unpinned_model_needs_a_word_and_is_then_pinned(standin: Any, cache_dir: Path) -> None:
    """What came first is what must come again, even after the cache was emptied."""
    standin.files = dict(CONTENT)
    spec = model(pinned=False)
    with pytest.raises(ModelError, match="--accept-unpinned"):
        pull(spec, cache_dir, Origin(hub=Hub(standin.url)))
    files = pull(spec, cache_dir, Origin(hub=Hub(standin.url), accept_unpinned=True))
    record = received.read(spec)
    assert record is not None
    assert record.revision == "f" * 40
    shutil.rmtree(files.folder)
    standin.files = CONTENT | {"config.json": b'{"lang_ids": []}\n'}
    with pytest.raises(ModelDamagedError, match="received before"):
        pull(spec, cache_dir, Origin(hub=Hub(standin.url)))
    standin.files = dict(CONTENT)
    pull(spec, cache_dir, Origin(hub=Hub(standin.url)))


def test_files_from_a_folder(cache_dir: Path, tmp_path: Path) -> None:
    """A closed network: the files come on a stick and are checked all the same."""
    stick = tmp_path / "stick"
    stick.mkdir()
    for name, content in CONTENT.items():
        (stick / name).write_bytes(content)
    pull(model(), cache_dir, Origin(hub=Hub(), folder=stick))
    (stick / "model.bin").write_bytes(b"x")
    with pytest.raises(ModelDamagedError, match=r"model\.bin"):
        pull(model(name="again"), cache_dir, Origin(hub=Hub(), folder=stick))
    (stick / "model.bin").unlink()
    with pytest.raises(ModelMissingError, match=r"lacks model\.bin"):
        pull(model(name="again"), cache_dir, Origin(hub=Hub(), folder=stick))


def test_a_changed_file_in_the_cache_is_found(standin: Any, cache_dir: Path) -> None:
    """A model is hashed at each use."""
    standin.files = dict(CONTENT)
    files = pull(model(), cache_dir, Origin(hub=Hub(standin.url)))
    (files.folder / "config.json").write_bytes(b"{}")
    with pytest.raises(ModelDamagedError, match="dictate-models remove far"):
        pull(model(), cache_dir, Origin(hub=Hub(standin.url)))


def test_another_process_is_at_it(standin: Any, cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pulls of the same model don't write over each other."""
    import filelock  # noqa: PLC0415

    monkeypatch.setattr(pull_module, "_WAIT_S", 0)
    standin.files = dict(CONTENT)
    place = folder_of(model(), cache_dir).parent
    place.mkdir(parents=True)
    with filelock.FileLock(place / ".lock"), pytest.raises(ModelStoreError, match="Another process"):
        pull(model(), cache_dir, Origin(hub=Hub(standin.url)))


def test_add_quantise_use_remove(
    tmp_path: Path, cache_dir: Path, serialise: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The life of a model from a folder on this machine."""
    import numpy as np  # noqa: PLC0415

    random = np.random.default_rng(1)
    weights = serialise(
        *(random.standard_normal(shape).astype(np.float16) for shape in ((64, 32), (4, 2, 3), (8,)))
    )
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, content in (CONTENT | {"model.bin": weights}).items():
        (folder / name).write_bytes(content)
    files = add(str(folder), "vores", cache_dir, Origin(hub=Hub()))
    spec = registry.spec("vores")
    assert spec.source is Source.LOCAL
    assert folder_of(spec, cache_dir) == files.folder
    before, after = quantise(spec, cache_dir)
    assert after < before
    assert all(check.ok for check in check_cached(spec, files.folder))
    choose("vores")
    assert current() == "vores"
    with pytest.raises(ModelError, match="already"):
        add(str(folder), "vores", cache_dir, Origin(hub=Hub()))
    remove(spec, cache_dir)
    assert current() == "whisper-base"
    assert not files.folder.exists()
    with pytest.raises(ModelError, match="no model named"):
        registry.spec("vores")
    with pytest.raises(ModelMissingError, match="neither a folder nor"):
        add("nowhere", "andet", cache_dir, Origin(hub=Hub()))
    assert not capsys.readouterr().out


def test_the_command(standin: Any, cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pull` prints the folder on stdout and the terms on stderr; failing is one sentence."""
    standin.files = dict(CONTENT)
    monkeypatch.setattr(registry, "shipped", lambda: (model(terms="Only for tests."),))
    options = ["--mirror", standin.url, "--cache-dir", str(cache_dir)]
    done = CliRunner().invoke(app, ["pull", "far", *options])
    assert done.exit_code == 0
    assert Path(done.stdout.strip()).is_dir()
    assert "Only for tests." in done.stderr
    listed = CliRunner().invoke(app, ["list", "--cache-dir", str(cache_dir)])
    assert "installed" in listed.stdout
    verified = CliRunner().invoke(app, ["verify", "far", "--cache-dir", str(cache_dir)])
    assert verified.exit_code == 0
    removed = CliRunner().invoke(app, ["remove", "far", "--cache-dir", str(cache_dir)])
    assert removed.exit_code == 0
    failed = CliRunner().invoke(app, ["use", "far", "--cache-dir", str(cache_dir)])
    assert failed.exit_code == 1
    assert failed.stderr.startswith("Error: The model far is not on this machine.")
    assert failed.stderr.count("\n") == 1
