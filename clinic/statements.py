"""What a booking writes beside itself, sent to the database at one go."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Model


def insert(*rows: Model) -> None:
    """Insert new rows in their order; those of one model that follow each other, at once.

    They are given no key: a row whose key is read is made by its manager, which words
    its insert each time and waits for it. Raises what the first refusal is, such as
    IntegrityError.
    """
    with _sent_together(), connection.cursor() as cursor:
        for model, some in groupby(rows, type):
            alike = list(some)
            values = [
                field.get_db_prep_save(field.pre_save(row, add=True), connection)
                for row in alike
                for field in _fields(model)
            ]
            cursor.execute(_words(model, len(alike)), values)


@contextmanager
def _sent_together() -> Iterator[None]:
    """Send on without an answer until the end; PostgreSQL does all in their order.

    A refusal comes late, and how many rows were changed is not known: only insert here.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


@lru_cache
def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


@lru_cache(maxsize=256)
def _words(model: type[Model], many: int) -> str:
    quoted = connection.ops.quote_name
    columns = [quoted(field.column) for field in _fields(model)]
    row = f"({', '.join(['%s'] * len(columns))})"
    return (
        f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(columns)})"  # noqa: S608 -- names of our own
        f" VALUES {', '.join([row] * many)}"
    )
