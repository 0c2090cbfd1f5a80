"""Closed word classes of care Danish, as far as punctuation needs them."""

from terminology.spoken.words import words

COPULAS = words(
    """
    er var viser viste ses sås bliver blev måler målte væsker lugter vejer sidder ligger
    """
)
"""Verbs whose subject is as often a thing as a person."""
TAKING = words("haft været fået set fundet observeret taget spist drukket givet")
"""Participles that take "ingen" as their object."""
DEGREES = words("lidt meget mere ret helt rigtig næsten kun mindre")
OBJECTS = words("sig ham hende dem os mig hinanden")
"""Pronouns that are never subjects."""
BEFORE_DENIAL = words(
    """
    ikke stadig stadigvæk fortsat også endnu næsten kun altid ofte der dog
    """
)
"""Adverbs after which "ingen" belongs to the verb before them."""
DENIALS = frozenset({"ingen", "intet"})
BINDING = words("i til af med ved fra under efter om")
"""Particles that nearly always have their noun after them."""
GOVERNING = frozenset({"af", "til", "med", "fra", "ved"})
"""After these a word in -er is a noun, no verb."""
MODALS = words("kan kunne skal skulle vil ville må måtte bør burde tør gider plejer")
AUXILIARIES = MODALS | words(
    """
    er var har havde bliver blev får fik været blevet haft fået være blive have få ønskes bedes
    """
)
SAYING = words(
    """
    siger sagde fortæller fortalte oplyser oplyste mener mente synes syntes ved vidste tror troede føler
    følte angiver angav forklarer forklarede udtrykker håber svarer svarede
    """
)
"""Verbs that take a clause without "at", or stand after what was said."""
WRITERS = frozenset({"jeg", "vi"})
"""Pronouns of whoever writes the note."""
SUBJECTS = WRITERS | {"hun", "han"}
"""Pronouns that can only be subjects."""
OPEN_SUBJECTS = frozenset({"det", "der", "man", "de", "den", "dette", "begge", "alt", "alle"})
"""Pronouns that may be subjects."""
PERSONS = words("borger borgeren patienten pt beboer beboeren")
"""Words for the citizen, which stand without an article."""
PREPOSITIONS = words(
    """
    i på til fra af for med uden om ved hos over under efter før mellem mod imod gennem omkring inden
    langs trods pga. grundet via per pr. ad bag foran indtil sammen ifølge vedrørende ca. plus inkl.
    cirka
    """
)
PARTICLES = words(
    """
    på op ud af i til ned over om ind hjem frem tilbage hen fra under ved med efter
    """
)
"""Prepositions and adverbs that may end a clause: "lagt på", "går ud"."""
ARTICLES = words(
    """
    en et den det de denne dette disse min mit mine din dit sin sit sine hans hendes deres vores borgers
    nogen noget nogle hver hvert alle begge flere mange få ingen intet samme hvilken hvilket hvilke al
    hel helt halv jeres vor vores dit
    """
)
"""Words that belong to the noun after them."""
ADJECTIVES = words(
    """
    hele egen eget egne anden andet andre sidste første ny nyt nye næste let lette svær svære god gode
    højre venstre øvre nedre små store stor stort rigelig sparsom moderat daglig daglige fast faste ren
    rent rene lille stærk synlig synlige synligt tidligere øget nedsat nedsatte rød rødt røde tør tørt
    tørre varm varmt varme våd vådt våde gammel gammelt gamle frisk friske hævet hævede hævet øm ømt
    ømme klar klart klare træt trætte
    """
)
COORDINATORS = frozenset({"og", "eller", "samt", "men", "både", "hverken", "enten", "&"})
SUBORDINATORS = words(
    """
    at da når hvis fordi mens som hvor hvad hvem hvilken hvilket hvilke hvornår hvorfor hvordan selvom
    skønt medmindre hvorvidt imens idet ligesom
    """
)
SUBORDINATORS_MAYBE = words("siden end om efter før inden indtil så for")
"""Words that open a clause only where a subject follows."""
ADVERBS = words(
    """
    ikke aldrig også stadig stadigvæk fortsat nu igen kun bare lige meget lidt helt selv dog altid ofte
    måske allerede endnu jo vist nok netop tit sjældent fint godt dårligt nærmest heller gerne hellere
    mere mindre alene ud op ned ind hjem hjemme væk siden tilbage sammen her herefter næsten ret rigtig
    alt
    """
)
TIMES = words("nu imorgen idag igår")
FRONTED = words(
    """
    derefter herefter efterfølgende desuden derudover derfor senere bagefter pludselig her
    """
)
"""Adverbs that open a sentence when a verb follows."""
NOMINAL_OPENERS = words(
    """
    mistanke obs obs. ingen intet besøg ny nyt næste bevidsthed vejrtrækning
    """
)
"""Words that open a sentence without a verb."""
NOMINAL_PHRASES = frozenset(
    {("alt", word) for word in ("vel", "fint", "ok", "godt")}
    | {
        ("ellers", "ingen"),
        ("ellers", "intet"),
        ("ellers", "uændret"),
        ("husk", "at"),
        ("ring", "til"),
        ("kontakt", "til"),
        ("husk", "også"),
        ("se", "under"),
    }
)
HEADINGS = ("besøg", "vagt", "tilsyn", "kontrol", "status", "opkald", "måling", "observationer", "skema")
"""Endings of words that stand alone at the head of a note."""
PERIOD_NOUNS = words(
    """
    går morges aftes formiddagen eftermiddagen weekenden middag middagen mandag tirsdag onsdag torsdag
    fredag lørdag søndag foråret efteråret sommeren vinteren dagtid time timer dag dage nat natten uge
    ugen uger måned måneden gang gange morgen aften aftenen formiddag eftermiddag dagen morgenen år tid
    tiden minutter vagt
    """
)
"""Stretches of time: "hver time", "hele natten" belong to the verb before them."""
NO_NOUNS = words(
    """
    meget måtte noget intet sådan igen siden inden uden gerne hellere længere efter anden alene hjemme
    nemt helt lidt blandt derhjemme hvilken hvilket ellers eller under over mere flere aldrig
    efterfølgende vil hende hinanden tabletter timer smerter minutter dage uger sammen hvornår ham dem
    os jer sig mig dig
    """
)
"""Words that end like a noun in its definite form or like a verb, and are none."""
