"""Filters and rows of the back office that no column can hold."""

import pytest

from clinic import access
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        f"/admin/clinic/placeday/?location={'9' * 30}",
        f"/admin/clinic/auditevent/?at__year={'9' * 30}",
        "/admin/clinic/qualification/?valid_until__year=99999999999",
        "/admin/clinic/patient/?created_at__year=99999",
    ],
)
def test_a_filter_beyond_its_column_finds_nothing_or_leads_back(client, path):
    """Databases differ in what they can compare; a fault it is on none."""
    boss = factories.UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    client.force_login(boss)

    answer = client.get(path, follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain or answer.context["cl"].result_count == 0


@pytest.mark.parametrize("row", ["abc", "9" * 30, "-1.5"])
def test_rows_that_there_cannot_be_are_refused_in_words(client, row):
    boss = factories.UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    client.force_login(boss)
    paper = factories.QualificationFactory(verified_by=None)
    chosen = {"action": "verify", "_selected_action": [paper.pk, row]}

    answer = client.post("/admin/clinic/qualification/", chosen, follow=True)

    paper.refresh_from_db()
    assert paper.verified_on is None
    assert "Nothing was changed" in answer.text
