import re
import uuid

import pytest
from django.utils.html import strip_tags

from earlyhelp.audit.models import Access
from lac.models import Introduction
from tests.factories import ServiceFactory, secret_home
from tests.lac.factories import ConnectionFactory, ConversationFactory, IntroductionFactory, VisionFactory

HOME = "/people-alongside/"
NOT_HERE = re.compile(r"\b(case|cases|client|assessment|risk|tier|closed|LAC)\b", re.IGNORECASE)


def sent(**fields):
    return {"token": str(uuid.uuid4())} | fields


def own_words(response):
    """The page's own content, without the frame that every page has."""
    html = response.content.decode()
    return strip_tags(
        html[html.index('<div class="govuk-width-container">\n    ') : html.index('<footer class="eh-footer"')]
    )


@pytest.fixture
def luke(melton, dele, practitioner):
    """In conversation, with something of everything."""
    introduction = IntroductionFactory(
        area=melton, coordinator=dele, status="in_conversation", introduced_by=practitioner
    )
    VisionFactory(introduction=introduction)
    ConversationFactory(introduction=introduction, recorded_by=dele)
    ConnectionFactory(introduction=introduction)
    introduction.contributions.create(
        on="2026-03-02", kind="skill", text="Fixes bikes.", recorded_by=dele, recorded_at=introduction.received_at
    )
    introduction.avoided.create(
        service="Day centre", basis="She asked for it.", recorded_by=dele, recorded_at=introduction.received_at
    )
    return introduction


def urls_of(introduction):
    one = f"{HOME}{introduction.reference}/"
    connection = introduction.connections.first()
    return [
        one,
        f"{one}conversations/",
        f"{one}vision/",
        f"{one}vision/write/",
        f"{one}connections/{connection.pk}/",
        *(f"{one}add/{what}/" for what in ("conversation", "connection", "contribution", "avoided")),
        f"{one}do/level_1/",
        f"{one}do/move_on/",
    ]


def test_somebody_is_introduced_in_two_minutes_without_a_diagnosis(practitioner, dele, melton, signed_in):
    client = signed_in(practitioner)
    page = client.get(f"{HOME}introduce/")
    assert "No diagnosis" in page.content.decode()
    assert "checked" not in page.content.decode()
    assert set(page.context["form"].fields) == {
        "token",
        "first_name",
        "last_name",
        "born_on",
        "area",
        "hopes",
        "how_to_reach",
        "source",
        "agreed",
    }

    response = client.post(
        f"{HOME}introduce/",
        sent(
            first_name="Luke",
            last_name="Sharma",
            area=melton.pk,
            hopes="Mates and a wage.",
            how_to_reach="Text.",
            source="jobcentre",
            agreed="on",
        ),
    )
    assert response.url == f"{HOME}introduced/"
    assert Introduction.objects.get().introduced_by == practitioner


def test_without_their_agreement_nobody_is_introduced(practitioner, melton, signed_in):
    response = signed_in(practitioner).post(
        f"{HOME}introduce/",
        sent(first_name="Luke", last_name="Sharma", area=melton.pk, hopes="Mates.", how_to_reach="Text.", source="gp"),
    )
    assert "Ask them first" in response.content.decode()
    assert not Introduction.objects.exists()


def test_whoever_introduced_somebody_sees_that_it_arrived_and_no_more(luke, practitioner, signed_in):
    page = own_words(signed_in(practitioner).get(f"{HOME}introduced/"))

    assert "In touch" in page
    assert "In conversation" not in page
    assert "bicycles" not in page
    assert signed_in(practitioner).get(f"{HOME}{luke.reference}/").status_code == 404


def test_the_persons_own_words_come_first(luke, dele, signed_in):
    page = own_words(signed_in(dele).get(f"{HOME}{luke.reference}/"))

    places = [page.index(text) for text in ("I want mates and a wage.", "Fixes bikes.", "Coffee morning")]
    assert places == sorted(places)
    assert "bicycles" not in page
    assert "bicycles" in own_words(signed_in(dele).get(f"{HOME}{luke.reference}/conversations/"))


