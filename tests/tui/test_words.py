"""Words: what is learned of corrections, what is put right by it, spelling, and the list of my words."""

import shutil
from collections.abc import Callable

import pytest

from dictate.own_words import OwnWord, Rule
from tui import spelling
from tui.rehearsal import Nurse, Rehearsal
from tui.spelling import Speller

Play = Callable[..., None]
WIDE = (120, 40)
needs_hunspell = pytest.mark.skipif(
    shutil.which("hunspell") is None, reason="hunspell is not installed (Debian/Ubuntu: hunspell hunspell-da)"
)
SMERTER = OwnWord(heard="smærter", chosen="smerter", times=2)


async def correct(nurse: Nurse, old: str, new: str) -> None:
    """Correct a word of the text by hand."""
    await nurse.press("r")
    await nurse.sees("Ret teksten")
    area = nurse.app.screen.query_one("TextArea")
    area.load_text(area.text.replace(old, new))
    await nurse.press("escape")
    await nurse.until(lambda: new in nurse.case.note.text)


def test_two_corrections_teach_a_word(play: Play, rehearsal: Rehearsal) -> None:
    """The second one is told; the third time it is right, with a sign; one key shows what was heard."""
    rehearsal.text = "hun har smærter i knæet punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        assert "smærter" in nurse.case.note.text
        await correct(nurse, "smærter", "smerter")
        await nurse.until(lambda: [word.times for word in rehearsal.notebook.words()] == [1])
        await correct(nurse, "smerter", "smærter")
        await correct(nurse, "smærter", "smerter")
        await nurse.sees("Fra nu af bliver »smærter« til »smerter«")

    play(scene, WIDE)
    assert rehearsal.notebook.corrections.count(("text", "smærter", "smerter")) == 2


def test_a_learned_word_is_put_right_with_both_readings(play: Play, rehearsal: Rehearsal) -> None:
    """It has a sign, is counted below the text, and one key shows what was heard."""
    rehearsal.text = "hun har smærter i knæet punktum"
    rehearsal.notebook.keep_word(SMERTER)

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        assert "smerter" in nurse.case.note.text
        await nurse.sees("smerter~", "1 ord rettet efter dine egne ord")
        await nurse.press("e")
        await nurse.sees("I stedet for »smerter«", "1  smærter")

    play(scene, WIDE)


def test_a_word_put_right_is_taken_back(play: Play, rehearsal: Rehearsal) -> None:
    """What was heard comes back, the word counts anew, and no correction the other way is kept."""
    rehearsal.text = "hun har smærter i knæet punktum"
    rehearsal.notebook.keep_word(SMERTER)

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.sees("smerter~")
        await nurse.press("e")
        await nurse.sees("1  smærter")
        await nurse.press("1")
        await nurse.until(lambda: "smærter" in nurse.case.note.text)
        await nurse.until(lambda: rehearsal.notebook.words()[0].times == 0)

    play(scene, WIDE)
    assert rehearsal.notebook.corrections == []


def test_a_danish_word_that_is_often_changed_is_only_offered(play: Play, rehearsal: Rehearsal) -> None:
    """It stays as it was said, has a sign of its own, and one key offers what she writes."""
    rehearsal.text = "hun har et sår på benet punktum"
    rehearsal.notebook.keep_word(OwnWord(heard="benet", chosen="bagbenet", times=2))
    rehearsal.notebook.keep_word(OwnWord(heard="har", chosen="havde", times=5))

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        assert nurse.case.note.text == "Hun har et sår på benet."
        await nurse.sees("benet≈", "1 ord, du ofte retter")
        assert "har≈" not in nurse.screen
        await nurse.press("e")
        await nurse.sees("I stedet for »benet«", "1  bagbenet")

    play(scene, WIDE)


def test_a_word_put_right_keeps_its_sound(play: Play, rehearsal: Rehearsal) -> None:
    """Its entry is found by the right word, and its sound by the heard one."""
    rehearsal.text = "hun har smærter i knæet punktum"
    rehearsal.notebook.keep_word(SMERTER)

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        (entry,) = nurse.case.note.entries
        assert "smerter" in entry.evidence
        assert nurse.case.sound_of(entry.start, entry.end)
        stored = rehearsal.notebook.open(nurse.review.work.id)
        assert [spot.readings for spot in stored.spots if spot.readings] == [("smærter",)]

    play(scene, WIDE)


