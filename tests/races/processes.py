"""Child processes that all act at one moment: clients, and bookings without the web.

Each is told what to do by a line of JSON and answers with one. The moment is one of
the machine's monotonic clock, which all processes share.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HEAD_START = 0.06  # seconds in which every child hears what it is to do
PATIENCE = 60


class Crowd:
    """So many processes of one module."""

    def __init__(self, module: str, size: int, environment: dict[str, str]) -> None:
        self.children = [
            subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(size)
        ]

    def ready(self) -> None:
        for child in self.children:
            assert child.stdout.readline() == "ready\n", "a child did not start"

    def at_once(self, jobs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Give each child its job, all to be begun at one moment; their answers."""
        return together([(self, jobs)])[0]

    def tell(self, jobs: Sequence[dict[str, Any]], moment: float) -> None:
        for child, job in zip(self.children, jobs, strict=False):
            child.stdin.write(json.dumps({**job, "moment": moment}) + "\n")
            child.stdin.flush()

    def hear(self, many: int) -> list[dict[str, Any]]:
        return [json.loads(child.stdout.readline()) for child in self.children[:many]]

    def end(self) -> None:
        for child in self.children:
            child.stdin.close()
        for child in self.children:
            child.wait(PATIENCE)
            child.stdout.close()


def together(
    crowds: Sequence[tuple[Crowd, Sequence[dict[str, Any]]]],
) -> list[list[dict[str, Any]]]:
    """Have several crowds begin their jobs at one moment; the answers of each."""
    moment = time.monotonic() + HEAD_START
    for them, jobs in crowds:
        them.tell(jobs, moment)
    return [them.hear(len(jobs)) for them, jobs in crowds]


@contextmanager
def crowd(module: str, size: int, environment: dict[str, str]) -> Iterator[Crowd]:
    them = Crowd(module, size, environment)
    try:
        them.ready()
        yield them
    finally:
        them.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Port(int):
    """A port, and the process that listens there."""

    pid: int

    def cpu(self) -> float:
        """Seconds of processor that its child processes have used."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        used = 0
        for child in children.read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
        return used / os.sysconf("SC_CLK_TCK")


@contextmanager
def gunicorn(
    environment: dict[str, str], *options: str, **settings: str
) -> Iterator[Port]:
    """The web server as it runs in production, with two processes; gives its port."""
    port = Port(free_port())
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--log-level", "warning", *options],
        cwd=ROOT,
        env={**environment, "PORT": str(port), "WEB_WORKERS": "2", **settings},
    )
    try:
        until_open(server, f"http://127.0.0.1:{port}/healthz/")
        port.pid = server.pid
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE)


def until_open(server: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert server.poll() is None, "the web server ended"
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 -- our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(address)


def rounds(usual: int) -> int:
    return int(os.environ.get("RACE_ROUNDS") or usual)
