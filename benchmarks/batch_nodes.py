"""Two nodes of a Ray cluster as separate processes of this machine, one of which can be killed (Linux)."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

_OBJECTS = 100 * 1024 * 1024
"""Bytes of a node's object store; recordings don't go through it."""
_PATIENCE_S = 120.0
_RAY = str(Path(sys.executable).with_name("ray"))


class Node:
    """A node, with all its processes."""

    def __init__(self, *options: str, environment: Mapping[str, str]) -> None:
        """Start it.

        Args:
            options: of `ray start`.
            environment: holds the token that the nodes know each other by.

        """
        command = [
            _RAY,
            *("start", *options),
            *("--num-cpus", "1"),
            *("--object-store-memory", str(_OBJECTS)),
            "--disable-usage-stats",
            "--block",
        ]
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def runs(self) -> bool:
        """Tell whether it runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill all its processes at once."""
        for process in [self._process.pid, *descendants(self._process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()


class Cluster:
    """A head and a worker node; one processor each."""

    def __init__(self) -> None:
        """Start both."""
        self.environment = {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(32),
            # On a busy machine Ray's patience with its own parts ends too early.
            "RAY_agent_register_timeout_ms": "300000",
        }
        """For the nodes, and for who wants to use them."""
        port = _free_port()
        self.address = f"127.0.0.1:{port}"
        self.worker: Node | None = None
        options = ("--head", "--port", str(port), "--include-dashboard", "false")
        self.head = Node(*options, environment=self.environment)
        self._wait_for(port)
        self._wait_for_nodes(1)
        self.worker = self.join()
        self._wait_for_nodes(2)

    def join(self) -> Node:
        """Start a node that joins."""
        return Node("--address", self.address, environment=self.environment)

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill what still runs."""
        for node in (self.worker, self.head):
            if node and node.runs:
                node.kill()

    def _wait_for_nodes(self, count: int) -> None:
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            said = subprocess.run(
                [_RAY, "status", "--address", self.address],
                env={**os.environ, **self.environment},
                capture_output=True,
                text=True,
                check=False,
            ).stdout
            if len(re.findall(r"^ 1 node_", said, re.MULTILINE)) >= count:
                return
            time.sleep(1.0)
        self.__exit__()
        raise TimeoutError(f"The cluster has no {count} nodes.")

    def _wait_for(self, port: int) -> None:
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1.0):
                return
            time.sleep(0.2)
        self.head.kill()
        raise TimeoutError("The head of the cluster does not answer.")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def descendants(process: int) -> list[int]:
    """Return the children of a process, and theirs."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError, ValueError):  # it ended meanwhile
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))

    def below(one: int) -> Iterator[int]:
        for child in children.get(one, []):
            yield child
            yield from below(child)

    return list(below(process))
