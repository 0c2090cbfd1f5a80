"""Every error of the application that a person can do something about.

One root, `DictateError`; the message says what failed, on what, and what to do. Caught only in the command
line and in the terminal app. No message holds transcript text, a name or a CPR number.
"""


class DictateError(Exception):
    """Root of all expected errors; `exit_code` is what the command line returns."""

    exit_code = 1


class AudioError(DictateError):
    """A recording could not be read as sound."""


class TranscriptionError(DictateError):
    """The recogniser could not be loaded or run."""


class DraftError(DictateError):
    """A draft file does not hold what the contract asks for."""


class NotSignedError(DictateError):
    """An export was asked for entries that no person has signed."""


class ExportError(DictateError):
    """Entries could not be written in the asked format."""


class OutputError(DictateError):
    """A result could not be written where it was asked to be."""


class ConfigError(DictateError):
    """A setting has a value that can't be used."""


class MasterKeyError(DictateError):
    """The master key is not there, can't be read, or must not be used as it lies there."""


class WrongPassphraseError(MasterKeyError):
    """Another passphrase opens the key; the person may type it again."""


class StoreError(DictateError):
    """The store could not be opened, read or written."""


class SignedAlreadyError(StoreError):
    """What is signed is not changed: it is amended or withdrawn."""


class JournalError(DictateError):
    """The sound of a recording could not be written or read back."""


class AuditError(DictateError):
    """The access log is not as it was written."""


class BackupError(DictateError):
    """A backup could not be made, read or restored."""
