"""Verbs of care Danish in their forms, as far as punctuation needs them."""

from terminology.spoken.words import words

_PAST_IN_EDE = words(
    """
    acceptere aflevere afprøve afslutte aftage afvaske afvente aktivere ambulere anbefale angre
    anstrenge arbejde assistere bakke balancere banke behandle behøve bekymre bemærke benytte benægte
    beskæftige besvare besvime bevæge blande bløde cykle danse dele desinficere dokumentere dosere dreje
    drøfte dufte elske evaluere famle faste fastholde fastne fejle flytte fodre forbedre forklare
    forsikre forværre fugte fungere genere grine guide gurgle hakke halte handle haste hente hilse hoste
    huske hvile hvisle hvæse håbe håndtere hæve informere inhalere instruere irritere kaste kateterisere
    kigge klage klare klippe kløe knirke kontakte kontrollere koordinere kradse kramme krampe kræve køle
    lave lejre lette leve ligne lufte lugte lukke lytte lække løfte makulere mangle medicinere miste
    mobilisere motivere mumle mærke nikke nippe notere observere opbevare opdage opdatere opfordre
    opleve opstarte ordinere ordne orientere passe pibe pible planlægge pleje pudse pumpe pådrage
    rapportere rasle reagere registrere regulere rense respondere revurdere ringe rulle rydde rykke
    ryste råbe rømme samle samtykke savne skelne skifte skrante skylle skænke slappe slikke slubre
    slukke snakke snappe snorke snøvle stabilisere stamme starte stirre stoppe strikke stønne støtte
    støvsuge sutte svare svede svigte svinge svælge svømme sårpleje sænke tegne tilpasse tiltage tisse
    tjekke toppe transportere triagere trille trykke træne tumle tygge tørre udlevere udskifte udskylle
    udvaske udvikle undre vakle vande vandre vaske veje vejlede vente virke visitere vrisse vrøvle
    vurdere vågne vække vænne væske ændre ærgre øge ønske øve
    """
)
"""Infinitives with the past in -ede."""
_OTHER_PAST = words(
    """
    afløse:afløste afvise:afviste ansøge:ansøgte anvende:anvendte begynde:begyndte besøge:besøgte
    betyde:betød bløde:blødte bruge:brugte brænde:brændte drømme:drømte fejlsynke:fejlsank fylde:fyldte
    føle:følte gemme:gemte glemme:glemte henvise:henviste hælde:hældte hænge:hang høre:hørte
    indkalde:indkaldte indtage:indtog kalde:kaldte kende:kendte klemme:klemte køre:kørte lede:ledte
    låse:låste lære:lærte læse:læste løse:løste mene:mente mistænke:mistænkte måle:målte møde:mødte
    nævne:nævnte omtale:omtalte oplyse:oplyste opløse:opløste påføre:påførte rejse:rejste rose:roste
    række:rakte sende:sendte smøre:smurte spise:spiste spænde:spændte svede:svedte tabe:tabte tale:talte
    tilkalde:tilkaldte trænge:trængte tåle:tålte tænde:tændte tænke:tænkte tømme:tømte udføre:udførte
    udtale:udtalte undersøge:undersøgte undervise:underviste vejlede:vejledte vende:vendte vise:viste
    vælge:valgte
    """
)
"""Infinitive and past of verbs with the past in -te, or with only that form irregular."""
_FINITE = words(
    """
    aftales afviser afviste ankom ankommer anlægges bandt banker beder bedes befandt befinder bestilles
    bevæger bider binder blev bliver bryder brækkede brækker brænder brændte burde bærer bør doseres
    drak drikker dunker døde dør er falder faldt fandt fejlede fejler fik finder findes fjernes flyder
    flød foregik foregår forstod forstår forsvandt forsvinder fortalte fortryder fortrød fortsatte
    fortsætter fortæller fremstod fremstår fryser frøs får følges gad gav gennemgik gennemgår gentager
    gentog gider gik giver gives gjorde græd græder gyser går gør gøres hang har havde hedder hev hiver
    hjalp hjælper holder holdt hoster hænger hæver høres indtager indtog kan kaster klager kløede kløer
    klør kneb kniber kom kommer kontaktes kunne lader lagde levede lider ligger lo lyder lå lægger
    lækker længes løb løber lød modtager modtog må måles måtte nyder observeres opholder opholdt
    opstartes opstod opstår overtager overtog planlægges plejede plejer påbegynder påbegyndte rakte
    ringes ryger ryster rækker sad sagde sank satte savner sendes ser ses sidder siger sivede siver skal
    skar skiftes skrev skriver skulle skærer slap slipper slog slår smager solgte sov sover sprang
    springer spurgte spørger stak stank startes steg stiger stikker stinker stod strakte strammer
    strækker står sved svier svimler synes synker syntes sælger sætter tager tages tilbyder tilbød
    tisser tog trak trivedes trives trykker trækker turde tvang tvinger tåler udtrykker udtrykte undgik
    undgår vandt var vedligeholder vejede vejer vidste vil ville vinder virker viser vises viste voksede
    vokser vrider vurderes
    """
)
"""Present and past of the irregular verbs, and passives."""
_PARTICIPLES = words(
    """
    adviseret afhentet afleveret aflyst afmonteret afsluttet aftaget aftalt aftørret afviklet afvist
    anlagt anrettet anvendt anvist badet barberet bedt beroliget bestilt bevilget blevet bragt brugt
    brækket budt bundet båret desinficeret dokumenteret doseret drukket drøftet dækket evalueret faldet
    fjernet forbundet fortalt frabedt fravalgt fulgt fundet fyldt fået genindlagt gennemgået genoptaget
    givet guidet gulvvasket gået haft handlet hentet henvist hjulpet holdt indkaldt indlagt indtaget
    indtastet inhaleret injiceret instrueret isat kaldt klippet kommet kontaktet købt kørt lagt ledsaget
    lejret ligget lukket lyttet løbet løftet medgivet mindet mobiliseret modtaget motiveret målt nedsat
    nedtrappet opdateret opfordret opgivet ophørt opkaldt oprenset oprettet opstartet optrappet
    ordineret orienteret pauseret påbegyndt påført påmindet påsat påvist redt reduceret registreret
    renset revurderet ringet samtalt sat scoret screenet sendt seponeret serveret set siddet skiftet
    skrevet skyllet skåret slukket smurt solgt sonderet sovet spist sprøjtet spurgt stillet strøget
    stået støttet støvsuget sunget taget talt testet tilberedt tilbudt tilkaldt tilset tilskyndet
    triageret trænet trøstet tændt tømt tørret udfyldt udført udleveret udsat udskiftet udskrevet
    udtaget undervist valgt vasket vejet vejledt vendt viklet visiteret vist været åbnet ændret øget
    øvet
    """
)


def _forms() -> tuple[frozenset[str], frozenset[str]]:
    """All finite forms and all participles of the verbs above."""
    finite, participles = set(_FINITE), set(_PARTICIPLES)
    for verb in _PAST_IN_EDE:
        finite |= {f"{verb}r", f"{verb}s", f"{verb}de"}
        participles.add(f"{verb}t")
    for verb, _, past in (pair.partition(":") for pair in _OTHER_PAST):
        finite |= {f"{verb}r", f"{verb}s", past}
        participles.add(past.removesuffix("e"))
    return frozenset(finite), frozenset(participles)


FINITE, PARTICIPLES = _forms()
"""Finite verb forms; past participles."""
FINITE_AFTER_SUBJECT = words("så led bad bar lod nød ler ved tør lever røg ror drev bed")
"""Verb forms that are other words too; right after a subject pronoun they are verbs."""
INFINITIVES = words("gå stå se få bo dø nå slå forstå gennemgå undgå foregå opnå sy klø")
"""Infinitives that don't end in -e."""
