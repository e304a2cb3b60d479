"""A chair decides on a page that asks only what the decision needs."""

import pytest
from django.utils import timezone

from tests.browser.people import faults_of
from tests.factories import AgencyFactory, PostFactory, WorkerFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory

WORKERS, WHERE, CONCERN = (
    "Who is offered the family?",
    "Or to whom else, in words",
    "What has happened, or what do you fear?",
)


@pytest.fixture
def item(melton, chair):
    """One family before a meeting that is in session and quorate."""
    hub = HubFactory(area=melton)
    here = [SeatFactory(hub=hub, user=WorkerFactory(agency=AgencyFactory())).user for _ in range(3)]
    now = timezone.now().replace(microsecond=0)
    return ItemFactory(meeting=MeetingFactory.in_session(hub=hub, chair=chair, present=here, starts_at=now))


def shown(visitor):
    """Which of the parts that belong to one decision stand on the page."""
    return [words for words in (WORKERS, WHERE, CONCERN) if visitor.page.get_by_text(words).first.is_visible()]


@pytest.mark.parametrize("scripts", [True, False])
def test_only_what_the_chosen_decision_needs_is_on_the_page(arrive, chair, item, scripts):
    visitor = arrive(chair, scripts=scripts)
    visitor.visit(item.get_absolute_url())
    assert shown(visitor) == []
    for answer, part in (
        ("Allocate at tier 3 – Enhanced", [WORKERS]),
        ("Signpost", [WHERE]),
        ("Hand over to social care", [CONCERN]),
        ("Return to EH Access", []),
    ):
        visitor.choose("What does the hub decide?", answer)
        assert shown(visitor) == part, answer


def test_a_refused_decision_comes_back_with_its_own_questions(arrive, chair, item):
    visitor = arrive(chair)
    visitor.visit(item.get_absolute_url())
    visitor.choose("What does the hub decide?", "Hand over to social care")
    visitor.fill("Why, in one line", "Too much for early help.")
    visitor.press("Record decision and next family")
    visitor.reads("Enter what has happened, or what you fear")

    assert shown(visitor) == [CONCERN]


WHY_ANOTHER, WHO_BY_NAME = "If not the recommended one: why?", "Who, by name?"


@pytest.mark.parametrize("scripts", [True, False])
def test_why_somebody_else_is_asked_openly_and_only_once_somebody_else_is_chosen(arrive, chair, item, scripts):
    for _ in range(2):
        PostFactory(user=WorkerFactory(), area=item.hub.area)
    visitor = arrive(chair, scripts=scripts)
    visitor.visit(item.get_absolute_url())
    visitor.choose("What does the hub decide?", "Allocate at tier 2 – Targeted")
    why = visitor.page.get_by_label(WHY_ANOTHER)
    assert not why.is_visible()
    visitor.page.locator("[name=worker][data-best]").check(force=True)
    assert not why.is_visible()
    visitor.page.locator("[name=worker]:not([data-best])").first.check(force=True)
    assert why.is_visible()


def test_on_a_small_screen_what_is_beside_the_point_is_folded_and_nothing_is_lost(arrive, chair, item):
    visitor = arrive(chair)
    visitor.visit(item.get_absolute_url())
    aside = visitor.page.get_by_role("heading", name="Who is involved")
    assert aside.is_visible()
    visitor.page.set_viewport_size({"width": 320, "height": 800})
    assert not aside.is_visible()
    visitor.page.get_by_text("Level of need, agreement, who is involved").click()
    assert aside.is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_whoever_is_not_compared_is_found_by_name_and_the_reason_is_asked(arrive, chair, item, scripts):
    for number in range(15):
        PostFactory(user=WorkerFactory(last_name=f"Zell {number:02}"), area=item.hub.area)
    visitor = arrive(chair, scripts=scripts, width=320)
    visitor.visit(item.get_absolute_url())
    visitor.choose("What does the hub decide?", "Allocate at tier 2 – Targeted")
    by_name, why = visitor.page.get_by_label(WHO_BY_NAME), visitor.page.get_by_label(WHY_ANOTHER)
    assert not by_name.is_visible()
    visitor.page.get_by_label("Somebody else, by name").check()
    assert by_name.is_visible()
    assert why.is_visible()
    last = by_name.locator("option").last
    by_name.select_option(last.get_attribute("value"))
    assert "Zell 14" in last.inner_text()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 320
    if scripts:
        assert faults_of(visitor.page) == []
