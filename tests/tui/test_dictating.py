"""From the key press to the signature, by keys alone."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from dictate.draft import Drafter
from dictate.entry import Assertion, Kind, Review
from dictate.notebook import Destination
from dictate.store.types import OutboxState, State
from terminology.errors import TerminologyError
from tui.rehearsal import Nurse, Rehearsal

Play = Callable[..., None]


def test_a_routine_note_needs_few_keys(play: Play, rehearsal: Rehearsal) -> None:
    """Start, speak, stop, accept, choose the citizen, sign: at most twelve key presses for three entries."""
    rehearsal.text = (
        "borgeren har smerter i knæet punktum / blodtryk 140 over 80 punktum / temperatur 37,4 punktum"
    )

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.press("a")
        await nurse.press("f9")
        await nurse.sees("Hvem handler notatet om?")
        await nurse.type("els")
        await nurse.sees("Else Test")
        await nurse.press("enter")
        await nurse.sees("Underskrives af")
        await nurse.press("u")
        await nurse.sees("Underskrevet og gemt")
        assert nurse.presses <= 12
        (row,) = rehearsal.notebook.mine()
        assert row.citizen_name == "Else Test"
        note = rehearsal.notebook.open(row.id).note
        assert {entry.review for entry in note.entries} == {Review.ACCEPTED}
        assert len(note.entries) >= 3
        assert note.signed is not None
        assert (note.signed.by, note.signed.role) == ("Ann Ask", "Sygeplejerske")

    play(scene)


def test_accept_all_leaves_what_needs_a_look(play: Play, rehearsal: Rehearsal) -> None:
    """Medication and what is not present stay open, with the reason beside them; so do unsure words."""
    rehearsal.doubts = {"140": 0.2}

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.press("a")
        await nurse.sees("kræver hver sit tryk")
        left = {entry.kind: entry for entry in nurse.case.note.entries if entry.review is Review.SUGGESTED}
        taken = [entry for entry in nurse.case.note.entries if entry.review is Review.ACCEPTED]
        assert Kind.MEDICATION in left
        assert Kind.OBSERVATION in left
        assert Assertion.ABSENT in {entry.assertion for entry in left.values()}
        assert [entry.evidence for entry in taken if "smerter" in entry.evidence]
        await nurse.press(
            *["space"] * len([e for e in nurse.case.note.entries if e.review is Review.SUGGESTED])
        )
        assert all(entry.review is Review.ACCEPTED for entry in nurse.case.note.entries)

    play(scene)


def test_only_what_is_decided_is_signed(play: Play, rehearsal: Rehearsal) -> None:
    """The signing screen lists what will not be in the record, and it isn't."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.press("a", "b")
        await nurse.type("erik")
        await nurse.sees("Erik Prøve")
        await nurse.press("enter", "f9")
        await nurse.sees("kommer IKKE i journalen")
        open_ones = {e.id for e in nurse.case.note.entries if e.review is Review.SUGGESTED}
        assert open_ones
        await nurse.press("u")
        await nurse.until(rehearsal.notebook.mine)
        (row,) = rehearsal.notebook.mine()
        note = rehearsal.notebook.open(row.id).note
        assert not open_ones & {entry.id for entry in note.entries}

    play(scene)


def test_one_can_speak_while_the_model_loads(play: Play, rehearsal: Rehearsal) -> None:
    """The screen says so, and the text follows."""
    go = threading.Event()
    rehearsal.before_model = lambda: (go.wait(20), None)[1]

    async def scene(nurse: Nurse) -> None:
        await nurse.until(lambda: nurse.app.desk.ready)
        await nurse.press("f5")
        nurse.say()
        await nurse.sees("Lyden gemmes", "OPTAGER", "talemodel hentes")
        await nurse.until(lambda: nurse.app.current and nurse.app.current.seconds > rehearsal.seconds)
        await nurse.press("f5")
        await nurse.sees("Skriver teksten")
        go.set()
        await nurse.sees("Gennemgang", "talemodel klar")

    play(scene)


