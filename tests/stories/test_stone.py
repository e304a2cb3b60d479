"""Story 7: the Stones do not know where to start. Twelve weeks with one who helps them to, and a hand-on without a gap."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.models import PlanAgreement, ProgrammeEnrolment
from assessments.queries import occasions
from earlyhelp.cases.enums import AllocationStatus, Status
from earlyhelp.cases.models import CaseDeadline, TierChange
from earlyhelp.deadlines.sweep import ring
from earlyhelp.families.models import Agreement
from earlyhelp.insight.gaps import quarter_of
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.sharing.models import Permission
from hubs.models import ServiceGap, StepRequest
from hubs.services.blockages import raise_blockage
from hubs.services.steps import follow_up_steps
from tests.factories import AgencyFactory, AreaFactory, CaseFactory, ServiceFactory
from tests.stories.front_door import answers, asks, family, member, passes_on, progresses, refers
from tests.stories.hub import sitting
from tests.stories.support import adds_goal, agrees, assesses, finishes, meets, meets_the_team, review, review_page

NEEDS = ("housing", "money", "health", "education", "relationships")
PARTS = {
    "why": {"why_now": "The mortgage is unpaid, and she fears that they lose the house.", "tried": "A payment plan."},
    "wants": {"wants": "“I don’t know where to start.”"},
    "needs": {"needs": NEEDS, "strengths": "They laugh together.", "worries": "Eviction."},
    "safety": {"safeguarding": "no", "urgent": "no"},
    "you": {"source_kind": "school", "contact_phone": "01632 960 120"},
}
VOICES = {"Elliot": "“I do not sleep.”", "Robin": "“Too loud.”"}
APPOINTMENTS = ("Go to the GP together", "See the diabetes nurse", "Ring the mortgage lender", "See the debt adviser")
REST = ("Open the post on Tuesdays", "Ask the school for a quiet room", "Visit together with who comes next")
SESSIONS = "Elliot spoke on Tuesday of the nights."
STARTED = "Elliot has begun with a group on Thursdays."
TRENDS = "/dashboard/trends/"


@pytest.fixture
def syston(charnwood):
    return AreaFactory(name="Syston", kind="locality", parent=charnwood)


@pytest.fixture
def hub(seat, charnwood):
    people = {
        "chair": seat("Grace Oduya", charnwood, Role.HUB_CHAIR),
        "coordinator": seat("Ivy Cole", charnwood, Role.HUB_COORDINATOR),
    }
    return sitting(charnwood, agencies=("Police", "Charnwood Homes", "Soar College"), **people)


@pytest.fixture
def tess(seat, syston):
    return seat("Tess Marlow", syston, agency=AgencyFactory(name="Riverside Primary", kind="school"))


@pytest.fixture
def asha(seat, county):
    return seat("Asha Rahman", county, Role.EH_ACCESS)


@pytest.fixture
def marek(seat, charnwood):
    """Of the Inclusion Service."""
    return seat("Marek Zielinski", charnwood, agency=AgencyFactory(name="Inclusion Service"), takes_cases=True)


@pytest.fixture
def sam(seat, charnwood):
    """Of Supporting Leicestershire Families."""
    return seat("Sam Whitlock", charnwood, takes_cases=True, intensive=True)


@pytest.fixture
def camhs(seat, charnwood):
    """Who see both children; answer for the service, and come to the team."""
    agency = AgencyFactory(name="CAMHS", kind="health")
    return seat("Noor Odell", charnwood, Role.AGENCY_CONTACT, agency=agency)


@pytest.fixture
def stones(syston, tess):
    year = timezone.localdate().year
    people = {
        "Dawn": ("parent", date(year - 42, 12, 31)),
        "Elliot": ("child", date(year - 17, 12, 31)),
        "Robin": ("child", date(year - 11, 12, 31)),
    }
    return family("Stone", syston, by=tess, people=people)


def test_twelve_weeks_and_a_hand_on(tess, asha, hub, marek, sam, camhs, stones, charnwood, county, seat, clock):
    first, last = hub.meets(weeks=2), hub.meets(weeks=14)
    referral = _the_school_refers_with_five_needs(tess, stones)
    case = _eh_access_asks_camhs_and_accepts(asha, camhs, referral)
    ends_on = _the_hub_gives_twelve_weeks(hub, first, case, marek, clock)
    _camhs_comes_to_the_team(marek, camhs, case)
    _marek_plans_with_them(marek, case, clock)
    _five_of_seven_are_done_by_week_eight(marek, case, clock, ends_on)
    _two_weeks_before_its_end_he_hears_of_it(marek, case, clock, ends_on)
    step = _he_asks_for_intensive_family_work_next(marek, case)
    passes_on(asha, step, known="CAMHS and the school know them; the lender has been rung.")
    item = _it_is_in_the_papers(hub, last, case, clock)
    _three_others_lack_the_same_this_quarter(charnwood, marek, ends_on, clock)
    _the_hub_approves_and_notes_what_is_missing(hub, last, item, sam)
    _sam_accepts_before_marek_ends(marek, sam, case, step)
    _the_gap_is_seen_by_the_hub_and_the_county(hub, seat, county)

    _there_was_one_lead_at_every_moment(case, marek, sam)
    _the_box_ended_on_its_day(case, ends_on)
    _home_and_mortgage_were_followed_to_an_outcome(marek, sam, case)
    _elliot_was_asked_himself(stones, case)
    _of_what_camhs_does_the_team_reads_that_it_is_involved(marek, sam, camhs, case, stones)


def _the_school_refers_with_five_needs(tess, stones):
    """1. With Dawn's agreement, and Elliot's own: of sixteen, he is asked as she is. Robin, who is ten, is not."""
    referral = refers(tess, stones, agrees={"Dawn": "given", "Elliot": "given"}, parts=PARTS)
    assert referral.for_programme
    return referral


def _eh_access_asks_camhs_and_accepts(asha, camhs, referral):
    asks(asha, referral, camhs.user.agency)
    answers(camhs, referral, service_1="CAMHS", worker_1="Noor Odell")
    return progresses(asha, referral, level_of_need="2", reason="Two services know them; nobody brings it together.")


def _the_hub_gives_twelve_weeks(hub, meeting, case, marek, clock):
    """2. Tier 2, led by the Inclusion Service for twelve weeks; who may come next is named; CAMHS is asked along."""
    item = hub.hears_of(case)
    clock.forward(days=3)
    hub.publishes(meeting)
    assert "for the families programme" in hub.chair.opens(meeting.get_absolute_url())
    clock.to(timezone.localdate(meeting.starts_at))
    hub.starts(meeting)
    ends_on = clock.today + timedelta(weeks=12)
    given = {"worker": marek.user.pk, "preference": "asked", "preference_note": "“Somebody who starts with me.”"}
    programme = "Inclusion Service. Supporting Leicestershire Families may follow."
    given |= {"programme": programme, "programme_ends_on": ends_on}
    given |= {"not_recommended_reason": "It is his service that gives the twelve weeks."}
    hub.decides(item, "allocate-2", "Twelve weeks, with CAMHS invited.", **given)
    hub.closes(meeting)
    marek.sends(f"{case.get_absolute_url()}do/accept/")
    case.refresh_from_db()
    assert (case.tier, case.lead, case.timebox_ends_on) == (2, marek.user, ends_on)
    assert programme in marek.opens(f"{case.get_absolute_url()}chronology/")
    return ends_on


def _camhs_comes_to_the_team(marek, camhs, case):
    why = {"all_the_same": "Each of them was asked at home today, and their wishes are being written down."}
    joined = marek.sends(f"{case.get_absolute_url()}team/join/?q=Odell", user=camhs.user.pk, role="member", **why)
    assert "Noor Odell" in joined
    assert "Stone" in camhs.opens(case.get_absolute_url())


def _marek_plans_with_them(marek, case, clock):
    """3. A list of appointments: seven actions, to each of which he goes with her."""
    clock.forward(days=2)
    meets(marek, case, "Dawn, Elliot and Robin, at home.")
    needs = dict.fromkeys(("housing", "money", "health"), "1")
    assesses(marek, case, needs=needs, voices=VOICES, level="2", worry="The house.")
    assert ProgrammeEnrolment.objects.filter(case=case).exists()
    adds_goal(marek, case, "We keep our house.", "housing", "Ring the mortgage lender", *REST[:1])
    adds_goal(marek, case, "I can look at the post.", "money", "See the debt adviser")
    adds_goal(marek, case, "I am well enough for them.", "health", *APPOINTMENTS[:2], *REST[1:])
    assert case.actions.count() == 7
    dawn, elliot = member(case.family, "Dawn"), member(case.family, "Elliot")
    meets_the_team(marek, case, family=[dawn, elliot], notes="One thing a week.")
    agrees(marek, case, {dawn: "“One thing at a time.”", elliot: "“As long as nobody rings my school.”"})


def _five_of_seven_are_done_by_week_eight(marek, case, clock, ends_on):
    clock.to(ends_on - timedelta(weeks=4))
    for what in (*APPOINTMENTS, REST[0]):
        finishes(marek, case, what)
    assert case.actions.filter(status="done").count() == 5
    readings = {"housing": "3", "money": "2", "health": "1"}
    marek.sends(review_page(case), **review(case, readings, VOICES))


def _two_weeks_before_its_end_he_hears_of_it(marek, case, clock, ends_on):
    """4. In week ten, and not before."""
    box = CaseDeadline.objects.get(owner=case, code="D_TIMEBOX")
    of_the_box = Notice.objects.filter(to=marek.user, title__startswith=box.label)
    clock.to(ends_on - timedelta(weeks=2, days=1))
    ring(now=timezone.now())
    assert not of_the_box.exists()
    assert not marek.has_to_do("Record the end of the programme")
    clock.to(ends_on - timedelta(weeks=2) + timedelta(days=1))
    ring(now=timezone.now())
    assert [notice.title for notice in of_the_box] == [f"{box.label}: due soon"]
    assert "Record the end of the programme" in marek.opens(case.get_absolute_url())


def _he_asks_for_intensive_family_work_next(marek, case):
    """5. Dawn agrees; what they need is assessed anew, and is more than was thought."""
    needs = {"housing": "3", "money": "2", "health": "1"}
    assesses(marek, case, needs=needs, voices=VOICES, level="3", worry="What comes after the twelve weeks.")
    said = {
        "what_changed": "The lender waits; the nights are worse.",
        "tried": "Twelve weeks of appointments, five of seven kept.",
        "views": "“Do not stop now.”",
        "agreement": "agreed",
        "agreement_note": "Dawn said yes, and so did Elliot.",
        "risk_if_nothing": "They fall back.",
        "wanted": "Intensive family work, from the day on which the twelve weeks end.",
        "handover_note": "Never ring: text her first.",
        "joint_visit": "On Monday, at home.",
    }
    marek.sends(f"/hubs/steps/{case.reference}/", to_tier="3", **said)
    step = StepRequest.objects.get()
    assert (step.from_tier, step.to_tier) == (2, 3)
    return step


def _it_is_in_the_papers(hub, meeting, case, clock):
    item = hub.hears_of(case)
    clock.forward(days=7)
    hub.publishes(meeting)
    return item


def _three_others_lack_the_same_this_quarter(charnwood, marek, day, clock):
    """Nobody keeps a tally: three other families are stopped by it, and their leads say so."""
    clock.to(day)
    stopped = {"what": "Nothing at school age.", "since_on": clock.today - timedelta(days=30), "tried": "Rang round."}
    for _ in range(3):
        case = CaseFactory.led_by(marek.user, area=charnwood)
        marek.user.forget_scope()
        raise_blockage(
            case, by=marek.user, now=timezone.now(), need="autism", missing="Support at school age", **stopped
        )


def _the_hub_approves_and_notes_what_is_missing(hub, meeting, item, sam):
    """6 and 7. On the last day of the twelve weeks."""
    assert timezone.localdate(meeting.starts_at) == timezone.localdate()
    hub.starts(meeting)
    advice = ServiceFactory(name="Debt advice")
    given = {"worker": sam.user.pk, "preference": "asked", "preference_note": "“If Marek brings them.”"}
    missing = {"missing_need": "autism", "missing_provision": "Support for autism at school age"}
    hub.decides(item, "approve_step", "Coordination was not enough.", specialists=[advice.pk], **given, **missing)


def _sam_accepts_before_marek_ends(marek, sam, case, step):
    """With a visit together, and what Marek hands on, which Sam reads before he answers."""
    case.refresh_from_db()
    assert (case.tier, case.lead) == (3, marek.user)
    finishes(marek, case, REST[2], "Marek and Sam, on Monday.")
    handed_on = sam.opens(f"{case.get_absolute_url()}do/take_over/")
    assert "Never ring: text her first. Visiting together: On Monday, at home." in handed_on
    sam.sends(f"{case.get_absolute_url()}do/take_over/")
    follow_up_steps(now=timezone.now())
    step.refresh_from_db()
    assert step.status == "enacted"
    change = TierChange.objects.filter(case=case).latest("pk")
    assert (change.from_tier, change.to_tier) == (2, 3)


def _the_gap_is_seen_by_the_hub_and_the_county(hub, seat, county):
    """Four times this quarter: on the page of trends, and in the report to the board, where a number so small is hidden."""
    assert ServiceGap.objects.filter(need="autism").count() == 4
    [row] = hub.chair.sees(TRENDS)["trends"]
    assert (row.label, row.area, row.numbers[-1].counted, row.says) == ("Support with autism", "Charnwood", 4, "New")
    nia = seat("Nia Powell", county, Role.SERVICE_MANAGER)
    page = nia.opens(TRENDS)
    assert "Support with autism" in page
    assert "Fewer than 5" in page  # a small number could point at a family
    board = f"/dashboard/board/?quarter={quarter_of(timezone.localdate())}"
    [line] = nia.sees(board)["report"].parts[-1].lines
    assert (line.what, line.now, line.before, line.remark) == (
        "Support with autism, Charnwood",
        "Fewer than 5",
        "0",
        "New",
    )
    report = nia.opens(board)
    for name in ("Stone", "Dawn", "Elliot", "Robin"):
        assert name not in page
        assert name not in report


# --- then ---------------------------------------------------------------------------------------------------------------


def _there_was_one_lead_at_every_moment(case, marek, sam):
    case.refresh_from_db()
    assert (case.status, case.lead) == (Status.SUPPORTED, sam.user)
    held = list(case.allocations.exclude(status=AllocationStatus.DECLINED).order_by("answered_at", "pk"))
    assert [each.worker for each in held] == [marek.user, sam.user]
    assert held[0].ended_at == held[1].answered_at
    assert not case.deadlines.open().filter(holder=marek.user).exists()


def _the_box_ended_on_its_day(case, ends_on):
    box = CaseDeadline.objects.get(owner=case, code="D_TIMEBOX")
    assert timezone.localdate(box.met_at) == timezone.localdate(box.due_at) == ends_on
    assert case.timebox_ends_on is None


def _home_and_mortgage_were_followed_to_an_outcome(marek, sam, case):
    """As needs of the family, read at the beginning and since; Marek's work is over, and he reads them no more."""
    taken = [occasion.values for occasion in occasions(case)]
    assert [(each["housing"], each["money"]) for each in taken] == [(1, 1), (3, 2), (3, 2)]
    page = sam.opens(f"{case.get_absolute_url()}assessment/")
    for words in ("Secure housing", "Financial stability"):
        assert words in page
    assert "Done, and it holds." in sam.opens(f"{case.get_absolute_url()}plan/")


