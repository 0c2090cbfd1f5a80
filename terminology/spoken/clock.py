"""Clock times: "halv ni", "kvart i fire", "fem minutter over halv et", "fjorten femten"."""

import re

from terminology.numerals import ARTICLES, cardinal, digits
from terminology.spoken.pieces import Shape
from terminology.spoken.reading import Context, Reading, reading
from terminology.spoken.units import is_unit

_CUES = frozenset({"klokken", "kl", "kl.", "klokka"})
_FILLERS = {
    "cirka": "ca.",
    "ca": "ca.",
    "ca.": "ca.",
    "omkring": "omkring",
    "mellem": "mellem",
    "lidt": "lidt",
    "knap": "knap",
    "godt": "godt",
    "senest": "senest",
    "præcis": "præcis",
    "præcist": "præcist",
    "tidligst": "tidligst",
    "nøjagtigt": "nøjagtigt",
}
_SIDES = {"over": 1, "i": -1}
_MINUTES = frozenset({"minutter", "minut", "min", "min."})
_WRITTEN = re.compile(r"([01]?\d|2[0-4])(?:[.:]([0-5]\d))?")
_DAY, _HOUR, _HALF_PAST = 24, 60, 30
_LIST = 3
"""So many hours in a row are a list of hours, not hours and minutes."""


def clock(context: Context, start: int) -> Reading | None:
    """Read a clock time after "klokken", or one that can be nothing else ("halv ni", "kvart over otte")."""
    words = context.words
    if context.word(start) not in _CUES:
        return _bare(context, start)
    fillers: list[str] = []
    at = start + 1
    while len(fillers) < 2 and context.word(at) in _FILLERS:  # noqa: PLR2004 - "lidt over" is the longest
        fillers.append(_FILLERS[words[at]])
        at += 1
        if fillers[-1] == "lidt" and context.word(at) in {"over", "før", "i", "efter"}:
            fillers.append(words[at])
            at += 1
    hours = None if fillers else _hours(context, at)
    if hours:
        return reading(f"kl. {hours[0]}", hours[1], Shape.CLOCK, number=hours[0])
    found = _time(context, at)
    if found is None:
        return None
    text, end = found
    until = _time(context, end + 1) if context.word(end) in {"til", "-", "–"} else None
    if until and not is_unit(context.word(until[1])):
        text, end = f"{text}-{until[0]}", until[1]
    elif fillers[:1] == ["mellem"] and context.word(end) == "og" and (until := _time(context, end + 1)):
        text, end = f"{text} og {until[0]}", until[1]
    lead = "".join(f"{filler} " for filler in fillers)
    return reading(f"kl. {lead}{text}", end, Shape.CLOCK, number=f"{lead}{text}")


def _hours(context: Context, start: int) -> tuple[str, int] | None:
    """Read a list of at least three growing hours: "otte tolv sytten og toogtyve"."""
    hours: list[int] = []
    at = start
    closed = False
    while not closed:
        closed = bool(hours) and context.word(at) == "og"
        found = cardinal(context.words, at + closed, split=False)
        if found is None or found[0] > _DAY or (hours and found[0] <= hours[-1]):
            closed = False
            break
        hours.append(found[0])
        at = found[1]
    if len(hours) < _LIST or not closed or is_unit(context.word(at)):
        return None
    return ", ".join(map(str, hours[:-1])) + f" og {hours[-1]}", at


def _time(context: Context, start: int) -> tuple[str, int] | None:
    """Read a clock time without its cue."""
    return _relative(context, start) or _written(context, start) or _absolute(context, start)


def _written(context: Context, start: int) -> tuple[str, int] | None:
    """Read "8", "8.15" or "8:15" as a recogniser writes it, and "8 15"."""
    found = _WRITTEN.fullmatch(context.word(start))
    if not found:
        return None
    hour, minute = found.groups()
    if minute is None:
        follower = context.word(start + 1)
        if re.fullmatch(r"[0-5]\d", follower) and not is_unit(context.word(start + 2)):
            return f"{hour}.{follower}", start + 2
        return hour, start + 1
    return f"{hour}.{minute}", start + 1


