"""Drugs in a note: name, dose, route, time, and whether they were given."""

import pytest

from terminology.matcher import Matcher

GIVEN = {
    "Pinex 500 mg givet kl. 13.": ("Pinex", "500 mg", None, "kl. 13"),
    "Givet Ibuprofen 400 mg p.o.": ("Ibuprofen", "400 mg", "p.o.", None),
    "Tresiba 16 enheder s.c. i venstre lår.": ("Tresiba", "16 enheder", "s.c.", None),
    "Har fået 2 tabletter Panodil.": ("Panodil", "2 tabletter", None, None),
    "PN Oxynorm 5 mg givet mod smerter.": ("Oxynorm", "5 mg", None, None),
    "Ventoline 2,5 mg på forstøver.": ("Ventoline", "2,5 mg", "inhalation", None),
    "Injiceret Innohep 4500 IE subkutant kl. 20.": ("Innohep", "4500 IE", "s.c.", "kl. 20"),
    "Der er givet Rocephalin 2 g i.v. kl. 15.": ("Rocephalin", "2 g", "i.v.", "kl. 15"),
    "Durogesic plaster 25 mikrogram skiftet.": ("Durogesic", "25 mikrogram", "transdermalt", None),
    "Movicol 1 brev givet kl. 9.": ("Movicol", "1 brev", None, "kl. 9"),
    "Dryppet øjne med Xalatan 1 dråbe i begge øjne til natten.": (
        "Xalatan",
        "1 dråbe",
        "i øjet",
        "til natten",
    ),
    "Imovane 7,5 mg udleveret kl. 22.30.": ("Imovane", "7,5 mg", None, "kl. 22.30"),
    "Novorapid 8 enheder givet før morgenmad.": ("Novorapid", "8 enheder", None, "før morgenmad"),
    "Borger fik Laxoberal 20 dråber kl. 21.": ("Laxoberal", "20 dråber", None, "kl. 21"),
    "Metoprolol 50 mg x 1 givet til morgen.": ("Metoprolol", "50 mg x 1", None, "til morgen"),
    "B12-injektion 1 mg givet i.m.": ("B12", "1 mg", "i.m.", None),
    "Microlax givet rektalt med god effekt.": ("Microlax", None, "rektalt", None),
    "Smurt med Betnovat på benene.": ("Betnovat", None, None, None),
    "Spiriva 1 inhalation taget under vejledning.": ("Spiriva", "1 inhalation", "inhalation", None),
    "Furosemiden givet, 40 mg.": ("Furosemid", "40 mg", None, None),
}
PLANNED = {
    "Der startes Bioclavid 500 mg x 3 i aften.": ("Bioclavid", "500 mg x 3"),
    "Skal have Panodil 1 g kl. 18.": ("Panodil", "1 g"),
    "Selexid 400 mg x 3 opstartes i morgen.": ("Selexid", "400 mg x 3"),
    "Furix øges til 60 mg fra i morgen.": ("Furix", "60 mg"),
    "Lægen har ordineret Primcillin 660 mg x 4.": ("Primcillin", "660 mg x 4"),
    "Aftenvagten giver Pinex 1 g.": ("Pinex", "1 g"),
    "Ny ordination: Furix 20 mg.": ("Furix", "20 mg"),
    "Trimbow 2 pust fra 3. april.": ("Trimbow", "2 pust"),
}
NOT_GIVEN = {
    "Omeprazol 20 mg blev ikke givet.": "Omeprazol",
    "Afviser Panodil.": "Panodil",
    "Ville ikke tage Movicol i dag.": "Movicol",
    "Imovane tilbudt, men hun takkede nej.": "Imovane",
    "Marevan pauseret i dag.": "Marevan",
    "Metformin 500 mg ikke givet på grund af kvalme.": "Metformin",
    "Hun nægter at tage Quetiapin.": "Quetiapin",
    "Spyttede Madopar ud igen.": "Madopar",
    "Digoxin skal ikke gives i dag.": "Digoxin",
    "Eltroxin lå stadig i æsken.": "Eltroxin",
    "Kaleorid stoppet midlertidigt.": "Kaleorid",
    "Panodil 1 g givet, men kastet op igen.": "Panodil",
    "Alendronat udeladt i dag.": "Alendronat",
}
NO_ENTRY = (
    "Doseret Eliquis og Metoprolol til 14 dage.",
    "Xarelto rækker til weekenden.",
    "Ny recept på Panodil er bestilt.",
    "Marevan fortsat uændret.",
    "Hun tager selv sin Panodil.",
    "God effekt af Panodil.",
    "Allergisk over for penicillin.",
    "Får fast Panodil 1 g x 4.",
    "Panodil ved smerter.",
    "Konen tager Marevan.",
    "Fik Panodil i går.",
    "Har selv taget Ipren.",
    "Drukket 300 ml saft, 500 ml NaCl løber ind.",
    "Husk at tage pillerne.",
    "Panodil er hentet på apoteket.",
    "Vægt 67,4 kg.",
    "Datteren har givet Panodil 1 g.",
    "Kvalme, siden han begyndte på Metformin.",
    "Kalium 4,1.",
    "Spurgt lægen, om Furix skal øges.",
    "Oxynorm 5 mg kan gives ved smerter.",
    "Har tidligere fået Marevan 2,5 mg.",
    "Simvastatin 20 mg er taget af listen.",
)


@pytest.mark.parametrize(("text", "expected"), GIVEN.items())
def test_given(matcher: Matcher, text: str, expected: tuple[str, str | None, str | None, str | None]) -> None:
    """A given drug has its name, dose, route and time as said."""
    found = matcher.read(text).drugs
    assert [(drug.name, drug.dose, drug.route, drug.time, drug.assertion) for drug in found] == [
        (*expected, "given")
    ]


@pytest.mark.parametrize(("text", "expected"), PLANNED.items())
def test_planned(matcher: Matcher, text: str, expected: tuple[str, str | None]) -> None:
    """A drug that is to be started, raised or given later is planned."""
    found = matcher.read(text).drugs
    assert [(drug.name, drug.assertion) for drug in found] == [(expected[0], "planned")]
    assert expected[1] is None or found[0].dose == expected[1]


@pytest.mark.parametrize(("text", "name"), NOT_GIVEN.items())
def test_not_given(matcher: Matcher, text: str, name: str) -> None:
    """A drug that was refused, paused or lost is not given."""
    assert [(drug.name, drug.assertion) for drug in matcher.read(text).drugs] == [(name, "not_given")]


@pytest.mark.parametrize("text", NO_ENTRY)
def test_no_entry(matcher: Matcher, text: str) -> None:
    """What is dosed, ordered, unchanged, taken alone or only spoken of is no entry."""
    assert matcher.read(text).drugs == ()


def test_several_drugs_in_one_sentence(matcher: Matcher) -> None:
    """Each drug keeps its own dose; the verb after the list counts for all."""
    found = matcher.read("Panodil 1 g, Ipren 200 mg og Losec 20 mg givet kl. 8.").drugs
    assert [(drug.name, drug.dose, drug.assertion) for drug in found] == [
        ("Panodil", "1 g", "given"),
        ("Ipren", "200 mg", "given"),
        ("Losec", "20 mg", "given"),
    ]


def test_unlisted_name_with_a_strength(matcher: Matcher) -> None:
    """A capitalised word with a strength is taken for a drug, but marked."""
    (drug,) = matcher.read("Givet Nyvelotin 20 mg kl. 8.").drugs
    assert (drug.name, drug.dose, drug.listed) == ("Nyvelotin", "20 mg", False)
