"""Tokens of texts, as Whisper models were trained on them."""

import re

from tokenizers import Tokenizer

_MERGES = re.compile(r'"merges"\s*:\s*\[\s*')
_FIRST = re.compile(r'(?:"|\[\s*")(?:Ġ|\\u0120)(?:"\s*,\s*"| )t"')


def tokenizer_of(content: str) -> Tokenizer:
    """Load a tokenizer as Whisper was trained with it.

    Converted files lack the first merge, so that " til" becomes two tokens; models have never seen that. It
    is put back in the text of the file, as reading all of it for that would take half a second.

    Args:
        content: of tokenizer.json.

    """
    found = _MERGES.search(content)
    if found and not _FIRST.match(content, found.end()):
        is_listed = content.startswith("[", found.end())
        first = '["Ġ", "t"],' if is_listed else '"Ġ t",'
        content = content[: found.end()] + first + content[found.end() :]
    return Tokenizer.from_str(content)
