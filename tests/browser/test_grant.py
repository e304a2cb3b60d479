"""The Grant family, from referral to follow-up, through the pages and five sign-ins (domain.md 17, story 5)."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessments.enums import Reading
from earlyhelp.cases.models import CaseDeadline
from earlyhelp.cases.sweep import begin_follow_ups
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import send_owed
from earlyhelp.partnership.enums import Role
from hubs.services.agenda import gather
from tests.browser.grant import CHILDREN
from tests.browser.grant.front_door import asha_accepts, asha_asks, hana_refers, olu_answers
from tests.browser.grant.leaving import colm_approves, sam_asks_for_a_step_down, sam_closes, sam_follows_up, sam_reviews
from tests.browser.grant.support import (
    colm_allocates,
    hana_sees_her_case_and_no_other,
    only_her_own_referral,
    sam_accepts,
    sam_assesses,
    sam_meets_the_family,
    sam_plans,
)
from tests.factories import (
    AgencyFactory,
    AreaFactory,
    CaseFactory,
    PersonFactory,
    PostFactory,
    ServiceFactory,
    UserFactory,
    WorkerFactory,
)
from tests.hubs.factories import HubFactory, MeetingFactory, SeatFactory

SECRETS = ("Grant", "Leanne", *CHILDREN, "arrears", "eviction", "anti-social", "rent")


@pytest.fixture
def people(county, clock):
    """Everybody at whose desk this story happens, and the officer of the police who knows the hub."""
    district = AreaFactory(name="North West", parent=county)
    housing, police = AgencyFactory(name="Housing", kind="housing"), AgencyFactory(name="Police", kind="police")
    hub = HubFactory(area=district, name="North West hub")
    MeetingFactory(hub=hub, starts_at=timezone.now() + timedelta(days=25))
    SeatFactory(hub=hub, user=UserFactory(first_name="Omar", last_name="Pike", agency=police))
    ServiceFactory(name="Benefits advice")
    ServiceFactory(name="Children’s centre")
    PersonFactory(first_name="Leanne", last_name="Grand", born_on=date(1961, 2, 3), area=district)
    return {
        "hana": _seated("hana", "Hana Frost", Role.PRACTITIONER, district, agency=housing),
        "asha": _seated("asha", "Asha Rahman", Role.EH_ACCESS, county),
        "olu": _seated("olu", "Olu Dane", Role.AGENCY_CONTACT, district, agency=police),
        "colm": _seated("colm", "Colm Byrne", Role.HUB_CHAIR, district),
        "sam": _seated("sam", "Sam Whitlock", Role.PRACTITIONER, district, made_by=WorkerFactory),
    }


def _seated(username, name, role, area, *, made_by=UserFactory, **facts):
    first, last = name.split()
    user = made_by(username=username, first_name=first, last_name=last, phone="01632 960 101", **facts)
    return PostFactory(user=user, role=role, area=area).user


def test_the_grants_from_referral_to_follow_up(arrive, people, clock):
    hana, asha, olu, colm, sam = (arrive(people[name]) for name in ("hana", "asha", "olu", "colm", "sam"))
    elsewhere = CaseFactory.led_by(people["sam"], area=people["colm"].posts.get().area)

    referral = hana_refers(hana, clock)
    asha_asks(asha)
    olu_answers(olu)
    case = asha_accepts(asha, referral)
    gather(now=timezone.now())  # the sweep that brings agendas up to date
    clock.forward(days=1)
    colm_allocates(colm, case)
    sam_accepts(sam, case)
    only_her_own_referral(hana, referral, case)
    clock.forward(days=2)
    sam_meets_the_family(sam, case, clock)
    clock.forward(weeks=2, days=4)
    sam_assesses(sam, case)
    clock.forward(weeks=1)
    sam_plans(sam, case, clock)
    hana_sees_her_case_and_no_other(hana, case, elsewhere)
    clock.forward(weeks=6)
    sam_reviews(sam, case, clock, decision="Continue with the plan as it is", reading=Reading.TRYING)
    clock.forward(weeks=6)
    sam_reviews(sam, case, clock, decision="Ask the hub for a step down", reading=Reading.MOSTLY_WELL)
    sam_asks_for_a_step_down(sam)
    clock.forward(days=4)
    colm_approves(colm, case)
    sam_closes(sam, case)
    hana.may_not_visit(f"/cases/{case}/")
    clock.forward(weeks=27)
    begin_follow_ups(now=timezone.now())  # the sweep that time alone calls for
    sam_follows_up(sam, case)
    every_promise_was_kept(case)
    nobody_was_sent_a_name(sam)


def every_promise_was_kept(case):
    """In time, every one that was not released; a follow-up begins when it falls due, and its answer is what is awaited."""
    promises = CaseDeadline.objects.filter(owner__reference=case, void_at=None)
    kept = {each.code for each in promises if each.met_at and each.met_at <= each.due_at}
    assert {"D_URGENT_HUB", "D_ACCEPT", "D_FIRST_CONTACT", "D_ASSESS", "D_FIRST_TAF", "D_STEP", "D_CLOSE"} <= kept
    assert {each.code for each in promises} - kept == {"D_FOLLOW_UP"}


def nobody_was_sent_a_name(sam):
    """Everything that was owed is sent, in the morning's digest too: a reference and a link, and nothing of the family."""
    sent = send_owed(now=timezone.now() + timedelta(days=2))
    assert sent >= 5
    told = [f"{each.subject} {each.body}" for each in mail.outbox]
    told += [f"{each.title} {each.url}" for each in Notice.objects.all()]
    assert [(secret, text) for secret in SECRETS for text in told if re.search(rf"\b{secret}\b", text, re.I)] == []
    sam.visit("/notices/")
    sam.reads_nothing_of(*SECRETS[:5])
