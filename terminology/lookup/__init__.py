"""Finding official terms in text, among any number: `build` compiles them to a file, `Lookup` reads it."""

from terminology.lookup.build import build
from terminology.lookup.index import Lookup
from terminology.lookup.terms import LookupOptions, TermMatch, TermMention

__all__ = ["Lookup", "LookupOptions", "TermMatch", "TermMention", "build"]
