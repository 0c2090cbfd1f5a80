"""What a note says of a problem: there, denied, over, suspected, somebody else's."""

from collections.abc import Callable

import pytest

Said = Callable[[str], set[tuple[str, str]]]

PRESENT = {
    "Har ondt i skulderen.": {"smerter"},
    "Hun klager over kvalme og hovedpine, men ingen feber.": {"mave"},
    "Benene er hævede.": {"kredsloeb"},
    "Stadig svimmel, når hun rejser sig.": {"mobilitet"},
    "Hun har haft ondt i ryggen siden i går.": {"smerter"},
    "Har haft smerter i flere uger.": {"smerter"},
    "Smerterne er ikke blevet bedre.": {"smerter"},
    "Panodil har ikke haft effekt på smerterne.": {"smerter"},
    "Kan ikke sove for smerter.": {"smerter"},
    "Hun er ikke smertefri.": {"smerter"},
    "Ingen bedring i smerterne.": {"smerter"},
    "Sover ikke på grund af smerter i hoften.": {"smerter"},
    "Intet tegn til betændelse i såret.": {"saar"},
    "Ingen lugt fra tryksåret.": {"tryksaar"},
    "Fortsat åndenød ved gang.": {"respiration"},
    "Datteren fortæller, at hun glemmer sine aftaler.": {"hukommelse"},
    "Sønnen oplyser, at far har haft smerter i nat.": {"smerter"},
    "Datteren er bekymret for hendes svimmelhed.": {"mobilitet"},
    "Hustruen ringer, da han har ondt i maven.": {"smerter"},
    "Borger faldt i nat på vej til toilettet.": {"mobilitet"},
    "Hverken Panodil eller varmepude hjælper, har stadig ondt.": {"smerter"},
    "Det er ikke uden smerter, når hun vender sig.": {"smerter"},
    "Ikke kun kvalme, men også opkast.": {"mave"},
    "Hun er trist og græder.": {"trivsel"},
    "Ved ikke, hvorfor hun er svimmel.": {"mobilitet"},
    "Åndenøden er uændret i forhold til tidligere.": {"respiration"},
    "Ensom i den nye bolig.": {"trivsel"},
    "Trist, siden hendes mand døde i foråret.": {"trivsel"},
    "Naboen fandt hende, hun var faldet i køkkenet.": {"mobilitet"},
    "Har demens, kan ikke huske datteren.": {"hukommelse"},
    "Smerterne klinger langsomt af.": {"smerter"},
    "Der er ingen tvivl om, at hun har kvalme.": {"mave"},
    "Intet hjælper på kvalmen.": {"mave"},
    "Faldt på trappen i foråret og er bange for at gå ud.": {"mobilitet"},
    "Svigerinden har talt med ham, og han har ondt i armen.": {"smerter"},
    "Mandens død er hun trist over.": {"trivsel"},
    "Er bekendt med, at hosten kan vare ved.": {"respiration"},
}
ABSENT = {
    "Ingen smerter.": {"smerter"},
    "Benægter smerter.": {"smerter"},
    "Har ikke ondt.": {"smerter"},
    "Ingen smerter, kvalme eller åndenød.": {"smerter", "mave", "respiration"},
    "Ingen kvalme, ingen opkastninger.": {"mave"},
    "Uden smerter.": {"smerter"},
    "Hun er fri for kvalme.": {"mave"},
    "Hverken kvalme eller åndenød.": {"mave", "respiration"},
    "Der er ikke tegn på tryksår.": {"tryksaar"},
    "Klager ikke over smerter.": {"smerter"},
    "Angiver ingen smerter.": {"smerter"},
    "Ikke problemer med vandladning.": {"urin"},
    "Smerter har hun ikke.": {"smerter"},
    "Kvalme har der ikke været.": {"mave"},
    "Smerter benægtes.": {"smerter"},
    "Hoster ikke.": {"respiration"},
    "Hun har hverken haft kvalme eller diarre.": {"mave"},
    "Ingen rødme eller hævelse omkring indstikket.": {"hud", "kredsloeb"},
    "Benægter at have ondt nogen steder.": {"smerter"},
    "Afviser smerter.": {"smerter"},
    "Der ses ingen rødme.": {"hud"},
    "Ikke svimmel i dag.": {"mobilitet"},
    "Har ikke haft åndenød i nat.": {"respiration"},
    "Huden er hel og pæn.": {"hud"},
    "Sover godt.": {"soevn"},
    "Hun fik sovet hele natten.": {"soevn"},
    "Mærker ikke noget til kvalme.": {"mave"},
    "Hun føler sig ikke svimmel.": {"mobilitet"},
    "Aldrig kvalme.": {"mave"},
    "Ikke generet af kløe.": {"hud"},
    "Ingen mistanke om blodprop.": {"kredsloeb"},
    "Siger selv, at hun ikke har ondt.": {"smerter"},
    "Ingen smerter ved vejrtrækning.": {"smerter"},
    "Intet udslæt.": {"hud"},
    "Der er ikke længere mistanke om UVI.": {"urin"},
    "Cykler en tur uden at blive forpustet.": {"respiration"},
    "Smerterne er han fri for.": {"smerter"},
    "Smerter: ingen.": {"smerter"},
    "Kvalme og hoste er ikke set.": {"mave", "respiration"},
    "Åndenød har ikke været et problem.": {"respiration"},
}
HISTORICAL = {
    "Har tidligere døjet med tryksår.": {"tryksaar"},
    "Tidligere depression.": {"trivsel"},
    "Havde lungebetændelse sidste år.": {"respiration"},
    "Blodprop i benet for 3 år siden.": {"kredsloeb"},
    "Tryksåret er lægt.": {"tryksaar"},
    "Kvalmen er væk.": {"mave"},
    "Smerterne er forsvundet.": {"smerter"},
    "Smerterne er helt væk siden i går.": {"smerter"},
    "Har ikke længere ondt.": {"smerter"},
    "Hosten har fortaget sig.": {"respiration"},
    "Træner igen efter lungebetændelsen.": {"respiration"},
    "Udslættet er nu svundet.": {"hud"},
    "Diarreen er ophørt.": {"mave"},
    "Har ikke længere kvalme.": {"mave"},
    "Ikke flere smerter efter operationen.": {"smerter"},
    "For år tilbage havde han mange smerter.": {"smerter"},
    "Dengang havde hun kvalme hver morgen.": {"mave"},
    "Havde åndenød under indlæggelsen.": {"respiration"},
    "Var forpustet i vinters.": {"respiration"},
    "Havde kvalme i weekenden, men det er i orden nu.": {"mave"},
    "Kvalme i 2019.": {"mave"},
    "Hosten, hun havde i går, er væk.": {"respiration"},
}
SUSPECTED = {
    "Stærk mistanke om UVI.": {"urin"},
    "Måske væske og vand i lungerne.": {"respiration"},
    "Obs. lungebetændelse.": {"respiration"},
    "Lungebetændelse kan ikke udelukkes.": {"respiration"},
    "Kan ikke udelukke blodprop.": {"kredsloeb"},
    "Det ligner begyndende tryksår.": {"tryksaar"},
    "Lægen overvejer depression.": {"trivsel"},
    "Muligvis blærebetændelse.": {"urin"},
    "Det kunne være en blodprop.": {"kredsloeb"},
    "Udredes for demens.": {"hukommelse"},
    "Der er tegn på depression.": {"trivsel"},
    "Symptomerne tyder på blærebetændelse.": {"urin"},
    "Obs UVI.": {"urin"},
    "Lungebetændelse?": {"respiration"},
}
OTHER = {
    "Datteren virker utryg.": {"trivsel"},
    "Søsteren er utryg og har sovet dårligt.": {"trivsel", "soevn"},
    "Hans kone har ondt i ryggen.": {"smerter"},
    "Ægtefællen fik demens.": {"hukommelse"},
    "Svigersønnen med depression bor i huset.": {"trivsel"},
    "Besøg hos hendes søster, som har åndenød.": {"respiration"},
    "Naboen er faldet.": {"mobilitet"},
    "I dag er sønnen forkølet og har hoste.": {"respiration"},
    "Hustruens demens fylder meget.": {"hukommelse"},
    "Bofællen har ondt i armen.": {"smerter"},
    "Passer sin svimle mand.": {"mobilitet"},
    "Der er demens i familien.": {"hukommelse"},
    "Sønnen ringer og siger, at han selv har kvalme.": {"mave"},
}
NOTHING = (
    "Der gives vejledning for at forebygge tryksår.",
    "I risiko for tryksår.",
    "Kontakt lægen, hvis hun får åndenød.",
    "Panodil ved smerter.",
    "Hold øje med rødme.",
    "Smertestillende creme i skabet.",
    "Katten er svimmel.",
    "Kan give kvalme.",
    "Datteren har det godt, sover godt.",
    "Tidligere sov hun godt.",
    "Hvis hun får smerter, må hun få Panodil.",
    "Ring ved smerter eller kvalme.",
)
MIXED = {
    "Sidste år havde hun tryksår, det er lægt. Nu rødme på hoften.": {
        ("tryksaar", "historical"),
        ("hud", "present"),
    },
    "Ingen smerter, men har kvalme.": {("smerter", "absent"), ("mave", "present")},
    "Har ikke ondt, dog svimmel.": {("smerter", "absent"), ("mobilitet", "present")},
    "Ingen smerter, let hævelse af foden.": {("smerter", "absent"), ("kredsloeb", "present")},
    "Ingen smerter. Kvalme.": {("smerter", "absent"), ("mave", "present")},
    "Ingen kvalme, hoster en del.": {("mave", "absent"), ("respiration", "present")},
    "Ondt i hoften, ingen kvalme, lidt svimmel.": {
        ("smerter", "present"),
        ("mave", "absent"),
        ("mobilitet", "present"),
    },
    "Smerterne er væk, men kvalmen fortsætter.": {("smerter", "historical"), ("mave", "present")},
    "Datteren er utryg. Borgeren selv sover godt.": {
        ("trivsel", "other_person"),
        ("soevn", "absent"),
    },
    "Han har ondt, og hans kone har demens.": {("smerter", "present"), ("hukommelse", "other_person")},
    "Mistanke om blodprop, benet er hævet.": {("kredsloeb", "suspected"), ("kredsloeb", "present")},
    "Ingen åndenød og sover godt.": {("respiration", "absent"), ("soevn", "absent")},
    "Har ondt i ryggen og ingen kvalme.": {("smerter", "present"), ("mave", "absent")},
    "Huden er hel, ingen rødme.": {("hud", "absent")},
    "Ingen hoste, trækker vejret frit, huden er rød med udslæt.": {
        ("respiration", "absent"),
        ("hud", "present"),
    },
    "Manden fortæller, at han har åndenød.": {("respiration", "present")},
    "Bor alene efter at konen kom på plejehjem, hun har demens. Han er trist.": {
        ("hukommelse", "other_person"),
        ("trivsel", "present"),
    },
    "Står på benet uden smerter.": {("smerter", "absent")},
    "Hun er ked af, at hendes mand har demens, og græder.": {
        ("hukommelse", "other_person"),
        ("trivsel", "present"),
    },
}


@pytest.mark.parametrize(
    ("text", "expected", "assertion"),
    [
        (text, expected, assertion)
        for assertion, cases in (
            ("present", PRESENT),
            ("absent", ABSENT),
            ("historical", HISTORICAL),
            ("suspected", SUSPECTED),
            ("other_person", OTHER),
        )
        for text, expected in cases.items()
    ],
)
def test_one_assertion(said: Said, text: str, expected: set[str], assertion: str) -> None:
    """Each problem of the sentence is said to be what the sentence says."""
    assert said(text) == {(name, assertion) for name in expected}


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_stated(said: Said, text: str) -> None:
    """Risks, conditions, look-alikes and animals are no problem of the citizen."""
    assert said(text) == set()


@pytest.mark.parametrize(("text", "expected"), MIXED.items())
def test_scopes(said: Said, text: str, expected: set[tuple[str, str]]) -> None:
    """A cue reaches its own list and no further."""
    assert said(text) == expected
