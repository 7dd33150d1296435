"""First visits are for those who have not been, follow-ups for those who have."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from bookings.findings import Closure, Finding
from bookings.models import Appointment
from bookings.timeline import minute_from
from bookings.wanted import Wanted
from treatments.models import VisitKind as Kind

Visits = dict[tuple[int, int], list[tuple[int, int]]]


class VisitKind:
    """Asks the patient's own visits for the same treatment: done, or still to come.

    A hold is no visit.
    """

    about_time = True
    about_making = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> Visits:
        asked = [
            wanted
            for wanted in wanteds
            if wanted.patient and wanted.variant.visit != Kind.ANY
        ]
        visits: Visits = defaultdict(list)
        if not asked:
            return visits
        rows = (
            Appointment.objects.standing()
            .filter(
                patient__in={wanted.patient.pk for wanted in asked if wanted.patient},
                variant__treatment__in={
                    wanted.variant.treatment_id for wanted in asked
                },
            )
            .values_list("patient_id", "variant__treatment_id", "ends_at", "pk")
        )
        for patient, treatment, ends_at, appointment in rows:
            visits[patient, treatment].append((minute_from(ends_at), appointment))
        return visits

    def closures(self, facts: Visits, wanted: Wanted) -> Iterable[Closure]:
        if wanted.patient is None or wanted.variant.visit == Kind.ANY:
            return
        name = wanted.variant.treatment.name.lower()
        ends = [
            end
            for end, appointment in facts.get(
                (wanted.patient.pk, wanted.variant.treatment_id), ()
            )
            if appointment not in wanted.ignoring
        ]
        if wanted.variant.visit == Kind.FIRST and ends:
            finding = Finding(
                "NOT_A_FIRST_VISIT",
                wanted.variant.code,
                f"You already have a visit for {name}, so this is not the first.",
                "Book a follow-up instead.",
                desk="The patient has a visit for this treatment on file.",
            )
            yield Closure(wanted.first, wanted.until, finding)
        if wanted.variant.visit == Kind.FOLLOW_UP:
            until = min([*ends, wanted.until])
            finding = Finding(
                "FIRST_VISIT_NEEDED",
                wanted.variant.code,
                f"A follow-up comes after a first visit for {name}.",
                "Book a first visit instead, or choose a time after it.",
                desk="No earlier visit for this treatment is on file.",
            )
            if wanted.first < until:
                yield Closure(wanted.first, until, finding)
