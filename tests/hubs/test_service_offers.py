"""A service that the hub names is offered to the family; it hears of nobody who did not say yes (screens.md A4, domain.md 16)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.models import Case
from earlyhelp.directory.enums import OnwardStatus
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.services.onward import propose, refer
from earlyhelp.notices.models import Letter, Notice
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import DecisionKind, ItemKind, OfferStatus
from hubs.models import ServiceOffer
from hubs.services.steps import request_step
from hubs.transitions import close, decide
from hubs.transitions.service_offers import decline_service, leave_service
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, ServiceFactory
from tests.hubs.factories import EVIDENCE, MEETS_AT, ItemFactory
from tests.hubs.routes import ASKED, again

NOW = MEETS_AT + timedelta(minutes=20)
LATER = NOW + timedelta(days=2)
TOLD = "The hub named services for a family: offer them"
YES = {"said": "yes", "given_by": "person", "how": "face_to_face", "reach": "01632 960 141"}


@pytest.fixture
def group():
    return ServiceFactory(name="Parenting group", specialist=False, email="group@example.org")


@pytest.fixture
def advice():
    return ServiceFactory(name="Debt advice", specialist=True, email="advice@example.org")


@pytest.fixture
def aoife(waiting_case):
    return MemberFactory(family=waiting_case.family, role="parent", person__born_on="1990-01-01").person


def allocated(item, chair, worker, **facts):
    given = {"tier": 2, "worker": worker, "kind": DecisionKind.ALLOCATE, "rationale": "One coordinator.", **ASKED}
    decide(item, by=chair, now=NOW, **given | facts)
    return Case.objects.get(pk=item.case_id)


@pytest.fixture
def case(item, chair, worker, group, advice, aoife):
    """Allocated by the hub, which named two services; and accepted."""
    case = allocated(item, chair, worker, specialists=[advice], to_offer=[group])
    cases.accept(case, by=worker, now=NOW + timedelta(hours=1))
    return Case.objects.get(pk=case.pk)


def to_do(client):
    return [line for line in client.get("/").context["today"].lines if "that the hub named" in line.text]


def referred(service, person, by, said="yes", **more):
    permission = {"given_by": "person", "how": "face_to_face"} if said == "yes" else {}
    return refer(
        person=person, service=service, by=again(by), now=LATER, said=said, why="As agreed.", **permission | more
    )


# --- named --------------------------------------------------------------------------------------------------------------


def test_what_the_hub_names_is_the_lead_professionals_to_offer(sign_in, case, worker, group, advice, aoife):
    assert set(ServiceOffer.objects.to_make().values_list("service__name", flat=True)) == {group.name, advice.name}
    assert list(Notice.objects.filter(title=TOLD).values_list("to", "reference")) == [(worker.pk, case.reference)]
    client = sign_in(worker)
    [line] = to_do(client)
    assert line.text == f"Offer 2 services that the hub named to the {case.family} ({case.reference})"
    page = client.get(line.url).text
    for service in (group, advice):
        assert f'href="/services/{service.pk}/refer/{aoife.pk}/"' in page


def test_no_service_hears_of_anybody_by_being_named(case):
    assert not OnwardReferral.objects.exists()
    assert not Letter.objects.exists()
    assert not Notice.objects.exclude(to__in=[case.lead_id]).filter(title=TOLD).exists()


def test_nobody_is_told_while_nobody_leads(item, chair, worker, group):
    case = allocated(item, chair, worker, to_offer=[group])
    assert not Notice.objects.filter(title=TOLD).exists()
    assert not ServiceOffer.objects.to_make().filter(case=case).exists()


def test_the_chair_names_them_on_the_page_of_the_decision(sign_in, item, chair, worker, group, advice):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    said = {"token": page.context["form"]["token"].value(), "decision": "allocate-2", "worker": worker.pk, **ASKED}
    said |= {"rationale": "One coordinator.", "specialists": [advice.pk], "to_offer": [group.pk]}
    said |= {"recommended": page.context["form"]["recommended"].value()}
    assert client.post(item.get_absolute_url(), said).status_code == 302
    assert set(ServiceOffer.objects.values_list("service", "named_by")) == {(advice.pk, chair.pk), (group.pk, chair.pk)}


def test_a_step_names_more_and_none_twice(led_case, worker, meeting, chair, advice, group):
    step = request_step(led_case, by=worker, now=MONDAY, to_tier=3, **EVIDENCE)
    ServiceOffer.objects.create(case=led_case, service=advice, named_by=chair, named_at=MONDAY)
    item = ItemFactory(meeting=meeting, case=led_case, step=step, kind=ItemKind.STEP_REQUEST)
    given = {"kind": DecisionKind.APPROVE_STEP, "rationale": "More.", "specialists": [advice, group]}
    decide(item, by=chair, now=NOW, **given)
    assert sorted(ServiceOffer.objects.values_list("service__name", flat=True)) == [advice.name, group.name]
    assert Notice.objects.filter(title=TOLD, to=worker).count() == 1


def test_one_service_waits_once(case, advice, chair):
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceOffer.objects.create(case=case, service=advice, named_by=chair, named_at=LATER)


# --- made ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["yes", "no", "not_now"])
def test_it_is_made_once_somebody_of_the_family_was_asked(sign_in, case, worker, group, advice, aoife, said):
    referred(group, aoife, worker, said)
    assert list(ServiceOffer.objects.to_make().values_list("service", flat=True)) == [advice.pk]
    [line] = to_do(sign_in(worker))
    assert line.text.startswith("Offer a service that the hub named")


def test_a_suggestion_that_nobody_has_answered_is_no_offer_yet(case, worker, group, aoife):
    propose(person=aoife, service=group, by=again(worker), now=LATER, why="As named.")
    assert OnwardReferral.objects.get().status == OnwardStatus.PROPOSED
    assert ServiceOffer.objects.to_make().filter(service=group).exists()


def test_somebody_elses_referral_makes_no_offer_to_this_family(case, worker, group, melton):
    other = MemberFactory(family=FamilyFactory(area=melton), role="parent", person__born_on=None).person
    CaseFactory.led_by(worker, area=melton, family=other.memberships.get().family)
    referred(group, other, worker)
    assert ServiceOffer.objects.to_make().filter(service=group, case=case).exists()


def test_who_is_with_the_service_already_need_not_be_asked(item, chair, worker, group, aoife, access_worker):
    refer(
        person=aoife, service=group, by=access_worker, now=MONDAY, said="yes", why="-", given_by="person", how="phone"
    )
    case = allocated(item, chair, worker, to_offer=[group])
    cases.accept(case, by=worker, now=NOW)
    assert not ServiceOffer.objects.to_make().exists()
    assert not Notice.objects.filter(title=TOLD).exists()


def test_on_the_page_the_referral_stands_in_its_place(sign_in, case, worker, group, aoife):
    client, url = sign_in(worker), f"/cases/{case.reference}/services/"
    assert client.post(f"/services/{group.pk}/refer/{aoife.pk}/", _sent(client, group, aoife)).status_code == 302
    page = client.get(url)
    assert [each.service.name for each in page.context["offered"]] == ["Debt advice"]
    assert OnwardReferral.objects.get().status == OnwardStatus.SENT


def test_nobody_who_has_died_is_to_be_offered_one(sign_in, case, worker, group, aoife):
    url = f"/cases/{case.reference}/services/"
    to_them = [f"/services/{group.pk}/refer/{aoife.pk}/", f"/services/refer/{aoife.pk}/"]
    page = sign_in(worker).get(url).text
    assert [link in page for link in to_them] == [True, True]

    aoife.died_on = NOW.date()
    aoife.save()

    page = sign_in(worker).get(url).text
    assert [link in page for link in to_them] == [False, False]


def _sent(client, service, person):
    token = client.get(f"/services/{service.pk}/refer/{person.pk}/").context["form"]["token"].value()
    return YES | {"token": token, "why": "A place on Wednesdays."}


# --- not made -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deed", "status"), [("decline_service", OfferStatus.DECLINED), ("leave_service", OfferStatus.NOT_OFFERED)]
)
def test_it_is_settled_in_words_and_nothing_goes_to_the_service(sign_in, case, worker, group, deed, status):
    offer, client = case.service_offers.get(service=group), sign_in(worker)
    url = f"/hubs/services/{offer.pk}/do/{deed}/"
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"words": "“Not with strangers,” says Aoife."}).status_code == 302
    offer.refresh_from_db()
    assert (offer.status, offer.words) == (status, "“Not with strangers,” says Aoife.")
    page = client.get(offer.get_absolute_url()).text
    assert "“Not with strangers,” says Aoife." in page
    assert f"/hubs/services/{offer.pk}/do/" not in page
    assert len(to_do(client)) == 1
    assert not OnwardReferral.objects.exists()
    assert not Letter.objects.exists()
    assert client.get(url).status_code == 404


def test_only_the_lead_professional_settles_it(sign_in, case, worker, chair, other_worker, stranger, group):
    offer = case.service_offers.get(service=group)
    for who in (chair, other_worker, stranger):
        with pytest.raises(PermissionDenied):
            decline_service(offer, by=again(who), now=LATER, words="No.")
        assert sign_in(who).get(f"/hubs/services/{offer.pk}/do/decline_service/").status_code == 404
    offer.refresh_from_db()
    assert offer.status == OfferStatus.OPEN


def test_it_is_settled_once(case, worker, group):
    offer = case.service_offers.get(service=group)
    decline_service(offer, by=worker, now=LATER, words="No.")
    with pytest.raises(NotPossible):
        leave_service(offer, by=worker, now=LATER, words="They have it.")


def test_the_hub_reads_what_became_of_it_and_may_not_answer_for_the_family(sign_in, case, chair):
    page = sign_in(chair).get(f"/cases/{case.reference}/services/").text
    assert "Debt advice" in page
    assert "They do not want it" not in page


def test_it_goes_with_the_lead(sign_in, case, worker, other_worker, chair):
    said = {"worker": other_worker, "because": "absence", "handover_note": "-", "joint_visit": "Monday", "reason": "-"}
    cases.offer_again(case, by=again(chair), now=LATER, **said, **ASKED)
    cases.take_over(Case.objects.get(pk=case.pk), by=again(other_worker), now=LATER)
    assert Notice.objects.filter(title=TOLD, to=other_worker).count() == 1
    assert len(to_do(sign_in(other_worker))) == 1
    assert to_do(sign_in(worker)) == []


def test_nobody_is_reminded_once_the_case_has_ended(sign_in, case, worker):
    cases.family_withdrew(case, by=again(worker), now=LATER, safeguarding_check="No.", reason="Enough.")
    assert to_do(sign_in(worker)) == []
    assert not ServiceOffer.objects.to_make().exists()


def test_the_minutes_say_what_was_named(sign_in, case, coordinator, meeting, chair):
    row = close(meeting, by=again(chair), now=LATER)
    page = sign_in(coordinator).get(f"{row.get_absolute_url()}minutes/").text
    assert "Specialists: Debt advice" in page
    assert "To be offered to the family: Parenting group" in page


@pytest.mark.parametrize("n", [1, 20])
def test_the_page_takes_as_many_queries_however_much_was_named(
    sign_in, case, worker, chair, n, django_assert_num_queries
):
    for _ in range(n):
        ServiceOffer.objects.create(case=case, service=ServiceFactory(), named_by=chair, named_at=NOW)
    client, url = sign_in(worker), f"/cases/{case.reference}/services/"
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)
