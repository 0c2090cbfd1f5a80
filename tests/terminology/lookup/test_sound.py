"""Danish words by their sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.lookup.sound import strong, weak
from terminology.normalise import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hvid", "vid"),
        ("hjerte", "jerte"),
        ("hånd", "hånn"),
        ("tryksår", "trygsår"),
        ("lægge", "lække"),
        ("smerter", "smærter"),
        ("godt", "gåt"),
        ("infektion", "infeksjon"),
        ("kateter", "katheter"),
        ("medicin", "medisin"),
        ("pneumoni", "pnevmoni"),
        ("højre", "højrer"),
        ("under", "onner"),
        ("chok", "sjok"),
    ],
)
def test_what_sounds_the_same_has_the_same_weak_key(one: str, other: str) -> None:
    """Silent letters, doubled ones, and spellings of one sound don't count."""
    assert weak(one) == weak(other)


@pytest.mark.parametrize(
    ("one", "other"), [("hvid", "vid"), ("medicin", "medisin"), ("smerter", "smærter"), ("lægge", "lække")]
)
def test_spellings_of_one_sound_have_the_same_strong_key(one: str, other: str) -> None:
    """The strong key joins what sounds the same."""
    assert strong(one) == strong(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ben", "pen"), ("dag", "tag"), ("mund", "mand"), ("kost", "gæst"), ("bade", "male")]
)
def test_what_a_listener_tells_apart_has_two_strong_keys(one: str, other: str) -> None:
    """The strong key keeps voiced and unvoiced beginnings and most vowels."""
    assert strong(one) != strong(other)


@given(st.text(max_size=40))
def test_any_word_has_its_keys(word: str) -> None:
    """Keys are letters and digits; the weak one is never longer, and never empty beside a strong one."""
    sound, skeleton = strong(fold(word)), weak(fold(word))
    assert not sound or sound.isalnum()
    assert bool(sound) == bool(skeleton)
    assert len(skeleton) <= max(len(sound), 1)
