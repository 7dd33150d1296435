"""One writer at a time on SQLite.

SQLite has no queue: writers that find it locked sleep and try again, and some wait
for seconds. Here they stand in line, threads on a lock and processes on a file
beside the database. On PostgreSQL row locks do this and nothing happens here.
"""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

_threads = threading.Lock()


@contextmanager
def in_line() -> Iterator[None]:
    """Hold the only place at the turnstile until the block ends."""
    path = _file()
    if path is None or connection.in_atomic_block:
        yield
        return
    with _threads, path.open("a") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        yield


def _file() -> Path | None:
    if connection.vendor != "sqlite":
        return None
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        return None
    return Path(f"{name}.line")
