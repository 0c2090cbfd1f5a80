"""The command as a user runs it, with a scripted recogniser in place of the model."""

import json
import os
import sys
import wave
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from dictate import bootstrap
from dictate.audio import AudioClip
from dictate.cli.transcribe import transcribe
from dictate.errors import AudioError, ConfigError, OutputError
from dictate.transcriber.base import DecodeOptions, Progress
from dictate.transcript import ModelName, Segment, Transcript, Word

app = typer.Typer()
app.command()(transcribe)


class Scripted:
    """Hears one sentence in everything, and notes what it was asked."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self.asked: list[DecodeOptions] = []

    @property
    def model(self) -> ModelName:
        """No real model."""
        return ModelName(name="scripted", revision="0", compute_type="int8")

    def transcribe(
        self,
        blocks: Iterable[AudioClip],
        options: DecodeOptions = DecodeOptions(),  # noqa: B008 - frozen
        *,
        progress: Progress | None = None,
    ) -> Transcript:
        """Read all the sound, as a real one does, and say the same always."""
        self.asked.append(options)
        duration = sum(block.duration for block in blocks)
        if progress:
            progress(duration)
        word = Word(text="Hej.", start=0.25, end=0.5, probability=0.9)
        segment = Segment(
            text="Hej.", start=0.25, end=0.5, words=(word,), avg_logprob=-0.1, no_speech_prob=0.0
        )
        return Transcript(segments=(segment,), language=options.language, duration=duration, model=self.model)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The recogniser that every command of the test gets."""
    one = Scripted()
    monkeypatch.setattr(bootstrap, "transcriber", lambda _name: one)
    return one


def recording(path: Path, seconds: float = 1.0) -> Path:
    """A WAV file of a tone."""
    path.parent.mkdir(exist_ok=True)
    samples = np.sin(np.arange(round(seconds * 16_000)) * 0.1) * 9000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


@pytest.mark.usefixtures("scripted")
def test_the_text_goes_to_standard_output_and_talk_to_standard_error(tmp_path: Path) -> None:
    """What is piped on holds words only; how far to trust the model is told beside it."""
    result = CliRunner().invoke(app, [str(recording(tmp_path / "a.wav"))])
    assert result.exit_code == 0
    assert result.stdout == "Hej.\n"
    assert "four words in ten wrong" in result.stderr


@pytest.mark.usefixtures("scripted")
def test_several_recordings_are_told_apart(tmp_path: Path) -> None:
    """Text of several recordings is headed by their names; JSON is one line for each."""
    files = [str(recording(tmp_path / name)) for name in ("a.wav", "b.wav")]
    text = CliRunner().invoke(app, files).stdout
    assert text == f"==> {files[0]} <==\nHej.\n==> {files[1]} <==\nHej.\n"
    lines = CliRunner().invoke(app, [*files, "--format", "json"]).stdout.splitlines()
    assert [json.loads(line)["file"] for line in lines] == files


def test_options_reach_the_recogniser(tmp_path: Path, scripted: Scripted) -> None:
    """The language is what the user says; all else is as the recogniser has it."""
    file = str(recording(tmp_path / "a.wav"))
    CliRunner().invoke(app, [file, "--language", "sv", "--format", "srt"])
    CliRunner().invoke(app, [file])
    assert scripted.asked == [DecodeOptions(language="sv"), DecodeOptions()]


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize(
    ("form", "name"),
    [("text", "a.txt"), ("json", "a.json"), ("srt", "a.srt"), ("vtt", "a.vtt"), ("tsv", "a.tsv")],
)
def test_a_folder_gets_one_file_for_each_recording(tmp_path: Path, form: str, name: str) -> None:
    """The folder is made, the file has the recording's stem, and nothing else is left there."""
    folder = tmp_path / "ud" / "i dag"
    result = CliRunner().invoke(
        app, [str(recording(tmp_path / "a.wav")), "--format", form, "-o", str(folder)]
    )
    assert result.exit_code == 0
    assert result.stdout == ""
    assert [path.name for path in folder.iterdir()] == [name]
    assert "Hej." in (folder / name).read_text(encoding="utf-8")


