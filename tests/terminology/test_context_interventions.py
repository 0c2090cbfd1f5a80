"""What a note says of the team's work: done, planned, left undone, somebody else's."""

from collections.abc import Callable

import pytest

Said = Callable[[str], set[tuple[str, str]]]

COMPLETED = {
    "Forbindingen er skiftet.": {"saarpleje"},
    "Skiftet forbinding på hælen.": {"saarpleje"},
    "Ny forbinding lagt, såret er renset.": {"saarpleje"},
    "Vi har skiftet kateter i dag.": {"kateter"},
    "Hjulpet i bad.": {"bad"},
    "Borger er hjulpet med bad og tandbørstning.": {"bad"},
    "Støttestrømper på.": {"stroemper"},
    "Ringet til lægen.": {"kontakt"},
    "Lægen er kontaktet.": {"kontakt"},
    "Urinprøve er sendt af sted.": {"maaling"},
    "Medicin givet kl. 8.": {"medicin"},
    "Støvsuget stuen og skiftet sengetøj.": {"rengoering"},
    "Kontaktet vagtlæge på grund af feber.": {"kontakt"},
    "Har fået morgenmedicin.": {"medicin"},
    "Kateteret er skiftet uden problemer.": {"kateter"},
    "I aften er hun hjulpet i bad.": {"bad"},
    "Forbindingen er ikke kun skiftet, men såret er også renset.": {"saarpleje"},
    "Datteren var til stede, forbindingen blev skiftet af os.": {"saarpleje"},
    "Nyt kateter lagt.": {"kateter"},
    "Ordineret sårpleje udført.": {"saarpleje"},
    "Forbindingen er skiftet som aftalt.": {"saarpleje"},
    "Lægen på besøg, borger hjulpet i bad.": {"bad"},
    "Planen er fulgt, forbindingen er skiftet.": {"saarpleje"},
}
PLANNED = {
    "Vi skal skifte forbinding på lørdag.": {"saarpleje"},
    "Forbinding skiftes igen i morgen.": {"saarpleje"},
    "Kateter skal skiftes om 12 uger.": {"kateter"},
    "Bad i morgen formiddag.": {"bad"},
    "Aftalt bad på tirsdag.": {"bad"},
    "Ny måling på søndag.": {"maaling"},
    "Lægen får besked på torsdag.": {"kontakt"},
    "Lægen kontaktes.": {"kontakt"},
    "Plan: sårpleje hver anden dag.": {"saarpleje"},
    "Vi ringer til lægen mandag.": {"kontakt"},
    "Bevilget bad to gange om ugen fra mandag.": {"bad"},
    "Husk at måle blodtryk næste gang.": {"maaling"},
    "Mangler at få skiftet forbinding.": {"saarpleje"},
    "Der er bestilt tid til kateterskift på torsdag.": {"kateter"},
    "Fremover skiftes forbindingen dagligt.": {"saarpleje"},
    "Bad er aftalt til onsdag.": {"bad"},
    "Sårpleje efter ny ordination starter på søndag.": {"saarpleje"},
    "Hun bliver hjulpet i bad på fredag.": {"bad"},
    "Aftenvagten skifter forbinding.": {"saarpleje"},
    "Vi kommer torsdag og skifter forbinding.": {"saarpleje"},
    "Sårpleje opstartes i morgen.": {"saarpleje"},
}
NOT_DONE = {
    "Afviser bad igen.": {"bad"},
    "Borger ville ikke i bad.": {"bad"},
    "Forbindingen blev ikke skiftet.": {"saarpleje"},
    "Blodtryk ikke målt, manchetten er i stykker.": {"maaling"},
    "Takker nej til bad.": {"bad"},
    "Bad aflyst.": {"bad"},
    "Nåede ikke at skifte forbinding.": {"saarpleje"},
    "Medicin ikke givet.": {"medicin"},
    "Støttestrømper ikke på, hun ønskede det ikke.": {"stroemper"},
    "Ønsker ikke hjælp til bad.": {"bad"},
    "Sårpleje ikke nødvendig i dag.": {"saarpleje"},
    "Bad måtte opgives.": {"bad"},
    "Nægter at komme i bad.": {"bad"},
    "Kateterskift udsat.": {"kateter"},
    "Ikke behov for sårpleje i dag.": {"saarpleje"},
    "Det lykkedes ikke at skifte kateteret.": {"kateter"},
    "Tilbudt bad, men svaret var nej tak.": {"bad"},
    "Orker ikke at komme i bad, siger hun.": {"bad"},
    "Bad tilbudt, borger takkede nej.": {"bad"},
    "Sårpleje udgik på grund af feber.": {"saarpleje"},
    "Bad afmeldt.": {"bad"},
    "Meldte fra til bad.": {"bad"},
    "Morgenmedicin ikke administreret.": {"medicin"},
}
NOTHING = (
    "Datteren har skiftet sengetøj.",
    "Hun klarer selv bad.",
    "Sønnen hjælper hende i bad.",
    "Forbinding skiftet i går.",
    "Kateter skiftet på sygehuset i sidste uge.",
    "Hvis forbindingen er våd, skal den skiftes.",
    "Kontakt vagtlæge, hvis feberen stiger.",
    "Han har selv skiftet forbinding.",
    "Øvre toilette klarer hun selv, også bad.",
    "Forbindingen er tør.",
    "Får hjælp til at skifte forbinding.",
    "Hvis der er behov, skiftes forbindingen.",
    "Hvorfor hun skal måle blodtryk, ved hun ikke.",
    "Hjulpet i bad af sin datter.",
    "Har været i bad hos sin søster.",
    "Forbindingen er skiftet på kirurgisk ambulatorium.",
    "Spurgt lægen, om kateteret skal skiftes.",
    "Mistanke om, at hun ikke skifter forbinding.",
)
MIXED = {
    "Afviser bad nu, vil hellere i bad i morgen.": {("bad", "not_done"), ("bad", "planned")},
    "Skiftet forbinding. På søndag skal der skiftes forbinding igen.": {
        ("saarpleje", "completed"),
        ("saarpleje", "planned"),
    },
    "Forbinding skiftet, bad aflyst.": {("saarpleje", "completed"), ("bad", "not_done")},
    "Hjulpet i bad, men forbinding ikke skiftet.": {("bad", "completed"), ("saarpleje", "not_done")},
    "Bad i dag udsat til i morgen.": {("bad", "not_done"), ("bad", "planned")},
    "Ringet til lægen, og der skal tages ny urinprøve, som bliver sendt i morgen.": {
        ("kontakt", "completed"),
        ("maaling", "planned"),
    },
    "Ønskede ikke bad, forbinding skiftet.": {("bad", "not_done"), ("saarpleje", "completed")},
}


@pytest.mark.parametrize(
    ("text", "expected", "assertion"),
    [
        (text, expected, assertion)
        for assertion, cases in (("completed", COMPLETED), ("planned", PLANNED), ("not_done", NOT_DONE))
        for text, expected in cases.items()
    ],
)
def test_one_assertion(said: Said, text: str, expected: set[str], assertion: str) -> None:
    """Each piece of work is what the sentence says of it."""
    assert _work(said(text)) == {(name, assertion) for name in expected}


@pytest.mark.parametrize("text", NOTHING)
def test_not_the_teams_work(said: Said, text: str) -> None:
    """Work of others, of other days and work that depends on something is not recorded."""
    assert _work(said(text)) == set()


@pytest.mark.parametrize(("text", "expected"), MIXED.items())
def test_scopes(said: Said, text: str, expected: set[tuple[str, str]]) -> None:
    """Done, planned and refused work stand side by side."""
    assert _work(said(text)) == expected


def _work(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {
        (name, assertion) for name, assertion in found if assertion in {"completed", "planned", "not_done"}
    }