# --- and not ------------------------------------------------------------------------------------------------------------


def _elliot_was_asked_himself(stones, case):
    """To early help and to the plan; his mother's word does not stand for his, and Robin's is asked of his mother."""
    elliot, robin = member(stones, "Elliot"), member(stones, "Robin")
    assert Agreement.objects.filter(family=stones, person=elliot, status="given").exists()
    assert not Agreement.objects.filter(family=stones, person=robin).exists()
    assert PlanAgreement.objects.get(plan__case=case, person=elliot).words == "“As long as nobody rings my school.”"


def _of_what_camhs_does_the_team_reads_that_it_is_involved(marek, sam, camhs, case, stones):
    """Until he permits more; and it is he who does, not his mother."""
    elliot = member(stones, "Elliot")
    sharing, add = f"/families/{stones.reference}/sharing/wish/", f"{stones.get_absolute_url()}chronology/add/"
    pages = [f"{case.get_absolute_url()}{part}" for part in ("", "chronology/", "plan/", "assessment/", "referral/")]
    event = {"happened_on": timezone.localdate(), "kind": "health", "person": elliot.pk}
    camhs.sends(add, text=SESSIONS, private_to_agency="on", **event)
    assert SESSIONS in camhs.opens(pages[1])
    assert "Involved, and keeps to itself with what" in sam.opens(pages[1])
    for page in pages:
        assert SESSIONS not in sam.opens(page)

    says = {"person": elliot.pk, "whom": "team", "wish": "given", "how": "face_to_face"}
    mother = {"given_by": "parent", "parent": member(stones, "Dawn").pk}
    assert "They are 16 or over and decide themselves." in sam.is_refused(sharing, **says, **mother)
    assert not Permission.objects.exists()
    sam.sends(sharing, given_by="person", **says)
    camhs.sends(add, text=STARTED, **event)
    assert STARTED in sam.opens(pages[1])
    assert SESSIONS not in sam.opens(pages[1])
    marek.may_not(*pages)