@pytest.mark.usefixtures("scripted")
def test_one_bad_recording_doesnt_stop_the_others(tmp_path: Path) -> None:
    """The bad one is named, the good ones are done, and the exit code tells."""
    files = [recording(tmp_path / "a.wav"), tmp_path / "b.wav", recording(tmp_path / "c.wav")]
    folder = tmp_path / "ud"
    result = CliRunner().invoke(app, [*map(str, files), "-o", str(folder)])
    assert result.exit_code == 1
    assert f"Error: There is no file {files[1]}" in result.stderr
    assert "1 of 3 recordings could not be transcribed" in result.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "c.txt"]


@pytest.mark.usefixtures("scripted")
def test_a_damaged_recording_writes_nothing_unless_it_is_salvaged(tmp_path: Path) -> None:
    """Half a transcript must not look like a whole one."""
    path = recording(tmp_path / "a.wav", 5)
    path.write_bytes(path.read_bytes()[:90_000])
    folder = tmp_path / "ud"
    result = CliRunner().invoke(app, [str(path), "-o", str(folder)])
    assert isinstance(result.exception, AudioError)
    assert list(folder.iterdir()) == []
    assert CliRunner().invoke(app, [str(path), "-o", str(folder), "--salvage"]).exit_code == 0
    assert [written.name for written in folder.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("second", ["b/a.wav", "b/A.flac", "a.wav"])
def test_results_of_one_name_are_refused_before_any_work(
    tmp_path: Path, scripted: Scripted, second: str
) -> None:
    """Recordings that differ in folder, ending or case only would overwrite each other's result."""
    files = [str(recording(tmp_path / "a.wav")), str(recording(tmp_path / second))]
    result = CliRunner().invoke(app, [*files, "-o", str(tmp_path / "ud")])
    assert isinstance(result.exception, ConfigError)
    assert "written to the same file" in str(result.exception)
    assert scripted.asked == []
    assert not (tmp_path / "ud").exists()


@pytest.mark.parametrize("form", ["srt", "vtt", "tsv"])
def test_captions_of_several_recordings_need_a_folder(tmp_path: Path, scripted: Scripted, form: str) -> None:
    """Two caption files on end are no caption file."""
    files = [str(recording(tmp_path / name)) for name in ("a.wav", "b.wav")]
    result = CliRunner().invoke(app, [*files, "--format", form])
    assert isinstance(result.exception, ConfigError)
    assert scripted.asked == []


def test_a_folder_that_takes_nothing_is_refused_before_any_work(tmp_path: Path, scripted: Scripted) -> None:
    """An hour's work is not thrown away at its end."""
    blocked = tmp_path / "ud"
    blocked.write_text("en fil", encoding="utf-8")
    result = CliRunner().invoke(app, [str(recording(tmp_path / "a.wav")), "-o", str(blocked)])
    assert isinstance(result.exception, OutputError)
    assert str(blocked) in str(result.exception)
    assert scripted.asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.usefixtures("scripted")
def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output may be a file on a disk without room."""
    path = recording(tmp_path / "a.wav")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(OutputError, match="Cannot write to standard output: No space left on device"):
            transcribe([path])


@pytest.mark.usefixtures("scripted")
def test_a_reader_that_has_heard_enough_ends_it_quietly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`dictate transcribe … | head` is no error of this command."""
    path = recording(tmp_path / "a.wav")
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as pipe:  # noqa: PTH123 - a file descriptor
        monkeypatch.setattr(sys, "stdout", pipe)
        with pytest.raises(BrokenPipeError):
            transcribe([path])
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), pipe.fileno())


def test_ctrl_c_leaves_nothing_half_written(
    tmp_path: Path, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was finished stays, what was under way leaves no trace, and the exit code is the shell's."""
    files = [str(recording(tmp_path / name)) for name in ("a.wav", "b.wav")]
    real = scripted.transcribe

    def interrupted(blocks: Iterable[AudioClip], options: DecodeOptions, **kwargs: Progress) -> Transcript:
        if scripted.asked:
            raise KeyboardInterrupt
        return real(blocks, options, **kwargs)

    monkeypatch.setattr(scripted, "transcribe", interrupted)
    result = CliRunner().invoke(app, [*files, "-o", str(tmp_path / "ud")])
    assert result.exit_code == 130
    assert [path.name for path in (tmp_path / "ud").iterdir()] == ["a.txt"]