@needs_hunspell
def test_unknown_words_have_a_sign_and_others_are_offered(play: Play, rehearsal: Rehearsal) -> None:
    """Names, short forms and the vocabulary have none; a word can be kept as right, for ever."""
    rehearsal.text = "hun har smærter i knæet og får panodil mod en BMI på 24 siger Qwert punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.sees("smærter*", "1 ukendt ord")
        await nurse.press("e")
        await nurse.sees("I stedet for »smærter«", "smerter", "er rigtigt")
        await nurse.press("escape", "e")
        await nurse.sees("I stedet for »smærter«")
        await nurse.press("1")
        await nurse.until(lambda: "smerter" in nurse.case.note.text)
        await nurse.until(lambda: "ukendt ord" not in nurse.screen)
        await correct(nurse, "knæet", "qnæxet")
        await nurse.sees("qnæxet*")
        await nurse.press("e")
        await nurse.sees("I stedet for »qnæxet«", "er rigtigt")
        await nurse.press("end", "enter")
        await nurse.until(lambda: "qnæxet*" not in nurse.screen)

    play(scene, WIDE)
    kept = {word.chosen: word for word in rehearsal.notebook.words()}
    assert kept["qnæxet"].is_right
    assert ("text", "smærter", "smerter") in rehearsal.notebook.corrections


def test_without_a_dictionary(play: Play, rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    """No sign is set, all else works, and the key says what to install."""
    monkeypatch.setattr(spelling.shutil, "which", lambda _name: None)
    rehearsal.text = "hun har smærter i knæet punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.press("tab", "right", "right", "right", "e")
        await nurse.sees("I stedet for »smærter«", "hunspell-da", "skriv det selv")
        assert "smærter*" not in nurse.screen
        await nurse.press("1")
        await nurse.sees("Hvad skal der stå?")
        await nurse.type("smerter")
        await nurse.press("enter")
        await nurse.until(lambda: "smerter" in nurse.case.note.text)

    play(scene, WIDE)


def test_my_words_are_shown_changed_and_taken_back(play: Play, rehearsal: Rehearsal) -> None:
    """Each has its state; a change, a new one and one that is forgotten can be taken back with Z."""
    rehearsal.notebook.keep_word(SMERTER)
    rehearsal.notebook.keep_word(OwnWord(heard="ben", chosen="bens", times=3))

    async def scene(nurse: Nurse) -> None:
        await nurse.press("f7")
        await nurse.sees("Mine ord")
        await nurse.press(*["down"] * 8, "enter")
        await nurse.sees("2 ord", "smærter → smerter · rettes · rettet 2 gange", "ben → bens · foreslås")
        await nurse.press("enter")
        await nurse.sees("Hvornår bliver »ben« til »bens«?")
        await nurse.press("3")
        await nurse.sees("ben → bens · aldrig")
        await nurse.press("z")
        await nurse.sees("ben → bens · foreslås")
        await nurse.press("x")
        await nurse.sees("1 ord")
        await nurse.press("z")
        await nurse.sees("2 ord")
        await nurse.press("t")
        await nurse.sees("Hvad bliver hørt?")
        await nurse.type("forbæning")
        await nurse.press("enter")
        await nurse.sees("Hvad skal der stå i stedet for")
        await nurse.type("forbinding")
        await nurse.press("enter")
        await nurse.sees("forbæning → forbinding · rettes", "3 ord")
        await nurse.press("down", "r")
        await nurse.sees("Hvad skal der stå i stedet for »forbæning«?")
        await nurse.type("forbindingen")
        await nurse.press("enter")
        await nurse.sees("forbæning → forbindingen")

    play(scene, WIDE)
    assert {word.rule for word in rehearsal.notebook.words()} == {Rule.COUNT, Rule.ALWAYS}


def test_practice_teaches_nothing(play: Play, rehearsal: Rehearsal) -> None:
    """What is corrected while practising is not learned."""
    rehearsal.text = "hun har smærter punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.until(lambda: nurse.app.desk.ready)
        await nurse.press("f6", "enter")
        nurse.say()
        await nurse.until(lambda: nurse.app.current and nurse.app.current.seconds > rehearsal.seconds)
        await nurse.press("f5")
        await nurse.sees("Gennemgang")
        await correct(nurse, "smærter", "smerter")

    play(scene, WIDE)
    assert rehearsal.notebook.words() == ()


@needs_hunspell
def test_the_speller_is_asked_by_a_pipe() -> None:
    """Danish words pass, others get suggestions; it can be ended at any time."""
    speller = Speller()
    try:
        assert speller.is_word("knæet")
        assert speller.is_word("140/80")
        assert not speller.is_word("smærter")
        assert "smerter" in speller.suggest("smærter")
        assert speller.suggest("qqqzzz") == ()
    finally:
        speller.close()
