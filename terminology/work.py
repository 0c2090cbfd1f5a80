"""What a note says of the care team's work: done, planned, left undone, or somebody else's."""

from collections.abc import Iterator

from terminology.clauses import PARTICIPLES, is_finite, is_past
from terminology.conditions import is_hypothetical
from terminology.cues import Span
from terminology.normalise import Break
from terminology.persons import Person
from terminology.reach import Manner
from terminology.scope import DENIERS, Place, Scope, Verdict
from terminology.spoken.grammar import ARTICLES, PREPOSITIONS, WRITERS
from terminology.spoken.words import words as words_of

COMPLETED, PLANNED, NOT_DONE = "completed", "planned", "not_done"
_PLAIN_DENIAL = words_of("ikke ej ingen intet endnu heller hverken")
_NEEDLESS = words_of("behov brug nødvendig nødvendigt grund")
_STATES = words_of("har havde ikke er var ej endnu")
_CITIZENS_VERBS = words_of("været gået spist drukket sovet kommet siddet ligget stået haft")
_MUST = words_of("skal skulle bør burde må vil")
_CITIZEN = words_of("hun han borger borgeren patienten pt")
_RECEIVES = words_of("have ha hjælpes støttes guides til i")
_QUESTIONS = words_of("hvorfor hvordan hvornår om hvad")
_NEEDS = words_of(
    "støtte hjælp brug behov svært besvær orker magter kan formår overskud guides motiveres mindes"
)
_HELP = words_of("støtte hjælp brug behov")
_ACHIEVED = words_of(
    "nåede nået husket huskede sørget sørgede lykkedes valgt fået begyndt påbegyndt hjulpet hjalp"
)
_HELPING = words_of("har havde er var får fik blev bliver skal skulle vil ville må kan kunne fået")
_CARE = ("støtte", "hjælp", "guid", "tilsyn", "opsyn", "assist", "ledsag", "vejled")
"""How words begin that tell of help within what the citizen does: "spiser med støtte"."""
_IF = frozenset({"hvis", "såfremt"})
OFFERED = words_of(
    """
    planlagt aftalt bestilt booket bevilget visiteret ordineret tilbudt foreslået anbefalet godkendt
    ansøgt indkaldt rekvireret forsøgt opfordret forberedt klargjort reserveret bedt spurgt ønsket
    """
)
"""Participles that tell of work that is still to be done."""
_ORDERED = words_of("bestilt genbestilt rekvireret ansøgt")
"""Participles that are work themselves where the wording holds them: "medicin bestilt"."""
_TO_BE = words_of("bliver blive får vil")
_MOVED = words_of("flyttet rykket skubbet udskudt")
"""Participles that with a time ahead say when the work is to be done."""
_NO_PLAN = words_of("er har kan må træner øver hjælper guider støtter vejleder giver får bruger fortsætter")
"""Verbs in the present that care workers use of what goes on."""
_SHOULD = frozenset({"skulle", "burde"})
_HAVE = frozenset({"have", "være", "ha"})
_SHOULD_REACH = 4
_NO_DEED = words_of(
    "var havde skulle ville kunne måtte burde turde ønskede gad orkede sagde fortalte oplyste"
)
"""Verbs in the past that tell of no work."""
_NO_PASSIVES = words_of(
    """
    trives lykkes findes synes mindes færdes diabetes herpes rabies fæces ascites således ligeledes
    særdeles anderledes fælles hvorledes hendes deres aftes skændes længes hjælpes støttes guides trænes
    motiveres ledsages assisteres mobiliseres mades vendes lejres observeres skærmes trøstes beroliges
    """
)
"""Words in -es that are no plan: other words, and care that is told in the present."""
_MODALS = words_of("kan kunne skal skulle vil må bør at")
_SHORTEST_PASSIVE = 5
_AGENT_VERB = 2
"""Words beside a mention within which the verb of its doer stands: "rengøring klares af et firma"."""
_VERB_REACH = 5
_JOINS = frozenset({"og", "men", "eller"})
_NOT = frozenset({"ikke", "ej"})
_NOT_ONLY = words_of("kun bare blot alene mindst")
_PRONOUNS = words_of("hun han jeg vi ham hende den det dem sig borger borgeren os der")
_BETWEEN = words_of("endnu blevet helt været fuldt så")
_ASKED = words_of(
    "spurgt spørger spurgte spørge drøfte afklare vurdere tvivl overvejer overveje undersøge afvente"
)


