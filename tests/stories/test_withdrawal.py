"""Story 18: a family takes its agreement back. Whether anybody is at risk is asked once more; partners learn that it ended."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.cases.enums import EndReason, Status
from earlyhelp.cases.models import Case
from earlyhelp.cases.services import join_team
from earlyhelp.core.calendar import add_months
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import Agreement, Family
from earlyhelp.families.services import record_agreement
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import send_owed
from earlyhelp.partnership.enums import Role
from earlyhelp.records.due import due_families
from earlyhelp.records.enums import RecordClass
from earlyhelp.records.enums import Status as DisposalStatus
from earlyhelp.records.models import Disposal
from earlyhelp.records.sweep import find_due
from referrals.enums import RequestStatus
from referrals.enums import Status as ReferralStatus
from referrals.models import InformationRequest, Referral
from referrals.transitions.referral import ask_agencies
from tests.factories import AgencyFactory, CaseFactory, FamilyFactory, MemberFactory, PersonFactory, WorkerFactory
from tests.factories import PostFactory as Post
from tests.referrals.factories import taken
from tests.stories.people import Desk

WHY = "My sister helps now, and I have told my story often enough."
CHECKED = "Both children are seen at school each day; the sister moves in on Friday. Nobody is at risk."


@pytest.fixture
def sam(melton):
    return Desk(Post(user=WorkerFactory(first_name="Sam", last_name="Whitlock"), area=melton).user)


@pytest.fixture
def colm(seat, melton):
    return seat("Colm Byrne", melton, Role.HUB_CHAIR)


@pytest.fixture
def asha(seat, county):
    return seat("Asha Rahman", county, Role.EH_ACCESS)


@pytest.fixture
def school():
    return AgencyFactory(name="Riverside Primary", kind="school")


@pytest.fixture
def tess(seat, melton, school):
    """Of the school; on the team."""
    return seat("Tess Marlow", melton, agency=school)


@pytest.fixture
def leanne(melton):
    return PersonFactory(first_name="Leanne", last_name="Grant", born_on=date(1996, 4, 1), area=melton)


@pytest.fixture
def tyler(melton):
    return PersonFactory(first_name="Tyler", last_name="Grant", born_on=date(2017, 6, 1), area=melton)


@pytest.fixture
def case(melton, sam, tess, leanne, tyler, clock):
    """Five weeks under way, with Leanne's agreement."""
    began = timezone.now()
    family = FamilyFactory(name="Grant", area=melton)
    MemberFactory(family=family, person=leanne, role="parent")
    MemberFactory(family=family, person=tyler)
    record_agreement(family, leanne, status=AgreementStatus.GIVEN, by=sam.user, now=began)
    case = CaseFactory.led_by(sam.user, area=melton, family=family, accepted_at=began)
    join_team(case, role="member", user=tess.user, by=sam.user, now=began)
    join_team(case, role="specialist", name="Nurse Odell", by=sam.user, now=began)
    clock.forward(weeks=5)
    return case


def test_the_family_withdraws_at_week_five(sam, colm, tess, case, leanne, tyler):
    assert "Grant" in tess.opens(case.get_absolute_url())
    before = Event.objects.count()

    _leanne_takes_her_agreement_back(sam, case, leanne)
    _it_is_asked_whether_anybody_is_at_risk(sam, case)

    case.refresh_from_db()
    assert (case.status, case.end_reason, case.closed_on) == (
        Status.CLOSED,
        EndReason.FAMILY_WITHDREW,
        timezone.localdate(),
    )
    assert not case.deadlines.open().exists()
    _the_hub_is_told(colm, case)
    _partners_are_told_only_that_it_ended(tess, case, leanne)
    _nothing_is_destroyed(case, leanne, before)
    _it_is_kept_by_the_rule_of_its_class(case, tyler)


def _leanne_takes_her_agreement_back(sam, case, leanne):
    """A new answer; the one before it stands below."""
    page = sam.sends(f"{case.family.get_absolute_url()}agreements/add/", person=leanne.pk, status="withdrawn")
    assert "Agreement withdrawn" in page
    assert "Agreed" in page


def _it_is_asked_whether_anybody_is_at_risk(sam, case):
    """6.5 and 16. Without that answer nothing is closed; and the page says that a hand-over needs no agreement."""
    address = f"{case.get_absolute_url()}do/family_withdrew/"
    asked = sam.opens(address)
    assert "Is anybody at risk if help stops now?" in asked
    assert "hand over to social care now: it needs no agreement" in asked
    sam.is_refused(address, reason=WHY)
    assert Case.objects.get().status == Status.SUPPORTED
    assert "the hub has been told" in sam.sends(address, reason=WHY, safeguarding_check=CHECKED)


