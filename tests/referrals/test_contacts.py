"""A contact is recorded by anybody, and seen by whoever took it and those who answer (domain.md 6.2)."""

from datetime import timedelta

import pytest

from earlyhelp.core.calendar import add_working_days
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from referrals import todo
from referrals.enums import ContactStatus
from referrals.models import Contact
from tests.factories import MONDAY, FamilyFactory, PostFactory, UserFactory
from tests.referrals.contacts import LATER, NAMED, days_ago, seen_by
from tests.referrals.factories import got_in_touch

# --- it is recorded ---------------------------------------------------------------------------------------------------


def test_anybody_records_a_contact_and_it_is_acknowledged_at_once(rang, practitioner):
    acknowledged = rang.deadlines.get(code="D_ACK")

    assert rang.reference.startswith("C-2026-")
    assert (rang.author, rang.status) == (practitioner, ContactStatus.RECEIVED)
    assert acknowledged.met_at == MONDAY


def test_it_is_to_be_answered_within_a_working_day_of_when_they_got_in_touch(practitioner, melton):
    letter = got_in_touch(by=practitioner, area=melton, received_at=MONDAY - timedelta(days=3), channel="letter")

    owed = letter.deadlines.open().get()
    assert (owed.code, owed.holder_role) == ("D_TRIAGE", Role.EH_ACCESS)
    assert owed.due_at.date() == add_working_days((MONDAY - timedelta(days=3)).date(), 1)


def test_nobody_gets_in_touch_in_the_future(practitioner, melton):
    with pytest.raises(NotPossible):
        got_in_touch(by=practitioner, area=melton, received_at=LATER)

    assert not Contact.objects.exists()


def test_a_worry_about_safety_is_told_to_eh_access_at_once_and_names_nobody(practitioner, access_worker, melton):
    contact = got_in_touch(by=practitioner, area=melton, safeguarding="unsure", **NAMED)

    notice = Notice.objects.get(to=access_worker)
    assert (notice.urgent, notice.reference) == (True, contact.reference)
    assert "Gale" not in notice.title


def test_an_ordinary_contact_rings_nobody_up(rang):
    assert not Notice.objects.exists()


# --- who sees it ------------------------------------------------------------------------------------------------------


def test_whoever_took_it_and_those_who_answer_see_it(rang, practitioner, access_worker, adviser):
    for user in (practitioner, access_worker, adviser):
        assert seen_by(user) == [rang]


@pytest.mark.parametrize("who", ["stranger", "other_worker", "service_manager", "chair", "coordinator", "manager"])
def test_nobody_else_sees_it(request, rang, who):
    assert seen_by(request.getfixturevalue(who)) == []


def test_eh_access_of_another_place_does_not_see_it(rang, charnwood):
    assert seen_by(PostFactory(role=Role.EH_ACCESS, area=charnwood).user) == []


def test_a_contact_that_nobody_can_place_is_seen_by_all_of_eh_access(practitioner, access_worker, charnwood):
    elsewhere = PostFactory(role=Role.EH_ACCESS, area=charnwood).user
    contact = got_in_touch(by=practitioner)

    assert contact.anywhere
    assert seen_by(elsewhere) == seen_by(access_worker) == [contact]


def test_nobody_without_post_team_or_agency_is_kept_from_recording(access_worker, melton):
    contact = got_in_touch(by=UserFactory(agency=None))

    assert contact.area == melton.parent
    assert seen_by(access_worker) == [contact]


def test_a_restricted_familys_contact_is_for_the_governance_lead_and_whoever_took_it(
    practitioner, melton, access_worker, adviser, ig_lead
):
    contact = got_in_touch(by=practitioner, family=FamilyFactory(area=melton, restricted=True), safeguarding="yes")

    assert seen_by(access_worker) == seen_by(adviser) == []
    assert seen_by(ig_lead) == seen_by(practitioner) == [contact]
    assert contact.deadlines.open().get().holder_role == Role.IG_LEAD
    assert list(Notice.objects.values_list("to", flat=True)) == [ig_lead.pk]


# --- the home page ----------------------------------------------------------------------------------------------------


def test_eh_access_is_told_how_many_wait_and_how_many_are_late(practitioner, access_worker, melton, stranger):
    got_in_touch(by=practitioner, now=days_ago(7), area=melton)
    got_in_touch(by=practitioner, area=melton)

    assert [line.text for line in todo.contacts_to_answer(access_worker, LATER)] == [
        "1 contact past the time for an answer, and 1 more to answer",
    ]
    assert list(todo.contacts_to_answer(stranger, LATER)) == []


def test_a_contact_in_which_somebody_may_be_at_risk_stands_first_whatever_is_due_before_it(
    client, access_worker, practitioner, melton
):
    got_in_touch(by=practitioner, now=days_ago(3), area=melton, safeguarding="no")
    worrying = got_in_touch(by=practitioner, area=melton, safeguarding="unsure")
    client.force_login(access_worker)

    page = client.get("/referrals/contacts/").context["page"]

    assert page.object_list[0] == worrying
