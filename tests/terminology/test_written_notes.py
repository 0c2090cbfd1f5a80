"""Whole dictations: commands, corrections, hesitations, abbreviations, punctuation and capitals."""

import pytest

from terminology.written import to_written

COMMANDS = {
    "huden er tør komma men hel punktum smurt med creme punktum": "Huden er tør, men hel. Smurt med creme.",
    "plan kolon ny måling i morgen": "Plan: ny måling i morgen.",
    "har han spist spørgsmålstegn ring til konen udråbstegn": "Har han spist? Ring til konen!",
    "urinen er klar nyt afsnit vægten er uændret": "Urinen er klar.\nVægten er uændret.",
    "medicin givet punktum ny linje datter ringet op punktum": "Medicin givet.\nDatter ringet op.",
    "smertestillende parentes start Pinex parentes slut givet": "Smertestillende (Pinex) givet.",
    "smertestillende parentes Pinex parentes givet": "Smertestillende (Pinex) givet.",
    "hun sagde citat start lad mig være citat slut": 'Hun sagde "lad mig være".',
    "PEP bindestreg fløjte og puls skråstreg tryk": "PEP-fløjte og puls/tryk.",
    "flyttet til nyt afsnit i går": "Flyttet til nyt afsnit i går.",
    "temperatur otteogtredive komma fire komma puls firs": "Tp 38,4, puls 80.",
    "klokken otte komma to tabletter givet": "Kl. 8, 2 tabletter givet.",
    "Såret er renset, punktum. Ingen lugt. Punktum.": "Såret er renset. Ingen lugt.",
}
CORRECTIONS = {
    "blodtryk hundrede og tres over firs nej hundrede og halvtreds over firs": "BT 150/80",
    "blodtryk hundrede og tres over firs nej femoghalvfjerds": "BT 160/75",
    "puls halvfems undskyld puls enoghalvfems": "puls 91",
    "puls halvfems og regelmæssig nej enoghalvfems": "puls 91 og regelmæssig",
    "tolv enheder ret det til fjorten": "14 enheder",
    "givet fem jeg mener ti milligram": "givet 10 mg",
    "givet fem hundrede milligram rettelse et gram": "givet 1 g",
    "klokken syv eller rettere klokken halv otte": "kl. 7.30",
    "klokken syv nej otte": "kl. 8",
    "den femte i sjette nej den sjette i sjette": "6.6.",
    "to nej tre gange dagligt": "x 3 dagligt",
    "nitrit to plus nej et plus": "nitrit 1+",
    "sår på venstre nej højre skulder": "sår på højre skulder",
    "sår på venstre skulder nej højre": "sår på højre skulder",
    "sår på venstre skulder nej på højre skulder": "sår på højre skulder",
    "kommer onsdag nej torsdag": "kommer torsdag",
    "ringet til sønnen undskyld datteren": "ringet til datteren",
    "Pinex nej Panodil et gram": "Panodil 1 g",
    "hun har spist nej hun har ikke spist": "hun har ikke spist",
    "protein negativ nej positiv": "protein positiv",
    "kateter charriere tolv, rettelse, charriere fjorten": "kateter CH 14",
}
NO_CORRECTIONS = {
    "hun siger nej tak til mad": "hun siger nej tak til mad",
    "han svarer nej til svimmelhed": "han svarer nej til svimmelhed",
    "adspurgt om smerter siger han nej to timer efter": "adspurgt om smerter siger han nej 2 timer efter",
    "puls firs nej tak": "puls 80 nej tak",
    "hun vil ikke op nej hun vil hellere sove": "hun vil ikke op nej hun vil hellere sove",
    "kvalme rettelse hovedpine": "kvalme rettelse hovedpine",
    "puls firs nej blodtryk hundrede over tres": "puls 80 nej BT 100/60",
    "hun sagde undskyld": "hun sagde undskyld",
}
HESITATIONS = {
    "øh borger øhm sover hmm godt": "borger sover godt",
    "puls hundrede øh og fire": "puls 104",
    "han er øm": "han er øm",
    "fem mm": "5 mm",
    "til øh til lægen": "til lægen",
}
ABBREVIATIONS = {
    "kad og pvk fungerer": "KAD og PVK fungerer",
    "uvi behandles": "UVI behandles",
    "peg sonden er skyllet": "PEG-sonden er skyllet",
    "peg-sonden er skyllet": "PEG-sonden er skyllet",
    "peg på det": "peg på det",
    "p n p o": "PN p.o.",
    "cirka for eksempel": "ca. fx",
    "to besøg per dag": "2 besøg pr. dag",
    "hundrede milliliter natriumklorid": "100 ml NaCl",
    "blodtryk ikke målt": "blodtryk ikke målt",
}


