"""Two ways to use a page: with a finger where no script runs, or with keys alone."""

import re

import pytest

PHONE = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}
MOST_TABS = 250
HAS_FOCUS = "each => document.activeElement === each"


class Finger:
    """Somebody with a phone on which JavaScript is off."""

    options = PHONE

    def press(self, what):
        what.click()

    def write(self, field, text):
        field.fill(text)

    def choose(self, field, label):
        field.select_option(label=label)


class Keys:
    """Somebody who never touches a mouse. Each thing is reached with Tab."""

    options = {}

    def press(self, what):
        """Press what leads to another page, or unfolds something on this one."""
        self._reach(what)
        if what.evaluate("each => each.matches('summary')"):
            what.page.keyboard.press("Enter")
            return
        with what.page.expect_navigation():
            what.page.keyboard.press("Enter")

    def write(self, field, text):
        self._reach(field)
        if field.get_attribute("type") == "date":  # written month, day, year
            year, *rest = re.findall(r"\d+", text)
            text = "".join([*rest, year])
        else:
            field.page.keyboard.press("Control+A")
        field.page.keyboard.type(text)

    def choose(self, field, label):
        self._reach(field)
        field.page.keyboard.type(label)

    def _reach(self, what):
        thing = what.element_handle()
        for _ in range(MOST_TABS):
            if thing.evaluate(HAS_FOCUS):
                return
            what.page.keyboard.press("Tab")
        raise AssertionError(f"{what} cannot be reached with Tab")


@pytest.fixture(params=[Finger, Keys], ids=["without JavaScript", "by keyboard"])
def hand(request):
    return request.param()
