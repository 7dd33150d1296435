"""A time on hold, as pages: chosen, looked at, booked or let go, and what is told when."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages

from bookings import actions
from bookings.models import Appointment, Status
from clinic import access
from tests import factories, holding, street, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AT = {"place": "us-ut", "practitioner": "somebody", "at": MONDAY_10.isoformat()}


@pytest.fixture
def clinic():
    return worlds.plain()


@pytest.fixture
def patient():
    return factories.PatientFactory()


@pytest.fixture
def clock():
    """A clock that stands still, and can be set."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def own(client, patient, clock):
    client.force_login(patient.user)
    return client


@pytest.fixture
def held(own, clinic):
    return hold(own, clinic)


def form(clinic, at=MONDAY_10, **more):
    who, where = clinic
    return holding.form(where, who, at, **more)


def hold(client, clinic, at=MONDAY_10, variant="visit", **more):
    answer = client.post(f"/book/{variant}/hold/", form(clinic, at, **more))
    assert answer.status_code == 302, answer.content.decode()
    return Appointment.objects.get(uid=answer["Location"].split("/")[-2])


def address(held, page=""):
    return f"/appointments/{held.uid}/{page}"


def codes(answer):
    return set(re.findall('data-code="([A-Z_]+)"', answer.content.decode()))


def text(answer):
    return " ".join(answer.content.decode().split())


# ---- choosing ------------------------------------------------------------------


def test_times_are_buttons_of_one_form_for_a_patient_and_links_for_others(
    client, own, clinic
):
    query = {"place": clinic[1].slug, "day": MONDAY.isoformat()}
    mine = own.get("/book/visit/", query).content.decode()
    own.logout()
    anybody = client.get("/book/visit/", query).content.decode()
    client.force_login(factories.FrontDeskUserFactory())
    query["for"] = factories.PatientFactory().uid
    desk = client.get("/book/visit/", query).content.decode()

    buttons = re.findall('<button class="slot"[^>]* name="start" value="([^"]+)"', mine)
    assert f"{MONDAY_10.isoformat()} somebody" in buttons
    assert mine.count('action="/book/visit/hold/"') == 1
    assert mine.count("csrfmiddlewaretoken") == 2  # that, and to sign out
    assert 'class="slot" href' not in mine
    assert 'class="slot" href="/book/visit/hold/?place=' in anybody
    assert 'class="slot" href="/book/visit/confirm/?place=' in desk
    assert "<button class" not in anybody.partition('class="slots"')[2]


def test_the_page_before_holding_says_that_it_is_free_and_holds_nothing(own, clinic):
    answer = own.get("/book/visit/hold/", {**AT, "place": clinic[1].slug})

    assert "This time is free" in text(answer)
    assert "Hold this time" in text(answer)
    assert not Appointment.objects.exists()


def test_whoever_is_not_signed_in_comes_back_to_the_time(client, clinic):
    where = {**AT, "place": clinic[1].slug}

    answer = client.get("/book/visit/hold/", where)

    assert answer.status_code == 302
    assert "next=/book/visit/hold/" in answer["Location"]
    assert client.post("/book/visit/hold/", form(clinic)).status_code == 302
    assert not Appointment.objects.exists()


def test_the_page_before_holding_says_why_not_and_offers_others_to_hold(own, clinic):
    at = MONDAY_10 + 7 * MINUTE
    query = {**AT, "place": clinic[1].slug, "at": at.isoformat()}

    answer = own.get("/book/visit/hold/", query)

    assert codes(answer) == {"OFF_GRID"}
    assert "This time cannot be held" in text(answer)
    starts = re.findall('name="start" value="([^"]+)"', answer.content.decode())
    assert len(starts) >= 3
    [key] = set(re.findall('"submission" value="([^"]+)"', answer.content.decode()))
    sent = {"place": clinic[1].slug, "start": starts[0], "submission": key}
    assert own.post("/book/visit/hold/", sent).status_code == 302


def test_one_form_sent_64_times_is_one_hold_and_64_times_the_same_way_on(own, clinic):
    sent = form(clinic)

    ways = {own.post("/book/visit/hold/", sent)["Location"] for _ in range(64)}

    assert ways == {Appointment.objects.get().get_absolute_url()}


def test_each_time_of_a_page_has_a_key_of_its_own(own, clinic):
    sent = form(clinic)
    first = own.post("/book/visit/hold/", sent)
    later = form(clinic, MONDAY_10 + HOUR, submission=sent["submission"])

    second = own.post("/book/visit/hold/", later)

    assert first["Location"] != second["Location"]
    assert [row.starts_at for row in Appointment.objects.held(NOW)] == [
        MONDAY_10 + HOUR
    ]


