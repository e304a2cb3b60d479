"""The page on which a chair decides, in the meeting or between two: three clicks and a line, and nothing chosen beforehand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from earlyhelp.core import dates
from earlyhelp.partnership.models import User
from hubs.enums import ItemKind, ItemStatus
from hubs.models import AgendaItem, HubDecision
from referrals.models import SocialCareHandover
from tests.factories import CaseFactory, MemberFactory, PersonFactory, PostFactory, UserFactory, WorkerFactory
from tests.hubs.factories import ItemFactory, MeetingFactory, arrives

NOW = timezone.now()


@pytest.fixture
def meeting(hub, chair, members):
    """In session today."""
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))


def token(page):
    return page.context["form"]["token"].value()


def decision(page, **answers):
    return {
        "token": token(page),
        "recommended": page.context["form"]["recommended"].value() or "",
        "rationale": "One coordinator.",
        "preference": "asked",
        "preference_note": "Local.",
    } | answers


def test_an_ordinary_family_is_three_clicks_and_a_line(sign_in, item, chair, worker):
    """Decision, worker, save; the family's preference was recorded before the meeting."""
    AgendaItem.objects.update(preference="asked", preference_note="A woman, local.")
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    form = page.context["form"]
    assert form["decision"].value() is None
    assert form["worker"].value() is None
    kept = {name: form[name].value() for name in ("token", "recommended", "preference", "preference_note")}
    sent = kept | {
        "decision": "allocate-2",
        "worker": page.context["found"][0].worker.pk,
        "rationale": "One coordinator.",
    }
    assert client.post(item.get_absolute_url(), sent).status_code == 302
    item.case.refresh_from_db()
    assert item.case.status == Status.OPENED


@pytest.mark.parametrize("chosen", ["of another agency", "who leads", "0", "nobody", "9" * 30])
def test_nobody_is_offered_a_family_who_is_not_in_the_table(sign_in, item, chair, worker, stranger, chosen):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    sent = {"of another agency": stranger.pk, "who leads": chair.pk}.get(chosen, chosen)
    again = client.post(item.get_absolute_url(), decision(page, decision="allocate-2", worker=sent))
    assert again.status_code == 422
    assert again.context["form"].errors["worker"]
    item.refresh_from_db()
    assert item.status == "scheduled"
    assert not item.case.allocations.exists()


def test_after_a_decision_comes_the_next_family(sign_in, item, chair, worker, melton):
    other = ItemFactory(meeting=item.meeting, case=CaseFactory(area=melton))
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    answer = client.post(item.get_absolute_url(), decision(page, decision="signpost", where="The library"))
    assert answer["Location"] == other.get_absolute_url()


def test_choosing_another_than_the_recommended_asks_why(sign_in, item, chair, worker, other_worker):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    _, second = (each.worker.pk for each in page.context["found"])
    sent = decision(page, decision="allocate-2", worker=second)
    refused = client.post(item.get_absolute_url(), sent)
    assert refused.status_code == 422
    assert "Say why somebody else" in refused.content.decode()
    assert (
        client.post(item.get_absolute_url(), sent | {"not_recommended_reason": "Mum asked for her."}).status_code == 302
    )
    assert HubDecision.objects.get().not_recommended_reason == "Mum asked for her."


def test_the_loser_of_a_race_is_told_who_won_and_keeps_what_was_typed(sign_in, item, chair, worker):
    deputy = PostFactory(role="hub_chair", area=item.hub.area).user
    arrives(item.meeting, deputy)
    client = sign_in(chair)
    first = client.get(item.get_absolute_url())
    sent = decision(first, decision="allocate-2", worker=worker.pk)
    page = sign_in(deputy).get(item.get_absolute_url())
    assert sign_in(chair).post(item.get_absolute_url(), sent).status_code == 302
    lost = sign_in(deputy).post(item.get_absolute_url(), sent | {"token": token(page), "rationale": "My own line."})
    assert lost.status_code == 409
    assert str(chair) in lost.content.decode()
    assert "My own line." in lost.content.decode()


