"""A vocabulary small enough to see through, on top of the shipped lists and cues, for the matcher's tests."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from terminology.cache import read
from terminology.matcher import Matcher
from terminology.release import load, shipped

CONCEPTS = {
    "helbredstilstand": {
        "smerter": (
            "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd",
            "Problemer med smerter",
            """
            [present]
            {ondt} [(i|på|over|ved)] {kropsdel}
            *smerte
            =ondt
            øm & {kropsdel}
            (=jamrer|=jamrede) sig
            [absent]
            smertefri
            [blocked]
            smertestillende
            """,
        ),
        "mave": (
            "bc239b8b-119e-41b4-ae53-4a51fb45e001",
            "Problemer med mave og tarm",
            """
            [present]
            kvalme
            opkast*
            kaster op
            diarre
            forstoppet
            ikke haft afføring
            """,
        ),
        "respiration": (
            "dae40f60-8dab-4bd3-ab72-b07d0f278692",
            "Respirationsproblemer",
            """
            [present]
            åndenød
            (=hoste|=hosten|=hoster)
            lungebetændelse
            forpustet
            vand i lungerne
            [absent]
            trækker vejret frit
            """,
        ),
        "kredsloeb": (
            "3dac3b51-364e-47c0-a043-15b6d7a6c405",
            "Cirkulationsproblemer",
            """
            [present]
            hævelse
            (hævet|hævede) & {kropsdel}
            *ødem*
            blodprop
            """,
        ),
        "hud": (
            "1ee0cce8-b082-464a-a19c-808e7cb082eb",
            "Problemer med hud og slimhinder",
            """
            [present]
            rødme
            kløe
            udslæt
            hudløs
            [absent]
            hud (er|=var) (hel|intakt|pæn|fin)
            hud (hel|intakt|pæn|fin)
            """,
        ),
        "tryksaar": (
            "bb0ea5fa-3462-40de-9047-a16fc4815a47",
            "Problemer med tryksår",
            """
            [present]
            tryksår
            liggesår
            """,
        ),
        "saar": (
            "24d20243-e3f1-4258-a4de-450774fea13c",
            "Problemer med andre sår",
            """
            [present]
            sår
            """,
        ),
        "soevn": (
            "f5a9fb78",
            "Problemer med søvn og hvile",
            """
            [present]
            (sover|sov|sovet) dårligt
            (ligger|lå|ligget) vågen
            søvnløs
            [absent]
            (sover|sov|sovet) (godt|fint)
            sovet hele natten
            """,
        ),
        "trivsel": (
            "b754ce15-4de8-4ac6-8224-57432fd7cd6a",
            "Problemer med trivsel",
            """
            alternatives: ea9d19bc-d513-4f4b-936f-8f0a405ae134
            [present]
            trist
            depression
            utryg
            ensom
            =græder
            angst
            [absent]
            humør* & godt
            """,
        ),
        "hukommelse": (
            "e1dcf02e-6df5-487d-b596-3d499545468f",
            "Problemer med hukommelse",
            """
            [present]
            =glemmer
            demens
            glemsom
            """,
        ),
        "urin": (
            "ae911e37-1ed5-4c30-9622-c73640f1c606",
            "Problemer med vandladning",
            """
            [present]
            uvi
            svie ved vandladning
            blærebetændelse
            (problemer|besvær) med vandladning
            """,
        ),
        "mobilitet": (
            "92caace8-60e3-4861-80ac-6e372a700e1d",
            "Problemer med mobilitet og bevægelse",
            """
            [present]
            svimmel
            svimmelhed
            (er|=var) faldet
            =faldt
            usikker gang
            """,
        ),
    },
    "funktionsevnetilstand": {
        "pleje": (
            "feb38b55",
            "Personlig pleje",
            """
            [present]
            {kan_ikke} vaske
            {skal_hjaelpes} (bad|personlig pleje)
            [absent]
            {kan_selv} vaske
            """,
        ),
    },
    "indsats_sygepleje": {
        "saarpleje": (
            "76878386-b3d2-4320-828a-a700e8a66234",
            "Sårbehandling",
            """
            [completed]
            {skift} & forbinding*
            {rengjort} & (sår|tryksår)
            sårpleje
            """,
        ),
        "kateter": (
            "04393d04-a756-41d8-b0b0-f88577526443",
            "Anlæggelse og pleje af kateter",
            """
            [completed]
            {skift} & (kateter|kad)
            kateterpleje
            kateterskift
            """,
        ),
        "maaling": (
            "34b8b9a0-41bf-4dce-88f6-409de21fb175",
            "Undersøgelser og måling af værdier",
            """
            [completed]
            {maal} & (blodtryk|puls|temperatur|urin)
            (ny|nye) måling
            *prøve & sendt
            """,
        ),
        "medicin": (
            "d2d42368-9d6d-4ca2-affe-f7116da86e1b",
            "Medicinadministration",
            """
            [completed]
            {givet} & (medicin|*medicin)
            """,
        ),
        "kontakt": (
            "0899186c-200c-4048-8cda-929b4d629343",
            "Koordinering",
            """
            [completed]
            {kontaktet} & (læge|vagtlæge)
            læge & (får besked|har fået besked)
            """,
        ),
        "stroemper": (
            "23eb1228-e878-4960-8d3c-2c022c66a489",
            "Kompressionsbehandling",
            """
            [completed]
            støttestrømpe* & {anlaeg}
            """,
        ),
    },
    "indsats_pleje_omsorg": {
        "bad": (
            "17312894",
            "Personlig hygiejne",
            """
            [completed]
            {hjulpet} & bad
            bad
            tandbørstning
            """,
        ),
        "rengoering": (
            "43608562",
            "Rengøring",
            """
            [completed]
            støvsuget
            {skift} & (sengetøj|sengelinned)
            """,
        ),
    },
}
"""Area to short name to code (or its beginning), display and sections."""


def write(folder: Path) -> None:
    """Write the small vocabulary into `folder`, with the shipped lists, cues and word forms."""
    for area, concepts in CONCEPTS.items():
        (folder / "spoken" / area).mkdir(parents=True)
        for name, (code, display, text) in concepts.items():
            lines = [line.strip() for line in text.strip().splitlines()]
            body = "\n".join([f"code: {_full(code, display, area)}", f"display: {display}", *lines])
            (folder / "spoken" / area / f"{name}.txt").write_text(body + "\n", "utf-8")
    for part in ("slots", "context", "measurement", "medication", "inflection"):
        (folder / part).symlink_to(str(shipped() / part), target_is_directory=True)


@cache
def small_matcher() -> Matcher:
    """Return the matcher of the small vocabulary."""
    with TemporaryDirectory() as folder:
        write(Path(folder))
        return Matcher.of(read(Path(folder)))


def names() -> dict[str, str]:
    """Return code to short name."""
    return {
        _full(code, display, area): name
        for area, concepts in CONCEPTS.items()
        for name, (code, display, _) in concepts.items()
    }


@pytest.fixture(name="matcher")
def matcher_fixture() -> Matcher:
    """Return the matcher of the small vocabulary."""
    return small_matcher()


@pytest.fixture
def said() -> Callable[[str], set[tuple[str, str]]]:
    """Return a function that finds in a text what is said of which concept: short name and assertion."""
    by_code = names()

    def find(text: str) -> set[tuple[str, str]]:
        return {
            (by_code[found.spoken.code], found.mention.assertion)
            for found in small_matcher().read(text).found
        }

    return find


def _full(code: str, display: str, area: str) -> str:
    return next(
        concept.code
        for concept in load().concepts
        if concept.code.startswith(code) and concept.display == display and concept.kind == area
    )
