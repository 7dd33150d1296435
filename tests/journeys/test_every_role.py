"""Every page as everybody who may see it, and with the letters at twice their size.

As the first who may see it, a page is looked at by `test_accessibility`.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import street
from tests.journeys.test_accessibility import FULL, NO_PAGES, pages, there
from tests.shares import share
from tests.test_every_url import (
    BY_POST,
    POLICY,
    address,
    expected,
    names,
    policy_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DOUBLE = "html { font-size: 200% !important; }"
# What a reader loses when letters grow: words cut off by a box that hides the rest.
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")]
    .filter(each => {
        const style = getComputedStyle(each);
        return each.childElementCount === 0 && each.textContent.trim()
            && !each.closest("svg, .calendar")
            && each.clientWidth > 1 // what is for screen readers only has no width
            && ["hidden", "clip"].includes(style.overflowX)
            && each.scrollWidth > each.clientWidth + 1;
    })
    .map(each => each.outerHTML.slice(0, 100))"""


def paths_of(town, actor):
    """All pages that open for somebody; the back office has a walk of its own."""
    return [
        address(town, name, pattern)
        for name, pattern in names()
        if name not in NO_PAGES
        and not name.startswith("admin:")
        and POLICY.get(name) != BY_POST  # it leads to a page that is looked at anyway
        and expected(policy_of(name), actor) == "ok"
    ]


def others(town, actor):
    """Those that are not looked at elsewhere, in an order that every run has."""
    elsewhere = set(pages(town, actor))
    return [
        each for each in dict.fromkeys(paths_of(town, actor)) if each not in elsewhere
    ]


@pytest.mark.parametrize("actor", ["owner", "practitioner", "desk", "admin"])
def test_nobody_meets_a_page_that_axe_complains_of(town, page_of, actor):
    page, axe, found = page_of(actor, viewport=PHONE), Axe(), []
    for path in share(others(town, actor)):
        page.goto(path)
        for each in axe.run(page, options=FULL).response["violations"]:
            where = [node["html"][:120] for node in each["nodes"][:3]]
            found.append(f"{path}: {each['id']} {where}")

    assert found == []


@pytest.mark.parametrize("actor", ["anonymous", "owner", "practitioner", "desk"])
def test_letters_of_twice_the_size_stay_readable(town, page_of, actor):
    page, found = page_of(actor, viewport=PHONE, bypass_csp=True), []
    for path in share(there(town, actor)):
        page.goto(path)
        page.add_style_tag(content=DOUBLE)
        wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if wide > 0:
            found.append(f"{path}: {wide} pixels stick out")
        found += [f"{path}: cut off {each}" for each in page.evaluate(CUT_OFF)]

    assert found == []


def test_the_desks_day_fits_a_desktop_with_letters_of_twice_the_size(town, page_of):
    page = page_of("desk", viewport={"width": 1280, "height": 900}, bypass_csp=True)
    for path in ("", "list/"):
        page.goto(f"/desk/places/{town.place.slug}/{path}?day={street.NOW.date()}")
        assert page.locator(".table tbody tr").count() > 0
        page.add_style_tag(content=DOUBLE)

        wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        assert wide <= 0, path
