"""The matcher: overlapping wordings, look-alikes, misspellings, and what each match says of itself."""

from collections.abc import Callable

import pytest

from terminology.concept import Method
from terminology.matcher import Matcher, MatchOptions

Said = Callable[[str], set[tuple[str, str]]]


def test_a_longer_wording_wins(said: Said) -> None:
    """What says "tryksår" is a pressure ulcer, not one more wound."""
    assert said("Tryksår på hælen.") == {("tryksaar", "present")}


def test_a_look_alike_is_dropped(said: Said) -> None:
    """A blocked wording hides the match within it, and no other."""
    assert said("Smertestillende i skabet, men stadig ondt i knæet.") == {("smerter", "present")}


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("kvalme", Method.EXACT),
        ("Depressioner.", Method.LEMMA),
        ("rygsmerter", Method.COMPOUND),
        ("ondt i knæet", Method.PATTERN),
        ("Hun har svimmelhet.", Method.FUZZY),
    ],
)
def test_each_match_says_how(matcher: Matcher, text: str, method: Method) -> None:
    """A match names how it was found."""
    found = matcher.read(text).found
    assert method in {item.mention.matches[0].method for item in found}


def test_misspellings_are_unsure_and_can_be_left_out(matcher: Matcher) -> None:
    """A misspelt word scores low; without fuzzy matching it is not found."""
    (found,) = matcher.read("Hun har svimmelhet.").found
    assert found.mention.matches[0].score < 75
    strict = Matcher(
        release=matcher.release,
        spoken=matcher.spoken,
        index=matcher.index,
        drug_names=matcher.drug_names,
        options=MatchOptions(fuzzy=False),
    )
    assert strict.read("Hun har svimmelhet.").found == ()


def test_real_words_are_not_taken_for_misspellings(said: Said) -> None:
    """A Danish word that is merely near to one of the vocabulary stays itself."""
    assert said("Forbindelsen var dårlig, og smelter isen?") == set()


def test_counterparts_follow(matcher: Matcher) -> None:
    """The counterpart that the vocabulary names stands second."""
    (found,) = matcher.read("Hun er trist.").found
    assert [match.concept.display for match in found.mention.matches] == ["Problemer med trivsel", "Trivsel"]


def test_evidence_takes_the_cue_beside_it(matcher: Matcher) -> None:
    """The evidence is the wording with the cue that stands next to it."""
    found = matcher.read("I dag ingen kvalme eller åndenød.").found
    assert [item.mention.text for item in found] == ["ingen kvalme", "åndenød"]


def test_an_adverb_may_part_a_wording(said: Said) -> None:
    """The wording "sover dårligt" is found in "sover stadig meget dårligt"."""
    assert said("Hun sover stadig meget dårligt.") == {("soevn", "present")}


def test_offsets_are_code_points(matcher: Matcher) -> None:
    """Offsets count code points, also behind emoji and decomposed letters."""
    text = "😀 a\u030a Ingen kvalme."
    (found,) = matcher.read(text).found
    assert text[found.mention.start : found.mention.end] == "Ingen kvalme"
