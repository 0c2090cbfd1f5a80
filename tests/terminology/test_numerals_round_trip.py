"""Every number, time, date, decimal and pressure, said in its variants, comes back as it was written."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.numerals import cardinal, write_integer
from terminology.written import to_written

UNITS = [
    "nul",
    "en",
    "to",
    "tre",
    "fire",
    "fem",
    "seks",
    "syv",
    "otte",
    "ni",
    "ti",
    "elleve",
    "tolv",
    "tretten",
]
UNITS += ["fjorten", "femten", "seksten", "sytten", "atten", "nitten"]
TENS = ["", "", "tyve", "tredive", "fyrre", "halvtreds", "tres", "halvfjerds", "firs", "halvfems"]
OLD_TENS = ["", "", "tyve", "tredive", "fyrretyve", "halvtredsindstyve", "tresindstyve", "halvfjerdsindstyve"]
OLD_TENS += ["firsindstyve", "halvfemsindstyve"]
MONTHS = ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober"]
MONTHS += ["november", "december"]
ORDINALS = ["", "første", "anden", "tredje", "fjerde", "femte", "sjette", "syvende", "ottende", "niende"]
ORDINALS += ["tiende", "ellevte", "tolvte", "trettende", "fjortende", "femtende", "sekstende", "syttende"]
ORDINALS += ["attende", "nittende", "tyvende"]
DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def say_small(number: int, *, split: bool = False, old: bool = False) -> str:
    """Say 0-99: "toogtyve", or in three words as some recognisers write it."""
    if number < 20:
        return UNITS[number]
    tens = (OLD_TENS if old else TENS)[number // 10]
    if not number % 10:
        return tens
    joint = " og " if split else "og"
    return f"{UNITS[number % 10]}{joint}{tens}"


def say_hundreds(number: int, *, linked: bool, one: str, split: bool = False) -> str:
    """Say 0-999: "hundrede og fem", "et hundrede fem"."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return say_small(rest, split=split)
    head = f"{one}hundrede" if hundreds == 1 else f"{UNITS[hundreds]} hundrede"
    if not rest:
        return head
    return f"{head}{' og ' if linked else ' '}{say_small(rest, split=split)}"


def say(number: int, *, linked: bool = False, one: str = "", split: bool = False) -> str:
    """Say 0-999,999."""
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return say_hundreds(rest, linked=linked, one=one, split=split)
    head = f"{one}tusind" if thousands == 1 else f"{say_hundreds(thousands, linked=False, one=one)} tusind"
    if not rest:
        return head
    joint = " og " if linked and rest < 100 else " "
    return f"{head}{joint}{say_hundreds(rest, linked=linked, one=one, split=split)}"


def variants(number: int) -> Iterator[str]:
    """Say a number in every variant."""
    for linked, one, split in product((False, True), ("", "et "), (False, True)):
        yield say(number, linked=linked, one=one, split=split)


def written(spoken: str) -> str:
    """Write a fragment."""
    return to_written(spoken, note=False).text


def test_all_numbers_below_a_thousand_in_all_variants() -> None:
    """0-999 come back from each way to say them."""
    for number in range(1000):
        for spoken in set(variants(number)):
            assert written(spoken) == str(number), spoken


def test_all_numbers_below_a_hundred_in_the_long_old_forms() -> None:
    """The old names of the tens are read too."""
    for number in range(100):
        assert written(say_small(number, old=True)) == str(number)


def test_all_numbers_below_a_thousand_in_one_word() -> None:
    """Number words glued together by a recogniser are read too."""
    for number in range(100, 1000):
        assert written(say(number, linked=True, one="et").replace(" ", "")) == str(number)


@pytest.mark.slow
def test_all_numbers_below_a_million() -> None:
    """0-999,999 come back."""
    for number in range(1_000_000):
        words = say(number).split()
        assert cardinal(words, 0) == (number, len(words)), words


def test_every_thousand_with_hard_rests() -> None:
    """Every number of thousands is read, with nothing, little and much after it."""
    for thousands in range(1, 1000):
        for rest in (0, 1, 21, 100, 999):
            number = thousands * 1000 + rest
            words = say(number, linked=True).split()
            assert cardinal(words, 0) == (number, len(words)), words


@given(st.integers(0, 999_999))
def test_any_number_in_all_variants(number: int) -> None:
    """Any number comes back from each way to say it."""
    for spoken in variants(number):
        assert written(spoken) == write_integer(number)


def say_digits(digits: str) -> str:
    """Say decimals one by one."""
    return " ".join(UNITS[int(digit)] for digit in digits)


@given(st.integers(0, 999), st.integers(0, 99))
def test_decimals(whole: int, hundredths: int) -> None:
    """Decimals come back, said one by one or as one number."""
    tenths = str(hundredths % 10)
    assert written(f"{say(whole)} komma {say_digits(tenths)}") == f"{whole},{tenths}"
    both = f"{hundredths:02d}"
    assert written(f"{say(whole)} komma {say_digits(both)}") == f"{whole},{both}"
    if hundredths >= 10:
        assert written(f"{say(whole)} komma {say_small(hundredths)}") == f"{whole},{both}"


@given(st.integers(0, 999), st.sampled_from(["milligram", "milliliter", "kilo", "procent"]))
def test_small_doses_with_three_decimals(thousandths: int, unit: str) -> None:
    """Decimals after "nul komma" may be many."""
    digits = f"{thousandths:03d}"
    unit_written = {"milligram": "mg", "milliliter": "ml", "kilo": "kg", "procent": "%"}[unit]
    assert written(f"nul komma {say_digits(digits)} {unit}") == f"0,{digits} {unit_written}"


