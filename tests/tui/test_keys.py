"""Keys of one's own: they work, stand in all texts, and are refused where they mean something already."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.errors import ConfigError
from tui import keymap, preferences
from tui.rehearsal import Nurse, Rehearsal

Play = Callable[..., None]


def test_another_key_is_chosen_and_works(play: Play, tmp_path: Path) -> None:
    """The new key starts and stops, the old one does nothing, the texts name the new one; it is kept."""
    path = tmp_path / "terminal.toml"

    async def scene(nurse: Nurse) -> None:
        await nurse.press("f7")
        await nurse.press(*["down"] * 9, "enter")
        await nurse.sees("F5", "Overalt: start og stop")
        await nurse.press("enter")
        await nurse.sees("Tryk den nye tast for: start og stop")
        await nurse.press("f9")
        await nurse.sees("F9 betyder allerede: til underskrift")
        await nurse.press("a")
        await nurse.sees("vælg en F-tast")
        await nurse.press("f1")
        await nurse.sees("F1 gør altid det samme")
        await nurse.press("f12")
        await nurse.sees("(ellers F5)")
        await nurse.press("escape", "escape")
        await nurse.sees("Tryk F12, og tal", "F12  diktér")
        await nurse.until(lambda: nurse.app.desk.ready)
        await nurse.press("f5")
        assert nurse.app.current is None
        await nurse.press("f12")
        await nurse.sees("F12 eller Mellemrum")
        assert nurse.app.is_recording
        await nurse.press("f12")
        assert not nurse.app.is_recording

    play(scene, preferences_file=path)
    assert preferences.load(path).keys == {"dictate": "f12"}


def test_a_letter_of_the_review(play: Play, rehearsal: Rehearsal) -> None:
    """A changed letter decides; the usual key comes back with X."""
    rehearsal.preferences = replace(rehearsal.preferences, keys={"accept_all": "g"})

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.sees(" G  godkend alle")
        await nurse.press("a")
        assert not any(entry.signed for entry in nurse.case.note.entries)
        assert {entry.review for entry in nurse.case.note.entries} == {"suggested"}
        await nurse.press("g")
        assert "accepted" in {entry.review for entry in nurse.case.note.entries}
        await nurse.press("escape", "f7", *["down"] * 9, "enter")
        await nurse.press(*["down"] * [one.id for one in keymap.ACTIONS].index("accept_all"))
        await nurse.press("x")
        await nurse.until(lambda: nurse.app.desk.preferences.keys == {})

    play(scene)


@given(st.data())
def test_no_two_actions_share_a_key(data: st.DataObject) -> None:
    """Whatever is chosen and not refused, no key means two things in one place."""
    keys: dict[str, str] = {}
    pool = ["f5", "f9", "f10", "a", "g", "x", "space", "ctrl+l", "ctrl+g", "1", "n", "ø"]
    for _ in range(8):
        name = data.draw(st.sampled_from([one.id for one in keymap.ACTIONS]))
        key = data.draw(st.sampled_from(pool))
        if not keymap.refusal(name, key, keys):
            keys[name] = key
    assert keymap.problem(keys) == ""
    for action in keymap.ACTIONS:
        assert keymap.rival(action.id, keys.get(action.id) or action.key, keys) is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[keys]\nfly = "f9"\n', 'no action "fly"'),
        ('[keys]\naccept = "x"\n', "already means: reject"),
        ("[keys]\naccept = 4\n", "A key is a text"),
        ('theme = "pink"\n', '"theme"'),
        ('punctuation = "none"\n', '"punctuation"'),
    ],
)
def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, content: str, told: str) -> None:
    """One sentence says which setting, and where."""
    path = tmp_path / "terminal.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        preferences.load(path)


def test_every_binding_with_an_id_is_in_the_list() -> None:
    """What stands in the list of keys is what the screens bind, with the same usual key."""
    from tui.app import TerminalApp  # noqa: PLC0415 - only here
    from tui.screens.dictate import DictateScreen  # noqa: PLC0415
    from tui.screens.review import ReviewScreen  # noqa: PLC0415
    from tui.screens.sign import SignScreen  # noqa: PLC0415
    from tui.screens.start import StartScreen  # noqa: PLC0415

    bound = {
        binding.id: binding.key
        for screen in (TerminalApp, StartScreen, DictateScreen, ReviewScreen, SignScreen)
        for binding in screen.BINDINGS
        if binding.id
    }
    assert bound == {action.id: action.key for action in keymap.ACTIONS}
