"""Put files into a folder, all of them or none."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from dictate.disk import sync_folder
from dictate.errors import OutputError
from dictate.export.base import ExportBundle


def write_all(folder: Path, bundles: Iterable[ExportBundle]) -> tuple[Path, ...]:
    """Write the bundles into `folder`, made where it is missing; a file of the same name is replaced.

    Everything is written beside its place first and moved there at the end, so a bundle that can't be made, a
    full disk or Ctrl-C leaves the folder as it was.

    Raises:
        OutputError: the folder or the disk doesn't take them.

    """
    try:
        existed = folder.is_dir()
        folder.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=folder, prefix=".export-"))
        try:
            names = []
            for bundle in bundles:
                with (staging / bundle.filename).open("wb") as out:
                    out.write(bundle.content)
                    out.flush()
                    os.fsync(out.fileno())
                names.append(bundle.filename)
            for name in dict.fromkeys(names):
                (staging / name).replace(folder / name)
            with suppress(OSError):  # the files are there: what a folder can't promise is no failure
                sync_folder(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            if not existed and not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"Cannot write into {folder}: {reason}. Choose another folder or make room."
        ) from error
    return tuple(folder / name for name in dict.fromkeys(names))