@pytest.mark.parametrize(("spoken", "written"), COMMANDS.items(), ids=list(COMMANDS))
def test_commands(spoken: str, written: str) -> None:
    """Spoken punctuation and layout is carried out, and stays a word where it is one."""
    assert to_written(spoken, note=True).text == written


@pytest.mark.parametrize(
    ("spoken", "written"),
    (CORRECTIONS | NO_CORRECTIONS | HESITATIONS | ABBREVIATIONS).items(),
)
def test_fragment(spoken: str, written: str) -> None:
    """Corrections, hesitations and abbreviations; nothing is added."""
    assert to_written(spoken, note=False).text == written


NOTES = (
    "Hun går med rollator i stuen. Der er ingen rødme. Ringet til vagtlægen.",
    "BT 132/78, puls 66, sat. 97 %. Borger har det godt.",
    "Han har kvalme og vil ikke spise. Kan heller ikke sove.",
    "Forbinding skiftet. Såret er rent. Næste besøg er på mandag.",
    "Konen er syg, men datteren kommer i morgen.",
    "Hun fryser, og hun hoster meget. Mistanke om lungebetændelse.",
    "Temperaturen er faldet. Ingen feber.",
    "Borger sov, da vi kom. Medicinen er doseret.",
)


@pytest.mark.parametrize("note", NOTES)
def test_punctuation_is_restored(note: str) -> None:
    """Full stops, commas and capitals come back where none were said."""
    spoken = note.replace(", ", " ").replace(". ", " ").removesuffix(".")
    spoken = spoken.replace("sat ", "sat. ")
    spoken = spoken if spoken.startswith("BT") else spoken[0].lower() + spoken[1:]
    for word in ("Der", "Ringet", "Borger", "Kan", "Såret", "Næste", "Mistanke", "Ingen", "Medicinen"):
        spoken = spoken.replace(f" {word} ", f" {word.lower()} ")
    assert to_written(spoken, note=True).text == note


@pytest.mark.parametrize("note", NOTES)
def test_a_written_note_stays(note: str) -> None:
    """A note that has its punctuation is left alone."""
    assert to_written(note, note=True).text == note


@pytest.mark.parametrize(
    "spoken",
    [
        "han har ikke ondt",
        "der er ingen tegn på infektion",
        "hun vil ikke have hjælp til bad",
        "han er ikke faldet og har ingen smerter",
        "hun kan ikke selv tage strømper på",
        "ikke kvalme ikke svimmel",
        "hun siger at hun ikke har sovet",
    ],
)
def test_no_mark_parts_a_denial_from_what_it_denies(spoken: str) -> None:
    """No full stop or comma stands right after "ikke" or "ingen"."""
    written = to_written(spoken, note=True).text.lower()
    assert not any(f"{word}{sign}" in written for word in ("ikke", "ingen") for sign in ".,")


def test_a_fragment_gets_no_capital_and_no_full_stop() -> None:
    """Nothing is added to a fragment; what is said inside it is carried out."""
    assert to_written("borger sover", note=False).text == "borger sover"
    assert (
        to_written("borger sover punktum vi kommer igen", note=False).text == "borger sover. Vi kommer igen"
    )


def test_said_full_stops_are_trusted() -> None:
    """Where full stops are said no other full stop is set."""
    written = to_written("hun sover hun spiser punktum hun går punktum", note=True).text
    assert written == "Hun sover, hun spiser. Hun går."


@pytest.mark.parametrize("note", [False, True])
def test_nothing_said(note: bool) -> None:  # noqa: FBT001 - the two modes
    """Silence gives no text."""
    assert to_written(" \n ", note=note).text == ""
    assert to_written("øh hmm", note=note).spans == ()
