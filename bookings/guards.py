"""What the database itself refuses, and the stamp it keeps: constraints and triggers.

Installed after every migrate, because a table rebuild on SQLite drops triggers
without a word; the application refuses to start where one is missing.
"""

from typing import Any
from uuid import uuid4

from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import OperationalError, ProgrammingError

from bookings.models import Claim, RulebookStamp
from bookings.rulebook import SHOWN, SOURCES

# Whose time a claim takes.
KEYS = ("practitioner", "room", "device", "patient")
LONGEST = round(Claim.LONGEST.total_seconds())
TOO_LONG = "bookings_claim_too_long"
STAMP = RulebookStamp._meta.db_table
CLAIM = Claim._meta.db_table


def overlap_name(key: str) -> str:
    """The name by which a refusal of the database tells whose time was taken."""
    return f"bookings_claim_no_overlap_{key}"


def _sqlite() -> dict[str, str]:
    guards = {}
    for key in KEYS:
        for event in ("insert", "update"):
            name = f"{overlap_name(key)}_{event}"
            guards[name] = f"""
                CREATE TRIGGER {name} BEFORE {event.upper()} ON {CLAIM}
                WHEN NEW.{key}_id IS NOT NULL BEGIN
                    SELECT RAISE(ABORT, '{overlap_name(key)}') WHERE EXISTS (
                        SELECT 1 FROM {CLAIM} AS taken
                        WHERE taken.{key}_id = NEW.{key}_id
                        AND taken.ends_at > NEW.starts_at
                        AND taken.starts_at < NEW.ends_at
                        AND taken.id IS NOT NEW.id);
                END"""  # noqa: S608 -- names of our own tables only
    for event in ("insert", "update"):
        name = f"{TOO_LONG}_{event}"
        guards[name] = f"""
            CREATE TRIGGER {name} BEFORE {event.upper()} ON {CLAIM}
            WHEN STRFTIME('%s', NEW.ends_at) - STRFTIME('%s', NEW.starts_at) > {LONGEST}
            BEGIN SELECT RAISE(ABORT, '{TOO_LONG}'); END"""
    for table in _tables():
        for event in ("insert", "update", "delete"):
            name = f"stamp_{table}_{event}"
            guards[name] = f"""
                CREATE TRIGGER {name} AFTER {event.upper()} ON {table} BEGIN
                    INSERT OR REPLACE INTO {STAMP} (id, stamp)
                    VALUES (1, hex(randomblob(16)));
                END"""  # noqa: S608 -- names of our own tables only
    return guards


def _postgresql() -> dict[str, str]:
    guards = {}
    for key in KEYS:
        name = overlap_name(key)
        guards[name] = f"""
            ALTER TABLE {CLAIM} ADD CONSTRAINT {name} EXCLUDE USING gist (
                {key}_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&
            ) WHERE ({key}_id IS NOT NULL)"""
    guards[TOO_LONG] = f"""
        ALTER TABLE {CLAIM} ADD CONSTRAINT {TOO_LONG} CHECK (
            ends_at - starts_at <= INTERVAL '{LONGEST} seconds')"""
    for table in _tables():
        name = f"stamp_{table}"
        guards[name] = f"""
            CREATE TRIGGER {name}
            AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION bookings_stamp()"""
    return guards


POSTGRESQL_FIRST = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"""
    CREATE OR REPLACE FUNCTION bookings_stamp() RETURNS trigger AS $$
    BEGIN
        INSERT INTO {STAMP} (id, stamp) VALUES (1, gen_random_uuid()::text)
        ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp;
        RETURN NULL;
    END $$ LANGUAGE plpgsql""",  # noqa: S608 -- names of our own tables only
)
PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger UNION SELECT conname FROM pg_constraint",
}


def _tables() -> list[str]:
    return [model._meta.db_table for model in (*SOURCES, *SHOWN)]


def expected(vendor: str) -> dict[str, str]:
    """The SQL of every guard by its name."""
    return _sqlite() if vendor == "sqlite" else _postgresql()


def missing(connection: Any) -> list[str]:
    """The names of the guards that the database does not have."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    # PostgreSQL cuts names after 63 bytes.
    return [name for name in expected(connection.vendor) if name[:63] not in there]


def install(connection: Any) -> None:
    """Put every missing guard in place."""
    guards = expected(connection.vendor)
    absent = missing(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and absent:
            for sql in POSTGRESQL_FIRST:
                cursor.execute(sql)
        for name in absent:
            cursor.execute(guards[name])
        if absent:
            _restamp(cursor)


def _restamp(cursor: Any) -> None:
    """A change made while a trigger was missing left the stamp as it was."""
    cursor.execute(f"DELETE FROM {STAMP}")  # noqa: S608 -- a table of our own
    row = f"INSERT INTO {STAMP} (id, stamp) VALUES (1, %s)"  # noqa: S608 -- the same
    cursor.execute(row, [uuid4().hex])


def install_after_migrate(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    connection = connections[using]
    tables = connection.introspection.table_names()
    if {CLAIM, STAMP, *_tables()} <= set(tables):
        install(connection)


def check_guards(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Refuse to start where a guard is missing."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        try:
            absent = missing(connections[alias])
        except (OperationalError, ProgrammingError) as problem:
            hint = "Is DATABASE_URL right, and does the server run?"
            text = f"The database does not answer: {problem}"
            found.append(Error(text, hint=hint, id="bookings.E002"))
            continue
        if absent:
            names = ", ".join(sorted(absent)[:4])
            found.append(
                Error(
                    f"The database lacks {len(absent)} guards, such as {names}.",
                    hint="Run `python manage.py migrate`, which puts them in place.",
                    id="bookings.E001",
                )
            )
    return found
