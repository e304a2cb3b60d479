"""A secret address is sealed, shown for a reason to whoever was named, and kept out of every text (promises P2 and B)."""

import re

import pytest
from django.db import connection

from earlyhelp.audit.models import Access, Event
from earlyhelp.cases.services import leave_team
from earlyhelp.core.sealing import Unsealable
from earlyhelp.families import homes, services
from earlyhelp.families.models import Address, Confidant
from earlyhelp.families.secrets import secrets_of
from earlyhelp.workflow.cautions import cautions
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory
from tests.families.conftest import REFUGE
from tests.families.pages import sent


def rows_that_say(*words):
    """Every table in which one of the words stands, history too, as a thief of the disk would look for it."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ~* %s', ["|".join(words)])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def test_a_secret_address_stands_in_no_table_in_words(hidden):
    assert rows_that_say("quince", "haven", "oakham", "LE15") == set()
    assert hidden.place == REFUGE


def test_what_becomes_secret_goes_out_of_the_versions_kept_of_it_too(grants, worker):
    services.move_home(grants.robin, on=None, by=worker, now=MONDAY, **REFUGE)
    assert "families_addressevent" in rows_that_say("quince")

    services.move_home(grants.dana, on=None, by=worker, now=MONDAY, protected=True, **REFUGE)

    assert rows_that_say("quince", "haven", "oakham", "LE15") == set()


def test_what_is_sealed_opens_in_no_other_row(hidden, grants, worker):
    other = services.move_home(
        grants.robin, on=None, by=worker, now=MONDAY, protected=True, **REFUGE | {"line_1": "1 Elm Row"}
    )
    Address.objects.filter(pk=other.pk).update(sealed=hidden.sealed)

    with pytest.raises(Unsealable):
        _ = Address.objects.get(pk=other.pk).place


def test_whoever_was_named_is_shown_it_for_a_reason_that_is_written_down_first(hidden, worker, signed_in):
    client = signed_in(worker)
    page = f"/families/secret/{hidden.pk}/"
    assert "Quince" not in client.get(page).text
    assert client.post(page, {"reason": ""}).status_code == 422
    assert not Event.objects.filter(kind="families.address.revealed").exists()

    shown = client.post(page, {"reason": "A taxi to court."})

    assert "Flat 2, 17 Quince Lane, Haven House, Oakham, LE15 7ZZ" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    event = Event.objects.get(kind="families.address.revealed")
    assert (event.actor, event.reason) == (worker, "A taxi to court.")
    assert Access.objects.filter(actor=worker, subject="families.address", purpose="A taxi to court.").exists()
    assert "Quince" not in client.get(page).text


def test_nobody_else_is_shown_it_though_they_keep_the_record(
    hidden, led_case, manager, chair, access_worker, ig_lead, signed_in
):
    for user in (manager, chair, access_worker, ig_lead):
        assert signed_in(user).post(f"/families/secret/{hidden.pk}/", {"reason": "I want to."}).status_code == 404
    assert not Event.objects.filter(kind="families.address.revealed").exists()


def test_whoever_is_named_may_know_it_until_it_is_taken_back_or_they_leave(
    hidden, grants, led_case, member, worker, signed_in
):
    page = f"/families/secret/{hidden.pk}/"
    signed_in(worker).post(f"{page}name/", sent(users=[member.pk]))
    assert "Quince" in signed_in(member).post(page, {"reason": "A visit."}).text

    named = Confidant.objects.get(user=member)
    signed_in(worker).post(f"{page}names/{named.pk}/end/", sent())

    assert signed_in(member).post(page, {"reason": "A visit."}).status_code == 404
    homes.let_know(hidden, [member], by=worker, now=MONDAY)
    leave_team(led_case.team.get(user=member), by=worker, now=MONDAY, reason="Another post.")
    assert signed_in(member).post(page, {"reason": "A visit."}).status_code == 404


def test_the_governance_lead_names_somebody_and_learns_neither_the_address_nor_whose(
    hidden, grants, member, ig_lead, signed_in
):
    client = signed_in(ig_lead)
    page = client.get(f"/families/{grants.reference}/secret/").text
    for word in ("Quince", "LE15", "Dana", "Grant"):
        assert word not in page

    client.post(f"/families/secret/{hidden.pk}/name/", sent(users=[member.pk]))

    assert Confidant.objects.get(user=member).named_by == ig_lead


def test_to_whom_it_was_shown_when_and_why_stands_with_who_may_know_it(hidden, grants, worker, ig_lead, signed_in):
    page = f"/families/{grants.reference}/secret/"
    assert "Nobody yet." in signed_in(worker).get(page).text
    signed_in(worker).post(f"/families/secret/{hidden.pk}/", {"reason": "A taxi to court."})

    told = signed_in(ig_lead).get(page).text

    assert "A taxi to court." in told
    assert "Nobody yet." not in told
    assert "Quince" not in told


def test_twenty_showings_take_no_more_queries_than_one(
    hidden, grants, worker, signed_in, django_assert_max_num_queries
):
    client = signed_in(worker)
    for times in (1, 19):
        for _ in range(times):
            homes.reveal(hidden, by=worker, now=MONDAY, reason="A visit.")
        with django_assert_max_num_queries(10):
            client.get(f"/families/{grants.reference}/secret/")


def test_nobody_is_named_who_does_not_work_with_the_family(hidden, stranger, worker, signed_in):
    signed_in(worker).post(f"/families/secret/{hidden.pk}/name/", sent(users=[stranger.pk]))

    assert not Confidant.objects.filter(user=stranger).exists()


def test_whoever_writes_it_down_is_asked_who_else_may_know(grants, member, worker, signed_in):
    fields = sent(
        protected="on", known_to=[member.pk], line_1="17 Quince Lane", postcode="LE15 7ZZ", household="together"
    )

    signed_in(worker).post(f"/families/people/{grants.dana.pk}/move/", fields)

    assert set(Confidant.objects.values_list("user", flat=True)) == {worker.pk, member.pk}


def test_the_file_says_that_an_address_is_secret_before_anything_else(hidden, grants, led_case, worker, signed_in):
    client = signed_in(worker)
    assert "Secret address" in client.get(grants.get_absolute_url()).text
    assert "Somebody’s address is secret" in client.get(led_case.get_absolute_url()).text


def test_the_telephone_of_whoever_hides_is_shown_with_the_address_alone(hidden, grants, worker, manager, signed_in):
    person = f"/families/people/{grants.dana.pk}/"
    for somebody, pages in ((worker, ("", "edit/", "history/")), (manager, ("",))):
        for page in pages:
            assert "07700 900123" not in signed_in(somebody).get(f"{person}{page}").content.decode(), page
    assert "Kept with the secret address, and shown with it" in signed_in(worker).get(person).content.decode()

    shown = signed_in(worker).post(f"/families/secret/{hidden.pk}/", {"reason": "To ring her."}).content.decode()
    assert "07700 900123" in shown


def test_what_is_changed_of_whoever_hides_leaves_the_telephone_unless_there_is_a_new_one(
    hidden, grants, worker, signed_in
):
    url = f"/families/people/{grants.dana.pk}/edit/"
    grants.dana.refresh_from_db()
    said = {"first_name": "Dana", "last_name": "Grant", "interpreter": "", "known_as": "Dee"}
    assert signed_in(worker).post(url, said | {"version": grants.dana.version}).status_code == 302
    grants.dana.refresh_from_db()
    assert (grants.dana.known_as, grants.dana.phone) == ("Dee", "07700 900123")

    newer = {"phone": "07700 900456", "version": grants.dana.version}
    assert signed_in(worker).post(url, said | newer).status_code == 302
    grants.dana.refresh_from_db()
    assert grants.dana.phone == "07700 900456"


def test_the_telephone_of_whoever_does_not_hide_is_on_their_page(grants, worker, signed_in):
    grants.dana.phone = "07700 900123"
    grants.dana.save()

    assert "07700 900123" in signed_in(worker).get(f"/families/people/{grants.dana.pk}/").content.decode()


EXACT = ["Flat 2, 17 Quince Lane", "17 Quince Lane", "Haven House", "LE15 7ZZ", "07700 900123"]
VARIANTS = [
    "17, quince lane",
    "17 Quince Ln",
    "17 Quince La.",
    "17 QUINCE LANE",
    "No. 17 Quince Lane",
    "number 17, Quince Lane",
    "17 Quinse Lane",
    "17 Qince Lane",
    "17 Quince  Lane",
    "Quince Lane",
    "the house in Quince Ln",
    "seventeen Quince Lane",
    "17 Quincelane",
    "Haven Hse",
    "the haven house",
    "Havenhouse",
    "le157zz",
    "LE15 7 ZZ",
    "LE15-7ZZ",
    "L E 1 5 7 Z Z",
    "07700900123",
    "+44 7700 900123",
    "(07700) 900-123",
]


@pytest.mark.parametrize("said", EXACT + VARIANTS)
def test_a_secret_is_found_in_a_text_however_it_is_spelled(hidden, grants, said):
    assert secrets_of([grants.pk]).stand_in(f"She is safe now at {said}, and the boys are well.")


@pytest.mark.parametrize(
    "said",
    [
        "She moved on 17 March. The lane behind the house is dark.",
        "17 children were at the club; Haven asked about a house.",
        "Ring 0116 496 0001 after the 12th.",
        "LE15 7ZY is where the school is.",
        "",
    ],
)
def test_what_is_no_secret_gives_nobody_pause(hidden, grants, said):
    assert not secrets_of([grants.pk]).stand_in(said)


def test_the_other_parents_family_is_warned_of_it_too(hidden, grants):
    """A child has two homes: what is written about the father must not say where the mother is."""
    fathers = FamilyFactory(area=grants.area)
    MemberFactory(family=fathers, person=grants.robin)
    MemberFactory(family=fathers, person=PersonFactory(first_name="Al"))
    strangers = FamilyFactory(area=grants.area)

    assert secrets_of([fathers.pk]).stand_in("17 Quince Lane")
    assert not secrets_of([strangers.pk]).stand_in("17 Quince Lane")


def note_of(client, grants, text, **more):
    fields = sent(happened_on="2026-03-01", kind="home", text=text, **more)
    return client.post(f"/families/{grants.reference}/chronology/add/", fields)


def test_what_would_say_it_is_not_saved_until_somebody_says_that_it_has_to_stand_there(
    hidden, grants, worker, signed_in
):
    client = signed_in(worker)
    answer = note_of(client, grants, "Visited her at 17 Quince Ln.")
    assert answer.status_code == 422
    assert "take it out" in answer.text
    assert "Visited her at 17 Quince Ln." in answer.text  # nothing typed is lost
    assert not grants.events.exists()

    assert note_of(client, grants, "Visited her at 17 Quince Ln.", despite="At 17 Quince Ln.").status_code == 422
    answer = note_of(client, grants, "Visited her at 17 Quince Ln.", despite="The court order names it.")
    assert answer.status_code == 302

    assert grants.events.count() == 1
    event = Event.objects.get(kind="workflow.despite_caution")
    assert (event.actor, event.reason) == (worker, "The court order names it.")


def test_what_is_kept_while_it_is_typed_stands_in_no_table_in_words(hidden, grants, worker, signed_in):
    key = f"families/{grants.reference}/chronology/add"

    answer = signed_in(worker).post(f"/drafts/{key}/", {"text": "Visited her at 17 Quince Lane."})

    assert "saved" in answer.json()
    assert rows_that_say("quince") == set()


def test_what_has_to_stand_there_is_not_asked_again_where_something_else_is_missing(hidden, grants, worker, signed_in):
    fields = sent(happened_on="", kind="home", text="Visited her at 17 Quince Ln.", despite="The court order names it.")

    answer = signed_in(worker).post(f"/families/{grants.reference}/chronology/add/", fields)

    assert answer.status_code == 422
    assert 'value="The court order names it."' in answer.text
    assert "Take it out." not in answer.text
    assert not Event.objects.filter(kind="workflow.despite_caution").exists()


def test_an_ordinary_text_gives_no_pause(hidden, grants, worker, signed_in):
    assert note_of(signed_in(worker), grants, "Visited her. She is well.").status_code == 302
    assert not Event.objects.filter(kind="workflow.despite_caution").exists()


def test_the_address_itself_is_asked_for_in_its_own_place(hidden, grants, worker, signed_in):
    fields = sent(protected="on", household="together", **REFUGE | {"town": "Uppingham"})

    assert signed_in(worker).post(f"/families/people/{grants.dana.pk}/move/", fields).status_code == 302


def test_no_log_and_no_error_names_it(hidden, caplog):
    assert not re.search("quince|LE15", f"{hidden} {hidden!r} {vars(hidden)}", re.IGNORECASE)


def test_whoever_writes_a_new_member_down_does_not_learn_by_it_where_they_live(hidden, grants, member, worker):
    baby = services.write_down_member(
        grants, role="child", lives_in_household=True, by=member, now=MONDAY, first_name="Kit", last_name="Grant"
    )

    home = baby.person.addresses.get(until_on=None)
    assert home.place == REFUGE
    assert set(home.confidants.values_list("user", flat=True)) == {worker.pk}


def test_a_guess_at_the_first_letter_is_neither_right_nor_wrong(hidden, grants, member):
    services.move_home(grants.robin, on=None, by=member, now=MONDAY, line_1="F", postcode=REFUGE["postcode"])

    assert not Address.objects.get(person=grants.robin).protected


def test_whoever_types_it_again_without_the_tick_opens_it_to_nobody_new(hidden, grants, member, worker):
    services.move_home(grants.robin, on=None, by=member, now=MONDAY, **REFUGE)

    home = Address.objects.get(person=grants.robin)
    assert home.protected
    assert set(home.confidants.values_list("user", flat=True)) == {worker.pk}


def test_one_place_is_opened_and_closed_for_all_who_live_there(hidden, grants, member, worker):
    theirs = services.move_home(grants.robin, on=None, by=worker, now=MONDAY, protected=True, **REFUGE)

    homes.let_know(hidden, [member], by=worker, now=MONDAY)
    assert theirs.confidants.filter(user=member, until_at=None).exists()
    homes.let_know_no_more(hidden.confidants.get(user=member), by=worker, now=MONDAY)

    assert not Confidant.objects.filter(user=member, until_at=None).exists()


def test_whoever_does_not_see_the_family_is_told_nothing_by_a_caution_and_leaves_a_trace_like_whoever_does(
    hidden, grants, stranger, worker
):
    about = [("families.family", grants.pk)]

    assert cautions(about, ["17 Quince Lane"], by=stranger) == []
    assert cautions(about, ["17 Quince Lane"], by=worker)
    typed = Event.objects.filter(kind="families.family.secret_typed").order_by("pk")
    assert [(each.actor, each.facts["may_know"]) for each in typed] == [(stranger, False), (worker, True)]


def test_names_without_the_tick_and_a_new_home_after_a_secret_one_are_asked_about(
    hidden, grants, member, worker, signed_in
):
    client = signed_in(worker)
    page = f"/families/people/{grants.dana.pk}/move/"
    answer = client.post(page, sent(line_1="1 New Road", postcode="LE13 1AA"))
    assert "Say whether the new one is secret too" in answer.text
    answer = client.post(page, sent(line_1="1 New Road", postcode="LE13 1AA", known_to=[member.pk]))
    assert "Tick this if the address is secret" in answer.text

    client.post(page, sent(line_1="1 New Road", postcode="LE13 1AA", no_secret="on", household="moved_out"))

    assert grants.dana.addresses.get(until_on=None).shown == "1 New Road, LE13 1AA"


def test_a_program_is_refused_what_would_say_it(hidden, grants, led_case, worker, signed_in):
    client = signed_in(worker)
    typed = {
        "summary": "She is at 17 Quince Lane now.",
        "family_views": "Glad.",
        "follow_up_agreed": True,
        "end_reason": "outcomes_met",
    }

    answer = client.post(f"/api/cases/{led_case.reference}/propose_closure/", typed, content_type="application/json")

    assert answer.status_code == 400
    assert "kept secret" in answer.text
    led_case.refresh_from_db()
    assert led_case.status != "closing"
