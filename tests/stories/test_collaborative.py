"""Story 17: a collaborative sees more children stay away from school, names none of them, and the hub sees the trend."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.insight.gaps import quarter_of
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import send_owed
from earlyhelp.partnership.enums import Role
from hubs.models import Collaborative, CollaborativeMember, ServiceGap, TrendReport
from tests.factories import AgencyFactory, FamilyFactory, MemberFactory, PersonFactory
from tests.stories.people import Desk

SEEN = "More children stay away from school since the autumn, and wait for months to be seen."
ANSWER = "The mental health support team comes to the next meeting."
TRENDS = "/dashboard/trends/"


@pytest.fixture
def tess(seat, melton):
    return seat("Tess Marlow", melton, agency=AgencyFactory(name="Riverside Primary", kind="school"))


@pytest.fixture
def grantham(melton):
    """A child of whom Tess thinks as she writes."""
    family = FamilyFactory(name="Grantham", area=melton)
    MemberFactory(family=family, person=PersonFactory(first_name="Tyler", last_name="Grantham", area=melton))
    return family


def test_a_trend_is_seen_and_nobody_is_named(tess, hub, grantham, melton, seat, charnwood, county):
    member = Desk(hub.members[0])
    nia = seat("Nia Powell", county, Role.SERVICE_MANAGER)
    forum = _ivy_begins_a_collaborative(hub, tess, melton)
    _a_name_gives_pause(tess, forum, melton)
    report = _tess_tells_the_hub(tess, forum, melton)
    for who in (hub.chair, hub.coordinator, member, nia):
        _sees_the_trend(who, report)
    _the_board_reads_that_it_was_reported(nia)
    _the_hub_answers(hub, member, tess, report)

    _a_trend_is_no_gap_until_it_is_said_to_be_one(tess, hub, forum, melton)
    _whoever_has_nothing_to_do_with_it_sees_nothing(seat, melton, charnwood, forum, report)
    _a_family_is_named_at_the_ordinary_door_alone(tess, forum)
    _nobody_is_named_anywhere(forum, report)


def _ivy_begins_a_collaborative(hub, tess, melton):
    hub.coordinator.sends("/hubs/collaboratives/new/", area=melton.pk, name="Vale collaborative", chair=tess.user.pk)
    CollaborativeMember.objects.update(
        from_on=date(2020, 1, 1)
    )  # who sits where is read by the database's clock, not the story's
    return Collaborative.objects.get()


def _said(melton, **more):
    since = timezone.localdate() - timedelta(days=80)
    said = {"kind": "trend", "need": "anxiety", "area": melton.pk, "seen": SEEN, "band": "some", "since_on": since}
    return said | {"evidence": "Three schools count it each week."} | more


def _a_name_gives_pause(tess, forum, melton):
    """No field asks for one, and what looks like one is not sent as it is."""
    address = f"{forum.get_absolute_url()}report/"
    page = tess.opens(address)
    assert "it names no family" in page
    for text in ("It is hardest for Tyler Grantham.", "We worry about the Grantham family.", "See EH-2026-000123."):
        assert "This seems to name somebody" in tess.is_refused(address, **_said(melton, seen=text))
    assert not TrendReport.objects.exists()


def _tess_tells_the_hub(tess, forum, melton):
    page = tess.sends(f"{forum.get_absolute_url()}report/", **_said(melton))
    assert "Told. Whoever runs the hub hears of it." in page
    assert "5 to 9" in page  # a range, by which nobody can be picked out
    return TrendReport.objects.get()


def _sees_the_trend(who, report):
    """On the page of trends by need and place, which its menu or its meeting leads to; and from there the report."""
    [row] = who.sees(TRENDS)["trends"]
    assert (row.label, row.area, str(row.reports)) == ("Anxiety, and being away from school", "Melton", "1")
    assert SEEN in who.opens(row.reports.url)
    assert SEEN in who.opens(report.get_absolute_url())


def _the_board_reads_that_it_was_reported(nia):
    """Beside what was found unmet, and not added to it; in no words of theirs."""
    board = f"/dashboard/board/?quarter={quarter_of(timezone.localdate())}"
    [line] = nia.sees(board)["report"].parts[-1].lines
    assert (line.what, line.now) == ("Anxiety, and being away from school, Melton", "0")
    assert line.remark == "Reports of collaboratives in a year: 1"
    report = nia.opens(board)
    for words in (SEEN, "Three schools", "Vale collaborative", "Tess"):
        assert words not in report


def _the_hub_answers(hub, member, tess, report):
    """Whoever runs it, and nobody else."""
    assert hub.coordinator.has_to_do("Answer what a collaborative reports")
    member.may_not(f"{report.get_absolute_url()}answer/")
    tess.may_not(f"{report.get_absolute_url()}answer/")
    hub.coordinator.sends(f"{report.get_absolute_url()}answer/", answer=ANSWER)
    assert ANSWER in tess.opens(report.get_absolute_url())
    assert not hub.coordinator.has_to_do("Answer what a collaborative reports")


def _a_trend_is_no_gap_until_it_is_said_to_be_one(tess, hub, forum, melton):
    assert not ServiceGap.objects.exists()
    tess.sends(f"{forum.get_absolute_url()}report/", **_said(melton, kind="gap", need="autism"))
    gap = ServiceGap.objects.get()
    assert (gap.need, gap.area, gap.decision, gap.blockage) == ("autism", melton, None, None)


def _whoever_has_nothing_to_do_with_it_sees_nothing(seat, melton, charnwood, forum, report):
    practitioner, elsewhere = seat("Pat Other", melton), seat("Graham Chair", charnwood, Role.HUB_CHAIR)
    for who in (practitioner, elsewhere):
        who.may_not(forum.get_absolute_url(), report.get_absolute_url())
    practitioner.may_not(TRENDS)
    assert elsewhere.sees(TRENDS)["trends"] == []


def _a_family_is_named_at_the_ordinary_door_alone(tess, forum):
    page = tess.opens(f"{forum.get_absolute_url()}refer/")
    assert "Find the family and refer them" in page
    assert "They do not agree, or were not asked Name them nowhere." in page
    assert "<textarea" not in tess.browser.get(f"{forum.get_absolute_url()}refer/").text


def _nobody_is_named_anywhere(forum, report):
    """Neither in what was kept, nor in what was sent; nor does a notice say what it is about."""
    kept = " ".join(f"{row.seen} {row.evidence} {row.planned} {row.answer}" for row in TrendReport.objects.all())
    kept += " ".join(ServiceGap.objects.values_list("note", flat=True))
    send_owed(now=timezone.now() + timedelta(days=4))
    told = " ".join(f"{each.title} {each.reference} {each.url}" for each in Notice.objects.all())
    told += " ".join(f"{each.subject} {each.body}" for each in mail.outbox)
    told += " ".join(f"{each.reason} {each.facts}" for each in Event.objects.filter(subject="hubs.trendreport"))
    for name in ("Tyler", "Grantham", "EH-"):
        assert name not in kept + told
    assert mail.outbox
    for words in ("school", "anxiety", "autism", "months"):
        assert words not in told
