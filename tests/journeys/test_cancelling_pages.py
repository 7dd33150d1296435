"""The pages about cancelling: for axe, and no wider than what they are read on."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from bookings import actions
from bookings.models import Appointment
from tests import factories, street

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_pages_about_cancelling(page_of, town, live_server, width, scheme):
    policy = factories.CancellationPolicyFactory()
    Appointment.objects.update(policy=policy)
    later = street.AT_TEN + timedelta(days=7)
    Appointment.objects.filter(pk=town.appointments["other"].pk).update(
        starts_at=later, ends_at=later + timedelta(minutes=30)
    )
    factories.FeeFactory(appointment__patient=town.patients["other"])
    paid = factories.FeeFactory(amount_usd=80, reason="noshow")
    desk = town.users["desk"]
    actions.waive(fee=paid, by=desk, now=street.NOW, reason="The first time.")
    late, early = (
        town.appointments[whose].get_absolute_url() for whose in ("owner", "other")
    )
    where = f"place={town.place.slug}&practitioner=practitioner"
    at = street.FREE.replace("+", "%2B")
    newcomer = town.patients["newcomer"].uid
    for actor, path in [
        ("owner", late),
        ("other", early),
        ("desk", late),
        ("desk", "/desk/fees/"),
        ("owner", town.hold.get_absolute_url()),
        ("desk", f"/book/{street.VARIANT}/confirm/?{where}&at={at}&for={newcomer}"),
    ]:
        page = page_of(
            actor, viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        page.goto(live_server.url + path)

        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found] == [], (actor, path)
