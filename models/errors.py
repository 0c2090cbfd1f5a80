"""Errors of the speech-model files that a person can do something about."""


class ModelError(Exception):
    """Root of all expected errors; the message says what failed, on what, and what to do."""

    exit_code = 1


class UnknownModelError(ModelError):
    """No model of that name is in the catalogue."""


class ModelMissingError(ModelError):
    """The model's files are not on this machine."""


class ModelDamagedError(ModelError):
    """A file is not the one the catalogue pins; names file, expected and found hash."""


class ModelStoreError(ModelError):
    """The cache folder does not take the model: read-only, full, or held by another process."""
