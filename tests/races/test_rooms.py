"""Two free rooms and many comers: two are booked. The same with one device: one is.

Every comer has a practitioner who is free, so that only the room, or the device, is
what they meet about.
"""

import pytest

from bookings.models import Appointment
from tests.races import clinic as clinics
from tests.races.answers import so_many_won
from tests.races.conftest import CLIENTS
from tests.races.processes import crowd, rounds
from tests.races.test_unguarded import job, without_guards

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

COMERS = 3
WORKERS = 6
SCARCE = [
    pytest.param({"room": 2}, 2, id="two rooms"),
    pytest.param({"device": 1}, 1, id="one device"),
    pytest.param({"room": 2, "device": 1}, 1, id="two rooms and one device"),
]


@pytest.fixture
def clinic(transactional_db, request):
    return clinics.make(CLIENTS, practitioners=COMERS, **request.param)


@pytest.mark.parametrize(("clinic", "winners"), SCARCE, indirect=["clinic"])
@pytest.mark.parametrize("apart", [0, 1], ids=["same time", "overlapping"])
def test_as_many_are_booked_as_there_are_rooms(clinic, post, winners, apart):
    path = f"/book/{clinic.variant.code}/confirm/"
    for number in range(rounds(5)):
        start = clinic.start(number)
        forms = [
            clinic.booking(
                start + clinics.QUARTER * apart * (client % 4), client, client % COMERS
            )
            for client in range(CLIENTS)
        ]
        answers = post([path] * CLIENTS, forms, [clinic.desk] * CLIENTS)
        so_many_won(winners, answers)
        assert Appointment.objects.count() == winners * (number + 1)


@pytest.fixture
def race(child_environment, request):
    """Give a function that races a round after the other; how many won each."""
    clinic = clinics.make(WORKERS, practitioners=WORKERS, **request.param)
    with crowd("tests.races.unguarded", WORKERS, child_environment) as workers:

        def run(*without):
            won = []
            for number in range(rounds(6)):
                jobs = [
                    job(clinic, number, patient, without, whom=patient)
                    for patient in range(WORKERS)
                ]
                answers = workers.at_once(jobs)
                won.append(sum(answer["booked"] for answer in answers))
            return won

        yield run


RACES = pytest.mark.parametrize(
    ("race", "winners"),
    SCARCE[:2],
    indirect=["race"],
)


@RACES
def test_without_lock_and_constraint_most_rounds_break(race, winners):
    with without_guards():
        won = race("lock", "transaction")
        assert clinics.overlapping() > 0
    broken = sum(count > winners for count in won)
    assert broken > 0.5 * len(won), won


@RACES
def test_the_lock_alone_gives_each_room_away_once(race, winners):
    with without_guards():
        assert set(race()) == {winners}
        assert clinics.overlapping() == 0


@RACES
def test_the_database_alone_gives_no_room_away_twice(race, winners):
    """Without the lock all choose the same room, so that fewer may be booked."""
    assert set(race("lock")) <= set(range(1, winners + 1))
    assert clinics.overlapping() == 0
