"""What referrer and family are written about a decision: filled in, changed by the officer, looked at, kept as sent."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import InternalError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from earlyhelp.letters.enums import How, Reader
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import Status
from referrals.models import ReferralLetter
from referrals.queries import people_of
from referrals.transitions.referral import advise
from tests.factories import MONDAY, FamilyFactory, MemberFactory, ServiceFactory, secret_home

LATER = MONDAY + timedelta(hours=2)
SAID = {"reason": "Enough.", "level_of_need": 2}


@pytest.fixture
def mother(in_triage):
    return next(each.person for each in people_of(in_triage.family_id) if each.role == "parent")


@pytest.fixture
def desk(client, access_worker):
    client.force_login(access_worker)
    return client


def page_of(referral, name="advise"):
    return reverse("referrals:move", args=[referral.reference, name])


def words(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


# --- the officer finds them written ------------------------------------------------------------------------------------


def test_the_page_of_a_decision_brings_both_letters_filled_in(desk, in_triage, practitioner):
    form = desk.get(page_of(in_triage, "signpost")).context["form"]

    assert "Dear Leanne," in form["family_letter"].value()
    assert str(practitioner) in form["family_letter"].value()
    assert "{services}" in form["message"].value()
    assert "{area}" not in form["message"].value()
    assert 'name="preview"' in desk.get(page_of(in_triage)).content.decode()
    assert 'name="preview"' not in desk.get(page_of(in_triage, "withdraw")).content.decode()


def test_a_preview_shows_what_would_go_and_decides_nothing(desk, in_triage):
    service = ServiceFactory(name="Bereavement group", phone="01632 960 177")
    typed = {"reason": "r", "level_of_need": "2", "services": [service.pk], "family_told": "no", "preview": "yes"}
    typed |= {"message": "Try {services}.", "letter_to_family": "yes", "family_letter": "Dear {people}, {services}."}

    shown = desk.post(page_of(in_triage, "signpost"), typed)

    assert shown.status_code == 200
    assert "Dear Leanne, Bereavement group, 01632 960 177." in words(shown)
    in_triage.refresh_from_db()
    assert in_triage.status == Status.IN_TRIAGE
    assert not ReferralLetter.objects.exists()


@pytest.mark.parametrize(("phone", "said"), [("", True), ("01632 960 231", False)])
def test_a_preview_says_if_a_letter_would_ask_to_be_rung_without_a_number(desk, in_triage, access_worker, phone, said):
    access_worker.phone = phone
    access_worker.save()
    typed = {
        "reason": "r",
        "message": "Ring me.",
        "level_of_need": "2",
        "advice": "Ring the bank.",
        "family_told": "no",
    }
    shown = desk.post(page_of(in_triage, "advise"), typed | {"preview": "yes"}).content.decode()

    assert "Ring me." in shown
    assert ("Your own telephone number is not known here" in shown) is said


def test_a_preview_of_what_could_not_be_sent_says_so_beside_it(desk, in_triage):
    typed = {"reason": "r", "level_of_need": "2", "advice": "a", "family_told": "no", "message": "{nonsense}"}

    shown = desk.post(page_of(in_triage), typed | {"preview": "yes"})

    assert shown.status_code == 409
    assert "nonsense" in shown.context["form"].errors["message"][0]


# --- they are kept as sent ---------------------------------------------------------------------------------------------


def test_both_letters_are_kept_as_they_were_sent(in_triage, access_worker, practitioner):
    letters = {"message": "Thank you, {referrer}.", "family_letter": "Dear {people}, {advice}"}
    decided = advise(in_triage, by=access_worker, now=LATER, advice="Ask at school.", **SAID, **letters)

    theirs, family = (decided.letters.get(reader=reader) for reader in (Reader.REFERRER, Reader.FAMILY))
    assert (theirs.body, theirs.to, theirs.how) == (f"Thank you, {practitioner}.", practitioner, How.STATUS_PAGE)
    assert (family.body, family.to, family.how) == ("Dear Leanne, Ask at school.", None, How.PAPER)
    assert family.template.version == 1
    assert decided.decisions.get().message == theirs.body


def test_no_letter_goes_to_the_family_unless_the_officer_says_so(in_triage, access_worker):
    decided = advise(in_triage, by=access_worker, now=LATER, advice="a", message="m", **SAID)

    assert decided.letters.get().reader == Reader.REFERRER


def test_a_letter_is_never_altered(in_triage, access_worker):
    advise(in_triage, by=access_worker, now=LATER, advice="a", message="m", **SAID)

    with pytest.raises(InternalError), transaction.atomic():
        ReferralLetter.objects.update(body="Something else.")


def test_nothing_of_a_letter_stands_in_a_notice(in_triage, access_worker, practitioner):
    advise(in_triage, by=access_worker, now=LATER, advice="a", message="The secret words.", **SAID)

    told = Notice.objects.filter(to=practitioner).latest("pk")
    assert told.title == "Your referral has been decided"
    assert "secret" not in f"{told.title}{told.url}{told.key}"


@pytest.mark.parametrize("text", ["You live at 12 High Street.", "12 HIGH ST reet", "near LE9 9ZZ", "le99zz"])
@pytest.mark.parametrize("field", ["message", "family_letter"])
def test_a_letter_never_carries_a_protected_address(in_triage, mother, access_worker, text, field):
    secret_home(mother, line_1="12 High Street", postcode="LE9 9ZZ")
    letters = {"message": "m"} | {field: text}

    with pytest.raises(NotPossible, match="protected") as problem:
        advise(in_triage, by=access_worker, now=LATER, advice="a", **SAID, **letters)

    assert problem.value.field == field
    assert not ReferralLetter.objects.exists()


def test_somebody_who_must_stay_hidden_is_not_named_in_a_letter(in_triage, mother, access_worker):
    MemberFactory(family=FamilyFactory(restricted=True), person=mother)

    decided = advise(
        in_triage, by=access_worker, now=LATER, advice="a", message="m", family_letter="Dear {people},", **SAID
    )

    assert mother.first_name not in decided.letters.get(reader=Reader.FAMILY).body


# --- who reads them ----------------------------------------------------------------------------------------------------


@pytest.fixture
def letters(in_triage, access_worker):
    said = {"message": "To you.", "family_letter": "To the family.", "advice": "a"}
    decided = advise(in_triage, by=access_worker, now=timezone.now(), **SAID, **said)
    return {letter.reader: letter for letter in decided.letters.all()}


def test_the_referrer_reads_their_own_and_not_the_familys(client, letters, practitioner):
    client.force_login(practitioner)

    assert "To you." in words(client.get(letters[Reader.REFERRER].get_absolute_url()))
    assert client.get(letters[Reader.FAMILY].get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["worker", "contact", "chair"])
def test_nobody_else_reads_either(client, letters, request, who):
    client.force_login(request.getfixturevalue(who))

    assert {client.get(letter.get_absolute_url()).status_code for letter in letters.values()} == {404}


def test_the_familys_letter_leads_on_to_recording_that_they_were_told(desk, letters, in_triage):
    url = letters[Reader.FAMILY].get_absolute_url()
    assert page_of(in_triage, "tell_family") in desk.get(url).content.decode()
    assert f'href="{url}"' in desk.get(page_of(in_triage, "tell_family")).text

    desk.post(page_of(in_triage, "tell_family"), {"how": "I posted the letter."})

    assert not in_triage.deadlines.open().filter(code="D_OUTCOME").exists()
    assert page_of(in_triage, "tell_family") not in desk.get(url).content.decode()


def test_a_letter_to_a_hidden_home_warns_before_it_is_posted(desk, letters, mother):
    assert "Do not post this letter" not in words(desk.get(letters[Reader.FAMILY].get_absolute_url()))
    secret_home(mother, line_1="12 High Street", postcode="LE9 9ZZ")

    page = words(desk.get(letters[Reader.FAMILY].get_absolute_url()))

    assert "Do not post this letter" in page
    assert "High Street" not in page


def test_the_workbench_leads_to_the_letters(desk, letters, in_triage):
    page = desk.get(reverse("referrals:triage_case", args=[in_triage.reference])).content.decode()

    for letter in letters.values():
        assert letter.get_absolute_url() in page


def test_a_family_that_asked_themselves_gets_the_only_letter(desk, in_triage):
    from referrals.models import Referral

    Referral.objects.filter(pk=in_triage.pk).update(author=None, agency=None, source_kind="family")

    form = desk.get(page_of(in_triage)).context["form"]
    assert "family_letter" not in form.fields
    assert form["message"].value().startswith("Dear Leanne,")
    typed = {"reason": "r", "level_of_need": "2", "advice": "a", "family_told": "no", "message": "Dear {people},"}

    desk.post(page_of(in_triage), typed)

    assert ReferralLetter.objects.get().how == How.PAPER


def test_two_letters_of_one_name_on_one_day_are_told_apart_by_their_time():
    told = (MONDAY, MONDAY.replace(hour=14))
    letters = [
        SimpleNamespace(subject="About your family", reader="family", at=at, get_absolute_url=str) for at in told
    ]
    page = render_to_string("referrals/_letters.html", {"letters": letters})

    assert "at 9am" in page
    assert "at 2pm" in page
