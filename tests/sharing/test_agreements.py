"""Agencies agree on sharing before any of their people may sign in; the governance lead keeps what they agreed."""

from datetime import timedelta
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from earlyhelp.partnership.enums import AgencyKind, Role
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing import services
from earlyhelp.sharing.models import ProcessingActivity, SharingAgreement
from earlyhelp.workflow.transitions import NotPossible, Stale
from tests.factories import AgencyFactory, PostFactory, UserFactory
from tests.families.pages import sent

TODAY = timezone.localdate()
YEAR = timedelta(days=365)


@pytest.fixture
def school(db):
    return AgencyFactory(name="Riverside Primary", kind="school", agreed_until=None)


@pytest.fixture
def tess(school, melton):
    return PostFactory(user=UserFactory(agency=school), area=melton).user


@pytest.fixture
def signs(ig_lead):
    def sign(*parties, now=None, start=TODAY - timedelta(days=10), end=TODAY + YEAR, **more):
        said = {
            "title": "Early help partnership",
            "purposes": ["help"],
            "content": ["needs"],
            "basis": "Public task.",
            "signatories": "The head teacher.",
            "start_on": start,
            "review_on": end - timedelta(days=1),
            "end_on": end,
        }
        return services.sign(parties=parties, by=ig_lead, now=now or timezone.now(), **said | more)

    return sign


def signed_in_as(user):
    """What the product answers whoever comes with this person's session."""
    client = Client()
    client.force_login(user)
    return client.get("/").status_code == 200


def test_nobody_of_an_agency_without_a_live_agreement_signs_in(tess, school, signs, ig_lead):
    assert not signed_in_as(tess)

    agreement = signs(school)
    tess.agency.refresh_from_db()
    assert signed_in_as(tess)

    services.end_agreement(agreement, by=ig_lead, now=timezone.now(), because="left")
    assert not signed_in_as(tess)


def test_whoever_is_signed_in_is_stopped_at_their_next_page(tess, school, signs, ig_lead):
    agreement = signs(school)
    client = Client()
    client.force_login(tess)
    assert client.get("/").status_code == 200

    services.end_agreement(agreement, by=ig_lead, now=timezone.now(), because="breach")

    assert client.get("/").status_code == 302


def test_an_agreement_that_has_run_out_lets_nobody_in(tess, school, signs):
    signs(school, start=TODAY - YEAR, end=TODAY - timedelta(days=1))
    assert not signed_in_as(tess)

    Agency.objects.filter(pk=school.pk).update(agreed_until=TODAY)
    assert signed_in_as(tess)


def test_the_council_itself_needs_none(melton):
    council = AgencyFactory(kind=AgencyKind.COUNCIL, agreed_until=None)

    assert signed_in_as(PostFactory(user=UserFactory(agency=council), area=melton).user)


def test_whatever_is_signed_amended_and_ended_the_day_on_the_agency_is_that_of_its_agreements(signs, ig_lead):
    agencies = [AgencyFactory(kind="school", agreed_until=None) for _ in range(3)]
    dice, now = Random(7), timezone.now()
    for _ in range(40):
        parties = dice.sample(agencies, dice.randint(1, 3))
        end = TODAY + timedelta(days=dice.randint(1, 900))
        live = list(SharingAgreement.objects.in_force().order_by("pk"))
        deed = dice.choice(["sign", "amend", "end"]) if live else "sign"
        if deed == "sign":
            signs(*parties, end=end)
        elif deed == "amend":
            _amended(dice.choice(live), parties, end, ig_lead, now)
        else:
            services.end_agreement(dice.choice(live), by=ig_lead, now=now, because="other")
        for agency in agencies:
            days = [each.end_on for each in agency.agreements.in_force()]
            agency.refresh_from_db()
            assert agency.agreed_until == max(days, default=None)


def _amended(agreement, parties, end, by, now):
    days = {"start_on": TODAY, "review_on": end, "end_on": end}
    said = {name: getattr(agreement, name) for name in ("title", "purposes", "content", "basis", "signatories")}
    return services.amend(agreement, parties=parties, by=by, now=now, **said, **days)


def test_a_new_version_follows_and_the_one_before_stays_as_it_was(school, signs, ig_lead):
    first = signs(school)
    second = _amended(first, [school], TODAY + 2 * YEAR, ig_lead, timezone.now())

    first.refresh_from_db()
    assert (second.number, second.follows, first.end_on) == (2, first, TODAY + YEAR)
    with pytest.raises(Stale):
        _amended(first, [school], TODAY + YEAR, ig_lead, timezone.now())
    with pytest.raises(NotPossible):
        services.end_agreement(first, by=ig_lead, now=timezone.now(), because="left")
    assert SharingAgreement.objects.in_force().get() == second


