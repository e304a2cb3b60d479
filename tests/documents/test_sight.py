"""Who sees which document: through the family, and as narrowly as whoever put it there asked for."""

import re

import pytest
from django.urls import reverse

from earlyhelp.cases.models import Case
from earlyhelp.cases.services import leave_team
from earlyhelp.core.composed import Composed
from earlyhelp.core.rights import may
from earlyhelp.documents.access import DOCUMENT_RULES
from earlyhelp.documents.models import Document
from earlyhelp.families.models import Family
from tests.documents.conftest import LATER, afresh

EVERYBODY = ("worker", "colleague", "partner", "chair", "manager", "ig_lead", "stranger", "practitioner")
SEEN = {
    "family": {"worker", "colleague", "partner", "chair", "manager"},
    "agency": {"worker", "colleague", "manager"},
    "named": {"worker", "partner"},
}


@pytest.fixture
def people(request, partner, colleague):
    return {name: afresh(request.getfixturevalue(name)) for name in EVERYBODY if name != "practitioner"}


@pytest.fixture
def document_for(available, partner):
    def make(visibility):
        return available(visibility=visibility, readers=[partner], title="Zqcanaryxk")

    return make


@pytest.mark.parametrize("visibility", SEEN)
def test_it_is_seen_by_those_for_whom_it_is_meant_and_by_nobody_else(people, document_for, visibility):
    document = document_for(visibility)

    assert {name for name, user in people.items() if may(user, "view", document)} == SEEN[visibility]
    assert {name for name, user in people.items() if may(user, "open", document)} == SEEN[visibility]


@pytest.mark.parametrize("visibility", SEEN)
def test_its_title_and_that_there_is_one_are_told_to_nobody_else(client, people, document_for, led_case, visibility):
    document = document_for(visibility)
    pages = [document.get_absolute_url(), f"{led_case.get_absolute_url()}documents/"]

    for name, user in people.items():
        client.force_login(user)
        told = {url: "Zqcanaryxk" in client.get(url).content.decode() for url in pages}
        assert set(told.values()) == {name in SEEN[visibility]}, name


def test_a_page_without_a_document_and_one_with_a_hidden_document_are_the_same(client, partner, family, put):
    client.force_login(partner)
    url = reverse("documents:of_family", args=[family.reference])
    before = said(client.get(url))

    put(visibility="agency")

    assert said(client.get(url)) == before


def said(response):
    """All of a page but what is random, or tells the time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|data-seconds-left="\d+"', "", response.content.decode())


def test_of_a_restricted_family_only_the_named_see_a_document(people, document_for, led_case, family):
    Case.objects.update(restricted=True)
    Family.objects.update(restricted=True)
    document = document_for("family")

    assert {name for name, user in people.items() if may(user, "view", document)} == {"worker", "colleague", "partner"}


def test_whoever_leaves_the_team_loses_what_was_meant_for_them_by_name(led_case, worker, partner, document_for):
    document = document_for("named")
    assert may(afresh(partner), "open", document)

    leave_team(led_case.team.get(user=partner), by=worker, now=LATER, reason="Another job.")

    assert not may(afresh(partner), "view", document)


def test_it_is_corrected_by_its_sender_and_their_colleagues_and_withdrawn_by_all_who_keep_the_record(
    people, document_for
):
    document = document_for("family")

    assert {name for name, user in people.items() if may(user, "change", document)} == {"worker", "colleague"}
    keepers = {name for name, user in people.items() if may(user, "withdraw", document)}
    assert keepers == {"worker", "colleague", "partner"}


def test_only_the_governance_lead_of_the_place_governs_and_never_their_own(people, held, ig_lead):
    document = held()
    assert {name for name, user in people.items() if may(user, "govern", document)} == {"ig_lead"}

    Document.objects.filter(pk=document.pk).update(uploaded_by=ig_lead)
    assert not may(afresh(ig_lead), "govern", document)


def test_the_rules_are_the_same_composed_once_for_everybody(people, document_for, held):
    for visibility in SEEN:
        document_for(visibility)
    held()
    asked = Composed(lambda user, action: Document.objects.for_user(user, action).order_by("pk"))

    for name, user in people.items():
        for action in DOCUMENT_RULES:
            assert asked(user, action) == list(Document.objects.for_user(user, action).order_by("pk")), (name, action)


def test_twenty_documents_take_as_many_queries_as_one(client, put, worker, family, django_assert_max_num_queries):
    client.force_login(worker)
    url = reverse("documents:of_family", args=[family.reference])
    put(about=[family.people.first()])
    client.get(url)
    with django_assert_max_num_queries(7) as one:
        client.get(url)
    for _ in range(19):
        put(about=[family.people.first()])

    with django_assert_max_num_queries(len(one)):
        assert client.get(url).content.decode().count("About Robin Grant") == 20
