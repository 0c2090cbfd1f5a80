"""The terminal application: Textual only, above `dictate`."""
