"""A kept connection is used again only while the server has not hung up."""

import socket
from types import SimpleNamespace

import pytest

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


def test_nor_is_a_connection_that_was_closed_or_never_made(line):
    wrapper, _ = line
    wrapper.connection.closed = True
    assert not wrapper.is_usable()
    wrapper.connection = None
    assert not wrapper.is_usable()
