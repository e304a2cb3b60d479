"""Handing over to social care: by anybody, from anywhere, with nothing in the way (domain.md 6.9, story 10)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from referrals.enums import HandoverStatus
from referrals.models import SocialCareHandover
from referrals.sweep import chase_handovers
from referrals.todo import handovers_to_social_care
from referrals.transitions.handover import accepted, acknowledge, chase, not_accepted, returned, settle
from tests.factories import (
    MONDAY,
    AgencyFactory,
    AreaFactory,
    CaseFactory,
    FamilyFactory,
    MemberFactory,
    PersonFactory,
    PostFactory,
    UserFactory,
)
from tests.referrals.factories import handed_over

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def handover(practitioner, access_worker, melton):
    return handed_over(by=practitioner, family=FamilyFactory(area=melton))


@pytest.fixture
def acknowledged(handover, practitioner):
    return acknowledge(handover, by=practitioner, now=LATER, spoken_to="Duty worker", their_reference="SC-1")


def test_anybody_hands_over_and_eh_access_hears_at_once(handover, access_worker, practitioner):
    notice = Notice.objects.get(to=access_worker)

    assert notice.urgent
    assert handover.reference in notice.reference
    assert handover.deadlines.open().get().holder == practitioner


def test_from_a_record_it_begins_with_whom_it_is_about_and_how_old_they_are(client, led_case, worker):
    today = timezone.localdate()
    facts = {"first_name": "Tia", "last_name": "Invented", "born_on": today.replace(year=today.year - 6, day=1)}
    MemberFactory(family=led_case.family, person=PersonFactory(**facts))
    elsewhere = MemberFactory(family__restricted=True, person__first_name="Gail").person
    MemberFactory(family=led_case.family, person=elsewhere)  # whom another family's restriction hides
    client.force_login(worker)

    form = client.get(f"/referrals/hand-over/?about={led_case.reference}").context["form"]
    assert form["about"].value() == f"The {led_case.family}: Tia Invented, 6"

    for _ in range(30):
        MemberFactory(family=led_case.family)
    form = client.get(f"/referrals/hand-over/?about={led_case.reference}").context["form"]
    assert len(form["about"].value()) == 255


def test_somebody_without_post_team_or_agency_may_hand_over(melton):
    handover = handed_over(by=UserFactory(agency=None))

    assert handover.area == melton.parent


def test_the_lead_of_a_live_case_hears_too(led_case, practitioner, worker):
    handed_over(by=practitioner, family=led_case.family)

    assert Notice.objects.filter(to=worker, kind="handover", urgent=True).count() == 1


@pytest.mark.parametrize("status", ["awaiting_decision", "closed"])
def test_it_works_whatever_the_state_of_the_case(status, practitioner, melton):
    over = {"closed_on": MONDAY.date(), "opened_on": MONDAY.date(), "end_reason": "other"} if status == "closed" else {}
    case = CaseFactory(area=melton, status=status, **over)

    assert handed_over(by=practitioner, case=case).case == case


def test_a_hand_over_made_on_the_telephone_is_acknowledged_already(practitioner, melton):
    handover = handed_over(by=practitioner, spoken_to="Duty worker")

    assert handover.status == HandoverStatus.ACKNOWLEDGED
    assert handover.acknowledged_at == MONDAY


def test_the_family_of_a_restricted_record_is_told_of_to_the_governance_lead_only(
    practitioner, melton, access_worker, ig_lead
):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton, restricted=True))

    assert not Notice.objects.filter(to=access_worker).exists()
    assert Notice.objects.filter(to=ig_lead).exists()
    assert not SocialCareHandover.objects.for_user(access_worker).filter(pk=handover.pk).exists()


@pytest.mark.parametrize("who", ["stranger", "other_worker", "service_manager"])
def test_nobody_else_sees_it(request, handover, who):
    assert not SocialCareHandover.objects.for_user(request.getfixturevalue(who)).exists()


def test_an_acknowledgement_says_who_when_and_their_reference(acknowledged):
    assert acknowledged.status == HandoverStatus.ACKNOWLEDGED
    assert (acknowledged.spoken_to, acknowledged.their_reference) == ("Duty worker", "SC-1")
    assert acknowledged.deadlines.open().get().label == "Social care says what it will do"


def test_a_stranger_acknowledges_nothing(handover, stranger):
    with pytest.raises(PermissionDenied):
        acknowledge(handover, by=stranger, now=LATER, spoken_to="Nobody")

    handover.refresh_from_db()
    assert handover.status == HandoverStatus.SENT


def test_an_acknowledgement_in_the_future_is_refused(handover, practitioner):
    with pytest.raises(NotPossible):
        acknowledge(handover, by=practitioner, now=LATER, spoken_to="Duty", at=LATER + timedelta(days=2))


def test_once_accepted_nothing_more_is_owed(acknowledged, practitioner):
    done = accepted(acknowledged, by=practitioner, now=LATER, answer="A visit today.")

    assert done.status == HandoverStatus.ACCEPTED
    assert not done.deadlines.open().exists()


def test_not_accepted_lands_with_eh_access_the_same_day(acknowledged, practitioner, access_worker):
    refused = not_accepted(acknowledged, by=practitioner, now=LATER, answer="Below the threshold.")

    owed = refused.deadlines.open().get()
    assert owed.due_at.date() == LATER.date()
    assert owed.holder_role == "eh_access"
    assert Notice.objects.filter(to=access_worker, key__endswith="not_accepted", urgent=True).exists()

    settle(refused, by=access_worker, now=LATER, reason="We take it to the hub today.")
    assert not refused.deadlines.open().exists()


def test_what_happens_now_is_recorded_once(acknowledged, practitioner, access_worker):
    refused = not_accepted(acknowledged, by=practitioner, now=LATER, answer="No.")
    settle(refused, by=access_worker, now=LATER, reason="The hub.")

    with pytest.raises(NotPossible):
        settle(refused, by=access_worker, now=LATER, reason="The hub again.")


def test_unacknowledged_it_is_chased_by_the_clock_once(handover, practitioner, access_worker):
    due = handover.deadlines.get().due_at
    assert chase_handovers(now=due) == 0

    assert chase_handovers(now=due + timedelta(minutes=1)) == 1
    assert chase_handovers(now=due + timedelta(minutes=2)) == 0

    handover.refresh_from_db()
    assert handover.status == HandoverStatus.CHASED
    assert handover.deadlines.open().exists()
    for person in (practitioner, access_worker):
        assert Notice.objects.filter(to=person, key__endswith=":chased", urgent=True).count() == 1


def test_a_chased_one_may_still_be_acknowledged(handover, practitioner):
    chase(handover, by=SYSTEM, now=LATER)

    assert acknowledge(handover, by=practitioner, now=LATER, spoken_to="Duty").status == HandoverStatus.ACKNOWLEDGED


def test_a_family_that_social_care_returns_is_owed_a_next_step(acknowledged, practitioner, access_worker):
    accepted(acknowledged, by=practitioner, now=LATER, answer="Assessed.")

    back = returned(acknowledged, by=access_worker, now=LATER, closing_summary="Done; the family agrees to early help.")

    assert back.status == HandoverStatus.RETURNED
    assert back.deadlines.open().get().holder_role == "eh_access"


# --- social care itself -------------------------------------------------------------------------------------------------


@pytest.fixture
def link_worker(county):
    social_care = AgencyFactory(name="County social care", kind="social_care")
    return PostFactory(role=Role.AGENCY_CONTACT, area=county, user=UserFactory(agency=social_care)).user


def test_social_care_hears_of_a_hand_over_and_says_itself_what_becomes_of_it(link_worker, handover, practitioner):
    assert Notice.objects.get(to=link_worker).urgent

    acknowledge(handover, by=link_worker, now=LATER, spoken_to="Sunil Rao")
    assert Notice.objects.get(to=practitioner).title == "Social care has your hand-over"
    accepted(handover, by=link_worker, now=LATER, answer="A social worker visits today.")

    handover.refresh_from_db()
    assert handover.status == HandoverStatus.ACCEPTED


def test_social_care_is_asked_first_to_acknowledge_and_then_to_answer(link_worker, handover):
    def asked():
        return [todo.text for todo in handovers_to_social_care(link_worker, LATER)]

    assert asked() == [f"Acknowledge hand-over {handover.reference}"]
    acknowledge(handover, by=link_worker, now=LATER, spoken_to="Sunil Rao")
    assert asked() == [f"Say what social care will do: hand-over {handover.reference}"]
    accepted(handover, by=link_worker, now=LATER, answer="A social worker visits today.")
    assert asked() == []


def test_social_care_does_not_decide_what_early_help_does_instead(link_worker, handover):
    acknowledge(handover, by=link_worker, now=LATER, spoken_to="Sunil Rao")
    not_accepted(handover, by=link_worker, now=LATER, answer="No sign of harm.")

    with pytest.raises(PermissionDenied):
        settle(handover, by=link_worker, now=LATER, reason="Nothing.")


@pytest.mark.parametrize("who", ["of_another_agency", "elsewhere", "with_another_role"])
def test_a_hand_over_goes_to_the_contact_of_social_care_in_that_area_and_to_nobody_like_them(
    who, link_worker, county, practitioner, melton
):
    over = {
        "of_another_agency": {"user": UserFactory(agency__kind="school")},
        "elsewhere": {"area": AreaFactory(name="Elsewhere"), "user": UserFactory(agency=link_worker.agency)},
        "with_another_role": {"role": Role.PRACTITIONER, "user": UserFactory(agency=link_worker.agency)},
    }[who]
    other = PostFactory(**({"role": Role.AGENCY_CONTACT, "area": county} | over)).user

    handed_over(by=practitioner, family=FamilyFactory(area=melton))

    assert not SocialCareHandover.objects.for_user(other).exists()
    assert not Notice.objects.filter(to=other).exists()
    assert list(handovers_to_social_care(other, LATER)) == []


def test_of_a_restricted_family_social_care_hears_by_telephone_alone(link_worker, practitioner, melton, ig_lead):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton, restricted=True))

    assert not SocialCareHandover.objects.for_user(link_worker).filter(pk=handover.pk).exists()
    assert not Notice.objects.filter(to=link_worker).exists()


def test_social_care_is_told_again_when_it_has_not_acknowledged_in_time(link_worker, handover):
    chase(handover, by=SYSTEM, now=LATER)

    assert Notice.objects.filter(to=link_worker, urgent=True).count() == 2


def test_of_a_restricted_family_the_line_manager_of_whoever_sent_it_reads_nothing(manager, worker, melton):
    open_one = handed_over(by=worker, family=FamilyFactory(area=melton))
    hidden = handed_over(by=worker, family=FamilyFactory(area=melton, restricted=True))

    assert list(SocialCareHandover.objects.for_user(manager)) == [open_one]
    assert hidden in SocialCareHandover.objects.for_user(worker)
