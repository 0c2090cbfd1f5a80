"""CPR and SOR numbers: shape and date are refused where wrong, modulus 11 is only warned about."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictate.errors import ConfigError
from dictate.identity import names_another, parse_cpr, parse_sor

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("text", ["0101010101", "010101-0101", "010101 0101", " 0101010101 "])
def test_a_cpr_number_is_read_with_or_without_its_hyphen(text: str) -> None:
    """Only the ten digits are kept."""
    assert parse_cpr(text, today=TODAY).number == "0101010101"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "010101010",
        "01010101012",
        "0101010101a",
        "010101--0101",
        "٠١٠١٠١٠١٠١",
        "01 01 01 0101",
        "010101/0101",
    ],
)
def test_another_shape_is_refused(text: str) -> None:
    """Too few, too many, other signs, other digits."""
    with pytest.raises(ConfigError, match="ten digits"):
        parse_cpr(text, today=TODAY)


@pytest.mark.parametrize("text", ["0113010101", "0001010101", "3104010101", "3002040101"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    """Month 13, day 0, 31 April, 30 February."""
    with pytest.raises(ConfigError, match="no date"):
        parse_cpr(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "is_day"),
    [
        ("2902000101", False),  # 1900
        ("2902004101", True),  # 2000
        ("2902005101", True),  # 2000
        ("2902969101", True),  # 1996
        ("2902985101", False),  # 1898
        ("2902964101", True),  # 1996
        ("2902239101", False),  # 2023
        ("2902240101", True),  # 1924
    ],
)
def test_the_seventh_digit_decides_the_century(text: str, is_day: bool) -> None:  # noqa: FBT001 - a column
    """29 February is a day in leap years only, so the century shows."""
    if is_day:
        assert parse_cpr(text, today=TODAY).number == text
    else:
        with pytest.raises(ConfigError, match="no date"):
            parse_cpr(text, today=TODAY)


def test_modulus_11_is_warned_about() -> None:
    """A number that fails it is valid since 2007; one that passes gets no warning."""
    assert parse_cpr("0707614285", today=TODAY).warnings == ()
    (warning,) = parse_cpr("0707614286", today=TODAY).warnings
    assert "modulus 11" in warning


def test_somebody_not_yet_born_is_warned_about() -> None:
    """A serial of the next decade is odd, but may be a test number."""
    warnings = parse_cpr("0101309990", today=TODAY).warnings
    assert any("not yet born" in warning for warning in warnings)


@given(st.text(st.characters(categories=["Nd", "Pd", "Zs"]), max_size=14))
def test_no_message_holds_the_number(text: str) -> None:
    """Whatever is typed, neither error nor warning nor representation repeats it."""
    try:
        cpr = parse_cpr(text, today=TODAY)
        said = [repr(cpr), *cpr.warnings]
        hidden = cpr.number[6:]
    except ConfigError as error:
        said, hidden = [str(error)], text
    assert len(hidden) < 4 or all(hidden not in message for message in said)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cpr 010101-0102 noteret", True),
        ("cpr 0101010102.", True),
        ("cpr 010101-0101 noteret", False),
        ("ring på 12345678", False),
        ("nummer 123456789012", False),
        ("", False),
    ],
)
def test_another_citizens_number_in_a_text_is_noticed(text: str, found: bool) -> None:  # noqa: FBT001 - a column
    """A number of the same shape that is not this citizen's."""
    assert names_another(text, parse_cpr("0101010101", today=TODAY)) is found


def test_sor_numbers_have_at_least_eleven_digits() -> None:
    """Fewer, or anything but digits, are refused."""
    assert parse_sor(" 330411000016001 ") == "330411000016001"
    for wrong in ("", "1234567890", "12345678901x", "1" * 21):
        with pytest.raises(ConfigError, match="SOR"):
            parse_sor(wrong)
