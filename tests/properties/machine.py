"""A clinic that is booked at random, beside the diary that says what may be booked.

The machine of `test_stateful`: what patients and the desk do with appointments, and
what is true after every step. `holding` adds what is on hold.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from bookings import actions, slots
from bookings.models import Appointment, Claim, Override
from bookings.question import ask
from clinic import access
from tests import factories
from tests.properties.diary import Diary, Entry
from tests.races import clinic as clinics

NOW = datetime(2026, 2, 2, 15, tzinfo=UTC)  # a Monday, eight o'clock in Denver
QUARTER = timedelta(minutes=15)
WHOSE = ("practitioner", "patient")
OVERRIDABLE = {"NOTICE_TOO_SHORT", "OUTSIDE_HOURS", "OFF_GRID"}
REASON = "Agreed by telephone with the patient."
SHORT, MIDDLE, LONG = "short", "middle", "long"

patients = st.integers(0, 2)
practitioners = st.integers(0, 1)
variants = st.sampled_from([SHORT, MIDDLE, LONG])
# Few starts, so that they meet; now and then one off the grid or in the night.
starts = st.one_of(
    st.integers(-4, 60).map(lambda quarter: NOW + quarter * QUARTER),
    st.integers(0, 8).map(lambda hours: NOW + timedelta(days=1, hours=hours)),
    st.integers(-60, 4_000).map(lambda minutes: NOW + timedelta(minutes=minutes)),
)
tally = Counter()


class Clinic(RuleBasedStateMachine):
    """One clinic of two practitioners and three patients; every step is taken twice."""

    booked = Bundle("booked")

    def __init__(self):
        super().__init__()
        self.mark = transaction.savepoint()

    def teardown(self):
        transaction.savepoint_rollback(self.mark)

    @initialize()
    def open(self):
        clinic = clinics.make(3)
        self.clinic, self.place = clinic, clinic.place
        self.variants = {LONG: clinic.variant}
        for name, minutes in ((SHORT, 30), (MIDDLE, 45)):
            shorter = factories.TreatmentVariantFactory(
                code=f"dn_{name}",
                treatment=clinic.variant.treatment,
                duration_min=minutes,
                prep_min=5,
                cleanup_min=10,
            )
            for who in clinic.practitioners:
                factories.PrivilegeFactory(practitioner=who, variant=shorter)
            self.variants[name] = shorter
        self.desk = factories.UserFactory(groups=[access.FRONT_DESK])
        lengths = {
            name: tuple(
                timedelta(minutes=minutes)
                for minutes in (row.prep_min, row.duration_min, row.cleanup_min)
            )
            for name, row in self.variants.items()
        }
        notice = timedelta(minutes=self.place.notice_min)
        self.diary = Diary(NOW, notice, lengths, licensed={0: None, 1: None})

    def asked(self, wish):
        return ask(
            variant=self.variants[wish.variant].code,
            place=self.place.slug,
            practitioner=self.clinic.practitioners[wish.who].slug,
            patient=self.clinic.patients[wish.patient],
        )

    def entry(self, made):
        wish = self.diary.entries[made]
        return wish, Appointment.objects.with_people().get(pk=made)

    @rule(
        target=booked,
        patient=patients,
        who=practitioners,
        start=starts,
        variant=variants,
        insists=st.booleans(),
    )
    def book(self, patient, who, start, variant, insists):
        wish = Entry(patient, who, start, variant)
        asked = self.asked(wish)
        against = self.diary.against(wish)
        told = slots.why_not(asked, at=start, now=self.diary.now)
        assert {finding.code for finding in told} == against
        over = None
        if insists and against:
            keys = frozenset(finding.key for finding in told)
            over = actions.Overriding(keys=keys, reason=REASON)
        passes = not against or (insists and against <= OVERRIDABLE)
        made = self.attempt(
            passes,
            against,
            lambda: actions.book(
                asked=asked,
                at=start,
                by=self.desk,
                now=self.diary.now,
                overriding=over,
            ),
        )
        if made is None:
            return multiple()
        tally["booked despite a rule" if against else "booked"] += 1
        self.diary.entries[made.pk] = wish
        assert {row.code for row in made.overrides.current()} == against
        return made.pk

    @rule(target=booked, patient=patients, who=practitioners, which=st.integers(0, 99))
    def book_what_is_offered(self, patient, who, which):
        start = self.offered(Entry(patient, who, NOW, SHORT), which)
        return self.book(patient, who, start, SHORT, insists=False)

    @rule(patient=patients, who=practitioners, which=st.integers(0, 99))
    def book_and_cancel(self, patient, who, which):
        made = self.book_what_is_offered(patient, who, which)
        if isinstance(made, int):
            self.becomes(made, "cancel")

    def offered(self, wish, which):
        """One of the starts that the clinic's own list has, if it has any."""
        found = slots.open_slots(
            self.asked(wish), first_day=NOW.date(), days=2, now=self.diary.now
        )
        return found[which % len(found)].start if found else NOW

    def attempt(self, passes, against, act):
        """Act; when it does not pass, say that it was refused for just these reasons."""
        if passes:
            return act()
        with pytest.raises(actions.NotBookable) as refusal:
            act()
        assert {finding.code for finding in refusal.value.findings} == against
        tally["refused"] += 1
        return None

    @rule(made=booked, start=starts, who=practitioners)
    def move(self, made, start, who):
        self.diary.now += timedelta(seconds=1)  # nobody moves twice in one moment
        was, row = self.entry(made)
        wish = Entry(was.patient, who, start, was.variant, was.status)
        slug = self.clinic.practitioners[who].slug
        asked = actions.to_move(row, practitioner=slug)
        now = self.diary.now

        def act():
            return actions.move(
                appointment=row, asked=asked, at=start, by=self.desk, now=now
            )

        if (start, who) == (was.start, was.who):
            act()  # it is there already
            return
        if was.status != "booked" or was.start <= now:
            with pytest.raises(actions.NotPossible):
                act()
            return
        against = self.diary.against(wish, made)
        if self.attempt(not against, against, act):
            self.diary.entries[made] = wish
            assert not row.overrides.current().exists()
            tally["moved"] += 1

    @rule(made=booked, who=practitioners, which=st.integers(0, 99))
    def move_to_what_is_offered(self, made, who, which):
        was = self.diary.entries[made]
        self.move(made, self.offered(Entry(was.patient, who, NOW, SHORT), which), who)

    @rule(made=booked, what=st.sampled_from(["cancel", "fulfil", "arrive", "noshow"]))
    def becomes(self, made, what):
        was, row = self.entry(made)
        now, zone = self.diary.now, clinics.ZONE
        today = was.start.astimezone(zone).date() == now.astimezone(zone).date()
        verb, allowed, status = {
            "cancel": (
                actions.cancel,
                was.status in {"booked", "arrived"},
                "cancelled",
            ),
            "arrive": (actions.arrive, was.status == "booked" and today, "arrived"),
            "fulfil": (
                actions.fulfil,
                was.status == "arrived" and was.start <= now,
                "fulfilled",
            ),
            "noshow": (
                actions.mark_noshow,
                was.status == "booked" and was.start <= now,
                "noshow",
            ),
        }[what]
        in_time = {"cancel": True, "arrive": today}.get(what, was.start <= now)
        if allowed:
            verb(appointment=row, by=self.desk, now=now)
            was.status = status
            tally[status] += 1
        elif was.status == status and in_time:  # sent twice, it is done once
            assert verb(appointment=row, by=self.desk, now=now).status == status
        else:
            with pytest.raises(actions.NotPossible):
                verb(appointment=row, by=self.desk, now=now)

    @invariant()
    def nobody_is_in_two_places(self):
        for key in WHOSE:
            claims = Claim.objects.exclude(**{key: None}).order_by(key, "starts_at")
            for one, two in pairwise(claims):
                if getattr(one, f"{key}_id") == getattr(two, f"{key}_id"):
                    assert one.ends_at <= two.starts_at, (one, two)

    @invariant()
    def the_rows_are_the_diary(self):
        if not hasattr(self, "diary"):
            return
        rows = {row.pk: row for row in Appointment.objects.all()}
        assert rows.keys() == self.diary.entries.keys()
        claims = {
            (claim.appointment_id, key, getattr(claim, f"{key}_id")): (
                claim.starts_at,
                claim.ends_at,
            )
            for claim in Claim.objects.all()
            for key in WHOSE
            if getattr(claim, f"{key}_id")
        }
        expected, over = {}, {}
        for pk, entry in self.diary.entries.items():
            assert (rows[pk].status, rows[pk].starts_at) == (entry.status, entry.start)
            # A hold that is over has its claims until somebody wants the time.
            stands = expected if self.diary.occupies(entry) else over
            if entry.status == "pending" or stands is expected:
                who = self.clinic.practitioners[entry.who].pk
                patient = self.clinic.patients[entry.patient].pk
                stands[pk, "practitioner", who] = self.diary.occupied(entry)
                stands[pk, "patient", patient] = self.diary.visible(entry)
        assert expected.items() <= claims.items() <= (expected | over).items()
        assert not Override.objects.exclude(code__in=OVERRIDABLE).exists()
