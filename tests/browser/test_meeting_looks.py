"""A hub's pages around a meeting in session, looked at as those of the others are: narrow, wide, and by axe."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.families.models import Family
from earlyhelp.partnership.enums import Role
from hubs.models import AgendaItem, HubMeeting, StepRequest
from hubs.services import hearing
from hubs.services.actions import undertake
from hubs.services.blockages import raise_blockage
from hubs.services.collaboratives import found, join, plan, record_meeting, report
from hubs.services.papers import write_note
from hubs.transitions import close, decide, publish
from hubs.transitions.blockages import escalate
from tests.assessments.factories import assessed
from tests.browser.test_looks import SCROLLS, WIDE, looked_at
from tests.factories import (
    AgencyFactory,
    CaseFactory,
    PostFactory,
    ServiceFactory,
    TeamFactory,
    UserFactory,
    WorkerFactory,
)
from tests.hubs.factories import EVIDENCE, HubFactory, ItemFactory, MeetingFactory, SeatFactory, agree
from tests.hubs.referred import asked, referred

RUNS = (Role.HUB_CHAIR, Role.HUB_COORDINATOR, Role.SERVICE_MANAGER, Role.IG_LEAD)
SAID = {"kind": "trend", "need": "anxiety", "seen": "More children stay away.", "band": "some", "evidence": "Counts."}
LINES = """(shown) => shown.map((part) => {
    const words = document.createRange();
    words.selectNodeContents(part);
    return new Set([...words.getClientRects()].map((box) => Math.round(box.top))).size;
})"""


@pytest.fixture
def runs_it(melton):
    """One who chairs, coordinates, manages and keeps, so that one sign-in shows every page."""
    user = UserFactory(first_name="Wilhelmina", last_name="Featherstonehaugh", job_title="Hub chair")
    for role in RUNS:
        PostFactory(user=user, role=role, area=melton)
    return user


@pytest.fixture
def hub(melton):
    return HubFactory(area=melton, name="Melton hub")


@pytest.fixture
def members(hub):
    return [SeatFactory(hub=hub, user=UserFactory(agency=AgencyFactory())).user for _ in range(3)]


@pytest.fixture
def worker(melton, runs_it):
    """In a team that whoever runs the hub manages too; about to leave."""
    team = TeamFactory(area=melton, name="Melton family team")
    PostFactory(user=runs_it, role=Role.TEAM_MANAGER, area=melton, team=team)
    user = WorkerFactory(agency=team.agency, team=team, last_name="Whitlock-Featherstonehaugh")
    PostFactory(user=user, area=melton, team=team)
    for _ in range(3):
        PostFactory(user=WorkerFactory(agency=team.agency, team=team), area=melton, team=team)
    user.left_on = timezone.localdate() + timedelta(days=9)
    user.save()
    return user


def waiting(meeting, **facts):
    """A family that somebody referred, of which one agency has not answered."""
    case = CaseFactory(area=meeting.hub.area, **facts)
    agree(case)
    asked(referred(case, why_now="Nobody sleeps.", wants="“Quiet nights.”"))
    return ItemFactory(meeting=meeting, case=case, preference="asked", preference_note="Somebody local.")


@pytest.fixture
def held(hub, over, runs_it, members, worker):
    """In session: its papers are out, one family was decided, one is heard, one asks for a step that it does not agree to."""
    now = timezone.now().replace(microsecond=0)
    ServiceFactory.create_batch(3)
    meeting = MeetingFactory(hub=hub, starts_at=now + timedelta(days=6))
    items = [waiting(meeting, urgent=number == 2) for number in range(3)]
    led = CaseFactory.led_by(worker, area=hub.area)
    assessed(led, by=worker)
    step = {
        "case": led,
        "from_tier": 2,
        "to_tier": 3,
        "requested_by": worker,
        "requested_at": now,
        "status": "with_hub",
    }
    step = StepRequest.objects.create(**step, **EVIDENCE | {"agreement": "not_agreed"})
    type(led).objects.filter(pk=led.pk).update(status="step_requested")
    items.append(ItemFactory(meeting=meeting, case=led, step=step, kind="step_request"))
    publish(meeting, by=runs_it, now=now, despite="The police answer on Friday.")
    session = {"status": "in_meeting", "opened_at": now, "chaired_by": runs_it, "starts_at": now}
    HubMeeting.objects.filter(pk=meeting.pk).update(**session)
    meeting.refresh_from_db()
    for user in (runs_it, *members):
        meeting.attendance.create(user=user, agency=user.agency, presence="present")
    for item in items:
        item.refresh_from_db()
    decide(items[0], by=runs_it, now=now, kind="signpost", rationale="One service will do.", where="The library")
    hearing.hear(items[1], now=now)
    write_note(items[1], by=runs_it, now=now, text="Ask about the nights.")
    return meeting, items


@pytest.fixture
def over(hub, runs_it, members):
    """The meeting before, with minutes, an action and a chair's action to ratify."""
    now = timezone.now().replace(microsecond=0)
    MeetingFactory(hub=hub, starts_at=now + timedelta(days=28))
    meeting = MeetingFactory.in_session(hub=hub, chair=runs_it, present=members, starts_at=now - timedelta(days=28))
    decide(
        ItemFactory(meeting=meeting), by=runs_it, now=now, kind="return_to_access", rationale="Ask the school first."
    )
    undertake(hub, what="Ring the school", owner=runs_it, due_on=now.date(), now=now, meeting=meeting)
    ItemFactory(meeting=meeting)
    return close(meeting, by=runs_it, now=now, reason="Out of time.")


