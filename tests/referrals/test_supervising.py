"""The line manager of whoever referred reads how it goes on and what was said, and touches nothing of it (domain.md 5)."""

import pytest
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.core.rights import may
from earlyhelp.families.models import Family
from earlyhelp.partnership.models import User
from referrals.models import ReferralMessage
from referrals.transitions.message import write
from tests.factories import FamilyFactory
from tests.referrals.factories import ready_draft, sent, taken

NOW = timezone.now()
TEAM = "/referrals/?whose=team"


@pytest.fixture
def referral(melton, worker, access_worker):
    """Sent by a worker of the manager's team, taken, and written about from both sides."""
    row = taken(area=melton, author=worker, by=access_worker, now=NOW)
    row = write(row, by=worker, now=NOW, text="Has anybody rung them?")
    return write(row, by=access_worker, now=NOW, text="Yes, this morning.")


@pytest.fixture
def messages(referral):
    return f"{referral.get_absolute_url()}messages/"


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


def test_a_manager_reads_how_a_referral_of_their_team_goes_on(desk, referral, worker, manager):
    page = desk.get(referral.get_absolute_url()).text

    assert "Information being gathered" in page
    assert f"What {worker} said" in page
    assert "Yes, this morning." in page
    assert Access.objects.filter(actor=manager, subject_id=referral.pk).exists()


def test_a_manager_reads_the_messages_and_has_nowhere_to_write(desk, messages):
    page = desk.get(messages)

    assert "Has anybody rung them?" in page.text
    assert "as the manager of whoever made this referral" in page.text
    assert "<textarea" not in page.text
    assert "Mark as read" not in page.text


def test_nothing_is_read_or_written_in_the_names_of_those_who_correspond(desk, referral, messages):
    unread = ReferralMessage.objects.unread().count()
    assert unread == 1
    desk.get(messages)
    for address in (messages, f"{messages}read/", f"{messages}{referral.messages.first().pk}/error/"):
        assert desk.post(address, {"text": "From above."}).status_code == 404

    assert ReferralMessage.objects.unread().count() == unread
    assert not ReferralMessage.objects.exclude(error_at=None).exists()
    assert referral.messages.count() == 2


def test_a_manager_finds_what_their_team_has_sent_beside_their_own(desk, referral, worker):
    page = desk.get(TEAM)

    assert list(page.context["page"].object_list) == [referral]
    assert str(worker) in page.text
    assert list(desk.get("/referrals/").context["page"].object_list) == []
    assert "My team’s" in desk.get("/referrals/").text


def test_a_manager_withdraws_nothing_and_opens_neither_family_nor_workbench(desk, referral, manager):
    for address in (f"{referral.get_absolute_url()}do/withdraw/", f"/referrals/triage/{referral.reference}/"):
        assert desk.get(address).status_code == 404
    user = User.objects.get(pk=manager.pk)
    assert not any(may(user, action, referral) for action in ("talk", "withdraw", "weigh", "give"))
    assert not Family.objects.for_user(user).filter(pk=referral.family_id).exists()


def test_a_draft_is_nobodys_but_its_authors(desk, melton, worker):
    draft = ready_draft(area=melton, author=worker)

    assert desk.get(draft.get_absolute_url()).status_code == 404
    assert list(desk.get(TEAM).context["page"].object_list) == []


def test_of_a_restricted_family_a_manager_learns_nothing(desk, melton, worker):
    row = sent(area=melton, author=worker, family=FamilyFactory(area=melton, restricted=True, created_by=worker))

    assert desk.get(row.get_absolute_url()).status_code == 404
    assert desk.get(f"{row.get_absolute_url()}messages/").status_code == 404
    assert list(desk.get(TEAM).context["page"].object_list) == []


@pytest.mark.parametrize("who", ["other_worker", "service_manager", "stranger"])
def test_a_colleague_and_a_manager_of_another_team_read_nothing(client, request, referral, messages, who):
    client.force_login(request.getfixturevalue(who))

    for address in (referral.get_absolute_url(), messages):
        assert client.get(address).status_code == 404
    assert list(client.get(TEAM).context["page"].object_list) == []
    assert "My team’s" not in client.get("/referrals/").text


def test_whoever_leaves_the_team_takes_their_referrals_out_of_the_managers_sight(desk, referral, worker):
    worker.team = None
    worker.save()

    assert desk.get(referral.get_absolute_url()).status_code == 404
    assert list(desk.get(TEAM).context["page"].object_list) == []


@pytest.mark.parametrize("number", [1, 20])
def test_the_teams_list_takes_as_many_queries_for_twenty_as_for_one(
    desk, melton, worker, number, django_assert_max_num_queries
):
    for _ in range(number):
        sent(area=melton, author=worker)
    desk.get("/")

    with django_assert_max_num_queries(4):
        assert len(desk.get(TEAM).context["page"].object_list) == number
