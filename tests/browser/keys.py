"""Somebody who has no mouse: Tab to what is wanted, then type or press. Every page met is looked at by axe."""

from __future__ import annotations

import pytest

from tests.browser.people import faults_of

MOST_STOPS = 150
AT = "selector => document.activeElement.matches(selector)"
UNSEEN = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  if (at === document.body) return "";
  const hidden = box.width < 1 || box.height < 1 || getComputedStyle(at).visibility === "hidden";
  const away = box.bottom < 0 || box.right < 0 || box.top > innerHeight || box.left > innerWidth;
  return hidden || away ? at.outerHTML.slice(0, 120) : "";
}"""


class Keys:
    """One page, and what was wrong on the way: faults of axe, and stops of the keyboard that nobody can see."""

    def __init__(self, page):
        self.page, self.faults = page, []

    def to(self, selector):
        for _ in range(MOST_STOPS):
            if self.page.evaluate(AT, selector):
                return
            self.page.keyboard.press("Tab")
            if unseen := self.page.evaluate(UNSEEN):
                self.faults.append(f"{self.page.url}: the keyboard stops where nobody sees it: {unseen}")
        pytest.fail(f"The keyboard does not reach {selector} on {self.page.url}")

    def type(self, name, text):
        self.to(f"[name='{name}']")
        self.page.keyboard.type(text)

    def choose(self, name, value):
        """Radios are one stop: the arrows choose among them."""
        self.to(f"[name='{name}']")
        self.page.keyboard.press("Space")
        for _ in range(12):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"The arrows do not reach {name}={value}")

    def tick(self, name, value=None):
        self.to(f"[name='{name}']" + (f"[value='{value}']" if value else ""))
        self.page.keyboard.press("Space")

    def look(self):
        self.faults += [f"{self.page.url}: {fault}" for fault in faults_of(self.page)]

    def press(self, selector):
        """Leave the page that was met, once axe has looked at it."""
        self.look()
        self.to(selector)
        self.page.keyboard.press("Enter")

    def skip(self):
        """Past the menus: the first stop of every page leads there."""
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")
