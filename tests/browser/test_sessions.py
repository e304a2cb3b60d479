"""Two windows of one person, and the end of a long day, in a real browser (promise P12)."""

import re

import pytest

from tests.referrals.factories import ready_draft

WHY, WANTS = "Why now?", "What does the family want to be different?"
SEEN, SAID = "He stood at the gate again.", "Calm evenings, they said."


@pytest.fixture
def draft(melton, worker):
    return ready_draft(area=melton, author=worker)


def window(visitor):
    """Another window of the same browser."""
    first, visitor.page = visitor.page, visitor.context.new_page()
    return first


def test_two_windows_open_when_the_session_ends_both_keep_their_text(arrive, worker, draft, clock):
    visitor = arrive(worker, scripts=False)
    visitor.visit(f"{draft.get_absolute_url()}tasks/why/")
    visitor.fill(WHY, SEEN)
    first = window(visitor)
    visitor.visit(f"{draft.get_absolute_url()}tasks/wants/")
    visitor.fill(WANTS, SAID)
    clock.forward(minutes=40)

    first, visitor.page = visitor.page, first
    visitor.press("Save and go back to the list")
    visitor.sign_in()
    assert visitor.page.get_by_label(WHY).input_value() == SEEN

    visitor.page = first  # the second window was opened before the person signed in again
    visitor.press("Save and go back to the list")
    visitor.reads("What you typed is here")
    assert visitor.page.get_by_label(WANTS).input_value() == SAID
    visitor.press("Save and go back to the list")
    draft.refresh_from_db()
    assert draft.wants == SAID


def test_ten_minutes_before_a_long_day_ends_the_page_says_when(arrive, worker, draft):
    visitor = arrive(worker)
    visitor.visit("/")
    notice = visitor.page.locator("[data-ending]")
    assert not notice.inner_text().strip()

    visitor.page.route(
        "**/cases/",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=re.sub(r'data-seconds-left="\d+"', 'data-seconds-left="500"', answer.text()),
        ),
    )
    visitor.visit("/cases/")
    visitor.page.get_by_role("button", name="Hide this").wait_for()
    assert re.search(r"at \d{1,2}(:\d\d)?(am|pm)|at midday", notice.inner_text())
    visitor.press("Hide this")
    assert not notice.inner_text().strip()
