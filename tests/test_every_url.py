"""Every address, asked by everybody: who gets in, what they see, and that looking is free.

An address without a row in POLICY fails, so nobody adds one without deciding this.
"""

import io
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse
from pypdf import PdfReader

from bookings.models import Appointment, Claim, Notice
from clinic.models import AuditEvent, Patient, User
from tests import street

pytestmark = pytest.mark.django_db

ACTORS = ["anonymous", "owner", "other", "practitioner", "colleague", "desk", "admin"]

# ok: a page, or a way to another one. login: the way to sign in. Else the status.
EVERYBODY = "ok ok ok ok ok ok ok"
ACCOUNT = "login ok ok ok ok ok ok"
PATIENTS = "login ok ok 403 403 403 403"
PRACTITIONERS = "login 403 403 ok ok 403 403"
DESK = "login 403 403 403 403 ok ok"
OWN = "login ok 404 ok 404 ok ok"
ADMINS = "login 403 403 403 403 403 ok"
EDITORS = "404 404 404 404 404 404 ok"
AFTER = "login 404 404 404 404 404 404"  # its session is still to come
MOVE = "login ok 404 409 404 ok ok"
BY_POST = "login ok ok ok ok ok ok"  # led to the page of what it changes
BACK_OFFICE = "login login login login login login ok"

POLICY = {
    "healthz": EVERYBODY,
    "account_login": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_inactive": EVERYBODY,
    "account_signup": EVERYBODY,
    "account_reauthenticate": ACCOUNT,
    "account_email": ACCOUNT,
    "account_email_verification_sent": ACCOUNT,
    "account_change_password": ACCOUNT,
    "account_set_password": ACCOUNT,
    "account_reset_password": EVERYBODY,
    "account_confirm_login_code": ACCOUNT,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "clinic:welcome": ACCOUNT,
    "clinic:me": PATIENTS,
    "treatments:home": EVERYBODY,
    "treatments:list": EVERYBODY,
    "treatments:treatment": EVERYBODY,
    "treatments:aftercare": EVERYBODY,
    "treatments:aftercare_pdf": EVERYBODY,
    "treatments:version": EVERYBODY,
    "treatments:preview": EDITORS,
    "treatments:compare": EVERYBODY,
    "treatments:which": EVERYBODY,
    "treatments:concern": EVERYBODY,
    "bookings:performs": EVERYBODY,
    "bookings:who": EVERYBODY,
    "bookings:person": EVERYBODY,
    "bookings:who_may": DESK,
    "bookings:another_time": DESK,
    "bookings:fees": DESK,
    "bookings:fee_settle": BY_POST,
    "bookings:at_risk": DESK,
    "bookings:to_ring": DESK,
    "bookings:at_risk_rung": BY_POST,
    "bookings:at_risk_give": BY_POST,
    "bookings:overrides": ADMINS,
    "bookings:overrides_file": ADMINS,
    "bookings:rooms": DESK,
    "bookings:running_out": DESK,
    "bookings:room": DESK,
    "bookings:device": DESK,
    "bookings:back_in_service": BY_POST,
    "bookings:times": EVERYBODY,
    "bookings:confirm": PATIENTS,
    "bookings:hold": PATIENTS,
    "bookings:confirm_hold": BY_POST,
    "bookings:let_go": BY_POST,
    "bookings:why": EVERYBODY,
    "bookings:course_times": EVERYBODY,
    "bookings:course_dates": PATIENTS,
    "bookings:course": OWN,
    "bookings:course_plan": "login ok 404 403 404 ok ok",
    "bookings:course_cancel": BY_POST,
    "bookings:appointments": ACCOUNT,
    "bookings:appointment": OWN,
    "bookings:cancel": BY_POST,
    "bookings:aftercare": OWN,
    "bookings:aftercare_pdf": AFTER,
    "bookings:move": MOVE,
    "bookings:move_confirm": MOVE,
    "bookings:schedule_day": PRACTITIONERS,
    "bookings:schedule_week": PRACTITIONERS,
    "bookings:desk": DESK,
    "bookings:desk_day": DESK,
    "bookings:desk_list": DESK,
    "bookings:patients": DESK,
    "bookings:patient_new": DESK,
    "bookings:patient": DESK,
    "bookings:patient_edit": DESK,
    "bookings:mark": BY_POST,
    "bookings:practitioners_hours": DESK,
    "bookings:hours": DESK,
    "bookings:single_day": DESK,
    "bookings:place_days": DESK,
    "bookings:leave": DESK,
    "bookings:leave_end": BY_POST,
    "admin:index": BACK_OFFICE,
    "admin:account_emailaddress_changelist": "login login login login login login 403",
}

