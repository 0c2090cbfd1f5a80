"""What is measured at a visit: which observation, which value, in which unit."""

from collections.abc import Mapping

import pytest

from terminology.matcher import Matcher

SYS, DIA = "blood_pressure_systolic", "blood_pressure_diastolic"

CASES: Mapping[str, Mapping[str, object]] = {
    "BT 140/90.": {SYS: 140, DIA: 90},
    "Blodtryk 128/76, puls 72.": {SYS: 128, DIA: 76, "pulse": 72},
    "Blodtrykket er målt til 155/82.": {SYS: 155, DIA: 82},
    "Blodtryk 150 over 85.": {SYS: 150, DIA: 85},
    "140/90 i blodtryk.": {SYS: 140, DIA: 90},
    "Målt 132/74 siddende.": {SYS: 132, DIA: 74},
    "BT: 118/70": {SYS: 118, DIA: 70},
    "Blodtryk ligger på 165/95, puls på 88.": {SYS: 165, DIA: 95, "pulse": 88},
    "Blodtryk og puls 140/90 og 76.": {SYS: 140, DIA: 90, "pulse": 76},
    "Pulsen er 64 og regelmæssig.": {"pulse": 64},
    "Puls: 92": {"pulse": 92},
    "72 i puls.": {"pulse": 72},
    "P 80.": {"pulse": 80},
    "Hjertefrekvens 110.": {"pulse": 110},
    "Tp 38,2.": {"temperature": 38.2},
    "Temp. 37,4 grader.": {"temperature": 37.4},
    "Temperatur målt til 36,8.": {"temperature": 36.8},
    "Har 39,1 i feber.": {"temperature": 39.1},
    "Temperaturen er steget til 38,7.": {"temperature": 38.7},
    "Feber på 38,9.": {"temperature": 38.9},
    "Hun er 38,4 grader varm.": {"temperature": 38.4},
    "RF 18.": {"respiration": 18},
    "Respirationsfrekvens på 24 i minuttet.": {"respiration": 24},
    "Trækker vejret 28 gange i minuttet.": {"respiration": 28},
    "Sat. 94 %.": {"saturation": 94},
    "Saturation 91 procent uden ilt.": {"saturation": 91},
    "SpO2 97 %.": {"saturation": 97},
    "Saturerer 89 % på 2 liter ilt.": {"saturation": 89},
    "Iltmætningen er 93 %.": {"saturation": 93},
    "92 % i saturation.": {"saturation": 92},
    "Vægt 67,4 kg.": {"weight": 67.4},
    "Hun vejer 58 kg.": {"weight": 58},
    "Vejet i dag: 71,2 kg.": {"weight": 71.2},
    "Vægten er faldet fra 74 til 71,5 kg.": {"weight": 71.5},
    "Højde 162 cm.": {"height": 1.62},
    "Hun måler 1,58 m.": {"height": 1.58},
    "BMI 19,4.": {"bmi": 19.4},
    "BS 7,1.": {"glucose": 7.1},
    "Blodsukker fastende 6,8.": {"glucose": 6.8},
    "Blodsukkeret er målt til 14,2 mmol/l.": {"glucose": 14.2},
    "Blodsukker 5,2 før og 9,8 efter morgenmad.": {"glucose": (5.2, 9.8)},
    "CRP 43.": {"crp": 43},
    "CRP på 112 mg/l.": {"crp": 112},
    "Hb 6,9.": {"haemoglobin": 6.9},
    "Hæmoglobin er 7,3.": {"haemoglobin": 7.3},
    "INR 2,4.": {"inr": 2.4},
    "INR målt til 3,1, fortsat samme dosis.": {"inr": 3.1},
    "TOBS 3.": {"tobs": 3},
    "TOBS scoret til 5.": {"tobs": 5},
    "Samlet TOBS-score: 2.": {"tobs": 2},
    "VAS 6.": {"pain": 6},
    "Smerter i ryggen, NRS 4.": {"pain": 4},
    "Scorer smerterne til 7.": {"pain": 7},
    "Smerter 5 af 10.": {"pain": 5},
    "VAS faldet fra 8 til 3.": {"pain": 3},
    "VAS 2 i hvile og 6 ved bevægelse.": {"pain": (2, 6)},
    "Bevidsthed habituel.": {"consciousness": 0},
    "Bevidsthed: reagerer på tiltale.": {"consciousness": 1},
    "Habituel bevidsthed.": {"consciousness": 0},
    "Kreatinin 98.": {"creatinine": 98},
    "Natrium 138 og kalium 4,1.": {"sodium": 138, "potassium": 4.1},
    "Leukocytter 12,4.": {"leukocytes": 12.4},
    "Rejse-sætte-sig 8 gange.": {"chair_stand": 8},
    "Urinstix: nitrit positiv, leukocytter 4+, protein negativ.": {
        "urine_leukocytes": "4+",
        "urine_nitrite": "pos",
        "urine_protein": "neg",
    },
    "Stix positiv for leukocytter og nitrit.": {"urine_leukocytes": "pos", "urine_nitrite": "pos"},
    "Urinstix positiv for nitrit og 2+ leukocytter.": {"urine_nitrite": "pos", "urine_leukocytes": "2+"},
    "Urinstix viser leukocytter ++, blod 1+ og nitrit neg.": {
        "urine_leukocytes": "2+",
        "urine_blood": "1+",
        "urine_nitrite": "neg",
    },
    "Stix negativ for nitrit, glukose og ketoner.": {
        "urine_nitrite": "neg",
        "urine_glucose": "neg",
        "urine_ketones": "neg",
    },
    "Stix: leukocytter og nitrit negative.": {"urine_leukocytes": "neg", "urine_nitrite": "neg"},
    "TOBS 5: puls 112, RF 22, Tp 38,6, sat. 90 %, BT 118/66, bevidsthed habituel.": {
        "tobs": 5,
        "respiration": 22,
        "saturation": 90,
        "temperature": 38.6,
        "pulse": 112,
        SYS: 118,
        DIA: 66,
        "consciousness": 0,
    },
    "BT 150/90 liggende og 130/80 stående.": {SYS: (150, 130), DIA: (90, 80)},
}
NOT_MEASURED = (
    "Plejer at have 92 % i saturation.",
    "Sat. plejer at være 91 %.",
    "Blodtrykket var i går 150/90.",
    "Ring til lægen, hvis hun får over 39 i temperatur.",
    "Målet er et blodtryk under 140/90.",
    "Blodtryk ikke målt.",
    "Har tabt 4 kg siden jul.",
    "Såret måler 4 x 5 cm.",
    "Skal måle blodsukker 2 gange dagligt.",
    "Puls måles 3 gange om ugen.",
    "Hustruens blodtryk var 180/100.",
    "Vægten står stille.",
    "Kontakt lægen ved sat. under 88 %.",
    "Panodil 500 mg.",
    "Kom kl. 8.15 og gik kl. 9.",
    "Habituelt blodtryk 130/80.",
    "Temperatur måles i morgen.",
    "Datteren vejer 70 kg.",
    "Vægt ved indlæggelsen 72 kg.",
    "½ tablet og 1/2 glas vand.",
    "INR skal ligge mellem 2 og 3.",
)


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_measured(matcher: Matcher, text: str, expected: Mapping[str, object]) -> None:
    """Each value is read with its observation, and nothing else is."""
    found: dict[str, object] = {}
    for item in matcher.read(text).measurements:
        key = item.observation.key
        found[key] = (found[key], item.value) if key in found else item.value
    assert found == expected


@pytest.mark.parametrize("text", NOT_MEASURED)
def test_not_measured(matcher: Matcher, text: str) -> None:
    """Habits, targets, limits, other days and other people's values are no measurement of this visit."""
    assert matcher.read(text).measurements == ()


def test_evidence_stands_in_the_text(matcher: Matcher) -> None:
    """The evidence of both values of a blood pressure is the same stretch of the note."""
    text = "Sat i stolen, BT 126/72, puls 66."
    found = matcher.read(text).measurements
    assert [text[item.start : item.end] for item in found] == ["BT 126/72", "BT 126/72", "puls 66"]


@pytest.mark.parametrize("text", ["Puls 720.", "BT 90/140.", "Tp 83,2."])
def test_implausible_values_are_flagged(matcher: Matcher, text: str) -> None:
    """A value far from what a living body has is kept, and marked."""
    found = matcher.read(text).measurements
    assert not found or not all(item.plausible for item in found)
