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
    every = [seconds for took in TOOK.values() for seconds in took]
    for race, took in [*TOOK.items(), ("all races", every)]:
        if len(took) > 1:
            last = statistics.quantiles(took, n=100)[98]
            terminalreporter.write_line(
                f"{len(took):6} answers, median {statistics.median(took):.2f} s, "
                f"p99 {last:.2f} s, longest {max(took):.2f} s: {race}"
            )
