"""Hand over by SFTP: written beside its place, then renamed; only to a host whose key is known."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dictate.delivery.parcel import DELIVERED, Answer, Outcome, Parcel
from dictate.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpTarget:
    """A folder on another machine."""

    name: str
    host: str
    user: str
    folder: str
    known_hosts: Path
    """Must name the host's key; an unknown host gets nothing."""
    key: Path
    port: int = 22
    timeout: float = 60.0
    """Seconds for the whole attempt."""

    def __post_init__(self) -> None:
        """Refuse to run without knowing whom we talk to."""
        for file, what in ((self.known_hosts, "known_hosts"), (self.key, "key")):
            if not file.is_file():
                raise ConfigError(f'Target "{self.name}": {what} is missing ({file}). Name the file.')

    def send(self, parcel: Parcel) -> Answer:
        """Upload the parcel under its own name, so a repetition replaces itself."""
        import asyncssh  # noqa: PLC0415 - slow to import, and only needed here

        try:
            asyncio.run(asyncio.wait_for(self._upload(parcel), self.timeout))
        except asyncssh.HostKeyNotVerifiable:
            return Answer(outcome=Outcome.DOWN, why="the host's key is not the known one")
        except asyncssh.PermissionDenied:
            return Answer(outcome=Outcome.DOWN, why="the host doesn't let us in")
        except asyncssh.SFTPError as error:
            return Answer(outcome=Outcome.DOWN, why=f"the folder takes no file ({type(error).__name__})")
        except (OSError, TimeoutError, asyncssh.Error) as error:
            return Answer(outcome=Outcome.DOWN, why=f"no connection ({type(error).__name__})")
        return DELIVERED

    async def _upload(self, parcel: Parcel) -> None:
        import asyncssh  # noqa: PLC0415 - as above

        place = PurePosixPath(self.folder) / parcel.filename
        part = place.with_name(f".{place.name}.part")
        async with (
            asyncssh.connect(
                self.host,
                port=self.port,
                username=self.user,
                client_keys=[str(self.key)],
                known_hosts=str(self.known_hosts),
                config=None,
                agent_path=None,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            async with sftp.open(str(part), "wb") as file:
                await file.write(parcel.content)
                with suppress(asyncssh.SFTPOpUnsupported):
                    await file.fsync()
            try:
                await sftp.posix_rename(str(part), str(place))
            except asyncssh.SFTPOpUnsupported:
                # Without POSIX renaming a name that is taken is refused; ours can only be ours.
                with suppress(asyncssh.SFTPNoSuchFile):
                    await sftp.remove(str(place))
                await sftp.rename(str(part), str(place))
