"""What somebody tried who knew the pages well: to sit, decide, agree or put on an agenda what is not theirs to."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.cases.models import Case
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.forms.keeping import KeepHub
from hubs.models import HubAction, HubDecision, HubMember
from hubs.services import keeping
from hubs.services.actions import undertake
from hubs.transitions.items import may_agree
from referrals.models import ReferralLetter
from tests.factories import MemberFactory, PostFactory, UserFactory, secret_home
from tests.hubs.factories import ItemFactory, MeetingFactory, SeatFactory
from tests.hubs.referred import referred

NOW = timezone.now()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SERVICE_MANAGER])
def test_nobody_seats_themselves_at_a_hub_and_reads_its_families(sign_in, hub, county, role):
    keeper = PostFactory(role=role, area=county).user
    said = {"user": keeper.pk, "role": "", "token": "2f1f3f0e-8d7a-4b52-9a51-3f5f9c1d2e31"}
    day = timezone.localdate()
    said |= {"from_on_0": day.day, "from_on_1": day.month, "from_on_2": day.year}

    answer = sign_in(keeper).post(reverse("hubs:seat", args=[hub.pk]), said)

    assert answer.status_code in (409, 422)
    assert not HubMember.objects.filter(user=keeper).exists()


def test_nobody_is_seated_over_papers_of_the_past(hub, coordinator):
    with pytest.raises(NotPossible, match="today or a later day"):
        keeping.seat(
            hub, by=coordinator, now=NOW, user=UserFactory(), from_on=timezone.localdate(NOW) - timedelta(days=1)
        )


@pytest.mark.parametrize(("quorum", "kept"), [("0", False), ("1", True)])
def test_a_hub_without_a_quorum_is_refused(hub, quorum, kept):
    form = KeepHub({"quorum": quorum}, instance=hub)

    assert ("quorum" not in form.errors) is kept


def test_whoever_leads_or_asked_is_no_second_agency(hub, chair, waiting_case):
    lead, other = (SeatFactory(hub=hub).user for _ in range(2))
    waiting_case.lead = lead
    item = ItemFactory(meeting=MeetingFactory(hub=hub), case=waiting_case)

    with pytest.raises(NotPossible, match="leads the family"):
        may_agree(item, chair, lead)
    may_agree(item, chair, other)


def test_a_secret_address_is_no_place_to_which_a_family_is_signposted(hub, item, chair, worker):
    referred(item.case, author=worker)
    person = MemberFactory(family=item.case.family).person
    secret_home(person, line_1="14 Larkspur Close", postcode="LE15 9QZ")
    said = {
        "kind": "signpost",
        "rationale": "One service will do.",
        "where": "They moved to 14 Larkspur Close, LE15 9QZ",
    }

    with pytest.raises(NotPossible, match="protected") as problem:
        transitions.decide(item, by=chair, now=NOW, **said)

    assert problem.value.field == "where"
    assert not ReferralLetter.objects.exists()
    assert Case.objects.get(pk=item.case_id).status == "awaiting_decision"


def test_a_family_put_on_an_agenda_that_was_closed_meanwhile_is_left_where_it_was(hub, chair, waiting_case):
    meeting = MeetingFactory(hub=hub)
    item = ItemFactory(meeting=None, status="queued", hub=hub, case=waiting_case)
    as_it_was_read = type(meeting).objects.get(pk=meeting.pk)
    type(meeting).objects.filter(pk=meeting.pk).update(
        status="closed", closed_at=NOW, published_at=NOW, members_until=NOW
    )

    with pytest.raises(NotPossible, match="still to come"):
        transitions.schedule(item, by=chair, now=NOW, meeting=as_it_was_read, late_reason="It cannot wait.")

    item.refresh_from_db()
    assert (item.meeting, item.status) == (None, "queued")


def test_nobody_defers_a_family_in_a_meeting_that_does_not_sit(sign_in, hub, chair, waiting_case):
    item = ItemFactory(meeting=MeetingFactory(hub=hub), case=waiting_case)
    MeetingFactory(hub=hub, starts_at=item.meeting.starts_at + timedelta(days=28))
    said = {
        "decision": "defer",
        "rationale": "Not now.",
        "needed": "A report.",
        "token": "2f1f3f0e-8d7a-4b52-9a51-3f5f9c1d2e32",
    }

    answer = sign_in(chair).post(item.get_absolute_url(), said)

    assert answer.status_code == 409
    item.refresh_from_db()
    assert item.deferrals == 0
    assert not HubDecision.objects.exists()


def test_nothing_is_added_to_minutes_that_the_hub_has_confirmed(hub, chair):
    meeting = MeetingFactory(hub=hub)
    meeting.minutes_confirmed_at = NOW

    with pytest.raises(NotPossible, match="are confirmed"):
        undertake(hub, what="Ring the school.", due_on=NOW.date(), now=NOW, owner=chair, meeting=meeting)

    assert not HubAction.objects.exists()
    assert undertake(hub, what="Ring the school.", due_on=NOW.date(), now=NOW, owner=chair)
