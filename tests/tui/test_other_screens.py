"""Start, inbox, history, settings, help, guide, training and lock."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dictate.draft import Drafter
from dictate.entry import RecordStatus
from dictate.notes import note_line
from tui import preferences
from tui.rehearsal import Nurse, Rehearsal
from tui.screens import guide
from tui.screens.help import HelpScreen
from tui.screens.history import HistoryScreen
from tui.screens.inbox import InboxScreen
from tui.screens.outbox import OutboxScreen
from tui.screens.page import Page
from tui.screens.settings import SettingsScreen
from tui.screens.training import TrainingScreen
from tui.screens.unfinished import UnfinishedScreen

Play = Callable[..., None]
_BUNDLE = (
    '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "name": '
    '[{"given": ["Hans"], "family": "Rute"}], "identifier": [{"system": "urn:oid:1.2.208.176.1.2", '
    '"value": "0202504000"}]}}]}'
)


def test_choose_a_citizen_first(play: Play, rehearsal: Rehearsal) -> None:
    """Type-ahead by name or number; the dictation is about the one who was chosen."""
    rehearsal.text = "hun har feber punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.type("150240")
        await nurse.sees("Else Test", "150240-9995")
        await nurse.press("enter")
        await nurse.sees("Valgt: Else Test")
        await nurse.dictate()
        await nurse.sees("Borger: Else Test")
        await nurse.press("a", "f9", "u")
        await nurse.sees("Underskrevet og gemt")
        assert nurse.app.citizen is None

    play(scene)


def test_a_new_citizen_needs_a_real_number(play: Play, rehearsal: Rehearsal) -> None:
    """A number that can't be one is refused in a sentence; a good one asks for the name."""

    async def scene(nurse: Nurse) -> None:
        await nurse.type("9999999999")
        await nurse.sees("ny borger")
        await nurse.press("enter")
        await nurse.sees("DDMMÅÅ")
        await nurse.press("escape")
        await nurse.type("010150-4000")
        await nurse.sees("ny borger")
        await nurse.press("enter")
        await nurse.sees("Hvad hedder borgeren?")
        await nurse.type("Ida Ny")
        await nurse.press("enter")
        await nurse.sees("Valgt: Ida Ny")
        assert rehearsal.notebook.find_citizens("ida")[0].cpr == "0101504000"

    play(scene)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("visits.csv", "navn;cpr\nHans Rute;0202504000\nElse Test;1502409995\n"),
        (
            "visits.json",
            _BUNDLE,
        ),
    ],
)
def test_the_visit_list_is_offered(play: Play, tmp_path: Path, name: str, content: str) -> None:
    """Today's visits stand below the field before anything is typed."""
    visits = tmp_path / name
    visits.write_text(content, encoding="utf-8")

    async def scene(nurse: Nurse) -> None:
        await nurse.sees("Hans Rute")
        assert "Erik Prøve" not in nurse.screen
        await nurse.press("enter")
        await nurse.sees("Valgt: Hans Rute")

    play(scene, visits=visits)


def test_a_damaged_visit_list_is_told(play: Play, tmp_path: Path) -> None:
    """One sentence, and the app goes on."""
    visits = tmp_path / "visits.csv"
    visits.write_text("something else\n1\n", encoding="utf-8")

    async def scene(nurse: Nurse) -> None:
        await nurse.sees("visits.csv")
        await nurse.type("els")
        await nurse.sees("Else Test")

    play(scene, visits=visits)


def test_inbox_from_a_file(play: Play, tmp_path: Path, drafter: Drafter, rehearsal: Rehearsal) -> None:
    """Drafts from JSON Lines are reviewed and signed in the same screens, least certain first."""
    path = tmp_path / "drafts.jsonl"
    notes = [drafter.draft(f"note-{number}", text=text) for number, text in enumerate(_NOTES)]
    path.write_bytes(b"".join(map(note_line, notes)))

    async def scene(nurse: Nurse) -> None:
        await nurse.sees("2 kladder i indbakken: F2")
        await nurse.press("f2")
        await nurse.sees("Hun har smerter", "Hun har feber")
        await nurse.press("enter")
        await nurse.sees("Gennemgang")
        await nurse.press("a", *["space"] * 3, "f9")
        await nurse.type("els")
        await nurse.sees("Else Test")
        await nurse.press("enter")
        await nurse.sees("Underskrives af")
        await nurse.press("u")
        await nurse.sees("Underskrevet og gemt", "1 kladde i indbakken")

    play(scene, drafts=path)
    assert len(rehearsal.notebook.mine()) == 1


_NOTES = ("Hun har smerter i hoften.", "Hun har feber.")


def test_history_search_amend_and_withdraw(play: Play, rehearsal: Rehearsal) -> None:
    """A signed note is found again; an entry is amended or marked as an error, with a reason."""
    rehearsal.text = "hun har smerter i knæet punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.type("els")
        await nurse.sees("Else Test")
        await nurse.press("enter")
        await nurse.dictate()
        await nurse.press("a", "f9", "u")
        await nurse.sees("Underskrevet og gemt")
        await nurse.press("f4")
        await nurse.sees("1 notat", "Else Test")
        await nurse.press("slash")
        await nurse.type("xyz")
        await nurse.sees("Ingen notater fundet")
        await nurse.press(*["backspace"] * 3)
        await nurse.sees("Else Test")
        await nurse.press("enter", "enter")
        await nurse.sees("Underskrevet af: Ann Ask")
        await nurse.press("s", "2")
        await nurse.sees("Hvorfor ændres det?")
        await nurse.type("forkert")
        await nurse.press("enter")
        await nurse.sees("rettet")
        await nurse.press("f")
        await nurse.sees("Hvorfor er det en fejl?")
        await nurse.type("forkert borger")
        await nurse.press("enter")
        await nurse.sees("fejlregistreret")

    play(scene)
    (row,) = rehearsal.notebook.mine()
    statuses = {entry.record_status for entry in rehearsal.notebook.open(row.id).note.entries}
    assert statuses == {RecordStatus.ENTERED_IN_ERROR}
    assert rehearsal.notebook.reasons == ["forkert", "forkert borger"]


