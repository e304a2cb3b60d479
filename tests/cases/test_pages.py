"""What the pages of a case say: the next step, to whom it is offered, what happened, and who may join the team."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.cases import transitions as moves
from earlyhelp.cases.models import Case
from earlyhelp.cases.offers import offer
from earlyhelp.cases.queries import trail
from earlyhelp.cases.services import join_team, leave_team
from earlyhelp.families.services import record_agreement
from earlyhelp.partnership.enums import Role
from earlyhelp.sharing.services import record_wish
from tests.cases.journeys import ASKED
from tests.factories import MONDAY, AgencyFactory, MemberFactory, PersonFactory, PostFactory, TeamFactory, UserFactory


@pytest.fixture
def sign_in(client):
    def signed(user):
        client.force_login(user)
        return client

    return signed


def allocated(case, chair, worker):
    return moves.allocate(case, by=chair, now=MONDAY, tier=2, worker=worker, reason="Best placed.", **ASKED)


# --- the next step and the offer -------------------------------------------------------------------------------------


def test_the_next_step_is_the_pages_one_main_button_and_says_why(sign_in, waiting_case, chair, worker):
    allocated(waiting_case, chair, worker)
    page = sign_in(worker).get(waiting_case.get_absolute_url()).content.decode()

    assert (
        f'class="govuk-button" role="button" draggable="false" href="{waiting_case.get_absolute_url()}do/accept/"'
        in page
    )
    assert "The hub offered this family to you" in page


def test_whoever_sees_an_offered_case_sees_to_whom_it_is_offered(sign_in, waiting_case, chair, worker, access_worker):
    allocated(waiting_case, chair, worker)

    for user in (chair, access_worker, worker):
        page = sign_in(user).get(waiting_case.get_absolute_url()).content.decode()
        assert f"Offered to <strong>{worker}</strong>" in page


def test_a_case_that_was_accepted_or_declined_is_offered_to_nobody(sign_in, waiting_case, chair, worker):
    allocated(waiting_case, chair, worker)
    moves.decline(waiting_case, by=worker, now=MONDAY, reason="I know the family.")

    assert "Offered to <strong>" not in sign_in(chair).get(waiting_case.get_absolute_url()).content.decode()


def test_a_follow_up_is_no_next_step_before_it_is_due(sign_in, led_case, worker):
    Case.objects.update(
        status="closed", closed_on=MONDAY.date(), end_reason="outcomes_met", follow_up_agreed=True, next_review_on=None
    )
    page = sign_in(worker).get(led_case.get_absolute_url()).content.decode()
    assert 'id="next-step"' not in page

    Case.objects.update(status="follow_up")
    assert 'id="next-step"' in sign_in(worker).get(led_case.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("days", "pressed"), [(13, True), (20, False)])
def test_the_end_of_a_programme_is_the_next_step_when_it_is_near(sign_in, led_case, worker, days, pressed):
    Case.objects.update(timebox_ends_on=timezone.localdate() + timedelta(days=days), next_review_on=None)
    page = sign_in(worker).get(led_case.get_absolute_url()).content.decode()

    assert ('id="next-step"' in page) is pressed
    assert "Programme ends" in page


def test_no_end_of_a_programme_is_offered_where_there_is_none(sign_in, led_case, worker):
    page = sign_in(worker).get(led_case.get_absolute_url()).content.decode()

    assert "do/set_timebox/" in page
    assert "do/end_timebox/" not in page


# --- what happened ---------------------------------------------------------------------------------------------------


def titles(case):
    return [(entry.title, entry.who) for entry in trail(case)]


@pytest.mark.parametrize("deed", ["ratify_closure", "refuse_closure"])
def test_whoever_agrees_to_a_closure_or_does_not_reads_what_was_proposed(sign_in, led_case, worker, chair, deed):
    facts = {
        "end_reason": "moved_away",
        "summary": "All is paid.",
        "family_views": "We sleep.",
        "follow_up_agreed": True,
    }
    moves.propose_closure(led_case, by=worker, now=MONDAY, **facts)

    page = sign_in(chair).get(f"{led_case.get_absolute_url()}do/{deed}/").content.decode()

    assert f"{worker} proposes to close: Moved away." in page
    assert "All is paid." in page
    assert "We sleep." in page


def test_of_a_step_out_nobody_reads_what_was_proposed_before_and_not_agreed(sign_in, led_case, worker, chair):
    facts = {
        "end_reason": "moved_away",
        "summary": "All is paid.",
        "family_views": "We sleep.",
        "follow_up_agreed": True,
    }
    moves.propose_closure(led_case, by=worker, now=MONDAY, **facts)
    moves.refuse_closure(Case.objects.get(), by=chair, now=MONDAY, reason="Too early.")
    moves.request_step(Case.objects.get(), by=worker, now=MONDAY, to_tier=1, reason="All goals met.")
    moves.approve_step_out(Case.objects.get(), by=chair, now=MONDAY, reason="The school carries on.")

    page = sign_in(chair).get(f"{led_case.get_absolute_url()}do/refuse_closure/")

    assert page.status_code == 200
    assert "proposes to close" not in page.content.decode()


def test_the_trail_says_who_was_offered_the_family_by_whom_and_who_accepted(waiting_case, chair, worker):
    allocated(waiting_case, chair, worker)
    moves.accept(waiting_case, by=worker, now=MONDAY + timedelta(hours=1))

    assert titles(waiting_case) == [
        (f"{worker} accepted the family and leads", str(worker)),
        (f"Tier 2 decided, and the family offered to {worker}", str(chair)),
    ]


def test_the_trail_names_whoever_joined_and_left_the_team(led_case, worker, practitioner):
    member = join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)
    join_team(led_case, role="family_network", name="Nan", by=worker, now=MONDAY + timedelta(hours=1))
    leave_team(member, by=worker, now=MONDAY + timedelta(hours=2), reason="Changed school.")

    assert [title for title, _ in titles(led_case)] == [
        f"{practitioner} left the team",
        "Nan joined the team as family or friend",
        f"{practitioner} joined the team as TAF member",
    ]


def test_the_trail_says_from_whom_another_took_over(led_case, worker, other_worker, chair):
    offer(led_case, worker=other_worker, tier=2, by=chair, now=MONDAY, **ASKED)
    moves.take_over(led_case, by=other_worker, now=MONDAY)

    assert titles(led_case)[0][0] == f"{other_worker} took over from {worker} as lead professional"


def test_every_transition_of_a_case_has_words_that_say_it_has_happened():
    from earlyhelp.cases.queries import WORDS
    from earlyhelp.workflow.transitions import REGISTRY

    assert set(REGISTRY[Case]) <= set(WORDS)


# --- who may join ----------------------------------------------------------------------------------------------------


@pytest.fixture
def join_url(led_case):
    return f"/cases/{led_case.reference}/team/join/"


def test_each_is_shown_with_team_and_below_their_agency(sign_in, join_url, worker, melton):
    team = TeamFactory(name="Year 4", area=melton, agency=AgencyFactory(name="Riverside Primary"))
    teacher = PostFactory(user=UserFactory(agency=team.agency, team=team), area=melton).user
    page = sign_in(worker).get(join_url).content.decode()

    assert '<optgroup label="Riverside Primary">' in page
    assert f">{teacher}, Year 4</option>" in page


@pytest.fixture
def teacher(melton):
    agency = AgencyFactory(name="Riverside Primary", kind="school")
    return PostFactory(user=UserFactory(agency=agency), area=melton).user


@pytest.fixture
def dana(led_case):
    person = PersonFactory(first_name="Dana", born_on="1990-04-03")
    MemberFactory(family=led_case.family, person=person, role="parent")
    return person


@pytest.fixture
def join(sign_in, join_url, worker):
    def send(user, token="2f1f3f0e-8d7a-4b52-9a51-3f5f9c1d2e30", **said):
        return sign_in(worker).post(join_url, {"user": user.pk, "role": "member", "token": token} | said)

    return send


def wishes(person, wish, agency=None, *, by):
    said = {"whom": "agency", "agency": agency} if agency else {"whom": "team"}
    record_wish(person, wish=wish, given_by="person", how="phone", by=by, now=MONDAY, **said)


@pytest.mark.parametrize(
    ("wish", "why"), [("refused", "Dana Invented: They themselves said no"), ("", "To be asked: Dana Invented.")]
)
def test_of_whose_agency_somebody_has_not_said_yes_joins_with_a_reason_that_stays_beside_them(
    join, led_case, teacher, dana, worker, sign_in, wish, why
):
    if wish:
        wishes(dana, wish, teacher.agency, by=worker)
    refused = join(teacher)
    assert refused.status_code == 409
    assert why in refused.content.decode()
    assert not led_case.team.filter(user=teacher).exists()

    assert join(teacher, all_the_same="The court asks for the school.").status_code == 302
    assert led_case.team.get(user=teacher).all_the_same == "The court asks for the school."
    assert (
        "The court asks for the school." in sign_in(worker).get(f"/cases/{led_case.reference}/team/").content.decode()
    )


@pytest.mark.parametrize("reach", ["agency", "team"])
def test_with_a_yes_to_the_agency_or_to_everyone_in_the_team_nothing_more_is_asked(
    join, led_case, teacher, dana, worker, reach
):
    wishes(dana, "given", teacher.agency if reach == "agency" else None, by=worker)
    assert join(teacher, all_the_same="Typed for nothing.").status_code == 302

    assert led_case.team.get(user=teacher).all_the_same == ""


def test_of_the_council_itself_nobody_is_asked(join, led_case, dana):
    user = UserFactory(agency=AgencyFactory(kind="council"))
    assert join(user).status_code == 302

    assert led_case.team.filter(user=user).exists()


@pytest.mark.parametrize("who", ["system administrator", "left", "agency gone", "on the team"])
def test_whoever_could_not_help_is_not_offered_and_not_taken(sign_in, join_url, led_case, worker, county, who):
    user = PostFactory(area=county, role=Role.SYSTEM_ADMIN if who == "system administrator" else Role.PRACTITIONER).user
    if who == "left":
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    if who == "agency gone":
        type(user.agency).objects.filter(pk=user.agency_id).update(is_active=False)
    if who == "on the team":
        join_team(led_case, role="member", user=user, by=worker, now=MONDAY)
    client, before = sign_in(worker), led_case.team.count()

    assert f'<option value="{user.pk}"' not in client.get(join_url).content.decode()
    facts = {"user": user.pk, "role": "member", "token": "2f1f3f0e-8d7a-4b52-9a51-3f5f9c1d2e30"}
    assert client.post(join_url, facts).status_code == 422
    assert led_case.team.count() == before


def test_a_system_administrator_who_also_works_with_families_may_join(sign_in, join_url, worker, county):
    user = PostFactory(area=county, role=Role.SYSTEM_ADMIN).user
    PostFactory(user=user, area=county)

    assert f'<option value="{user.pk}"' in sign_in(worker).get(join_url).content.decode()


def test_of_a_long_list_the_first_are_shown_and_the_others_found_by_name_agency_or_team(
    sign_in, join_url, worker, melton
):
    agency = AgencyFactory(name="Aardvark Trust")
    for _ in range(55):
        UserFactory(agency=agency)
    zoe = UserFactory(first_name="Zoe", last_name="Zander", agency=AgencyFactory(name="Zebra Trust"))
    client = sign_in(worker)

    page = client.get(join_url).content.decode()
    assert "Zoe Zander" not in page
    assert "The first 50 are shown" in page

    for q in ("zand", "zebra", "Zoe zebra"):
        assert "Zoe Zander" in client.get(join_url, {"q": q}).content.decode()
    facts = {"user": zoe.pk, "role": "member", "token": "2f1f3f0e-8d7a-4b52-9a51-3f5f9c1d2e30"}
    assert client.post(f"{join_url}?q=zand", facts).status_code == 302


@pytest.mark.parametrize("n", [1, 20])
def test_the_picker_takes_as_many_queries_however_many_there_are(
    sign_in, join_url, worker, n, django_assert_max_num_queries
):
    for _ in range(n):
        UserFactory()
    client = sign_in(worker)
    client.get(join_url)

    with django_assert_max_num_queries(7):
        client.get(join_url)


def test_a_name_is_found_only_by_whoever_may_read_it(client, led_case, service_manager, chair):
    """A service manager's list has no names: looking for one would spell it out letter by letter."""
    name, reference = led_case.family.name[:3], led_case.reference

    for person, found in ((service_manager, False), (chair, True)):
        client.force_login(person)
        for url in ("/cases/", "/api/cases/"):
            assert (reference in client.get(url, {"q": name}).content.decode()) is found
            assert reference in client.get(url, {"q": reference}).content.decode()


def test_whoever_leads_reads_that_somebody_said_no_and_how_all_of_it_ends(client, led_case, worker, chair):
    def says(status, on):
        record_agreement(led_case.family, person, status=status, by=worker, now=on)

    def page_of(user):
        client.force_login(user)
        return client.get(led_case.get_absolute_url()).content.decode()

    said_no = "Somebody in the family has said no to early help."
    way_out = reverse("cases:move", args=[led_case.reference, "family_withdrew"])
    person = MemberFactory(family=led_case.family, person__born_on="1990-01-01").person
    says("given", MONDAY)
    assert said_no not in page_of(worker)

    says("withdrawn", MONDAY + timedelta(days=1))
    page = page_of(worker)
    assert said_no in page
    assert f'href="{way_out}">The family withdraws' in page
    assert said_no in (seen := page_of(chair))
    assert f'href="{way_out}">The family withdraws' not in seen
    led_case.refresh_from_db()
    assert led_case.is_live  # nothing ends by itself

    says("given", MONDAY + timedelta(days=2))
    assert said_no not in page_of(worker)
