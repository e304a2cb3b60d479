"""Story 6: the Morans, in a village without buses, wait for the monthly hub; Aoife, who cares for two, is asked about herself.

The meeting itself, from the papers to the minutes, is played in a browser: ``tests/browser/test_moran.py``.
"""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessments.queries import occasions
from earlyhelp.cases.enums import EndReason, Status
from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import add_working_days
from earlyhelp.directory.models import OnwardReferral, Organisation
from earlyhelp.notices.models import Letter
from earlyhelp.notices.services import send_letters
from earlyhelp.partnership.enums import Role
from hubs.enums import ItemStatus
from hubs.models import HubDecision, ServiceGap
from referrals.enums import SuggestionStatus
from referrals.models import ChecklistResponse, Suggestion
from tests.directory.conftest import secret_in
from tests.factories import AgencyFactory, AreaFactory, ServiceFactory
from tests.stories.front_door import answers, family, member, progresses, refers
from tests.stories.hub import sitting
from tests.stories.people import Desk
from tests.stories.support import adds_goal, agrees, assesses, finishes, meets, meets_the_team, review, review_page

WANTS = "Help with benefits, with work, and what to do when he shouts. A woman, please, and local."
PARTS = {
    "why": {"why_now": "Finn hits and bites. One bus a day; they see nobody.", "tried": "Advice at two visits."},
    "wants": {"wants": WANTS},
    "needs": {"needs": ["relationships", "money"], "strengths": "Bedtime stories.", "worries": "They are alone."},
    "safety": {"safeguarding": "no", "urgent": "no"},
    "you": {"source_kind": "health_visitor", "contact_phone": "01632 960 140"},
}
THINKS = "She will think about it: not while nobody else can lift him."
VOICES = {"Finn": "He lined up his cars and gave one away."}
MINIBUS = "A place for her from Tuesday. She asks to be fetched: there is no bus."
FETCHED = "Came to five of six. The minibus fetched her at nine each time."
BENEFITS = "Carer’s Allowance is paid from June; a course in book-keeping from September."
TRENDS = "/dashboard/trends/"


@pytest.fixture
def village(melton):
    return AreaFactory(name="Buckminster", kind="locality", parent=melton)


@pytest.fixture
def hub(seat, melton):
    people = {
        "chair": seat("Colm Byrne", melton, Role.HUB_CHAIR),
        "coordinator": seat("Ivy Cole", melton, Role.HUB_COORDINATOR),
    }
    return sitting(melton, agencies=("Children’s centre", "Melton District Council", "Police"), **people)


@pytest.fixture
def hannah(seat, melton):
    return seat("Hannah Frost", melton, agency=AgencyFactory(name="Health visiting", kind="health"))


@pytest.fixture
def asha(seat, county):
    return seat("Asha Rahman", county, Role.EH_ACCESS)


@pytest.fixture
def nursery(seat, melton):
    """Answers for Finn's nursery."""
    return seat("Nell Quick", melton, Role.AGENCY_CONTACT, agency=AgencyFactory(name="Wolds Nursery", kind="school"))


@pytest.fixture
def jo(seat, melton, hub):
    """Of the children's centre."""
    return seat("Jo Tiller", melton, agency=hub.members[0].agency, takes_cases=True)


@pytest.fixture
def services():
    """The parenting group of the children's centre, and “Me and My Learning”, which answers from a link."""
    centre = Organisation.objects.create(name="Children’s centre")
    learning = Organisation.objects.create(name="Me and My Learning")
    return {
        "group": ServiceFactory(
            name="Parenting group", organisation=centre, email="centre@example.org", specialist=False
        ),
        "learning": ServiceFactory(
            name="Me and My Learning", organisation=learning, email="learning@example.org", specialist=False
        ),
    }


@pytest.fixture
def morans(village, hannah):
    year = timezone.localdate().year
    people = {
        "Aoife": ("parent", date(year - 35, 12, 31)),
        "Declan": ("parent", date(year - 39, 12, 31)),
        "Finn": ("child", date(year - 5, 12, 31)),
    }
    return family("Moran", village, by=hannah, people=people)