def judge(scope: Scope, at: Place, section: str, *, own_deeds: bool = False) -> Iterator[Verdict]:
    """Judge a mention of an intervention; nothing comes where nothing is to be recorded.

    Args:
        scope: the note's cues.
        at: where the mention stands.
        section: the vocabulary section of its wording.
        own_deeds: whether what the citizen does tells of the work, as in rehabilitation: "han øvede trappen".

    Yields:
        One verdict, or two where something was refused and a new time was set.

    """
    if by_others(scope, at) or _is_only_spoken_of(scope, at):
        return
    if should := _should_have(scope, at):
        yield Verdict(assertion=NOT_DONE, cue=should)
        return
    cue = None if section == NOT_DONE else undone(scope, at)
    if section == NOT_DONE or cue:
        if cue and _citizens_own(scope, cue, at):
            return
        yield Verdict(assertion=NOT_DONE, cue=cue)
        if again := new_time(scope, at):
            yield Verdict(assertion=PLANNED, cue=again)
    elif section == PLANNED:
        yield from () if _tells_of_deed(scope, at) else (Verdict(assertion=PLANNED),)
    elif cue := planned(scope, at):
        if not _citizen_is_to(scope, cue, at):
            yield Verdict(assertion=PLANNED, cue=cue)
    elif not earlier(scope, at) and (own_deeds or not _is_act_of_citizen(scope, at)):
        yield Verdict(assertion=COMPLETED)


def _is_only_spoken_of(scope: Scope, at: Place) -> bool:
    """Tell whether the work is a condition, a wish, a question or a guess."""
    return (
        is_hypothetical(scope, at)
        or depends(scope, at)
        or _is_wish(scope, at)
        or is_asked(scope, at)
        or scope.before(at, Manner.CLAUSE, "mistanke.om") is not None
    )


def is_asked(scope: Scope, at: Place) -> bool:
    """Tell whether the note only asks for it: "spurgt lægen, om medicinen skal pauseres"."""
    sentence = scope.sentence(at.start)
    before = [here for here in range(at.start) if scope.sentence(here) == sentence]
    asked = [here for here in before if scope.fold(here) in _ASKED]
    return bool(asked) and any(
        here > asked[0]
        and scope.fold(here) in {"om", "hvorvidt"}
        and (scope.words[here].before is Break.COMMA or scope.clause(here) > scope.clause(here - 1))
        for here in before
    )


def _tells_of_deed(scope: Scope, at: Place) -> bool:
    """Tell whether the words of a plan stand beside a verb that says it is done."""
    clause = scope.clause(at.start)
    return (
        is_done(scope, at)
        and not scope.says(clause, _TO_BE | _MUST)
        and not any(_plans_after(scope, at))
        and scope.before(at, Manner.CLAUSE, "planlagt.foer") is None
        and _ahead(scope, at, clause) is None
    )


def by_others(scope: Scope, at: Place) -> bool:
    """Tell whether somebody else does the work: a relative, another firm, the citizen alone."""
    inside = at.tokens
    clause = scope.clause(at.start)
    for low, high in scope.cues.spans("personer.selv"):
        own = bool(inside & set(range(low, high))) or at.start <= low < at.end
        if not own and clause in {scope.clause(low), scope.clause(high - 1)}:
            return True
    named, subject = scope.persons.named(at.start, at.end), scope.persons.subject(at.start)
    if named and (Person.OTHER in named or subject is not Person.OTHER):
        return False  # the wording tells of them: "ringet til lægen", but "datteren henter den på apoteket"
    others = {Person.OTHER, Person.STRANGER, Person.ANIMAL}
    if subject in others:
        return True
    done = any(
        scope.fold(here) in PARTICIPLES or _is_passive(scope, here)
        for here in range(max(0, at.start - _AGENT_VERB), min(at.end + _AGENT_VERB, len(scope.words)))
        if scope.clause(here) == clause
    )
    return done and scope.persons.agent(at.start, at.end) in others


def _is_wish(scope: Scope, at: Place) -> bool:
    """Tell whether the work is only what somebody needs help to do: "hjælp til at holde styr på aftaler"."""
    if scope.has_participle(at.tokens):
        return False
    before = [here for here in scope.clause_tokens(scope.clause(at.start)) if here < at.start]
    wanted = _NEEDS if scope.fold(at.start - 1) == "at" else _HELP
    needs = [here for here in before if scope.fold(here) in wanted]
    return bool(needs) and any(scope.fold(here) == "at" for here in before if here > needs[0])