@pytest.fixture
def pages(held, over, hub, runs_it, members, worker, melton):
    return {
        **_of_the_meeting(held, over),
        **_before(hub),
        **_of_blockages(worker, melton, runs_it),
        **_of_collaboratives(melton, runs_it),
        **_of_workers(worker, hub),
    }


def _of_the_meeting(held, over):
    meeting, (decided, heard, urgent, step) = held
    about = meeting.get_absolute_url()
    return {
        "the meeting": about,
        "as it goes on": f"{about}live/",
        "the papers": f"{about}papers/",
        "a family's page": f"/hubs/items/{heard.pk}/papers/",
        "a note of one's own": f"/hubs/items/{heard.pk}/notes/",
        "the decision": heard.get_absolute_url(),
        "an urgent decision": urgent.get_absolute_url(),
        "a step": step.get_absolute_url(),
        "decided": decided.get_absolute_url(),
        "whom they would like": f"/hubs/items/{heard.pk}/preference/",
        "who is here": f"{about}attendance/",
        "who knows a family": f"{about}interest/",
        "the agenda shared out": f"{about}balance/",
        "who moved what": f"{about}moves/",
        "an action": f"{about}action/",
        "a late family": f"{about}late/",
        "to close": f"{about}close/",
        "the minutes": f"{over.get_absolute_url()}minutes/",
        "what is wrong in them": f"{over.get_absolute_url()}correct/",
    }


def _before(hub):
    """Of a meeting whose papers are not out, with a family that did not agree."""
    draft = MeetingFactory(hub=hub, starts_at=timezone.now().replace(microsecond=0) + timedelta(days=12))
    item = ItemFactory(meeting=draft)
    about = draft.get_absolute_url()
    return {
        "the hub": f"/hubs/{hub.pk}/",
        "its terms": f"/hubs/{hub.pk}/terms/",
        "its attendance": f"/hubs/{hub.pk}/attendance/",
        "an agenda": about,
        "to publish": f"{about}publish/",
        "to move": f"{about}move/",
        "who sits for whom": f"{about}stand-in/",
        "without agreement": f"/hubs/items/{item.pk}/without-agreement/",
        "for the next meeting": f"/hubs/items/{item.pk}/later/",
        "a chair's action": f"/hubs/chairs-action/{item.case.reference}/",
    }


