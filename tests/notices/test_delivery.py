"""What became of each message; an address that does not work is left alone, and somebody is told."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest
from django.core import mail
from django.db.models import Min

from earlyhelp.insight import health
from earlyhelp.notices.enums import Delivery, How
from earlyhelp.notices.models import FailedAddress, Kind, Message, Notice
from earlyhelp.notices.services import ask, send_owed, try_again
from earlyhelp.notices.services.delivery import is_for_good
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.services import change_address, leave
from tests.factories import MONDAY, PostFactory, UserFactory
from tests.races import together

MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
NOBODY = (550, b"5.1.1 <asha@example.org>: no such user here")
FULL = (452, b"4.2.2 The mailbox is full")


@pytest.fixture
def admin(county):
    return PostFactory(role=Role.SYSTEM_ADMIN, area=county).user


def state(notice=None):
    message = (notice or Notice.objects.get()).message
    return message.status, message.status_at


def next_asked_at():
    return Message.objects.aggregate(at=Min("ask_after"))["at"]


# --- what a mail server says -------------------------------------------------------------------------------------------


def test_what_the_server_took_is_sent(asha, owe):
    owe(asha, urgent=True)
    send_owed(now=MONDAY)

    assert state() == (Delivery.ACCEPTED, MONDAY)
    assert Message.objects.get().address == asha.email


def test_every_notice_of_a_digest_knows_its_message(asha, owe):
    for number in range(3):
        owe(asha, key=str(number))
    send_owed(now=MORNING)

    assert Message.objects.get().notices.count() == 3


def test_a_full_mailbox_is_tried_again_and_in_the_end_it_goes(asha, owe, server):
    owe(asha, urgent=True)
    server.refused = {asha.email: FULL}
    send_owed(now=MONDAY)
    assert state() == (Delivery.TEMPORARY, MONDAY)
    assert not FailedAddress.objects.exists()

    server.refused = {}
    later = MONDAY + timedelta(minutes=1)
    assert send_owed(now=later) == 1
    assert state() == (Delivery.ACCEPTED, later)
    assert Message.objects.count() == 1


def test_a_refused_recipient_keeps_nobody_else_waiting(asha, owe, server, recipients):
    others = UserFactory.create_batch(3)
    owe(asha, *others, urgent=True)
    server.refused = {asha.email: NOBODY}

    assert send_owed(now=MONDAY) == 3
    assert recipients() == sorted(each.email for each in others)
    assert state(Notice.objects.get(to=asha)) == (Delivery.PERMANENT, MONDAY)


@pytest.mark.parametrize(
    ("code", "said", "cannot_work"),
    [
        (550, b"5.1.1 no such user", True),
        (550, b"5.1.10 the domain takes no mail", True),
        (550, b"5.2.1 the mailbox is disabled", True),
        (550, b"No such user", True),
        (551, b"User not local", True),
        (552, b"5.2.2 The mailbox is full", False),
        (550, b"5.7.1 Relaying denied", False),  # our own setting is wrong: nobody's address is written off for it
        (550, b"5.1.8 Bad sender's address", False),
        (554, b"Transaction failed", False),
        (450, b"4.2.0 Greylisted", False),
        (421, b"Try again later", False),
    ],
)
def test_only_an_address_that_cannot_work_is_written_off(code, said, cannot_work):
    assert is_for_good(SMTPRecipientsRefused({"asha@example.org": (code, said)})) is cannot_work


def test_a_message_refused_for_what_it_holds_writes_no_address_off():
    assert not is_for_good(SMTPDataError(550, b"5.1.1 looks like spam"))


def test_without_a_server_it_is_not_delivered_yet_and_no_address_is_to_blame(asha, owe, server):
    owe(asha, urgent=True)
    server.down = True
    send_owed(now=MONDAY)

    assert state() == (Delivery.TEMPORARY, MONDAY)
    assert not FailedAddress.objects.exists()


# --- an address that does not work -------------------------------------------------------------------------------------


@pytest.fixture
def bounced(worker, owe, server):
    """The worker's address does not work: found out by an urgent notice."""
    owe(worker, urgent=True)
    server.refused = {worker.email: NOBODY}
    send_owed(now=MONDAY)
    return worker


