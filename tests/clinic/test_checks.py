"""What `check --deploy` refuses."""

import pytest

from clinic.checks import check_demo


@pytest.mark.parametrize(
    ("demo", "hosts", "found"),
    [
        (True, ["127.0.0.1", "localhost"], []),
        (True, ["127.0.0.1", "clinic.example"], ["clinic.E001"]),
        (True, ["*"], ["clinic.E001"]),
        (False, ["clinic.example"], []),
    ],
)
def test_a_demo_is_shown_to_nobody_else(settings, demo, hosts, found):
    settings.DEMO, settings.ALLOWED_HOSTS = demo, hosts

    assert [each.id for each in check_demo()] == found
