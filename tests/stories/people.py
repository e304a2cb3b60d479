"""Somebody at a desk: opens pages, sends forms as their page offers them, and reads what comes back."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import unescape

from django.test import Client
from django.utils.html import strip_tags

KEPT = "token|version|recommended"  # what a page sends back unseen
TOKEN = re.compile(rf'name="({KEPT})"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="({KEPT})"')


def words_of(response):
    return re.sub(r"\s+", " ", unescape(strip_tags(response.content.decode())))


class Desk:
    """One person, one browser: with an account, with no more than a ``link``, or with neither.

    A story takes weeks and a session does not: whoever comes back signs in again.
    """

    def __init__(self, user=None, *, link=""):
        self.user, self.link, self.browser = user, link, Client()

    def _at(self):
        if self.user:
            self.browser.cookies.clear()  # of a session that may have ended since
            self.browser.force_login(self.user)
        return self.browser

    def opens(self, address):
        """What the page says."""
        response = self._at().get(address, follow=True)
        assert response.status_code == 200, f"{response.status_code} at {address}"
        return words_of(response)

    def sees(self, address):
        """What the page was given to show: for numbers and rows, which words would tell with less certainty."""
        response = self._at().get(address)
        assert response.status_code == 200, f"{response.status_code} at {address}"
        return response.context

    def sends(self, address, **said):
        """Fill in the form that stands there and press its button: what the page says to which that leads."""
        response = self._post(address, said)
        assert response.redirect_chain, f"{address} was not accepted:\n{_why_not(response)}"
        assert response.status_code == 200, response.status_code
        return words_of(response)

    def is_refused(self, address, **said):
        """It is not accepted, and the page says why."""
        response = self._post(address, said)
        assert response.status_code in (409, 422), response.status_code
        return words_of(response)

    def _post(self, address, said):
        browser = self._at()
        page = browser.get(address)
        assert page.status_code == 200, f"{page.status_code} at {address}"
        hidden = {one or four: two or three for one, two, three, four in TOKEN.findall(page.content.decode())}
        return browser.post(address, hidden | _typed(said), follow=True)

    def may_not(self, *addresses):
        """Each answers as if it did not exist."""
        for address in addresses:
            assert self._at().get(address).status_code in (403, 404), address

    def has_to_do(self, text):
        return text in self.opens("/")


def _why_not(response):
    """From where the page says what is wrong, if it says so."""
    before, problem, after = words_of(response).partition("There is a problem")
    return (problem + after or before)[:1500]


def _typed(said):
    """As a browser sends it: a day in three boxes, a moment in four."""
    sent = {}
    for name, value in said.items():
        if isinstance(value, date):
            sent |= {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}
            if isinstance(value, datetime):
                sent[f"{name}_time"] = f"{value:%H:%M}"
        else:
            sent[name] = value
    return sent
