"""Filters of the back office that no column can hold."""

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
    ],
)
def test_a_number_that_is_too_large_is_refused_in_words(client, path):
    boss = factories.UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    client.force_login(boss)

    answer = client.get(path)

    assert answer.status_code == 400
    assert "A number in the address is too large." in answer.content.decode()
