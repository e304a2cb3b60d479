from datetime import timedelta

import pytest

from earlyhelp.notices.models import FailedAddress, Kind, Notice
from earlyhelp.notices.services import notify, send_owed
from tests.factories import MONDAY, UserFactory


@pytest.fixture
def tell():
    def tell(*people, key="a"):
        notify(
            people,
            kind=Kind.DECISION,
            title="The step was approved",
            reference="EH-1",
            url="/cases/EH-1/",
            key=key,
            now=MONDAY,
        )

    return tell


def test_an_inbox_without_notices_says_so(worker, signed_in):
    assert "No notices" in signed_in(worker).get("/notices/").content.decode()


def test_the_newest_is_first_and_unread_is_marked(worker, other_worker, signed_in, tell):
    tell(worker, other_worker)
    page = signed_in(worker).get("/notices/")

    assert [notice.to for notice in page.context["page"]] == [worker]
    assert "Unread" in page.content.decode()


def test_looking_reads_nothing_and_opening_one_reads_it_and_goes_there(worker, signed_in, tell):
    tell(worker)
    tell(worker, key="b")
    notice = Notice.objects.first()
    signed_in(worker).get("/notices/")
    assert Notice.objects.unread().count() == 2

    assert signed_in(worker).post(f"/notices/{notice.pk}/open/").url == "/cases/EH-1/"
    assert Notice.objects.unread().count() == 1


def test_one_is_marked_read_without_going_anywhere(worker, signed_in, tell):
    tell(worker)
    tell(worker, key="b")
    notice = Notice.objects.first()

    assert signed_in(worker).post(f"/notices/{notice.pk}/read/").url == "/notices/"
    assert notice not in Notice.objects.unread()
    assert Notice.objects.unread().count() == 1


@pytest.mark.parametrize("read", [True, False])
def test_an_urgent_one_says_that_it_is_and_whether_it_was_read(worker, signed_in, tell, read):
    tell(worker)
    Notice.objects.update(urgent=True, how="at_once", read_at=MONDAY if read else None)
    page = signed_in(worker).get("/notices/").text

    assert ">Urgent<" in page
    assert (">Read<" in page, ">Unread<" in page) == (read, not read)
    assert ("Mark as read" in page) is not read


def test_all_are_marked_read_and_only_ones_own(worker, other_worker, signed_in, tell):
    tell(worker, other_worker)
    tell(worker, key="b")
    signed_in(worker).post("/notices/read/")

    assert [notice.to for notice in Notice.objects.unread()] == [other_worker]


@pytest.mark.parametrize("deed", ["open", "read"])
def test_a_notice_of_somebody_else_is_not_there(worker, other_worker, signed_in, tell, deed):
    tell(other_worker)

    assert signed_in(worker).post(f"/notices/{Notice.objects.get().pk}/{deed}/").status_code == 404
    assert Notice.objects.unread().exists()


@pytest.mark.parametrize("address", ["?page=2", "?page=nonsense", "?page=999999999999999999999", "?page=-1"])
def test_any_page_asked_for_is_shown(worker, signed_in, tell, address):
    tell(worker)

    assert signed_in(worker).get(f"/notices/{address}").status_code == 200


def test_twenty_take_as_many_queries_as_one(signed_in, tell, db, django_assert_max_num_queries):
    person = UserFactory()
    client = signed_in(person)
    client.get("/notices/")
    for number in range(20):
        tell(person, key=str(number))
    with django_assert_max_num_queries(5):  # the fifth: does their e-mail address work?
        client.get("/notices/")


def test_who_has_no_address_that_works_is_told_on_the_page(worker, signed_in):
    assert "does not work" not in signed_in(worker).get("/notices/").content.decode()
    FailedAddress.objects.create(user=worker, address=worker.email, since=MONDAY)
    assert "Your e-mail address does not work" in signed_in(worker).get("/notices/").content.decode()


def test_what_became_of_an_e_mail_stands_beside_its_notice(worker, signed_in, tell):
    tell(worker)
    send_owed(now=MONDAY + timedelta(days=1))

    assert "E-mail: Sent" in signed_in(worker).get("/notices/").content.decode()