def test_the_morans_wait_for_the_monthly_hub(hannah, asha, nursery, hub, jo, services, morans, melton, seat, clock):
    meeting = hub.meets(days=15)
    referral = refers(hannah, morans, agrees={"Aoife": "given", "Declan": "given"}, parts=PARTS)  # 1
    asked = _aoife_is_asked_about_herself(asha, referral, morans)
    case = _asha_accepts_at_level_two(asha, nursery, referral, hub, meeting)
    item = _the_papers_are_out_three_working_days_before(hub, meeting, case, clock)
    _the_hub_allocates_it_to_jo(hub, meeting, item, case, jo, services, clock)
    _aoife_has_a_place_and_is_fetched(jo, services, morans, clock)
    _her_benefits_and_her_work_are_seen_to(jo, services, morans, clock)
    _they_meet_by_video(jo, case, morans, clock)
    _what_stands_in_the_way_is_said(jo, case, clock)
    _it_has_helped(jo, case, hub, clock)

    _the_wait_is_inside_the_standard(case, referral, meeting)
    _the_area_sees_what_it_lacks(hub, seat, melton)
    _the_offer_to_aoife_outlives_the_case(asha, asked, case, morans, clock)


def _aoife_is_asked_about_herself(asha, referral, morans):
    """2. A carer's assessment is offered to her; whether Finn cares for anybody is asked too, and at four is answered by no."""
    asha.sends(f"/referrals/{referral.reference}/do/take/")
    asked = _checklist(asha, referral, member(morans, "Aoife"), "adult", carer="yes", lonely="yes")
    page = asha.opens(f"{asked.get_absolute_url()}talk/")
    assert "Carers have a right to an assessment of their own" in page
    carers = asked.suggestions.get(rule__code="carer")
    asha.sends(f"{asked.get_absolute_url()}talk/", **{f"said-{carers.pk}": "not_now", f"note-{carers.pk}": THINKS})
    carers.refresh_from_db()
    assert (carers.status, carers.note) == (SuggestionStatus.LATER, THINKS)

    not_of_him = {"carer": "no", "carer-note": "He is four: it is not asked of him."}
    of_finn = _checklist(asha, referral, member(morans, "Finn"), "child", **not_of_him)
    assert of_finn.answers.get(question__code="carer").value == "no"
    assert not of_finn.suggestions.exists()
    return asked


def _checklist(asha, referral, person, about, **said):
    start = f"/referrals/checklists/start/referral/{referral.reference}/"
    asha.sends(start, person=person.pk, about=about, agreed_by="Aoife herself, by telephone")
    asked = ChecklistResponse.objects.get(person=person)
    asha.sends(f"{asked.get_absolute_url()}ask/{about}/", **said)
    return asked


def _asha_accepts_at_level_two(asha, nursery, referral, hub, meeting):
    """2. And so to Colm's next meeting."""
    question = {"question": "How is Finn with you?", "lawful_basis": "agreed", "agencies": [nursery.user.agency_id]}
    asha.sends(f"/referrals/{referral.reference}/do/ask_agencies/", **question)
    answers(nursery, referral, service_1="Wolds Nursery", known="He plays alone.")
    case = progresses(asha, referral, level_of_need="2", reason="A young child; two services would do.")
    item = hub.hears_of(case)
    assert (item.meeting, item.status) == (meeting, ItemStatus.SCHEDULED)
    assert referral.decisions.get().level_of_need == 2
    return case


def _the_papers_are_out_three_working_days_before(hub, meeting, case, clock):
    """3. Whom the family would like was asked before. The children's centre and the district council read their page then."""
    item = case.agenda_items.get()
    wish = {"preference": "asked", "preference_note": "“A woman, and local.”"}
    hub.coordinator.sends(f"/hubs/items/{item.pk}/preference/", **wish)
    centre, district = Desk(hub.members[0]), Desk(hub.members[1])
    page = f"/hubs/items/{item.pk}/papers/"
    for who in (centre, district):
        who.may_not(meeting.get_absolute_url(), item.get_absolute_url(), page)
    clock.to(add_working_days(timezone.localdate(meeting.starts_at), -3))
    hub.publishes(meeting)
    for who in (centre, district):
        read = who.opens(page)
        for words in ("Finn", WANTS, "“A woman, and local.”", "He plays alone."):
            assert words in read
    return item


