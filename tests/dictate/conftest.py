"""What the tests of the application share."""

from collections.abc import Iterator

import pytest

from dictate.draft import Drafter


@pytest.fixture(scope="session", name="drafter")
def drafter_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drafter]:
    """Return a drafter of the shipped vocabulary, whose cache is the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield Drafter.load()
