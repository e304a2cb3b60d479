"""The chronology: what people wrote down and what the record says by itself, filtered, late, mistaken, printed."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from earlyhelp.audit.models import Access, Event, record
from earlyhelp.cases import passages
from earlyhelp.cases.models import Case
from earlyhelp.cases.services import join_team
from earlyhelp.families import services
from earlyhelp.families.chronology import chronology_of
from earlyhelp.families.models import SignificantEvent
from earlyhelp.records.told import KINDS
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, CaseFactory, PostFactory
from tests.families.pages import sent

CLOSED = {
    "opened_on": date(2025, 1, 5),
    "status": "closed",
    "closed_on": date(2026, 1, 5),
    "end_reason": "outcomes_met",
}


@pytest.fixture
def happened(grants, worker):
    def write(text="Moved.", on=date(2026, 2, 27), kind="home", person=None, by=worker, now=MONDAY):
        return services.add_event(grants, happened_on=on, kind=kind, text=text, person=person, by=by, now=now)

    return write


@pytest.fixture
def allocated(led_case, worker):
    return record("cases.case.accept", led_case, by=worker, at=MONDAY, worker=worker.pk)


@pytest.fixture
def read(grants, worker, signed_in):
    def page(query="", section="chronology/", user=worker):
        answer = signed_in(user).get(f"/families/{grants.reference}/{section}{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def titles(family, user, **filters):
    return [line.title for line in chronology_of(family, user, **filters)]


# --- one list ---------------------------------------------------------------------------------------------------------


def test_what_people_wrote_and_what_the_record_says_stand_in_one_list_newest_first(grants, worker, happened, allocated):
    happened(on=date(2026, 3, 1))
    happened(on=date(2026, 3, 3), kind="police")

    assert titles(grants, worker) == ["Police", f"{worker} accepted the family and leads", "Home and housing"]


def test_the_two_are_filtered_apart(grants, worker, happened, allocated):
    happened()

    assert titles(grants, worker, source="authored") == ["Home and housing"]
    assert titles(grants, worker, source="system") == [f"{worker} accepted the family and leads"]


def test_it_is_filtered_by_person_kind_and_days_that_count(grants, worker, happened):
    happened("Late for school.", date(2026, 1, 5), "school", grants.robin)
    happened("Moved.", date(2026, 1, 8))
    happened("Hours cut.", date(2026, 1, 9), "money", grants.dana)

    def texts(**filters):
        return [line.text for line in chronology_of(grants, worker, **filters)]

    assert texts(person=grants.robin) == ["Late for school."]
    assert texts(kind="money") == ["Hours cut."]
    assert texts(since=date(2026, 1, 8)) == ["Hours cut.", "Moved."]
    assert texts(until=date(2026, 1, 8)) == ["Moved.", "Late for school."]
    assert texts(since=date(2026, 1, 8), until=date(2026, 1, 8)) == ["Moved."]


def test_what_has_no_kind_is_left_out_where_a_kind_is_asked_for(grants, worker, happened, allocated):
    happened()

    assert titles(grants, worker, kind="home") == ["Home and housing"]


def test_who_came_and_went_and_who_agreed_is_told_with_their_name(grants, worker):
    member = grants.memberships.get(person=grants.robin)
    services.end_membership(member, on=MONDAY.date(), by=worker, now=MONDAY, reason="Moved to her aunt.")
    services.record_agreement(grants, grants.dana, status="given", by=worker, now=MONDAY + timedelta(hours=1))

    assert titles(grants, worker) == ["Dana Grant was asked about early help: agreed", "Robin Grant left the family"]


def test_a_case_that_the_reader_may_not_see_tells_nothing(grants, led_case, worker, chair, allocated):
    assert titles(grants, chair) != []
    hidden = CaseFactory(family=grants, area=grants.area, restricted=True, **CLOSED)
    record("cases.case.accept", hidden, by=None, at=MONDAY)

    assert not Case.objects.for_user(worker).filter(pk=hidden.pk).exists()
    assert len(titles(grants, worker)) == 1


def test_the_case_and_the_family_read_the_same(grants, led_case, worker, happened, allocated, signed_in, read):
    happened("Moved to the flat.")
    case = signed_in(worker).get(f"/cases/{led_case.reference}/chronology/").content.decode()

    for said in ("Moved to the flat.", f"{worker} accepted the family and leads"):
        assert said in case
        assert said in read()


# --- the filters in the address -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "?source=nonsense", "?person=abc", "?person=0", "?person=99999999999999999999", "?kind=nonsense", "?from=2024-02-31",
        "?to=abc", "?page=abc", "?page=999999", "?source=%F0%9F%99%82", "?from=0001-01-01&to=9999-12-31",
    ],
)  # fmt: skip
def test_whatever_the_address_says_a_list_is_shown(happened, read, query):
    happened("Moved to the flat.")

    assert "Moved to the flat." in read(query)


def test_the_filters_are_kept_from_page_to_page_and_on_paper(grants, happened, read):
    for number in range(30):
        happened(f"Line {number}.", kind="school")
    happened("Not asked for.", kind="home")
    page = read("?kind=school")

    assert "chronology/print/?kind=school" in page
    assert "?kind=school&amp;page=2" in page
    assert "Not asked for." not in page
    printed = read("?kind=school", "chronology/print/")
    assert all(f"Line {number}." in printed for number in range(30))
    assert "Not asked for." not in printed
    assert "Kind: School, learning or work" in printed


def test_what_is_printed_is_for_ones_own_eyes_and_leads_whoever_keeps_the_record_to_a_copy_for_one_person(
    led_case, happened, signed_in, worker, manager
):
    happened("Moved to the flat.")
    base = f"/families/{led_case.family.reference}/"
    copy = f"{base}sharing/copies/add/"
    own, managers = (
        signed_in(somebody).get(f"{base}chronology/print/").content.decode() for somebody in (worker, manager)
    )

    assert all("For your own eyes: not for handing out." in page for page in (own, managers))
    assert copy in own
    assert signed_in(worker).get(copy).status_code == 200
    assert copy not in managers
    assert signed_in(manager).get(copy).status_code == 404


def test_somebody_of_another_family_cannot_be_filtered_by(strangers_family, happened, read):
    happened("Moved to the flat.")
    ola = strangers_family.memberships.get().person

    page = read(f"?person={ola.pk}")
    assert "Ola" not in page
    assert "Moved to the flat." in page


# --- when it was written, and how old they were ------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "late"), [(0, False), (2, False), (3, True), (400, True)])
def test_what_was_written_down_more_than_two_days_later_says_so(grants, worker, happened, read, days, late):
    happened(on=MONDAY.date() - timedelta(days=days))
    (line,) = chronology_of(grants, worker)

    assert line.is_late is late
    assert ("written down 2 March 2026" in read()) is late


def test_a_day_is_counted_where_people_live(grants, worker, happened):
    """Half past midnight in British Summer Time is the day before in Greenwich."""
    written = timezone.make_aware(datetime(2026, 7, 3, 0, 30))
    happened(on=date(2026, 6, 30), now=written)

    assert chronology_of(grants, worker)[0].is_late


def test_each_age_is_the_age_at_the_time(grants, worker, happened):
    happened(on=date(2024, 1, 5), person=grants.robin)
    happened(on=date(2014, 1, 5), person=grants.robin)

    assert [line.age for line in chronology_of(grants, worker)] == ["8 then", "before birth"]


def test_after_a_death_nobody_has_an_age(grants, worker, happened):
    grants.dana.died_on = date(2025, 1, 1)
    grants.dana.save()
    happened(on=date(2025, 6, 1), person=grants.dana)
    happened(on=date(2025, 1, 1), person=grants.dana)

    assert [line.age for line in chronology_of(grants, worker)] == ["", "34 then"]


# --- entered in error --------------------------------------------------------------------------------------------------


@pytest.fixture
def governance(grants):
    """The governance lead of the place, who works with no family."""
    return PostFactory(area=grants.area, role="ig_lead").user


def test_a_mistake_is_struck_out_for_its_author_with_the_reason(grants, worker, happened, read):
    event = happened("Police at the house.")
    services.entered_in_error(event, by=worker, now=MONDAY, reason="That was next door.")
    page = read()

    assert "<s>Police at the house.</s>" in page
    assert "That was next door." in page
    assert "Police at the house." not in read(section="chronology/print/")  # paper does not come back


def test_nobody_else_reads_it(grants, worker, chair, happened, read):
    event = happened("Police at the house.")
    services.entered_in_error(event, by=worker, now=MONDAY, reason="That was next door.")

    for section in ("chronology/", "chronology/print/"):
        page = read(section=section, user=chair)
        assert "Police at the house." not in page
        assert "next door" not in page


def test_the_governance_lead_of_the_place_is_shown_it(grants, worker, happened, governance):
    event = happened("Police at the house.")
    services.entered_in_error(event, by=worker, now=MONDAY, reason="That was next door.")
    elsewhere = PostFactory(role="ig_lead").user

    assert SignificantEvent.objects.shown_to(governance).get() == event
    assert not SignificantEvent.objects.shown_to(elsewhere).exists()


def test_the_governance_lead_reads_it_on_a_page_of_its_own_and_that_is_written_down(
    grants, worker, happened, governance, signed_in
):
    happened("Moved to the flat.")
    services.entered_in_error(happened("Police at the house."), by=worker, now=MONDAY, reason="That was next door.")
    page = signed_in(governance).get("/families/mistakes/").content.decode()

    assert "<s>Police at the house.</s>" in page
    assert "That was next door." in page
    assert grants.reference in page
    assert "Moved to the flat." not in page
    assert Access.objects.filter(actor=governance, subject="families.family", subject_id=grants.pk).exists()


def test_of_another_place_it_is_not_there_and_for_nobody_else_is_there_such_a_page(
    grants, worker, happened, charnwood, signed_in
):
    services.entered_in_error(happened("Police at the house."), by=worker, now=MONDAY, reason="That was next door.")
    elsewhere = PostFactory(area=charnwood, role="ig_lead").user

    assert "Police" not in signed_in(elsewhere).get("/families/mistakes/").content.decode()
    assert signed_in(worker).get("/families/mistakes/").status_code == 403


@pytest.mark.parametrize("n", [1, 20])
def test_the_page_of_mistakes_takes_as_many_queries_however_many_there_are(
    worker, happened, governance, signed_in, n, django_assert_max_num_queries
):
    for number in range(n):
        services.entered_in_error(happened(f"Line {number}."), by=worker, now=MONDAY, reason="Next door.")
    client = signed_in(governance)
    client.get("/families/mistakes/")

    with django_assert_max_num_queries(5):
        client.get("/families/mistakes/")


def test_it_is_marked_on_the_page_and_never_deleted(grants, worker, happened, signed_in):
    event = happened("Police at the house.")
    url = f"/families/{grants.reference}/chronology/{event.pk}/error/"
    assert "Police at the house." in signed_in(worker).get(url).content.decode()
    assert signed_in(worker).post(url, sent(reason="")).status_code == 422
    signed_in(worker).post(url, sent(reason="That was next door."))

    event.refresh_from_db()
    assert (event.text, event.error_by, event.error_reason) == ("Police at the house.", worker, "That was next door.")
    assert Event.objects.filter(kind="families.significantevent.entered_in_error", subject_id=event.pk).count() == 1
    assert signed_in(worker).get(url).status_code == 404
    with pytest.raises(NotPossible):
        services.entered_in_error(event, by=worker, now=MONDAY, reason="Again.")


def test_only_those_who_keep_the_record_mark_it(grants, chair, happened, signed_in):
    event = happened()
    url = f"/families/{grants.reference}/chronology/{event.pk}/error/"

    assert signed_in(chair).post(url, sent(reason="No.")).status_code == 404
    assert SignificantEvent.objects.standing().get() == event


def test_no_copy_that_leaves_holds_it_even_for_its_author(grants, worker, happened):
    services.entered_in_error(happened("Police at the house."), by=worker, now=MONDAY, reason="Next door.")

    assert chronology_of(grants, worker) == []
    assert len(chronology_of(grants, worker, mistakes=True)) == 1


# --- what an agency keeps to itself -----------------------------------------------------------------------------------


@pytest.fixture
def kept(grants, led_case, worker, practitioner):
    """Written by somebody of another agency, who is on the team."""
    join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)
    facts = {"happened_on": MONDAY.date(), "kind": "health", "text": "Zqkept", "person": grants.robin}
    return services.add_event(grants, by=practitioner, now=MONDAY, private_to_agency=True, **facts)


def pages_of(grants, led_case):
    base = grants.get_absolute_url()
    return (f"{base}chronology/", f"{base}chronology/print/", f"{led_case.get_absolute_url()}chronology/")


def test_what_an_agency_keeps_to_itself_is_read_by_it_and_by_nobody_else_who_sees_the_family(
    kept, grants, led_case, worker, practitioner, chair, manager, signed_in
):
    for page in pages_of(grants, led_case):
        assert "Zqkept" in signed_in(practitioner).get(page).text
        for user in (worker, chair, manager):
            text = signed_in(user).get(page).text
            assert "Zqkept" not in text
            assert "Involved, and keeps to itself with what" in text
            assert f"{practitioner.agency}" in text


def test_a_colleague_of_that_agency_reads_it_only_if_they_see_the_family(
    kept, grants, led_case, practitioner, signed_in
):
    colleague = PostFactory(user__agency=practitioner.agency, area=grants.area).user
    page = pages_of(grants, led_case)[0]
    assert signed_in(colleague).get(page).status_code == 404

    join_team(led_case, role="member", user=colleague, by=led_case.lead, now=MONDAY)
    assert "Zqkept" in signed_in(colleague).get(page).text


def test_no_filter_tells_what_it_is_about_and_nobody_else_marks_it_as_a_mistake(kept, grants, worker, signed_in):
    client, base = signed_in(worker), f"{grants.get_absolute_url()}chronology/"
    for query in ("kind=health", "kind=school", f"person={grants.robin.pk}", "source=system"):
        assert "keeps to itself" not in client.get(f"{base}?{query}").text
    assert client.get(f"{base}{kept.pk}/error/").status_code == 404


def test_it_stands_in_no_copy(kept, grants, worker):
    services.add_event(grants, happened_on=MONDAY.date(), kind="home", text="Open.", by=worker, now=MONDAY)

    assert [passage.text for passage in passages.chronology(grants)] == ["Open."]


def test_whoever_asks_for_what_is_kept_about_them_is_read_it_too(kept, grants, ig_lead):
    told = [each for each in KINDS if each.label == "families.SignificantEvent"]

    assert "private_to_agency" in told[0].fields
    assert kept in SignificantEvent.objects.told_to(ig_lead)


def test_it_is_ticked_on_the_form_and_whoever_is_of_no_agency_is_not_asked(grants, led_case, worker, signed_in):
    page = f"{grants.get_absolute_url()}chronology/add/"
    client = signed_in(worker)
    day = {"happened_on_day": 2, "happened_on_month": 3, "happened_on_year": 2026}
    client.post(page, sent(kind="health", text="Ours.", private_to_agency="on", **day))
    assert SignificantEvent.objects.get().private_to_agency

    worker.agency = None
    worker.save()
    assert "Only my agency" not in signed_in(worker).get(page).text