def test_of_two_patients_the_second_is_told_and_the_first_keeps_it(
    client, held, clinic
):
    client.force_login(factories.PatientFactory().user)

    answer = client.post("/book/visit/hold/", form(clinic))

    assert answer.status_code == 409
    assert codes(answer) == {"OVERLAP_PRACTITIONER"}
    assert held.patient.family_name not in answer.content.decode()
    assert list(Appointment.objects.all()) == [held]


def test_the_third_hold_is_refused_with_ways_to_the_two(own, clinic, patient):
    factories.TreatmentVariantFactory(code="third", visit="any")
    who, _ = clinic
    visit = hold(own, clinic)
    third = type(visit.variant).objects.get(code="third")
    third.treatment = visit.variant.treatment
    third.save()
    factories.PrivilegeFactory(practitioner=who, variant=third)
    first = hold(own, clinic, MONDAY_10 + HOUR, "first")

    answer = own.post("/book/third/hold/", form(clinic, MONDAY_10 + 2 * HOUR))

    assert answer.status_code == 409
    assert codes(answer) == {"TOO_MANY_HOLDS"}
    for each in (visit, first):
        assert f'href="{address(each)}"' in text(answer)
        assert f'action="{address(each, "let-go/")}"' in text(answer)
    own.post(address(first, "let-go/"))
    assert hold(own, clinic, MONDAY_10 + 2 * HOUR, "third")


def test_ones_own_hold_is_offered_as_replaceable_on_the_page_of_times(
    own, held, clinic
):
    query = {"place": clinic[1].slug, "day": MONDAY.isoformat()}
    page = own.get("/book/visit/", query).content.decode()
    again = own.get("/book/visit/hold/", {**AT, "place": clinic[1].slug})

    assert f"{MONDAY_10.isoformat()} somebody" in page
    assert f'<a href="{address(held)}">Go on with it</a>' in page
    assert "This time is free" in text(again)


def test_a_patient_who_comes_to_the_desks_page_is_sent_to_hold_the_time(own, clinic):
    query = {**AT, "place": clinic[1].slug}

    looked = own.get("/book/visit/confirm/", query)
    sent = own.post("/book/visit/confirm/", {**query, **form(clinic)})

    assert looked.status_code == 302
    assert looked["Location"].startswith("/book/visit/hold/?place=")
    assert "at=2026-02-02T17%3A00%3A00%2B00%3A00" in looked["Location"]
    assert sent.status_code == 400
    assert "Choose a time and hold it" in text(sent)
    assert not Appointment.objects.exists()


def test_the_desk_holds_nothing_on_behalf(client, clinic, clock):
    client.force_login(factories.FrontDeskUserFactory())
    somebody = factories.PatientFactory()

    answer = client.post("/book/visit/hold/", {**form(clinic), "for": somebody.uid})

    assert answer.status_code == 400
    assert not Appointment.objects.exists()


# ---- the page of a hold --------------------------------------------------------


def test_the_page_of_a_hold_asks_whether_it_is_right(own, held, clock):
    clock.move_to(NOW + 30 * timedelta(seconds=1))

    page = text(own.get(address(held)))

    assert "<h1>Is this right?</h1>" in page
    assert "Held for you until <strong>9:10 AM</strong>" in page
    assert 'data-seconds-left="570"' in page
    assert "data-when-over hidden" in page
    assert "Monday, February 2, 2026" in page
    assert f'action="{address(held, "confirm/")}"' in page
    assert f'action="{address(held, "let-go/")}"' in page


def test_a_hold_that_is_over_says_so_and_is_booked_if_the_time_is_free(
    own, held, clock
):
    clock.move_to(held.held_until)

    page = text(own.get(address(held)))
    answer = own.post(address(held, "confirm/"))

    assert "The time is no longer held." in page
    assert "Held for you" not in page
    assert "data-seconds-left" not in page
    assert "hold.js" not in page
    assert answer.status_code == 302
    held.refresh_from_db()
    assert held.status == Status.BOOKED


def test_booking_it_twice_is_booking_it_once(own, held, mailoutbox):
    first = own.post(address(held, "confirm/"))
    second = own.post(address(held, "confirm/"))

    assert (
        (first.status_code, first["Location"])
        == (
            second.status_code,
            second["Location"],
        )
        == (302, address(held))
    )
    assert "Your appointment is booked." in [
        str(each) for each in get_messages(first.wsgi_request)
    ]
    assert Appointment.objects.get().status == Status.BOOKED


def test_what_somebody_took_meanwhile_is_refused_and_what_was_ticked_stays(
    own, clinic, patient, clock
):
    who, where = clinic
    factories.BodyAreaFactory(code="shoulder", family="both", side_applies=True)
    treatment = worlds.asked("visit", where, who).variant.treatment
    type(treatment).objects.filter(pk=treatment.pk).update(family="musculoskeletal")
    held = hold(own, clinic)
    clock.move_to(held.held_until)
    theirs = worlds.asked("visit", where, who, patient=factories.PatientFactory())
    actions.book(asked=theirs, at=MONDAY_10, by=None, now=held.held_until)

    answer = own.post(address(held, "confirm/"), {"areas": ["shoulder:left"]})

    assert answer.status_code == 409
    assert codes(answer) == {"OVERLAP_PRACTITIONER"}
    assert 'value="shoulder:left" checked' in text(answer)
    assert 'name="start" value="' in text(answer)
    assert own.post(address(held, "confirm/"), {"areas": ["x"]}).status_code == 400


