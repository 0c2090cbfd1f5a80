"""Kill the real app at random moments of a session; count what is gone when it is started again.

A session: speak for some seconds, stop, accept, choose the citizen, sign; then speak again. What the screen
has shown must be in the store after the kill, and sound up to the kill; the app must offer it when it is
started anew.
"""

import contextlib
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from terminal_room import Terminal, virtual_microphone

PRE_ROLL_S = 1.5
_SPEAK_S = 6.5
_SESSION_S = (0.1, 17.0)
"""Earliest and latest moment of a kill, counted from the first key press."""
_NAME = "Else Test"


@dataclass(slots=True)
class Session:
    """What was done in a session, and what the screen has shown of it."""

    keys: list[float] = field(default_factory=list)
    """When each dictation was begun."""
    stopped: float | None = None
    """When the first one was ended."""
    drafted: bool = False
    accepted: bool = False
    named: bool = False
    signed: bool = False
    failure: str = ""

    def run(self, terminal: Terminal) -> None:
        """Do it; ends where the app is killed."""
        try:
            self.keys.append(time.monotonic())
            terminal.press("F5")
            terminal.sees("OPTAGER")
            time.sleep(_SPEAK_S)
            now = time.monotonic()
            terminal.press("F5")
            self.stopped = now
            terminal.sees("Gennemgang")
            self.drafted = True
            terminal.press("a")
            terminal.sees("afgjort")
            self.accepted = "alle afgjort" in terminal.text
            terminal.press("b")
            terminal.sees("Hvem handler notatet om")
            terminal.press("e", "l", "s")
            terminal.sees(_NAME)
            terminal.press("Enter")
            terminal.sees(f"Borger: {_NAME}")
            self.named = True
            terminal.press("F9")
            terminal.sees("Underskrives af")
            terminal.press("u")
            terminal.sees("Underskrevet og gemt")
            self.signed = True
            terminal.press("Escape")
            now = time.monotonic()
            terminal.press("F5")
            self.keys.append(now)
            terminal.sees("OPTAGER")
            time.sleep(_SESSION_S[1])
        except subprocess.CalledProcessError:
            pass  # the app is gone
        except TimeoutError as error:
            self.failure = str(error)


def kills(count: int, seed: int, sound: Path) -> dict[str, object]:
    """Do it `count` times with `sound` in the microphone, over and over."""
    chance = random.Random(seed)  # noqa: S311 - a benchmark that can be repeated
    lost: list[float] = []
    missing: list[str] = []
    reached = dict.fromkeys(("recording", "transcribing", "reviewing", "signed"), 0)
    left = 0
    with virtual_microphone() as environment:
        _in_store(environment, "citizen")
        speaking = threading.Event()
        speaker = threading.Thread(target=_speak, args=(environment, sound, speaking), daemon=True)
        speaker.start()
        for number in range(count):
            terminal = Terminal(environment)
            session, killed = Session(), 0.0
            try:
                terminal.sees("mikrofon åben", "talemodel klar")
                if left:
                    _recovers(terminal, left)
                time.sleep(PRE_ROLL_S)
                worker = threading.Thread(target=session.run, args=(terminal,), daemon=True)
                worker.start()
                time.sleep(chance.uniform(*_SESSION_S))
                terminal.kill()
                killed = time.monotonic()
                worker.join(40)
            except TimeoutError as error:
                session.failure = f"restart: {error}"
            finally:
                terminal.close()
            found = _in_store(environment, "look")
            assert isinstance(found, list)
            gone, why = _judge(session, killed, found)
            lost += gone
            missing += [f"{number}: {one}" for one in why]
            reached[_phase(session)] += 1
            left = sum(not row["signed"] for row in found)
            print(f"{number}: {_phase(session)}, lost {gone}, {why}", file=sys.stderr)
        speaking.set()
        speaker.join()
    return {
        "kills": count,
        "killed_while": reached,
        "most_lost_s": round(max(lost), 2),
        "something_missing": len(missing),
        "what": missing,
    }


def _phase(session: Session) -> str:
    if session.signed:
        return "signed"
    if session.drafted:
        return "reviewing"
    return "transcribing" if session.stopped else "recording"


def _judge(session: Session, killed: float, found: list[dict[str, object]]) -> tuple[list[float], list[str]]:
    """Return seconds of sound that are gone from each dictation, and what else is not in place."""
    missing = [session.failure] if session.failure else []
    rows = list(found)
    gone = []
    for place, key in enumerate(session.keys):
        end = min(session.stopped, killed) if place == 0 and session.stopped else killed
        said = end - key + PRE_ROLL_S
        kept = float(str(rows[place]["seconds"])) if place < len(rows) else 0.0
        gone.append(round(max(said - kept, 0.0), 3))
    if not rows:
        return gone, missing
    first = rows[0]
    missing += [
        what
        for what, shown, there in (
            ("text", session.drafted, first["text"]),
            ("decision", session.accepted, first["decided"]),
            ("citizen", session.named, first["citizen"] == _NAME),
            ("signature", session.signed, first["signed"]),
        )
        if shown and not there
    ]
    return gone, missing


def _recovers(terminal: Terminal, count: int) -> None:
    """See that the app offers what was left, and makes a draft of it."""
    terminal.sees(f"{count} ufærdig")
    for _ in range(count):
        terminal.press("F3")
        terminal.sees("Ufærdige")
        terminal.press("Enter")
        terminal.sees("Gennemgang")
        terminal.press("Escape")
        terminal.sees("Plejediktat · Start")


def _speak(environment: Mapping[str, str], sound: Path, over: threading.Event) -> None:
    while not over.is_set():
        playing = subprocess.Popen(["paplay", "--device=mic", str(sound)], env=environment)
        while playing.poll() is None:
            if over.wait(0.2):
                playing.kill()
        playing.wait()


def _in_store(environment: Mapping[str, str], what: str) -> object:
    done = subprocess.run(
        [sys.executable, __file__, what], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)


def _look(what: str) -> object:
    """Read what is in the store, oldest first; what the session before has left is thrown away."""
    from dictate.entry import Review  # noqa: PLC0415 - in the room of the virtual microphone
    from tui.parts import real  # noqa: PLC0415
    from tui.preferences import Preferences  # noqa: PLC0415

    notebook = real().notebook(Preferences(name="Ann Ask", role="Sygeplejerske"), lambda _why: "")
    if what == "citizen":
        notebook.add_citizen(_NAME, None)
        return None
    seen = Path.home() / "seen.json"
    known = set(json.loads(seen.read_text(encoding="utf-8"))) if seen.exists() else set()
    both = {row.id: row for row in (*notebook.unfinished(), *notebook.mine())}
    rows = sorted(both.values(), key=lambda row: row.started)
    found = []
    for row in rows:
        if row.id in known:
            with contextlib.suppress(Exception):
                notebook.discard(row.id)
            continue
        clip = notebook.replay(row.id)
        note = notebook.open(row.id).note
        found.append(
            {
                "seconds": clip.duration if clip else 0.0,
                "text": bool(note.text),
                "decided": not any(entry.review is Review.SUGGESTED for entry in note.entries),
                "citizen": row.citizen_name,
                "signed": note.signed is not None,
            }
        )
    seen.write_text(json.dumps([row.id for row in rows]), encoding="utf-8")
    notebook.close()
    return found


if __name__ == "__main__":
    print(json.dumps(_look(sys.argv[1])))
