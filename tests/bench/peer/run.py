"""Starts what its own Python runs: what fills its database, and its web server."""

import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tests.bench.peer.install import PYTHON, ROOT
from tests.races import processes
from tests.races.processes import Port

CONFIGURED = "tests/bench/peer/gunicorn.conf.py"


def environment(url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.bench.peer.settings",
        "PEER_DATABASE_URL": url,
    }


def filled(url: str, lines: Iterable[str]) -> dict[str, Any]:
    """Write what the lines say into its database; the keys of what was made."""
    told = "\n".join(lines)
    done = subprocess.run(
        [PYTHON, "-m", "tests.bench.peer.fill"],
        cwd=ROOT,
        env=environment(url),
        input=told,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


@contextmanager
def served(url: str, now: datetime) -> Iterator[Port]:
    """Its web server, to which it is `now`; what it logs of every booking goes nowhere."""
    port = Port(processes.free_port())
    server = subprocess.Popen(
        [PYTHON, "-m", "gunicorn", "--config", CONFIGURED],
        cwd=ROOT,
        env={**environment(url), "PORT": str(port), "PEER_NOW": now.isoformat()},
        stdout=subprocess.DEVNULL,
    )
    try:
        processes.until_open(server, f"http://127.0.0.1:{port}/healthz/")
        port.pid = server.pid
        yield port
    finally:
        server.terminate()
        server.wait(processes.PATIENCE)