def told_of_it():
    return [notice.to for notice in Notice.objects.filter(title="An e-mail address does not work")]


def test_the_manager_is_told_on_the_page_and_never_by_e_mail(manager, bounced):
    assert told_of_it() == [manager]
    notice = Notice.objects.get(to=manager)
    assert (notice.how, notice.email_after, notice.url) == (How.PAGE, None, "/notices/addresses/")
    assert str(bounced) not in notice.title

    assert send_owed(now=MORNING + timedelta(days=9)) == 0
    assert mail.outbox == []


def test_the_administrator_is_told_of_somebody_whom_nobody_manages(asha, admin, manager, owe, server):
    owe(asha, urgent=True)
    server.refused = {asha.email: NOBODY}
    send_owed(now=MONDAY)

    assert told_of_it() == [admin]


def test_a_manager_whose_own_address_fails_makes_no_circle(manager, admin, owe, server):
    owe(manager, urgent=True)
    server.refused = {manager.email: NOBODY, admin.email: NOBODY}
    for hour in range(48):
        send_owed(now=MONDAY + timedelta(hours=hour))

    assert Notice.objects.count() == 1 + len(told_of_it())
    assert len(told_of_it()) == 1


def test_nothing_more_is_tried_and_nobody_told_twice(manager, bounced, owe):
    owe(bounced, key="b", urgent=True)
    owe(bounced, key="c")

    assert send_owed(now=MORNING) == 0
    assert Message.objects.count() == 1
    assert told_of_it() == [manager]


def test_a_dead_address_is_no_fault_of_the_machinery(bounced):
    assert not health._notices(MONDAY + timedelta(days=2))


def test_with_another_address_what_is_owed_goes_there(bounced, owe, server, recipients):
    owe(bounced, key="b")
    change_address(bounced, email="new@example.org")

    assert send_owed(now=MORNING) == 2
    assert recipients() == ["new@example.org"] * 2
    assert not FailedAddress.objects.standing().exists()


def test_when_the_new_one_fails_too_they_are_told_again(manager, bounced, server):
    change_address(bounced, email="new@example.org")
    server.refused |= {"new@example.org": NOBODY}
    send_owed(now=MORNING)

    assert told_of_it() == [manager, manager]
    assert FailedAddress.objects.standing().get().address == "new@example.org"


def test_tried_again_what_is_owed_goes(bounced, server):
    server.refused = {}
    try_again(bounced)

    assert send_owed(now=MORNING) == 1


# --- somebody who leaves -----------------------------------------------------------------------------------------------


def test_what_is_owed_to_somebody_who_left_goes_to_their_manager(worker, manager, owe, recipients):
    owe(worker, key="a", urgent=True)
    owe(worker, key="b")
    leave(worker, on=MONDAY.date())
    send_owed(now=MORNING)
    assert recipients() == [manager.email]
    send_owed(now=MORNING + timedelta(days=1))

    assert recipients() == [manager.email] * 2
    assert {notice.key for notice in Notice.objects.filter(to=manager)} == {"a", "b"}


def test_it_goes_to_them_once(worker, manager, owe):
    owe(worker)
    leave(worker, on=MONDAY.date())
    for hour in range(30):
        send_owed(now=MORNING + timedelta(hours=hour))

    assert Notice.objects.filter(to=manager).count() == len(mail.outbox) == 1


def test_somebody_who_has_left_is_not_told_and_their_manager_is(worker, manager, stranger, owe):
    leave(worker, on=MONDAY.date())
    worker.refresh_from_db()
    owe(worker)

    assert [notice.to for notice in Notice.objects.all()] == [manager]


# --- a service that can be asked ---------------------------------------------------------------------------------------