def test_these_pages_do_not_speak_like_a_case_system(luke, dele, lac_lead, signed_in):
    for user in (dele, lac_lead):
        for url in [HOME, f"{HOME}introduce/", f"{HOME}introduced/", *urls_of(luke)]:
            assert not (found := NOT_HERE.search(own_words(signed_in(user).get(url)))), (url, found)


def test_a_copy_of_the_vision_is_theirs_to_keep(luke, dele, signed_in):
    page = own_words(signed_in(dele).get(f"{HOME}{luke.reference}/vision/"))

    assert "My good life" in page
    assert "I want mates and a wage." in page
    assert "bicycles" not in page


def test_two_who_write_the_vision_at_once_both_see_both(luke, dele, signed_in):
    url = f"{HOME}{luke.reference}/vision/write/"
    assert signed_in(dele).get(url).context["form"]["vision"].value() == "I want mates and a wage."
    signed_in(dele).post(url, {"version": 1, "vision": "Mates, a wage and a dog."})
    response = signed_in(dele).post(url, {"version": 1, "vision": "A boat."})

    text = response.content.decode()
    assert response.status_code == 409
    assert "and a dog" in text
    assert "A boat." in text
    assert luke.visions.count() == 2


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("conversation", {"on": "2026-03-01", "where": "A bench", "note": "Dogs."}),
        ("connection", {"on": "2026-03-01", "kind": "place", "name": "The library", "accompanied": "yes"}),
        ("contribution", {"on": "2026-03-01", "kind": "friendship", "text": "Rings a neighbour."}),
        ("avoided", {"service": "Day centre", "basis": "Asked for it at first."}),
    ],
)
def test_one_more_thing_is_written_down_once_however_often_it_is_sent(luke, dele, signed_in, what, fields):
    rows = {
        "conversation": luke.conversations,
        "connection": luke.connections,
        "contribution": luke.contributions,
        "avoided": luke.avoided,
    }[what]
    before, once = rows.count(), sent(**fields)
    for _ in range(2):
        assert signed_in(dele).post(f"{HOME}{luke.reference}/add/{what}/", once).status_code == 302
    assert rows.count() == before + 1


def test_a_service_is_chosen_only_where_the_connection_is_to_a_service(luke, dele, signed_in):
    service = ServiceFactory()
    url = f"{HOME}{luke.reference}/add/connection/"
    signed_in(dele).post(
        url, sent(on="2026-03-01", kind="service", service=service.pk, name="A course", accompanied="no")
    )
    signed_in(dele).post(url, sent(on="2026-03-01", kind="place", service=service.pk, name="A park", accompanied="no"))

    assert luke.connections.get(name="A course").service == service
    assert luke.connections.get(name="A park").service is None


def test_what_a_person_may_do_next_is_offered_and_done(luke, dele, signed_in):
    page = signed_in(dele).get(f"{HOME}{luke.reference}/")
    assert f"{HOME}{luke.reference}/do/level_2/" in page.content.decode()
    assert f"{HOME}{luke.reference}/do/make_contact/" not in page.content.decode()

    signed_in(dele).post(f"{HOME}{luke.reference}/do/level_2/", {"reason": "Would like company."})
    luke.refresh_from_db()
    assert luke.status == "level_2"


def test_what_is_no_longer_possible_is_told_and_nothing_typed_is_lost(luke, dele, signed_in):
    response = signed_in(dele).post(f"{HOME}{luke.reference}/do/make_contact/", {"how": "I rang on Tuesday."})

    assert response.status_code == 409
    assert "no longer possible" in response.content.decode()
    assert "I rang on Tuesday." in response.content.decode()