# What a form without its fields meets. 422: read, and answered with what is missing.
SENT = {
    "treatments:which": "422 422 422 422 422 422 422",
    "clinic:me": "login 422 422 403 403 403 403",
    "bookings:confirm": "login 400 400 403 403 403 403",
    "bookings:hold": "login 400 400 403 403 403 403",
    # Sent again: it is booked already, and that is where it leads.
    "bookings:confirm_hold": "login ok 404 409 404 ok ok",
    "bookings:let_go": "login ok 404 409 404 ok ok",
    "bookings:move_confirm": "login 400 404 400 404 400 400",
    "bookings:cancel": "login ok 404 409 404 422 422",
    "bookings:at_risk_rung": "login 403 403 403 403 404 404",
    "bookings:at_risk_give": "login 403 403 403 403 404 404",
    "bookings:course_dates": "login 400 400 403 403 403 403",
    "bookings:course_plan": "login 422 404 403 404 422 422",
    "bookings:course_cancel": "login ok 404 409 404 422 422",
    "bookings:patients": "login 403 403 403 403 422 422",
    "bookings:patient_new": "login 403 403 403 403 422 422",
    "bookings:patient_edit": "login 403 403 403 403 422 422",
    "bookings:mark": DESK,
    "bookings:fee_settle": "login 403 403 403 403 422 422",
    # Without its fields it closes every day, on which somebody is booked.
    "bookings:hours": "login 403 403 403 403 422 422",
    "bookings:single_day": "login 403 403 403 403 422 422",
    "bookings:place_days": "login 403 403 403 403 422 422",
    "bookings:leave": "login 403 403 403 403 422 422",
    "bookings:leave_end": DESK,
    "bookings:room": "login 403 403 403 403 422 422",
    "bookings:device": "login 403 403 403 403 422 422",
    "bookings:back_in_service": DESK,
}

# Pages about one start, which their address names.
START = {
    "bookings:confirm",
    "bookings:hold",
    "bookings:why",
    "bookings:move_confirm",
}
MAY_SEE = {
    "owner": {"owner"},
    "other": {"other"},
    "practitioner": {"owner"},
    "colleague": {"other"},
    "desk": {"owner", "other"},
    "admin": {"owner", "other"},
}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(street.NOW, tick=False):
        yield


@pytest.fixture
def town():
    return street.build()


