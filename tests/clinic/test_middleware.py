"""Unreadable input gets a clear 4xx page; private pages are in no cache."""

from io import BytesIO

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from clinic.charset import utf8_only
from clinic.middleware import is_text
from clinic.models import User
from tests.factories import PatientFactory

MULTIPART = "multipart/form-data; boundary=BoUnDaRy"
FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/?next=%00",
        "/accounts/login/?next=%ED%A0%80",
        "/accounts/login/?%FF=1",
        "/accounts/lo%00gin/",
    ],
)
def test_unreadable_address_is_answered_with_a_page(client, path):
    answer = client.get(path)

    assert answer.status_code == 400
    assert "characters that cannot be stored" in answer.content.decode()
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("body", [b"login=a%00b", b"login=%ED%A0%80", b"%00=1"])
def test_unreadable_form_is_answered_with_a_page(client, body):
    answer = client.post("/accounts/login/", body, content_type=FORM)

    assert answer.status_code == 400
    assert "characters that cannot be stored" in answer.content.decode()


def part(name, content, file=""):
    head = f'Content-Disposition: form-data; name="{name}"'
    head += f'; filename="{file}"' if file else ""
    return f"--BoUnDaRy\r\n{head}\r\n\r\n".encode() + content + b"\r\n--BoUnDaRy--\r\n"


@pytest.mark.parametrize(
    "body",
    [
        part("login", b"a\0b"),
        part("login", b"\xed\xa0\x80"),
        part("photo", b"x", file="a\ufffdb"),
    ],
    ids=["NUL", "surrogate", "file name"],
)
def test_unreadable_multipart_form_is_answered_with_a_page(client, body):
    answer = client.post("/accounts/login/", body, content_type=MULTIPART)

    assert answer.status_code == 400
    assert "characters that cannot be stored" in answer.content.decode()


def test_broken_multipart_form_is_answered_with_a_page(client):
    answer = client.post(
        "/accounts/login/", b"x", content_type="multipart/form-data; boundary="
    )

    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"login=" + b"x" * 10_000_000, FORM),
        (part("login", b"x" * 10_000_000), MULTIPART),
    ],
    ids=["urlencoded", "multipart"],
)
def test_field_of_ten_megabytes_is_too_long(client, body, content_type):
    answer = client.post("/accounts/login/", body, content_type=content_type)

    assert answer.status_code == 413
    assert "too long" in answer.content.decode()


def test_thousands_of_fields_are_refused(client):
    sent = {f"field{number}": "1" for number in range(5000)}

    assert client.post("/accounts/login/", sent).status_code == 400
    assert client.get("/accounts/login/", sent).status_code == 400


def test_refusal_needs_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/accounts/login/?next=%00").status_code == 400


@pytest.mark.parametrize("text", ["Zoë", "李雷", "a\nb", "🪡", ""])
def test_ordinary_text_passes(text):
    assert is_text(text)


def test_unreadable_sign_up_makes_nobody(client):
    answer = client.post("/accounts/signup/", b"email=a%00@b.com", content_type=FORM)

    assert answer.status_code == 400
    assert not User.objects.exists()


def test_pages_of_the_signed_in_are_in_no_cache(client):
    client.force_login(PatientFactory().user)

    answer = client.get("/me/")

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_middleware_sees_input_before_anything_stores_it():
    order = [name.rsplit(".", 1)[1] for name in settings.MIDDLEWARE]

    assert order.index("CSPMiddleware") < order.index("RejectUnreadableInput")
    assert order.index("RejectUnreadableInput") < order.index("SessionMiddleware")
    assert order.index("PrivatePages") < order.index("SessionMiddleware")


def test_more_than_the_largest_request_is_refused_unread(client):
    answer = client.post(
        "/accounts/login/",
        b"login=a",
        content_type=FORM,
        CONTENT_LENGTH=str(settings.LARGEST_REQUEST + 1),
    )

    assert answer.status_code == 413
    assert "too long" in answer.content.decode()


def test_a_session_cookie_that_is_no_text_is_nobodys(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "abcdefgh\0ijkl"

    assert client.get("/treatments/").status_code == 200


@pytest.mark.parametrize(
    "charset",
    ["charset=base64", "charset=hex", "charset*=bogus''%41", "charset*=utf-8''%00"],
)
@pytest.mark.parametrize("kind", ["text/html", "multipart/form-data; boundary=x"])
def test_whatever_charset_a_request_names_it_is_utf8(kind, charset):
    seen = {}
    serve = utf8_only(lambda environ, start: seen.update(environ) or [])

    serve({"CONTENT_TYPE": f"{kind}; {charset}; more=1"}, None)

    assert seen == {"CONTENT_TYPE": f"{kind}; more=1"}
    request = WSGIRequest(
        {
            **RequestFactory()._base_environ(),
            **seen,
            "QUERY_STRING": "q=caf%C3%A9",
            "wsgi.input": BytesIO(),
        }
    )
    assert request.GET["q"] == "café"
