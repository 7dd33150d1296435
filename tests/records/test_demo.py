"""The demo: who is bookable for what as section 4.6b has it, and weeks that happened.

Loaded once for all; every test is rolled back.
"""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from bookings.actions import book
from bookings.models import (
    Appointment,
    AtRisk,
    AvailableTime,
    Claim,
    Course,
    Fee,
    Notice,
    Override,
    SingleDay,
    Status,
)
from bookings.models.appointments import OCCUPYING
from clinic.access import CLINICIAN
from clinic.models import (
    AuditEvent,
    Location,
    Patient,
    Practitioner,
    Qualification,
    TravelTime,
    User,
)
from records.demo import load as demo
from records.demo.people import PASSWORD, email_of
from records.demo.staff import OFFICE, PRACTITIONERS
from tests import worlds
from tests.records.table import (
    ASSESSMENT,
    BOOKABLE,
    DAY,
    HALF_MM,
    MICRO,
    NEEDLING,
    NOW,
    PERSON,
    PLACES,
    SKIN,
    TODAY,
    asked,
    offered,
    refusals,
)
from treatments import actions
from treatments.models import (
    Order,
    Privilege,
    SupervisionAgreement,
    TreatmentVariant,
)

SUPERVISED = {"AGREEMENT_REQUIRED", "SUPERVISION_REQUIRED"}
ORDERED = SUPERVISED | {"ORDER_REQUIRED"}
NOT_THERE = {"SUPERVISOR_NOT_ON_SITE", "ORDER_REQUIRED"}
KEPT = (
    *(Location, User, Practitioner, Patient, Qualification, Privilege),
    *(AvailableTime, Appointment, Claim, Notice, EmailAddress),
    *(SupervisionAgreement, Order, SingleDay, TravelTime),
)


def patient_of(name):
    return Patient.objects.get(user__email=f"{name}@example.com")


def everything():
    """Every row there is, field by field."""
    return {model: list(model.objects.order_by("pk").values()) for model in KEPT}


