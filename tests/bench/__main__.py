"""`python -m tests.bench [--quick] [--peers]`: workload W on every database that answers.

Each database is made for the run and dropped after it. Exits with 0 also when a
ratio is missed (a busy machine misses some), and says MISS. With --peers
django-appointment is measured beside us in the same run.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from scripts.test import postgres
from tests.bench import report
from tests.bench.peer.install import install

ROOT = Path(__file__).resolve().parents[2]
NAME = f"clinic_bench_{os.getpid()}"
PEERS = "`make bench ARGS=--peers` installs it into var/ and measures it beside us"


@contextmanager
def sqlite_database(name: str = NAME) -> Iterator[str]:
    path = ROOT / "var" / f"{name}.sqlite3"
    path.parent.mkdir(exist_ok=True)
    try:
        yield f"sqlite:///{path}"
    finally:
        for made in path.parent.glob(f"{path.name}*"):
            made.unlink()


@contextmanager
def postgresql_database(server: str, name: str = NAME) -> Iterator[str]:
    quoted = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted)
            connection.execute(drop)


def measure(url: str, peer: str, sizes: str, seconds: float) -> dict[str, Any]:
    """Measure one database in a process of its own; beside `peer`, if that is one."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "CHILD_DATABASE_URL": url,
    }
    command = [sys.executable, "-m", "tests.bench.measure", sizes, str(seconds), peer]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE
    ) as child:
        try:
            told, _ = child.communicate()
        except BaseException:
            child.terminate()  # it ends its web server itself
            raise
    if child.returncode:
        sys.exit(f"The bench did not end well on {url.partition(':')[0]}.")
    found: dict[str, Any] = json.loads(told)
    return found


def made(database: Any, name: str) -> Any:
    """Another database of that name, or none."""
    return database(name) if name else nullcontext("")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="S and M only, a minute")
    parser.add_argument("--peers", action="store_true", help="django-appointment too")
    given = parser.parse_args()
    how = ("S,M", 0.5) if given.quick else ("S,M,L", 1.5)
    # A bench that is ended still drops its databases.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The bench was ended."))
    began = time.monotonic()
    results: dict[str, Any] = {}
    if given.peers:
        install()
    beside = f"{NAME}_peer" if given.peers else ""
    with sqlite_database() as url, made(sqlite_database, beside) as peer:
        results["sqlite"] = measure(url, peer, *how)
    server = postgres()
    if server:
        on_server = partial(postgresql_database, server)
        with on_server() as url, made(on_server, beside) as peer:
            results["postgresql"] = measure(url, peer, *how)
    text, missed = report.show(results)
    monday = results["sqlite"]["monday"]
    print(
        f"Workload W; its 28 days begin on the next Monday, {monday}.", text, sep="\n"
    )
    if not server:
        print("\nLEFT OUT: PostgreSQL. None answered; give DATABASE_URL.")
    if not given.peers:
        print(f"\nLEFT OUT: four ratios to django-appointment. {PEERS}.")
    load = os.getloadavg()[0]
    print(
        f"\n{time.monotonic() - began:.0f} s. {missed or 'No'} MISS."
        f" Load of the machine at the end: {load:.1f} (the bench alone makes about 2)."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
