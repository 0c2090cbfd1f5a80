"""Words that tell what kind of number follows them."""

from terminology.spoken.words import words

WHOLE_CUES = words(
    """
    puls pulsen respirationsfrekvens respirationsfrekvensen rf vas nrs tobs ews gcs charriere charrière
    charier charrier ch smertescore nrs-score vas-score tobs-score score scoren uge stue værelse klokken
    """
)
"""Measurements without decimals: a "komma" after them is a comma."""
VALUE_CUES = WHOLE_CUES | words(
    """
    blodtryk blodtrykket bt temperatur temperaturen temp tp saturation saturationen sat sat. blodsukker
    blodsukkeret bs hæmoglobin hb crp inr bmi vægt vægten højde højden kreatinin ketoner ketonstoffer
    kalium natrium peakflow peak-flow niveau funktionsniveau grad kategori stadie stadium trin nummer nr
    nr. lejlighed etage paragraf side størrelse str. alder vejer vejede måler målte målt ca. cirka
    omkring under over mindst højst maksimalt minimum maks. frekvens procent cvr måltal resultat værdi
    værdien leukocytter erytrocytter protein glukose nitrit blod albumin
    """
)
"""Words before a number that is written in figures however small it is."""
PRESSURE_CUES = frozenset({"blodtryk", "blodtrykket", "bt", "blodtryksmåling"})
GRADE_CUES = words(
    """
    leukocytter leukocyt leukos nitrit protein proteiner albumin blod glukose sukker ketoner
    ketonstoffer ketonstof erytrocytter hæmoglobin urobilinogen bilirubin stix urinstix ødem ødemer
    bakterier blodlegemer
    """
)
ROUTES = words(
    """
    peroralt peroral oralt subkutant subkutan intramuskulært intravenøst rektalt sublingualt p.o. s.c.
    i.m. i.v. inhaleret givet
    """
)
