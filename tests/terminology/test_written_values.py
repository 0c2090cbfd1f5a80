"""Values as nurses say them, and how they stand in the record."""

import pytest

from terminology.written import to_written

NUMBERS = {
    "en": "1",
    "minus tolv": "-12",
    "minus tre komma fem grader": "-3,5 grader",
    "halvandet hundrede": "150",
    "halvanden million": "1.500.000",
    "to et halvt tusind": "2500",
    "nitten hundrede og enoghalvfjerds": "1971",
    "atten hundrede": "1800",
    "elleve tusind": "11.000",
    "ni tusind ni hundrede": "9900",
    "komma nul seks": "0,06",
    "komma ti": "0,10",
    "nul nul fire": "004",
    "nul ni": "09",
    "hundrede en time efter": "100 en time efter",
    "tusind tak": "tusind tak",
    "et par hundrede skridt": "et par hundrede skridt",
    "begge to": "begge to",
    "otteogfyrreårig": "48-årig",
    "tooghalvfjerds årig": "72-årig",
    "paragraf enogtyve": "§ 21",
    "fire ud af ti": "4 ud af 10",
}
FRACTIONS = {
    "en halv": "½",
    "tre fjerdedele": "3/4",
    "en ottendedel": "1/8",
    "en kvart kapsel": "¼ kapsel",
    "trekvart tablet": "¾ tablet",
    "to og en halv kapsel": "2½ kapsel",
    "en og en halv tablet": "1½ tablet",
    "to en kvart tablet": "2¼ tablet",
    "en halv til en hel tablet": "½-1 tablet",
    "tre en halv milliliter": "3,5 ml",
    "trekvart liter": "0,75 l",
    "et halvt kilo": "0,5 kg",
    "fem et halvt gram": "5,5 g",
    "en halv time": "½ time",
    "halvanden dag": "1½ dag",
    "tre en halv time": "3½ time",
    "et halvt glas juice": "½ glas juice",
}
MEASUREMENTS = {
    "blodtryk hundrede syvogtyve over niogtres": "BT 127/69",
    "bt hundrede og ti skråstreg tres": "BT 110/60",
    "blodtrykket er hundrede og tredive over firs": "blodtrykket er 130/80",
    "hundrede tyve til hundrede tredive over firs": "120-130/80",
    "puls otteogfirs slag i minuttet": "puls 88 slag/min",
    "temperatur niogtredive": "Tp 39",
    "temperatur syvogtredive en halv": "Tp 37,5",
    "temperaturen er steget": "temperaturen er steget",
    "respirationsfrekvens tyve": "RF 20",
    "saturation fireoghalvfems procent": "sat. 94 %",
    "hun sat op": "hun sat op",
    "sat syvoghalvfems procent": "sat. 97 %",
    "blodsukker elleve komma seks millimol per liter": "BS 11,6 mmol/l",
    "blodsukker to timer efter": "blodsukker 2 timer efter",
    "hæmoglobin otte komma en": "Hb 8,1",
    "højde en meter og nioghalvtreds": "højde 1,59 m",
    "højde en meter enogfirs": "højde 1,81 m",
    "hundrede fireogfirs centimeter": "184 cm",
    "vægt halvfems komma syv kilo": "vægt 90,7 kg",
    "kreatinin hundrede og ti mikromol per liter": "kreatinin 110 mikromol/l",
    "fem gange syv millimeter": "5 x 7 mm",
    "en komma fem gange to centimeter": "1,5 x 2 cm",
    "to gange to gange en centimeter": "2 x 2 x 1 cm",
    "nitrit to plus": "nitrit 2+",
    "protein et plus": "protein 1+",
    "en til to plus": "1-2+",
    "VAS nul": "VAS 0",
    "VAS to en halv time efter": "VAS 2 en halv time efter",
    "blodsukker otte en halv time efter maden": "BS 8 en halv time efter maden",
    "tobs et": "TOBS 1",
    "charriere tolv": "CH 12",
    "kateter charriere atten": "kateter CH 18",
    "ti komma tre millimeter kviksølv": "10,3 mmHg",
    "syv promille": "7 ‰",
}
DOSES = {
    "et milligram": "1 mg",
    "tyve milligram tre gange dagligt": "20 mg x 3 dagligt",
    "to tabletter fire gange i døgnet": "2 tabletter x 4 i døgnet",
    "en kapsel en gang dagligt": "1 kapsel x 1 dagligt",
    "tre pust to gange": "3 pust x 2",
    "fem dråber peroralt to gange dagligt": "5 dråber p.o. x 2 dagligt",
    "to til tre gange dagligt": "2-3 gange dagligt",
    "to gange om ugen": "2 gange om ugen",
    "en gang om måneden": "en gang om måneden",
    "otte enheder subkutant": "8 enheder s.c.",
    "halvfjerds mikrogram": "70 mikrogram",
    "tolv mikrogram i timen": "12 mikrogram/time",
    "tre liter i minuttet": "3 l/min",
    "en til to tabletter": "1-2 tabletter",
    "fem til ti milliliter": "5-10 ml",
    "otte ti dage": "8-10 dage",
    "fra to til fire": "fra 2 til 4",
    "mellem to og fyrre": "mellem 2 og 40",
    "et glas mælk": "et glas mælk",
    "to kopper te": "2 kopper te",
    "en ny forbinding": "en ny forbinding",
    "femoghalvtreds procent": "55 %",
    "tolv hundrede enheder": "1200 enheder",
    "fem tyve": "5 20",
}
TIMES = {
    "klokken fem": "kl. 5",
    "klokken et": "kl. 1",
    "klokken halv to": "kl. 1.30",
    "klokken kvart i tolv": "kl. 11.45",
    "klokken ti over seks": "kl. 6.10",
    "klokken fem i halv tre": "kl. 2.25",
    "klokken nul seks tredive": "kl. 06.30",
    "klokken otte nul nul": "kl. 8.00",
    "klokken ti to tabletter": "kl. 10 2 tabletter",
    "klokken otte tyve milligram": "kl. 8 20 mg",
    "klokken otte til ti": "kl. 8-10",
    "klokken mellem ni og ti": "kl. mellem 9 og 10",
    "klokken cirka otte": "kl. ca. 8",
    "klokken seks tolv og atten": "kl. 6, 12 og 18",
    "halv syv": "kl. 6.30",
    "kvart over tre": "kl. 3.15",
    "ved femtiden": "ved 5-tiden",
    "den ottende i tiende": "8.10.",
    "den tolvte august": "12. august",
    "den anden i første": "2.1.",
    "den fjerde i tolvte femogtyve": "4.12.25",
    "syvende juni to tusind og elleve": "7. juni 2011",
    "den ottende": "den 8.",
    "hver anden dag": "hver anden dag",
    "hver tredje uge": "hver 3. uge",
    "født nitten otteogtredive": "født 1938",
}
IDENTIFIERS = {
    "cpr nul fem elleve fyrre nioghalvfems enoghalvfems": "CPR 051140-9991",
    "cpr-nummer ti nul en halvtreds": "CPR-nummer 100150",
    "mobil plus femogfyrre tyve tyve tredive tredive": "mobil +45 20 20 30 30",
    "ring et et to": "ring 112",
    "koden er to fire seks otte": "koden er 2468",
}
FIGURES = {
    "blodtryk 145/85": "BT 145/85",
    "blodtryk 145 over 85": "BT 145/85",
    "temperatur 38.4": "Tp 38,4",
    "sat 93%": "sat. 93 %",
    "5mg": "5 mg",
    "2x3 cm": "2 x 3 cm",
    "kl 7:45": "kl. 7.45",
    "klokken 8 30": "kl. 8.30",
    "2 tusind": "2000",
    "1 tablet 2 gange dagligt": "1 tablet x 2 dagligt",
    "to-tre dage": "2-3 dage",
    "c r p 12": "CRP 12",
}
ALL = NUMBERS | FRACTIONS | MEASUREMENTS | DOSES | TIMES | IDENTIFIERS | FIGURES