def test_letting_go_leads_back_to_the_times(own, held, clinic):
    answer = own.post(address(held, "let-go/"))

    assert answer["Location"] == f"/book/visit/?place={clinic[1].slug}"
    held.refresh_from_db()
    assert held.status == Status.CANCELLED
    assert own.post(address(held, "let-go/")).status_code == 302
    assert "Cancelled" in text(own.get(address(held)))
    refused = own.post(address(held, "confirm/"))
    assert refused.status_code == 409
    assert "cannot become" in text(refused)


def test_what_is_booked_is_not_let_go(own, held):
    own.post(address(held, "confirm/"))

    answer = own.post(address(held, "let-go/"))

    assert answer.status_code == 409
    assert "no longer on hold" in text(answer)


def test_a_hold_is_nobody_elses(client, held):
    client.force_login(factories.PatientFactory().user)

    for page in ("", "confirm/", "let-go/"):
        send = client.post if page else client.get
        assert send(address(held, page)).status_code == 404
    held.refresh_from_db()
    assert held.status == Status.PENDING


# ---- in the lists --------------------------------------------------------------


def test_a_hold_is_listed_until_it_is_over(own, held, clock):
    page = text(own.get("/appointments/"))
    clock.move_to(held.held_until)
    later = text(own.get("/appointments/"))

    assert "Held until 9:10 AM" in page
    assert address(held) in page
    assert str(held.uid) not in later


def lists(clinic, patient):
    _, where = clinic
    day = f"?day={MONDAY}"
    return {
        "practitioner": [f"/schedule/{day}", f"/schedule/week/{day}"],
        "desk": [
            f"/desk/places/{where.slug}/{day}",
            f"/desk/places/{where.slug}/list/{day}",
            f"/desk/patients/{patient.uid}/",
        ],
    }


def test_staff_see_how_long_it_is_held_and_nothing_of_it_afterwards(
    client, own, held, clinic, patient, clock
):
    who, _ = clinic
    who.user = factories.UserFactory(groups=[access.PRACTITIONER])
    who.save()
    users = {"practitioner": who.user, "desk": factories.FrontDeskUserFactory()}
    for actor, paths in lists(clinic, patient).items():
        client.force_login(users[actor])
        for path in paths:
            clock.move_to(NOW)
            live = text(client.get(path))
            clock.move_to(held.held_until)
            over = text(client.get(path))

            assert "On hold until 9:10 AM" in live, path
            assert address(held) in live
            assert address(held) not in over, path
            assert "On hold" not in over
            assert "Cancel…" not in live


def test_the_desk_books_or_lets_go_for_a_patient_and_a_practitioner_only_looks(
    client, own, held, clinic
):
    who, _ = clinic
    who.user = factories.UserFactory(groups=[access.PRACTITIONER])
    who.save()
    client.force_login(who.user)
    seen = text(client.get(address(held)))
    refused = [client.post(address(held, page)) for page in ("confirm/", "let-go/")]
    client.force_login(factories.FrontDeskUserFactory())
    page = text(client.get(address(held)))
    cancelled = client.post(
        address(held, "cancel/"), {"reason": "x", "caused_by": "clinic"}
    )
    booked = client.post(address(held, "confirm/"))

    assert "On hold until 9:10 AM" in seen
    assert "Book this appointment" not in seen
    assert [each.status_code for each in refused] == [409, 409]
    assert "who holds this time" in page
    assert cancelled.status_code == 409
    assert booked.status_code == 302
    held.refresh_from_db()
    assert held.status == Status.BOOKED


@pytest.mark.parametrize(
    ("sent_to", "leads_to"),
    [
        (f"/book/{street.VARIANT}/hold/", f"/book/{street.VARIANT}/"),
        (f"/book/{street.VARIANT}/confirm/", f"/book/{street.VARIANT}/"),
        (
            f"/book/{street.AGAIN}/course/{street.PLAN}/dates/",
            f"/book/{street.AGAIN}/course/{street.PLAN}/",
        ),
    ],
)
def test_who_signs_in_again_after_sending_a_time_is_led_to_the_times(
    client, sent_to, leads_to
):
    town = street.build()
    asked_to_sign_in = client.post(sent_to, {"at": street.FREE})
    client.force_login(town.users["owner"])

    page = client.get(asked_to_sign_in.url.partition("next=")[2], follow=True)

    assert page.redirect_chain == [(leads_to, 302)]
    assert "Nothing has been changed." in page.content.decode()
