"""What was written before an address became secret is looked through once, and somebody hears in time (promise P2)."""

import pytest

from earlyhelp.families.models import Address
from earlyhelp.families.services import add_event
from earlyhelp.notices.models import Notice
from earlyhelp.records.said_before import look_for_addresses, said_in
from tests.factories import MONDAY, MemberFactory, PersonFactory, secret_home

TITLE = "Earlier texts may say where somebody lives who is hidden now"
PLACE = {"line_1": "17 Quince Lane", "postcode": "LE15 7ZZ"}


@pytest.fixture
def dana(led_case):
    dana = PersonFactory(first_name="Dana", last_name="Grant", area=led_case.area)
    MemberFactory(family=led_case.family, person=dana, role="parent")
    return dana


@pytest.fixture
def note(led_case, worker, dana):
    return add_event(
        led_case.family,
        text="Seen at 17 quince  lane, she is well.",
        happened_on=MONDAY.date(),
        kind="home",
        by=worker,
        now=MONDAY,
    )


def told():
    return set(Notice.objects.filter(title=TITLE).values_list("to__username", "reference"))


def test_whoever_leads_and_whoever_keeps_records_hear_once_that_it_stands_there(
    dana, note, led_case, worker, ig_lead, chair
):
    assert look_for_addresses(now=MONDAY) == 0  # nothing is secret yet
    secret_home(dana, **PLACE)

    assert look_for_addresses(now=MONDAY) == 1
    assert look_for_addresses(now=MONDAY) == 0

    reference = led_case.family.reference
    assert told() == {(worker.username, reference), (ig_lead.username, reference)}
    assert "Quince" not in " ".join(Notice.objects.values_list("title", flat=True))


def test_the_notice_leads_to_where_words_are_asked_to_be_taken_out(dana, note, worker, ig_lead, client):
    secret_home(dana, **PLACE)
    look_for_addresses(now=MONDAY)

    for reader, heading in ((worker, "Take words out"), (ig_lead, "Words to take out")):
        client.force_login(reader)
        page = client.get(Notice.objects.get(to=reader, title=TITLE).url)
        assert page.status_code == 200
        assert heading in page.content.decode()


def test_nobody_hears_where_nothing_says_it(dana, worker, ig_lead, led_case):
    add_event(led_case.family, text="Seen at school.", happened_on=MONDAY.date(), kind="home", by=worker, now=MONDAY)
    secret_home(dana, **PLACE)

    assert look_for_addresses(now=MONDAY) == 1
    assert told() == set()


def test_it_says_in_how_many_rows_and_the_address_itself_is_none_of_them(dana, note, led_case):
    secret_home(dana, **PLACE)
    led_case.request = "She fled to LE15 7ZZ."
    led_case.save()

    assert sum(said_in(led_case.family).values()) == 2
    assert Address.objects.exists()