def test_a_double_click_makes_one_decision(sign_in, item, chair, worker):
    client = sign_in(chair)
    sent = decision(client.get(item.get_absolute_url()), decision="signpost", where="The library")
    first, second = (client.post(item.get_absolute_url(), sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert HubDecision.objects.count() == 1


def test_no_answer_is_an_error_and_not_a_decision(sign_in, item, chair):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    refused = client.post(item.get_absolute_url(), {"token": token(page)})
    assert refused.status_code == 422
    assert not HubDecision.objects.exists()


def test_a_chairs_action_on_its_page(sign_in, hub, chair, member, worker, melton):
    case = CaseFactory(area=melton, urgent=True)
    client = sign_in(chair)
    url = f"/hubs/chairs-action/{case.reference}/"
    page = client.get(url)
    assert page.status_code == 200
    sent = decision(page, decision="allocate-2", worker=worker.pk, agreed_by=member.pk)
    assert client.post(url, sent).status_code == 302
    assert HubDecision.objects.get().agreed_by == member


def test_a_closure_and_an_overdue_review_have_their_own_answers(sign_in, meeting, chair, worker, melton):
    client = sign_in(chair)
    for kind, answers in (
        (ItemKind.REVIEW_OVERDUE, {"note", "defer"}),
        (ItemKind.CLOSURE, {"ratify_closure", "refuse_closure", "defer"}),
    ):
        item = ItemFactory(meeting=meeting, case=CaseFactory.led_by(worker, area=melton), kind=kind)
        form = client.get(item.get_absolute_url()).context["form"]
        assert {value for value, _ in form.fields["decision"].choices} == answers


def test_deferring_asks_what_is_needed(sign_in, item, later, chair):
    later.starts_at = NOW + timedelta(days=30)
    later.save()
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    assert client.post(item.get_absolute_url(), decision(page, decision="defer")).status_code == 422
    client.post(item.get_absolute_url(), decision(page, decision="defer", needed="The school’s view."))
    item.refresh_from_db()
    assert (item.status, item.meeting) == (ItemStatus.DEFERRED, later)


def test_a_declined_family_is_offered_again(sign_in, item, chair, worker, other_worker):
    from earlyhelp.cases import transitions as cases

    case = cases.allocate(
        item.case, by=chair, now=NOW, tier=2, worker=worker, reason="R", preference="asked", preference_note="N"
    )
    cases.decline(case, by=worker, now=NOW, reason="On leave.")
    client = sign_in(chair)
    url = f"/hubs/offer-again/{case.reference}/"
    page = client.get(url)
    assert "On leave." in page.content.decode()
    best = page.context["found"][0].worker
    sent = {
        "token": token(page),
        "worker": best.pk,
        "preference": "asked",
        "preference_note": "N",
        "reason": "Has room.",
    }
    assert client.post(url, sent).status_code == 302
    assert case.allocations.get(status="offered").worker == best


def test_a_chair_asks_another_worker_to_lead_and_who_leads_goes_on_if_that_one_declines(
    sign_in, item, chair, worker, other_worker
):
    from earlyhelp.cases import transitions as cases

    case = cases.allocate(
        item.case, by=chair, now=NOW, tier=2, worker=worker, reason="R", preference="asked", preference_note="N"
    )
    case = cases.accept(case, by=worker, now=NOW)
    client = sign_in(chair)
    url = f"/hubs/offer-again/{case.reference}/"
    page = client.get(url)
    assert f"{worker} leads this case, and goes on" in page.content.decode()
    sent = {"token": token(page), "preference": "asked", "preference_note": "N", "reason": "Moves away."}
    sent |= {"handover_note": "The plan is agreed.", "joint_visit": "On Tuesday.", "because": "manage_caseload"}
    again = client.post(url, sent | {"worker": worker.pk})
    assert again.status_code == 422
    assert not case.allocations.filter(status="offered").exists()
    assert client.post(url, sent | {"worker": other_worker.pk}).status_code == 302

    answering = sign_in(other_worker)
    decline = f"{case.get_absolute_url()}do/decline/"
    assert "Decline" in answering.get(case.get_absolute_url()).content.decode()
    answered = answering.post(decline, {"reason": "I am on leave."})
    assert answered.status_code == 302
    case.refresh_from_db()
    assert case.lead == worker
    assert case.allocations.get(worker=other_worker).status == "declined"
    assert not case.deadlines.open().filter(code__in=("D_ACCEPT", "D_URGENT_HUB")).exists()
    assert not case.team.current().filter(user=other_worker).exists()


# --- handing over ------------------------------------------------------------------------------------------------------

TOLD = {"decision": "hand_over", "concern": "New bruises, seen today.", "family_told": "yes"}
RINGS = "Nobody has rung yet"


def test_nothing_is_chosen_for_whoever_hands_over(sign_in, item, chair):
    form = sign_in(chair).get(item.get_absolute_url()).context["form"]
    assert [form[name].value() for name in ("decision", "concern", "family_told", "spoken_to")] == [None] * 4


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"concern": ""}, "Enter what has happened, or what you fear"),
        ({"family_told": ""}, "Say whether the family has been told"),
        ({"family_told": "no"}, "Enter why the family has not been told"),
    ],
)
def test_a_hand_over_from_the_hub_asks_what_social_care_has_to_know(sign_in, item, chair, lacking, said):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    refused = client.post(item.get_absolute_url(), decision(page, **TOLD | lacking))
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert not HubDecision.objects.exists()
    assert not SocialCareHandover.objects.exists()


