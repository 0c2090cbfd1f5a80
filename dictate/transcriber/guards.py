"""What keeps invented words out of a transcript, as small pure functions on the decoder's output."""

import re
from collections.abc import Sequence

LEAST_COPIES = 3
LEAST_LOOP = 16
"""Tokens in all copies together: somebody may well say "nej nej nej" or "22 22 22 22"."""
TOKENS_PER_SECOND, SPARE_TOKENS = 12, 24
"""More than the fastest speech needs."""
_INVENTED = ((0.6, -1.0), (0.45, -1.5))
"""No-speech probability above the first with a mean log-probability below the second: OpenAI's own, and one
for coughs and slamming doors."""
_SPOKEN_S = 0.6
"""So much of a window that is speech for certain is spoken, whatever the model thinks: it denied one in
fifteen stretches of some voices. 220 such windows, from 3 s on, in noise, too: at least 0.77 s; 16 windows
of noise, coughs, doors and keys: at most 0.13 s."""
CERTAIN = 0.5
"""Probability of speech from which a moment is speech for certain."""
_LETTERS_PER_SECOND = 7.0
"""Of certain speech: 152 recordings have 11 at least."""
_TELLING_S = 2.0
"""Less speech, as of a short answer, tells nothing about the number of letters."""
_LETTERS_OF_A_DIGIT = 4
"""Spoken: "120" is "hundrede og tyve"."""
_PHANTOM = re.compile(
    r"(danske tekster|danish subtitles|undertekster?|undertekstet|tekstet|oversættelse|subtitles)"
    r"( (af|ved|by|fra)( \w+){0,4})?"
    r"|tak (fordi|for at) (i|du) (så|ser|kiggede|lyttede) med( \w+){0,3}"
    r"|(husk at )?(like|abonner\w*)( \w+){0,4}"
)
MODEL_LIMIT = 224
"""Most tokens that a Whisper model writes after its prompt."""


def token_limit(seconds: float) -> int:
    """Most tokens to decode for `seconds` of speech; bounds the time a loop can take."""
    return min(SPARE_TOKENS + round(TOKENS_PER_SECOND * seconds), MODEL_LIMIT)


def without_loops(tokens: Sequence[int]) -> tuple[int, ...]:
    """Keep one copy of what is written over and over.

    A loop is at least 3 equal stretches of tokens on end, 16 tokens together; the beginning of one more copy
    at the very end belongs to it.
    """
    kept: list[int] = []
    position = 0
    while position < len(tokens):
        length, copies = _loop_at(tokens, position)
        if not copies:
            kept.append(tokens[position])
            position += 1
            continue
        phrase = tokens[position : position + length]
        kept.extend(phrase)
        position += length * copies
        rest = tokens[position:]
        if len(rest) < length and list(rest) == list(phrase[: len(rest)]):
            break
    return tuple(kept)


def _loop_at(tokens: Sequence[int], start: int) -> tuple[int, int]:
    """Length of the phrase that repeats from `start`, and its copies; 0 copies where nothing loops."""
    for length in range(1, (len(tokens) - start) // LEAST_COPIES + 1):
        phrase = tokens[start : start + length]
        copies = 1
        while tokens[start + copies * length : start + (copies + 1) * length] == phrase:
            copies += 1
        if copies >= LEAST_COPIES and copies * length >= LEAST_LOOP:
            return length, copies
    return 0, 0


def is_invented(*, no_speech_prob: float, avg_logprob: float, spoken_s: float) -> bool:
    """True where nobody is known to speak, and the model finds no speech and is unsure of what it wrote.

    Args:
        no_speech_prob: by the model, 0..1.
        avg_logprob: mean of the tokens.
        spoken_s: seconds that are speech for certain.

    """
    if spoken_s >= _SPOKEN_S:
        return False
    return any(no_speech_prob > silent and avg_logprob < unsure for silent, unsure in _INVENTED)


def is_cut_short(text: str, *, spoken_s: float) -> bool:
    """True where most of what was said is missing: decoders stop early where sound begins in a word.

    Args:
        text: of a window.
        spoken_s: seconds of it that are speech for certain.

    """
    letters = sum(_LETTERS_OF_A_DIGIT if sign.isdigit() else sign.isalpha() for sign in text)
    return spoken_s >= _TELLING_S and letters < _LETTERS_PER_SECOND * spoken_s


def is_phantom(text: str) -> bool:
    """True for what Whisper models write without hearing it: credits, thanks for watching, no word at all.

    Only a text that is nothing else counts, as a person may well say such words among others.
    """
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return not words or bool(_PHANTOM.fullmatch(words))
