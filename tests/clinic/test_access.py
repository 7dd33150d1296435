"""Rights follow from groups and records, and cost one query."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from clinic import access
from clinic.models import User
from tests.factories import (
    FrontDeskUserFactory,
    PatientFactory,
    PractitionerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def somebody(*groups, **fields):
    return UserFactory(groups=list(groups), **fields)


@pytest.mark.parametrize(
    ("groups", "desk", "admin", "clinician"),
    [
        ([], False, False, False),
        ([access.PATIENT], False, False, False),
        ([access.PRACTITIONER], False, False, False),
        ([access.FRONT_DESK], True, False, False),
        ([access.CLINICIAN], False, False, True),
        ([access.CLINIC_ADMIN], True, True, False),
    ],
)
def test_rights_of_a_group(groups, desk, admin, clinician):
    user = somebody(*groups)

    assert access.is_front_desk(user) is desk
    assert access.is_admin(user) is admin
    assert access.is_clinician(user) is clinician


def test_superuser_is_admin_and_the_inactive_are_nobody():
    assert access.is_admin(UserFactory(is_superuser=True))
    assert not access.is_admin(UserFactory(is_superuser=True, is_active=False))
    assert not access.is_front_desk(somebody(access.FRONT_DESK, is_active=False))


def test_nobody_anonymous_has_any_right(django_assert_num_queries):
    anonymous = AnonymousUser()

    with django_assert_num_queries(0):
        assert not access.is_front_desk(anonymous)
        assert not access.is_practitioner(anonymous)
        assert access.patient_of(anonymous) is None


def test_all_rights_cost_one_query(django_assert_num_queries):
    user = User.objects.get(pk=somebody(access.FRONT_DESK, access.CLINICIAN).pk)

    with django_assert_num_queries(1):
        assert access.is_front_desk(user)
        assert access.is_clinician(user)
        assert not access.is_admin(user)
        assert not access.is_practitioner(user)
        assert access.patient_of(user) is None


def test_practitioner_is_whoever_has_the_record():
    practitioner = PractitionerFactory(user=UserFactory())

    assert access.is_practitioner(practitioner.user)
    assert not access.is_practitioner(somebody(access.PRACTITIONER))


def test_patient_sees_only_their_own_record():
    mine, other = PatientFactory(), PatientFactory()

    assert access.patient_or_404(mine.user, mine.uid) == mine
    assert access.patient_or_404(mine.user, str(mine.uid)) == mine
    with pytest.raises(Http404):
        access.patient_or_404(mine.user, other.uid)


def test_front_desk_sees_every_patient():
    patient = PatientFactory(user=None)

    assert access.patient_or_404(FrontDeskUserFactory(), patient.uid) == patient


@pytest.mark.parametrize("uid", ["", "nonsense", "9" * 40, "\ud800"])
def test_no_patient_is_found_under_an_uid_that_is_none(uid):
    with pytest.raises(Http404):
        access.patient_or_404(FrontDeskUserFactory(), uid)


@pytest.mark.parametrize(
    ("decorate", "group"),
    [
        (access.front_desk_required, access.FRONT_DESK),
        (access.admin_required, access.CLINIC_ADMIN),
    ],
)
def test_guarded_view_asks_strangers_to_sign_in_and_refuses_others(rf, decorate, group):
    view = decorate(lambda request: HttpResponse("inside"))
    request = rf.get("/there/?day=2026-02-02")

    request.user = AnonymousUser()
    assert view(request).url == "/accounts/login/?next=/there/%3Fday%3D2026-02-02"
    request.user = somebody(access.PATIENT)
    with pytest.raises(PermissionDenied):
        view(request)
    request.user = somebody(group)
    assert view(request).content == b"inside"


def test_whoever_is_signed_in_is_read_once(client, django_assert_num_queries):
    user = PatientFactory(user__groups=[access.PATIENT]).user
    client.force_login(user)

    with django_assert_num_queries(
        2
    ):  # the session, and the user with all that is theirs
        assert client.get("/accounts/password/change/").status_code == 200


def test_whose_account_was_closed_is_signed_out(client):
    user = PatientFactory().user
    client.force_login(user)
    user.is_active = False
    user.save()

    assert client.get("/appointments/").status_code == 302
