"""Wordings by which nurses say that something is over, put off, refused or somebody else's."""

import pytest

from terminology.matcher import Matcher

CONDITIONS = frozenset({"present", "absent", "historical", "suspected", "other_person"})


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """The whole vocabulary."""
    return Matcher.load()


@pytest.mark.parametrize(
    ("assertion", "note"),
    [
        ("absent", "Ømmer sig ikke, støtter fint på begge ben."),
        ("historical", "Sidste uges udslæt på maven er forsvundet."),
        ("historical", "Hans lungebetændelse fra sidste vinter er overstået."),
        ("historical", "Sidste vinters lungebetændelse har hun lagt bag sig."),
        ("absent", "Vi kan ikke se, at hun har åndenød."),
        ("absent", "Benene er ikke hævede eller misfarvede."),
        ("absent", "Han lugter ikke af spiritus i dag."),
        ("historical", "løs i maven i går, det er standset nu."),
        ("historical", "Nu er hudløsheden i skridtet groet."),
        ("historical", "Han drak meget, men det var for tre år siden."),
        ("historical", "Hun føler sig ikke så ensom længere."),
        ("historical", "Hun er ikke så ked af det mere."),
        ("historical", "Den svimmelhed, hun havde i sidste måned, er stilnet af."),
        ("historical", "Kvalmen er klaret af."),
        ("historical", "Såret på hælen har lukket sig."),
        ("historical", "Hoften gjorde ondt, men det har lagt sig."),
        ("absent", "Det gør ikke ondt nogen steder."),
        ("absent", "Lungerne hvæser ikke, og hun puster ubesværet."),
        ("absent", "Han er hverken svimmel eller utilpas."),
        ("absent", "Ingen smerter, ingen kvalme."),
        ("other_person", "Hans kammerat har mistet synet."),
        ("other_person", "Hendes nabo og ven er dement."),
        ("historical", "Hun er kommet sig efter sin depression."),
        ("present", "Hun har stadig ondt i hoften."),
        ("present", "Han er ikke kommet over sin hoste."),
        ("present", "Smerterne er ikke gået over."),
        ("present", "Kvalmen har ikke lagt sig."),
        ("present", "Hun kan ikke se på det venstre øje."),
        ("absent", "Ømmer sig ikke."),
        ("historical", "Indlagt sidste vinter, hvor han fik lungebetændelse."),
        ("absent", "Vi kan ikke mærke nogen knude eller hævelse."),
    ],
)
def test_condition_is_asserted_as_said(matcher: Matcher, assertion: str, note: str) -> None:
    """No reading of the note's conditions says anything else."""
    told = {found.mention.assertion for found in matcher.read(note).found} & CONDITIONS
    assert told == {assertion}


@pytest.mark.parametrize(
    ("assertion", "note"),
    [
        ("not_done", "Hårvask afslog hun."),
        ("not_done", "Støvsugningen sprang vi over, for kræfterne slap op."),
        ("not_done", "Badet blev sløjfet."),
        ("not_done", "Bad måtte vi udsætte til i morgen."),
        ("not_done", "Han skulle have haft bad, det udsatte vi."),
        ("not_done", "Hun skulle være vendt kl. 12, men hun sov."),
        ("not_done", "Forbindingen fik lov at blive siddende."),
        ("not_done", "Gulvvask nåede jeg ikke."),
        ("not_done", "Støvsugning fik jeg ikke gjort."),
        ("not_done", "Poser med næring hænges ikke mere op."),
        ("not_done", "Blodtrykket nåede jeg ikke at måle."),
        ("not_done", "Kompressionsstrømper kunne ikke komme på i dag, så dem sprang vi over."),
        ("not_done", "Han ville ikke i bad."),
        ("planned", "Vi fik flyttet genoptræningen af håndleddet til torsdag."),
        ("planned", "Akutteamet kommer og lægger kateter inden kl. 5."),
        ("planned", "Urinposen tømmer natholdet kl. 1."),
        ("planned", "Jeg skifter forbindingen igen fredag."),
        ("not_done", "Skift af stomiplade hoppet over."),
        ("not_done", "Jeg skiftede ikke forbindingen."),
        ("planned", "Dagvagten tager urinprøve til dyrkning."),
        ("planned", "Støttestrømperne skal først på kl. 7."),
        ("planned", "Sondeernæringen kobles på kl. 22 af udekørende."),
        ("planned", "Genoptræningen er sat til uge 4."),
        ("planned", "Kontaktpersonen har sat tid af onsdag til en støttende samtale."),
        ("planned", "Indtil da overtager vi opvasken."),
        ("planned", "Aftalt at egen læge kontaktes."),
        ("planned", "Sygeplejersken lægger ny forbinding i aften."),
        ("planned", "Der er lagt besøg ind til ny sårpleje på fredag."),
        ("completed", "Flyttet ham over i stolen med lift."),
        ("completed", "Hjulpet i bad, hvad hun nød."),
        ("completed", "Skiftet forbinding, som sidder godt."),
    ],
)
def test_work_is_told_as_said(matcher: Matcher, assertion: str, note: str) -> None:
    """No reading of the note's interventions says anything else."""
    told = {found.mention.assertion for found in matcher.read(note).found} - CONDITIONS
    assert told == {assertion}