def names(patterns=None, space=""):
    """The names of all addresses; of the back office its index and its lists."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from names(each.url_patterns, inner)
            continue
        name = f"{space}{each.name}"
        if space != "admin:" or name == "admin:index" or is_list(name):
            yield name, each


def policy_of(name):
    return POLICY.get(name) or (BACK_OFFICE if is_list(name) else "")


def is_list(name):
    return name.endswith("_changelist")


def expected(row, actor):
    return dict(zip(ACTORS, row.split(), strict=True))[actor]


def address(town, name, pattern=None, whose="owner"):
    """The address of a page about what belongs to `whose`, with a query that it needs."""
    given = town.arguments(whose)
    given["uid"] = given["patient" if "patient" in name else "appointment"]
    if name == "bookings:let_go":
        given["uid"] = given["hold"]
    if ":course" in name:
        given |= {"uid": given["course"], "variant": street.AGAIN}
    given |= {"uidb36": "1", "key": "set-password"}
    wanted = pattern.pattern.converters or pattern.pattern.regex.groupindex
    path = reverse(name, kwargs={key: given[key] for key in wanted})
    if name in START:
        start = street.FREE.replace("+", "%2B")
        path += f"?place={given['place']}&practitioner=practitioner&at={start}"
    if name == "bookings:course_dates":
        path += f"?place={given['place']}"
    return path


def answer(response):
    if response.status_code in (301, 302, 303):
        path = urlsplit(response["Location"]).path
        return "login" if path.endswith("/login/") else "ok"
    return "ok" if response.status_code == 200 else str(response.status_code)


def words_of(response):
    if response["Content-Type"] != "application/pdf":
        return response.content.decode()
    reader = PdfReader(io.BytesIO(response.content))
    return " ".join(
        [str(reader.metadata), *(each.extract_text() for each in reader.pages)]
    )


def seen_in(response):
    text = words_of(response).lower() + response.get("Location", "").lower()
    return {whose for whose, canary in street.CANARIES.items() if canary in text}


def rows():
    return {
        model.__name__: model.objects.count()
        for model in (Appointment, Claim, AuditEvent, Notice, Patient, User)
    }


def sign_in(client, town, actor):
    if actor != "anonymous":
        client.force_login(town.users[actor])


def test_every_address_has_a_policy():
    found = {name for name, _ in names()}

    lists = {name for name in found if is_list(name)}
    assert found - lists == {name for name in POLICY if not is_list(name)}
    assert len(lists) > 10


@pytest.mark.parametrize("actor", ACTORS)
def test_looking(client, town, actor):
    before, wrong = rows(), []
    for name, pattern in names():
        client.logout()
        sign_in(client, town, actor)
        path = address(town, name, pattern)
        response = client.get(path)
        got, want = answer(response), expected(policy_of(name), actor)
        if got != want:
            wrong.append(f"{path}: {got} instead of {want}")
        if names_told := seen_in(response) - MAY_SEE.get(actor, set()):
            wrong.append(f"{path} tells of {names_told}")

    assert wrong == []
    assert rows() == before


@pytest.mark.parametrize("actor", ACTORS)
def test_sending_a_form_without_its_fields(client, town, actor):
    sign_in(client, town, actor)
    patterns, wrong = dict(names()), []
    for name, row in SENT.items():
        path = address(town, name, patterns[name]).partition("?")[0]
        before = rows()
        with transaction.atomic():
            response = client.post(path, {"nothing": "asked for"})
            after = rows()
            transaction.set_rollback(True)
        got, want = answer(response), expected(row, actor)
        if got != want:
            wrong.append(f"{path}: {got} instead of {want}")
        if got != "ok" and after != before:
            wrong.append(f"{path} wrote, and answered {got}")
        if names_told := seen_in(response) - MAY_SEE.get(actor, set()):
            wrong.append(f"{path} tells of {names_told}")

    assert wrong == []


@pytest.mark.parametrize("actor", ["owner", "practitioner"])
def test_what_belongs_to_a_stranger_is_not_found(client, town, actor):
    sign_in(client, town, actor)
    theirs = town.arguments("other")

    for method, path in [
        ("get", reverse("bookings:appointment", args=[theirs["appointment"]])),
        ("post", reverse("bookings:cancel", args=[theirs["appointment"]])),
        ("get", reverse("bookings:move", args=[theirs["appointment"]])),
        ("get", f"/book/{street.VARIANT}/?for={theirs['patient']}"),
        ("get", f"/book/{street.VARIANT}/confirm/?for={theirs['patient']}"),
        ("get", f"/book/{street.VARIANT}/hold/?for={theirs['patient']}"),
        ("post", reverse("bookings:confirm_hold", args=[theirs["appointment"]])),
        ("post", reverse("bookings:let_go", args=[theirs["appointment"]])),
        ("get", f"/why/{street.VARIANT}/?for={theirs['patient']}"),
    ]:
        response = getattr(client, method)(path)

        assert response.status_code == 404, path
        assert not seen_in(response) & {"other"}
