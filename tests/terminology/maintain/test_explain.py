"""Why a sentence matched or didn't, word by word."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from terminology import cache
from terminology.maintain.explain import Candidate, Explanation, explain
from terminology.matcher import Matcher

SMERTER = """\
code: 5b6f5ce1-24b0-486d-8bbb-f9711fec92dd
display: Problemer med smerter

[present]
ondt i {kropsdel}
jamrer sig
sviger & lysken

[blocked]
jamrer sig over vejret
"""
TRYKSAAR = """\
code: bb0ea5fa-3462-40de-9047-a16fc4815a47
display: Problemer med tryksår

[present]
ondt i hælen på grund af tryk
"""


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> cache.Vocabulary:
    """Give two concepts with the shipped cues and lists."""
    folder = tmp_path_factory.mktemp("release")
    shipped = Path(str(files("terminology"))) / "data"
    for name in ("context", "slots", "measurement", "medication", "inflection"):
        shutil.copytree(shipped / name, folder / name)
    area = folder / "spoken" / "helbredstilstand"
    area.mkdir(parents=True)
    (area / "problemer_med_smerter.txt").write_text(SMERTER, encoding="utf-8")
    (area / "problemer_med_tryksaar.txt").write_text(TRYKSAAR, encoding="utf-8")
    return cache.read(folder)


def explained(vocabulary: cache.Vocabulary, text: str) -> Explanation:
    """Explain a sentence."""
    return explain(_matcher(id(vocabulary), vocabulary), vocabulary.compiled, text)


_MATCHERS: dict[int, Matcher] = {}


def _matcher(key: int, vocabulary: cache.Vocabulary) -> Matcher:
    if key not in _MATCHERS:
        _MATCHERS[key] = Matcher.of(vocabulary)
    return _MATCHERS[key]


def only(found: Explanation) -> Candidate:
    """Return the one candidate."""
    assert len(found.candidates) == 1, found.candidates
    return found.candidates[0]


def test_what_is_recorded_says_as_what(vocabulary: cache.Vocabulary) -> None:
    """The assertion, the wording and its line, and the words of the sentence."""
    one = only(explained(vocabulary, "Hun jamrer sig."))
    assert (one.outcome, one.text, one.wording) == ("present", "jamrer sig", "jamrer sig")
    assert one.source == "spoken/helbredstilstand/problemer_med_smerter.txt:6"


def test_a_denial_is_named_with_its_cue(vocabulary: cache.Vocabulary) -> None:
    """The outcome changes, and the cue that changed it is listed."""
    found = explained(vocabulary, "Hun har ikke ondt i hoften.")
    assert only(found).outcome == "absent"
    assert ("benaegtet.ikke", "ikke") in {(cue.name, cue.text) for cue in found.cues}


def test_a_look_alike_says_which_line_dropped_it(vocabulary: cache.Vocabulary) -> None:
    """What is dropped by [blocked] is shown with that line."""
    one = only(explained(vocabulary, "Hun jamrer sig over vejret."))
    assert one.outcome == ""
    assert 'dropped: "jamrer sig over vejret"' in one.reason


def test_a_longer_wording_wins_and_is_named(vocabulary: cache.Vocabulary) -> None:
    """The concept that claims more words is named to the one that lost."""
    found = {one.display: one for one in explained(vocabulary, "Ondt i hælen på grund af tryk.").candidates}
    assert found["Problemer med tryksår"].outcome == "present"
    assert found["Problemer med smerter"].outcome == ""
    assert "Problemer med tryksår" in found["Problemer med smerter"].reason


def test_a_near_miss_says_which_word_is_missing(vocabulary: cache.Vocabulary) -> None:
    """One word short of a wording."""
    found = explained(vocabulary, "Noget i lysken driller.")
    assert found.candidates == ()
    near = next(one for one in found.near if one.wording == "sviger & lysken")
    assert near.missing == ("sviger",)


def test_words_are_shown_as_the_matcher_sees_them(vocabulary: cache.Vocabulary) -> None:
    """Their common key, the sentence, and whether any wording knows them."""
    words = explained(vocabulary, "Hun jamrede sig. Xylofon.").words
    assert [word.sentence for word in words] == [0, 0, 0, 1]
    assert words[1].key == explained(vocabulary, "jamrer").words[0].key
    assert (words[1].known, words[3].known) == (True, False)


@pytest.mark.parametrize("text", ["", " ", "\n", "🙂", "\0", "\ud800", "ja " * 3000])
def test_any_text_is_explained(vocabulary: cache.Vocabulary, text: str) -> None:
    """Nothing, signs alone, loose surrogates, or far too much."""
    assert isinstance(explained(vocabulary, text), Explanation)
