"""By keyboard alone: whatever can be clicked can be reached with Tab, in order, seen."""

import pytest

from tests.journeys.test_accessibility import there
from tests.shares import share

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Each thing that can be used gets a number; of radio buttons one stands for its group.
NUMBER = """() => {
    const groups = new Set();
    const usable = [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary"
    )].filter(each => {
        const hidden = each.disabled || each.type === "hidden" || each.tabIndex < 0
            || each.closest("svg[aria-hidden], details:not([open]) > :not(summary)")
            || !each.checkVisibility({visibilityProperty: true});
        if (hidden) return false;
        if (each.type !== "radio") return true;
        const known = groups.has(each.name);
        groups.add(each.name);
        return !known;
    });
    usable.forEach((each, number) => each.dataset.number = each.type === "radio"
        ? `radio ${each.name}` : number);
    return usable.map(each => [each.dataset.number, each.outerHTML.slice(0, 90)]);
}"""
FOCUSED = """() => {
    const each = document.activeElement;
    // A card shows it around itself, by what its heading's link lays over it;
    // a choice, around its label.
    const own = getComputedStyle(each), over = getComputedStyle(each, "::after");
    const label = getComputedStyle(each.closest("label, .choice") || each);
    const ring = own.boxShadow !== "none"
        || [own, over, label].some(style => style.outlineStyle !== "none");
    const number = each.type === "radio" ? `radio ${each.name}` : each.dataset.number;
    return [number ?? null, ring];
}"""
SPARE = 12  # parts of a date field, frames that scroll


def unreached(page):
    """What Tab does not reach, and what shows no sign of having the focus."""
    wanted = dict(map(tuple, page.evaluate(NUMBER)))
    wanted = {str(number): markup for number, markup in wanted.items()}
    unseen = []
    left = dict(wanted)
    dates = page.locator("input[type=date], input[type=time]").count()
    for _ in range(len(wanted) + SPARE + 4 * dates):
        page.keyboard.press("Tab")
        number, ring = page.evaluate(FOCUSED)
        if number is None:
            continue
        markup = left.pop(str(number), None)
        if markup and not ring:
            unseen.append(f"no sign of focus: {markup}")
        if not left:
            break
    return [f"not reached: {markup}" for markup in left.values()] + unseen


@pytest.mark.parametrize("actor", ["anonymous", "owner", "practitioner", "desk"])
def test_everything_is_reached_with_tab_and_shows_the_focus(town, page_of, actor):
    page, found = page_of(actor), []
    for path in share(there(town, actor)):
        page.goto(path)
        later = page.locator("[hx-trigger=load] > p:only-child")
        later.wait_for(state="detached")  # the part that comes later is there
        found += [f"{path}: {each}" for each in unreached(page)]

    assert found == []


def test_focus_stays_on_the_place_that_was_chosen(town, page_of):
    page = page_of("anonymous")
    page.goto("/treatments/microneedling/")
    place = page.locator("#performs-at-us-az")
    place.focus()
    page.keyboard.press("Enter")
    page.locator("#performs-at-us-az[aria-current]").wait_for()

    page.wait_for_function("document.activeElement.id === 'performs-at-us-az'")
    assert page.url.endswith("/treatments/microneedling/?place=us-az")
    times = page.locator("#book .offers a").evaluate_all("all => all.map(a => a.href)")
    assert times
    assert all(each.endswith("?place=us-az") for each in times)
    assert page.locator("#performs-said").inner_text()


def test_what_cannot_be_reached_is_found(page, live_server):
    page.goto("/accounts/login/")
    page.evaluate(
        """() => {
            const link = document.querySelector("main a");
            Object.defineProperty(link, "tabIndex", {get: () => 0});
            link.setAttribute("tabindex", "-1");
        }"""
    )

    assert any("not reached" in each for each in unreached(page))
