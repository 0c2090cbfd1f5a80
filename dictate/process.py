"""What a process of this application is not to do."""

import resource


def no_core_dumps() -> None:
    """Keep a crash from writing memory, which holds keys and what was said, to a file.

    Children inherit it. A machine that pipes core dumps to a program must have that program honour the limit,
    as systemd-coredump does; where it doesn't, the site switches it off (docs/deployer.md).
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
