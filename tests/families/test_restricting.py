"""A record is restricted, and lifted, by whoever keeps such records: who sees it, who does not, and what follows (P4)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.audit.models import Access, Event
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case, CaseDeadline, CaseUserObjectPermission
from earlyhelp.cases.services import await_decision, join_team
from earlyhelp.core.rights import may
from earlyhelp.core.todo import TODO
from earlyhelp.deadlines.services import promise
from earlyhelp.deadlines.sweep import ring
from earlyhelp.families import restricting
from earlyhelp.families.models import Family, FamilyUserObjectPermission, Restriction
from earlyhelp.families.queries import search
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Cover, User
from earlyhelp.workflow.transitions import NotPossible
from referrals.models import Referral
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, PostFactory, UserFactory
from tests.families.pages import sent
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory
from tests.referrals.factories import sent as referral_sent

WHY = {"kind": "staff", "reason": "The mother works in the next room."}
REVIEW = date(2026, 8, 3)
UNTIL = timezone.localdate() + timedelta(days=30)


def referred(family, author):
    referral = referral_sent(area=family.area, author=author, now=MONDAY)
    Referral.objects.filter(pk=referral.pk).update(family=family)
    return Referral.objects.get(pk=referral.pk)


def again(user):
    return User.objects.get(pk=user.pk)


def restrict(family, ig_lead, **facts):
    return restricting.restrict(family, by=ig_lead, now=MONDAY, **WHY | {"review_on": REVIEW} | facts)


def lift(family, ig_lead):
    return restricting.lift(family, by=ig_lead, now=MONDAY, reason="She has left us.")


def sees(user, family):
    return may(again(user), "view", Family.objects.get(pk=family.pk))


def in_sight(family):
    return {user for user in User.objects.all() if sees(user, family)}


@pytest.fixture
def everybody(
    grants, led_case, worker, practitioner, manager, chair, coordinator, access_worker, service_manager, stranger,
    other_worker, family_team, melton, county,
):  # fmt: skip
    """Everybody who might see the family: on its team, of its hub, of the front door, and those who cover for them."""
    join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)
    hub = HubFactory(area=melton, name="Melton hub")
    ItemFactory(case=led_case, meeting=MeetingFactory.published(hub=hub, starts_at=timezone.now() + timedelta(days=9)))
    holder = PostFactory(role=Role.EH_ACCESS, area=county).user
    referral = referred(grants, UserFactory())
    Referral.objects.filter(pk=referral.pk).update(status="in_triage", holder=holder, taken_at=MONDAY)
    SeatFactory(hub=hub)
    PostFactory(role=Role.HUB_MEMBER, area=melton)
    today = timezone.localdate()
    days = {"from_on": today, "until_on": today, "made_at": MONDAY, "reason": "Leave"}
    Cover.objects.create(person=worker, colleague=other_worker, made_by=worker, **days)
    deputy = UserFactory(agency=chair.agency)
    Cover.objects.create(person=chair, colleague=deputy, made_by=chair, **days)
    opened = UserFactory()
    granted = {"permission": restricting.Permission.objects.get(codename="view_case"), "content_object": led_case}
    CaseUserObjectPermission.objects.create(user=opened, expires_at=timezone.now() + timedelta(hours=1), **granted)
    CaseUserObjectPermission.objects.create(
        user=UserFactory(), expires_at=timezone.now() - timedelta(hours=1), **granted
    )
    return grants


# --- who sees it ------------------------------------------------------------------------------------------------------


def test_the_page_names_just_those_in_whose_sight_it_is_and_just_those_keep_it(everybody, ig_lead):
    seers = restricting.seers(everybody)
    assert {each.who for each in seers} == in_sight(everybody)
    assert len(seers) >= 12

    restrict(everybody, ig_lead)

    assert {each.who for each in seers if each.keeps} == in_sight(everybody)
    assert {each.who for each in restricting.seers(Family.objects.get(pk=everybody.pk))} == in_sight(everybody)


def test_before_anybody_works_with_it_whoever_wrote_it_down_keeps_sight(melton, ig_lead, practitioner):
    family = FamilyFactory(area=melton, created_by=practitioner)

    assert [(each.who, each.keeps) for each in restricting.seers(family)] == [(practitioner, True)]
    restrict(family, ig_lead)
    assert in_sight(family) == {practitioner}


def test_a_case_that_waits_stays_with_the_worker_who_accepted_it(grants, melton, ig_lead, access_worker, county):
    colleague = PostFactory(role=Role.EH_ACCESS, area=county).user
    family = FamilyFactory(area=melton)
    facts = {"level_of_need": 3, "proposed_tier": 2, "request": "Help.", "urgent": False}
    await_decision(family, area=melton, by=access_worker, now=MONDAY, **facts)
    assert {colleague, access_worker} <= in_sight(family)

    restrict(family, ig_lead)

    assert in_sight(family) == {access_worker} == {each.who for each in restricting.seers(family) if each.keeps}


def test_lifted_everybody_sees_it_again_as_before(everybody, ig_lead):
    before = in_sight(everybody)
    restrict(everybody, ig_lead)

    lift(everybody, ig_lead)

    assert in_sight(everybody) == before
    assert not Case.objects.filter(restricted=True).exists()


def test_nobody_is_locked_out_by_mistake(melton, ig_lead, access_worker):
    alone = FamilyFactory(area=melton)

    with pytest.raises(NotPossible, match="name somebody"):
        restrict(alone, ig_lead)
    assert not Restriction.objects.exists()

    restrict(alone, ig_lead, named=[access_worker], until_on=UNTIL)
    assert in_sight(alone) == {access_worker}


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["worker", "manager", "service_manager", "chair", "access_worker"])
def test_only_whoever_keeps_restricted_records_restricts_or_lifts_one(request, grants, ig_lead, who):
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        restrict(grants, user)
    assert not Family.objects.filter(restricted=True).exists()

    restrict(grants, ig_lead)
    with pytest.raises(PermissionDenied):
        lift(grants, user)
    with pytest.raises(PermissionDenied):
        restricting.let_see(grants, [user], by=user, now=MONDAY, reason="-", until_on=UNTIL)
    assert not FamilyUserObjectPermission.objects.exists()
    assert Family.objects.filter(restricted=True).exists()


def test_a_keeper_of_another_place_restricts_nothing(grants, charnwood):
    with pytest.raises(PermissionDenied):
        restrict(grants, PostFactory(role=Role.IG_LEAD, area=charnwood).user)


def test_it_is_restricted_once_and_lifted_once(grants, ig_lead):
    restrict(grants, ig_lead)
    with pytest.raises(NotPossible, match="already"):
        restrict(grants, ig_lead)
    lift(grants, ig_lead)
    with pytest.raises(NotPossible, match="not restricted any more"):
        lift(grants, ig_lead)


# --- what follows -----------------------------------------------------------------------------------------------------


def test_all_its_cases_follow_those_that_ended_too_and_what_is_written_stays_in_the_trail(grants, led_case, ig_lead):
    over = {"closed_on": MONDAY.date(), "opened_on": MONDAY.date(), "tier": 2, "end_reason": "outcomes_met"}
    ended = CaseFactory(family=grants, area=grants.area, status=Status.CLOSED, lead=led_case.lead, **over)

    restrict(grants, ig_lead)

    assert {case.pk for case in Case.objects.filter(restricted=True)} == {led_case.pk, ended.pk}
    event = Event.objects.get(kind="families.family.restrict")
    assert (event.actor, event.reason, event.facts) == (ig_lead, WHY["reason"], {"why": "staff"})
    assert Event.objects.filter(kind="cases.case.restrict").count() == 2


def test_what_the_hub_owes_is_owed_by_the_keeper_until_a_chair_is_named_and_by_chairs_again_when_lifted(
    grants, led_case, ig_lead, chair
):
    promise(led_case, "D_STEP", now=MONDAY, holder_role=Role.HUB_CHAIR)
    lead = promise(led_case, "D_REVIEW", now=MONDAY, holder=led_case.lead, tier=2)

    restrict(grants, ig_lead)
    assert CaseDeadline.objects.get(code="D_STEP").holder_role == Role.IG_LEAD

    CaseDeadline.objects.filter(code="D_STEP").update(holder=chair, holder_role="")
    Case.objects.filter(pk=led_case.pk).update(named_chair=chair)
    lift(grants, ig_lead)
    step = CaseDeadline.objects.get(code="D_STEP")
    assert (step.holder, step.holder_role) == (None, Role.HUB_CHAIR)
    lead.refresh_from_db()
    assert lead.holder == led_case.lead


def test_its_people_are_found_by_no_search_and_are_again_when_it_is_lifted(grants, ig_lead):
    def found():
        return [match.person.pk for match in search(first="Dana", last="Grant")]

    assert grants.dana.pk in found()
    restrict(grants, ig_lead)
    assert found() == []
    lift(grants, ig_lead)
    assert grants.dana.pk in found()


def test_the_page_says_who_of_them_is_in_another_family_too(grants, strangers_family):
    MemberFactory(family=strangers_family, person=grants.robin)

    assert any("1 person is in another family too" in said for said in restricting.what_follows(grants))


def test_a_referral_that_nobody_holds_is_owed_by_whoever_entrusts_it(grants, melton, ig_lead, practitioner):
    referral = referred(grants, practitioner)

    restrict(grants, ig_lead)
    assert {each.holder_role for each in referral.deadlines.open()} == {Role.IG_LEAD}

    lift(grants, ig_lead)
    assert {each.holder_role for each in referral.deadlines.open()} == {Role.EH_ACCESS}


# --- who is told ------------------------------------------------------------------------------------------------------


def test_those_who_keep_it_are_told_without_a_name_and_those_who_lose_it_are_told_nothing(everybody, ig_lead, worker):
    Notice.objects.all().delete()
    keepers = {each.who for each in restricting.seers(everybody) if each.keeps}

    restrict(everybody, ig_lead)

    notices = Notice.objects.all()
    assert {notice.to for notice in notices} == keepers >= {worker}
    assert {notice.title for notice in notices} == {"A record you work with is restricted now"}
    assert {notice.reference for notice in notices} == {everybody.reference}


def test_it_is_looked_at_again_on_its_day_by_whoever_keeps_it_and_by_nobody_else(grants, ig_lead, manager, chair):
    restrict(grants, ig_lead)
    Notice.objects.all().delete()

    ring(now=MONDAY + timedelta(days=100))
    assert not Notice.objects.exists()
    ring(now=MONDAY + timedelta(days=200))

    assert [(notice.to, notice.reference) for notice in Notice.objects.all()] == [(ig_lead, grants.reference)]


def test_looked_at_again_it_rings_on_the_new_day_and_lifted_never(grants, ig_lead):
    made = restrict(grants, ig_lead)
    later = REVIEW + timedelta(days=100)
    restricting.look_again(grants, by=ig_lead, now=MONDAY, review_on=later, note="She still works here.")

    (owed,) = made.deadlines.open()
    assert timezone.localdate(owed.due_at) == later
    assert Restriction.objects.get().review_on == later
    lift(grants, ig_lead)
    assert not made.deadlines.open().exists()


# --- who was named ----------------------------------------------------------------------------------------------------


@pytest.fixture
def named(grants, ig_lead, stranger):
    restrict(grants, ig_lead, named=[stranger], until_on=UNTIL)
    return stranger


def test_whoever_is_named_sees_the_family_its_people_and_its_case_and_changes_nothing(named, grants, led_case):
    user = again(named)

    assert sees(named, grants)
    assert may(user, "view", led_case)
    assert may(user, "view", grants.dana)
    assert not may(user, "edit", grants)
    assert not any(may(user, action, led_case) for action in ("lead", "team", "decide", "edit_family"))
    notice = Notice.objects.get(to=named)
    assert (notice.title, notice.reference) == ("You were named for a restricted record", grants.reference)


def test_being_named_ends_on_its_day(named, grants):
    FamilyUserObjectPermission.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    assert not sees(named, grants)


def test_being_named_ends_when_it_is_taken_back_and_when_the_restriction_is_lifted(
    named, grants, ig_lead, practitioner
):
    grant = FamilyUserObjectPermission.objects.get()
    restricting.let_see_no_more(grant, by=ig_lead, now=MONDAY, reason="Done.")
    assert not sees(named, grants)

    restricting.let_see(grants, [practitioner], by=ig_lead, now=MONDAY, reason="An inquiry.", until_on=UNTIL)
    lift(grants, ig_lead)
    assert not sees(practitioner, grants)
    assert not FamilyUserObjectPermission.objects.exists()


def test_the_last_who_sees_it_is_not_taken_away(melton, ig_lead, practitioner):
    family = FamilyFactory(area=melton)
    restrict(family, ig_lead, named=[practitioner], until_on=UNTIL)

    with pytest.raises(NotPossible, match="name somebody else"):
        restricting.let_see_no_more(FamilyUserObjectPermission.objects.get(), by=ig_lead, now=MONDAY, reason="-")

    assert sees(practitioner, family)


# --- the pages --------------------------------------------------------------------------------------------------------


def asked(**more):
    return sent(**WHY, **on("review_on", timezone.localdate() + timedelta(days=90)), **more)


def on(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_the_keeper_restricts_a_family_by_its_reference_and_reads_nothing_of_it(
    signed_in, everybody, ig_lead, worker, chair
):
    client = signed_in(ig_lead)
    asked_for = client.get(f"/families/restricted/?reference={everybody.reference}")
    assert asked_for.url == f"/families/{everybody.reference}/restricted/"
    page = client.get(asked_for.url).text
    for word in ("Dana", "Robin", "Grant"):
        assert word not in page
    assert f"{worker}" in page
    assert f"{chair}" in page
    assert "lose sight of it" in page
    assert Access.objects.filter(actor=ig_lead, subject="families.family", subject_id=everybody.pk).exists()

    client.post(f"{asked_for.url}begin/", asked())

    assert Family.objects.get(pk=everybody.pk).restricted
    page = client.get(asked_for.url).text
    assert WHY["reason"] in page
    assert everybody.reference in client.get("/families/restricted/").text
    assert f"{chair}" not in page


def test_who_would_lose_sight_can_be_named_in_the_same_moment_and_only_with_a_day(
    signed_in, everybody, ig_lead, manager
):
    client, url = signed_in(ig_lead), f"/families/{everybody.reference}/restricted/begin/"
    assert client.post(url, asked(named=[manager.pk])).status_code == 422
    assert not Family.objects.filter(restricted=True).exists()

    client.post(url, asked(named=[manager.pk], **on("until_on", UNTIL)))

    assert sees(manager, everybody)


def test_names_are_added_and_ended_and_the_restriction_lifted_on_the_page(signed_in, grants, ig_lead, stranger):
    restrict(grants, ig_lead)
    client, url = signed_in(ig_lead), f"/families/{grants.reference}/restricted/"
    client.post(f"{url}names/", sent(user=stranger.pk, reason="An inquiry.", **on("until_on", UNTIL)))
    assert sees(stranger, grants)
    assert "An inquiry." in client.get(url).text

    client.post(f"{url}names/{FamilyUserObjectPermission.objects.get().pk}/end/", sent(reason="It is over."))
    assert not sees(stranger, grants)
    client.post(f"{url}lift/", sent(reason="She has left us."))

    assert not Family.objects.get(pk=grants.pk).restricted
    assert "She has left us." in client.get(url).text


def test_nobody_else_is_told_that_there_is_such_a_page(signed_in, grants, worker, manager, service_manager, stranger):
    for user in (worker, manager, service_manager, stranger):
        client = signed_in(user)
        assert client.get("/families/restricted/").status_code == 403
        for page in ("", "begin/", "lift/", "again/", "names/"):
            assert client.get(f"/families/{grants.reference}/restricted/{page}").status_code == 404


def test_whoever_works_with_it_reads_that_it_is_restricted_and_not_why(signed_in, grants, ig_lead, worker):
    restrict(grants, ig_lead)

    page = signed_in(worker).get(grants.get_absolute_url()).text

    assert "Restricted" in page
    assert WHY["reason"] not in page


def test_the_keeper_is_asked_on_the_home_page_two_weeks_before(grants, ig_lead):
    restrict(grants, ig_lead)

    def lines(day):
        now = MONDAY + timedelta(days=day)
        return [line.text for source in TODO for line in source(again(ig_lead), now) if grants.reference in line.text]

    assert lines(100) == []
    assert lines(145) == [f"Look at a restricted record again: {grants.reference}"]


@pytest.mark.parametrize("page", ["list", "one"])
def test_a_page_asks_as_many_queries_of_one_as_of_twenty(
    signed_in, grants, led_case, ig_lead, melton, worker, page, django_assert_max_num_queries
):
    restrict(grants, ig_lead)
    if page == "list":
        for _ in range(19):
            restrict(FamilyFactory(area=melton, created_by=UserFactory()), ig_lead)
    else:
        people = [UserFactory() for _ in range(19)]
        restricting.let_see(grants, people, by=ig_lead, now=MONDAY, reason="An inquiry.", until_on=UNTIL)
    url = "/families/restricted/" if page == "list" else f"/families/{grants.reference}/restricted/"
    client = signed_in(ig_lead)
    client.get(url)

    with django_assert_max_num_queries(5 if page == "list" else 22):
        assert client.get(url).status_code == 200
