"""Advice, signs and effects in the back office: what a page could not find is refused."""

import pytest
from django.forms import model_to_dict
from django.urls import reverse

from tests import worlds
from tests.treatments.drafts import writer
from treatments.models import AftercareStep, Effect, RedFlag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office(client):
    worlds.load_shipped()
    client.force_login(writer())


def saved(client, row, **changes):
    """Save the row's page as it stands, but for `changes`."""
    name = f"admin:treatments_{row._meta.model_name}_change"
    values = {k: v for k, v in model_to_dict(row).items() if v is not None} | changes
    return client.post(reverse(name, args=[row.pk]), values)


@pytest.mark.parametrize(
    ("model", "code"),
    [(AftercareStep, "AC-02"), (RedFlag, "RF-01"), (Effect, "AE-DN-01")],
)
def test_a_treatment_that_there_is_not_is_refused(client, model, code):
    row = model.objects.get(code=code)

    for typo in ("dry_needeling", "dry_needling,peel_medium"):
        answer = saved(client, row, treatment=typo)

        assert answer.status_code == 200
        assert "Use one of: " in answer.content.decode()
        assert "peel_superficial" in answer.content.decode()
        row.refresh_from_db()
        assert row.treatment == "dry_needling"
    assert saved(client, row, treatment="peel_medium").status_code == 302
    row.refresh_from_db()
    assert row.treatment == "peel_medium"


@pytest.mark.parametrize(
    ("model", "code", "status"),
    [(AftercareStep, "AC-02", 302), (RedFlag, "RF-01", 302), (Effect, "AE-DN-01", 200)],
)
def test_only_where_pages_read_it_a_row_is_about_all(client, model, code, status):
    row = model.objects.get(code=code)

    assert saved(client, row, treatment="*").status_code == status


@pytest.mark.parametrize(
    ("days", "status", "kept"), [("10", 302, 10), ("", 302, None), ("0", 200, 28)]
)
def test_for_how_long_advice_goes_on_is_the_clinics_to_say(client, days, status, kept):
    row = AftercareStep.objects.get(code="AC-34")

    assert saved(client, row, lasts_days=days).status_code == status
    row.refresh_from_db()
    assert row.lasts_days == kept
