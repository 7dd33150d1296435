"""Letting pass on the pages: who is asked, what is sent, what is shown, the report."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.utils.html import escape

from bookings import actions
from bookings.models import Appointment, Override
from clinic.access import CLINIC_ADMIN, CLINICIAN, FRONT_DESK, PRACTITIONER
from tests import factories, holding, worlds
from tests.worlds import MONDAY_10, NOW

pytestmark = pytest.mark.django_db
AT_NIGHT = MONDAY_10 + timedelta(hours=10)
WHY = "Rang us herself and lives far away."
STRANGER = "6f6f1f0e-0d5c-4d8e-9a54-8f2f7c1f4b11"
PASS = "OUTSIDE_HOURS|somebody"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinic():
    return worlds.plain()


@pytest.fixture
def patient():
    return factories.PatientFactory()


@pytest.fixture
def staff():
    return factories.FrontDeskUserFactory(first_name="Dana", last_name="Desk")


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def start(where, at):
    iso = at.astimezone(where.tz).isoformat(timespec="minutes")
    return {"place": where.slug, "practitioner": "somebody", "at": iso}


def look(client, where, patient, at=AT_NIGHT):
    query = urlencode({**start(where, at), "for": patient.uid})
    return client.get(f"/book/visit/confirm/?{query}")


def send(client, where, patient, at=AT_NIGHT, **more):
    sent = {**start(where, at), "for": patient.uid, "submission": uuid4(), **more}
    return client.post("/book/visit/confirm/", sent)


def passed(clinic, patient, by, at=AT_NIGHT, now=NOW):
    who, where = clinic
    asked = worlds.asked("visit", where, who, patient=patient)
    keys = frozenset({("OUTSIDE_HOURS", who.slug)})
    overriding = actions.Overriding(keys, WHY)
    return actions.book(asked=asked, at=at, by=by, now=now, overriding=overriding)


def text_of(response):
    return response.content.decode()


def test_the_desk_is_asked_what_to_let_pass_and_why(desk, clinic, patient):
    page = text_of(look(desk, clinic[1], patient))

    assert f'name="override" value="{PASS}"' in page
    assert 'name="reason"' in page
    assert "The front desk may let this pass, with a reason." in page


def test_what_is_ticked_and_reasoned_is_booked_and_shown(desk, clinic, patient, staff):
    response = send(desk, clinic[1], patient, override=PASS, reason=WHY)

    made = Appointment.objects.get()
    assert response.status_code == 302
    assert (made.starts_at, made.overrides.get().by) == (AT_NIGHT, staff)
    page = text_of(desk.get(made.get_absolute_url()))
    assert WHY in page
    assert "Dana Desk" in page


def test_without_a_reason_the_page_comes_back_with_the_ticks(desk, clinic, patient):
    response = send(desk, clinic[1], patient, override=PASS, reason="because so")

    page = text_of(response)
    assert response.status_code == 422
    assert "at least 3 words" in page
    assert "because so" in page
    assert f'value="{PASS}" id="override-1" form="booking" required checked' in page
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "forged",
    [
        "OUTSIDE_HOURS|another",
        "IN_THE_PAST|time",
        "OUTSIDE_HOURS",
        "|",
        "hard|policy|OUTSIDE_HOURS",
    ],
)
def test_what_was_not_on_the_page_lets_nothing_pass(desk, clinic, patient, forged):
    response = send(desk, clinic[1], patient, override=forged, reason=WHY)

    assert response.status_code == 409
    assert "OUTSIDE_HOURS" in text_of(response)
    assert not Appointment.objects.exists()
    assert not Override.objects.exists()


def test_what_is_hard_is_offered_to_nobody(desk, clinic, patient, staff):
    staff.groups.add(
        *(factories.UserFactory(groups=[CLINICIAN, CLINIC_ADMIN]).groups.all())
    )
    factories.NotAvailableTimeFactory(practitioner=clinic[0], starts_at=AT_NIGHT)

    page = text_of(look(desk, clinic[1], patient))
    response = send(
        desk,
        clinic[1],
        patient,
        override=[PASS, "PRACTITIONER_ON_LEAVE|somebody"],
        reason=WHY,
    )

    assert 'name="override"' not in page
    assert "Nobody can let this pass." in page
    assert response.status_code == 409
    assert not Appointment.objects.exists()


def test_a_patient_is_offered_nothing_and_forges_nothing(client, clinic):
    patient = factories.PatientFactory(user=factories.UserFactory())
    client.force_login(patient.user)

    who, where = clinic
    page = text_of(client.get("/book/visit/hold/", start(where, AT_NIGHT)))
    direct = send(client, where, patient, override=PASS, reason=WHY)
    form = holding.form(where, who, AT_NIGHT, override=PASS, reason=WHY)
    response = client.post("/book/visit/hold/", form)

    assert "cannot be held" in page
    assert 'name="override"' not in page
    assert "may let this pass" not in page
    assert direct.status_code == 400
    assert response.status_code == 409
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("lose", ["group", "account"])
def test_who_loses_the_right_has_lost_it_at_the_next_request(
    desk, clinic, patient, staff, lose
):
    assert 'name="override"' in text_of(look(desk, clinic[1], patient))
    if lose == "group":
        staff.groups.clear()
    else:
        staff.is_active = False
        staff.save()

    response = send(desk, clinic[1], patient, override=PASS, reason=WHY)

    assert response.status_code in (302, 403, 404)
    assert not Appointment.objects.exists()


def test_moving_past_a_rule(desk, clinic, patient, staff):
    made = passed(clinic, patient, staff, at=MONDAY_10)
    path = f"/appointments/{made.uid}/move/confirm/"
    query = start(clinic[1], AT_NIGHT)

    page = text_of(desk.get(path, query))
    plain = desk.post(path, query)
    short = desk.post(path, {**query, "override": PASS, "reason": "no"})
    made.refresh_from_db()
    assert (plain.status_code, short.status_code) == (409, 422)
    assert made.starts_at == MONDAY_10
    assert f'value="{PASS}"' in page

    response = desk.post(path, {**query, "override": PASS, "reason": WHY})

    made.refresh_from_db()
    assert response.status_code == 302
    assert made.starts_at == AT_NIGHT
    assert made.overrides.get().reason == WHY


def test_a_patient_moves_past_no_rule(client, clinic):
    patient = factories.PatientFactory(user=factories.UserFactory())
    client.force_login(patient.user)
    who, where = clinic
    asked = worlds.asked("visit", where, who, patient=patient)
    made = actions.book(asked=asked, at=MONDAY_10, by=patient.user, now=NOW)
    query = start(where, AT_NIGHT) | {"override": PASS, "reason": WHY}

    response = client.post(f"/appointments/{made.uid}/move/confirm/", query)

    made.refresh_from_db()
    assert response.status_code == 409
    assert made.starts_at == MONDAY_10


def test_why_leads_the_desk_on(desk, clinic, patient):
    query = {**start(clinic[1], AT_NIGHT), "for": patient.uid}

    page = text_of(desk.get("/why/visit/", query))

    assert "Book it all the same, with a reason" in page


def test_why_leads_nobody_else_on(client, clinic):
    page = text_of(client.get("/why/visit/", start(clinic[1], AT_NIGHT)))

    assert "all the same" not in page


def test_any_other_time_for_a_patient(desk, clinic, patient):
    asked = {"for": patient.uid, "variant": "visit", "place": clinic[1].slug}
    clock = {"practitioner": "somebody", "day": "2026-02-02", "time": "20:00"}

    first = desk.get("/desk/another-time/", asked)
    then = desk.get("/desk/another-time/", asked | clock)
    page = text_of(desk.get(then["Location"]))

    assert 'value="visit" selected' in text_of(first)
    assert "2026-02-02T20%3A00-07%3A00" in then["Location"]
    assert f'value="{PASS}"' in page


def test_any_other_time_for_an_appointment(desk, clinic, patient, staff):
    made = passed(clinic, patient, staff)
    clock = {"practitioner": "somebody", "day": "2026-02-03", "time": "20:00"}
    asked = {"moving": made.uid, "place": clinic[1].slug}

    then = desk.get("/desk/another-time/", asked | clock)

    assert then["Location"].startswith(f"/appointments/{made.uid}/move/confirm/")
    assert desk.get(then["Location"]).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"time": ""}, {"day": "soon"}, {"place": "mars"}, {"variant": "other"}]
)
def test_any_other_time_must_be_one(desk, clinic, patient, wrong):
    clock = {"practitioner": "somebody", "day": "2026-02-02", "time": "20:00"}
    asked = {"for": patient.uid, "variant": "visit", "place": clinic[1].slug}

    response = desk.get("/desk/another-time/", {**asked, **clock, **wrong})

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 302),
        ("?moving=x", 404),
        (f"?moving={STRANGER}", 404),
        (f"?for={STRANGER}", 404),
        ("?for=x", 404),
    ],
)
def test_any_other_time_is_of_somebody(desk, clinic, query, status):
    assert desk.get(f"/desk/another-time/{query}").status_code == status


def test_the_mark_stands_in_list_calendar_and_schedule(desk, clinic, patient, staff):
    made = passed(clinic, patient, staff)
    who, where = clinic
    who.user = factories.UserFactory(groups=[FRONT_DESK])
    who.save()
    day = "?day=2026-02-02"
    desk_pages = [
        f"/desk/places/{where.slug}/{day}",
        f"/desk/places/{where.slug}/list/{day}",
    ]
    own = [f"/schedule/{day}", f"/schedule/week/{day}"]
    mark = f'href="{made.get_absolute_url()}#overrides">Override</a>'

    found = [text_of(desk.get(path)) for path in desk_pages]
    found.append(text_of(desk.get(f"/desk/patients/{patient.uid}/")))
    desk.force_login(who.user)
    found += [text_of(desk.get(path)) for path in own]

    assert [mark in page for page in found] == [True] * 5
    assert ["cal-mark" in page for page in found] == [True, False, False, True, True]


def test_no_mark_once_it_is_moved(desk, clinic, patient, staff):
    made = passed(clinic, patient, staff)
    asked = actions.to_move(made)
    actions.move(appointment=made, asked=asked, at=MONDAY_10, by=staff, now=NOW)

    listed = text_of(desk.get(f"/desk/places/{clinic[1].slug}/list/?day=2026-02-02"))
    page = text_of(desk.get(made.get_absolute_url()))

    assert "#overrides" not in listed
    assert "The appointment was moved since" in page


def test_the_patient_does_not_read_the_reason(client, clinic, staff):
    patient = factories.PatientFactory(user=factories.UserFactory())
    made = passed(clinic, patient, staff)
    client.force_login(patient.user)

    page = text_of(client.get(made.get_absolute_url()))

    assert WHY not in page
    assert "Dana Desk" not in page


@pytest.fixture
def admin(client, db):
    client.force_login(factories.UserFactory(groups=[CLINIC_ADMIN]))
    return client


def test_the_report_counts_and_lists_a_month(admin, clinic, patient, staff):
    made = passed(clinic, patient, staff)

    page = text_of(admin.get("/desk/overrides/?month=2026-01"))
    other = text_of(admin.get("/desk/overrides/?month=2026-02"))

    assert WHY in page
    assert f"{made.get_absolute_url()}#overrides" in page
    words = "Outside the practitioner's hours"
    told = f"<dt>{escape(words)} <code>OUTSIDE_HOURS</code></dt><dd>1</dd>"
    assert told in page
    assert "<dt>Dana Desk</dt><dd>1</dd>" in page
    assert patient.name not in page
    assert "No overrides in February" in other


def test_a_month_is_that_of_the_place(admin, clinic, patient, staff):
    """Six in the morning of 1 February in UTC is still January in Denver."""
    late = MONDAY_10.replace(day=1, hour=6)
    passed(clinic, patient, staff, now=late)

    assert WHY in text_of(admin.get("/desk/overrides/?month=2026-01"))
    assert WHY not in text_of(admin.get("/desk/overrides/?month=2026-02"))


def test_the_report_is_of_this_month_unless_another_is_asked_for(admin, clinic):
    assert "January 2026" in text_of(admin.get("/desk/overrides/"))


@pytest.mark.parametrize("month", ["2026-13", "2026", "x", "1999-01", "2026-1"])
@pytest.mark.parametrize("page", ["overrides/", "overrides.csv"])
def test_a_month_is_a_month(admin, clinic, page, month):
    assert admin.get(f"/desk/{page}?month={month}").status_code == 400


def test_the_file_says_the_same_and_runs_nothing(admin, clinic, patient, staff):
    made = passed(clinic, patient, staff)
    Override.objects.update(reason='=HYPERLINK("x") is why')

    answer = admin.get("/desk/overrides.csv?month=2026-01")

    heads, line = list(csv.reader(io.StringIO(text_of(answer))))
    row = dict(zip(heads, line, strict=True))
    assert answer["Content-Disposition"] == (
        'attachment; filename="overrides-2026-01.csv"'
    )
    assert row["code"] == "OUTSIDE_HOURS"
    assert row["by"] == "Dana Desk"
    assert row["reason"].startswith("'=")
    assert row["start"] == "2026-02-02T20:00-07:00"
    assert row["appointment"].endswith(made.get_absolute_url())
    assert patient.family_name not in text_of(answer)


@pytest.fixture
def close_session(clinic):
    """The second session of a course, to be moved closer to the first than it may."""
    who, where = clinic
    who.user = factories.UserFactory(groups=[PRACTITIONER])
    who.save()
    patient = factories.PatientFactory()
    variant = worlds.asked("visit", where).variant
    course = factories.CourseFactory(
        place=where, variant=variant, patient=patient, least_days=5, most_days=30
    )
    first, second = (
        factories.AppointmentFactory(
            role=who.roles.get(),
            patient=patient,
            variant=variant,
            starts_at=MONDAY_10 + timedelta(days=days),
            course=course,
            session=number,
            claims=True,
        )
        for number, days in [(1, 0), (2, 7)]
    )
    return second, {
        **start(where, first.starts_at + timedelta(days=2)),
        "override": "COURSE_TOO_SOON|2",
        "reason": WHY,
    }


def test_what_is_clinical_a_clinician_lets_pass_for_their_own_patient(
    client, clinic, close_session
):
    second, query = close_session
    who, _ = clinic
    path = f"/appointments/{second.uid}/move/confirm/"
    client.force_login(who.user)
    refused = client.post(path, query)

    who.user.groups.add(Group.objects.get_or_create(name=CLINICIAN)[0])
    page = text_of(client.get(path, query))
    [key] = re.findall(r'value="(COURSE_TOO_SOON\|[^"]*)"', page)
    moved = client.post(path, {**query, "override": key})

    assert (refused.status_code, moved.status_code) == (409, 302)
    override = second.overrides.get()
    assert (override.code, override.by) == ("COURSE_TOO_SOON", who.user)


def test_a_clinician_moves_nobody_elses_patients(client, clinic, close_session):
    second, query = close_session
    other = factories.PractitionerFactory(
        slug="other",
        user=factories.UserFactory(groups=[PRACTITIONER, CLINICIAN]),
    )
    client.force_login(other.user)

    answer = client.post(f"/appointments/{second.uid}/move/confirm/", query)

    assert answer.status_code == 404
