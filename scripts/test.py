"""`make test`: the whole suite on every database that answers, then what was left out.

SQLite always; PostgreSQL when DATABASE_URL, else the usual local one, answers; the
browser tests when a Chromium is found. REQUIRE_ALL=1 (as .ci/run gives) makes
anything left out, or a different number of tests per database, a failure.
Arguments go to pytest.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET  # our own junit file is read, nobody else's
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
CHECKOUT = f"{zlib.crc32(str(BASE_DIR).encode()):08x}"
USUAL = [
    "postgres://postgres@127.0.0.1:5432/postgres",
    "postgres://root@127.0.0.1:5432/postgres",
]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


@dataclass
class Result:
    """What one run of the suite on one database did."""

    database: str
    status: int
    seconds: float
    ran: set[str] = field(default_factory=set)
    skipped: dict[str, str] = field(default_factory=dict)


def postgres() -> str | None:
    """Give the URL of a PostgreSQL that answers and may make databases."""
    given = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    urls = [given] if given.startswith(("postgres://", "postgresql://")) else USUAL
    for url in urls:
        try:
            with psycopg.connect(url, connect_timeout=3, autocommit=True) as connection:
                may = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles"
                    " WHERE rolname = current_user"
                ).fetchone()
                if may and may[0]:
                    drop_left_behind(connection)
                    return url
        except psycopg.Error:
            continue
    return None


def alive(run: str) -> bool:
    """Say whether the process a test database is named after still runs."""
    found = re.match(rf"test_clinic_{CHECKOUT}_(\d+)", run)
    if not found:
        return True
    try:
        os.kill(int(found[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def drop_left_behind(connection: psycopg.Connection) -> None:
    """Drop the databases of earlier runs of this checkout that were killed."""
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s",
        [f"test\\_clinic\\_{CHECKOUT}\\_%"],
    )
    for (name,) in rows.fetchall():
        if not alive(name):
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
            )


def remove_left_behind() -> None:
    """Remove the SQLite files of such runs."""
    for path in VAR_DIR.glob(f"test_clinic_{CHECKOUT}_*"):
        if not alive(path.name):
            path.unlink(missing_ok=True)


def browser() -> str | None:
    """Give the path of a Chromium, CHROMIUM's first."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    return next(filter(None, map(shutil.which, names)), None)


def read(report: Path, result: Result) -> None:
    """Take from the report which tests ran, and which were skipped and why."""
    if not report.exists():
        return
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 -- written by our pytest just now
        name = f"{case.get('classname')}::{case.get('name')}"
        skip = case.find("skipped")
        if skip is None:
            result.ran.add(name)
        else:
            result.skipped[name] = skip.get("message") or "no reason given"


def run(
    database: str, url: str, chromium: str | None, arguments: list[str], share: str
) -> Result:
    """Run the suite on one database; `share` is its part of what runs divide."""
    report = VAR_DIR / f"tests-{database}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}"]
    command += ["-n", "auto", "--dist", "loadgroup"]
    if not chromium:
        command += ["-m", "not browser"]
    environment = {**os.environ, "TEST_DATABASE_URL": url, "CHROMIUM": chromium or ""}
    environment["TEST_SHARE"] = share  # see tests/shares.py
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment.pop("TEST_RUN", None)
    print(f"\n== {database} ==", flush=True)
    began = time.monotonic()
    done = subprocess.run(
        [*command, *arguments], cwd=BASE_DIR, env=environment, check=False
    )
    result = Result(database, done.returncode, time.monotonic() - began)
    read(report, result)
    return result


def left_out(results: list[Result], chromium: str | None) -> list[str]:
    """Say in sentences what did not run, each with the command that adds it."""
    lines = []
    if len(results) == 1:
        lines.append(
            "PostgreSQL: none answered. To add it: "
            "DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/postgres make test"
            "   (or .ci/run, on Debian)"
        )
    if not chromium:
        lines.append(
            "Browser tests: no Chromium found. To add them: "
            "apt-get install chromium && make test   (or CHROMIUM=/path/to/it make test)"
        )
    for result in results:
        lines += [
            f"{result.database}: {name} skipped: {reason}"
            for name, reason in sorted(result.skipped.items())
        ]
    return lines


def differences(results: list[Result]) -> list[str]:
    """Say which tests one database ran and the other did not."""
    if len(results) < 2:
        return []
    first, second = results
    lines = [
        f"ran on {result.database} only: {name}"
        for result, other in ((first, second), (second, first))
        for name in sorted(result.ran - other.ran)
    ]
    return lines[:20]


def main() -> int:
    VAR_DIR.mkdir(exist_ok=True)
    remove_left_behind()
    arguments = sys.argv[1:]
    chromium = browser()
    url = postgres()
    databases = {"sqlite": "sqlite:///var/tests.sqlite3"}
    if url:
        databases["postgresql"] = url
    results = [
        run(name, where, chromium, arguments, f"{number}/{len(databases)}")
        for number, (name, where) in enumerate(databases.items(), 1)
    ]

    print("\n== result ==")
    for result in results:
        word = "passed" if result.status == 0 else f"FAILED (pytest {result.status})"
        print(
            f"{result.database:10} {len(result.ran):5} tests, {result.seconds:4.0f} s, {word}"
        )
    differing = differences(results)
    missing = left_out(results, chromium)
    for line in differing:
        print(f"DIFFERS: {line}")
    for line in missing:
        print(f"LEFT OUT: {line}")
    if not missing:
        print("Nothing was left out.")
    failed = any(result.status for result in results) or bool(differing)
    required = os.environ.get("REQUIRE_ALL") == "1"
    if required and missing:
        print("FAILED: REQUIRE_ALL=1, and something was left out.")
    return 1 if failed or (required and missing) else 0


if __name__ == "__main__":
    sys.exit(main())