def test_an_agreement_is_not_written_down_before_it_begins(school, signs):
    with pytest.raises(NotPossible, match="on which it begins"):
        signs(school, start=TODAY + timedelta(days=1))

    school.refresh_from_db()
    assert school.agreed_until is None


def parts(name, day):
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def test_the_governance_lead_writes_one_down_and_is_reminded_a_month_before_the_review(school, ig_lead):
    client = Client()
    client.force_login(ig_lead)
    said = {
        "title": "Schools",
        "parties": [school.pk],
        "purposes": ["help"],
        "content": ["needs"],
        "basis": "Public task.",
    }
    days = {"start_on": TODAY.isoformat(), "review_on": (TODAY + timedelta(days=29)).isoformat()}
    response = client.post(
        "/agreements/add/",
        sent(**said, **days, end_on=(TODAY + YEAR).isoformat(), signatories="The head teacher."),
    )
    assert response.status_code == 302, response.context["form"].errors

    assert "Riverside Primary" in client.get(response.url).content.decode()
    assert "Schools" in client.get("/agreements/").content.decode()
    assert "Review the agreement on sharing: Schools, version 1" in client.get("/").content.decode()


def test_it_says_nothing_of_a_review_that_is_far_off(school, signs, ig_lead):
    signs(school)
    client = Client()
    client.force_login(ig_lead)

    assert "Review the agreement" not in client.get("/").content.decode()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.EH_ACCESS, Role.SERVICE_MANAGER])
def test_nobody_else_keeps_them(role, county, school, signs):
    agreement, client = signs(school), Client()
    client.force_login(PostFactory(role=role, area=county).user)

    assert client.get("/agreements/").status_code == 403
    assert client.get(agreement.get_absolute_url()).status_code == 404
    assert client.post(f"{agreement.get_absolute_url()}end/", sent(because="left")).status_code == 404
    assert SharingAgreement.objects.in_force().exists()


@pytest.mark.parametrize("many", [1, 20])
def test_the_list_takes_as_many_queries_for_one_as_for_twenty(
    school, signs, ig_lead, many, django_assert_max_num_queries
):
    for _ in range(many):
        signs(school)
    client = Client()
    client.force_login(ig_lead)
    client.get("/agreements/")
    with django_assert_max_num_queries(6):
        client.get("/agreements/")


def test_anybody_reads_the_privacy_notice_and_the_governance_lead_words_it(client, ig_lead):
    page = client.get("/privacy/").content.decode()
    first = ProcessingActivity.objects.all()[0]
    assert first.title in page
    assert f"/privacy/{first.pk}/edit/" not in page
    assert client.post(f"/privacy/{first.pk}/edit/").status_code == 302

    client.force_login(ig_lead)
    said = {"version": first.version, "title": "Listening to you", "why": "So that help fits.", "basis": "Public task."}
    assert client.post(f"/privacy/{first.pk}/edit/", said | {"kept_for": "Three years."}).url == "/privacy/"
    assert "Listening to you" in Client().get("/privacy/").content.decode()


def test_the_public_form_leads_to_the_notice(client, db):
    assert 'href="/privacy/"' in client.get("/ask-for-help/").content.decode()


def test_one_that_was_looked_at_comes_off_the_home_page_until_the_next_look(client, school, signs, ig_lead, stranger):
    agreement = signs(school, title="Schools", review_on=TODAY)
    url, following = f"{agreement.get_absolute_url()}review/", TODAY + timedelta(days=200)
    client.force_login(stranger)
    assert client.post(url, {"found": "All is well.", "review_on": f"{following}"}).status_code == 404
    client.force_login(ig_lead)
    assert "Review the agreement on sharing: Schools" in client.get("/").content.decode()

    assert client.post(url, {"found": "All is well.", "review_on": f"{following}"}).url == agreement.get_absolute_url()

    assert "Review the agreement" not in client.get("/").content.decode()
    assert "All is well." in client.get(agreement.get_absolute_url()).content.decode()
    after = SharingAgreement.objects.get()
    assert (after.review_on, after.number) == (following, 1)


@pytest.mark.parametrize("days", [0, 400])
def test_the_next_look_is_after_today_and_before_it_ends(school, signs, ig_lead, days):
    agreement = signs(school)
    with pytest.raises(NotPossible) as refused:
        services.review_agreement(
            agreement, by=ig_lead, now=timezone.now(), found="Well.", review_on=TODAY + timedelta(days=days)
        )

    assert refused.value.field == "review_on"
    assert SharingAgreement.objects.get().review_on == agreement.review_on


def test_one_that_has_ended_is_not_looked_at_again(school, signs, ig_lead):
    agreement = signs(school)
    services.end_agreement(agreement, by=ig_lead, now=timezone.now(), because="left")
    with pytest.raises(NotPossible, match="not in force"):
        services.review_agreement(
            agreement, by=ig_lead, now=timezone.now(), found="Well.", review_on=TODAY + timedelta(days=2)
        )
