"""Words of one kind, which replace each other in a self-correction: sides, days, relatives."""

from collections.abc import Mapping

from terminology.spoken.pieces import Piece

_TABLE = """
    side: højre venstre højres venstres
    side_definite: højresidig venstresidig højresidige venstresidige bilateral bilateralt
    position: øvre nedre øverste nederste forreste bageste ydre indre
    weekday: mandag tirsdag onsdag torsdag fredag lørdag søndag
    weekdays: mandage tirsdage onsdage torsdage fredage lørdage søndage
    month: januar februar marts april maj juni juli august september oktober november december
    daypart: morgen formiddag middag eftermiddag aften nat dag går morges aftes overmorgen
    daypart_definite: morgenen formiddagen middagen eftermiddagen aftenen natten dagen
    relative: datter søn kone mand hustru ægtefælle svigerdatter svigersøn mor far søster bror nabo
        veninde ven barnebarn samlever
    relative_definite: datteren sønnen konen manden hustruen ægtefællen svigerdatteren svigersønnen
        moren faren moderen faderen søsteren broren broderen naboen veninden vennen barnebarnet
        samleveren
    profession: læge sygeplejerske ergoterapeut fysioterapeut diætist visitator fodterapeut tandlæge
        hjemmesygeplejerske
    profession_definite: lægen sygeplejersken ergoterapeuten fysioterapeuten diætisten visitatoren
        fodterapeuten tandlægen vagtlægen
    body: arm ben hånd fod hæl ankel knæ hofte skulder albue underben overarm underarm lår læg tå
        storetå finger øre øje lyske balle balde mave ryg nakke hals kind skinneben håndled underliv
        sæde korsben
    body_definite: armen benet hånden foden hælen anklen knæet hoften skulderen albuen underbenet
        overarmen underarmen låret læggen tåen storetåen fingeren øret øjet lysken ballen balden
        maven ryggen nakken halsen kinden sædet
    colour: rød grøn gul blå sort hvid brun grå lyserød klar uklar
    colours: rødt grønt gult blåt sort hvidt brunt gråt klart uklart
    finding: positiv negativ
    findings: positivt negativt
    amount: lidt meget let moderat svær rigelig sparsom sparsomt rigeligt
    route: peroralt subkutant intravenøst intramuskulært rektalt oralt sublingualt p.o. s.c. i.v.
        i.m.
    count: en et to tre fire fem seks syv otte ni ti
    unit: milligram gram mikrogram milliliter liter enheder tabletter dråber
    dose_form: tablet kapsel stikpille brev pust sug dråbe
"""
"""A kind, its words; lines that are indented deeper go on."""


def _kinds() -> Mapping[str, str]:
    """Return the kind of every word in the table."""
    kinds: dict[str, str] = {}
    kind = ""
    for token in _TABLE.split():
        if token.endswith(":"):
            kind = token
        else:
            kinds.setdefault(token, kind)
    return kinds


_KINDS = _kinds()
_ENDING_SHORTEST = 5


def same_kind(old: Piece, new: Piece) -> bool:
    """Tell whether two different words are of one kind, or are both names."""
    if not old.low or not new.low or old.low == new.low:
        return False
    kind = _KINDS.get(old.low)
    if kind is not None:
        return kind == _KINDS.get(new.low)
    return old.text[0].isupper() and new.text[0].isupper() and not old.text.isupper()


def same_ending(old: Piece, new: Piece) -> bool:
    """Tell whether two longer words have the same grammatical ending."""
    longer = min(len(old.low), len(new.low)) >= _ENDING_SHORTEST
    return longer and old.low != new.low and old.low[-2:] == new.low[-2:]