@pytest.mark.parametrize(("spoken", "written"), ALL.items(), ids=list(ALL))
def test_value(spoken: str, written: str) -> None:
    """A value is written as it should stand in the record."""
    assert to_written(spoken, note=False).text == written


@pytest.mark.parametrize("written", list(ALL.values()))
def test_what_is_written_stays(written: str) -> None:
    """A second pass changes nothing."""
    assert to_written(written, note=False).text == written


@pytest.mark.parametrize(
    ("spoken", "written"),
    {
        "hun har tre børn": "Hun har tre børn.",
        "han faldt for to år siden": "Han faldt for to år siden.",
        "hun spiste to skiver brød": "Hun spiste to skiver brød.",
        "der er tyve stole": "Der er 20 stole.",
        "hun sov i fire timer": "Hun sov i 4 timer.",
        "vi trænede tre gange": "Vi trænede tre gange.",
        "hun var oppe tre gange i nat": "Hun var oppe 3 gange i nat.",
        "smerter på fire": "Smerter på 4.",
        "givet paracetamol komma to tabletter": "Givet paracetamol, 2 tabletter.",
        "kateter charriere fjorten komma ti milliliter i ballonen": "Kateter CH 14, 10 ml i ballonen.",
    }.items(),
)
def test_value_in_running_text(spoken: str, written: str) -> None:
    """In a note small numbers before everyday nouns stay words, and "komma" may be a comma."""
    assert to_written(spoken, note=True).text == written
