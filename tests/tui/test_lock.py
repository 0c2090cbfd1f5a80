"""The lock: nothing is readable, nothing is lost, and only the store's key opens it."""

from collections.abc import Callable

from tui.rehearsal import Nurse, Rehearsal
from tui.screens.lock import LockScreen

Play = Callable[..., None]
PASSPHRASE = "en hemmelig sætning"  # noqa: S105 - of a test


async def idle(nurse: Nurse) -> None:
    """Leave the app alone for an hour."""
    nurse.app._last_key -= 3600
    nurse.app._look_at_the_clock()
    await nurse.until(lambda: isinstance(nurse.app.screen, LockScreen))


def test_an_idle_app_hides_everything(play: Play, rehearsal: Rehearsal) -> None:
    """Nothing is readable, no key but Enter does anything, the notebook is closed; Enter opens it again."""

    async def scene(nurse: Nurse) -> None:
        await nurse.sees("Else Test")
        await idle(nurse)
        assert "Else Test" not in nurse.screen
        await nurse.sees("Låst for Ann Ask", "nøglen ligger på computeren")
        await nurse.until(lambda: rehearsal.notebook.locked)
        await nurse.press("f5", "question_mark", "f2", "escape", "ctrl+l")
        assert nurse.app.current is None
        assert isinstance(nurse.app.screen, LockScreen)
        await nurse.press("enter")
        await nurse.sees("Else Test")
        assert not rehearsal.notebook.locked

    play(scene)


def test_a_passphrase_is_asked_for_and_checked(play: Play, rehearsal: Rehearsal) -> None:
    """A wrong one is refused, and after some tries only after a while; the right one goes on."""
    rehearsal.notebook.passphrase = PASSPHRASE

    async def scene(nurse: Nurse) -> None:
        await nurse.sees("Else Test")
        await nurse.press("ctrl+l")
        await nurse.sees("Skriv din adgangssætning")
        await nurse.press("enter")
        await nurse.sees("Det var ikke den")
        await nurse.type("hemmelig")
        assert "hemmelig" not in nurse.screen
        await nurse.press("enter")
        await nurse.sees("Det var ikke den")
        assert rehearsal.notebook.locked
        for _ in range(2):
            await nurse.until(lambda: not nurse.app.screen.query_one("#passphrase").disabled)
            await nurse.type("x")
            await nurse.press("enter")
        await nurse.sees("Vent 2 sekunder")
        await nurse.until(lambda: not nurse.app.screen.query_one("#passphrase").disabled)
        await nurse.type(PASSPHRASE)
        await nurse.press("enter")
        await nurse.sees("Else Test")

    play(scene)


def test_a_dictation_rests_while_it_is_locked(play: Play, rehearsal: Rehearsal) -> None:
    """It is paused, the store stays open for it, its words are hidden, and it goes on afterwards."""
    rehearsal.text = "hun har smerter i knæet punktum / hun har feber punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.until(lambda: nurse.app.desk.ready and nurse.app.desk.state.model)
        await nurse.press("f5")
        nurse.say()
        await nurse.sees("smerter")
        await nurse.press("ctrl+l")
        await nurse.sees("Låst for Ann Ask")
        assert "smerter" not in nurse.screen
        assert nurse.app.current is not None
        assert nurse.app.current.phase == "paused"
        await nurse.press("f5")
        await nurse.pilot.pause(1.2)
        assert not rehearsal.notebook.locked
        await nurse.press("enter")
        await nurse.sees("PAUSE", "smerter")
        await nurse.press("f6", "f5")
        await nurse.sees("Gennemgang")
        assert "smerter" in nurse.case.note.text

    play(scene)


def test_a_text_that_comes_while_it_is_locked(play: Play, rehearsal: Rehearsal) -> None:
    """It is shown only after the lock is open."""
    rehearsal.text = "hun har smerter i knæet punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.until(lambda: nurse.app.desk.ready and nurse.app.desk.state.model)
        await nurse.press("f5")
        nurse.say()
        await nurse.until(lambda: nurse.app.current and nurse.app.current.seconds > rehearsal.seconds)
        await nurse.press("f5", "ctrl+l")
        await nurse.until(lambda: rehearsal.notebook.locked)
        assert "smerter" not in nurse.screen
        await nurse.press("enter")
        await nurse.sees("Gennemgang")
        assert "smerter" in nurse.case.note.text

    play(scene)