def _the_hub_allocates_it_to_jo(hub, meeting, item, case, jo, services, clock):
    """4. Tier 2, with two services; and what the village lacks is noted as it is decided."""
    clock.to(timezone.localdate(meeting.starts_at))
    hub.starts(meeting)
    given = {"worker": jo.user.pk, "preference": "asked", "preference_note": "“A woman, and local.”"}
    given |= {"to_offer": [each.pk for each in services.values()]}
    missing = {"missing_need": "transport", "missing_provision": "A way into town from the villages in the morning"}
    hub.decides(item, "allocate-2", "A group with somebody who fetches her; benefits.", **given, **missing)
    decision = HubDecision.objects.get()
    assert (decision.kind, decision.tier, decision.worker) == ("allocate", 2, jo.user)
    hub.closes(meeting)
    jo.sends(f"{case.get_absolute_url()}do/accept/")
    assert jo.has_to_do("Offer 2 services that the hub named to the Moran family")
    page = jo.opens(f"{case.get_absolute_url()}services/")
    for service in services.values():
        assert service.name in page
    _no_service_has_heard_of_them_yet()


def _no_service_has_heard_of_them_yet():
    """And not: to be named tells nobody. Each hears of Aoife when she has said yes to it."""
    assert not OnwardReferral.objects.exists()
    assert not Letter.objects.filter(address__in=("centre@example.org", "learning@example.org")).exists()


def _referred(jo, service, person, why):
    yes = {"said": "yes", "given_by": "person", "how": "face_to_face", "reach": "01632 960 141"}
    jo.sends(f"/services/{service.pk}/refer/{person.pk}/", why=why, **yes)
    send_letters(now=timezone.now())
    phone = Desk(link=f"/referred/{secret_in(mail.outbox[-1])}/")
    phone.sends(phone.link)
    return phone, OnwardReferral.objects.get(service=service, person=person)


def _aoife_has_a_place_and_is_fetched(jo, services, morans, clock):
    """5. A place on a programme, with its transport requested and then confirmed, is work on groups. What stands here for it
    is a referral that asks for both, and a service that takes her, which it does not unless she can come.
    """
    clock.forward(days=1)
    phone, onward = _referred(jo, services["group"], member(morans, "Aoife"), MINIBUS)
    assert MINIBUS in phone.opens(f"{phone.link}read/")
    phone.sends(f"{phone.link}accept/")
    phone.sends(f"{phone.link}start/", started_on=clock.today)
    onward.refresh_from_db()
    assert onward.status == "started"


def _her_benefits_and_her_work_are_seen_to(jo, services, morans, clock):
    """6. Each with her own yes; what came of it comes back in words."""
    phone, onward = _referred(jo, services["learning"], member(morans, "Aoife"), "A benefits check, and a way to work.")
    phone.sends(f"{phone.link}accept/")
    phone.sends(f"{phone.link}start/", started_on=clock.today)
    phone.sends(f"{phone.link}complete/", outcome=BENEFITS)
    onward.refresh_from_db()
    assert (onward.status, onward.outcome) == ("outcome_recorded", BENEFITS)
    assert BENEFITS in jo.opens(onward.get_absolute_url())
    assert not jo.has_to_do("that the hub named")  # both were offered, and by her own yes


def _they_meet_by_video(jo, case, morans, clock):
    """7. A short plan, and the first review six weeks on."""
    clock.forward(days=2)
    meets(jo, case, "Aoife, Declan and Finn, at home.")
    assesses(jo, case, needs={"relationships": "1"}, voices=VOICES, level="2", worry="Nobody comes by.")
    adds_goal(jo, case, "He hits less.", "relationships", "Go through the group's cards at home")
    aoife, declan = member(morans, "Aoife"), member(morans, "Declan")
    taf = meets_the_team(jo, case, family=[aoife, declan], notes="A short plan.", remote="yes")
    assert (taf.status, taf.remote) == ("held", True)
    agrees(jo, case, {aoife: "“Yes.”", declan: "“As long as I am asked too.”"})
    case.refresh_from_db()
    assert (case.status, case.next_review_on) == (Status.SUPPORTED, clock.today + timedelta(weeks=6))


def _what_stands_in_the_way_is_said(jo, case, clock):
    """They see nobody from one week to the next: no plan of theirs mends that."""
    said = {"what": "There is nowhere to go.", "since_on": clock.today, "tried": "The parish.", "need": "connection"}
    jo.sends(f"/hubs/blockages/raise/{case.reference}/", missing="Somewhere to meet in the village", **said)


