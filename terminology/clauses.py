"""Clauses of a note: how far a statement reaches, and where the parts of an expression stand together."""

from collections.abc import Sequence
from dataclasses import dataclass

from terminology.normalise import Break, Token
from terminology.spoken.grammar import ADVERBS, ARTICLES, OPEN_SUBJECTS, PERSONS, PREPOSITIONS, SUBJECTS
from terminology.spoken.verbs import FINITE
from terminology.spoken.verbs import PARTICIPLES as COMMON_PARTICIPLES
from terminology.spoken.words import words as words_of

PARTICIPLES = COMMON_PARTICIPLES | words_of(
    """
    gennemført gjort planlagt oplært byttet koblet tilkoblet frakoblet opkoblet overført fornyet forlænget
    aflastet tappet uploadet rettet indgivet slået installeret ajourført sorteret fordelt undladt iført
    afført klædt afklædt påklædt fikseret masseret klargjort rengjort færdiggjort delegeret skaffet
    snittet konstateret bekræftet konfereret opsat skruet monteret afmonteret afklaret indskrevet børstet
    stukket udeladt aflæst opkoblet gennemskyllet justeret udskudt suget aspireret
    kortlagt gentaget demonstreret skrabet inspiceret plasteret udsendt påpeget bragt medbragt
    udbragt afbestilt genbestilt efterladt tilrettelagt sørget genoptrænet afholdt tilmeldt afmeldt
    overflyttet annulleret udsluset føntørret filet skuret afkalket moppet puttet coachet arrangeret
    indøvet kateteriseret duppet instilleret lindret afkoblet tilsluttet beriget introduceret gennemlæst
    kvitteret indberettet indstillet kalibreret administreret revideret udmålt rådført dryppet knust
    returneret iværksat igangsat fastsat besluttet varetaget foldet beskyttet løsnet sutureret beregnet
    optegnet placeret podet scannet indsendt hydreret forbundet omforbundet bandageret plejet støttet
    assisteret bistået fulgt mobiliseret forflyttet vendt lejret eleveret liftet hjulpet gelejdet trøstet
    ophældt hældt dispenseret optalt udtaget aflagt nulstillet udvekslet diskuteret forelagt fremsendt
    tilsmurt pudset foret fodret madet tømt lagt rullet trukket strammet spændt tapet limet skyllet
    udskyllet gurglet sonderet injiceret infunderet pumpet sprøjtet påbegyndt genoptaget udfyldt
    underskrevet noteret journalført afrapporteret talt nået sprunget droppet aflyst afsluttet
    """
)
"""Past participles: those that punctuation needs, and more of the work of care."""
CONTRAST = words_of(
    """
    men dog imidlertid derimod hvorimod bortset undtagen alligevel ellers modsat
    """
)
"""Words after which the opposite may be said."""
COORDINATORS = words_of("og eller samt hverken enten & plus heller")
SUBORDINATORS = words_of(
    """
    at da når hvis fordi mens som der hvor hvad hvem hvornår hvorfor hvordan selvom skønt medmindre
    hvorvidt imens idet såfremt så inden siden indtil end om for efter før
    """
)
_ALWAYS = words_of(
    """
    hvis såfremt fordi selvom skønt medmindre hvorvidt imens idet mens hvorimod
    """
)
"""Subordinators that need no finite verb near them to open a clause."""
_MEDIAL = words_of("dog alligevel ellers imidlertid derimod")
"""Contrast words that may also stand in the middle of a clause: "har dog ondt"."""
_AND = frozenset({"og", "samt"})
_MAIN_OPENERS = words_of("så for mens hvorimod")
_ALSO_PREPOSITIONS = words_of("så for om efter før siden end inden indtil")
_LINKS = words_of("er var blev bliver har havde skal kan vil må ser virker")
_VERB_REACH = 4
_PRONOUNS = SUBJECTS | OPEN_SUBJECTS | PERSONS | {"borgers"}
_NOT_FINITE = words_of("lider måske mere efter under over eller heller aldrig")
_LONG_VERB = 4
_PRESENT = words_of("kan skal vil må ved tør bør gør gider")
"""Verbs in the present that don't end in -r."""
_PAST_IN_R = words_of("var bar skar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """For each token of a note the numbers of the stretches it stands in."""

    sentences: tuple[int, ...]
    stretches: tuple[int, ...]
    """A sentence is parted where a new main clause begins: parts of one expression stand in one stretch."""
    clauses: tuple[int, ...]
    """A stretch is parted at every further predicate: time and person hold within one clause."""


def is_finite(words: Sequence[Token], at: int) -> bool:
    """Tell whether a finite verb stands at `at`."""
    fold = words[at].fold
    if fold in FINITE:
        # "en tør hud", "nogle rør": after an article it is none.
        return fold not in _NOT_FINITE and not (at and words[at - 1].fold in ARTICLES - OPEN_SUBJECTS)
    beside = (at > 0 and words[at - 1].fold in SUBJECTS) or (
        at + 1 < len(words) and words[at + 1].fold == "sig"
    )
    return beside and len(fold) > _LONG_VERB and fold.endswith(("er", "ede")) and fold not in PARTICIPLES


def is_past(words: Sequence[Token], at: int) -> bool:
    """Tell whether a finite verb in the past stands at `at`."""
    fold = words[at].fold
    past = fold in _PAST_IN_R or (fold not in _PRESENT and not fold.endswith(("r", "s")))
    return past and is_finite(words, at)


def is_participle(words: Sequence[Token], at: int) -> bool:
    """Tell whether a past participle stands at `at`."""
    return words[at].fold in PARTICIPLES


def layout(words: Sequence[Token]) -> Layout:
    """Part a note into sentences, stretches and clauses."""
    sentences: list[int] = []
    stretches: list[int] = []
    clauses: list[int] = []
    sentence = stretch = clause = -1
    for at, token in enumerate(words):
        if token.before >= Break.COLON or not at:
            sentence += 1
            stretch += 1
            clause += 1
        elif _new_stretch(words, at):
            stretch += 1
            clause += 1
        elif _new_clause(words, at):
            clause += 1
        sentences.append(sentence)
        stretches.append(stretch)
        clauses.append(clause)
    return Layout(sentences=tuple(sentences), stretches=tuple(stretches), clauses=tuple(clauses))


def item_end(words: Sequence[Token], at: int) -> int:
    """Return one past the last token of the item at `at`: up to a pause, a stop or a coordinator."""
    end = at + 1
    while end < len(words) and words[end].before is Break.NONE and words[end].fold not in COORDINATORS:
        end += 1
    return end


def opens_predicate(words: Sequence[Token], at: int) -> bool:
    """Tell whether a subject with its verb, or a finite verb, stands at `at`."""
    if at >= len(words):
        return False
    if is_finite(words, at):
        return True
    if at + 1 >= len(words) or words[at + 1].before >= Break.COLON:
        return False
    return _subject_end(words, at) > at


def _subject_end(words: Sequence[Token], at: int) -> int:
    """Return the place of the finite verb of a subject that starts at `at`, or `at` where none does."""
    fold = words[at].fold
    if fold in _PRONOUNS:
        reach = 3 if fold in SUBJECTS | PERSONS else 2
    elif fold in ARTICLES or (len(fold) > _LONG_VERB and fold.endswith(("en", "et", "ne", "ens", "er"))):
        reach = 3
    elif len(fold) > _LONG_VERB and fold not in ADVERBS | PREPOSITIONS | PARTICIPLES:
        # A bare noun is a subject only right before its verb: "støvsugning er opgivet".
        return at + 1 if at + 1 < len(words) and words[at + 1].fold in _LINKS else at
    else:
        return at
    for here in range(at + 1, min(at + reach, len(words) - 1) + 1):
        if words[here].before is not Break.NONE or words[here].fold in COORDINATORS:
            return at
        if is_finite(words, here):
            return here
        if words[here].fold in PREPOSITIONS and fold in ARTICLES:
            return at
    return at


def _has_verb(words: Sequence[Token], at: int, end: int) -> bool:
    return any(is_finite(words, here) for here in range(at, end))


def _new_stretch(words: Sequence[Token], at: int) -> bool:
    """Tell whether a new main clause begins at `at`, within a sentence."""
    token = words[at]
    if token.fold == "men" or (token.fold in CONTRAST - _MEDIAL and token.before is not Break.NONE):
        return True
    if words[at - 1].fold in _AND:
        return opens_predicate(words, at) and not is_participle(words, at)
    if token.before is not Break.COMMA or token.fold in _AND | {"eller"}:
        return False
    end = item_end(words, at)
    has_verb = _has_verb(words, at, end)
    if token.fold in SUBORDINATORS:
        return has_verb and token.fold in _MAIN_OPENERS
    # "tømt pose, skiftet forbinding": a participle with a noun of its own.
    with_noun = is_participle(words, at) and end - at > 1 and words[at + 1].fold not in PREPOSITIONS
    return has_verb or with_noun or opens_predicate(words, at)


def _new_clause(words: Sequence[Token], at: int) -> bool:
    """Tell whether a further predicate begins at `at`, within a stretch."""
    token = words[at]
    fold = token.fold
    if fold in _ALWAYS or (fold in CONTRAST and not (fold in _MEDIAL and is_finite(words, at - 1))):
        return True
    if fold in SUBORDINATORS and at + 1 < len(words):
        return _opens_subordinate(words, at)
    if token.before is Break.COMMA:
        item = range(at, item_end(words, at))
        return any(is_participle(words, here) or is_finite(words, here) for here in item)
    return words[at - 1].fold in _AND and is_participle(words, at) and _after_predicate(words, at)


def _opens_subordinate(words: Sequence[Token], at: int) -> bool:
    """Tell whether the subordinator at `at` opens a clause: "at" before an infinitive does not."""
    fold = words[at].fold
    following = at + 1
    if fold == "at" and not opens_predicate(words, following):
        return False
    if fold in _ALSO_PREPOSITIONS:
        # "hjælp efter loven starter mandag": the verb is that of the noun before the preposition.
        ends = words[at].before is not Break.NONE or _after_predicate(words, at + 1)
        return ends and opens_predicate(words, following) and not is_finite(words, following)
    if fold == "der" and words[at].before is Break.NONE and not is_finite(words, following):
        return False
    return _has_verb(words, following, min(following + _VERB_REACH, len(words)))


def _after_predicate(words: Sequence[Token], at: int) -> bool:
    """Tell whether the words before "og" at `at - 1` hold a predicate too."""
    for here in range(at - 2, -1, -1):
        if words[here + 1].before >= Break.COLON:
            return False
        if is_participle(words, here) or is_finite(words, here):
            return True
    return False