@pytest.mark.parametrize(
    ("assertions", "note"),
    [
        ("given", "Lantus 22 IE s.c. i låret som vanligt."),
        ("given", "Oramorph 5 mg p.o. en halv time før hjalp kun lidt."),
        ("", "God effekt af Panodil."),
        ("not_given", "Alendronat tog hun ikke, fordi det var tirsdag."),
        ("not_given", "Ondansetron 4 mg p.o. ville hun hellere vente med."),
        ("not_given", "Imovane 3,75 mg p.o. afviste hun, den bliver hun dårlig af."),
        ("not_given", "Panodil 1 g p.o. kl. 22 sprang hun over, for hun mærkede ingenting."),
        ("not_given", "Skulle have haft Xalatan, men flasken var tom."),
        ("given", "Metadonen drak han under opsyn, 60 mg p.o. kl. 9."),
        ("planned", "Magnesium 500 mg p.o. til natten står på ark fra lægen, begynder i aften."),
        ("planned", "Magnesia to tabletter til natten."),
        ("given", "Gav Imodium 2 mg p.o. til natten."),
        ("not_given", "Zyprexa 10 mg sagde han nej tak til."),
        ("given", "Smurt ham på knæhaserne med Locoid creme."),
        ("given", "Fik lov at smøre knæhaserne med Locoid creme."),
        ("given not_given", "Furix 40 mg p.o. givet kl. 8, Kaliumklorid fik hun ikke."),
        ("given", "Panodil 1 g p.o. kl. 9."),
        ("planned", "Panodil 1 g p.o. x 4 dagligt i to døgn."),
        ("", "Pn Ibumetin seponeret."),
        ("given", "Forstøver med Combivent kl. 9."),
        ("given", "Tog imod Panodil 1 g p.o."),
        ("planned", "Insulatard kl. 22 gives af natholdet, 14 IE s.c."),
        ("not_given", "Ibuprofen måtte han ikke få for nyrernes skyld."),
    ],
)
def test_drugs_are_told_as_said(matcher: Matcher, assertions: str, note: str) -> None:
    """Each named drug was given, is planned or was not given, as the note says."""
    told = [drug.assertion for drug in matcher.read(note).drugs]
    assert sorted(told) == sorted(assertions.split())


@pytest.mark.parametrize(
    ("note", "key", "value"),
    [
        ("Vægten stod stille, 78,0.", "weight", 78),
        ("Pulsen er nu i ro, 72 og jævn.", "pulse", 72),
        ("Feber har han ikke, 37,1.", "temperature", 37.1),
        ("CRP i fingeren 46.", "crp", 46),
        ("Det strammer i armen, 3 på skalaen.", "pain", 3),
        ("Smerterne er til at leve med: 2 i ro.", "pain", 2),
        ("Hun er taget 600 g på siden sidst, 48,9 kg.", "weight", 48.9),
        ("Hun reagerer på tiltale.", "consciousness", 1),
        ("Kaliumprøve taget: 3,2.", "potassium", 3.2),
        ("Pt. har tabt sig, 54,2 kg i dag mod 58 før.", "weight", 54.2),
        ("Han bør veje 80, viste 83,1 kg i aften.", "weight", 83.1),
    ],
)
def test_value_apart_from_its_name_is_found(matcher: Matcher, note: str, key: str, value: float) -> None:
    """A value may follow after a comma, or tell by its unit what it is."""
    found = [(one.observation.key, one.value) for one in matcher.read(note).measurements]
    assert found == [(key, value)]


@pytest.mark.parametrize(
    "note",
    ["Bar 12,5 kg kartofler ind.", "Pulsen er regelmæssig, 2 Panodil givet.", "Vejede 72 kg sidste uge."],
)
def test_other_numbers_are_no_values(matcher: Matcher, note: str) -> None:
    """Goods, tablets and values of another week are not measured now."""
    assert not matcher.read(note).measurements
