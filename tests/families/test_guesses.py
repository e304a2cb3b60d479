"""Whoever guesses at a secret address is answered alike, right or wrong, and the governance lead hears of it (promise P2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.families.models import OddRead
from earlyhelp.families.secrets import GUESSED, MAY_BE_SAID, SAID, TYPED, secrets_of
from earlyhelp.families.sweep import find_odd_reads
from earlyhelp.letters.services import finish
from earlyhelp.sharing.passages import Passage
from earlyhelp.sharing.selecting import Reader, choose
from earlyhelp.workflow.cautions import cautions
from earlyhelp.workflow.transitions import NotPossible
from tests.families.pages import sent

RIGHT = ["17 Quince Lane", "LE15 7ZZ", "LE15 7", "Haven House"]
WRONG = ["18 Mulberry Road", "LE14 2BB", "LE14 2", "Rose Cottage"]


def note(client, grants, text):
    fields = sent(happened_on="2026-03-01", kind="home", text=text)
    return client.post(f"/families/{grants.reference}/chronology/add/", fields)


@pytest.mark.parametrize("guess", RIGHT + WRONG)
def test_who_may_not_know_it_is_asked_to_think_at_a_right_guess_and_at_a_wrong_one(
    hidden,
    grants,
    member,
    signed_in,
    guess,
):
    answer = note(signed_in(member), grants, f"She may be at {guess}.")

    assert answer.status_code == 422
    assert MAY_BE_SAID in answer.text
    assert SAID not in answer.text
    assert not grants.events.exists()


def test_who_may_know_it_is_asked_only_where_it_stands(hidden, grants, worker, signed_in):
    client = signed_in(worker)

    assert note(client, grants, "Met at 18 Mulberry Road.").status_code == 302
    assert SAID in note(client, grants, "Met at 17 Quince Lane.").text


def test_where_nothing_is_secret_an_address_is_a_word_like_others(grants, worker, signed_in):
    assert note(signed_in(worker), grants, "Met at 18 Mulberry Road, LE14 2BB.").status_code == 302
    assert not Event.objects.filter(kind__in=(TYPED, GUESSED)).exists()


@pytest.mark.parametrize("guess", RIGHT + WRONG)
def test_no_letter_answers_a_guess(hidden, grants, guess):
    with pytest.raises(NotPossible, match="protected") as refused:
        finish(f"You live at {guess}.", {}, family_id=grants.pk, field="message")

    assert guess not in str(refused.value)


def test_a_letter_may_name_a_place_and_a_telephone(hidden, grants):
    said = "Come to the family centre on Monday, or ring 0116 496 0001."

    assert finish(said, {}, family_id=grants.pk, field="message") == said


def test_what_is_filled_in_of_a_service_is_no_guess(hidden, grants):
    said = finish(
        "Ring {services}.", {"services": "Mulberry House, 01632 960 177"}, family_id=grants.pk, field="message"
    )

    assert said == "Ring Mulberry House, 01632 960 177."


@pytest.mark.parametrize("guess", RIGHT + WRONG)
def test_no_copy_answers_a_guess(hidden, grants, guess):
    reader = Reader(agency=1, secrets=secrets_of([grants.pk]))

    (choice,) = choose([Passage("a", "Moved", f"Perhaps to {guess}.")], reader)

    assert choice.why_not == "It may say where somebody is hidden"


def brought(now):
    find_odd_reads(now=now)
    return {(odd.family, odd.reader, tuple(odd.reasons)) for odd in OddRead.objects.all()}


def test_three_guesses_in_a_day_are_brought_to_the_governance_lead_and_one_is_not(
    hidden,
    grants,
    led_case,
    member,
    ig_lead,
):
    about, tomorrow = [("cases.case", led_case.pk)], timezone.now() + timedelta(days=1)
    cautions(about, [WRONG[0]], by=member)
    assert brought(tomorrow) == set()

    for guess in WRONG[1:]:
        cautions(about, [guess], by=member)

    assert brought(tomorrow) == {(grants, member, ("guessed",))}


def test_a_secret_written_by_somebody_who_could_not_be_told_is_brought_too(
    hidden,
    grants,
    stranger,
    worker,
    ig_lead,
):
    about, tomorrow = [("families.family", grants.pk)], timezone.now() + timedelta(days=1)
    assert cautions(about, ["17 Quince Lane"], by=stranger) == []
    cautions(about, ["17 Quince Lane"], by=worker)

    ((family, reader, reasons),) = brought(tomorrow)

    assert (family, reader) == (grants, stranger)
    assert "secret_typed" in reasons
