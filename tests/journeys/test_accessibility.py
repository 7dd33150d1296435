"""Every page in a browser: axe finds nothing, and nothing sticks out of a phone."""

from itertools import cycle

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.urls import reverse

from tests import factories
from tests.shares import share
from tests.street import AGAIN, VARIANT
from tests.test_every_url import (
    BY_POST,
    POLICY,
    address,
    expected,
    names,
    policy_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
FULL = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations"],
}
WIDTHS = {390: 844, 1280: 900}
# Every width and every scheme, with all rules; a color that fails in one scheme fails
# there at any width.
LOOKS = [(390, "light"), (1280, "dark")]
OTHER_LOOKS = [(390, "dark"), (1280, "light")]

# Whom a page is shown to: the first of these who gets in; `more` are shown besides.
ACTORS = ["anonymous", "owner", "practitioner", "desk", "admin"]
# No pages of ours, or ones that only lead on to another.
NO_PAGES = {
    "healthz",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_reset_password_from_key",
    "clinic:welcome",
    "treatments:aftercare_pdf",
    "bookings:aftercare_pdf",
    "bookings:overrides_file",
}


def shown_to(name):
    row = policy_of(name)
    return next((who for who in ACTORS if expected(row, who) == "ok"), None)


def more(town):
    """Pages that look different for somebody else, and ways that end."""
    owners = town.patients["owner"].uid
    own = f"/appointments/{town.appointments['owner'].uid}/"
    newcomer = town.patients["newcomer"].uid
    held = town.hold.get_absolute_url()
    start = f"place={town.place.slug}&practitioner=practitioner"
    free, taken = "2026-02-04T10:00-07:00", "2026-02-02T10:00-07:00"
    return {
        "anonymous": [
            "/treatments/microneedling/who/?place=us-az",
            f"/book/{VARIANT}/?place=us-az",
            f"/why/{VARIANT}/?{start}&at={taken}",
            "/no-such-page/",
            "/treatments/microneedling/",
            "/treatments/?q=nothing-of-the-kind",
            "/treatments/?q=skin&concern=acne_scars",
            "/compare/?t=dry_needling&t=microneedling&t=peel_medium",
        ],
        "owner": [
            held,
            f"/book/{AGAIN}/?{start}",
            f"/book/{AGAIN}/hold/?{start}&at={taken}",
        ],
        "newcomer": [f"/book/{VARIANT}/hold/?{start}&at={free}"],
        "desk": [
            own,
            held,
            f"/book/{VARIANT}/confirm/?{start}&at={free}&for={newcomer}",
            f"/book/{VARIANT}/?place={town.place.slug}&for={owners}",
        ],
        "practitioner": [own],
    }


def pages(town, actor):
    found = [
        address(town, name, pattern)
        for name, pattern in names()
        if not name.startswith("admin:")
        and name not in NO_PAGES
        and POLICY.get(name) != BY_POST  # it leads to a page that is looked at anyway
        and shown_to(name) == actor
    ]
    return found + more(town).get(actor, [])


def there(town, actor):
    """The pages that are there, each once, in an order that every run has."""
    return [
        each for each in dict.fromkeys(pages(town, actor)) if each != "/no-such-page/"
    ]


def complaints(page, path, looks):
    """What axe finds on a page in each look, and a ruler at each width."""
    axe, found = Axe(), []
    page.goto(path)
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        page.emulate_media(color_scheme=scheme)
        for each in axe.run(page, options=FULL).response["violations"]:
            where = [node["html"][:120] for node in each["nodes"][:3]]
            found.append(f"{path} {width} {scheme}: {each['id']} {where}")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if wide > 0:
            found.append(f"{path} {width}: {wide} pixels stick out")
    return found


@pytest.mark.parametrize(
    "actor", ["anonymous", "owner", "newcomer", "practitioner", "desk", "admin"]
)
def test_pages_are_for_everybody(town, page_of, new_page, actor):
    page = page_of(actor)
    paths = pages(town, actor)

    looks = share(LOOKS)
    found = [line for path in paths for line in complaints(page, path, looks)]

    # The browser notes a page that is not there as an error; it is wanted here.
    new_page.complaints[:] = [
        each for each in new_page.complaints if "/no-such-page/" not in each
    ]
    assert paths
    assert found == []


def test_back_office_is_for_everybody(town, page_of, new_page):
    """Its first page, every list, and one form of each, with rows in them."""
    factories.PrivilegeFactory(practitioner=town.practitioners["practitioner"])
    page = page_of("admin")
    paths = ["/admin/", *back_office()]

    # They are one design: every look is met by many of them.
    looks = cycle(LOOKS + OTHER_LOOKS)
    found = [
        line
        for path, look in zip(share(paths), looks, strict=False)
        for line in complaints(page, path, [look])
    ]

    assert sum(path.endswith("/change/") for path in paths) > 15
    # axe tries a style of its own on some forms, which the policy blocks.
    new_page.complaints[:] = [
        told for told in new_page.complaints if "Applying inline style" not in told
    ]
    assert found == []


def back_office():
    """Lists that a clinic admin may open, with the form of one row."""
    for model in admin.site._registry:
        label = model._meta.app_label, model._meta.model_name
        if label[0] not in {"clinic", "treatments", "bookings", "auth"}:
            continue
        yield reverse("admin:{}_{}_changelist".format(*label))
        row = model.objects.order_by("pk").first()
        if row is not None:
            yield reverse("admin:{}_{}_change".format(*label), args=[row.pk])


@pytest.mark.parametrize(("scheme", "rule"), [("light", "label"), ("dark", "color")])
def test_what_is_wrong_is_found(page, live_server, scheme, rule):
    page.goto("/accounts/login/")
    page.evaluate(
        """() => {
            document.querySelectorAll("label").forEach(each => each.remove());
            const words = document.querySelector("main p.muted");
            words.style.color = "#888";
            words.style.background = "#777";
        }"""
    )
    page.emulate_media(color_scheme=scheme)

    found = Axe().run(page, options=FULL).response["violations"]

    assert any(each["id"].startswith(rule) for each in found)
