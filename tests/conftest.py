"""Fixtures every folder may use: a browser, and the environment of child processes.

Signed-in clients and rows live with factories.py, not here.
"""

import os
import shutil
import sys

import pytest
from django.core.cache import cache
from django.db import connection
from django.middleware import csrf

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End what a browser's open connection or a killed child left, so the database can go."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(scope="session", autouse=True)
def _tokens_hold_no_words():
    """A form's random token held the name "Sage" once, which a page was not to show."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csrf, "CSRF_ALLOWED_CHARS", "bcdfghjkmnpqrstvwxz")
        yield


@pytest.fixture(autouse=True)
def _no_rates_left_over(request):
    """Count attempts from nothing: the cache is rolled back only in a transaction."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    ):
        with request.getfixturevalue("django_db_blocker").unblock():
            cache.clear()


@pytest.fixture
def child_environment(transactional_db):
    """Give the environment in which a child process joins this test's database."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{settings['NAME']}"
    else:
        password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
        url = (
            f"postgres://{settings['USER']}{password}"
            f"@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
        )
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "CHILD_DATABASE_URL": url,
    }


@pytest.fixture(scope="session")
def chromium():
    """Start the system's Chromium; nothing it does leaves this machine."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    path = next(filter(None, map(shutil.which, names)), None)
    if not path:
        pytest.skip("no Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- slow import

    # Playwright's loop runs in this thread, where Django then refuses to query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--host-resolver-rules="
                "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium, live_server):
    """Give a function that opens a browser page; console errors fail the test."""
    complaints = []
    contexts = []

    def open_page(**options):
        context = chromium.new_context(
            base_url=live_server.url,
            **{
                "viewport": {"width": 1280, "height": 900},
                "reduced_motion": "reduce",  # a colour on its way is not the colour
                **options,
            },
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and complaints.append(f"{page.url}: {message.text}")
            ),
        )
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    open_page.complaints = complaints
    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page):
    """Give a browser page of 1280 by 900."""
    return new_page()


@pytest.fixture(scope="session")
def python():
    """Give the interpreter for child processes."""
    return sys.executable
