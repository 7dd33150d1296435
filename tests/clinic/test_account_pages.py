"""Signing in and up, passwords and addresses: our words, each said once."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from tests import factories, worlds
from tests.clinic.test_views import NEW
from tests.worlds import MONDAY_10

pytestmark = pytest.mark.django_db
PASSWORD = "needle in a haystack"
SUMMARY = 'role="alert" tabindex="-1" autofocus'


@pytest.fixture
def owner(client):
    user = factories.PatientFactory().user
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    return client


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_who_signs_up_is_told_each_thing_once(client):
    page = client.post("/accounts/signup/", NEW, follow=True)
    assert page.content.decode().count("ada@example.com") == 1

    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[0].body, re.M)[1]
    done = client.post(reverse("account_email_verification_sent"), {"code": code})

    assert said(done) == ["You are signed in as ada@example.com."]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/accounts/login/", {"login": "nobody@example.com", "password": "x"}),
        ("/accounts/login/", {}),
        ("/accounts/signup/", {"email": "nobody"}),
        ("/accounts/password/reset/", {"email": "nobody"}),
    ],
)
def test_what_to_mend_stands_above_and_has_the_focus(client, path, sent):
    html = client.post(path, sent).content.decode()

    assert html.count(SUMMARY) == 1
    assert html.count("alert-danger") == 1


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/accounts/password/change/", {"oldpassword": "wrong"}),
        ("/accounts/email/", {"email": "nobody", "action_add": ""}),
        ("/me/", {"given_name": ""}),
    ],
)
def test_what_to_mend_in_an_account_has_the_focus(owner, path, sent):
    html = owner.post(path, sent).content.decode()

    assert html.count(SUMMARY) == 1
    assert html.count("alert-danger") == 1


def test_patients_find_their_details_beside_signing_out(client, owner):
    assert 'href="/me/">My details</a>' in owner.get("/appointments/").content.decode()

    client.force_login(factories.FrontDeskUserFactory())
    assert 'href="/me/"' not in client.get("/desk/").content.decode()


@pytest.fixture
def next_page():
    """The page that holds a time, in a world with one place and one practitioner."""
    worlds.plain()
    query = {"place": "us-ut", "practitioner": "somebody", "at": MONDAY_10.isoformat()}
    return f"/book/any/hold/?{urlencode(query)}"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_who_signs_in_for_a_time_reads_which(client, path, next_page):
    again = client.post(path, {"next": next_page}).content.decode()

    for html in (client.get(path, {"next": next_page}).content.decode(), again):
        assert "<strong>Monday, February 2, 2026, 10:00\xa0AM</strong>" in html.replace(
            "10:00 AM", "10:00\xa0AM"
        )
        assert "with Somebody" in html
        shown = html.partition("<main")[2].partition("<form")[0]
        assert "any" not in re.sub(r"<[^>]*>", "", shown).split()


@pytest.mark.parametrize(
    "wrong",
    [
        "https://example.org{}",
        "//example.org{}",
        "/elsewhere{}",
        "{}&place=nowhere",
        "{}&practitioner=nobody",
        "{}&at=soon",
        "http://[",
    ],
)
def test_no_other_address_names_a_time(client, wrong, next_page):
    page = client.get("/accounts/login/", {"next": wrong.format(next_page)})

    assert page.status_code == 200
    assert "that you chose" not in page.content.decode()


@pytest.mark.parametrize("path", ["login", "signup", "password/reset"])
def test_e_mail_is_spelled_one_way(client, path):
    html = client.get(f"/accounts/{path}/").content.decode()

    assert "E-mail" in html
    assert "Email" not in re.sub(r"<[^>]*>", " ", html)


@pytest.mark.parametrize("path", ["email", "password/change"])
def test_the_pages_of_an_account_speak_our_words(owner, path):
    words = re.sub(r"<[^>]*>", " ", owner.get(f"/accounts/{path}/").content.decode())

    for theirs in ("Email", "email", "Primary", "Verif", "associated", "Current"):
        assert theirs not in words


def test_a_changed_password_is_told_by_a_mail_with_both_parts(owner):
    new = {"password1": "a long and quiet river", "password2": "a long and quiet river"}

    done = owner.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})

    (told,) = mail.outbox
    assert said(done) == ["Your password is changed."]
    assert told.subject == "Your password was changed"
    ((html, kind),) = told.alternatives
    assert kind == "text/html"
    for part in (told.body, html):
        assert "The password of your account was changed." in part


def test_an_address_without_an_account_is_told_so_in_plain_words(client):
    client.post("/accounts/password/reset/", {"email": "nobody@example.com"})

    (told,) = mail.outbox
    assert told.subject.startswith("There is no account with this address")
    assert "database" not in told.body
    assert "/accounts/signup/" in told.alternatives[0][0]


def test_every_note_puts_its_words_in_one_box():
    """The icon and the words of an alert stand side by side: two things, not more."""
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        for note in re.findall(r'class="alert alert-[^>]*>(.*)', path.read_text()):
            assert "<div" in note or not note.strip(), (path.name, note)


def test_who_tries_too_often_is_told_to_wait(client):
    address = reverse("account_reset_password")
    answers = [
        client.post(address, {"email": "somebody@example.com"}) for _ in range(10)
    ]
    cache.clear()

    assert answers[0].status_code == 302
    assert answers[-1].status_code == 429
    assert "wait a few minutes" in answers[-1].text
    assert 'class="oops"' in answers[-1].text
