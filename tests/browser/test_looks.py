"""How the main pages look to those who need them to be good: narrow, zoomed, read aloud, without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.services import assessing
from earlyhelp.cases.enums import Status
from earlyhelp.cases.offers import offer
from earlyhelp.directory.services.keeping import propose_correction
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from hubs.enums import MeetingStatus
from hubs.models import HubMeeting
from hubs.transitions.items import decide
from referrals.transitions.referral import ask_agencies
from tests.assessments.factories import ActionFactory, GoalFactory, assessed, family_of
from tests.assessments.factories import MeetingFactory as TafMeetingFactory
from tests.browser.people import SIGN_IN, WCAG, faults_of
from tests.disagreements.factories import disagreed
from tests.factories import (
    MONDAY,
    AgencyFactory,
    CaseFactory,
    PersonFactory,
    PostFactory,
    ServiceFactory,
    WorkerFactory,
)
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory
from tests.lac.factories import ConversationFactory, IntroductionFactory, VisionFactory
from tests.referrals.factories import handed_over, ready_draft, taken

MANY = (
    Role.EH_ACCESS,
    Role.FIRST_CONTACT_ADVISER,
    Role.HUB_CHAIR,
    Role.SERVICE_MANAGER,
    Role.LAC_COORDINATOR,
    Role.AGENCY_CONTACT,
)
NARROW, WIDE = 320, 1280
BETWEEN = (768, 960)  # a tablet held upright, and where lists become tables
SCROLLS = "document.documentElement.scrollWidth - window.innerWidth"
CUT_OFF = """[...document.querySelectorAll(".eh-scroll")].filter((part) => part.scrollWidth > part.clientWidth + 1)
    .map((part) => part.getAttribute("aria-label") ?? part.textContent.trim().slice(0, 40))"""
# What is compared in columns, and what is printed, is pushed sideways inside a region of its own; elsewhere rows become cards.
WIDE_YET = {"dashboard", "hand-over printed", "trends"}


@pytest.fixture
def everybody(melton):
    """One person with every desk, so that one scenario and one sign-in show every page."""
    user = WorkerFactory(first_name="Wilhelmina", last_name="Featherstonehaugh", job_title="Intensive family worker")
    for role in MANY:
        PostFactory(user=user, role=role, area=melton)
    return user


@pytest.fixture
def pages(everybody, melton, practitioner):
    """Where to look, by name."""
    case, writing = _cases(everybody, melton)
    _notices(everybody, case)
    return {
        **_ones_own(everybody, melton),
        **_of_the_directory(everybody, melton),
        **_front_door(everybody, practitioner, melton),
        **_of_the_case(case, writing),
        **_with_social_care(everybody, case),
        **_of_the_hub(everybody, melton),
    }


def _ones_own(person, area):
    return {
        "home": "/",
        "search": "/families/search/?q=Lean+Invented",
        "dashboard": "/dashboard/",
        "notices": "/notices/",
        "people alongside": "/people-alongside/",
        "somebody alongside": _introduction(person, area).get_absolute_url(),
        "nothing": "/cases/EH-0000-000000/",
    }


def _of_the_directory(keeper, area):
    service = ServiceFactory(name="Befriending", needs=["connection"], assured_on="2020-01-01")
    service.areas.set([area])
    gone = ServiceFactory(withdrawn=True)
    propose_correction(service, by=keeper, now=timezone.now(), text="It moved to the library.")
    about = service.get_absolute_url()
    return {
        "services": f"/services/?area={area.pk}",
        "a service": about,
        "a service that is withdrawn": gone.get_absolute_url(),
        "a new service": "/services/add/",
        "a service changed": f"{about}change/",
        "a service to withdraw": f"{about}do/withdraw/",
        "something wrong": f"{about}correct/",
    }


def _front_door(author, practitioner, area):
    draft = ready_draft(area=area, author=author)
    triaged = taken(area=area, author=practitioner, by=author, urgent=True, urgent_why="A hearing.")
    return {
        "my referrals": "/referrals/",
        "task list": draft.get_absolute_url(),
        "a task": f"{draft.get_absolute_url()}tasks/safety/",
        "check": f"{draft.get_absolute_url()}check/",
        "triage": "/referrals/triage/",
        "triage case": f"/referrals/triage/{triaged.reference}/",
        "accept": f"/referrals/{triaged.reference}/do/accept/",
        "question": _question(triaged, author).get_absolute_url(),
        "hand-over": "/referrals/hand-over/",
    }


def _of_the_case(case, writing):
    about, assessment = case.get_absolute_url(), f"/assessments/{writing.reference}/"
    return {
        "caseload": "/cases/",
        "case": about,
        "team": f"{about}team/",
        "assessed": f"{about}assessment/",
        "assessment": f"{writing.get_absolute_url()}assessment/",
        "heading": f"{assessment}headings/housing/",
        "analysis": f"{assessment}analysis/",
        "plan": f"{about}plan/",
        "reviews": f"{about}meetings/",
        "review": f"/assessments/{case.reference}/reviews/record/",
        "chronology": f"{about}chronology/",
        "family": case.family.get_absolute_url(),
    }


def _with_social_care(lead, case):
    handover = handed_over(by=lead, case=case, spoken_to="Duty desk").get_absolute_url()
    return {
        "hand-over made": handover,
        "hand-over printed": f"{handover}print/",
        "a call": f"{handover}do/call/",
        "disagreement": disagreed(by=lead, record=case).get_absolute_url(),
        "disagreements": "/disagreements/",
        "disagree": f"/disagreements/new/?about={case.reference}",
    }


def _of_the_hub(chair, area):
    meeting, item, closed = _meetings(chair, area)
    return {
        "meetings": "/hubs/",
        "extra meeting": f"/hubs/{meeting.hub_id}/extra/",
        "hub actions": "/hubs/actions/",
        "meeting": meeting.get_absolute_url(),
        "live item": item.get_absolute_url(),
        "minutes": f"{closed.get_absolute_url()}minutes/",
    }


def _notices(person, case):
    for number in range(3):
        notify(
            [person],
            kind=Kind.NEWS,
            title="A step was decided",
            reference=case.reference,
            url=case.get_absolute_url(),
            key=f"looks:{number}",
            now=timezone.now(),
            urgent=number == 0,
        )


def _cases(lead, area):
    """One family under way with a plan and a meeting, one whose assessment is being written."""
    case = CaseFactory.led_by(lead, area=area, status=Status.ASSESSING, tier=3)
    assessed(case, by=lead, needs=("housing", "money"))
    ActionFactory(goal=GoalFactory(case=case), case=case, owner=lead)
    TafMeetingFactory(case=case)
    type(case).objects.filter(pk=case.pk).update(status=Status.SUPPORTED, next_review_on=timezone.localdate())
    writing = CaseFactory.led_by(lead, area=area, status=Status.ASSESSING)
    family_of(writing)
    assessing.start(writing, by=lead, now=MONDAY)
    return case, writing


def _meetings(chair, area):
    """One in session with families to hear, one over, with a decision in its minutes."""
    hub = HubFactory(area=area, name="Melton hub")
    here = [SeatFactory(hub=hub, user=WorkerFactory(agency=AgencyFactory())).user for _ in range(3)]
    ServiceFactory.create_batch(3)
    closed = MeetingFactory.in_session(
        hub=hub, chair=chair, present=here, starts_at=timezone.now() - timedelta(days=35)
    )
    decided = ItemFactory(meeting=closed)
    decide(decided, by=chair, now=timezone.now(), kind="return_to_access", rationale="Ask the school first.")
    now = timezone.now()
    HubMeeting.objects.filter(pk=closed.pk).update(status=MeetingStatus.CLOSED, closed_at=now)
    meeting = MeetingFactory.in_session(hub=hub, chair=chair, present=here, starts_at=now.replace(microsecond=0))
    items = ItemFactory.create_batch(3, meeting=meeting)
    family_of(items[0].case, agreed=False)
    return meeting, items[0], HubMeeting.objects.get(pk=closed.pk)


def _question(referral, asker):
    ask_agencies(
        referral,
        by=asker,
        now=timezone.now(),
        agencies=[asker.agency],
        question="What do you know?",
        lawful_basis="public_task",
    )
    return referral.requests.get()


def _introduction(coordinator, area):
    person = PersonFactory(first_name="Gwen", last_name="Harlow")
    met = IntroductionFactory(person=person, area=area, coordinator=coordinator)
    ConversationFactory(introduction=met, recorded_by=coordinator)
    VisionFactory(introduction=met, recorded_by=coordinator)
    return met


def test_the_main_pages_fit_a_phone_and_pass_axe_at_both_widths(arrive, everybody, pages):
    visitor, faults = arrive(everybody), []
    visitor.page.goto(SIGN_IN)
    faults += looked_at(visitor, "sign in")
    visitor.sign_in()
    for name, address in pages.items():
        visitor.visit(address)
        if name == "triage case":
            visitor.page.wait_for_load_state("networkidle")  # a part of it is fetched
        faults += looked_at(visitor, name)
    assert faults == [], "\n".join(faults)


def looked_at(visitor, name, **options):
    """What is wrong with this page, wide and narrow; of a width between only whether it scrolls sideways."""
    page, found = visitor.page, []
    for width in BETWEEN:
        page.set_viewport_size({"width": width, "height": 800})
        if (over := page.evaluate(SCROLLS)) > 0:
            found.append(f"{name} at {width}: scrolls sideways by {over} px")
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{name} at {width}: {fault}" for fault in faults_of(page, **options)]
        if (over := page.evaluate(SCROLLS)) > 0:
            found.append(f"{name} at {width}: scrolls sideways by {over} px")
    cut = [] if name in WIDE_YET else page.evaluate(CUT_OFF)
    return found + [f"{name} at {NARROW}: “{part}” is cut off and has to be pushed sideways" for part in cut]


def test_the_page_of_the_api_stands_under_the_strict_policy_too(arrive, everybody):
    visitor = arrive(everybody)
    visitor.visit("/")
    visitor.visit("/api/docs/")
    visitor.page.locator("#swagger-ui .opblock").first.wait_for()
    # Swagger’s own colours, and its second <main>, are not ours to mend.
    assert looked_at(visitor, "API", apart_from=["#swagger-ui"], standard=WCAG) == []


def test_without_scripts_one_signs_in_refers_and_accepts_a_family(arrive, worker, melton):
    """What the scripts add is comfort; nothing needs them."""
    draft = ready_draft(area=melton, author=worker, people_checked=False)
    case = CaseFactory(area=melton, status=Status.OPENED, tier=2, opened_on=MONDAY.date())
    offer(case, worker=worker, tier=2, by=worker, now=timezone.now(), preference="asked", preference_note="Near.")
    visitor = arrive(worker, scripts=False, width=NARROW)

    visitor.visit(draft.get_absolute_url())
    visitor.follow("Who is in the family")
    visitor.tick("I have checked who is in the family")
    visitor.press("Save and go back to the list")
    visitor.reads("You have completed 7 of 7 parts")
    visitor.visit(case.get_absolute_url())
    visitor.follow("Accept or decline this family")
    visitor.press("Accept the family")
    visitor.reads("You are the lead professional now.")

    case.refresh_from_db()
    assert (case.status, case.lead) == (Status.ALLOCATED, worker)
