"""What is said to the database often: written at one go, or worded once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby, product
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model, QuerySet


class KeyOf:
    """The key, written out, of a row that goes in at the same go (see `insert`).

    For columns that hold a key as text, and are no foreign key.
    """

    def __init__(self, row: Model) -> None:
        self.row = row

    def __str__(self) -> str:
        if self.row.pk is None:
            raise ValueError("A row has no key before it is inserted.")
        return str(self.row.pk)


def insert(*rows: Model, after: Model | None = None) -> None:
    """Insert new rows in their order; those of one model that follow each other, at once.

    They are given no key: a row whose key is read is made by its manager, which words
    its insert each time and waits for it. `after` goes in before them and is given one.
    They may name it while it has none, by a foreign key or a KeyOf. Raises what the
    first refusal is, such as IntegrityError, and ValueError where `after` has a key.
    """
    if after is not None and after.pk is not None:
        raise ValueError("A new row has no key yet.")
    late = connection.vendor == "postgresql"
    with connection.cursor() as first, connection.cursor() as cursor:
        with _sent_together():
            if after is not None:
                _send(first, [after], returning=late)
                if not late:
                    _keep_key(after, first.lastrowid)
            for _, alike in groupby(rows, type):
                _send(cursor, list(alike), named=after)
        if after is not None and late:
            _keep_key(after, *first.fetchone())


def words_of(asked: QuerySet[Any]) -> str:
    """The statement that the ORM makes of a question, for whoever keeps it.

    To word it takes the ORM longer than all the rest of asking.
    """
    words: str = asked.query.sql_with_params()[0]
    return words


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


def _send(
    cursor: Any,
    rows: list[Model],
    *,
    named: Model | None = None,
    returning: bool = False,
) -> None:
    model = type(rows[0])
    here = connections[DEFAULT_DB_ALIAS]  # what `connection` looks up for each use
    marks: list[str] = []
    values: list[Any] = []
    for row, field in product(rows, _fields(model)):
        value = field.pre_save(row, add=True)
        if named is not None and _names(row, field, value, named):
            if named.pk is None:
                marks.append(_last_key(type(named), field))
                continue
            value = named.pk
        marks.append("%s")
        values.append(field.get_db_prep_save(value, here))
    cursor.execute(_words(model, tuple(marks), returning), values)


def _names(row: Model, field: Any, value: Any, named: Model) -> bool:
    """Whether `row` holds the key of `named` in that column."""
    if value is None and field.is_relation:
        return field.get_cached_value(row, None) is named
    return isinstance(value, KeyOf) and value.row is named


@lru_cache
def _last_key(model: type[Model], field: Field) -> str:
    """The key that this connection drew last, as that column holds it."""
    sequence = f"{model._meta.db_table}_{model._meta.pk.column}_seq"
    return f"CAST(currval('{sequence}') AS {field.db_type(connection)})"


def _keep_key(row: Model, key: int) -> None:
    row.pk = key
    row._state.adding, row._state.db = False, connection.alias


@lru_cache
def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


@lru_cache(maxsize=256)
def _words(model: type[Model], marks: tuple[str, ...], returning: bool) -> str:
    """The statement whose columns, row after row, are written like that."""
    quoted, key = connection.ops.quote_name, str(model._meta.pk.column)
    columns = [quoted(field.column) for field in _fields(model)]
    rows = [
        f"({', '.join(marks[at : at + len(columns)])})"
        for at in range(0, len(marks), len(columns))
    ]
    words = (
        f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(columns)})"  # noqa: S608 -- names of our own
        f" VALUES {', '.join(rows)}"
    )
    return f"{words} RETURNING {quoted(key)}" if returning else words