def test_the_chair_hands_over_in_words_of_their_own_and_is_told_to_ring(sign_in, item, chair):
    client = sign_in(chair)
    sent = decision(client.get(item.get_absolute_url()), **TOLD, rationale="Too much for early help.")
    after = client.post(item.get_absolute_url(), sent, follow=True)
    handover = SocialCareHandover.objects.get()
    assert (handover.author, handover.concern, handover.family_told) == (chair, "New bruises, seen today.", True)
    assert HubDecision.objects.get().rationale == "Too much for early help."
    assert RINGS in after.content.decode()


def test_whoever_has_rung_is_not_told_to_ring(sign_in, hub, chair, member, melton):
    case = CaseFactory(area=melton, urgent=True)
    client, url = sign_in(chair), f"/hubs/chairs-action/{case.reference}/"
    sent = decision(client.get(url), **TOLD, spoken_to="Duty desk", agreed_by=member.pk)
    after = client.post(url, sent, follow=True)
    assert SocialCareHandover.objects.get().calls.get().spoken_to == "Duty desk"
    assert RINGS not in after.content.decode()


def test_what_was_typed_for_a_hand_over_is_left_out_of_another_decision(sign_in, item, chair):
    client = sign_in(chair)
    sent = decision(client.get(item.get_absolute_url()), **TOLD | {"decision": "return_to_access", "family_told": "no"})
    assert client.post(item.get_absolute_url(), sent).status_code == 302
    assert HubDecision.objects.get().kind == "return_to_access"
    assert not SocialCareHandover.objects.exists()


def test_the_chair_reads_before_it_is_sent_what_whoever_referred_will_read(sign_in, item, chair):
    page = sign_in(chair).get(item.get_absolute_url())
    assert "A lead professional is being asked." in page.text
    assert "Returned to EH Access." in page.text


def test_the_hub_names_an_earlier_first_taf_meeting_and_a_programme_of_twelve_weeks(sign_in, item, chair, worker):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    today = timezone.localdate()
    dates = {}
    for name, day in (("first_taf_on", today + timedelta(days=3)), ("programme_ends_on", today + timedelta(weeks=12))):
        dates |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    sent = decision(page, decision="allocate-2", worker=worker.pk, programme="Inclusion Service")
    assert client.post(item.get_absolute_url(), sent | dates).status_code == 302
    item.case.refresh_from_db()
    assert item.case.timebox_ends_on == today + timedelta(weeks=12)
    first_taf = item.case.deadlines.open().get(code="D_FIRST_TAF")
    assert timezone.localdate(first_taf.due_at) == today + timedelta(days=3)


def test_a_first_taf_meeting_is_never_later_than_the_standard(sign_in, item, chair, worker):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    late = timezone.localdate() + timedelta(days=60)
    day = {"first_taf_on_day": late.day, "first_taf_on_month": late.month, "first_taf_on_year": late.year}
    sent = decision(page, decision="allocate-2", worker=worker.pk) | day
    refused = client.post(item.get_absolute_url(), sent)
    assert refused.status_code == 409
    assert refused.context["form"].errors["first_taf_on"]
    assert not item.case.deadlines.filter(code="D_FIRST_TAF").exists()


