"""Which of two versions is the newer one."""

import re


def order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts versions: numbers by value; 2027.10 comes after 2027.9.

    A word makes a version earlier than the same without it, as usual for release candidates.
    """
    parts = re.findall(r"\d+|[A-Za-z]+", version.partition("+")[0])
    ordered = tuple((1, int(part), "") if part.isdigit() else (-1, 0, part) for part in parts)
    return (*ordered, (0, 0, ""))


def is_older(one: str, other: str) -> bool:
    """Tell whether `one` is older than `other`."""
    return order(one) < order(other)
