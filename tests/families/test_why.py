"""Why somebody looks at a family with which they do not work: asked once a day, in nobody's way, and read beside their reads."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from earlyhelp.audit.models import Access
from earlyhelp.cases.models import Case
from earlyhelp.cases.services import join_team
from hubs.models import HubMeeting
from tests.factories import MONDAY, CaseFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory

ASKED = "You do not work with this family. Why do you look?"


@pytest.fixture
def opens(signed_in):
    def open_as(user, url):
        answer = signed_in(user).get(url)
        assert answer.status_code == 200
        return answer.content.decode()

    return open_as


@pytest.fixture
def pages(grants, led_case):
    """Of the family, of a person and of the case."""
    family = grants.get_absolute_url()
    return (family, f"{family}chronology/", grants.dana.get_absolute_url(), led_case.get_absolute_url())


@pytest.fixture
def says(signed_in, grants):
    def say(user, because="supervision", words="", back=""):
        url = reverse("families:why", args=[grants.reference])
        return signed_in(user).post(url, {"because": because, "words": words, "back": back})

    return say


@pytest.mark.parametrize("who", ["manager", "chair", "coordinator"])
def test_whom_a_post_alone_lets_in_is_asked_on_each_page_and_reads_it_all_the_same(request, opens, pages, who):
    for url in pages:
        page = opens(request.getfixturevalue(who), url)
        assert ASKED in page, url
        assert "Grant" in page


@pytest.mark.parametrize("who", ["worker", "member"])
def test_whoever_works_with_them_is_asked_nothing(request, opens, pages, who):
    for url in pages:
        assert ASKED not in opens(request.getfixturevalue(who), url), url


def test_a_manager_who_is_on_the_team_is_asked_nothing_either(opens, pages, manager, worker, led_case):
    join_team(led_case, role="member", user=manager, by=worker, now=MONDAY)
    for url in pages:
        assert ASKED not in opens(manager, url), url


def test_eh_access_is_asked_nothing_while_it_holds_them_and_asked_once_somebody_leads(
    opens, grants, led_case, access_worker
):
    was = led_case.lead
    Case.objects.filter(pk=led_case.pk).update(status="awaiting_decision", lead=None)
    assert ASKED not in opens(access_worker, grants.get_absolute_url())

    Case.objects.filter(pk=led_case.pk).update(status="step_requested", lead=was)
    assert ASKED in opens(access_worker, grants.get_absolute_url())


def test_what_they_say_is_kept_read_beside_their_reads_and_not_asked_again_that_day(
    says, opens, pages, grants, manager, chair, worker
):
    back = pages[3]
    assert says(manager, words="Sam asked for it.", back=back).url == back

    said = Access.objects.get(actor=manager, purpose__startswith="Supervision")
    assert (said.subject, said.subject_id, said.page) == ("families.family", grants.pk, f"{pages[0]}why/")
    for url in pages:
        assert ASKED not in opens(manager, url), url
    assert ASKED in opens(chair, pages[0])
    assert "Supervision of whoever works with them: Sam asked for it." in _words(opens(worker, f"{pages[0]}seen/"))


def _words(page):
    return re.sub(r"\s+", " ", strip_tags(page))


def test_the_next_day_they_are_asked_anew(says, opens, pages, manager, monkeypatch):
    says(manager)
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr("earlyhelp.families.views.why.timezone.localdate", lambda: tomorrow)

    assert ASKED in opens(manager, pages[0])


def test_of_another_family_they_are_asked_too(says, opens, manager, worker, pages):
    other = CaseFactory.led_by(worker, area=worker.team.area)
    says(manager)

    assert ASKED in opens(manager, other.get_absolute_url())


def test_something_else_is_said_in_words(says, manager):
    answer = says(manager, because="other")

    assert answer.status_code == 422
    assert "Enter what it is" in answer.content.decode()
    assert not Access.objects.filter(actor=manager).exclude(purpose="").exists()
    says(manager, because="other", words="Her aunt rang.")
    assert Access.objects.get(actor=manager, purpose="Her aunt rang.")


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "\\\\e"])
def test_it_leads_back_to_nowhere_else(says, manager, grants, back):
    assert says(manager, back=back).url == grants.get_absolute_url()


def test_whoever_may_not_see_the_family_can_say_nothing_of_it(says, stranger, practitioner):
    for somebody in (stranger, practitioner):
        assert says(somebody).status_code == 404

    assert not Access.objects.exclude(purpose="").exists()


def test_those_who_hear_a_family_are_asked_nothing_while_the_meeting_is_in_session(
    opens, pages, chair, coordinator, led_case
):
    meeting = MeetingFactory.in_session(hub=HubFactory(area=led_case.area), chair=chair)
    for somebody in (chair, coordinator):
        assert ASKED in opens(somebody, pages[0])
    ItemFactory(meeting=meeting, case=led_case)
    for somebody in (chair, coordinator):
        for url in pages:
            assert ASKED not in opens(somebody, url), url
    HubMeeting.objects.filter(pk=meeting.pk).update(status="closed", closed_at=MONDAY)
    assert ASKED in opens(chair, pages[0])


@pytest.mark.parametrize("place", range(4))
def test_being_asked_takes_one_query_and_whoever_works_with_them_takes_none(
    opens, pages, manager, member, worker, led_case, place
):
    url = pages[place]
    opens(manager, url)
    asked = len(_queries(opens, manager, url))
    assert len(_that_ask(opens, manager, url)) == 1
    assert _that_ask(opens, member, url) == []

    join_team(led_case, role="member", user=manager, by=worker, now=MONDAY)
    opens(manager, url)
    assert _that_ask(opens, manager, url) == []
    assert len(_queries(opens, manager, url)) <= asked - 1


def _that_ask(opens, user, url):
    return [sql for sql in _queries(opens, user, url) if 'FROM "audit_access"' in sql]


def _queries(opens, user, url):
    with CaptureQueriesContext(connection) as found:
        opens(user, url)
    return [each["sql"] for each in found]
