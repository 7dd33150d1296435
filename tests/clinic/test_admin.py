"""The back office: every page opens, changes go through actions and are audited."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib import admin
from django.urls import reverse

from clinic import access
from clinic.models import (
    AuditEvent,
    CredentialKind,
    Practitioner,
    PractitionerRole,
    Qualification,
    ReviewState,
    User,
)
from tests import factories
from tests.factories import (
    AppointmentFactory,
    CredentialKindFactory,
    LocationFactory,
    PractitionerFactory,
    PractitionerRoleFactory,
    PrivilegeFactory,
    QualificationFactory,
    RoleFactory,
    ScopeOfPracticeFactory,
    UserFactory,
)
from treatments.models import CoursePlan, CredentialToken, Privilege, ScopeOfPractice

OURS = [
    model
    for model in admin.site._registry
    if model._meta.app_label in {"clinic", "treatments", "bookings"}
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    """Give a clinic admin who is signed in, with the client."""
    user = UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    client.force_login(user)
    return user


def rows():
    """One row of everything that the back office shows."""
    for name in factories.__all__:
        getattr(factories, name)()


def url(model, page, *args):
    return reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args
    )


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_page_opens(client, boss, model):
    rows()

    listed = client.get(url(model, "changelist"), {"q": "a"})

    assert listed.status_code == 200
    for row in model.objects.all()[:1]:
        assert client.get(url(model, "change", row.pk)).status_code == 200
    assert client.get(url(model, "add")).status_code in {200, 403}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_list_makes_no_query_per_row(
    client, boss, model, django_assert_max_num_queries
):
    for _ in range(3):
        QualificationFactory()
        AppointmentFactory(claims=False)
        PractitionerRoleFactory()
        PrivilegeFactory()

    with django_assert_max_num_queries(17):
        client.get(url(model, "changelist"))


def test_patients_and_appointments_are_looked_at_only(client, boss):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    appointment = AppointmentFactory()

    for row in [appointment, appointment.patient]:
        page = url(type(row), "change", row.pk)
        assert client.post(page, {}).status_code == 403
        assert client.get(url(type(row), "add")).status_code == 403
        assert client.post(url(type(row), "delete", row.pk)).status_code == 403


PAPER = {
    "number": "PT-1",
    "jurisdiction": "US-UT",
    "issuer": "",
    "valid_from": "2025-01-01",
    "valid_until": "2026-03-31",
    "foundation_hours": "",
    "specific_hours": "",
    "in_person_hours": "",
    "supervised_sessions": "",
    "exclusions": "",
}


def paper_of(practitioner, **fields):
    kind = CredentialKindFactory(roles="physical_therapist,chiropractor")
    return {
        **PAPER,
        "practitioner": practitioner.pk,
        "kind": kind.pk,
        "role": RoleFactory().pk,
        **fields,
    }


def test_paper_is_added_through_the_action_and_verified_by_whoever_looked(client, boss):
    sent = paper_of(PractitionerFactory(), looked_at="on")

    answer = client.post(url(Qualification, "add"), sent)

    assert answer.status_code == 302
    paper = Qualification.objects.get()
    assert (paper.valid_until, paper.verified_by) == (date(2026, 3, 31), boss)
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["added qualification", "verified qualification"]


def test_paper_that_nobody_can_hold_is_refused_on_the_page(client, boss):
    sent = paper_of(PractitionerFactory(), role="")

    answer = client.post(url(Qualification, "add"), sent)

    assert "names the one role" in answer.content.decode()
    assert not Qualification.objects.exists()


def test_nobody_verifies_their_own_paper_in_the_back_office(client, boss):
    sent = paper_of(PractitionerFactory(user=boss), looked_at="on")

    answer = client.post(url(Qualification, "add"), sent, follow=True)

    assert Qualification.objects.get().verified_by is None
    assert "Nobody verifies their own papers" in answer.content.decode()


def test_changed_paper_is_to_be_verified_again(client, boss):
    paper = QualificationFactory()
    page = url(Qualification, "change", paper.pk)

    client.post(page, paper_of(paper.practitioner, specific_hours="60"))

    paper.refresh_from_db()
    assert (paper.specific_hours, paper.verified_by) == (60, None)
    assert AuditEvent.objects.get().verb == "changed qualification"


def test_papers_are_verified_from_the_list(client, boss):
    papers = [QualificationFactory(verified_by=None) for _ in range(2)]

    client.post(
        url(Qualification, "changelist"),
        {"action": "verify", "_selected_action": [paper.pk for paper in papers]},
    )

    assert Qualification.objects.filter(verified_by=boss).count() == 2


def test_paper_is_ended_and_not_deleted(client, boss):
    paper = QualificationFactory()

    assert client.post(url(Qualification, "delete", paper.pk)).status_code == 403


def test_practitioner_gets_a_role_at_a_place_and_joins_the_group(client, boss):
    user, role, place = UserFactory(), RoleFactory(), LocationFactory()

    answer = client.post(
        url(Practitioner, "add"),
        {
            "slug": "ana",
            "name": "Ana",
            "user": user.pk,
            "is_active": "on",
            "roles-TOTAL_FORMS": "1",
            "roles-INITIAL_FORMS": "0",
            "roles-0-role": role.pk,
            "roles-0-location": place.pk,
        },
    )

    assert answer.status_code == 302
    held = PractitionerRole.objects.get()
    assert (held.practitioner.slug, held.role, held.location) == ("ana", role, place)
    assert user.groups.get().name == access.PRACTITIONER
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs == {"added practitioner", "added practitioner role"}


def test_practitioners_page_shows_their_papers(client, boss):
    paper = QualificationFactory(verified_by=None)

    page = client.get(url(Practitioner, "change", paper.practitioner_id))

    shown = page.content.decode()
    assert f'href="/admin/clinic/qualification/{paper.pk}/change/"' in shown
    assert "US-UT, 2020-01-01 to 2030-12-31, NOT VERIFIED" in shown


def test_privilege_is_granted_and_narrowed_through_actions(client, boss):
    granted = PrivilegeFactory(variant__treatment__code="microneedling")
    limits = {
        "location": "",
        "max_depth_mm": "0.5",
        "valid_from": "",
        "valid_until": "",
    }

    client.post(url(Privilege, "change", granted.pk), limits)

    granted.refresh_from_db()
    assert (granted.max_depth_mm, granted.granted_by) == (Decimal("0.5"), boss)
    assert AuditEvent.objects.get().detail["before"]["max_depth_mm"] is None


def test_rules_are_approved_by_name_and_what_was_shipped_stays(client, boss):
    rule = ScopeOfPracticeFactory(shipped={"status": "allowed"})

    client.post(
        url(ScopeOfPractice, "changelist"),
        {"action": "approve", "_selected_action": [rule.pk]},
    )

    rule.refresh_from_db()
    assert (rule.review_state, rule.reviewed_by) == (ReviewState.APPROVED, boss)
    assert rule.shipped == {"status": "allowed"}
    assert AuditEvent.objects.get().subject_id == str(rule.pk)


def test_rule_names_only_tokens_that_are_mapped(client, boss):
    rule = ScopeOfPracticeFactory()

    answer = client.post(
        url(ScopeOfPractice, "change", rule.pk), {"credential_kind": "licence+wand"}
    )

    assert "maps licence, wand" in answer.content.decode()


def test_clinic_admin_makes_nobody_a_superuser(client, boss):
    other, top = UserFactory(), UserFactory(is_superuser=True)
    sent = {"email": other.email, "is_active": "on", "is_superuser": "on"}

    client.post(url(User, "change", other.pk), sent)

    other.refresh_from_db()
    assert not other.is_superuser
    assert client.post(url(User, "change", top.pk), sent).status_code == 403


def test_user_is_added_by_e_mail_in_lower_case(client, boss):
    sent = {
        "email": "New@Example.com",
        "usable_password": "true",
        "password1": "needle in a haystack",
        "password2": "needle in a haystack",
    }

    assert client.post(url(User, "add"), sent).status_code == 302
    answer = client.post(url(User, "add"), {**sent, "email": "NEW@example.com"})

    assert User.objects.filter(email="new@example.com").count() == 1
    assert "already" in answer.content.decode()


def test_back_office_has_one_sign_in(client):
    answer = client.get("/admin/login/?next=/admin/")

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_lists_of_codes_can_be_broken(client, boss):
    CredentialKindFactory(treatments="dry_needling,microneedling")
    factories.CredentialTokenFactory(satisfied_by="state_licence|esthetics_licence")

    kinds = client.get(url(CredentialKind, "changelist")).content.decode()
    tokens = client.get(url(CredentialToken, "changelist")).content.decode()

    assert "dry_needling, microneedling" in kinds
    assert "state_licence or esthetics_licence" in tokens


def test_plans_of_courses_say_their_numbers_in_two_columns(client, boss):
    factories.CoursePlanFactory(
        sessions_least=3, sessions_usual=4, sessions_most=6, least_days=7, most_days=21
    )

    html = client.get(url(CoursePlan, "changelist")).content.decode()

    assert "3 to 6, 4 mostly" in html
    assert "7 to 21" in html


def test_users_are_added_and_changed_in_plain_words(client, boss):
    boss.set_password("needle in a haystack")
    boss.save()
    client.force_login(boss)
    added = client.get(url(User, "add")).content.decode()
    changed = client.get(url(User, "change", boss.pk)).content.decode()

    assert "LDAP" not in added
    assert "Without a password they do not sign in until one is set." in added
    shown = changed.partition("field-password")[2].partition("</fieldset>")[0]
    assert "A password is set." in shown
    assert "Change password" in shown
    for word in ("argon2", "md5", "algorithm", "hash:"):
        assert word not in shown.partition("field-first_name")[0], word
