"""How far recognised words are from what was said: error rates, and the words themselves."""

import re
from dataclasses import dataclass

NOT_A_WORD = re.compile(r"[^\w\s]|_")
"""What is taken away before words are compared: punctuation is not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where the recogniser went wrong; empty `said` is an invented, empty `heard` a lost word."""

    said: str
    heard: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Recognised words against the known text."""

    words: int
    """Words in the known text."""
    errors: int
    """Substituted, lost and invented words together."""
    characters: int
    character_errors: int
    differences: tuple[Difference, ...]

    @property
    def wer(self) -> float:
        """Word error rate: errors per word of the known text; above 1 where words were invented."""
        return self.errors / self.words if self.words else float(self.errors > 0)

    @property
    def cer(self) -> float:
        """Character error rate, counted as the word error rate."""
        return self.character_errors / self.characters if self.characters else float(self.errors > 0)


def comparable(text: str) -> str:
    """Lower case, no punctuation, single spaces: what is compared when words are counted."""
    return " ".join(NOT_A_WORD.sub(" ", text.casefold()).split())


def compare(said: str, heard: str) -> Comparison:
    """Align the recognised text with the known one (plain Levenshtein alignment of words).

    Args:
        said: the known text, as words (number words, not digits).
        heard: the recognised text.

    """
    import jiwer  # noqa: PLC0415 - not needed for any other command

    reference, hypothesis = comparable(said), comparable(heard)
    if not reference:
        invented = hypothesis.split()
        return Comparison(
            words=0,
            errors=len(invented),
            characters=0,
            character_errors=len(hypothesis),
            differences=tuple(Difference(said="", heard=word) for word in invented),
        )
    words = jiwer.process_words(reference, hypothesis)
    letters = jiwer.process_characters(reference, hypothesis)
    said_words, heard_words = words.references[0], words.hypotheses[0]
    return Comparison(
        words=len(said_words),
        errors=words.substitutions + words.deletions + words.insertions,
        characters=len(reference),
        character_errors=letters.substitutions + letters.deletions + letters.insertions,
        differences=tuple(
            Difference(
                said=" ".join(said_words[part.ref_start_idx : part.ref_end_idx]),
                heard=" ".join(heard_words[part.hyp_start_idx : part.hyp_end_idx]),
            )
            for part in words.alignments[0]
            if part.type != "equal"
        ),
    )
