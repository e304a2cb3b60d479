"""Somebody is taken on to help that needs no plan: with their yes, and to where an app has lodged a way (domain.md 6.3)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.routes import ROUTES, Ask, choices, take
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from lac.models import Introduction
from referrals.enums import Status
from referrals.models import Contact, Referral, TriageDecision
from referrals.queries import people_of
from referrals.transitions.directing import direct
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory, PostFactory, ServiceFactory
from tests.referrals.test_api import api_of

LATER = MONDAY + timedelta(hours=2)
FACTS = {
    "reason": "No plan is needed.",
    "message": "A coordinator rings her.",
    "level_of_need": 2,
    "words": "To meet people again.",
    "reach": "01632 960 150, after ten",
    "agreed": True,
    "agreement": "She said yes when I rang.",
}


@pytest.fixture
def mother(in_triage):
    return next(each.person for each in people_of(in_triage.family_id) if each.role == "parent")


@pytest.fixture
def coordinator(melton):
    return PostFactory(role=Role.LAC_COORDINATOR, area=melton).user


@pytest.fixture
def adviser(melton):
    return PostFactory(role=Role.FIRST_CONTACT_ADVISER, area=melton).user


def test_the_ways_on_are_those_that_apps_have_lodged():
    assert [code for code, _ in choices()][:2] == ["lac", "first_contact_plus"]
    assert all(route.for_whom for route in ROUTES.values())


def test_a_coordinator_is_introduced_to_her_and_the_referral_is_decided(in_triage, mother, access_worker, coordinator):
    directed = direct(in_triage, by=access_worker, now=LATER, route="lac", person=mother, **FACTS)

    introduction = Introduction.objects.get()
    assert (introduction.person, introduction.hopes) == (mother, FACTS["words"])
    assert introduction.how_to_reach == FACTS["reach"]
    assert directed.status == Status.DIRECTED
    assert (directed.case, directed.needs_second_look) == (None, False)
    decided = TriageDecision.objects.get()
    assert (decided.went, decided.went_reference) == (mother, introduction.reference)
    assert Notice.objects.filter(to=coordinator).count() == 1


def test_first_contact_plus_gets_a_contact_for_its_advisers(in_triage, mother, access_worker, adviser):
    direct(in_triage, by=access_worker, now=LATER, route="first_contact_plus", person=mother, **FACTS)

    contact = Contact.objects.for_user(adviser, "answer").get()
    assert contact.named == mother.name
    assert FACTS["words"] in contact.said
    assert FACTS["agreement"] in contact.said
    assert contact.deadlines.open().get().holder_role == Role.FIRST_CONTACT_ADVISER
    assert Notice.objects.get(to=adviser).title == "A contact waits for First Contact Plus"
    assert not Introduction.objects.exists()


def test_a_service_of_the_menu_gets_a_referral_of_its_own(in_triage, mother, access_worker):
    choir = ServiceFactory(name="Choir", email="choir@example.org")
    said = FACTS | {"message": "She goes to {where}.", "asked_how": "face_to_face"}

    directed = direct(in_triage, by=access_worker, now=LATER, route="service", person=mother, service=choir, **said)

    onward = OnwardReferral.objects.get()
    assert (onward.person, onward.service, onward.status) == (mother, choir, "sent")
    assert (onward.given_by, onward.given_how) == ("person", "face_to_face")
    decided = directed.decisions.get()
    assert (decided.went_to, decided.message) == ("Choir", "She goes to Choir.")


def test_the_way_to_a_service_asks_which(in_triage, mother, access_worker):
    with pytest.raises(NotPossible, match="Choose the service"):
        direct(in_triage, by=access_worker, now=LATER, route="service", person=mother, **FACTS)

    assert not OnwardReferral.objects.exists()


def test_the_clocks_stop_and_telling_the_family_is_owed(in_triage, mother, access_worker, practitioner):
    directed = direct(in_triage, by=access_worker, now=LATER, route="lac", person=mother, **FACTS)

    assert [each.code for each in directed.deadlines.open()] == ["D_OUTCOME"]
    assert Notice.objects.filter(to=practitioner, title="Your referral has been decided").count() == 1


def test_level_three_gets_a_second_pair_of_eyes(in_triage, mother, access_worker):
    directed = direct(
        in_triage, by=access_worker, now=LATER, route="lac", person=mother, **FACTS | {"level_of_need": 3}
    )

    assert directed.needs_second_look


@pytest.mark.parametrize(
    "without",
    [{"agreed": False}, {"agreement": " "}, {"route": "nowhere"}, {"level_of_need": 4}, {"words": "x" * 601}],
)
def test_nobody_is_sent_on_without_their_yes_or_to_nowhere(in_triage, mother, access_worker, without):
    facts = {"route": "lac", "person": mother} | FACTS | without
    with pytest.raises(NotPossible):
        direct(in_triage, by=access_worker, now=LATER, **facts)

    in_triage.refresh_from_db()
    assert in_triage.status == Status.IN_TRIAGE
    assert not Introduction.objects.exists()


def test_a_stranger_to_the_family_is_not_sent_anywhere(in_triage, access_worker):
    with pytest.raises(NotPossible, match="of this family"):
        direct(in_triage, by=access_worker, now=LATER, route="lac", person=PersonFactory(), **FACTS)

    assert not Introduction.objects.exists()


@pytest.mark.parametrize("code", sorted(ROUTES))
def test_whoever_must_stay_hidden_is_rung_and_sent_nowhere(mother, access_worker, code):
    MemberFactory(family=FamilyFactory(restricted=True), person=mother)
    ask = Ask(mother, words="w", reach="r", agreement="yes")

    with pytest.raises(NotPossible, match="protected"):
        take(code, ask, by=access_worker, now=LATER)


def test_somebody_whom_a_coordinator_knows_already_is_not_introduced_twice(in_triage, mother, access_worker):
    take("lac", Ask(mother, words="w", reach="r", agreement="yes"), by=access_worker, now=MONDAY)

    with pytest.raises(NotPossible, match="introduced already"):
        direct(in_triage, by=access_worker, now=LATER, route="lac", person=mother, **FACTS)

    assert Introduction.objects.count() == 1


@pytest.mark.parametrize("who", ["practitioner", "chair", "worker"])
def test_only_eh_access_directs(request, in_triage, mother, who):
    with pytest.raises(PermissionDenied):
        direct(in_triage, by=request.getfixturevalue(who), now=LATER, route="lac", person=mother, **FACTS)

    assert Referral.objects.get(pk=in_triage.pk).status == Status.IN_TRIAGE


def test_what_is_decided_already_is_not_directed(in_triage, mother, access_worker):
    direct(in_triage, by=access_worker, now=LATER, route="lac", person=mother, **FACTS)

    with pytest.raises(NotPossible):
        direct(in_triage, by=access_worker, now=LATER, route="first_contact_plus", person=mother, **FACTS)

    assert not Contact.objects.exists()


def test_the_page_directs_and_the_referrer_reads_where_to(client, in_triage, mother, access_worker, practitioner):
    client.force_login(access_worker)
    page = reverse("referrals:move", args=[in_triage.reference, "direct"])
    assert " checked" not in client.get(page).content.decode()
    typed = FACTS | {"route": "lac", "person": mother.pk, "agreed": "yes", "asked_how": "phone", "family_told": "yes"}
    assert client.post(page, typed | {"agreed": "no"}).status_code == 422

    client.post(page, typed)

    client.force_login(practitioner)
    shown = client.get(in_triage.get_absolute_url()).content.decode()
    assert "A local area coordinator" in shown
    assert Introduction.objects.get().reference not in shown


def test_the_api_directs(in_triage, mother, access_worker):
    typed = FACTS | {"route": "first_contact_plus", "person": str(mother.pk), "asked_how": "phone", "family_told": True}

    sent = api_of(access_worker).post(f"/api/referrals/{in_triage.reference}/direct/", typed, format="json")

    assert sent.status_code == 200, sent.content
    assert sent.json()["status"] == "directed"
    assert Contact.objects.get().received_at <= timezone.now()