def _the_hub_is_told(colm, case):
    notice = Notice.objects.get(to=colm.user, reference=case.reference)
    assert notice.title == "A family withdrew"
    assert WHY in colm.opens(f"{case.get_absolute_url()}chronology/")


def _partners_are_told_only_that_it_ended(tess, case, leanne):
    """That, and no more: neither who ended it nor why nor what was weighed; and the case opens no more to them."""
    told = Notice.objects.filter(to=tess.user, created_at=timezone.now())
    assert [notice.title for notice in told] == ["A Team Around the Family that you were on has ended"]
    tess.may_not(case.get_absolute_url(), f"{case.get_absolute_url()}chronology/", case.family.get_absolute_url())
    tess.may_not(f"/families/people/{leanne.pk}/")
    send_owed(now=timezone.now() + timedelta(days=4))
    seen = [tess.opens("/"), tess.opens("/notices/"), *(f"{each.subject} {each.body}" for each in mail.outbox)]
    for text in seen:
        for words in (WHY, CHECKED, "withdr", "Leanne", "Grant", "sister"):
            assert words not in text, words


def _nothing_is_destroyed(case, leanne, before):
    """Who said what, when, and what was weighed."""
    answers = Agreement.objects.filter(person=leanne).order_by("pk").values_list("status", flat=True)
    assert list(answers) == [AgreementStatus.GIVEN, AgreementStatus.WITHDRAWN]
    ended = Event.objects.get(kind="cases.case.family_withdrew")
    assert (ended.reason, ended.facts["safeguarding_check"]) == (WHY, CHECKED)
    assert Event.objects.count() > before
    assert case.team.count() == 3
    assert case.team.filter(until_at=None).count() == 0


def _it_is_kept_by_the_rule_of_its_class(case, tyler):
    """Until the youngest is twenty-five, whatever they withdrew; and then it is put before a person, and not destroyed."""
    until = add_months(tyler.born_on, 12 * 25)
    among = Family.objects.filter(pk=case.family_id)
    assert not list(due_families(today=until - timedelta(days=1), among=among))
    [due] = due_families(today=until, among=among)
    assert (due.record_class, due.due_on) == (RecordClass.CHILDREN, until)
    find_due(now=timezone.make_aware(datetime.combine(until, time(9))))
    assert Disposal.objects.get(family=case.family).status == DisposalStatus.DUE
    assert among.exists()


# --- before it was decided ---------------------------------------------------------------------------------------------


@pytest.fixture
def referral(melton, asha, tess, school, seat):
    """In triage, with the school asked what it knows."""
    now = timezone.now()
    row = taken(area=melton, author=tess.user, by=asha.user, now=now)
    seat("Ann Contact", melton, Role.AGENCY_CONTACT, agency=school)
    asked = {"agencies": [school], "question": "What do you know?", "lawful_basis": "agreed"}
    ask_agencies(row, by=asha.user, now=now, **asked)
    return Referral.objects.get()


def test_a_family_that_declines_before_the_decision_is_thought_of_once_more(asha, tess, referral, seat, melton):
    manager = seat("Mo Manager", melton, Role.TEAM_MANAGER)
    agency_contact = Desk(InformationRequest.objects.get().deadlines.get().holder)
    question = InformationRequest.objects.get().get_absolute_url()
    address = f"/referrals/{referral.reference}/do/withdraw/"
    said = {"withdrawn_by": "family", "reason": WHY}

    refused = asha.is_refused(address, **said)
    assert "Select whether anybody is at risk without help" in refused
    asha.sends(address, risk_noted="yes", risk_detail="The baby has lost weight.", **said)

    referral.refresh_from_db()
    assert referral.status == ReferralStatus.WITHDRAWN
    assert manager.has_to_do(f"Second pair of eyes on referral {referral.reference}")
    assert InformationRequest.objects.get().status == RequestStatus.LAPSED
    agency_contact.may_not(question)
    told = Notice.objects.filter(to=tess.user, reference=referral.reference).latest("pk")
    assert told.title == "Your referral was withdrawn"
    # And not: what was weighed, to whoever referred or was asked; nor is anything deleted.
    for who in (tess, agency_contact):
        assert "lost weight" not in who.opens("/")
    assert "lost weight" not in tess.opens(referral.get_absolute_url())
    assert InformationRequest.objects.count() == 1
