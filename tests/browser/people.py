"""Somebody at a browser: signs in on the real page, fills forms by their labels, and reads what the page says."""

from __future__ import annotations

import json
import re
from datetime import datetime

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PASSWORD = "a long enough password"
SIGN_IN = "/sign-in/"
PATIENCE = 15_000  # milliseconds: on a busy machine a page may take its time, and a test that waits costs nothing
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
REFUSED = re.compile(r"Failed to load resource.* status of (404|409|422)")  # what the page itself tells the person


class Visitor:
    """One person, one browser context: nobody shares a cookie with anybody."""

    def __init__(self, browser, site, user, *, scripts=True, width=1280):
        self.user = user
        self.complaints = []  # of the browser: errors in the console, of which a breach of the CSP is one
        self.context = browser.new_context(
            base_url=site,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            viewport={"width": width, "height": 900},
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))

    def _hear(self, message):
        if message.type == "error" and not REFUSED.search(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    # --- where -------------------------------------------------------------------------------------------------------

    @property
    def path(self):
        return "/" + self.page.url.split("/", 3)[3]

    def where(self):
        """Where the person is and what they see there: for whoever reads that a test failed."""
        if self.page.is_closed():
            return f"--- {self.user} has left"
        return f"--- {self.user} at {self.page.url}\n{self.page.locator('body').inner_text()[:1500]}"

    def visit(self, address):
        """Open a page; whoever is asked to sign in first does so, and is led on to it."""
        self.page.goto(address)
        if self.path.startswith(SIGN_IN):
            self.sign_in()

    def sign_in(self):
        self.fill("Username", self.user.username)
        self.fill("Password", PASSWORD)
        self.press("Sign in")

    def may_not_visit(self, address):
        """It answers as if it did not exist."""
        self.visit(address)
        self.reads("Page not found")

    def leave(self):
        self.context.close()

    # --- what one does -----------------------------------------------------------------------------------------------

    def fill(self, label, text):
        self.page.get_by_label(_labelled(label)).fill(str(text))

    def choose(self, question, answer):
        """One radio or tick of the group that asks ``question``."""
        self.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()

    def select(self, label, option):
        self.page.get_by_label(_labelled(label)).select_option(label=option)

    def tick(self, label):
        self.page.get_by_label(label).check()

    def enter_day(self, question, day):
        boxes = self.page.get_by_role("group", name=question)
        for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            boxes.get_by_label(part, exact=True).fill(str(value))
        if isinstance(day, datetime):
            boxes.get_by_label("Time").fill(f"{day:%H:%M}")

    def press(self, button):
        self.page.get_by_role("button", name=button, exact=True).click()

    def press_link(self, words):
        """The link that says this and, to whoever sees it, nothing else."""
        self.page.get_by_role("link", name=words, exact=True).click()

    def follow(self, link):
        """Press the link (or the link drawn as a button) that says this; the first, where a list has several."""
        self.page.locator("a", has_text=link).filter(visible=True).first.click()

    # --- what one reads ------------------------------------------------------------------------------------------------

    def reads(self, *texts):
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE)

    def reads_nothing_of(self, *texts):
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text, timeout=PATIENCE)

    def is_at(self, address):
        self.page.wait_for_url(re.compile(address))

    def row(self, text):
        return self.page.locator("tr", has_text=text)


def _labelled(label):
    """A label as it is written, with or without «(optional)» after it."""
    return re.compile(rf"^{re.escape(label)}( \(optional\))?$")


def faults_of(page, *, apart_from=(), standard=(*WCAG, "best-practice")):
    """What axe finds against WCAG 2.2 A and AA and its own best practice, one line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    # No rule of these reads the style sheets themselves, which axe would otherwise fetch and parse anew at each run.
    options = {"runOnly": list(standard), "resultTypes": ["violations"], "preload": False}
    where = {"include": [["html"]], "exclude": [[each] for each in apart_from]}
    found = page.evaluate(
        "([where, options]) => axe.run(where, options).then((found) => found.violations)", [where, options]
    )
    return [
        f"{fault['id']} ({fault['impact']}): {json.dumps(node['target'])} {node['html'][:160]}"
        for fault in found
        for node in fault["nodes"]
    ]
