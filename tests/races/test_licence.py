"""A licence ends while many book: nobody is booked after it on what no longer holds.

Whoever ends the licence and whoever books take the practitioner's row first, and write
their audit row while they hold it; so the order of these rows is that of the turns.
"""

import pytest

from bookings.models import Appointment
from clinic.models import AuditEvent, Qualification
from tests.races.answers import told_plainly
from tests.races.conftest import CLIENTS
from tests.races.processes import crowd, rounds, together

WORKERS = 4
HESITATION = 0.4  # seconds between asking and writing; the licence ends in between
# Seconds after the moment of thirty-two bookings: a little before, among, behind them.
WAITS = [step * 0.03 for step in (-2, 6, -1, 4, 0, 3, 2, 1)]
CLOSED = 'data-code="CREDENTIAL_NOT_VALID_ON_DATE"'
pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def race(clinic, port, clients, child_environment):
    """Give a function that ends a licence while everybody books a time of their own."""
    path = f"/book/{clinic.variant.code}/confirm/"
    with crowd("tests.races.ending", 1, child_environment) as office:

        def run(paper, starts, wait):
            jobs = [
                {
                    "port": port,
                    "path": path,
                    "form": clinic.booking(start, client),
                    "session": clinic.desk,
                }
                for client, start in enumerate(starts)
            ]
            day = str(clinic.now.date())
            ending = {"paper": paper.pk, "valid_until": day, "wait": wait}
            return together([(office, [ending]), (clients, jobs)])[1]

        yield run


def test_nobody_is_booked_after_the_licence_was_ended(clinic, race):
    paper = Qualification.objects.get(practitioner=clinic.practitioners[0])
    starts = [clinic.start(number) for number in range(CLIENTS)]
    before = after = 0
    for number in range(rounds(6)):
        answers = race(paper, starts, WAITS[number % len(WAITS)])
        ended = AuditEvent.objects.filter(verb="ended qualification").latest("pk")
        booked = AuditEvent.objects.filter(verb="book")
        assert not booked.filter(pk__gt=ended.pk).exists()
        statuses = told_plainly(answers)
        assert set(statuses) <= {302, 409}
        assert statuses[302] == Appointment.objects.count() == booked.count()
        before, after = before + statuses[302], after + statuses[409]
        for answer in answers:
            if answer["status"] == 409:
                assert CLOSED in answer["text"], answer["text"]
        # Back to how it was, for the next round.
        Appointment.objects.all().delete()
        AuditEvent.objects.all().delete()
        Qualification.objects.filter(pk=paper.pk).update(valid_until=None)
    assert before
    assert after


@pytest.mark.parametrize(
    ("without", "broken"), [([], False), (["lock", "transaction"], True)]
)
def test_it_is_the_lock_that_keeps_them_apart(
    clinic, child_environment, without, broken
):
    """The negative control: without it, most rounds book on what has just ended."""
    paper = Qualification.objects.get(practitioner=clinic.practitioners[0])
    wrong = 0
    with (
        crowd("tests.races.ending", 1, child_environment) as office,
        crowd("tests.races.unguarded", WORKERS, child_environment) as workers,
    ):
        for number in range(rounds(6)):
            jobs = [
                {
                    "variant": clinic.variant.code,
                    "place": clinic.place.slug,
                    "practitioner": paper.practitioner.slug,
                    "patient": clinic.patients[worker].pk,
                    "at": clinic.start(number * WORKERS + worker).isoformat(),
                    "now": clinic.now.isoformat(),
                    "without": without,
                    "hesitates": HESITATION,
                }
                for worker in range(WORKERS)
            ]
            day = str(clinic.now.date())
            ending = {"paper": paper.pk, "valid_until": day, "wait": HESITATION / 2}
            together([(office, [ending]), (workers, jobs)])
            ended = AuditEvent.objects.filter(verb="ended qualification").latest("pk")
            wrong += AuditEvent.objects.filter(verb="book", pk__gt=ended.pk).exists()
            AuditEvent.objects.all().delete()
            Qualification.objects.filter(pk=paper.pk).update(valid_until=None)
    assert wrong > 0.5 * rounds(6) if broken else wrong == 0, wrong
