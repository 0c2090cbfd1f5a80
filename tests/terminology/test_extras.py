"""What a note says beside its entries."""

import pytest

from terminology import extras
from terminology.release import load


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Personlig pleje niveau 3.", [3]),
        ("Funktionsniveau vurderet til 2.", [2]),
        ("Har svære begrænsninger i at gå.", [3]),
        ("Totale begrænsninger.", [4]),
        ("Forventet niveau 1.", []),
        ("Oplever selv lette begrænsninger.", []),
        ("BS 7,1 og niveau 2,5.", []),
    ],
)
def test_levels(text: str, expected: list[int]) -> None:
    """A level in figures or words counts; an expected one and the citizen's own view do not."""
    assert [level for level, _, _ in extras.levels(text)] == expected


@pytest.mark.parametrize(
    ("text", "kind", "field", "value"),
    [
        ("Borger triageres gul.", "triage", "colour", "gul"),
        ("Flyttet op i rød.", "triage", "colour", "rød"),
        ("Forventet funktionsniveau 2.", "expected_level", "level", 2),
        ("Målet er at gå til købmanden selv.", "goal", "text", "at gå til købmanden selv"),
        ("Indsatsen afsluttes.", "follow_up", "display", "Afsluttes"),
        ("Revisitation til mere hjælp.", "follow_up", "display", "Revisitation"),
        ("Udfører dele af aktiviteten.", "performance", "display", "Udfører dele af"),
        ("Udfører ikke selv aktiviteten.", "performance", "display", "Udfører ikke selv"),
        ("Oplever ikke begrænsninger.", "significance", "display", "Oplever ikke begrænsninger"),
    ],
)
def test_extras(text: str, kind: str, field: str, value: object) -> None:
    """Each extra has its kind, its place, and its code where there is one."""
    (found,) = extras.find(text, load())
    assert found["kind"] == kind
    assert found[field] == value
    assert text[int(str(found["start"])) : int(str(found["end"]))] == found["text"]


def test_nothing_beside() -> None:
    """Colours and goals of other things are no extras."""
    assert extras.find("Gul hud og en rød bil. Et flot mål i fodboldkampen.", load()) == ()