def undone(scope: Scope, at: Place) -> Span | None:
    """Return the cue that says the work was left undone or refused."""
    inside = at.tokens
    for cue in scope.cues.spans("ikke_udfoert.foer", "ikke_udfoert.efter"):
        denies = any(scope.fold(here) in DENIERS for here in range(*cue))
        if cue[0] in inside and (not denies or scope.fold(cue[0] + 1) in _NEEDLESS):
            return cue  # "leveringen afmeldt", "ikke behov for ilt"
    for cue in scope.cues.spans("ikke_udfoert.foer"):
        manner = Manner.LIGHT if scope.fold(cue[0]) in _PLAIN_DENIAL else Manner.CLAUSE
        if scope.reaches(cue, at, manner):
            return cue
    return next(scope.after(at, "ikke_udfoert.efter"), None) or _denied_verb(scope, at)


def _should_have(scope: Scope, at: Place) -> Span | None:
    """Return what says that it was to be done and was not: "skulle have haft bad, det udsatte vi"."""
    clause = scope.clause(at.start)
    for here in range(max(0, at.start - _SHOULD_REACH), at.end):
        if scope.fold(here) not in _SHOULD or scope.clause(here) != clause:
            continue
        have = next((verb for verb in range(here + 1, at.end) if scope.fold(verb) in _HAVE), None)
        if have is not None and any(
            scope.fold(verb) in PARTICIPLES | _CITIZENS_VERBS for verb in range(have + 1, at.end)
        ):
            return here, have + 1
    return None


def _denied_deed(scope: Scope, at: Place) -> Span | None:
    """Return the denial right behind a verb in the past and its pronouns: "jeg vendte ham ikke"."""
    verb = next((here for here in sorted(at.tokens) if is_past(scope.words, here)), None)
    if verb is None:
        return None
    here = verb + 1
    while scope.fold(here) in _PRONOUNS and not scope.paused(here, here + 1):
        here += 1
    denies = scope.fold(here) in _NOT and here not in at.tokens and not scope.paused(here, here + 1)
    return (here, here + 1) if denies and scope.fold(here + 1) not in _NOT_ONLY else None


def _denied_verb(scope: Scope, at: Place) -> Span | None:
    """Return a denied verb: "morgenmedicin ikke administreret", "posen hænges ikke op"."""
    if cue := _denied_deed(scope, at):
        return cue
    passive = next((here for here in sorted(at.tokens) if _is_passive(scope, here)), None)
    if passive is not None and scope.fold(passive + 1) in _NOT and passive + 1 not in at.tokens:
        return passive + 1, passive + 2
    if scope.has_participle(at.tokens):
        return None
    for here in range(at.end, min(at.end + _VERB_REACH, len(scope.words) - 1)):
        if scope.words[here].before is not Break.NONE or scope.fold(here) in _JOINS:
            return None
        if scope.fold(here) in _NOT:
            verb = here + 1
            while scope.fold(verb) in _BETWEEN:
                verb += 1
            return (here, verb + 1) if scope.fold(verb) in PARTICIPLES else None
    return None


def planned(scope: Scope, at: Place) -> Span | None:
    """Return the cue that says the work is still to come."""
    if cue := scope.before(at, Manner.CLAUSE, "planlagt.skal") or _is_told_ahead(scope, at):
        return cue
    clause = scope.clause(at.start)
    ahead = _ahead(scope, at, clause)
    if is_done(scope, at):
        # "får vasket gulv i morgen", "bliver hjulpet i bad på fredag", "fik flyttet træningen til torsdag"
        return (ahead if scope.says(clause, _TO_BE | _MOVED) else None) or _is_put_off(scope, at)
    if cue := scope.before(at, Manner.CLAUSE, "planlagt.foer"):
        return cue
    if cue := next(_plans_after(scope, at), None) or ahead or _agreed(scope, at):
        return cue
    for cue in scope.cues.spans("planlagt.nyt"):
        if scope.clause(cue[0]) == clause and cue[0] not in at.tokens:
            return cue
    passive = next((here for here in sorted(at.tokens) if _is_passive(scope, here)), None)
    return None if passive is None else (passive, passive + 1)