@pytest.mark.xdist_group("demo")  # so that one process loads it, once
class DemoTest(TestCase):
    """The demo as it is right after it was loaded."""

    @classmethod
    def setUpTestData(cls):
        worlds.load_shipped()
        cls.loaded = demo.load(NOW)

    def test_who_is_bookable_for_what_is_the_table(self):
        variants = set(TreatmentVariant.objects.values_list("code", flat=True))
        found = {
            slug: tuple(
                {code for code in variants if offered(asked(code, place, slug))}
                for place in PLACES
            )
            for slug in Practitioner.objects.values_list("slug", flat=True)
        }

        assert found == BOOKABLE

    def test_what_the_table_leaves_out_is_refused_and_not_only_taken(self):
        for person in PRACTITIONERS:
            for place, may in zip(PLACES, BOOKABLE[person.slug], strict=True):
                for code in set(person.does) - may:
                    found = refusals(code, place, person)

                    assert found, (person.slug, place, code)
                    assert not {"OUTSIDE_HOURS", "OFF_GRID", "NO_PRIVILEGE"} & {
                        finding.code for finding in found
                    }

    def test_every_treatment_has_free_times_at_every_place_every_week(self):
        for place in PLACES:
            for code in NEEDLING | ASSESSMENT | SKIN:
                for week in (1, 8):
                    days = TODAY + week * DAY
                    assert offered(asked(code, place), first=days, days=7), (
                        place,
                        code,
                    )

    def test_nobody_ever_offers_what_their_profession_may_not(self):
        self.grant_everything()
        for place in PLACES:
            for codes, never in (
                (MICRO | {"rf_face", "prp_face"}, "physical_therapist"),
                (NEEDLING, "aesthetician"),
                (NEEDLING, "master_aesthetician"),
            ):
                for code in codes:
                    found = offered(asked(code, place), days=90)
                    roles = {slot.role.role.code for slot in found}

                    assert found
                    assert never not in roles, (place, code)

    def test_refusal_names_the_role_even_where_the_clinic_would_let_them(self):
        self.grant_everything()
        for person in PRACTITIONERS:
            if person.role == "physical_therapist":
                codes, label = MICRO, "Physical therapist"
            elif person.role in {"aesthetician", "master_aesthetician"}:
                codes, label = NEEDLING, "aesthetician"
            else:
                continue
            for place in PLACES:
                for code in codes:
                    found = refusals(code, place, person)

                    assert any(
                        label.lower() in finding.message.lower() for finding in found
                    ), (person.slug, place, code, found)

    def test_what_needs_a_shallower_needle_or_a_paper_says_so(self):
        self.grant_everything()
        for slug, place, code, depth, needs in (
            ("lucia-ferrante", "phoenix", "mn_face_10", "0.5", set()),
            ("lucia-ferrante", "phoenix", "mn_face_10", "0.6", {"OUTSIDE_SCOPE"}),
            ("noor-rahimi", "salt-lake-city", "mn_scalp", "1.0", set()),
            ("noor-rahimi", "salt-lake-city", "mn_face_scars_15", "1.6", SUPERVISED),
            ("priya-anand", "tampa", "prp_face", None, {"SUPERVISION_REQUIRED"}),
            ("priya-anand", "phoenix", "peel_light", None, {"SUPERVISION_REQUIRED"}),
            ("grace-lindholm", "tampa", "mn_face_05", None, {"ORDER_REQUIRED"}),
            ("grace-lindholm", "tampa", "rf_face", None, NOT_THERE),
            ("grace-lindholm", "phoenix", "peel_light", None, ORDERED),
        ):
            planned = Decimal(depth) if depth else None
            found = refusals(code, place, PERSON[slug], depth_mm=planned)
            codes = {finding.code for finding in found} - {"DEPTH_OVER_VARIANT"}

            assert codes == needs, (slug, place, code)

    def test_the_nurse_is_bookable_for_the_one_patient_with_an_order(self):
        anna = Patient.objects.get(user__email="anna@example.com")
        other = Patient.objects.exclude(pk=anna.pk).first()

        for code in HALF_MM:
            for place in PLACES:
                hers = asked(code, place, "grace-lindholm", patient=anna)
                theirs = asked(code, place, "grace-lindholm", patient=other)

                assert offered(hers), (code, place)
                assert not offered(theirs)

    def test_licence_that_ends_opens_its_last_day_and_nothing_after(self):
        last = TODAY + 21 * DAY
        days = {
            place: {
                slot.start.astimezone(slot.place.tz).date()
                for slot in offered(asked("dn_first", place, "helen-strand"), days=80)
            }
            for place in PLACES
        }

        assert all(days.values())
        assert max(set.union(*days.values())) == last
        helen = PERSON["helen-strand"]
        assert last.weekday() in helen.week["salt-lake-city"]
        assert (last + DAY).weekday() in helen.week["salt-lake-city"]

    def test_one_evening_was_let_pass_by_the_desk_with_a_reason(self):
        row = Override.objects.get()

        assert (row.code, row.lapsed_at) == ("OUTSIDE_HOURS", None)
        assert str(row.by) == "Daniel Willow"

    def test_weeks_behind_us_took_place_and_those_ahead_are_booked(self):
        rows = list(Appointment.objects.with_people())
        behind = [row for row in rows if row.ends_at <= NOW]
        ahead = [row for row in rows if row.starts_at > NOW]

        assert self.loaded.appointments == len(rows) > 100
        assert {row.status for row in behind} == {
            *(Status.FULFILLED, Status.NOSHOW, Status.CANCELLED)
        }
        assert {row.status for row in ahead} == {Status.BOOKED, Status.CANCELLED}
        for half in (behind, ahead):
            assert {row.place.slug for row in half} == set(PLACES)
            assert len(half) > 30
        assert min(row.starts_at for row in rows) > NOW - 16 * DAY
        alone = [row.starts_at for row in rows if row.course is None]
        assert max(alone) < NOW + 16 * DAY
        assert all(row.created_at < min(row.starts_at, NOW) for row in rows)
        assert all(row.allowed_because["rule"] for row in rows)
        assert not AuditEvent.objects.filter(at__gt=NOW).exists()

    def test_one_late_fee_is_waived_and_others_are_owed(self):
        fees = Counter(Fee.objects.values_list("reason", "state"))

        assert fees["late", "waived"] == 1
        assert fees["late", "owed"] >= 1
        assert fees["noshow", "paid"] <= 1
        assert not Appointment.objects.filter(policy=None).exists()

    def test_anna_has_a_course_that_lies_as_its_plan_says(self):
        course = Course.objects.get()
        rows = course.appointments.standing().order_by("session")
        days = [row.starts_at.astimezone(row.place.tz).date() for row in rows]

        assert (course.patient.given_name, course.sessions) == ("Anna", len(days))
        for before, after in pairwise(days):
            assert course.least_days <= (after - before).days <= course.most_days

    def test_a_day_away_put_its_appointments_at_risk_and_cancelled_none(self):
        flags = AtRisk.objects.to_do(NOW).select_related("appointment")

        assert flags
        assert {flag.appointment.status for flag in flags} == {Status.BOOKED}
        assert len({flag.appointment.practitioner_id for flag in flags}) == 1

    def test_only_what_occupies_time_claims_it(self):
        rows = Appointment.objects.select_related("variant")
        for row in rows.prefetch_related("claims"):
            needed = [*row.variant.rooms_needed, *row.variant.devices_needed]
            claims = 2 + len(needed) if row.status in OCCUPYING else 0
            assert len(row.claims.all()) == claims

    def test_everybody_does_only_what_the_table_has(self):
        for row in Appointment.objects.with_people():
            may = BOOKABLE[row.practitioner.slug][PLACES.index(row.place.slug)]

            assert row.variant.code in may

    def test_first_visit_comes_before_every_follow_up(self):
        standing = Appointment.objects.standing()
        follow_ups = standing.filter(variant__visit="follow_up")

        assert follow_ups.count() > 20
        for row in follow_ups.select_related("variant"):
            assert standing.filter(
                patient=row.patient_id,
                variant__treatment=row.variant.treatment_id,
                variant__visit="first",
                ends_at__lte=row.starts_at,
            ).exists()

    def test_everybody_signs_in_with_the_one_password(self):
        emails = {email_of(person.slug) for person in PRACTITIONERS}
        emails |= {"anna@example.com", *(row[0] for row in OFFICE)}

        assert {"desk@example.com", "admin@example.com"} < emails
        assert len(emails) == len(PRACTITIONERS) + 3
        for email in emails:
            user = User.objects.get(email=email)
            address = EmailAddress.objects.get(email=email)

            assert (address.user, address.verified, address.primary) == (
                *(user, True, True),
            )
        assert User.objects.get(email="anna@example.com").check_password(PASSWORD)
        assert User.objects.get(email="admin@example.com").is_staff
        assert not User.objects.filter(is_superuser=True).exists()

    def test_clinicians_review_the_catalogue_and_nobody_else_who_treats_does(self):
        for person in PRACTITIONERS:
            user = User.objects.get(email=email_of(person.slug))
            reviews = CLINICIAN in person.groups

            assert user.is_staff == reviews
            assert user.has_perm("treatments.publish_edition") == reviews
        assert sum(CLINICIAN in person.groups for person in PRACTITIONERS) == 2

    def test_some_thirty_patients_of_whom_not_all_sign_in(self):
        patients = Patient.objects.all()
        anna = patients.get(user__email="anna@example.com")

        assert patients.count() >= 30
        assert patients.filter(user=None).count() >= 5
        assert anna.appointments.filter(status=Status.FULFILLED).exists()
        assert anna.appointments.upcoming(NOW).exists()

    def test_a_holiday_is_closed_at_all_places(self):
        for place in Location.objects.all():
            thanksgiving = asked("consult_msk", place.slug)

            assert not offered(thanksgiving, first=date(2026, 11, 26), days=1)
            assert place.keeps_holidays

    def test_one_saturday_is_added_and_one_thursday_is_off(self):
        added = SingleDay.objects.get(start_time__isnull=False)
        off = SingleDay.objects.exclude(role=added.role).get()
        lucia = asked("consult_skin", "phoenix", "lucia-ferrante")
        miles = asked("consult_msk", "tampa", "miles-deacon")

        assert added.day.weekday() == 5
        assert offered(lucia, first=added.day, days=1)
        assert not offered(lucia, first=added.day + 7 * DAY, days=1)
        assert off.day.weekday() == 3
        assert not offered(miles, first=off.day, days=1)
        assert offered(miles, first=off.day + 14 * DAY, days=1)

    def test_after_a_late_appointment_ruth_is_in_sandy_later(self):
        ruth = Practitioner.objects.get(slug="ruth-okafor")
        monday = TODAY + 5 * DAY
        evening = asked("consult_msk", "sandy", ruth.slug)
        nobody_yet = {"first": monday + 21 * DAY, "days": 1}
        before = offered(evening, **nobody_yet)[0]
        in_the_city = asked(
            "consult_msk", "salt-lake-city", ruth.slug, patient=patient_of("mei")
        )
        last = offered(in_the_city, **nobody_yet)[-1]

        book(asked=in_the_city, at=last.start, by=None, now=NOW)

        after = offered(evening, **nobody_yet)[0]
        assert before.start - last.end < timedelta(minutes=35) <= after.start - last.end

    def test_second_load_changes_nothing_and_undoes_nothing(self):
        Location.objects.filter(slug="tampa").update(phone="+1 813 555 0199")
        AvailableTime.objects.first().delete()
        before = everything()

        again = demo.load(NOW + DAY)

        assert again.before
        assert everything() == before

    def test_load_that_was_broken_off_goes_on_without_repeating_itself(self):
        before = everything()
        AuditEvent.objects.filter(verb=demo.LOADED).delete()

        demo.load(NOW + DAY)

        assert everything() == before

    @override_settings(DEMO=True)
    def test_command_prints_the_sign_ins(self):
        printed = StringIO()

        call_command("demo", stdout=printed)

        assert PASSWORD in printed.getvalue()
        for email in ("anna@example.com", "desk@example.com", "ruth@example.com"):
            assert email in printed.getvalue()

    def grant_everything(self):
        for practitioner in Practitioner.objects.all():
            for variant in TreatmentVariant.objects.select_related("treatment"):
                actions.grant_privilege(
                    practitioner=practitioner, variant=variant, by=None, now=NOW
                )


@pytest.mark.django_db
def test_command_is_refused_outside_the_demo(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=true"):
        call_command("demo")

    assert not User.objects.exists()


@pytest.mark.django_db
def test_command_asks_for_the_rules_first(settings):
    settings.DEMO = True

    with pytest.raises(CommandError, match="load_domain"):
        call_command("demo")

    assert not Location.objects.exists()