def _hour(context: Context, start: int) -> tuple[str, int, int] | None:
    """Read an hour: its figures (with a said leading nought), its value, and the index after it."""
    if context.word(start) == "nul":
        single = digits(context.words, start + 1)
        if single and len(single[0]) == 1:
            return f"0{single[0]}", int(single[0]), single[1]
        return "0", 0, start + 1
    figures = context.word(start)
    if _WRITTEN.fullmatch(figures) and figures.isdecimal():
        return figures, int(figures), start + 1
    found = cardinal(context.words, start, split=False)
    if found is None or not 0 < found[0] <= _DAY:
        return None
    return str(found[0]), found[0], found[1]


def _absolute(context: Context, start: int) -> tuple[str, int] | None:
    """Read "otte", "fjorten femten", "treogtyve nul fem", "otte nul nul"."""
    hour = _hour(context, start)
    if hour is None:
        return None
    text, value, end = hour
    if value == 1 and context.word(start) in ARTICLES and is_unit(context.word(end)):
        return None
    minute = _minute(context, end)
    return (f"{text}.{minute[0]}", minute[1]) if minute else (text, end)


def _minute(context: Context, start: int) -> tuple[str, int] | None:
    """Read the minutes after an hour: two figures, never what counts something else."""
    if context.word(start) == "nul":
        single = digits(context.words, start + 1)
        if single is None or len(single[0]) != 1:
            return None
        text, end = f"0{single[0]}", single[1]
    else:
        found = cardinal(context.words, start, split=False)
        if found is None or len(str(found[0])) != 2 or found[0] >= _HOUR:  # noqa: PLR2004 - figures
            return None
        text, end = str(found[0]), found[1]
    follower = context.word(end)
    counted = is_unit(follower) or follower in {"over", "komma", "gange", "plus", "hundrede", "tusind"}
    return None if counted else (text, end)


def _relative(context: Context, start: int) -> tuple[str, int] | None:
    """Read "halv ni", "kvart over otte", "tyve minutter i syv", "fem over halv et"."""
    word = context.word(start)
    if word == "halv":
        hour = _hour(context, start + 1)
        return (_shift(hour[1], -_HALF_PAST), hour[2]) if hour else None
    at = start
    if word == "kvart":
        minutes, at = 15, at + 1
    else:
        found = cardinal(context.words, start, split=False)
        figures = context.word(start)
        if found is None and figures.isdecimal() and figures.isascii() and len(figures) <= 2:  # noqa: PLR2004
            found = int(figures), start + 1
        if found is None or not 0 < found[0] < _HALF_PAST:
            return None
        minutes, at = found
        if context.word(at) in _MINUTES:
            at += 1
    side = _SIDES.get(context.word(at))
    if side is None:
        return None
    at += 1
    half = context.word(at) == "halv"
    hour = _hour(context, at + half)
    if hour is None:
        return None
    return _shift(hour[1], side * minutes - _HALF_PAST * half), hour[2]


def _shift(hour: int, minutes: int) -> str:
    """Write the time `minutes` from `hour`, without a guess at afternoon: half past before one is 12.30."""
    total = hour * _HOUR + minutes
    if total < _HOUR:
        total += _DAY // 2 * _HOUR
    return f"{total // _HOUR}.{total % _HOUR:02d}"


def _bare(context: Context, start: int) -> Reading | None:
    """Read a time without "klokken" where the wording allows nothing else."""
    word = context.word(start)
    if context.word_before() in ARTICLES | {"den", "det", "en", "et"}:
        return None
    found = None
    if word == "halv" or (word == "kvart" and context.word(start + 1) in _SIDES):
        found = _relative(context, start)
    elif word and not is_unit(word):
        found = _spelled_out(context, start)
    if found is None:
        return None
    text, end = found
    if is_unit(context.word(end)) or context.word(end) in {"procent", "gange"}:
        return None
    if context.word(end) == "tiden":
        return reading(f"{text}-tiden", end + 1, Shape.CLOCK, number=text)
    return reading(f"kl. {text}", end, Shape.CLOCK, number=text)


def _spelled_out(context: Context, start: int) -> tuple[str, int] | None:
    """Read "fem minutter over otte" and "ti over halv ni", which need no "klokken"."""
    found = _relative(context, start)
    if found is None:
        return None
    said = context.words[start : found[1]]
    if "halv" in said or ("over" in said and _MINUTES & set(said)):
        return found
    return None
