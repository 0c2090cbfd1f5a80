"""Which speech model is used where none is named."""

from models.errors import ModelStoreError
from models.registry import own_folder, spec

DEFAULT = "whisper-base"


def current() -> str:
    """Return the name of the chosen model; the embedded one where none was chosen."""
    try:
        return (own_folder() / "chosen").read_text("utf-8").strip() or DEFAULT
    except (OSError, UnicodeDecodeError):
        return DEFAULT


def choose(name: str) -> None:
    """Use a model from now on.

    Raises:
        UnknownModelError: there is none of that name.
        ModelStoreError: the choice can't be written.

    """
    spec(name)
    path = own_folder() / "chosen"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name + "\n", "utf-8")
    except OSError as error:
        raise ModelStoreError(
            f"Cannot write {path}: {error.strerror or error}. Check its permissions."
        ) from error
