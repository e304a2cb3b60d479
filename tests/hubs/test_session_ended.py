"""A button pressed after the session has ended: nothing was typed, so nothing is said to be kept (promise P12)."""

from datetime import timedelta

import pytest
import time_machine

from earlyhelp.partnership.landing import nearest_page
from earlyhelp.workflow.models import Draft
from hubs.enums import ItemStatus
from tests.hubs.factories import MEETS_AT

NOT_DONE = "what you pressed was not done"


@pytest.fixture
def clock():
    with time_machine.travel(MEETS_AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pressed_late(client, clock, chair, item):
    """The chair's answer, forty minutes after the page was opened."""

    def press(address, **sent):
        client.force_login(chair)
        client.get(item.get_absolute_url())
        clock.shift(timedelta(minutes=40))
        return client.post(address, sent, follow=True).text

    return press


@pytest.fixture(params=["park", "order", "gather", "confirm"])
def button(request, item):
    about = item.get_absolute_url() if request.param == "park" else item.meeting.get_absolute_url()
    return f"{about}{request.param}/"


def test_the_page_says_that_it_was_not_done_and_keeps_nothing(pressed_late, button, item):
    page = pressed_late(button, down=item.pk)

    assert NOT_DONE in page
    assert "is kept" not in page
    assert not Draft.objects.exists()
    item.refresh_from_db()
    assert (item.status, item.position) == (ItemStatus.SCHEDULED, None)


def test_whoever_signs_in_again_is_back_where_the_button_is(button, item):
    assert nearest_page(button) in (item.get_absolute_url(), item.meeting.get_absolute_url())


def test_what_was_typed_into_a_form_of_the_hub_is_still_kept_and_said_so(pressed_late, item, chair):
    page = pressed_late(item.get_absolute_url(), rationale="One coordinator.")

    assert "What you typed is kept" in page
    assert Draft.objects.get().user == chair


def test_a_button_pressed_on_a_page_from_before_signing_in_again_is_to_be_pressed_once_more(client, clock, chair, item):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(chair)
    strict.get(item.get_absolute_url())
    session = strict.session
    session["back"] = True  # they signed in again here after their own session had ended
    session.save()
    answer = strict.post(f"{item.get_absolute_url()}park/", {}, headers={"Origin": "http://testserver"}, follow=True)

    assert "press the button once more" in answer.text
    assert not Draft.objects.exists()
    item.refresh_from_db()
    assert item.status == ItemStatus.SCHEDULED
