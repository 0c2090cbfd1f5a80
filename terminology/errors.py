"""Errors of the terminology that a person can do something about."""


class TerminologyError(Exception):
    """Root of all expected errors; the message says what failed, on what, and what to do."""

    exit_code = 1