def test_both_dates_that_follow_are_shown_before_the_chair_decides(sign_in, item, chair):
    page = sign_in(chair).get(item.get_absolute_url())
    for each in page.context["form"].dates():
        assert f"by {dates.day(each.taf_on)}, the first review by {dates.day(each.review_on)}" in page.content.decode()
        assert timezone.localdate() < each.taf_on < each.review_on


def test_the_hub_names_an_earlier_first_review_and_it_stands_when_the_plan_is_agreed(sign_in, item, chair, worker):
    from earlyhelp.cases import transitions as cases

    sent = decision(sign_in(chair).get(item.get_absolute_url()), decision="allocate-2", worker=worker.pk)
    sent |= in_days("first_taf_on", 7) | in_days("first_review_on", 21)
    assert sign_in(chair).post(item.get_absolute_url(), sent).status_code == 302
    named = timezone.localdate() + timedelta(days=21)
    case = Case.objects.get(pk=item.case_id)
    assert case.next_review_on == named

    case = cases.accept(case, by=worker, now=timezone.now())
    Case.objects.filter(pk=case.pk).update(status="planning")
    case = cases.plan_agreed(Case.objects.get(pk=case.pk), by=User.objects.get(pk=worker.pk), now=timezone.now())
    review = case.deadlines.open().get(code="D_REVIEW_FIRST")
    assert (case.next_review_on, timezone.localdate(review.due_at), review.holder) == (named, named, worker)


@pytest.mark.parametrize(("taf", "review"), [(7, 100), (7, 7), (21, 14)])
def test_a_first_review_is_neither_later_than_the_standard_nor_before_the_meeting(
    sign_in, item, chair, worker, taf, review
):
    client = sign_in(chair)
    sent = decision(client.get(item.get_absolute_url()), decision="allocate-2", worker=worker.pk)
    refused = client.post(
        item.get_absolute_url(), sent | in_days("first_taf_on", taf) | in_days("first_review_on", review)
    )
    assert refused.context["form"].errors["first_review_on"]
    assert not item.case.deadlines.filter(code__in=("D_FIRST_TAF", "D_REVIEW_FIRST")).exists()
    assert not HubDecision.objects.exists()


def test_an_action_is_of_the_worker_who_is_offered_the_family_or_of_its_team(sign_in, item, chair, worker, stranger):
    from earlyhelp.cases.services import join_team

    teacher = UserFactory(agency=worker.agency)
    join_team(item.case, role="member", user=teacher, by=chair, now=timezone.now())
    client = sign_in(chair)
    sent = decision(client.get(item.get_absolute_url()), decision="allocate-2", worker=worker.pk)
    sent |= {"action_what": "Ring the family", "action_owner": "lead"} | in_days("action_due", 3)
    sent |= {"action_what_2": "Breakfast club", "action_owner_2": teacher.pk} | in_days("action_due_2", 9)
    refused = client.post(item.get_absolute_url(), sent | {"action_owner_2": stranger.pk})
    assert refused.context["form"].errors["action_owner_2"]
    assert client.post(item.get_absolute_url(), sent).status_code == 302
    assert [each.owner for each in HubDecision.objects.get().actions.order_by("due_on")] == [worker, teacher]


def test_an_action_of_whoever_leads_is_refused_where_nobody_is_to(sign_in, item, chair, worker):
    client = sign_in(chair)
    sent = decision(client.get(item.get_absolute_url()), decision="signpost", where="The library", worker=worker.pk)
    sent |= {"action_what": "Ring the family", "action_owner": "lead"} | in_days("action_due", 3)
    refused = client.post(item.get_absolute_url(), sent)
    assert "Nobody leads" in str(refused.context["form"].errors["action_owner"])
    assert not HubDecision.objects.exists()


def test_why_somebody_else_is_asked_only_at_the_tier_for_which_they_were_compared(sign_in, item, chair, worker, melton):
    """Another tier is led by other people: the one recommended for the proposed tier may not even be able to."""
    other = WorkerFactory(agency=worker.agency)
    PostFactory(user=other, role="practitioner", area=melton)
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    sent = decision(page, worker=other.pk, no_specialist_reason="None is needed.")
    sent |= {"missing_need": "housing", "missing_provision": "A worker for the house."}
    refused = client.post(item.get_absolute_url(), sent | {"decision": "allocate-2"})
    assert "not_recommended_reason" in refused.context["form"].errors
    assert client.post(item.get_absolute_url(), sent | {"decision": "allocate-3"}).status_code == 302


