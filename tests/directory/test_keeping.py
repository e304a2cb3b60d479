"""The directory is kept true by First Contact and the administrators, and by whoever finds a fault and says so."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.directory import todo
from earlyhelp.directory.models import Organisation, Service, ServiceCorrection
from earlyhelp.directory.services import keeping
from earlyhelp.directory.transitions import service as deeds
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible, Stale
from tests.factories import MONDAY, AgencyFactory, PostFactory, ServiceFactory

URL = "/services/"
ADD = "/services/add/"
LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def admin(county):
    return PostFactory(role=Role.SYSTEM_ADMIN, area=county).user


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def correction(befriending, provider, adviser):
    return keeping.propose_correction(befriending, by=provider, now=MONDAY, text="The number ends in 8 now.")


def facts(**more):
    given = {"name": "The shed", "description": "Mending together.", "needs": ["connection"], "cost": "Free"}
    return given | more


def typed(**more):
    return facts(token=str(uuid.uuid4()), organisation="Men in Sheds") | more


def add(by, **more):
    return keeping.add_service(
        by=by, now=MONDAY, organisation=more.pop("organisation", "Men in Sheds"), **facts(**more)
    )


# --- adding ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keeper", ["admin", "adviser"])
def test_those_who_keep_it_add_a_service_and_it_counts_as_checked(keeper, request, signed_in, melton):
    who = request.getfixturevalue(keeper)

    response = signed_in(who).post(ADD, typed(areas=[melton.pk], phone="01632 960 111", min_age="50"))

    service = Service.objects.get()
    assert response.url == service.get_absolute_url()
    assert (service.organisation.name, service.min_age, service.assured_on) == (
        "Men in Sheds",
        50,
        timezone.localdate(),
    )
    assert list(service.areas.all()) == [melton]
    assert Event.objects.get(subject="directory.service").actor == who


@pytest.mark.parametrize("other", ["practitioner", "provider", "manager", "access_worker"])
def test_nobody_else_adds_changes_or_withdraws_one(other, request, signed_in, befriending):
    client = signed_in(request.getfixturevalue(other))
    url = befriending.get_absolute_url()

    assert client.get(ADD).status_code == client.post(ADD, typed()).status_code == 403
    for page in ("change/", "do/say_checked/", "do/withdraw/", "do/bring_back/"):
        assert client.get(url + page).status_code == 404
        assert client.post(url + page, facts(version=1, reason="x")).status_code == 404

    befriending.refresh_from_db()
    assert (Service.objects.count(), befriending.name, befriending.status) == (1, "Befriending", "active")
    assert not Event.objects.filter(subject="directory.service").exists()


def test_nor_by_asking_the_service_itself(practitioner, befriending):
    with pytest.raises(PermissionDenied):
        add(practitioner)
    with pytest.raises(PermissionDenied):
        keeping.edit_service(befriending, by=practitioner, now=MONDAY, version=1, name="Mine", areas=[])
    with pytest.raises(PermissionDenied):
        deeds.withdraw(befriending, by=practitioner, now=MONDAY, reason="No.")

    assert [each.name for each in Service.objects.live()] == ["Befriending"]


def test_the_buttons_are_for_those_who_keep_it(signed_in, practitioner, adviser, befriending):
    for_others = signed_in(practitioner).get(befriending.get_absolute_url()).content.decode()
    for_keepers = signed_in(adviser).get(befriending.get_absolute_url()).content.decode()

    for words in ("Checked today", "Withdraw it", befriending.email):
        assert words in for_keepers
        assert words not in for_others
    assert "Add a service" in signed_in(adviser).get(URL).content.decode()
    assert "Add a service" not in signed_in(practitioner).get(URL).content.decode()


def test_an_organisation_that_is_there_is_used_however_it_is_typed(adviser, society):
    assert add(adviser, organisation="example society").organisation == society
    assert Organisation.objects.count() == 1


def test_a_new_one_that_is_an_agency_of_the_partnership_answers_with_its_accounts(adviser):
    agency = AgencyFactory(name="Age Concern Example", kind="voluntary")

    assert add(adviser, organisation="age concern example").organisation.agency == agency
    assert add(adviser, organisation="Somebody else").organisation.agency is None


def test_the_same_name_twice_in_one_organisation_is_said_beside_the_name(signed_in, adviser):
    add(adviser)

    response = signed_in(adviser).post(ADD, typed(name="the SHED"))

    assert response.status_code == 409
    assert "name" in response.context["form"].errors
    assert Service.objects.count() == 1


def test_a_double_click_adds_one(signed_in, adviser):
    client, once = signed_in(adviser), typed()

    assert client.post(ADD, once).url == client.post(ADD, once).url
    assert Service.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"min_age": "60", "max_age": "18"}, "max_age"),
        ({"min_age": "old"}, "min_age"),
        ({"needs": []}, "needs"),
        ({"needs": ["nonsense"]}, "needs"),
        ({"email": "nobody"}, "email"),
        ({"phone": "123"}, "phone"),
        ({"areas": ["0"]}, "areas"),
        ({"organisation": ""}, "organisation"),
        ({"name": "\x00"}, "name"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_added(signed_in, adviser, wrong, beside):
    response = signed_in(adviser).post(ADD, typed(**wrong))

    assert response.status_code == 422
    assert beside in response.context["form"].errors
    assert not Service.objects.exists()


# --- changing ----------------------------------------------------------------------------------------------------------


def test_a_change_is_saved_and_is_no_check(signed_in, adviser, befriending, melton):
    url = f"{befriending.get_absolute_url()}change/"
    page = signed_in(adviser).get(url)
    assert page.context["form"]["name"].value() == "Befriending"

    signed_in(adviser).post(url, facts(name="Good company", version=1, areas=[melton.pk]))

    befriending.refresh_from_db()
    assert (befriending.name, befriending.assured_on, list(befriending.areas.all())) == ("Good company", None, [melton])
    assert befriending.history.count() >= 2


def test_a_change_with_the_box_ticked_is_a_check(adviser, befriending):
    changed = keeping.edit_service(
        befriending, by=adviser, now=MONDAY, version=1, areas=[], checked=True, **facts(name="Befriending")
    )

    assert changed.assured_on == MONDAY.date()


def test_two_who_change_it_lose_neither_text(signed_in, adviser, befriending, melton):
    befriending.areas.set([melton])
    keeping.edit_service(befriending, by=adviser, now=MONDAY, version=1, areas=[melton], **facts(name="Theirs"))

    response = signed_in(adviser).post(f"{befriending.get_absolute_url()}change/", facts(name="Mine", version=1))

    page = response.content.decode()
    assert response.status_code == 409
    assert [words for words in ("Theirs", "Mine", "Melton") if words not in page] == []
    assert "QuerySet" not in page
    assert "[&#x27;connection" not in page
    befriending.refresh_from_db()
    assert befriending.name == "Theirs"


def test_a_stale_change_is_refused_by_the_service_too(adviser, befriending):
    with pytest.raises(Stale):
        keeping.edit_service(befriending, by=adviser, now=MONDAY, version=7, areas=[], **facts())


def test_a_name_that_another_service_of_it_has_is_refused(adviser, befriending, society):
    other = ServiceFactory(organisation=society, name="Lunch")

    with pytest.raises(NotPossible, match="of that name"):
        keeping.edit_service(other, by=adviser, now=MONDAY, version=1, areas=[], **facts(name="befriending"))


# --- checking and withdrawing ------------------------------------------------------------------------------------------


def test_checked_today_is_one_click(signed_in, adviser, befriending):
    response = signed_in(adviser).post(f"{befriending.get_absolute_url()}do/say_checked/")

    befriending.refresh_from_db()
    assert (response.url, befriending.assured_on) == (befriending.get_absolute_url(), timezone.localdate())
    assert "Checked: all of it was right" in signed_in(adviser).get(response.url).content.decode()


def test_withdrawn_it_is_found_no_more_and_whoever_was_referred_stays(signed_in, adviser, practitioner, sent):
    service, status = sent.service, sent.status

    page = signed_in(adviser).get(f"{service.get_absolute_url()}do/withdraw/").content.decode()
    assert "under way: 1" in page
    signed_in(adviser).post(f"{service.get_absolute_url()}do/withdraw/", {"reason": "The grant has ended."})

    sent.refresh_from_db()
    assert (sent.status, sent.service) == (status, service)
    assert Service.objects.filter(pk=service.pk).exists()
    client = signed_in(practitioner)
    assert "Befriending" not in client.get(URL).content.decode()
    shown = client.get(service.get_absolute_url()).content.decode()
    assert "The grant has ended." in shown
    assert "Refer somebody" not in shown
    assert client.get(sent.get_absolute_url()).status_code == 200


def test_nobody_is_referred_to_a_withdrawn_one(signed_in, practitioner, gwen):
    withdrawn = ServiceFactory(withdrawn=True)

    assert signed_in(practitioner).get(f"{URL}{withdrawn.pk}/refer/{gwen.pk}/").status_code == 404


def test_without_a_reason_it_is_not_withdrawn(signed_in, adviser, befriending):
    response = signed_in(adviser).post(f"{befriending.get_absolute_url()}do/withdraw/", {"reason": " "})

    befriending.refresh_from_db()
    assert (response.status_code, befriending.status) == (422, "active")


def test_brought_back_it_has_to_be_checked_anew(adviser):
    service = ServiceFactory(withdrawn=True, assured_on=MONDAY.date())

    back = deeds.bring_back(service, by=adviser, now=LATER)

    assert (back.status, back.assured_on, back.withdrawn_because) == ("active", None, "")


def test_a_withdrawn_one_cannot_be_withdrawn_or_checked(adviser):
    service = ServiceFactory(withdrawn=True)

    for deed, said in ((deeds.withdraw, {"reason": "Again."}), (deeds.say_checked, {})):
        with pytest.raises(NotPossible):
            deed(service, by=adviser, now=LATER, **said)


@pytest.mark.parametrize(
    ("show", "found"),
    [
        ("", {"Fresh", "Old", "Never"}),
        ("check", {"Old", "Never"}),
        ("withdrawn", {"Gone"}),
        ("nonsense", {"Fresh", "Old", "Never"}),
    ],
)
def test_those_who_keep_it_find_what_waits_for_them(signed_in, adviser, show, found):
    for name, more in {
        "Fresh": {"assured_on": timezone.localdate()},
        "Old": {"assured_on": "2020-01-01"},
        "Never": {},
        "Gone": {"withdrawn": True},
    }.items():
        ServiceFactory(name=name, **more)

    page = signed_in(adviser).get(URL, {"show": show}).context["page"]

    assert {service.name for service in page.object_list} == found


def test_others_are_not_offered_what_was_withdrawn(signed_in, practitioner):
    ServiceFactory(name="Gone", withdrawn=True)

    assert list(signed_in(practitioner).get(URL, {"show": "withdrawn"}).context["page"].object_list) == []


# --- what somebody finds to be wrong -----------------------------------------------------------------------------------


def test_the_service_s_own_people_say_what_is_wrong_and_those_who_keep_it_hear(
    signed_in, provider, befriending, adviser, admin
):
    signed_in(provider).post(
        f"{befriending.get_absolute_url()}correct/", {"token": str(uuid.uuid4()), "text": "We moved to the library."}
    )

    assert ServiceCorrection.objects.get().by == provider
    assert list(Notice.objects.values_list("to", flat=True)) == [adviser.pk]
    befriending.refresh_from_db()
    assert befriending.version == 1


def test_where_there_is_no_adviser_the_administrators_hear(provider, befriending, admin):
    keeping.propose_correction(befriending, by=provider, now=MONDAY, text="We moved.")

    assert Notice.objects.get().to == admin


def test_it_stands_on_their_home_page_until_it_is_answered(correction, adviser, admin, practitioner):
    assert [line.url for line in todo.corrections(adviser, MONDAY)] == [correction.get_absolute_url()]
    assert list(todo.corrections(practitioner, MONDAY)) == []

    deeds.put_right(correction, by=admin, now=LATER)
    assert list(todo.corrections(adviser, MONDAY)) == []


@pytest.mark.parametrize(("deed", "status"), [("put_right", "done"), ("leave", "left")])
def test_answered_whoever_found_it_hears(signed_in, correction, adviser, provider, deed, status):
    url = f"/services/corrections/{correction.pk}/{deed}/"
    assert "The number ends in 8 now." in signed_in(adviser).get(url).content.decode()

    response = signed_in(adviser).post(url, {"answer": "We rang the number."})

    correction.refresh_from_db()
    assert (response.url, correction.status, correction.answered_by) == (
        correction.service.get_absolute_url(),
        status,
        adviser,
    )
    assert Notice.objects.filter(to=provider).count() == 1


def test_nobody_else_reads_or_answers_a_correction(signed_in, correction, practitioner):
    client = signed_in(practitioner)

    assert "ends in 8" not in client.get(correction.get_absolute_url()).content.decode()
    assert client.post(f"/services/corrections/{correction.pk}/leave/", {"answer": "No."}).status_code == 404
    correction.refresh_from_db()
    assert correction.status == "open"


def test_whoever_proposed_it_reads_the_answer(signed_in, correction, adviser, provider):
    deeds.leave(correction, by=adviser, now=LATER, answer="It rings on the old number too.")

    page = signed_in(provider).get(correction.get_absolute_url()).content.decode()
    assert "It rings on the old number too." in page
    assert "Leave it as it is</a>" not in page


def test_a_correction_is_answered_once(correction, adviser):
    deeds.put_right(correction, by=adviser, now=LATER)

    with pytest.raises(NotPossible):
        deeds.leave(correction, by=adviser, now=LATER, answer="No.")


def test_twenty_services_take_a_keeper_as_many_queries_as_one(
    signed_in, adviser, melton, django_assert_max_num_queries
):
    client = signed_in(adviser)
    client.get(URL)
    for service in ServiceFactory.create_batch(20):
        service.areas.set([melton])
    with django_assert_max_num_queries(6):
        client.get(URL, {"show": "check"})
    with django_assert_max_num_queries(7):
        client.get(service.get_absolute_url())