def test_text_and_level_show_while_speaking(play: Play, rehearsal: Rehearsal) -> None:
    """Words, elapsed time and a level in words; the limit of the model stands below."""
    rehearsal.speed = 4.0

    async def scene(nurse: Nurse) -> None:
        await nurse.until(lambda: nurse.app.desk.state.model)
        await nurse.press("f5")
        nurse.say()
        await nurse.sees("smerter i", "OPTAGER 0:0", "▕█", "god", "fire ud af ti ord")
        await nurse.press("f6")
        await nurse.sees("PAUSE")
        await nurse.press("f6", "f8")
        await nurse.sees("OPTAGER")
        await nurse.press("escape")
        await nurse.sees("Stop først med F5")
        await nurse.press("space")
        await nurse.sees("Gennemgang")

    play(scene)


def test_a_new_dictation_while_the_last_one_is_written(play: Play, rehearsal: Rehearsal) -> None:
    """F5 starts the next one at once; the first one waits under the unfinished ones."""
    go = threading.Event()
    rehearsal.before_model = lambda: (go.wait(20), None)[1]

    async def scene(nurse: Nurse) -> None:
        await nurse.until(lambda: nurse.app.desk.ready)
        await nurse.press("f5")
        await nurse.until(lambda: nurse.app.current and nurse.app.current.seconds > 1)
        await nurse.press("f5", "f5")
        await nurse.sees("OPTAGER")
        go.set()
        await nurse.until(lambda: nurse.app.current and nurse.app.current.seconds > 1)
        await nurse.press("f5")
        await nurse.sees("Gennemgang")
        await nurse.press("escape", "f3")
        await nurse.sees("2 notater")

    play(scene)


def test_a_crashed_dictation_is_offered(play: Play, rehearsal: Rehearsal) -> None:
    """The start screen tells of it; opening it makes the text of its sound."""
    from dictate.scripted import Script  # noqa: PLC0415 - only here

    sound = Script(rehearsal.text.replace("/", "")).spell(rehearsal.text)
    rehearsal.notebook.begin("crashed", None)
    rehearsal.notebook.sound("crashed").write(sound)
    assert rehearsal.notebook.get("crashed").state is State.RECORDING

    async def scene(nurse: Nurse) -> None:
        await nurse.sees("1 ufærdigt diktat: F3")
        await nurse.press("f3")
        await nurse.sees("kun lyd endnu")
        await nurse.until(lambda: nurse.app.desk.ready)
        await nurse.press("enter")
        await nurse.sees("Gennemgang")
        assert nurse.case.note.text.startswith("Borgeren har smerter i knæet.")

    play(scene)


def test_name_and_role_are_asked_for_once(play: Play, rehearsal: Rehearsal) -> None:
    """Somebody new is asked before the first signature, and not again."""
    rehearsal.preferences = replace(rehearsal.preferences, name="", role="")
    rehearsal.text = "hun har feber punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.press("a", "f9")
        await nurse.sees("Hvem handler")
        await nurse.type("els")
        await nurse.sees("Else Test")
        await nurse.press("enter")
        await nurse.press("u")
        await nurse.sees("Dit navn")
        await nurse.type("Bo Vik")
        await nurse.press("enter")
        await nurse.sees("Din stilling")
        await nurse.type("SSA")
        await nurse.press("enter")
        await nurse.sees("Underskrevet og gemt")
        (row,) = rehearsal.notebook.mine()
        signed = rehearsal.notebook.open(row.id).note.signed
        assert signed is not None
        assert (signed.by, signed.role) == ("Bo Vik", "SSA")

    play(scene)


def test_the_last_sentence_is_taken_back(play: Play, rehearsal: Rehearsal) -> None:
    """F8 takes it off the screen, and neither its words nor its entries are in the draft."""
    rehearsal.text = "borgeren har smerter i knæet punktum / hun har feber punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.until(lambda: nurse.app.desk.state.model)
        await nurse.press("f5")
        nurse.say()
        await nurse.sees("feber")
        await nurse.until(lambda: nurse.app.current and nurse.app.current.seconds > rehearsal.seconds)
        await nurse.press("f8")
        await nurse.sees("Den sidste sætning er slettet")
        await nurse.until(lambda: "feber" not in nurse.screen)
        await nurse.press("f5")
        await nurse.sees("Gennemgang")
        assert nurse.case.note.text == "Borgeren har smerter i knæet."
        assert not [entry for entry in nurse.case.note.entries if "feber" in entry.evidence]

    play(scene)