def _it_has_helped(jo, case, hub, clock):
    """8. Five of six; benefits increased; behaviour from 1 to 3. They have had enough, and Colm agrees."""
    clock.forward(weeks=6)
    finishes(jo, case, "Go through the group's cards at home", FETCHED)
    answers_of_it = review(case, {"relationships": "3"}, VOICES, decision="close", risk="lower", summary=FETCHED)
    assert "Why is it ending?" in jo.sends(review_page(case), **answers_of_it)
    assert [occasion.values["relationships"] for occasion in occasions(case)] == [1, 3]
    ending = {"end_reason": "outcomes_met", "summary": FETCHED, "family_views": "“It is enough.”"}
    jo.sends(f"{case.get_absolute_url()}do/propose_closure/", follow_up_agreed="yes", **ending)
    agreed = {"end_reason": "outcomes_met", "reason": "It holds."}
    hub.chair.sends(f"{case.get_absolute_url()}do/ratify_closure/", **agreed)
    case.refresh_from_db()
    assert (case.status, case.end_reason) == (Status.CLOSED, EndReason.OUTCOMES_MET)


# --- then ---------------------------------------------------------------------------------------------------------------


def _the_wait_is_inside_the_standard(case, referral, meeting):
    """From the referral to the decision, with the wait for the meeting in it; and never more than twenty working days."""
    wait = case.deadlines.get(code="D_MMT_WAIT")
    referral.refresh_from_db()
    assert wait.started_at >= referral.submitted_at
    assert timezone.localdate(wait.met_at) == timezone.localdate(meeting.starts_at)
    assert wait.met_at <= wait.due_at
    assert timezone.localdate(wait.due_at) <= add_working_days(timezone.localdate(wait.started_at), 20)


def _the_area_sees_what_it_lacks(hub, seat, melton):
    """That they are alone, and that no bus goes: once each, for the district, by nobody's name."""
    gaps = ServiceGap.objects.order_by("need").values_list("need", "area__parent__name")
    assert list(gaps) == [("connection", "Melton"), ("transport", "Melton")]
    rows = {row.label: row for row in hub.chair.sees(TRENDS)["trends"]}
    assert {(label, row.area) for label, row in rows.items()} == {
        ("Connection and purpose", "Melton"),
        ("Transport", "Melton"),
    }
    for name in ("Moran", "Aoife", "Declan", "Finn"):
        assert name not in hub.chair.opens(TRENDS)


# --- and not ------------------------------------------------------------------------------------------------------------


def _the_offer_to_aoife_outlives_the_case(asha, asked, case, morans, clock):
    """It is hers, and not the child's: it hangs on no case, and comes back when this one has long ended."""
    offer = asked.suggestions.get(rule__code="carer")
    assert asked.person == member(morans, "Aoife")
    assert (offer.status, offer.note) == (SuggestionStatus.LATER, THINKS)
    assert not Case.objects.get(pk=case.pk).is_live
    clock.forward(weeks=14)
    assert asha.has_to_do(f"Offer again what they did not want then: checklist {asked.reference}")
    yes = {"elsewhere": "The county council’s carers’ team", "given_by": "person", "given_how": "phone"}
    asha.sends(f"{asked.get_absolute_url()}suggestions/{offer.pk}/agree/", note="Now he is at nursery.", **yes)
    offer.refresh_from_db()
    assert offer.status == SuggestionStatus.YES


def test_she_is_offered_it_though_the_family_wants_no_early_help(asha, hannah, nursery, morans, clock):
    """Nothing of Declan's wheelchair, nor of what she does for him, is made a matter of the child."""
    referral = refers(hannah, morans, agrees={"Aoife": "given", "Declan": "refused"}, parts=PARTS)
    asked = _aoife_is_asked_about_herself(asha, referral, morans)
    gone = {
        "withdrawn_by": "family",
        "reason": "Not now.",
        "risk_noted": "no",
        "risk_detail": "The nursery sees him daily.",
    }
    asha.sends(f"/referrals/{referral.reference}/do/withdraw/", **gone)

    offer = asked.suggestions.get(rule__code="carer")
    assert (offer.status, offer.response.person) == (SuggestionStatus.LATER, member(morans, "Aoife"))
    clock.forward(weeks=14)
    assert asha.has_to_do(f"Offer again what they did not want then: checklist {asked.reference}")
    assert not Case.objects.exists()
    assert not Suggestion.objects.filter(response__person=member(morans, "Finn")).exists()
