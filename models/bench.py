"""Speed and memory of a model on this machine, measured in a process of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass

from models.cache import ModelFiles
from models.errors import ModelError

_SCRIPT = """
import json, resource, sys, time
import ctranslate2, numpy as np
folder, compute_type, threads, mels = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
start = time.perf_counter()
model = ctranslate2.models.Whisper(folder, device="cpu", compute_type=compute_type, intra_threads=threads)
loaded = time.perf_counter()
random = np.random.default_rng(1).normal(0, 0.3, (1, mels, 3000)).astype(np.float32)
features = ctranslate2.StorageView.from_array(random)
model.encode(features)
begun = time.perf_counter()
model.encode(features)
encoded = time.perf_counter()
prompt = [[50258, 50285, 50359 if mels == 80 else 50360, 50363 if mels == 80 else 50364]]
model.generate(features, prompt, beam_size=5, max_length=154, suppress_blank=False, suppress_tokens=[50257])
decoded = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
print(json.dumps({"load_s": loaded - start, "encode_s": encoded - begun,
                  "decode_s": max(0.0, decoded - encoded - (encoded - begun)), "peak_mb": peak}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured, in seconds and megabytes."""

    load_s: float
    encode_s: float
    """For a full window of 30 s."""
    decode_s: float
    """For 150 tokens at beam 5, about a hundred Danish words."""
    peak_mb: float


def measure(files: ModelFiles, *, threads: int = 0) -> Measured:
    """Load a model, encode and decode made sound.

    Args:
        files: from the cache.
        threads: processor threads; 0 for as many as there are.

    Raises:
        ModelError: the model can't be run here.

    """
    command = [sys.executable, "-c", _SCRIPT, str(files.folder), files.compute_type, str(threads)]
    done = subprocess.run([*command, str(files.spec.n_mels)], capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it was killed, perhaps for lack of memory"]
        raise ModelError(f"The model {files.spec.name} can't be run here: {last[0]}. Choose a smaller one.")
    return Measured(**json.loads(done.stdout))