def test_what_is_signed_is_sent_where_it_may_go(play: Play, rehearsal: Rehearsal) -> None:
    """Who signs is asked whether it is acute; the outbox shows what waits, and sends again."""
    rehearsal.text = "hun har feber punktum"
    rehearsal.notebook.destinations = (
        Destination(name="journal"),
        Destination(name="egen læge", never_acute=True),
    )

    async def sign(nurse: Nurse, answer: str) -> None:
        await nurse.dictate()
        await nurse.press("a", "b")
        await nurse.type("els")
        await nurse.sees("Else Test")
        await nurse.press("enter", "f9")
        await nurse.sees("Sendes til: journal, egen læge")
        await nurse.press("u")
        await nurse.sees("Er det akut? (egen læge)")
        await nurse.press(answer)
        await nurse.sees("Underskrevet og gemt")

    async def scene(nurse: Nurse) -> None:
        await sign(nurse, "2")
        assert [one.target for one in rehearsal.notebook.deliveries] == ["journal"]
        await sign(nurse, "1")
        assert [one.target for one in rehearsal.notebook.deliveries] == ["journal", "journal", "egen læge"]
        last = rehearsal.notebook.deliveries[-1]
        rehearsal.notebook.deliveries[-1] = replace(last, state=OutboxState.DEAD, why="The receiver said no.")
        await nurse.press("f8")
        await nurse.sees("3 forsendelser", "egen læge · afvist", "The receiver said no.", "journal · venter")
        await nurse.press("s")
        await nurse.until(lambda: rehearsal.notebook.deliveries[-1].state is OutboxState.QUEUED)
        await nurse.until(lambda: "afvist" not in nurse.screen)

    play(scene)


def test_without_vocabulary_there_is_the_text(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vocabulary that can't be used is told; what was said can be reviewed and signed all the same."""

    def draft(*_args: object, **_options: object) -> None:
        raise TerminologyError("The vocabulary is damaged. Install it anew.")

    async def scene(nurse: Nurse) -> None:
        monkeypatch.setattr(Drafter, "draft", draft)
        await nurse.dictate()
        assert nurse.case.note.text.startswith("Borgeren har smerter i knæet.")
        assert nurse.case.note.entries == ()
        await nurse.sees("The vocabulary is damaged", "ingen poster fundet")

    play(scene)


def test_a_key_takes_an_old_notice_away(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could be read no longer covers the list that opens next."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.press("a")
        await nurse.sees("kræver hver sit tryk")
        monkeypatch.setattr("tui.app._NOTICE_S", 0.0)
        await nurse.press("b")
        await nurse.sees("Hvem handler notatet om?")
        assert "kræver hver sit tryk" not in nurse.screen

    play(scene)


def test_who_finds_nobody_is_told_what_to_type(play: Play) -> None:
    """A part of an unknown name finds nobody; the whole of it offers a new citizen."""

    async def scene(nurse: Nurse) -> None:
        await nurse.type("eva")
        await nurse.sees("Ingen fundet. Ny borger: skriv hele navnet eller CPR-nummeret.")
        await nurse.press("enter")
        assert nurse.app.citizen is None
        await nurse.type(" berg")
        await nurse.sees("+ ny borger: eva berg")
        await nurse.press("enter")
        await nurse.sees("CPR-nummer på eva berg?")

    play(scene)


def test_a_silent_microphone_is_named_in_full(play: Play) -> None:
    """The narrow screen has room for the longest word on the level."""

    async def scene(nurse: Nurse) -> None:
        await nurse.until(lambda: nurse.app.desk.ready)
        await nurse.press("f5")
        await nurse.sees("helt stille: er mikrofonen slukket?")

    play(scene)
