"""A kept connection is used again only while the server has not hung up."""

import socket
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.backends.postgresql import base

from clinic.env import PREPARED_AFTER
from clinic.postgresql.base import DatabaseWrapper


@pytest.fixture
def line():
    """Our end of a connection, the server's end, and what looks at ours."""
    ours, theirs = socket.socketpair()
    wrapper = DatabaseWrapper({"OPTIONS": {}}, "other")
    wrapper.connection = SimpleNamespace(closed=False, fileno=ours.fileno)
    yield wrapper, theirs
    ours.close()
    theirs.close()


def test_a_silent_server_is_there(line):
    wrapper, _ = line

    assert wrapper.is_usable()


def test_a_server_that_hung_up_is_not(line):
    wrapper, theirs = line
    theirs.close()

    assert not wrapper.is_usable()


def test_a_server_that_says_goodbye_is_not(line):
    wrapper, theirs = line
    theirs.send(b"terminating connection")

    assert not wrapper.is_usable()


def test_after_an_error_the_server_is_asked(line, monkeypatch):
    wrapper, _ = line
    asked = []
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda _: asked.append(1))
    wrapper.errors_occurred = True

    wrapper.is_usable()

    assert asked == [1]


def test_nor_is_a_connection_that_was_closed_or_never_made(line):
    wrapper, _ = line
    wrapper.connection.closed = True
    assert not wrapper.is_usable()
    wrapper.connection = None
    assert not wrapper.is_usable()


def rows_of(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_the_database_takes_its_options():
    if connection.vendor != "postgresql":
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    assert rows_of("SHOW jit") == ["off"]
    assert rows_of("SHOW max_parallel_workers_per_gather") == ["0"]


@pytest.mark.django_db
def test_what_is_asked_often_is_planned_once():
    if connection.vendor != "postgresql":
        assert "prepare_threshold" not in connection.settings_dict["OPTIONS"]
        return
    question = "SELECT 'planned once', %s::int"
    for number in range(PREPARED_AFTER + 2):
        with connection.cursor() as cursor:
            cursor.execute(question, [number])

    assert question.replace("%s", "$1") in rows_of(
        "SELECT statement FROM pg_prepared_statements"
    )
