"""A tiny embedded model, written by CTranslate2 itself, in two packages that only these tests see."""

import hashlib
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from ctranslate2.specs.model_spec import OPTIONAL, LayerSpec, ModelConfig
from ctranslate2.specs.model_spec import ModelSpec as Ct2Spec

from models import registry
from models.convert import requantise
from models.registry import ModelFile, ModelSpec, Part, Pin, Source

Array = npt.NDArray[np.float16]
Serialise = Callable[..., bytes]


class _Linear(LayerSpec):
    """A layer whose weight may be quantised, because it has room for the scale."""

    def __init__(self, weight: Array) -> None:
        self.weight = weight
        self.weight_scale = OPTIONAL


class _Convolution(LayerSpec):
    """A layer whose weight stays as it is."""

    def __init__(self, weight: Array) -> None:
        self.weight = weight


class _Model(Ct2Spec):
    """One of each kind of layer, and a second name for the first weight."""

    def __init__(self, linear: Array, convolution: Array, bias: Array) -> None:
        super().__init__()
        self.linear = _Linear(linear)
        self.convolution = _Convolution(convolution)
        self.output = _Linear(linear.copy())
        self.bias = bias
        self.heads = np.int16(8)

    @property
    def name(self) -> str:
        return "WhisperSpec"

    def get_default_config(self) -> ModelConfig:
        return ModelConfig()


@pytest.fixture(scope="session")
def serialise(tmp_path_factory: pytest.TempPathFactory) -> Serialise:
    """Make a model file with CTranslate2's own writer, float16 or quantised by it."""

    def write(linear: Array, convolution: Array, bias: Array, *, quantization: str | None = None) -> bytes:
        model = _Model(linear.copy(), convolution.copy(), bias.copy())
        model.validate()
        model.optimize(quantization)
        path = tmp_path_factory.getbasetemp() / "serialised.bin"
        model._serialize(path)
        return path.read_bytes()

    return write


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The folder in which the packages of `tiny` are installed."""
    return tmp_path / "site"


@pytest.fixture
def tiny(site: Path, serialise: Serialise, monkeypatch: pytest.MonkeyPatch) -> ModelSpec:
    """An installed embedded model of two parts; the only one in the catalogue."""
    random = np.random.default_rng(1)
    content = serialise(
        *(random.standard_normal(shape).astype(np.float16) for shape in ((64, 32), (4, 2, 3), (8,)))
    )
    target = io.BytesIO()
    requantise(io.BytesIO(content), target)
    int8 = target.getvalue()
    config = b'{"lang_ids": [50285]}\n'

    half = len(content) // 2
    installed = {
        ("tiny_part1", "data/model.bin.part1"): content[:half],
        ("tiny_part2", "data/model.bin.part2"): content[half:],
        ("tiny_part1", "data/config.json"): config,
    }
    parts = {}
    for (package, path), piece in installed.items():
        file = site / package / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(piece)
        (site / package / "__init__.py").write_text("raise ImportError('to be looked up, never imported')\n")
        parts[path] = Part(package=package, path=path, size=len(piece), sha256=_sha256(piece))
    monkeypatch.syspath_prepend(str(site))

    model = ModelSpec(
        name="tiny",
        source=Source.EMBEDDED,
        extra="embedded-model",
        repository="example/tiny",
        revision="0123456789abcdef0123456789abcdef01234567",
        licence="MIT",
        n_mels=80,
        compute_types=("int8",),
        min_window_s=10.0,
        limit="Knows nothing.",
        files=(
            ModelFile(
                path="model.bin",
                size=len(content),
                sha256=_sha256(content),
                parts=(parts["data/model.bin.part1"], parts["data/model.bin.part2"]),
                int8=Pin(size=len(int8), sha256=_sha256(int8)),
            ),
            ModelFile(
                path="config.json",
                size=len(config),
                sha256=_sha256(config),
                parts=(parts["data/config.json"],),
            ),
        ),
    )
    monkeypatch.setattr(registry, "catalogue", lambda: (model,))
    return model


@pytest.fixture
def cache_dir(tmp_path: Path) -> Path:
    """An application cache folder that doesn't exist yet."""
    return tmp_path / "cache"


class Standin:
    """A local hub: serves files by the hub's rules, and fails in the ways that hubs fail."""

    def __init__(self) -> None:
        """Serve nothing yet."""
        self.files: dict[str, bytes] = {}
        self.revision = "f" * 40
        self.cuts: dict[str, list[int]] = {}
        """File to the bytes after which each next answer is cut."""
        self.statuses: list[int] = []
        """Answer the next requests for files with these."""
        self.moved: str | None = None
        """The new name of the repository, for a redirect."""
        self.asked: list[tuple[str, str, str | None]] = []
        """Method, path and range of every request."""
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

            def do_HEAD(self) -> None:
                self.answer(body=False)

            def do_GET(self) -> None:
                self.answer(body=True)

            def answer(self, *, body: bool) -> None:
                path = self.path.split("?")[0]
                standin.asked.append((self.command, path, self.headers.get("Range")))
                if path.startswith("/api/models/"):
                    siblings = [{"rfilename": name} for name in standin.files]
                    facts = {"id": "example/model", "sha": standin.revision, "siblings": siblings}
                    self.send(200, json.dumps(facts).encode(), body=body)
                    return
                if standin.moved and not path.startswith(f"/{standin.moved}/"):
                    owner, name, rest = path.strip("/").split("/", 2)
                    del owner, name
                    self.send(307, b"", body=False, extra={"Location": f"/{standin.moved}/{rest}"})
                    return
                if standin.statuses:
                    self.send(standin.statuses.pop(0), b"", body=False)
                    return
                name = path.rsplit("/", 1)[-1]
                if f"/resolve/{standin.revision}/" not in path or name not in standin.files:
                    self.send(404, b"", body=False, extra={"X-Error-Code": "EntryNotFound"})
                    return
                content = standin.files[name]
                start = 0
                if asked := self.headers.get("Range"):
                    start = int(asked.removeprefix("bytes=").split("-")[0])
                headers = {
                    "ETag": f'"{hashlib.sha256(content).hexdigest()}"',
                    "X-Repo-Commit": standin.revision,
                    "Accept-Ranges": "bytes",
                }
                if start:
                    headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
                cut = standin.cuts.get(name, [])
                limit = cut.pop(0) if body and cut else None
                self.send(206 if start else 200, content[start:], body=body, extra=headers, limit=limit)

            def send(
                self,
                status: int,
                content: bytes,
                *,
                body: bool,
                extra: dict[str, str] | None = None,
                limit: int | None = None,
            ) -> None:
                self.send_response(status)
                for name, value in (extra or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if body:
                    self.wfile.write(content[:limit])
                    if limit is not None and limit < len(content):
                        self.wfile.flush()
                        self.close_connection = True
                        self.connection.shutdown(socket.SHUT_RDWR)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def standin() -> Iterator[Standin]:
    """A local hub without files."""
    server = Standin()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the user's own records and models out of the tests."""
    folder = tmp_path / "own"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    return folder
