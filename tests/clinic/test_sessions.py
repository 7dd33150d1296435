"""A session is there while it is good, and by no other key."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from clinic.sessions import SessionStore
from tests import factories

DESK = "/desk/"


@pytest.fixture
def desk(client, db):
    client.force_login(factories.FrontDeskUserFactory())
    return client


def ends(when):
    Session.objects.update(expire_date=timezone.now() + when)


def test_what_was_kept_is_found_again(db):
    kept = SessionStore()
    kept["seen"] = "ä"
    kept.save()

    assert SessionStore(kept.session_key)["seen"] == "ä"
    assert "seen" not in SessionStore("a" * 32)


def test_a_session_that_is_over_is_nobodys(desk):
    ends(timedelta(seconds=60))
    assert desk.get(DESK).status_code == 200
    ends(timedelta(seconds=-1))

    answer = desk.get(DESK)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_who_signed_out_elsewhere_is_out_at_once(desk):
    Session.objects.all().delete()

    assert desk.get(DESK).status_code == 302


@pytest.mark.parametrize("key", ["", "x", "'; --", "ä" * 40, "a" * 5000])
def test_any_other_cookie_is_nobodys(desk, key):
    desk.cookies["sessionid"] = key

    assert desk.get(DESK).status_code == 302
