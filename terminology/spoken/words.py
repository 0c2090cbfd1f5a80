"""Word lists, written as running text so that they stay readable in a diff."""


def words(text: str) -> frozenset[str]:
    """Return the words of `text`, which are separated by white space."""
    return frozenset(text.split())
