"""The back office shows what a save would break, keeps what was typed, and then saves."""

import re
from datetime import date

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages

from bookings.models import AtRisk
from bookings.rulebook import SOURCES
from clinic import access
from clinic.admin.watched import Watched
from clinic.models import Location, Practitioner, Qualification
from tests import breaking, factories
from tests.worlds import NOW
from treatments import actions
from treatments.models import (
    Edition,
    Order,
    Privilege,
    ScopeOfPractice,
    SupervisionAgreement,
    Treatment,
    TreatmentVariant,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinic():
    return breaking.clinic()


@pytest.fixture
def boss(client, clinic):
    user = factories.UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    client.force_login(user)
    return client


def page_of(row):
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def form_on(answer):
    """What a browser would send of a page with every condition ticked."""
    found = {}
    for form in [answer.context["adminform"].form, *_inline_forms(answer)]:
        found.update({bound.html_name: _typed(bound) for bound in form})
    for formset in answer.context["inline_admin_formsets"]:
        for bound in formset.formset.management_form:
            found[bound.html_name] = bound.value()
    return {name: value for name, value in found.items() if value is not None}


def _typed(bound):
    value = bound.value()
    if bound.name == "ticked":
        return [text for text, _ in bound.field.choices]
    if isinstance(value, bool):
        return "on" if value else None
    if isinstance(value, list):
        return [getattr(each, "pk", each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _inline_forms(answer):
    return [
        form
        for formset in answer.context["inline_admin_formsets"]
        for form in formset.formset.initial_forms
    ]


def sent(client, row, **changed):
    page = page_of(row)
    form = {**form_on(client.get(page)), **changed}
    return page, form, client.post(page, form)


def seal(answer):
    [found] = re.findall(
        r'name="breaks_seen" value="([0-9a-f]+)"', answer.content.decode()
    )
    return found


def licence():
    return Qualification.objects.get(practitioner__slug="nurse", kind__kind="licence")


def test_what_a_save_would_break_is_shown_first_and_nothing_typed_is_lost(boss):
    was = licence()
    audited = was.verified_on

    page, form, answer = sent(boss, was, valid_until="2026-02-02", number="typed anew")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "2 appointments would no longer be allowed. Nothing is saved yet." in text
    assert "Mon, Feb 9, 2026, 10:00 AM" in text
    assert "Could take it at the same time: Doctor, Other." in text
    assert 'value="typed anew"' in text
    assert list(get_messages(answer.wsgi_request)) == []
    assert (licence().valid_until, licence().number) == (date(2030, 12, 31), "")
    assert licence().verified_on == audited
    assert AtRisk.objects.count() == 0

    answer = boss.post(page, {**form, "breaks_seen": seal(answer)})

    # With another number on it nobody has verified it, so both are at risk.
    assert answer.status_code == 302
    assert licence().valid_until == date(2026, 2, 2)
    assert {flag.by.email for flag in AtRisk.objects.all()} == {
        answer.wsgi_request.user.email
    }


def test_patients_are_shown_to_those_who_may_see_them(client, clinic):
    name = Order.objects.get().patient.name
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.all())
    client.force_login(user)

    _, _, answer = sent(client, licence(), valid_until="2026-02-02")

    assert answer.context["breaks"].count
    assert name not in answer.content.decode()

    boss = factories.UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    client.force_login(boss)
    _, _, answer = sent(client, licence(), valid_until="2026-02-02")
    assert name in answer.content.decode()


def test_what_breaks_nothing_is_saved_at_once(boss):
    _, _, answer = sent(boss, licence(), valid_until="2027-01-01")

    assert answer.status_code == 302
    assert licence().valid_until == date(2027, 1, 1)


def test_a_wrong_form_is_told_as_ever(boss):
    _, _, answer = sent(boss, licence(), valid_until="never")

    assert answer.status_code == 200
    assert "breaks" not in answer.context


def rows():
    return {
        "privilege": (
            lambda: Privilege.objects.get(
                practitioner__slug="nurse", variant__code="mn_face_05"
            ),
            {"valid_until": "2026-01-20"},
        ),
        "agreement": (
            SupervisionAgreement.objects.get,
            {"valid_until": "2026-01-20"},
        ),
        "order": (Order.objects.get, {"valid_until": "2026-01-20"}),
        "scope": (
            lambda: ScopeOfPractice.objects.get(rule_id="MN-US-RN"),
            {"min_years_licensed": "30"},
        ),
        "practitioner": (
            lambda: Practitioner.objects.get(slug="nurse"),
            {"is_active": ""},
        ),
        "place": (Location.objects.get, {"is_open": ""}),
    }


@pytest.mark.parametrize("kind", list(rows()))
def test_every_kind_of_row_is_shown_and_saved_on_the_second_press(boss, kind):
    which, changed = rows()[kind]
    if kind == "order":
        Order.objects.update(valid_from=date(2026, 1, 1))

    page, form, answer = sent(boss, which(), **changed)

    assert answer.status_code == 200, answer.headers
    assert answer.context["breaks"].count
    shown = {each.key for each in answer.context["breaks"].broken}
    assert AtRisk.objects.count() == 0

    answer = boss.post(page, {**form, "breaks_seen": seal(answer)})

    assert answer.status_code == 302
    assert {str(flag.appointment.uid) for flag in AtRisk.objects.all()} == shown
    assert all(flag.changed for flag in AtRisk.objects.all())


def test_a_row_is_deleted_only_after_its_effects_were_shown(boss):
    boss.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    row = Privilege.objects.get(practitioner__slug="nurse", variant__code="mn_face_05")
    page = f"/admin/treatments/privilege/{row.pk}/delete/"

    answer = boss.post(page, {"post": "yes"})

    assert answer.status_code == 200
    assert Privilege.objects.filter(pk=row.pk).exists()
    assert b'name="post" value="yes"' in answer.content

    answer = boss.post(page, {"post": "yes", "breaks_seen": seal(answer)})

    assert answer.status_code == 302
    assert AtRisk.objects.count() == 2


def test_many_rows_are_withdrawn_only_after_their_effects_were_shown(boss):
    row = ScopeOfPractice.objects.get(rule_id="MN-US-RN")
    page = "/admin/treatments/scopeofpractice/"
    form = {"action": "withdraw", "_selected_action": [row.pk]}

    answer = boss.post(page, form)

    row.refresh_from_db()
    assert row.review_state == "sample"
    assert answer.context["breaks"].count == 2
    sent_again = {**form, "breaks_seen": seal(answer)}
    assert boss.post(page, sent_again).status_code == 302
    row.refresh_from_db()
    assert row.review_state == "withdrawn"
    assert AtRisk.objects.count() == 2


def test_a_treatment_is_withdrawn_only_after_its_effects_were_shown(boss):
    row = Treatment.objects.get(variants__code="mn_face_05")
    form = {"action": "withdraw", "_selected_action": [row.pk]}

    answer = boss.post("/admin/treatments/treatment/", form)

    assert answer.context["breaks"].count == 3


def test_publishing_shows_first_what_it_breaks(boss, clinic):
    treatment = Treatment.objects.get(variants__code="mn_face_05")
    author = factories.UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    draft = actions.start_draft(treatment=treatment, by=author, now=NOW)
    draft.variants.filter(code="mn_face_05").update(is_offered=False)
    Edition.objects.filter(pk=draft.pk).update(state="in-review")
    page = f"/admin/treatments/edition/{draft.pk}/review/"

    answer = boss.post(page, {"_publish": "Publish"})

    assert answer.status_code == 200
    assert answer.context["breaks"].count == 3
    assert TreatmentVariant.objects.get(code="mn_face_05").is_offered
    answer = boss.post(page, {"_publish": "Publish", "breaks_seen": seal(answer)})
    assert answer.status_code == 302
    assert not TreatmentVariant.objects.get(code="mn_face_05").is_offered
    assert AtRisk.objects.count() == 3


@pytest.mark.parametrize(
    "model", [*SOURCES, Order], ids=lambda model: model._meta.label
)
def test_every_page_of_the_back_office_that_decides_bookings_is_watched(
    model, rf, django_user_model
):
    """It is either watched, or nothing can be changed on it."""
    page = admin.site._registry.get(model)
    if page is None:
        return
    request = rf.get("/")
    request.user = django_user_model(is_superuser=True, is_staff=True, is_active=True)
    can_change = page.has_change_permission(request) or page.has_add_permission(request)
    if can_change or page.has_delete_permission(request):
        assert isinstance(page, Watched)
        assert page.decides_bookings
