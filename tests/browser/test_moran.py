"""Family M and the monthly hub meeting, from the papers to the minutes, through the pages (domain.md 17, story 6)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from earlyhelp.cases.models import Case
from earlyhelp.cases.services import await_decision
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.services import record_agreement
from earlyhelp.partnership.enums import Role
from hubs.models import HubMeeting
from hubs.services.agenda import gather
from tests.factories import (
    AgencyFactory,
    CaseFactory,
    FamilyFactory,
    MemberFactory,
    PersonFactory,
    PostFactory,
    UserFactory,
    WorkerFactory,
)
from tests.hubs.factories import HubFactory, MeetingFactory, SeatFactory

COUNT_CLICKS = """
addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
}, true);
"""


@pytest.fixture
def seated(melton, clock):
    """The chair, the coordinator, a member of the district council, and the practitioner of the children's centre."""
    hub = HubFactory(area=melton, name="Melton hub")
    MeetingFactory(hub=hub, starts_at=timezone.now() + timedelta(days=10))
    MeetingFactory(hub=hub, starts_at=timezone.now() + timedelta(days=38))
    for agency in ("Police", "School", "Housing"):
        SeatFactory(hub=hub, user=UserFactory(last_name=agency, agency=AgencyFactory(name=agency)))
    fay = _named("fay", "Fay Ward", UserFactory, agency=AgencyFactory(name="District council"))
    SeatFactory(hub=hub, user=fay)
    marek = _posted("marek", "Marek Zielinski", Role.PRACTITIONER, melton, WorkerFactory)
    CaseFactory.led_by(marek, area=melton)  # so that Jo has the most room
    return {
        "fay": fay,
        "colm": _posted("colm", "Colm Byrne", Role.HUB_CHAIR, melton),
        "ivy": _posted("ivy", "Ivy Cole", Role.HUB_COORDINATOR, melton),
        "jo": _posted("jo", "Jo Tiller", Role.PRACTITIONER, melton, WorkerFactory, job_title="Children’s centre"),
    }


def _named(username, name, made_by, **facts):
    first, last = name.split()
    return made_by(username=username, first_name=first, last_name=last, **facts)


def _posted(username, name, role, area, made_by=UserFactory, **facts):
    return PostFactory(user=_named(username, name, made_by, **facts), role=role, area=area).user


def waits(name, people, *, area, by, level=2, asked="Would like help."):
    """EH Access has accepted the family; it waits for the hub. Gives the reference of the case."""
    family = FamilyFactory(name=name, area=area)
    for first, role, years in people:
        born_on = date(timezone.localdate().year - years, 1, 9)
        person = PersonFactory(first_name=first, last_name=name, born_on=born_on, area=area)
        MemberFactory(family=family, person=person, role=role)
    parent = family.people.filter(memberships__role="parent").first()
    record_agreement(family, parent, status=AgreementStatus.GIVEN, by=by, now=timezone.now())
    facts = {"level_of_need": level, "proposed_tier": 2, "request": asked, "urgent": False}
    return await_decision(family, area=area, by=by, now=timezone.now(), **facts).reference


def test_the_morans_at_the_monthly_meeting(arrive, seated, melton, access_worker, clock, counted):
    ivy, fay, colm, jo = (arrive(seated[name]) for name in ("ivy", "fay", "colm", "jo"))
    parents = [("Aoife", "parent", 34), ("Declan", "parent", 38)]
    moran = waits(
        "Moran",
        [*parents, ("Finn", "child", 4)],
        area=melton,
        by=access_worker,
        asked="Help with benefits, work and what to do when he shouts. No bus.",
    )
    dunn = waits("Dunn", [("Bea", "parent", 40), ("Lou", "child", 11)], area=melton, by=access_worker)
    pell = waits("Pell", [("Ana", "parent", 22), ("Max", "child", 7)], area=melton, by=access_worker)
    gather(now=timezone.now())  # the sweep that brings agendas up to date
    meeting = HubMeeting.objects.get(items__case__reference=moran)

    clock.forward(days=4)
    fay.may_not_visit(meeting.get_absolute_url())
    ivy_publishes(ivy, meeting, moran)
    fay_reads(fay, meeting, moran)
    clock.forward(days=6)
    colm_starts(colm, meeting)
    clicks = colm_hears(colm, moran, dunn)
    counted("An ordinary family is decided in the meeting, with one line", clicks, "clicks", most=3)
    colm_closes(colm, pell)
    the_minutes_wrote_themselves(colm, moran, dunn)
    jo_accepts(jo, moran)
    clock.forward(weeks=4)
    fay.may_not_visit(meeting.get_absolute_url())


