"""A person says who may be told what. It is never edited, takes effect at once, and is asked of whoever decides."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from earlyhelp.cases.models import TeamMember
from earlyhelp.directory.models import Organisation
from earlyhelp.directory.services import onward as onwards
from earlyhelp.sharing.enums import Purpose, Say
from earlyhelp.sharing.models import Permission
from earlyhelp.sharing.queries import can_share
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, AgencyFactory, ServiceFactory, UserFactory
from tests.families.pages import sent

LATER = MONDAY + timedelta(days=1)


def answer(person, agency, purpose=Purpose.HELP, now=LATER):
    return can_share(person, agency, purpose, now=now)


def test_what_dana_says_of_the_school_counts_at_once_and_stays_below_what_she_says_next(dana, school, says):
    given = says(dana, "given")
    assert (answer(dana, school).say, answer(dana, school).permission) == (Say.ALLOW, given.pk)

    says(dana, "withdrawn", now=LATER)

    assert answer(dana, school).say == Say.DENY
    assert [each.wish for each in dana.permissions.order_by("pk")] == ["given", "withdrawn"]


def test_it_is_one_query(dana, robin, school, says, django_assert_num_queries):
    says(dana, "given")
    says(robin, "given", given_by="parent", parent=dana)
    for person in (dana, robin):
        with django_assert_num_queries(1):
            assert answer(person, school, Purpose.REFERRAL).allows


def test_no_answer_is_ever_altered_or_taken_away(dana, says):
    said = says(dana, "given")
    for spoil in (
        lambda: Permission.objects.filter(pk=said.pk).update(wish="refused"),
        lambda: Permission.objects.filter(pk=said.pk).delete(),
    ):
        with pytest.raises(InternalError, match="sharing_permission"), transaction.atomic():
            spoil()

    assert Permission.objects.get().wish == "given"


def test_a_wish_about_a_kind_of_agency_reaches_each_of_that_kind_and_no_other(dana, school, says):
    says(dana, "given", whom="kind", kind="school", agency=None)

    assert answer(dana, AgencyFactory(kind="school")).say == Say.ALLOW
    assert answer(dana, AgencyFactory(kind="police")).say == Say.ASK


def test_a_wish_about_the_team_reaches_an_agency_for_as_long_as_it_is_on_it(dana, led_case, school, says):
    says(dana, "given", whom="team", agency=None)
    assert answer(dana, school).say == Say.ASK

    user = UserFactory(agency=school)
    member = TeamMember.objects.create(case=led_case, user=user, agency=school, role="member", from_at=MONDAY)
    assert answer(dana, school).say == Say.ALLOW

    member.until_at = LATER
    member.save()
    assert answer(dana, school).say == Say.ASK


def test_the_wish_about_the_team_ends_with_the_case(dana, led_case, school, says):
    says(dana, "given", whom="team", agency=None)
    TeamMember.objects.create(
        case=led_case, user=UserFactory(agency=school), agency=school, role="member", from_at=MONDAY
    )
    led_case.status, led_case.closed_on, led_case.end_reason = "closed", MONDAY.date(), "outcomes_met"
    led_case.save()

    assert answer(dana, school).say == Say.ASK


def test_parents_who_differ_are_asked_together(dana, joe, robin, school, says):
    says(robin, "given", given_by="parent", parent=dana)
    says(robin, "refused", given_by="parent", parent=joe, now=LATER)

    found = answer(robin, school)
    assert found.say == Say.ASK
    assert "Dana Grant said yes" in found.why
    assert "Joe Grant said no" in found.why


def test_a_parents_answer_is_refused_for_somebody_of_sixteen(robin, dana, says):
    robin.born_on = "2009-05-20"
    robin.save()
    with pytest.raises(NotPossible, match="decide themselves"):
        says(robin, "given", given_by="parent", parent=dana)
    assert not Permission.objects.exists()

    assert says(robin, "given", given_by="parent", parent=dana, capacity_note="Found on 1 March by Dr Ode.").pk


def test_the_database_refuses_it_too(robin, dana, worker, school):
    said = {
        "person": robin,
        "whom": "agency",
        "agency": school,
        "wish": "given",
        "how": "phone",
        "at": MONDAY,
        "by": worker,
    }
    with pytest.raises(IntegrityError, match="permission_from_16_their_own"), transaction.atomic():
        Permission.objects.create(**said, given_by="parent", parent=dana, years=16)

    assert not Permission.objects.exists()


def test_only_a_parent_who_holds_responsibility_answers_for_a_child(robin, worker, says):
    with pytest.raises(NotPossible, match="parental responsibility"):
        says(robin, "given", given_by="parent", parent=robin)

    assert not Permission.objects.exists()


def test_whoever_decides_for_somebody_says_how_that_was_found(dana, says):
    with pytest.raises(NotPossible, match="cannot decide this"):
        says(dana, "given", given_by="decider")

    assert not Permission.objects.exists()


def test_nothing_is_taken_back_that_was_not_given(dana, says):
    with pytest.raises(NotPossible, match="record a no"):
        says(dana, "withdrawn")
    says(dana, "refused")
    with pytest.raises(NotPossible, match="record a no"):
        says(dana, "withdrawn", now=LATER)

    assert Permission.objects.count() == 1


def test_a_yes_ends_on_its_day(dana, school, says):
    says(dana, "given", until_on=LATER.date())

    assert answer(dana, school).say == Say.ALLOW
    assert answer(dana, school, now=LATER + timedelta(days=1)).say == Say.ASK


# --- beside a referral's own yes --------------------------------------------------------------------------------------


@pytest.fixture
def society(county):
    agency = AgencyFactory(name="Example Society", kind="voluntary")
    return Organisation.objects.create(name="Example Society", agency=agency)


@pytest.fixture
def referred(dana, worker, society):
    service = ServiceFactory(organisation=society, name="Befriending", email="befriending@example.org")
    yes = {"given_by": "person", "how": "phone", "limits": "Do not ring my mother."}
    return onwards.offer(person=dana, service=service, by=worker, now=MONDAY, why="Company.", **yes)


def test_a_referrals_own_yes_counts_for_referring_and_for_nothing_else(dana, society, referred):
    found = answer(dana, society.agency, Purpose.REFERRAL)

    assert (found.say, found.record) == (Say.ALLOW_WITH_LIMITS, referred.reference)
    assert "Do not ring my mother." in found.why
    assert answer(dana, society.agency).say == Say.ASK


def test_a_no_to_the_agency_withdraws_what_is_open_there_and_nothing_elsewhere(dana, worker, society, referred, says):
    elsewhere = ServiceFactory(name="Bereavement", email="bereavement@example.org")
    other = onwards.offer(
        person=dana, service=elsewhere, by=worker, now=MONDAY, why="Talk.", given_by="person", how="phone"
    )
    says(dana, "refused", agency=society.agency, now=LATER)

    referred.refresh_from_db()
    other.refresh_from_db()
    assert (referred.status, other.status) == ("withdrawn", "sent")
    assert answer(dana, society.agency, Purpose.REFERRAL).say == Say.DENY


def test_a_yes_to_one_service_after_a_no_to_its_agency_counts(dana, worker, society, says):
    says(dana, "refused", agency=society.agency)
    service = ServiceFactory(organisation=society, email="befriending@example.org")
    onward = onwards.offer(
        person=dana, service=service, by=worker, now=LATER, why="Company.", given_by="person", how="phone"
    )

    assert onward.status == "sent"


# --- on the case, and on the home page --------------------------------------------------------------------------------


@pytest.fixture
def tess(led_case, school):
    tess = UserFactory(first_name="Tess", last_name="Marlow", agency=school)
    TeamMember.objects.create(case=led_case, user=tess, agency=school, role="member", from_at=MONDAY)
    return tess


def test_whoever_leads_reads_whom_of_the_team_to_talk_to_and_nobody_is_taken_off_it(
    dana, worker, led_case, tess, says, signed_in
):
    case = f"/cases/{led_case.reference}/"
    client = signed_in(worker)
    assert "Tess Marlow" not in client.get("/").content.decode()
    says(dana, "given")
    assert "does not want everybody on the team to be told" not in client.get(case).content.decode()

    says(dana, "withdrawn", now=LATER)

    page = client.get(case).content.decode()
    assert "does not want everybody on the team to be told" in page
    assert "Tess Marlow (Riverside Primary)" in page
    assert (
        f"Talk to those of the team whom the family does not want told: {led_case.reference}"
        in client.get("/").content.decode()
    )
    assert led_case.team.filter(user=tess, until_at=None).exists()

    says(dana, "given", now=LATER + timedelta(days=1))
    assert "does not want everybody on the team to be told" not in client.get(case).content.decode()


def test_at_sixteen_whoever_leads_is_told_to_ask_them_themselves(dana, robin, worker, says, signed_in):
    says(robin, "given", given_by="parent", parent=dana)
    client = signed_in(worker)
    line = "Robin is 16 now: ask them themselves who may be told"
    assert line not in client.get("/").content.decode()

    today = timezone.localdate()
    robin.born_on = today.replace(year=today.year - 16) - timedelta(days=1)
    robin.save()
    assert line in client.get("/").content.decode()

    says(robin, "given", now=timezone.now())
    assert line not in client.get("/").content.decode()


# --- pages ------------------------------------------------------------------------------------------------------------


def wish(person, **more):
    said = {"person": person.pk, "whom": "team", "wish": "given", "given_by": "person", "how": "phone"}
    return sent(**said | more)


def test_a_worker_writes_a_wish_down_and_reads_it_there(dana, family, worker, school, signed_in):
    client, url = signed_in(worker), f"/families/{family.reference}/sharing/"
    said = wish(dana, whom="agency", agency=school.pk, wish="limited", limits="Nothing about my health.")
    assert client.post(f"{url}wish/", said).url == url

    page = client.get(url).content.decode()
    assert "Yes, with limits" in page
    assert "<strong>Riverside Primary</strong>" in page
    assert "Nothing about my health." in page
    assert "Riverside Primary" in client.get(f"{family.cases.get().get_absolute_url()}sharing/").content.decode()


def test_no_answer_is_chosen_for_anybody(dana, family, worker, signed_in):
    assert " checked" not in signed_in(worker).get(f"/families/{family.reference}/sharing/wish/").content.decode()


def test_may_we_is_answered_in_words_and_writes_nothing_down(dana, family, worker, school, says, signed_in):
    says(dana, "refused")
    url = f"/families/{family.reference}/sharing/may-we/"
    asked = {"person": dana.pk, "agency": school.pk}

    assert (
        "They themselves said no on 2 March 2026."
        in signed_in(worker).get(url, asked | {"purpose": "help"}).content.decode()
    )
    page = signed_in(worker).get(url, asked | {"purpose": "safeguarding"}).content.decode()
    assert "No permission is needed for this." in page
    assert not dana.disclosures.exists()


def test_a_person_of_another_family_is_no_answer_to_the_question(dana, family, worker, school, signed_in):
    other = AgencyFactory()
    url = f"/families/{family.reference}/sharing/may-we/"
    page = signed_in(worker).get(url, {"person": 999999, "agency": other.pk, "purpose": "help"}).content.decode()

    assert "govuk-inset-text" not in page


@pytest.mark.parametrize("who", ["chair", "manager"])
def test_whoever_only_reads_the_family_reads_wishes_and_writes_none(request, dana, family, says, signed_in, who):
    says(dana, "given")
    client = signed_in(request.getfixturevalue(who))

    assert "Riverside Primary" in client.get(f"/families/{family.reference}/sharing/").content.decode()
    assert client.post(f"/families/{family.reference}/sharing/wish/", wish(dana, wish="refused")).status_code == 404
    assert dana.permissions.count() == 1


def test_to_everybody_else_it_is_not_there(dana, family, stranger, signed_in):
    assert signed_in(stranger).get(f"/families/{family.reference}/sharing/").status_code == 404


@pytest.mark.parametrize("many", [1, 20])
def test_it_takes_as_many_queries_for_one_wish_as_for_twenty(
    dana, family, worker, says, signed_in, many, django_assert_max_num_queries
):
    for n in range(many):
        says(dana, "given", agency=AgencyFactory(), now=MONDAY + timedelta(minutes=n))
    client = signed_in(worker)
    client.get(f"/families/{family.reference}/sharing/")
    with django_assert_max_num_queries(8):
        client.get(f"/families/{family.reference}/sharing/")