def test_amend_a_value_after_signing(play: Play, rehearsal: Rehearsal) -> None:
    """A wrong value of a signed note is corrected with a reason; the old one is not erased."""
    rehearsal.text = "blodtryk 140 over 80 punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.type("els")
        await nurse.sees("Else Test")
        await nurse.press("enter")
        await nurse.dictate()
        await nurse.press("a", "f9", "u")
        await nurse.sees("Underskrevet og gemt")
        await nurse.press("f4")
        await nurse.sees("1 notat")
        await nurse.press("enter")
        await nurse.sees("140 mmHg")
        await nurse.press("v")
        await nurse.sees("ny værdi (mmHg)")
        await nurse.type("150")
        await nurse.press("enter")
        await nurse.sees("Hvorfor ændres det?")
        await nurse.type("hørt forkert")
        await nurse.press("enter")
        await nurse.sees("150 mmHg", "rettet")

    play(scene)
    (row,) = rehearsal.notebook.mine()
    first = rehearsal.notebook.open(row.id).note.entries[0]
    assert (first.value, first.record_status) == (150, RecordStatus.AMENDED)


def test_settings_are_kept(play: Play, tmp_path: Path) -> None:
    """Each setting changes by Enter, shows at once, and is there after a restart."""
    path = tmp_path / "terminal.toml"

    async def scene(nurse: Nurse) -> None:
        await nurse.press("f7")
        await nurse.sees("Mit navn: Ann Ask", "Tone ved start og stop: nej")
        await nurse.press("down", "down", "down", "enter")
        await nurse.sees("Mikrofon åben hele tiden (første ord kommer altid med): nej", "mikrofon lukket")
        await nurse.press(*["down"] * 7, "enter")
        await nurse.sees("høj kontrast")
        await nurse.press("3")
        await nurse.sees("Farver: høj kontrast")
        await nurse.press("down", "enter", "down", "enter")
        await nurse.sees("Settings", "Wide line spacing: yes")
        await nurse.press("enter")
        await nurse.sees("Indstillinger")
        await nurse.until(path.exists)

    play(scene, preferences_file=path)
    kept = preferences.load(path)
    assert (kept.warm, kept.theme, kept.wide, kept.language) == (False, "contrast", True, "da")


def test_help_is_one_page(play: Play) -> None:
    """The keys and the spoken commands stand on it; ? opens it also from the search field."""

    async def scene(nurse: Nurse) -> None:
        await nurse.press("question_mark")
        await nurse.sees("I fire trin", "F5", "slet det")
        await nurse.press("pagedown")
        await nurse.sees("Tegn")
        await nurse.press("escape")
        await nurse.sees("Tryk F5, og tal")

    play(scene)


def test_the_guide_checks_the_microphone(
    play: Play, rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first start asks who one is, listens for ten seconds and shows what was heard."""
    monkeypatch.setattr(guide, "CHECK_S", 0.5)
    rehearsal.preferences = replace(rehearsal.preferences, guided=False, name="", role="")
    rehearsal.text = "borgeren har fået skiftet forbinding på højre ben"

    async def scene(nurse: Nurse) -> None:
        await nurse.sees("Velkommen", "Hvem er du?", "fire ud af ti ord")
        await nurse.until(lambda: nurse.app.desk.ready)
        nurse.say()
        await nurse.press("f5")
        await nurse.sees("Hørt: borgeren har fået", "af 16 ord")
        await nurse.type("Bo Vik")
        await nurse.press("enter")
        await nurse.type("SSA")
        await nurse.press("enter")
        await nurse.sees("Tryk F5, og tal")

    play(scene, preferences_file=tmp_path / "terminal.toml")
    kept = preferences.load(tmp_path / "terminal.toml")
    assert (kept.name, kept.role, kept.guided) == ("Bo Vik", "SSA", True)


def test_practice_keeps_nothing(play: Play, rehearsal: Rehearsal) -> None:
    """One's own voice or a sample; the note is not kept and can't be signed."""
    rehearsal.text = "hun har feber punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.until(lambda: nurse.app.desk.ready)
        await nurse.press("f6")
        await nurse.sees("Jeg taler selv")
        await nurse.press("enter")
        nurse.say()
        await nurse.sees("OPTAGER")
        await nurse.until(lambda: nurse.app.current and nurse.app.current.seconds > rehearsal.seconds)
        await nurse.press("f5")
        await nurse.sees("Gennemgang")
        await nurse.press("f9", "u")
        await nurse.sees("Øvelsen er slut")

    play(scene)
    assert rehearsal.notebook.mine() == rehearsal.notebook.unfinished() == ()


@pytest.mark.parametrize(
    "screen",
    [HelpScreen, SettingsScreen, HistoryScreen, InboxScreen, OutboxScreen, TrainingScreen, UnfinishedScreen],
)
def test_a_screen_that_is_left_at_once(play: Play, screen: type[Page]) -> None:
    """Two quick keys go to a screen and back before it is there: the app goes on."""

    async def scene(nurse: Nurse) -> None:
        nurse.app.push_screen(screen())
        nurse.app.pop_screen()
        await nurse.sees("Tryk F5")
        nurse.app.push_screen(screen())
        await nurse.pilot.pause(0)
        await nurse.press("escape")
        await nurse.sees("Else Test")

    play(scene)
