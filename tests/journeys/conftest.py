"""The street, and people who are signed in on it."""

import pytest
import time_machine
from django.test import Client

from tests import street
from tests.journeys.hands import hand

__all__ = ["hand"]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(street.NOW, tick=True):
        yield


@pytest.fixture
def town(live_server):
    return street.build()


@pytest.fixture
def page_of(new_page, town, live_server):
    """Give a function that opens a page on which somebody has signed in already."""

    def open_page(actor, **options):
        page = new_page(**options)
        if actor != "anonymous":
            client = Client()
            client.force_login(town.users[actor])
            cookies = [
                {"name": name, "value": cookie.value, "url": live_server.url}
                for name, cookie in client.cookies.items()
            ]
            page.context.add_cookies(cookies)
        return page

    return open_page
