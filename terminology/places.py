"""Where the terminology looks for what belongs to a site, by the XDG rules."""

from pathlib import Path

import platformdirs

APP = "plejediktat"


def overlay_folder() -> Path:
    """Folder of the site's own wordings."""
    return platformdirs.user_config_path(APP) / "terms"


def trusted_keys_folder() -> Path:
    """Folder of the public keys (*.pem) whose releases the site accepts."""
    return platformdirs.user_config_path(APP) / "trusted-keys"


def releases_folder() -> Path:
    """Folder of the releases that the site installed beside the one shipped with the program."""
    return platformdirs.user_data_path(APP) / "terminology"
