"""A place, somebody who works there, and the front desk, for the tests of pages."""

import pytest

from tests import factories, worlds


@pytest.fixture
def place(db):
    """Phoenix, with the shipped rules, where one can book at once."""
    worlds.load_shipped()
    return worlds.place("US-AZ", "America/Phoenix", notice_min=0)


@pytest.fixture
def dermatologist(place):
    return worlds.somebody(
        "dermatologist",
        place,
        worlds.licence("dermatologist", "US-AZ"),
        worlds.paper("device_training"),
        slug="dermatologist",
    )


@pytest.fixture
def desk(client, db):
    """The front desk, signed in."""
    client.force_login(factories.FrontDeskUserFactory())
    return client