def _is_told_ahead(scope: Scope, at: Place) -> Span | None:
    """Return the verb of "vi kigger ind", "jeg tømmer posen": care workers tell what is done in the past."""
    verbs = scope.finite(scope.clause(at.start))
    alone = verbs if len(verbs) == 1 and not is_done(scope, at) else ()
    for here in sorted({*at.tokens, *alone}):
        fold = scope.fold(here)
        tells = is_finite(scope.words, here) and not is_past(scope.words, here) and fold not in _NO_PLAN
        if tells and not _is_passive(scope, here) and {scope.fold(here - 1), scope.fold(here + 1)} & WRITERS:
            return here, here + 1
    return None


def _is_put_off(scope: Scope, at: Place) -> Span | None:
    """Return the plan whose participle is the only deed beside the mention: "træningen er sat til uge 4"."""
    deeds = {here for here in scope.clause_tokens(scope.clause(at.start)) if _is_deed(scope, here)}
    for cue in scope.after(at, "planlagt.efter"):
        own = range(*cue)
        if cue[0] >= at.end and any(_is_deed(scope, here) for here in own) and deeds <= set(own):
            return cue
    return None


def _plans_after(scope: Scope, at: Place) -> Iterator[Span]:
    """Yield the plans that follow the mention, but not what its wording holds: "recept er bestilt"."""
    inside = at.tokens
    for cue in scope.after(at, "planlagt.efter"):
        if not any(here in inside and scope.fold(here) in OFFERED for here in range(*cue)):
            yield cue
    for cue in scope.cues.spans("planlagt.efter"):
        # "urinposen tømmer natholdet": the wording holds the verb, who is to do it follows.
        if cue[0] in inside and cue[1] > at.end and is_finite(scope.words, cue[0]):
            yield cue


def _ahead(scope: Scope, at: Place, clause: int) -> Span | None:
    """Return the time in the clause of the mention that lies ahead."""
    names = ["planlagt.tid"]
    finite = scope.finite(clause)
    if not finite or any(not is_past(scope.words, here) for here in finite):
        names.append("planlagt.nutid")
    clauses = {clause, scope.clause(at.end - 1)}
    if cue := next((cue for cue in scope.cues.spans(*names) if scope.clause(cue[0]) in clauses), None):
        return cue
    # "vi kommer torsdag og passer ham": where nothing is told as done, the time holds for the whole sentence.
    if scope.has_participle(at.tokens):
        return None
    sentence = scope.sentence(at.start)
    if any(_is_deed(scope, here) for here in range(len(scope.words)) if scope.sentence(here) == sentence):
        return None
    before = (cue for cue in scope.cues.spans(*names) if cue[1] <= at.start)
    return next((cue for cue in before if scope.sentence(cue[0]) == sentence), None)


def _agreed(scope: Scope, at: Place) -> Span | None:
    """Return the agreement on what a clause with "at" says: "aftalt, at vi kommer, når hun er hjemme"."""
    sentence = scope.sentence(at.start)
    return next(
        (
            cue
            for cue in scope.cues.spans("planlagt.foer")
            if "at" in {scope.fold(cue[1] - 1), scope.fold(cue[1])}
            and cue[1] <= at.start
            and scope.sentence(cue[0]) == sentence
        ),
        None,
    )


def is_done(scope: Scope, at: Place) -> bool:
    """Tell whether a verb of the mention, or one beside it with no pause between, says that it is done."""
    first, last = min(at.tokens), max(at.tokens)
    while (
        first and scope.words[first].before is Break.NONE and scope.clause(first - 1) == scope.clause(first)
    ):
        first -= 1
    while last + 1 < len(scope.words) and scope.words[last + 1].before is Break.NONE:
        if scope.clause(last + 1) != scope.clause(last):
            break
        last += 1
    ordered = any(scope.fold(here) in _ORDERED for here in at.tokens)
    return ordered or any(_is_deed(scope, here) for here in range(first, last + 1))


def _is_deed(scope: Scope, at: int) -> bool:
    """Tell whether a verb at `at` tells of something done: a participle or a past."""
    fold = scope.fold(at)
    if fold in PARTICIPLES:
        # "i svælget", "et skift": a noun
        return fold not in OFFERED and scope.fold(at - 1) not in ARTICLES | PREPOSITIONS
    return is_past(scope.words, at) and fold not in _NO_DEED


