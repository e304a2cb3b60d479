"""What was written down wrong of a contact is put right, and what stood there before is kept (domain.md 16)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.utils import InternalError
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import REGISTRY, NotPossible, Stale
from referrals.models import Contact, ContactCorrection
from referrals.transitions.contact import advise, correct, identify, void
from referrals.views.contacts import HAPPENED
from tests.factories import FamilyFactory
from tests.referrals.factories import got_in_touch

NOW = timezone.now()
RIGHT = {"caller_phone": "01632 960 132", "reason": "Two digits were the wrong way round."}
FIELDS = ("channel", "source_kind", "caller_name", "caller_phone", "caller_email", "first_name", "last_name", "said")


@pytest.fixture
def rang(practitioner, melton):
    return got_in_touch(by=practitioner, area=melton, now=NOW, first_name="Tia", last_name="Gale")


@pytest.fixture
def page(rang):
    return reverse("referrals:contact_move", args=[rang.reference, "correct"])


def as_it_stands(contact):
    """What the form of the page holds before anybody types."""
    said = {name: getattr(contact, name) for name in FIELDS} | {"safeguarding": contact.safeguarding}
    return said | {"area": contact.area_id, "version": contact.version}


# --- who, when, and what stood there ---------------------------------------------------------------------------------


def test_a_slip_is_put_right_and_what_stood_there_is_kept(rang, practitioner):
    contact = correct(rang, by=practitioner, now=NOW, **RIGHT)

    assert contact.caller_phone == "01632 960 132"
    [kept] = contact.corrections.all()
    assert (kept.what, kept.was, kept.became) == ("caller_phone", "01632 960 123", "01632 960 132")
    assert (kept.by, kept.at, kept.reason) == (practitioner, NOW, RIGHT["reason"])


def test_each_thing_that_changed_has_a_line_in_words(rang, practitioner, charnwood):
    facts = {"born_on": date(2016, 4, 1), "area": charnwood, "channel": "email", "said": rang.said}
    contact = correct(rang, by=practitioner, now=NOW, reason="She rang back.", **facts)

    kept = {each.what: (each.was, each.became) for each in contact.corrections.all()}
    assert kept == {
        "born_on": ("", "1 April 2016"),
        "area": ("Melton", "Charnwood"),
        "channel": ("By telephone", "By email"),
    }


def test_nothing_different_is_no_correction(rang, practitioner):
    with pytest.raises(NotPossible, match="Nothing is different"):
        correct(rang, by=practitioner, now=NOW, reason="-", caller_phone=rang.caller_phone)

    assert not ContactCorrection.objects.exists()


def test_a_correction_is_never_altered_or_deleted(rang, practitioner):
    correct(rang, by=practitioner, now=NOW, **RIGHT)

    for change in (lambda rows: rows.update(was="-"), lambda rows: rows.delete()):
        with pytest.raises(InternalError), transaction.atomic():
            change(ContactCorrection.objects.all())


def test_a_correction_over_a_newer_one_is_refused(rang, practitioner, access_worker):
    correct(rang, by=practitioner, now=NOW, version=rang.version, **RIGHT)

    with pytest.raises(Stale):
        correct(rang, by=access_worker, now=NOW, version=rang.version, caller_name="A grandfather", reason="-")
    assert Contact.objects.get().caller_name == rang.caller_name


# --- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["stranger", "other_worker", "chair", "manager"])
def test_nobody_else_corrects_it(request, rang, who):
    with pytest.raises(PermissionDenied):
        correct(rang, by=request.getfixturevalue(who), now=NOW, **RIGHT)

    assert Contact.objects.get().caller_phone == rang.caller_phone


def test_once_answered_it_is_corrected_by_those_who_answer_and_no_longer_by_whoever_took_it(
    rang, practitioner, access_worker
):
    contact = advise(rang, by=access_worker, now=NOW, advice="Ring the bank.")
    with pytest.raises(PermissionDenied):
        correct(contact, by=practitioner, now=NOW, **RIGHT)

    assert correct(contact, by=access_worker, now=NOW, **RIGHT).status == "advised"


def test_what_is_not_counted_is_not_corrected(rang, access_worker):
    contact = void(rang, by=access_worker, now=NOW, because="test")

    with pytest.raises(NotPossible):
        correct(contact, by=access_worker, now=NOW, **RIGHT)


# --- what follows ----------------------------------------------------------------------------------------------------


def test_a_worry_that_had_been_missed_is_told_at_once(rang, practitioner, access_worker):
    assert not Notice.objects.filter(to=access_worker, urgent=True).exists()
    correct(rang, by=practitioner, now=NOW, safeguarding="yes", reason="She said so at the end.")

    assert Notice.objects.get(to=access_worker, urgent=True).title == "A contact waits: look at it first"


def test_the_answer_is_owed_since_they_got_in_touch_whatever_is_corrected(rang, practitioner):
    owed = rang.deadlines.get(code="D_TRIAGE")
    correct(rang, by=practitioner, now=NOW + timedelta(hours=2), **RIGHT)

    owed.refresh_from_db()
    assert owed.started_at == rang.received_at
    assert owed.met_at is None


def test_whoever_answers_where_they_live_answers_from_then_on(rang, practitioner, charnwood):
    correct(rang, by=practitioner, now=NOW, area=charnwood, reason="The other Barwell.")

    assert rang.deadlines.get(code="D_TRIAGE").area == charnwood


def test_a_contact_whose_family_is_known_stays_where_that_family_lives(rang, access_worker, melton, charnwood):
    contact = identify(rang, by=access_worker, now=NOW, family=FamilyFactory(area=melton))

    with pytest.raises(NotPossible, match="Nothing is different"):
        correct(contact, by=access_worker, now=NOW, area=charnwood, reason="-")


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_holds_what_was_written_down_and_shows_what_was_corrected(client, rang, page, practitioner):
    client.force_login(practitioner)
    form = client.get(page).context["form"]
    assert (form["caller_phone"].value(), form["last_name"].value()) == ("01632 960 123", "Gale")
    assert "received_at" not in form.fields

    assert client.post(page, as_it_stands(rang) | RIGHT).status_code == 302
    shown = client.get(rang.get_absolute_url()).text
    assert "01632 960 123" in shown
    assert "01632 960 132" in shown
    assert RIGHT["reason"] in shown
    assert str(practitioner) in shown


def test_the_page_asks_what_was_wrong(client, rang, page, practitioner):
    client.force_login(practitioner)
    refused = client.post(page, as_it_stands(rang) | RIGHT | {"reason": ""})

    assert refused.status_code == 422
    assert not ContactCorrection.objects.exists()


def test_two_who_correct_it_at_once_see_both_texts(client, rang, page, practitioner, access_worker):
    client.force_login(access_worker)
    correct(rang, by=practitioner, now=NOW, **RIGHT)
    clash = client.post(page, as_it_stands(rang) | {"caller_phone": "01632 960 199", "reason": "Misheard."})

    assert clash.status_code == 409
    assert "01632 960 132" in clash.text
    assert "01632 960 199" in clash.text
    assert Contact.objects.get().caller_phone == "01632 960 132"


def test_corrections_cost_the_page_no_query(client, rang, practitioner, access_worker, django_assert_max_num_queries):
    for number in range(9):
        facts = {"caller_phone": f"01632 960 13{number}", "reason": "Misheard."}
        correct(Contact.objects.get(), by=practitioner, now=NOW, **facts)
    client.force_login(access_worker)
    client.get("/")

    with django_assert_max_num_queries(7):
        assert len(client.get(rang.get_absolute_url()).context["corrections"]) == 9


def test_a_program_that_leaves_something_out_does_not_empty_it(rang, practitioner):
    program = APIClient()
    program.force_authenticate(practitioner)
    whole = as_it_stands(rang) | RIGHT
    sent = {name: whole[name] for name in ("channel", "source_kind", "said", "safeguarding", "version", *RIGHT)}
    answer = program.post(f"/api/contacts/{rang.reference}/correct/", sent, format="json")

    assert answer.status_code == 200, answer.content
    contact = Contact.objects.get()
    assert (contact.caller_phone, contact.last_name, contact.area) == ("01632 960 132", "Gale", rang.area)


def test_every_deed_of_a_contact_reads_afterwards_as_done():
    assert set(HAPPENED) == set(REGISTRY[Contact])
