"""How each person wants to hear of each kind, and what nobody may switch off."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from earlyhelp.deadlines.services import promise
from earlyhelp.deadlines.sweep import ring
from earlyhelp.notices.enums import How
from earlyhelp.notices.models import Kind, Notice, Preference
from earlyhelp.notices.services import choose, chosen_by, send_owed
from tests.factories import MONDAY

MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
PAGE = "/notices/preferences/"
ANSWERS = {"reminder": "page", "request": "at_once", "decision": "digest", "news": "page"}


def test_who_has_chosen_nothing_hears_once_a_day(asha, owe):
    assert set(chosen_by(asha).values()) == {How.DIGEST}
    owe(asha)

    assert send_owed(now=MONDAY) == 0
    assert send_owed(now=MORNING) == 1


def test_a_kind_may_come_at_once(asha, owe):
    choose(asha, hows={Kind.REQUEST: How.AT_ONCE})
    owe(asha)

    assert send_owed(now=MONDAY) == 1
    assert mail.outbox[0].subject == "A family is offered to you"


def test_a_kind_may_stay_on_the_page(asha, owe):
    choose(asha, hows={Kind.REQUEST: How.PAGE})
    owe(asha)

    assert send_owed(now=MORNING + timedelta(days=30)) == 0
    assert Notice.objects.unread().get().to == asha


def test_the_choice_for_one_kind_is_not_one_for_another(asha, owe):
    choose(asha, hows={Kind.NEWS: How.PAGE})
    owe(asha)

    assert send_owed(now=MORNING) == 1


@pytest.mark.parametrize("fields", [{"urgent": True}, {"kind": Kind.HANDOVER}])
def test_what_is_urgent_and_every_hand_over_come_at_once_whatever_was_chosen(asha, owe, fields):
    choose(asha, hows=dict.fromkeys([kind for kind in Kind if kind != Kind.HANDOVER], How.PAGE))
    owe(asha, **fields)

    assert send_owed(now=MONDAY) == 1


def test_no_choice_silences_hand_overs(asha):
    choose(asha, hows={Kind.HANDOVER: How.PAGE})
    assert not Preference.objects.exists()

    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(user=asha, kind=Kind.HANDOVER, how=How.PAGE)


def test_choosing_the_page_only_takes_out_what_waits_for_the_next_digest_but_nothing_urgent(asha, owe):
    owe(asha, key="a")
    owe(asha, key="b", urgent=True)
    owe(asha, key="c", kind=Kind.NEWS)
    choose(asha, hows={Kind.REQUEST: How.PAGE})

    assert send_owed(now=MORNING) == 2
    assert [message.subject for message in mail.outbox] == [
        "A family is offered to you",
        "1 thing in Early Help needs you",
    ]


def test_choosing_at_once_does_not_send_a_heap_at_once(asha, owe):
    owe(asha, key="a")
    owe(asha, key="b")
    choose(asha, hows={Kind.REQUEST: How.AT_ONCE})

    assert send_owed(now=MONDAY) == 0
    assert send_owed(now=MORNING) == 1


@pytest.mark.parametrize(("how", "after"), [(How.AT_ONCE, "now"), (How.PAGE, None), (None, "digest")])
def test_the_sweep_asks_how_each_wants_to_be_reminded(led_case, worker, how, after):
    if how:
        choose(worker, hows={Kind.REMINDER: how})
    deadline = promise(led_case, "D_REVIEW", now=MONDAY, holder=worker, tier=2)
    now = deadline.rungs[0]
    ring(now=now)

    notice = Notice.objects.get(to=worker)
    assert notice.how == (how or How.DIGEST)
    expected = {"now": now, None: None}
    assert notice.email_after == expected[after] if after in expected else notice.email_after > now


def test_the_page_shows_what_is_chosen_and_what_cannot_be(asha, signed_in):
    choose(asha, hows={Kind.NEWS: How.PAGE})
    page = signed_in(asha).get(PAGE).content.decode()

    assert "Nobody can switch these off" in page
    assert 'name="always" type="radio" value="at_once" checked disabled' in page
    assert 'name="news" type="radio" value="page" checked' in page
    assert 'name="reminder" type="radio" value="digest" checked' in page


def test_choices_are_kept_and_only_ones_own(asha, worker, signed_in):
    assert signed_in(asha).post(PAGE, ANSWERS | {"always": "page", "handover": "page"}).status_code == 302

    assert chosen_by(asha) == ANSWERS
    assert set(chosen_by(worker).values()) == {How.DIGEST}
    assert not Preference.objects.filter(kind=Kind.HANDOVER).exists()


def test_an_unknown_answer_changes_nothing(asha, signed_in):
    answer = signed_in(asha).post(PAGE, ANSWERS | {"news": "pigeon"})

    assert answer.status_code == 422
    assert not Preference.objects.exists()


def test_saving_twice_keeps_one_choice_a_kind(asha, signed_in):
    signed_in(asha).post(PAGE, ANSWERS)
    signed_in(asha).post(PAGE, ANSWERS | {"news": "at_once"})

    assert chosen_by(asha)["news"] == How.AT_ONCE
    assert Preference.objects.count() == 4