def _of_blockages(worker, melton, runs_it):
    now = timezone.now()
    said = {"what": "There is no place before Easter.", "since_on": now.date() - timedelta(days=30), "tried": "Rang."}
    led = CaseFactory.led_by(worker, area=melton)
    one = raise_blockage(led, by=worker, now=now, need="autism", missing="A place", **said)
    escalate(one, by=worker, now=now, reason="Nobody answers.")
    return {
        "blockages": "/hubs/blockages/",
        "a blockage": one.get_absolute_url(),
        "a blockage taken": f"{one.get_absolute_url()}do/own/",
        "trends": "/dashboard/trends/",
        "gaps": "/dashboard/trends/gaps/",
    }


def _of_collaboratives(melton, runs_it):
    now, today = timezone.now(), timezone.localdate()
    forum = found(area=melton, name="Vale collaborative", by=runs_it, now=now)
    ann = join(forum, by=runs_it, now=now, name="Ann Other", comes_for="The playgroup")
    told = report(forum, by=runs_it, now=now, area=melton, since_on=today, **SAID)
    plan(forum, by=runs_it, now=now, need="carers", what="A coffee morning", owner=ann, due_on=today)
    record_meeting(forum, by=runs_it, now=now, on=today, came=[ann], notes="Waiting lists.")
    about = forum.get_absolute_url()
    named = {f"collaborative: {page}": f"{about}{page}/" for page in ("join", "meeting", "report", "plan", "refer")}
    more = {"a report": told.get_absolute_url(), "to answer it": f"{told.get_absolute_url()}answer/"}
    return (
        {"collaboratives": "/hubs/collaboratives/", "a new one": "/hubs/collaboratives/new/", "one": about}
        | named
        | more
    )


def _of_workers(worker, hub):
    about = f"/workload/{worker.pk}/"
    return {
        "workload": "/workload/",
        "of one": about,
        "their capacity": f"{about}capacity/",
        "their leave": f"{about}leave/",
        "whoever leaves": f"/hubs/leaver/{worker.pk}/",
    }


def test_the_pages_of_a_meeting_in_session_fit_a_phone_and_pass_axe(arrive, runs_it, pages):
    visitor, faults = arrive(runs_it), []
    for name, address in pages.items():
        visitor.visit(address)
        if (shown := visitor.page.locator("h1").first.inner_text()) == "Page not found":
            faults.append(f"{name}: {address} is not there")
        assert shown
        faults += looked_at(visitor, name)
    assert faults == [], "\n".join(faults)


def test_the_number_of_a_case_stands_in_one_line_however_narrow_its_column(arrive, held, runs_it):
    """A short name beside a long reason: the column takes as little as it can."""
    meeting, items = held
    Family.objects.update(name="Ash")
    AgendaItem.objects.update(late_reason="They were referred late, after a long stay with the grandmother. " * 3)
    visitor = arrive(runs_it)
    visitor.visit(meeting.get_absolute_url())
    visitor.page.set_viewport_size({"width": WIDE, "height": 800})
    shown = visitor.page.locator("td, th").get_by_text(re.compile(r"^EH-"))
    assert set(shown.all_inner_texts()) == {item.case.reference for item in items[1:]}
    assert shown.evaluate_all(LINES) == [1, 1, 1]
    assert visitor.page.evaluate(SCROLLS) <= 0


def test_what_a_member_follows_passes_axe_with_names_and_without(arrive, held, members):
    """A projector shows initials and case numbers alone."""
    meeting, items = held
    visitor, faults = arrive(members[0]), []
    for name in ("with names", "without"):
        for address in (f"{meeting.get_absolute_url()}live/", items[1].get_absolute_url()):
            visitor.visit(address)
            faults += looked_at(visitor, f"{address} {name}")
        if name == "with names":
            visitor.press("Hide names: initials and case numbers only, for a projector")
            visitor.reads("Show names")
    assert faults == [], "\n".join(faults)