def in_days(name, days):
    day = timezone.localdate() + timedelta(days=days)
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_several_actions_each_with_its_owner_and_its_day(sign_in, item, chair, members):
    client = sign_in(chair)
    sent = decision(client.get(item.get_absolute_url()), decision="signpost", where="The library")
    sent |= {"action_what": "Ring the school", "action_owner": members[0].pk} | in_days("action_due", 3)
    sent |= {"action_what_3": "Write to the landlord", "action_owner_3": members[1].pk} | in_days("action_due_3", 9)
    assert client.post(item.get_absolute_url(), sent).status_code == 302
    made = HubDecision.objects.get().actions.order_by("due_on")
    assert [(each.what, each.owner) for each in made] == [
        ("Ring the school", members[0]),
        ("Write to the landlord", members[1]),
    ]


def test_an_action_of_nobody_is_refused_whichever_it_is(sign_in, item, chair):
    client = sign_in(chair)
    sent = decision(client.get(item.get_absolute_url()), decision="signpost", where="The library")
    refused = client.post(item.get_absolute_url(), sent | {"action_what_2": "Ring"} | in_days("action_due_2", 3))
    assert refused.context["form"].errors["action_owner_2"]
    assert not HubDecision.objects.exists()


def test_a_decided_family_says_who_was_asked_and_what_they_answered(sign_in, item, chair, worker, other_worker, member):
    from earlyhelp.cases import transitions as cases
    from tests.factories import ServiceFactory

    service = ServiceFactory(specialist=True)
    client = sign_in(chair)
    sent = decision(client.get(item.get_absolute_url()), decision="allocate-2", worker=worker.pk)
    assert client.post(item.get_absolute_url(), sent | {"specialists": [service.pk]}).status_code == 302
    page = sign_in(member).get(item.get_absolute_url())
    assert f"{worker}, {worker.agency}" in page.text
    assert "Has not answered" in page.text
    assert service.name in page.text
    item.case.refresh_from_db()
    case = cases.decline(item.case, by=worker, now=timezone.now(), reason="My own family is ill.")
    asked = {"worker": other_worker, "preference": "asked", "preference_note": "N", "reason": "Has room."}
    case = cases.offer_again(case, by=chair, now=timezone.now(), **asked)
    cases.accept(case, by=other_worker, now=timezone.now())
    page = sign_in(chair).get(item.get_absolute_url())
    assert [(each.worker, each.status) for each in page.context["asked"]] == [
        (worker, "declined"),
        (other_worker, "accepted"),
    ]
    assert "My own family is ill." not in page.text


def test_on_a_screen_that_the_room_sees_people_are_chosen_by_their_initials(sign_in, item, chair, members):
    client = sign_in(chair)
    client.post(f"/hubs/meetings/{item.meeting_id}/screen/", {"names": "hidden"})
    labels = client.get(item.get_absolute_url()).context["form"].fields["action_owner"].choices
    assert str(members[0]) not in str(list(labels))
    assert f"{members[0].first_name[0]}. {members[0].last_name[0]}., {members[0].agency}" in str(list(labels))
    page = client.get(f"{item.meeting.get_absolute_url()}interest/")
    assert f"{item.case.family.name[0]}. {item.case.reference}" in page.text
    assert str(item.case.family) not in page.text


def test_the_chair_sees_that_a_quorum_is_lost_before_recording_anything(sign_in, item, chair):
    item.meeting.attendance.exclude(user=chair).update(presence="absent")
    page = sign_in(chair).get(item.get_absolute_url())
    assert "Not quorate" in page.text
    assert "nothing can be decided" in page.text


def test_whoever_has_died_stands_in_the_household_as_such_and_lives_nowhere(sign_in, item, chair):
    person = PersonFactory(first_name="Ron", born_on="1961-02-03", died_on="2023-11-20")
    MemberFactory(family=item.case.family, person=person, lives_in_household=False)

    page = sign_in(chair).get(item.get_absolute_url()).content.decode()

    assert "died 20 November 2023" in page
    assert "lives elsewhere" not in page
