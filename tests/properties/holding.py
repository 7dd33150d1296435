"""What is on hold, in the clinic that is booked at random: held, confirmed, let go."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import multiple, rule

from bookings import actions
from tests.properties.diary import Entry
from tests.properties.machine import (
    SHORT,
    Clinic,
    patients,
    practitioners,
    starts,
    tally,
    variants,
)


class Holding(Clinic):
    """A clinic where patients hold times first."""

    @rule(
        target=Clinic.booked,
        patient=patients,
        who=practitioners,
        start=starts,
        variant=variants,
    )
    def hold(self, patient, who, start, variant):
        wish = Entry(patient, who, start, variant, "pending")
        replaced = self.diary.replaced_by(wish)
        against = self.diary.against(wish, *replaced)
        if not against and self.diary.holds_too_many(wish, replaced):
            against = {"TOO_MANY_HOLDS"}
        asked, now = self.asked(wish), self.diary.now
        made = self.attempt(
            not against,
            against,
            lambda: actions.hold(asked=asked, at=start, by=self.desk, now=now),
        )
        if made is None:
            tally["too many"] += against == {"TOO_MANY_HOLDS"}
            return multiple()
        for each in replaced:
            self.diary.entries[each].status = "cancelled"
            tally["replaced"] += 1
        wish.held_from = now
        wish.held_until = now + timedelta(minutes=self.place.hold_minutes)
        self.diary.entries[made.pk] = wish
        tally["held"] += 1
        return made.pk

    @rule(
        target=Clinic.booked,
        patient=patients,
        who=practitioners,
        which=st.integers(0, 99),
        variant=variants,
    )
    def hold_what_is_offered(self, patient, who, which, variant):
        start = self.offered(Entry(patient, who, self.diary.now, variant), which)
        return self.hold(patient, who, start, variant)

    @rule(
        target=Clinic.booked,
        made=Clinic.booked,
        who=practitioners,
        which=st.integers(0, 99),
    )
    def choose_again(self, made, who, which):
        was = self.diary.entries[made]
        return self.hold_what_is_offered(was.patient, who, which, was.variant)

    @rule(
        target=Clinic.booked,
        made=Clinic.booked,
        other=st.integers(1, 2),
        minutes=st.integers(-1, 3),
    )
    def hold_what_somebody_holds(self, made, other, minutes):
        """Another patient comes shortly before the hold ends, or afterwards."""
        was = self.diary.entries[made]
        if was.status != "pending":
            return multiple()
        ends = was.held_until + timedelta(minutes=minutes)
        self.diary.now = max(self.diary.now, ends)
        patient = (was.patient + other) % 3
        taken = self.hold(patient, was.who, was.start, was.variant)
        tally["taken over"] += isinstance(taken, int)
        return taken

    @rule(made=Clinic.booked)
    def confirm(self, made):
        was, row = self.entry(made)
        now = self.diary.now

        def act():
            return actions.confirm(appointment=row, by=self.desk, now=now)

        if was.status == "booked":
            assert act() == row  # it is already
            return
        if was.status != "pending":
            with pytest.raises(actions.NotPossible):
                act()
            return
        over = not self.diary.occupies(was)
        against = self.diary.against(was, made)
        if self.attempt(not against, against, act):
            was.status = "booked"
            tally["confirmed after it was over" if over else "confirmed"] += 1

    @rule(made=Clinic.booked, minutes=st.integers(0, 5))
    def confirm_late(self, made, minutes):
        was = self.diary.entries[made]
        if self.diary.is_held(was):
            self.diary.now = was.held_until + timedelta(minutes=minutes)
        self.confirm(made)

    @rule(made=Clinic.booked)
    def let_go(self, made):
        was, row = self.entry(made)
        if was.status == "pending" or (was.status == "cancelled" and row.held_until):
            actions.let_go(appointment=row, by=self.desk, now=self.diary.now)
            tally["let go"] += was.status == "pending"
            was.status = "cancelled"
        else:
            with pytest.raises(actions.NotPossible):
                actions.let_go(appointment=row, by=self.desk, now=self.diary.now)

    @rule(patient=patients, who=practitioners, which=st.integers(0, 99))
    def hold_and_let_go(self, patient, who, which):
        made = self.hold_what_is_offered(patient, who, which, SHORT)
        if isinstance(made, int):
            self.let_go(made)

    @rule(minutes=st.integers(1, 12))
    def minutes_pass(self, minutes):
        self.diary.now += timedelta(minutes=minutes)
