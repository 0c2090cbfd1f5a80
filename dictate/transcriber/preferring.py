"""Terms of the vocabulary written in place of what was heard, where spelling and sound speak for them.

All proposals of a window that don't touch each other are tried at once: the text with them is aligned with
the sound one more time. That costs about a tenth of decoding, and nothing where nothing is proposed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dictate.transcriber.biasing import Bias, Proposal, bare
from dictate.transcriber.judging import Judge, Sounded
from dictate.transcript import Word

_AFTER = 3
"""Tokens behind a term that tell whether it fits what follows."""
_LEAST = 1e-8

Probabilities = Sequence[float]
Align = Callable[[Sequence[int]], Probabilities]
"""Gives the probability of each token of a text, by the sound of the window."""
Tokens = Callable[[str], Sequence[int] | None]
"""Gives the tokens of a text; None where the model can't write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The text of a window as it was heard."""

    words: tuple[Word, ...]
    ranges: tuple[tuple[int, int], ...]
    """Tokens of each word, half-open."""
    tokens: tuple[int, ...]
    probabilities: Probabilities
    """Of each token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A term that is written."""

    proposal: Proposal
    probability: float
    """That it was said, 0..1."""


class Preference:
    """Prefers the terms of one vocabulary."""

    def __init__(self, bias: Bias, judge: Judge, tokens: Tokens) -> None:
        """Keep what all windows need.

        Args:
            bias: proposes.
            judge: decides.
            tokens: of the model.

        """
        self._bias = bias
        self._judge = judge
        self._tokens = tokens

    def preferred(self, heard: Heard, align: Align) -> tuple[Word, ...]:
        """Return the words with the terms that were probably said; each keeps what was heard."""
        likely = [(self._judge.likely(one), one) for one in self._bias.proposals(heard.words)]
        waiting = [
            one
            for sure, one in sorted(likely, key=lambda pair: (-pair[0], pair[1].place, pair[1].term))
            if sure >= self._judge.worth
        ]
        chosen: list[Chosen] = []
        for _ in range(self._judge.rounds):
            together, waiting = apart(waiting)
            if not together:
                break
            chosen += self._sounded(heard, together, align)
        return written(heard.words, chosen)

    def _sounded(self, heard: Heard, together: Sequence[Proposal], align: Align) -> list[Chosen]:
        """Ask the sound about proposals that don't touch each other; return those that are accepted."""
        tokens: list[int] = []
        tried: list[tuple[Proposal, int, int, int, int]] = []
        position = 0
        for one in sorted(together, key=lambda proposal: proposal.place):
            first, last = heard.ranges[one.place][0], heard.ranges[one.place + one.count - 1][1]
            term = self._tokens(f" {_like(one, heard.words)}")
            if term is None:
                continue
            tokens += heard.tokens[position:first]
            tried.append((one, first, last, len(tokens), len(tokens) + len(term)))
            tokens += term
            position = last
        tokens += heard.tokens[position:]
        if not tried:
            return []
        before, now = _logs(heard.probabilities), _logs(align(tokens))
        found = []
        for one, first, last, new_first, new_last in tried:
            following = max(0, min(_AFTER, len(before) - last, len(now) - new_last))
            sounded = Sounded(
                swap=float(now[new_first:new_last].sum() - before[first:last].sum()),
                fit=float(now[new_first:new_last].mean()),
                after=float(
                    now[new_last : new_last + following].sum() - before[last : last + following].sum()
                ),
                before=float(before[first:last].mean()),
            )
            probability = self._judge.right(one, sounded)
            if probability >= self._judge.accept:
                found.append(Chosen(proposal=one, probability=probability))
        return found


def apart(proposals: Sequence[Proposal]) -> tuple[list[Proposal], list[Proposal]]:
    """Part proposals, best first, into some with a word between each two, and the rest."""
    taken: set[int] = set()
    together: list[Proposal] = []
    rest: list[Proposal] = []
    for one in proposals:
        places = range(one.place, one.place + one.count)
        if taken.isdisjoint(range(one.place - 1, one.place + one.count + 1)):
            together.append(one)
            taken.update(places)
        else:
            rest.append(one)
    return together, rest


def written(words: Sequence[Word], chosen: Sequence[Chosen]) -> tuple[Word, ...]:
    """Put the chosen terms in their places, the likeliest first."""
    placed: dict[int, Chosen] = {}
    taken: set[int] = set()
    for one in sorted(chosen, key=lambda found: -found.probability):
        places = range(one.proposal.place, one.proposal.place + one.proposal.count)
        if taken.isdisjoint(places):
            placed[one.proposal.place] = one
            taken.update(places)
    result: list[Word] = []
    place = 0
    while place < len(words):
        found = placed.get(place)
        if found is None:
            result.append(words[place])
            place += 1
            continue
        parts = words[place : place + found.proposal.count]
        heard = " ".join(part.alternatives[0] if part.alternatives else part.text for part in parts)
        text = _like(found.proposal, words)
        result.append(
            Word(
                text=text,
                start=parts[0].start,
                end=parts[-1].end,
                probability=round(found.probability, 4),
                alternatives=() if text == heard else (heard,),
            )
        )
        place += found.proposal.count
    return tuple(result)


def _like(proposal: Proposal, words: Sequence[Word]) -> str:
    """The term with the capital and the punctuation of the words that it replaces."""
    first, last = words[proposal.place].text, words[proposal.place + proposal.count - 1].text
    ahead = first[: first.casefold().find(bare(first))]
    behind = last[last.casefold().find(bare(last)) + len(bare(last)) :]
    is_capital = first[len(ahead) : len(ahead) + 1].isupper()
    return ahead + (proposal.term.capitalize() if is_capital else proposal.term) + behind


def _logs(probabilities: Probabilities) -> NDArray[np.float64]:
    return np.log(np.maximum(np.asarray(probabilities, dtype=np.float64), _LEAST))