def test_out_of_sight_is_as_if_it_were_not_there(luke, priya, chair, worker, practitioner, access_worker, signed_in):
    for user in (priya, chair, worker, practitioner, access_worker):
        for url in urls_of(luke):
            assert signed_in(user).get(url).status_code == 404, (user, url)
            assert signed_in(user).post(url, {}).status_code in (404, 405), (user, url)
    assert not Access.objects.exists()


def test_every_look_is_written_down(luke, dele, signed_in):
    for url in urls_of(luke):
        before = Access.objects.count()
        assert signed_in(dele).get(url).status_code == 200, url
        assert Access.objects.count() == before + 1, url


def test_the_list_is_for_coordinators(chair, worker, dele, signed_in):
    assert signed_in(chair).get(HOME).status_code == signed_in(worker).get(HOME).status_code == 403
    assert signed_in(dele).get(HOME).status_code == 200


def test_the_list_is_found_by_name_and_by_where_people_are(luke, gwen, dele, signed_in):
    def shown(**query):
        return {row.reference for row in signed_in(dele).get(HOME, query).context["page"].object_list}

    assert shown() == {luke.reference, gwen.reference}
    assert shown(where="waiting") == {gwen.reference}
    assert shown(q="harl") == {gwen.reference}
    assert shown(mine="on") == {luke.reference}
    assert shown(where="elsewhere") == set()


def test_more_than_about_sixty_is_said_and_bars_nobody(dele, melton, signed_in):
    IntroductionFactory.create_batch(61, area=melton, coordinator=dele, status="level_2")
    page = own_words(signed_in(dele).get(HOME))

    assert "61" in page
    assert "more than about 60" in page


@pytest.mark.parametrize("path", ["", "introduced/"])
def test_a_list_of_twenty_takes_as_many_queries_as_one_of_one(
    path, gwen, dele, melton, signed_in, django_assert_max_num_queries
):
    user = dele if not path else gwen.introduced_by
    client = signed_in(user)
    client.get(f"{HOME}{path}")
    IntroductionFactory.create_batch(19, area=melton, introduced_by=gwen.introduced_by, coordinator=dele)
    with django_assert_max_num_queries(5):
        assert len(client.get(f"{HOME}{path}").context["page"].object_list) == 20


@pytest.mark.parametrize("path", ["", "conversations/"])
def test_a_person_takes_seven_queries_however_much_was_said(luke, dele, signed_in, path, django_assert_max_num_queries):
    client, url = signed_in(dele), f"{HOME}{luke.reference}/{path}"
    client.get(url)
    ConversationFactory.create_batch(20, introduction=luke)
    ConnectionFactory.create_batch(20, introduction=luke)
    with django_assert_max_num_queries(7):
        client.get(url)


@pytest.mark.parametrize("page", ["", "conversations/"])
def test_a_persons_page_does_not_look_like_a_case(signed_in, dele, luke, page):
    """Domain.md 12.2: a name and a sentence; no box of facts, no menu of actions."""
    text = signed_in(dele).get(f"{HOME}{luke.reference}/{page}").text
    main = text.partition('class="govuk-back-link"')[2]
    for sign in ("eh-identity", "moj-button-menu", "govuk-tag", ">Actions<"):
        assert sign not in main
    assert f"{luke.person.name}</h1>" in main


@pytest.mark.parametrize("hides", [True, False])
def test_the_telephone_of_whoever_hides_goes_with_the_address(luke, dele, signed_in, hides):
    type(luke.person).objects.filter(pk=luke.person.pk).update(phone="01632 960 111", area=luke.area)
    if hides:
        secret_home(luke.person, line_1="9 Elm Close", postcode="LE9 9ZZ")
    page = signed_in(dele).get(f"{HOME}{luke.reference}/")

    assert page.context["introduction"].may_see_person
    assert ("01632 960 111" in page.text) is not hides
    assert ("kept with the secret address" in page.text) is hides
