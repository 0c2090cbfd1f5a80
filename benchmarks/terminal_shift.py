"""A working day in fast time: note after note through the real app, model and store; does memory grow?"""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from terminal_speed import home

_SPEED = 4.0
_SAID_S = 8.0
"""Of each sample."""
_SETTLED = 12
"""Notes after which everything that is kept on purpose is there."""


def shift(count: int, model: str) -> dict[str, object]:
    """Dictate, decide and sign so many notes; all samples in turn."""
    with home() as environment:
        done = subprocess.run(
            [sys.executable, __file__, str(count), model],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return dict(json.loads(done.stdout))


def work(count: int, model: str) -> dict[str, object]:
    """Do it in the home folder at hand."""
    from dictate.audio import SAMPLE_RATE, AudioClip, read_audio  # noqa: PLC0415 - as the app does
    from dictate.capture import AudioSource  # noqa: PLC0415
    from dictate.entry import Review  # noqa: PLC0415
    from dictate.playing import ClipSource  # noqa: PLC0415
    from dictate.process import one_pool  # noqa: PLC0415
    from tui.app import TerminalApp  # noqa: PLC0415
    from tui.parts import quieten, real  # noqa: PLC0415
    from tui.rehearsal import KNOWN, Nurse, Rehearsal  # noqa: PLC0415

    one_pool()
    quieten()
    clips = [
        AudioClip(samples=read_audio(path).samples[: round(_SAID_S * SAMPLE_RATE)])
        for path in sorted(Path("samples").glob("*.flac"))
    ]
    silence = AudioClip(samples=clips[0].samples[:0])
    memory: list[int] = []
    signed = 0

    def nobody(_device: str) -> AudioSource:
        return ClipSource(silence)

    factories = replace(real(), source=nobody)

    async def run() -> None:
        nonlocal signed
        app = TerminalApp(factories, replace(KNOWN, model=model))
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            # Only its pilot is used.
            nurse = Nurse(pilot, Rehearsal(text="", drafter=None))  # type: ignore[arg-type]
            await nurse.until(lambda: app.desk.state.model and app.desk.state.notebook_ready)
            app.desk.notebook.add_citizen("Else Test", None)
            for number in range(count):
                clip = clips[number % len(clips)]
                assert app.desk.microphone is not None
                app.desk.microphone.use(ClipSource(clip, speed=_SPEED))
                await nurse.press("f5")
                await nurse.until(lambda: app.current and app.current.seconds >= _SAID_S)
                await nurse.press("f5")
                await nurse.sees("Gennemgang")
                await nurse.press("a")
                for entry in nurse.case.note.entries:
                    if entry.review is Review.SUGGESTED:
                        await nurse.press("x")
                await nurse.sign("els", "Else Test")
                await nurse.sees("Plejediktat · Start")
                newest = app.desk.notebook.mine()[0]
                signed += app.desk.notebook.open(newest.id).note.signed is not None
                memory.append(resident_mib())
                print(number, memory[-1], file=sys.stderr)

    asyncio.run(run())
    settled = memory[min(_SETTLED, count - 1)]
    return {
        "notes": count,
        "signed": signed,
        "memory_mib_after_12": settled,
        "memory_mib_last": memory[-1],
        "memory_mib_most": max(memory),
    }


def resident_mib() -> int:
    """Return the memory in use now."""
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * 4096 // 2**20


if __name__ == "__main__":
    print(json.dumps(work(int(sys.argv[1]), sys.argv[2])))
