"""What is read by people who do not open the family's record names nobody of it (domain.md 5, 16)."""

import pytest
from django.utils import timezone

from hubs.models import HubDecision
from tests.factories import MemberFactory, PersonFactory
from tests.hubs.factories import MeetingFactory

NOW = timezone.now()


@pytest.fixture
def meeting(hub, chair, members):
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))


@pytest.fixture
def zebedee(item):
    """Of the family that is decided on."""
    return MemberFactory(family=item.case.family, person=PersonFactory(first_name="Zebedee", last_name="Harlow")).person


def signposted(client, item, **said):
    url = item.get_absolute_url()
    token = client.get(url).context["form"]["token"].value()
    return client.post(url, {"token": token, "rationale": "Zebedee asked.", "decision": "signpost"} | said)


@pytest.mark.parametrize("name", ["Zebedee", "zebedee’s", "HARLOW"])
@pytest.mark.parametrize("asked", ["message", "where"])
def test_the_referrer_reads_no_name_of_the_family(sign_in, item, chair, zebedee, asked, name):
    said = {"where": "The library", asked: f"Tell {name} of it."}
    refused = signposted(sign_in(chair), item, **said)
    assert refused.status_code == 422
    assert "Take out" in refused.content.decode()
    assert not HubDecision.objects.exists()


def test_what_seems_to_be_somebody_else_gives_pause_and_is_no_dead_end(sign_in, item, chair, zebedee):
    client, said = sign_in(chair), {"where": "The library", "message": "Ask for Mrs Featherstone there."}
    refused = signposted(client, item, **said)
    assert refused.status_code == 422
    assert "“Mrs Featherstone”" in refused.content.decode()
    assert 'name="despite"' in refused.content.decode()
    assert not HubDecision.objects.exists()

    assert signposted(client, item, **said, despite="She is the librarian.").status_code == 302
    assert HubDecision.objects.get().rationale == "Zebedee asked."  # what is read inside may name them


def test_a_family_that_is_called_like_the_place_does_not_keep_the_place_from_being_named(sign_in, item, chair, melton):
    MemberFactory(family=item.case.family, person=PersonFactory(first_name="Ada", last_name="Melton"))
    said = {"where": "The library in Melton"}
    assert signposted(sign_in(chair), item, **said).status_code == 422
    assert signposted(sign_in(chair), item, **said, despite="It is the town.").status_code == 302


def test_what_is_missing_in_a_place_is_counted_without_a_name(sign_in, item, chair, worker, zebedee):
    url, client = item.get_absolute_url(), sign_in(chair)
    type(item.case).objects.filter(pk=item.case_id).update(level_of_need=1)
    page = client.get(url)
    sent = {
        "token": page.context["form"]["token"].value(),
        "rationale": "Near.",
        "decision": "allocate-2",
        "worker": worker.pk,
        "recommended": page.context["form"]["recommended"].value(),
        "preference": "asked",
        "preference_note": "Near.",
        "missing_need": "autism",
        "missing_provision": "A group for Zebedee",
    }
    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"missing_provision": "A group for teenagers"}).status_code == 302
    assert HubDecision.objects.get().gaps.get().note == "A group for teenagers"


def test_a_word_that_is_also_a_name_may_stand_there_as_a_word(sign_in, item, chair):
    MemberFactory(family=item.case.family, person=PersonFactory(first_name="May", last_name="Will"))
    said = {"where": "The library", "message": "It may help, and will be free."}
    assert signposted(sign_in(chair), item, **said).status_code == 302
