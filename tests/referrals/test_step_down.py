"""From social care to early help: no threshold again, but checks; nobody closes before a lead has accepted (domain.md 8.4)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from earlyhelp.cases.enums import NotOpenedReason
from earlyhelp.cases.models import Case
from earlyhelp.cases.transitions import accept as take_on
from earlyhelp.cases.transitions import allocate, not_opened
from earlyhelp.families.enums import StatutoryKind
from earlyhelp.families.services import record_statutory_status
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import HandoverStatus, LawfulBasis, Status
from referrals.models import Referral, SocialCareHandover
from referrals.progress import keep_open, summary
from referrals.queries import tasks
from referrals.services import drafts
from referrals.transitions.handover import accepted, returned
from referrals.transitions.referral import accept, advise, ask_agencies, signpost, step_up, submit, take
from referrals.transitions.request import nothing_held
from referrals.transitions.step_down import pass_step_down
from tests.factories import MONDAY, AgencyFactory, FamilyFactory, PostFactory, ServiceFactory, UserFactory
from tests.referrals.factories import handed_over, ready_draft

LATER = MONDAY + timedelta(hours=2)
CLOSING = {
    "closing_summary": "A child in need plan since June; it is safe now.",
    "plan_ahead": "Mornings, with the school.",
}
TO_HUB = {"reason": "The school knows of nothing new.", "message": "m", "proposed_tier": 2, "urgent": False}
OFFER = {"tier": 2, "reason": "r", "preference": "asked", "preference_note": "Somebody local."}


@pytest.fixture
def social_worker(melton):
    user = UserFactory(agency=AgencyFactory(name="County social care", kind="social_care"), phone="01632 960 190")
    return PostFactory(user=user, area=melton).user


@pytest.fixture
def step_down_draft(melton, social_worker):
    """As a social worker fills it: everything but why now, which is not asked."""
    draft = ready_draft(
        area=melton, author=social_worker, source_kind="social_care", step_down=True, why_now="", tried="", **CLOSING
    )
    return Referral.objects.get(pk=draft.pk)


@pytest.fixture
def taken_step_down(step_down_draft, social_worker, access_worker):
    return take(submit(step_down_draft, by=social_worker, now=MONDAY), by=access_worker, now=MONDAY)


@pytest.fixture
def asked(taken_step_down, access_worker, school, contact):
    ask_agencies(
        taken_step_down,
        by=access_worker,
        now=MONDAY,
        agencies=[school],
        question="What do you know?",
        lawful_basis=LawfulBasis.AGREED,
    )
    nothing_held(taken_step_down.requests.get(), by=contact, now=MONDAY)
    return Referral.objects.get(pk=taken_step_down.pk)


@pytest.fixture
def with_the_hub(asked, access_worker):
    return pass_step_down(asked, by=access_worker, now=LATER, **TO_HUB)


def under_a_plan(family, by, kind=StatutoryKind.CHILD_PROTECTION, **facts):
    child = family.memberships.get(role="child").person
    known = {"from_on": MONDAY.date(), "social_worker": "Ms Ito", "source": "Ms Ito"}
    record_statutory_status(child, status=kind, by=by, now=MONDAY, **(known | facts))


def led(referral, chair, worker):
    case = allocate(referral.case, by=chair, now=LATER, worker=worker, **OFFER)
    return take_on(case, by=worker, now=LATER)


def test_what_social_care_refers_is_a_step_down_and_asks_for_a_closing_summary(social_worker, melton):
    referral = drafts.start(FamilyFactory(area=melton, created_by=social_worker), by=social_worker, now=MONDAY)

    assert referral.step_down
    slugs = [task.slug for task in tasks(referral, today=MONDAY.date())]
    assert "closing" in slugs
    assert "why" not in slugs


def test_what_anybody_else_refers_is_none(practitioner, melton):
    referral = drafts.start(FamilyFactory(area=melton, created_by=practitioner), by=practitioner, now=MONDAY)

    assert not referral.step_down


def test_without_a_closing_summary_and_a_plan_it_is_not_sent(step_down_draft, social_worker):
    drafts.save_draft(step_down_draft, by=social_worker, now=MONDAY, plan_ahead="")

    with pytest.raises(NotPossible, match="What social care did"):
        submit(step_down_draft, by=social_worker, now=MONDAY)
    assert Referral.objects.get().status == Status.DRAFT


def test_it_goes_to_the_hub_without_its_threshold_being_weighed(with_the_hub, access_worker):
    assert with_the_hub.status == Status.ACCEPTED
    assert with_the_hub.case.request.startswith("Step-down from social care, which waits to close.")
    assert "Mornings, with the school." in with_the_hub.case.request
    assert with_the_hub.decisions.get().reason == TO_HUB["reason"]


def test_the_information_checks_are_not_skipped(taken_step_down, access_worker):
    with pytest.raises(NotPossible, match="Ask at least one agency"):
        pass_step_down(taken_step_down, by=access_worker, now=LATER, **TO_HUB)
    assert not Case.objects.exists()


def test_its_threshold_cannot_be_weighed_after_all(asked, access_worker):
    with pytest.raises(NotPossible):
        accept(asked, by=access_worker, now=LATER, level_of_need=3, **TO_HUB)
    assert not Case.objects.exists()


def test_it_is_not_turned_away_at_the_threshold_either(asked, access_worker):
    said = {"by": access_worker, "now": LATER, "level_of_need": 2, "reason": "r", "message": "m"}

    with pytest.raises(NotPossible, match="steps this family down"):
        advise(asked, advice="Ask the school.", **said)
    with pytest.raises(NotPossible, match="steps this family down"):
        signpost(asked, services=[ServiceFactory()], **said)
    assert Referral.objects.get(pk=asked.pk).status == Status.IN_TRIAGE
    assert not Case.objects.exists()


def test_what_is_no_step_down_does_not_skip_the_threshold(in_triage, access_worker):
    with pytest.raises(NotPossible):
        pass_step_down(in_triage, by=access_worker, now=LATER, **TO_HUB)
    assert not Case.objects.exists()


def test_only_eh_access_passes_it_on(asked, social_worker, chair):
    for person in (social_worker, chair):
        with pytest.raises(PermissionDenied):
            pass_step_down(asked, by=person, now=LATER, **TO_HUB)
    assert not Case.objects.exists()


def test_there_is_none_from_a_child_protection_plan_whoever_runs_alongside(step_down_draft, social_worker):
    under_a_plan(step_down_draft.family, social_worker)

    with pytest.raises(NotPossible, match="child protection plan"):
        submit(step_down_draft, by=social_worker, now=MONDAY)
    with pytest.raises(NotPossible, match="child protection plan"):
        drafts.start(step_down_draft.family, by=UserFactory(agency=social_worker.agency), now=MONDAY)
    assert Referral.objects.get().status == Status.DRAFT


def test_a_plan_that_was_found_out_in_triage_stops_it_too(asked, social_worker, access_worker):
    under_a_plan(asked.family, social_worker)

    with pytest.raises(NotPossible, match="child protection plan"):
        pass_step_down(asked, by=access_worker, now=LATER, **TO_HUB)
    assert not Case.objects.exists()


def test_from_a_child_in_need_plan_there_is_one(step_down_draft, social_worker):
    under_a_plan(step_down_draft.family, social_worker, kind=StatutoryKind.CHILD_IN_NEED)

    assert submit(step_down_draft, by=social_worker, now=MONDAY).status == Status.SUBMITTED


def test_the_social_worker_reads_not_yet_until_the_lead_has_accepted(asked, access_worker, chair, worker):
    assert not keep_open(asked).may_close
    referral = pass_step_down(asked, by=access_worker, now=LATER, **TO_HUB)
    assert not keep_open(referral).may_close

    case = allocate(referral.case, by=chair, now=LATER, worker=worker, **OFFER)
    assert "keep the family open" in keep_open(Referral.objects.get()).text

    take_on(case, by=worker, now=LATER)
    told = keep_open(Referral.objects.get())
    assert told.may_close
    assert str(worker) in told.text


def test_the_social_worker_is_told_when_the_lead_has_accepted_and_not_before(
    with_the_hub, social_worker, chair, worker
):
    told = Notice.objects.filter(to=social_worker, title__startswith="A lead professional has accepted")
    assert not told.exists()

    led(with_the_hub, chair, worker)
    assert told.get().urgent
    assert with_the_hub.family.name not in told.get().title


def test_the_first_meeting_is_a_hand_over_with_the_social_worker_on_the_team(
    with_the_hub, social_worker, chair, worker
):
    case = led(with_the_hub, chair, worker)

    assert case.team.current().filter(user=social_worker, role="member").exists()
    assert "with social care" in case.deadlines.open().get(code="D_FIRST_TAF").label


def test_of_any_other_family_nobody_joins_the_team(in_triage, access_worker, practitioner, chair, worker):
    referral = accept(in_triage, by=access_worker, now=LATER, level_of_need=3, **TO_HUB)
    case = led(referral, chair, worker)

    assert not case.team.current().filter(user=practitioner).exists()
    assert case.deadlines.open().get(code="D_FIRST_TAF").label == "First TAF meeting and agreed plan"


def test_where_the_hub_does_not_open_it_social_care_keeps_the_family(with_the_hub, chair):
    not_opened(with_the_hub.case, by=chair, now=LATER, outcome=NotOpenedReason.WITHDRAWN, reason="They moved.")

    told = keep_open(Referral.objects.get())
    assert not told.may_close
    assert "keep them open" in told.text


def test_where_it_goes_back_to_social_care_they_keep_the_family(taken_step_down, access_worker):
    facts = {"reason": "A new injury.", "message": "m", "family_told": True}
    referral = step_up(taken_step_down, by=access_worker, now=LATER, **facts)

    assert "keep them open" in keep_open(referral).text


def test_what_social_care_did_is_read_in_triage(taken_step_down, access_worker):
    said = {row["key"]: row["value"] for row in summary(taken_step_down, seen_by=access_worker)}

    assert said["What social care did"] == CLOSING["closing_summary"]
    assert "Why now" not in said


@pytest.fixture
def came_back(practitioner, access_worker, melton):
    """A hand-over that social care accepted, worked on, and returned."""
    family = ready_draft(area=melton, author=practitioner).family
    Referral.objects.all().delete()
    handover = handed_over(by=practitioner, family=family, spoken_to="Duty desk")
    accepted(handover, by=practitioner, now=LATER, answer="An assessment.")
    return returned(handover, by=access_worker, now=LATER, closing_summary="All seen; they agree to early help.")


def test_a_family_that_social_care_returns_begins_with_what_is_known(came_back, access_worker):
    referral = drafts.start_step_down(came_back, by=access_worker, now=LATER)

    assert referral.step_down
    assert referral.returned_from == came_back
    assert referral.closing_summary == "All seen; they agree to early help."
    assert referral.source_kind == "social_care"
    assert drafts.start_step_down(came_back, by=access_worker, now=LATER) == referral


def test_what_was_owed_of_the_hand_over_is_done_once_the_step_down_is_sent(came_back, access_worker):
    referral = drafts.start_step_down(came_back, by=access_worker, now=LATER)
    assert came_back.deadlines.open().exists()

    facts = {"wants": "Help in the mornings.", "plan_ahead": "The school.", "safeguarding": "no", "urgent": False}
    facts |= {
        "contact_phone": "01632 960 100",
        "people_checked": True,
        "no_agreement_reason": "Social care asked them.",
    }
    referral = drafts.save_draft(referral, by=access_worker, now=LATER, **facts)
    submit(referral, by=access_worker, now=LATER)

    assert not came_back.deadlines.open().exists()


def test_what_was_not_returned_begins_none(practitioner, melton, access_worker):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))

    with pytest.raises(NotPossible):
        drafts.start_step_down(handover, by=access_worker, now=LATER)
    assert not Referral.objects.exists()


@pytest.mark.parametrize("change", [{"closing_summary": ""}, {"source_kind": "school"}, {"step_down": False}])
def test_the_database_itself_refuses_a_step_down_without_its_plan(taken_step_down, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=taken_step_down.pk).update(**change)


def test_the_pages_lead_a_social_worker_through_it(client, social_worker, step_down_draft):
    client.force_login(social_worker)
    start = client.get(f"/referrals/new/?family={step_down_draft.family.reference}").content.decode()
    assert "Keep the family open until the lead professional has accepted" in start

    closing = client.get(f"{step_down_draft.get_absolute_url()}tasks/closing/").content.decode()
    assert "does not weigh again" in closing
    assert client.get(f"{step_down_draft.get_absolute_url()}tasks/why/").status_code == 404
    assert "source_kind" not in client.get(f"{step_down_draft.get_absolute_url()}tasks/you/").content.decode()

    submit(step_down_draft, by=social_worker, now=MONDAY)
    assert "Social care does not close yet" in client.get(step_down_draft.get_absolute_url()).content.decode()


def test_in_triage_only_what_fits_a_step_down_is_offered(client, asked, access_worker):
    client.force_login(access_worker)
    page = client.get(f"/referrals/triage/{asked.reference}/").content.decode()

    assert "Step-down from social care" in page
    assert "do/pass_step_down/" in page
    assert "do/step_up/" in page
    for other in ("accept", "signpost", "advise"):
        assert f"do/{other}/" not in page


def test_in_triage_of_any_other_it_is_not_offered(client, in_triage, access_worker):
    client.force_login(access_worker)

    assert "pass_step_down" not in client.get(f"/referrals/triage/{in_triage.reference}/").content.decode()


def test_a_returned_hand_over_leads_to_its_step_down(client, came_back, access_worker, chair):
    client.force_login(access_worker)
    address = f"/referrals/hand-overs/{came_back.reference}/step-down/"
    assert address in client.get(came_back.get_absolute_url()).content.decode()
    token = client.get(address).context["form"]["token"].value()
    answer = client.post(address, {"token": token})

    assert answer.url == Referral.objects.get().get_absolute_url()
    assert client.get(answer.url).status_code == 200

    SocialCareHandover.objects.update(status=HandoverStatus.ACCEPTED)
    assert client.get(address).status_code == 404


def test_social_care_keeps_its_links_to_the_whole_agency_to_itself(taken_step_down, social_worker, melton):
    colleague = PostFactory(user=UserFactory(agency=social_worker.agency), role=Role.PRACTITIONER, area=melton).user

    assert not Referral.objects.for_user(colleague).exists()


# --- on the case: who hands over, and whom to ring ----------------------------------------------------------------------


def overview(client, case, user):
    client.force_login(user)
    return client.get(case.get_absolute_url()).content.decode()


def test_the_case_names_the_social_worker_and_whom_to_ring(client, with_the_hub, social_worker, chair, worker):
    case = led(with_the_hub, chair, worker)
    page = overview(client, case, worker)

    assert "This family steps down from social care." in page
    assert f"Their social worker is {social_worker}, County social care. Ring {social_worker} on 01632 960 190." in page


def test_who_has_left_is_not_rung_but_the_front_door_is(client, with_the_hub, social_worker, chair, worker, settings):
    case = led(with_the_hub, chair, worker)
    social_worker.is_active = False
    social_worker.save()
    page = overview(client, case, worker)

    assert "who has left" in page
    assert f"on {settings.SOCIAL_CARE_PHONE}" in page
    assert "01632 960 190" not in page.partition("who has left")[2].partition("</div>")[0]


def test_without_a_number_of_their_own_the_front_door_is_rung(
    client, with_the_hub, social_worker, chair, worker, settings
):
    case = led(with_the_hub, chair, worker)
    social_worker.phone = ""
    social_worker.save()

    assert f"Ring the {settings.SOCIAL_CARE_NAME} on {settings.SOCIAL_CARE_PHONE}." in overview(client, case, worker)


def test_where_social_care_returned_them_it_says_with_whom_it_was_spoken(
    client, came_back, with_the_hub, access_worker, chair, worker
):
    case = led(with_the_hub, chair, worker)
    Referral.objects.filter(pk=with_the_hub.pk).update(author=access_worker, returned_from=came_back)

    note = (
        overview(client, case, worker).partition("This family steps down from social care.")[2].partition("</div>")[0]
    )
    assert "Social care returned them. It was spoken with Duty desk." in note
    assert str(access_worker) not in note


def test_any_other_case_says_nothing_of_social_care(client, led_case, worker):
    assert "steps down from social care" not in overview(client, led_case, worker)


def test_it_costs_the_overview_no_query(client, with_the_hub, chair, worker, django_assert_max_num_queries):
    case = led(with_the_hub, chair, worker)
    overview(client, case, worker)
    with django_assert_max_num_queries(7):
        client.get(case.get_absolute_url())
