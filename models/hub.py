"""Fetch single files from a model hub, resumably; the only importer of `huggingface_hub`.

Nothing is sent but the request for a file: telemetry is off, and a stored access token goes to the hub itself
and never to a mirror.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelMissingError, ModelStoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a repository holds at one commit."""

    revision: str
    """40 hex digits."""
    files: tuple[str, ...]


class Hub:
    """A hub or its mirror."""

    def __init__(self, mirror: str | None = None) -> None:
        """Choose where to fetch from.

        Args:
            mirror: address of a server that answers as the hub does; the hub itself by default.

        """
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        os.environ.setdefault("HF_HUB_VERBOSITY", "error")
        self._mirror = mirror.rstrip("/") if mirror else None

    @property
    def _token(self) -> bool | None:
        return False if self._mirror else None

    def listing(self, repository: str, revision: str | None) -> Listing:
        """List the files of a repository.

        Args:
            repository: owner/name.
            revision: a commit; the newest by default.

        Raises:
            ModelMissingError: no such repository or commit, or it may not be read without an account.
            ModelStoreError: the hub can't be reached or does not answer as it should.

        """
        from huggingface_hub import HfApi  # noqa: PLC0415 - slow to import

        with _told(repository, self._mirror):
            info = HfApi(endpoint=self._mirror, token=self._token).model_info(
                repository, revision=revision, timeout=30
            )
        return Listing(
            revision=info.sha or "",
            files=tuple(sibling.rfilename for sibling in info.siblings or ()),
        )

    def fetch(self, repository: str, revision: str, file: str, folder: Path) -> Path:
        """Fetch one file into a folder; what came before an interruption is kept and continued.

        Raises:
            ModelMissingError: as `listing`, or no such file.
            ModelStoreError: as `listing`, or the folder does not take the file.

        """
        from huggingface_hub import hf_hub_download  # noqa: PLC0415 - slow to import

        with _told(repository, self._mirror):
            return Path(
                hf_hub_download(
                    repository,
                    file,
                    revision=revision,
                    local_dir=folder,
                    endpoint=self._mirror,
                    token=self._token,
                )
            )


@contextmanager
def _told(repository: str, mirror: str | None) -> Iterator[None]:
    """Turn the library's errors into ours: one sentence with what to do."""
    import httpx  # noqa: PLC0415 - comes with the hub's library
    from huggingface_hub import errors  # noqa: PLC0415 - slow to import

    where = mirror or "the model hub"
    again = "What came is kept: run the same command again to go on."
    try:
        yield
    except errors.GatedRepoError as error:
        raise ModelMissingError(
            f"{repository} is only given out to accounts that accepted its terms. Accept them on its page, "
            "sign in with `hf auth login`, and try again."
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise ModelMissingError(
            f"{where} has no repository {repository}, or it is private. Check the name."
        ) from error
    except (errors.RevisionNotFoundError, errors.RemoteEntryNotFoundError) as error:
        raise ModelMissingError(
            f"{repository} at {where} lacks the pinned commit or one of its files. The repository may have "
            "been rewritten: don't use it before somebody looked into that."
        ) from error
    except errors.OfflineModeIsEnabled as error:
        raise ModelStoreError(
            "Nothing was fetched: HF_HUB_OFFLINE is set. Unset it, or give the files with --from-dir."
        ) from error
    except errors.HfHubHTTPError as error:
        code = error.response.status_code
        wait = "It asks for patience: wait some minutes. " if code == 429 else ""  # noqa: PLR2004 - too many requests
        raise ModelStoreError(f"{where} answered {code} for {repository}. {wait}{again}") from error
    except (errors.LocalEntryNotFoundError, httpx.HTTPError) as error:
        raise ModelStoreError(
            f"Cannot reach {where} for {repository}. Check the network, or give --mirror or --from-dir. "
            f"{again}"
        ) from error
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise ModelStoreError(
            f"Cannot store the files of {repository}: {reason}. Make room, or choose another --cache-dir. "
            f"{again}"
        ) from error
