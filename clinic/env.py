"""What settings.py asks of the environment. Refuses nonsense with a sentence.

Standard library only, so that it can be tested and used before Django starts.
"""

import os
from pathlib import Path


class Refused(SystemExit):
    """The environment does not allow a start; the sentence says what to do."""

    def __init__(self, sentence: str):
        super().__init__(f"The clinic does not start: {sentence}")


def secret_key(given: str, *, debug: bool) -> str:
    """Give the key that signs sessions and links, or refuse to start without it."""
    if given:
        if not debug and (len(given) < 50 or len(set(given)) < 5):
            raise Refused("SECRET_KEY is too short; use 50 random characters or more.")
        return given
    if debug:
        return "only-for-debugging-and-tests-" + "0123456789" * 4
    raise Refused(
        "SECRET_KEY is missing. Set it in the environment or in .env, to 50 random "
        "characters or more (python3 -c 'import secrets; print(secrets.token_urlsafe(50))')"
        ", or set DEBUG=true on your own machine."
    )


def journal_mode(version: tuple[int, int, int]) -> str:
    """Give WAL where SQLite no longer loses commits at a WAL reset, else DELETE.

    The race was in 3.7.0 to 3.51.2; two older lines were mended as well.
    """
    mended = (
        (3, 44, 6) <= version < (3, 45, 0)
        or (3, 50, 7) <= version < (3, 51, 0)
        or version >= (3, 51, 3)
    )
    return "WAL" if mended else "DELETE"


def sqlite_options(version: tuple[int, int, int]) -> dict[str, object]:
    """Give the connection options under which writers queue and commits last."""
    return {
        # Take the write lock at BEGIN: with DEFERRED the timeout is ignored when a
        # reader turns writer, and most competing bookings end in "locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={journal_mode(version)}; PRAGMA synchronous=FULL;"
        ),
    }


LOCAL = ("localhost", "127.0.0.1", "[::1]")
# Seconds until a silent line is asked, between asking again, and times; and in all,
# in thousandths, that what was sent may stay unanswered.
WATCHED = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
PREPARED_AFTER = 5  # times that a connection was asked the same


def postgres_options(given: dict[str, object]) -> dict[str, object]:
    """Give the connection options of DATABASE_URL, and that questions stay small.

    A search reads some hundred rows of a table that grows: starting other processes
    for it, or compiling it, takes several times as long as the search itself. What is
    asked often is planned once for each connection: a booking takes a fifth less. Of a
    server that vanished without a word the system hears within half a minute.
    """
    small = "-c max_parallel_workers_per_gather=0 -c jit=off"
    return {
        "server_side_binding": True,
        "prepare_threshold": PREPARED_AFTER,
        **WATCHED,
        **given,
        "options": f"{small} {given.get('options', '')}".strip(),
    }


def site_url(hosts: list[str], *, https: bool, port: str) -> str:
    """Give the address of the first host that is one, else that of this machine.

    Nobody stands in front of this machine, so that its port belongs to its address.
    """
    names = [host.lstrip(".") for host in hosts if host.strip(".*")]
    first = names[0] if names else "127.0.0.1"
    if first in LOCAL:
        return f"http://{first}:{port}"
    return f"{'https' if https else 'http'}://{first}"


def made(folder: Path) -> Path:
    """Give the folder, making it first where it can be made."""
    if os.access(folder.parent, os.W_OK) or folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
    return folder
