"""Messages between whoever referred and whoever holds the family (screens.md B5)."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from earlyhelp.audit.models import Access, Event
from earlyhelp.cases.models import Case
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from referrals import todo
from referrals.models import Referral, ReferralMessage
from referrals.transitions.message import MOST, OPEN_AFTER_THE_END, entered_in_error, read, write
from referrals.transitions.referral import advise
from tests.factories import MONDAY, CaseFactory
from tests.referrals.factories import sent, taken

LATER = MONDAY + timedelta(hours=1)
NOW_MOVED = "They have moved to her mother’s."


@pytest.fixture
def case_of_it(in_triage, melton, worker):
    """The referral went on to a case that the worker leads."""
    case = CaseFactory.led_by(worker, area=melton, family=in_triage.family)
    Referral.objects.filter(pk=in_triage.pk).update(status="accepted", case=case, decided_at=MONDAY, level_of_need=3)
    worker.forget_scope()
    return Referral.objects.get(pk=in_triage.pk)


@pytest.fixture
def advised(in_triage, access_worker):
    facts = {"reason": "r", "message": "m", "level_of_need": 1, "advice": "Ask the school.", "family_told": True}
    return advise(in_triage, by=access_worker, now=MONDAY, **facts)


def url(referral):
    return reverse("referrals:messages", args=[referral.reference])


def texts(user, referral):
    return [each.shown for each in ReferralMessage.objects.for_user(user).filter(referral=referral).newest_first()]


# --- writing -----------------------------------------------------------------------------------------------------------


def test_the_referrer_writes_and_whoever_holds_the_referral_hears_without_a_word_of_it(
    in_triage, practitioner, access_worker, second_access_worker
):
    write(in_triage, by=practitioner, now=LATER, text=NOW_MOVED)

    [notice] = Notice.objects.filter(key__contains=":message:")
    assert notice.to == access_worker  # who took it, and nobody else of the team
    assert notice.url == url(in_triage)
    assert NOW_MOVED not in notice.title
    assert in_triage.family.name not in notice.title
    assert NOW_MOVED not in str(Event.objects.latest("pk").facts)


def test_a_message_about_a_referral_that_nobody_took_goes_to_all_of_eh_access(
    referral, practitioner, access_worker, second_access_worker
):
    write(referral, by=practitioner, now=LATER, text=NOW_MOVED)

    told = Notice.objects.filter(key__contains=":message:").values_list("to", flat=True)
    assert set(told) == {access_worker.pk, second_access_worker.pk}


def test_eh_access_answers_and_has_read_what_was_written(in_triage, practitioner, access_worker):
    write(in_triage, by=practitioner, now=LATER, text=NOW_MOVED)
    write(in_triage, by=access_worker, now=LATER + timedelta(minutes=5), text="Thank you.")

    asked, answer = ReferralMessage.objects.order_by("pk")
    assert (asked.read_by, asked.from_referrer) == (access_worker, True)
    assert (answer.read_by, answer.from_referrer) == (None, False)
    assert Notice.objects.filter(key__contains=f":message:{answer.pk}").get().to == practitioner


@pytest.mark.parametrize("who", ["stranger", "chair", "worker", "manager", "contact"])
def test_nobody_else_writes_or_reads(who, request, in_triage, practitioner):
    write(in_triage, by=practitioner, now=LATER, text=NOW_MOVED)
    other = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        write(in_triage, by=other, now=LATER, text="Let me in.")

    assert texts(other, in_triage) == []
    assert ReferralMessage.objects.count() == 1


def test_a_colleague_of_the_referrer_reads_nothing(in_triage, practitioner, other_worker):
    other_worker.agency = practitioner.agency
    other_worker.save()
    write(in_triage, by=practitioner, now=LATER, text=NOW_MOVED)

    assert texts(other_worker, in_triage) == []


def test_a_restricted_family_is_talked_about_with_the_one_who_holds_it(melton, practitioner, access_worker, ig_lead):
    kept = sent(area=melton, author=practitioner)
    kept.family.restricted = True
    kept.family.save()
    write(kept, by=practitioner, now=LATER, text=NOW_MOVED)

    assert texts(access_worker, kept) == []
    assert Notice.objects.filter(key__contains=":message:").get().to == ig_lead  # who entrusts it to one worker


def test_a_draft_has_no_messages(draft, practitioner):
    with pytest.raises(PermissionDenied):
        write(draft, by=practitioner, now=LATER, text=NOW_MOVED)


def test_nobody_writes_to_a_family_that_asked_for_help_themselves(in_triage, access_worker):
    Referral.objects.filter(pk=in_triage.pk).update(author=None, source_kind="family")

    with pytest.raises(PermissionDenied):
        write(in_triage, by=access_worker, now=LATER, text="Hello")


def test_there_is_an_end_to_how_many_messages_there_are(in_triage, practitioner):
    message = {"referral": in_triage, "by": practitioner, "from_referrer": True, "at": MONDAY, "text": "x"}
    ReferralMessage.objects.bulk_create([ReferralMessage(**message) for _ in range(MOST)])

    with pytest.raises(NotPossible, match="ring"):
        write(in_triage, by=practitioner, now=LATER, text="One more.")


# --- once there is a case ----------------------------------------------------------------------------------------------


def test_the_lead_professional_hears_of_what_is_written_once_they_lead(case_of_it, practitioner, worker, access_worker):
    write(case_of_it, by=practitioner, now=LATER, text=NOW_MOVED)

    told = Notice.objects.filter(key__contains=":message:").values_list("to", flat=True)
    assert set(told) == {worker.pk, access_worker.pk}
    assert texts(worker, case_of_it) == [NOW_MOVED]


def test_what_was_written_before_the_case_stays_between_the_two(in_triage, practitioner, worker, request):
    write(in_triage, by=practitioner, now=MONDAY, text="Before.")
    case_of_it = request.getfixturevalue("case_of_it")
    write(case_of_it, by=practitioner, now=LATER, text="After.")

    assert texts(worker, case_of_it) == ["After."]
    read(case_of_it, by=worker, now=LATER)
    assert ReferralMessage.objects.get(text="Before.").read_by is None


def test_the_lead_professional_answers_on_the_same_page(client, case_of_it, practitioner, worker):
    write(case_of_it, by=practitioner, now=timezone.now(), text=NOW_MOVED)
    client.force_login(worker)

    assert NOW_MOVED in client.get(url(case_of_it)).content.decode()
    client.post(url(case_of_it), {"text": "I know: thank you.", "token": uuid.uuid4()})

    assert texts(practitioner, case_of_it) == ["I know: thank you.", NOW_MOVED]


# --- the end -----------------------------------------------------------------------------------------------------------


def test_messages_go_on_for_four_weeks_after_the_end_and_no_longer(advised, practitioner):
    end = MONDAY + OPEN_AFTER_THE_END
    write(advised, by=practitioner, now=end - timedelta(minutes=1), text="One last question.")

    with pytest.raises(NotPossible, match="ended on 30 March 2026"):
        write(advised, by=practitioner, now=end, text="Another.")

    assert ReferralMessage.objects.count() == 1


def test_messages_go_on_for_as_long_as_the_case_is_open(case_of_it, practitioner):
    write(case_of_it, by=practitioner, now=MONDAY + timedelta(days=300), text=NOW_MOVED)
    Case.objects.update(status="closed", closed_on=MONDAY.date() + timedelta(days=301), end_reason="outcomes_met")

    write(case_of_it, by=practitioner, now=MONDAY + timedelta(days=320), text="How are they?")
    with pytest.raises(NotPossible):
        write(case_of_it, by=practitioner, now=MONDAY + timedelta(days=340), text="And now?")


def test_the_page_says_that_messages_ended(client, advised, practitioner):
    Referral.objects.update(decided_at=timezone.now() - timedelta(days=30))
    client.force_login(practitioner)

    shown = client.get(url(advised)).content.decode()

    assert "No more messages can be sent" in shown
    assert "<textarea" not in shown
    assert client.post(url(advised), {"text": "Still?", "token": uuid.uuid4()}).status_code == 409


# --- nothing is rewritten ----------------------------------------------------------------------------------------------


@pytest.fixture
def message(in_triage, practitioner):
    return write(in_triage, by=practitioner, now=MONDAY, text="About the wrong family.").messages.get()


def test_the_database_keeps_what_was_said(message):
    for deed in (lambda: ReferralMessage.objects.update(text="No."), message.delete):
        with pytest.raises(Error), transaction.atomic():
            deed()

    assert ReferralMessage.objects.get().text == "About the wrong family."


@pytest.mark.parametrize(("minutes", "shown"), [(15, ""), (16, "About the wrong family.")])
def test_what_is_taken_back_at_once_is_shown_to_nobody(message, in_triage, practitioner, access_worker, minutes, shown):
    when = MONDAY + timedelta(minutes=minutes)
    entered_in_error(in_triage, by=practitioner, now=when, message=message.pk)

    assert texts(access_worker, in_triage) == [shown]
    assert ReferralMessage.objects.get().error_at == when
    assert ReferralMessage.objects.get().text == "About the wrong family."


def test_only_its_author_takes_it_back(message, in_triage, access_worker):
    with pytest.raises(PermissionDenied):
        entered_in_error(in_triage, by=access_worker, now=MONDAY, message=message.pk)

    assert ReferralMessage.objects.get().error_at is None


def test_it_is_marked_once(message, in_triage, practitioner):
    entered_in_error(in_triage, by=practitioner, now=MONDAY, message=message.pk)

    with pytest.raises(NotPossible):
        entered_in_error(in_triage, by=practitioner, now=LATER, message=message.pk)


def test_it_is_marked_from_the_page(client, message, in_triage, practitioner):
    client.force_login(practitioner)
    address = reverse("referrals:message_error", args=[in_triage.reference, message.pk])

    assert client.post(address).url == url(in_triage)
    assert "Entered in error" in client.get(url(in_triage)).content.decode()


def test_a_message_of_another_referral_is_not_there(client, message, melton, practitioner):
    other = sent(area=melton, author=practitioner)
    client.force_login(practitioner)

    assert client.post(reverse("referrals:message_error", args=[other.reference, message.pk])).status_code == 403
    assert ReferralMessage.objects.get().error_at is None


# --- what is unread ----------------------------------------------------------------------------------------------------


def lines(source, user):
    user.forget_scope()
    return [line.text for line in source(user, LATER)]


def test_what_waits_to_be_read_stands_on_the_list_of_today(in_triage, practitioner, access_worker, stranger):
    write(in_triage, by=practitioner, now=MONDAY, text=NOW_MOVED)
    assert lines(todo.messages_from_referrers, access_worker) == ["Read messages about 1 referral"]
    assert lines(todo.referrals_to_go_on_with, practitioner) == []

    write(in_triage, by=access_worker, now=LATER, text="Thank you.")
    assert lines(todo.messages_from_referrers, access_worker) == []
    assert lines(todo.referrals_to_go_on_with, practitioner) == [f"Read a message about referral {in_triage}"]
    assert lines(todo.referrals_to_go_on_with, stranger) == []

    read(in_triage, by=practitioner, now=LATER)
    assert lines(todo.referrals_to_go_on_with, practitioner) == []


def test_the_lead_professional_has_it_on_their_list(case_of_it, practitioner, worker):
    write(case_of_it, by=practitioner, now=MONDAY, text=NOW_MOVED)

    assert lines(todo.referrals_to_go_on_with, worker) == [f"Read a message about referral {case_of_it}"]


def test_the_queue_has_a_tab_of_them(client, in_triage, practitioner, access_worker):
    client.force_login(access_worker)
    tab = f"{reverse('referrals:triage')}?tab=messages"
    assert in_triage.reference not in client.get(tab).content.decode()

    write(in_triage, by=practitioner, now=timezone.now(), text=NOW_MOVED)
    shown = client.get(tab).content.decode()
    assert in_triage.reference in shown
    assert "New message" in shown
    assert NOW_MOVED not in shown

    client.post(reverse("referrals:messages_read", args=[in_triage.reference]))
    assert in_triage.reference not in client.get(tab).content.decode()


def test_looking_marks_nothing_as_read(client, message, in_triage, access_worker):
    client.force_login(access_worker)
    client.get(url(in_triage))

    assert ReferralMessage.objects.get().read_at is None
    assert Access.objects.filter(subject="referrals.referral", subject_id=in_triage.pk, actor_id=access_worker.pk)


def test_my_referrals_say_where_an_answer_waits(client, in_triage, practitioner, access_worker):
    write(in_triage, by=access_worker, now=timezone.now(), text="A question.")
    client.force_login(practitioner)

    assert "New message" in client.get(reverse("referrals:list")).content.decode()
    assert "A question." in client.get(in_triage.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", [1, 20])
def test_a_thread_takes_as_many_queries_for_twenty_as_for_one(
    client, in_triage, practitioner, number, django_assert_max_num_queries
):
    for _ in range(number):
        write(in_triage, by=practitioner, now=timezone.now(), text=NOW_MOVED)
    client.force_login(practitioner)
    client.get(url(in_triage))

    with django_assert_max_num_queries(7):
        client.get(url(in_triage))


def test_a_double_click_sends_one_message(client, in_triage, practitioner):
    client.force_login(practitioner)
    data = {"text": NOW_MOVED, "token": uuid.uuid4()}

    assert client.post(url(in_triage), data).url == client.post(url(in_triage), data).url == url(in_triage)
    assert ReferralMessage.objects.count() == 1


def test_too_long_a_message_is_refused_beside_the_box(client, in_triage, practitioner):
    client.force_login(practitioner)
    response = client.post(url(in_triage), {"text": "x" * 2001, "token": uuid.uuid4()})

    assert response.status_code == 422
    assert not ReferralMessage.objects.exists()


# --- over the API ------------------------------------------------------------------------------------------------------


def api_of(user):
    api = APIClient()
    api.force_authenticate(user)
    return api


def test_messages_go_over_the_api_by_the_same_rules(in_triage, practitioner, access_worker, stranger):
    address, key = f"/api/referrals/{in_triage}/messages/", str(uuid.uuid4())
    for _ in range(2):
        answer = api_of(practitioner).post(
            address, {"text": NOW_MOVED}, format="json", headers={"Idempotency-Key": key}
        )
        assert answer.status_code == 201, answer.content

    [row] = api_of(access_worker).get(address).json()["results"]
    assert (row["text"], row["from_referrer"], row["read_at"]) == (NOW_MOVED, True, None)
    assert api_of(access_worker).post(f"{address}read/").status_code == 200
    assert ReferralMessage.objects.get().read_by == access_worker
    assert api_of(stranger).get(address).status_code == 404
    assert api_of(stranger).post(f"{address}{row['id']}/error/").status_code == 404
    assert api_of(access_worker).post(f"{address}{row['id']}/error/").status_code == 403
    assert api_of(practitioner).post(f"{address}{row['id']}/error/").status_code == 200
    assert api_of(access_worker).get(address).json()["results"][0]["text"] == ""


def test_the_api_wants_words(taken_one):
    api, address = taken_one
    for text in ("", "x" * 2001, None):
        answer = api.post(address, {"text": text}, format="json", headers={"Idempotency-Key": str(uuid.uuid4())})
        assert answer.status_code == 400

    assert not ReferralMessage.objects.exists()


@pytest.fixture
def taken_one(melton, practitioner, access_worker):
    referral = taken(area=melton, author=practitioner, by=access_worker)
    return api_of(practitioner), f"/api/referrals/{referral}/messages/"