def earlier(scope: Scope, at: Place) -> Span | None:
    """Return the cue that says the work was done at another visit."""
    clauses = {scope.clause(at.start), scope.clause(at.end - 1)}
    names = ["foer_besoeg.tid", "tidligere.tid"]
    if any(is_past(scope.words, here) for here in scope.clause_tokens(scope.clause(at.start))):
        names.append("tidligere.haft")
    found = next((cue for cue in scope.cues.spans(*names) if scope.clause(cue[0]) in clauses), None)
    return found or scope.before(at, Manner.CLAUSE, "tidligere.foer")


def new_time(scope: Scope, at: Place) -> Span | None:
    """Return the new time that is set after a refusal."""
    clause = scope.clause(at.start)
    return next(
        (
            cue
            for cue in scope.cues.spans("ikke_udfoert.nytid")
            if scope.clause(cue[0]) - clause in {0, 1} and cue[0] >= at.start
        ),
        None,
    )


def _citizens_own(scope: Scope, cue: Span, at: Place) -> bool:
    """Tell whether it is the citizen who did not do it: "har ikke været på toilettet"."""
    plain = scope.fold(cue[0]) in _STATES
    return plain and any(scope.fold(here) in _CITIZENS_VERBS for here in at.tokens)


def _citizen_is_to(scope: Scope, cue: Span, at: Place) -> bool:
    """Tell whether the citizen is to do it: "hun skal røre sig mere", "hvordan han skal sove"."""
    low, high = cue
    if scope.fold(low) not in _MUST:
        return False
    if scope.fold(scope.clause_tokens(scope.clause(low))[0]) in _QUESTIONS:
        return True
    if not {scope.fold(low - 1), scope.fold(low + 1)} & _CITIZEN:
        return False
    receives = any(scope.fold(here) in _RECEIVES for here in range(low, at.end))
    done_to = any(_is_passive(scope, here) or scope.fold(here) in PARTICIPLES for here in range(high, at.end))
    return not (receives or done_to)


def _is_act_of_citizen(scope: Scope, at: Place) -> bool:
    """Tell whether a verb of the mention has the citizen as its subject: "drikker hun selv vand"."""
    if scope.fold(at.start - 1) == "at" and not scope.has_participle(at.tokens):
        # An infinitive tells of nothing done, except after "nåede at", "sørget for at".
        return not scope.says(scope.clause(at.start), _ACHIEVED)
    return any(_is_verb_of_citizen(scope, here) for here in at.tokens) or _is_told_of_citizen(scope, at)


def _is_verb_of_citizen(scope: Scope, at: int) -> bool:
    """Tell whether a finite verb with the citizen as its subject stands at `at`: "han selv hælder"."""
    if not is_finite(scope.words, at) or scope.fold(at) in _HELPING or _is_passive(scope, at):
        return False
    before = scope.fold(at - 2) if scope.fold(at - 1) == "selv" else scope.fold(at - 1)
    return before in _CITIZEN or scope.fold(at + 1) in _CITIZEN


def _is_told_of_citizen(scope: Scope, at: Place) -> bool:
    """Tell whether the clause of a mention tells of the citizen's deed only: "hælder hun vand op"."""
    if scope.has_participle(at.tokens) or any(_is_deed(scope, here) for here in at.tokens):
        return False
    tokens = scope.clause_tokens(scope.clause(at.start))
    verbs = scope.finite(scope.clause(at.start))
    return (
        len(verbs) == 1
        and _is_verb_of_citizen(scope, verbs[0])
        and not any(scope.fold(here) in PARTICIPLES or scope.fold(here).startswith(_CARE) for here in tokens)
    )


def depends(scope: Scope, at: Place) -> bool:
    """Tell whether the work depends on something: "ring til lægen, hvis feberen stiger"."""
    if scope.has_participle(at.tokens):
        return False
    sentence, following = scope.sentence(at.start), scope.clause(at.end - 1) + 1
    return any(
        scope.fold(here) in _IF and scope.sentence(here) == sentence and scope.clause(here) <= following
        for here in range(len(scope.words))
    )


def _is_passive(scope: Scope, at: int) -> bool:
    """Tell whether a verb in the present passive stands at `at`: "skiftes", "bestilles"."""
    fold, before = scope.fold(at), scope.fold(at - 1)
    if len(fold) < _SHORTEST_PASSIVE or not fold.endswith("es") or fold in _NO_PASSIVES:
        return False
    return before not in _MODALS and before not in ARTICLES | PREPOSITIONS