def ivy_publishes(ivy, meeting, moran):
    """She asks whom the family would like before the papers go out, so that nobody needs to in the meeting."""
    ivy.visit(meeting.get_absolute_url())
    ivy.reads("Agenda being made", "New families", moran)
    ivy.follow("Moran family")
    ivy.follow("Record whom the family would like")
    ivy.choose("Was the family asked whom they would like to work with?", "Asked")
    ivy.fill("What they said, or why they were not asked", "A woman, local.")
    ivy.press("Save")
    ivy.reads("Recorded for the meeting.")
    ivy.visit(meeting.get_absolute_url())
    ivy.follow("Publish the papers")
    ivy.press("Publish")
    ivy.reads("The papers are out.")


def fay_reads(fay, meeting, moran):
    """A member reads the family's card, and decides nothing."""
    fay.visit(meeting.get_absolute_url())
    fay.follow("Moran family")
    fay.reads("Moran family", "Finn, 4", "A woman, local.", "No bus.")
    fay.reads_nothing_of("Record decision", "Chair’s action")


def colm_starts(colm, meeting):
    colm.visit("/")
    colm.follow("Melton hub")
    colm.follow("Start the meeting")
    colm.press("Start")
    colm.reads("There is a problem")  # not before the statement is read out and interests are asked
    colm.tick("The confidentiality statement has been read out")
    for agency in ("Police", "School"):
        colm.page.get_by_role("group", name="Who is here?").get_by_role("checkbox", name=agency).check()
    colm.page.get_by_role("group", name="Who sent apologies?").get_by_role("checkbox", name="Fay Ward").check()
    colm.tick("Everybody was asked whether they know a family")
    colm.press("Start")
    colm.reads("The hub is not quorate: 1 more needed")
    colm.page.get_by_role("group", name="Who is here?").get_by_role("checkbox", name="Housing").check()
    colm.press("Start")
    colm.reads("0 heard, 3 to go")


def colm_hears(colm, moran, dunn):
    """Case by case, in the order suggested. Gives the clicks of the ordinary one."""
    colm.reads(moran, "proposed: tier 2", "A woman, local.")
    colm.page.evaluate(COUNT_CLICKS)
    colm.page.add_init_script(COUNT_CLICKS)
    colm.choose("What does the hub decide?", "Allocate at tier 2 – Targeted")
    colm.page.get_by_role("radio", name="Jo Tiller Recommended").check()
    colm.fill("Why, in one line", "Parenting group with transport; benefits through the district.")
    colm.press("Record decision and next family")
    colm.reads("1 heard, 2 to go", dunn)
    clicks = int(colm.page.evaluate("sessionStorage.clicks"))
    colm.choose("What does the hub decide?", "Return to EH Access")
    colm.fill("Why, in one line", "Nobody has spoken to the school yet.")
    colm.press("Record decision and next family")
    colm.reads("2 heard, 1 to go")
    return clicks


def colm_closes(colm, pell):
    colm.reads(pell)
    colm.page.get_by_role("link", name="Melton hub").first.click()
    colm.follow("Close the meeting")
    colm.reads("Not decided", pell)
    colm.fill("Why were they not decided?", "The school could not stay.")
    colm.press("Close the meeting")
    colm.reads("The meeting is closed and its minutes are written.")


def the_minutes_wrote_themselves(colm, moran, dunn):
    """Nothing was typed twice; initials and case numbers, for paper travels."""
    colm.reads("Chaired by Colm Byrne", "Fay Ward, District council: sent apologies")
    assert colm.row(moran).inner_text().startswith("M.")
    for words in ("Allocated, tier 2 – Targeted, offered to Jo Tiller", "Parenting group with transport"):
        assert words in colm.row(moran).inner_text()
    assert "Returned to EH Access" in colm.row(dunn).inner_text()
    colm.reads("The school could not stay.", "Next meeting")
    colm.reads_nothing_of("Moran", "Declan", "Finn", "Dunn", "Pell")


def jo_accepts(jo, moran):
    jo.visit("/")
    jo.follow("Accept")
    jo.follow("Accept or decline this family")
    jo.press("Accept the family")
    jo.reads("You are the lead professional now.", "Tier 2 – Targeted", "Moran family")
    case = Case.objects.get(reference=moran)
    assert case.lead.username == "jo"
    assert case.deadlines.get(code="D_MMT_WAIT").met_at <= case.deadlines.get(code="D_MMT_WAIT").due_at
