"""Two web server processes, and thirty-two clients that act at one moment."""

import statistics

import pytest

from tests.races import clinic as clinics
from tests.races.answers import TOOK
from tests.races.processes import crowd, gunicorn

CLIENTS = 32


@pytest.fixture
def clinic(transactional_db):
    """A small clinic, with a patient for every client."""
    return clinics.make(CLIENTS)


@pytest.fixture
def port(clinic, child_environment):
    """The port of the web server."""
    with gunicorn(child_environment) as port:
        yield port


@pytest.fixture
def clients(child_environment):
    with crowd("tests.races.client", CLIENTS, child_environment) as clients:
        yield clients


@pytest.fixture
def post(port, clients):
    """A function that posts forms, all at one moment, each to its path."""

    def at_once(paths, forms, sessions):
        told = zip(paths, forms, sessions, strict=True)
        return clients.at_once(
            [
                {"port": port, "path": path, "form": form, "session": session}
                for path, form, session in told
            ]
        )

    return at_once


def pytest_terminal_summary(terminalreporter):
    """Say how long those waited who raced; with several test processes each knows less."""
    if len(TOOK) > 1:
        middle, last = statistics.median(TOOK), statistics.quantiles(TOOK, n=100)[98]
        terminalreporter.write_line(
            f"{len(TOOK)} answers to races: median {middle:.2f} s, p99 {last:.2f} s, "
            f"longest {max(TOOK):.2f} s"
        )