class Askable:
    """A stand-in for a sending service: takes all, and says later what became of it."""

    became: dict[str, Delivery | None] = {}
    down = False
    asked: list[str] = []

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        for message in messages:
            message.taken_as = f"taken-{message.to[0]}"
        return len(messages)

    def what_became_of(self, taken_as):
        if Askable.down:
            raise OSError("out of order")
        Askable.asked.append(taken_as)
        return Askable.became.get(taken_as)


@pytest.fixture
def service(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Askable"
    for name, empty in {"became": {}, "down": False, "asked": []}.items():
        monkeypatch.setattr(Askable, name, empty)
    return Askable


@pytest.fixture
def taken(worker, owe, service):
    """An urgent notice and a digest's, both taken by the service."""
    owe(worker, key="urgent", urgent=True)
    owe(worker, key="later", kind=Kind.NEWS)
    send_owed(now=MORNING)
    return worker


SOON = MORNING + timedelta(minutes=5)


def test_nothing_is_asked_before_it_could_be_known_nor_of_a_mail_server(taken, service, settings):
    assert ask(now=SOON - timedelta(seconds=1)) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert ask(now=SOON) == 0


def test_what_was_delivered_is_never_asked_about_again(taken, service):
    service.became = {f"taken-{taken.email}": Delivery.DELIVERED}

    assert ask(now=SOON) == 2
    assert set(Message.objects.values_list("status", "status_at")) == {(Delivery.DELIVERED, SOON)}
    assert ask(now=SOON + timedelta(days=2)) == 0


def test_what_is_under_way_is_asked_about_less_and_less_often_and_at_last_no_more(taken, service):
    waits, now = [], SOON
    assert ask(now=now) == 2
    while (at := next_asked_at()) is not None:
        assert ask(now=at - timedelta(seconds=1)) == 0
        assert ask(now=at) == 2
        waits.append(at - now)
        now = at

    assert waits == sorted(waits)
    assert waits[0] < waits[1] < waits[2]
    assert max(waits) == timedelta(hours=12)
    assert 16 <= len(waits) < 30
    assert not Message.objects.exclude(ask_after=None).exists()


def test_what_came_back_marks_the_address_and_is_owed_once_there_is_another(taken, manager, service):
    service.became = {f"taken-{taken.email}": Delivery.PERMANENT}
    ask(now=SOON)
    assert told_of_it() == [manager]
    assert send_owed(now=SOON + timedelta(days=1)) == 0

    change_address(taken, email="new@example.org")
    assert send_owed(now=SOON + timedelta(days=1)) == 2


def test_what_came_back_from_an_address_that_was_changed_since_marks_nothing(taken, manager, service):
    service.became = {f"taken-{taken.email}": Delivery.PERMANENT}
    change_address(taken, email="new@example.org")
    ask(now=SOON)

    assert not FailedAddress.objects.exists()
    assert send_owed(now=SOON + timedelta(days=1)) == 2


def test_what_could_not_be_delivered_is_sent_again_unless_it_was_read(taken, service):
    service.became = {f"taken-{taken.email}": Delivery.TEMPORARY}
    Notice.objects.filter(key="later").update(read_at=MORNING)
    ask(now=SOON)

    assert send_owed(now=SOON) == 0
    assert send_owed(now=SOON + timedelta(hours=1)) == 1
    assert state(Notice.objects.get(key="urgent"))[0] == Delivery.ACCEPTED


def test_a_service_that_does_not_answer_is_asked_next_time(taken, service):
    service.down = True
    assert ask(now=SOON) == 0
    service.down = False
    assert ask(now=SOON) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_learn_each_outcome_once(owe, service):
    people = UserFactory.create_batch(10)
    owe(*people, urgent=True)
    send_owed(now=MORNING)
    service.became = {f"taken-{each.email}": Delivery.DELIVERED for each in people}

    assert sum(together(lambda: ask(now=SOON), lambda: ask(now=SOON))) == 10
    assert sorted(service.asked) == sorted(f"taken-{each.email}" for each in people)