@given(st.integers(70, 260), st.integers(30, 140), st.booleans(), st.booleans())
def test_pressures(systolic: int, diastolic: int, linked: bool, cued: bool) -> None:  # noqa: FBT001 - drawn
    """Pressures come back, with "blodtryk" before them or without."""
    spoken = f"{say(systolic, linked=linked)} over {say(diastolic, linked=linked)}"
    if cued:
        assert written(f"blodtryk {spoken}") == f"BT {systolic}/{diastolic}"
    elif diastolic < systolic:
        assert written(spoken) == f"{systolic}/{diastolic}"


def test_all_clock_times_by_figures() -> None:
    """Each minute of the day comes back, said hour and minute."""
    for hour, minute in product(range(24), range(60)):
        if minute == 0:
            assert written(f"klokken {say_small(hour)}") == f"kl. {hour}"
        spoken = say_small(minute) if minute >= 10 else f"nul {say_small(minute)}"
        said_hour = say_small(hour) if hour else "nul nul"
        figures = str(hour) if hour else "00"
        if hour or minute >= 10:
            assert written(f"klokken {said_hour} {spoken}") == f"kl. {figures}.{minute:02d}"


def test_all_clock_times_by_quarters_and_minutes() -> None:
    """Halves, quarters and minutes around the hours come back, with no guess at afternoon."""
    for hour in range(1, 13):
        before = hour - 1 or 12
        name = say_small(hour) if hour > 1 else "et"
        assert written(f"klokken halv {name}") == f"kl. {before}.30"
        assert written(f"klokken kvart over {name}") == f"kl. {hour}.15"
        assert written(f"klokken kvart i {name}") == f"kl. {before}.45"
        for minutes in range(1, 30):
            for word in (" minutter", ""):
                said = f"klokken {say_small(minutes)}{word}"
                assert written(f"{said} over {name}") == f"kl. {hour}.{minutes:02d}"
                assert written(f"{said} i {name}") == f"kl. {before}.{60 - minutes:02d}"
                assert written(f"{said} over halv {name}") == f"kl. {before}.{30 + minutes:02d}"
                assert written(f"{said} i halv {name}") == f"kl. {before}.{30 - minutes:02d}"


def say_day(day: int) -> str:
    """Say a day of the month."""
    if day <= 20:
        return ORDINALS[day]
    return "tredivte" if day == 30 else f"{UNITS[day % 10]}og{'tyvende' if day < 30 else 'tredivte'}"


def test_all_dates() -> None:
    """Each day of a leap year comes back, by number and by name of the month."""
    for month, days in enumerate(DAYS, start=1):
        for day in range(1, days + 1):
            assert written(f"den {say_day(day)} i {say_day(month)}") == f"{day}.{month}."
            assert written(f"den {say_day(day)} {MONTHS[month - 1]}") == f"{day}. {MONTHS[month - 1]}"


@given(st.integers(1900, 2099), st.sampled_from(MONTHS))
def test_dates_with_a_year(year: int, month: str) -> None:
    """A year after a date comes back, however it is said."""
    century, rest = divmod(year, 100)
    ways = [say(year, linked=True)]
    if century == 19:
        ways = [f"nitten hundrede {say_small(rest)}" if rest else "nitten hundrede"]
    pair = say_small(rest) if rest >= 10 else f"nul {say_small(rest)}"
    ways.append(f"{say_small(century)} {pair}")
    for way in ways[: None if rest else 1]:
        assert written(f"den femte {month} {way}") == f"5. {month} {year}"


@given(st.integers(0, 10**10 - 1))
def test_cpr_numbers(number: int) -> None:
    """A CPR number comes back from pairs; it is digits that are tested, no person."""
    digits = f"{number:010d}"
    pairs = [digits[index : index + 2] for index in range(0, 10, 2)]
    spoken = " ".join(
        f"nul {UNITS[int(pair[1])]}" if pair[0] == "0" else say_small(int(pair)) for pair in pairs
    )
    assert written(f"cpr {spoken}") == f"CPR {digits[:6]}-{digits[6:]}"
    assert written(f"cpr-nummer {say_digits(digits)}") == f"CPR-nummer {digits[:6]}-{digits[6:]}"


@given(st.integers(10_000_000, 99_999_999))
def test_phone_numbers(number: int) -> None:
    """A phone number comes back in pairs."""
    digits = str(number)
    pairs = [digits[index : index + 2] for index in range(0, 8, 2)]
    spoken = " ".join(
        f"nul {UNITS[int(pair[1])]}" if pair[0] == "0" else say_small(int(pair)) for pair in pairs
    )
    assert written(f"telefon {spoken}") == f"telefon {' '.join(pairs)}"
    assert written(f"telefon {say_digits(digits)}") == f"telefon {' '.join(pairs)}"


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 9))
def test_sizes_and_ranges(first: int, second: int, decimal: int) -> None:
    """Sizes come back with their unit; ranges where the second number is the higher one."""
    sizes = f"{say(first)} gange {say(second)} komma {UNITS[decimal]} centimeter"
    assert written(sizes) == f"{first} x {second},{decimal} cm"
    if first < second:
        assert written(f"{say(first)} til {say(second)} dage") == f"{first}-{second} dage"
