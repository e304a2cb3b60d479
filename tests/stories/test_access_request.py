"""Story 19: at nineteen Robin asks what is written of the time when they were nine. Their father's health is his own."""

import json
from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from earlyhelp.audit.models import Access
from earlyhelp.families.models import SignificantEvent
from earlyhelp.partnership.enums import Role
from earlyhelp.records.models import AccessRequest
from earlyhelp.sharing.models import Disclosure
from tests.factories import CaseFactory, FamilyFactory, MemberFactory, PersonFactory

EPILEPSY = "Gareth had two fits that week"
WRITTEN = f"Robin was tired and quiet. {EPILEPSY}. School will ring each Friday."
OF_GARETH_ALONE = "Gareth saw the neurologist."


@pytest.fixture
def imran(seat, county):
    return seat("Imran Sheikh", county, Role.IG_LEAD)


@pytest.fixture
def nia(seat, county):
    return seat("Nia Powell", county, Role.SERVICE_MANAGER)


@pytest.fixture
def sam(seat, melton):
    return seat("Sam Whitlock", melton)


@pytest.fixture
def robin(melton, sam):
    """Nine in the autumn of 2016; the case ended the year after."""
    family = FamilyFactory(name="Holt", area=melton)
    robin = PersonFactory(first_name="Robin", last_name="Holt", born_on=date(2007, 3, 2), area=melton)
    gareth = PersonFactory(first_name="Gareth", last_name="Holt", born_on=date(1980, 1, 1), area=melton)
    MemberFactory(family=family, person=robin)
    MemberFactory(family=family, person=gareth, role="parent")
    days = {"opened_on": date(2016, 9, 1), "closed_on": date(2017, 6, 1), "end_reason": "outcomes_met"}
    CaseFactory(family=family, area=melton, status="ended", tier=2, request="Robin is tired.", **days)
    said = {"family": family, "happened_on": date(2016, 10, 3), "kind": "health", "recorded_by": sam.user}
    SignificantEvent.objects.create(text=WRITTEN, person=robin, recorded_at=timezone.now(), **said)
    SignificantEvent.objects.create(text=OF_GARETH_ALONE, person=gareth, recorded_at=timezone.now(), **said)
    return robin


def test_robin_asks_what_is_written_about_them(robin, imran, nia, sam):
    page = _robin_writes_to_the_council(robin, imran)
    _nothing_is_chosen_for_what_speaks_of_their_father(imran, page)
    _imran_strikes_the_fathers_health_and_says_by_which_code(imran, page)
    _imran_alone_cannot_finish_it(imran, page)
    _nia_reads_the_very_words_and_approves_them(nia, imran, page)
    imran.sends(f"{page}do/check_identity/", identity="Student card and a bank letter, seen on Monday.")
    imran.sends(f"{page}do/hand_over/")

    _the_fathers_health_is_in_nothing_that_robin_is_given(imran, page)
    _it_is_written_down_who_read_what_and_that_it_left(robin, imran, nia)
    sam.may_not(page, f"{page}bundle.pdf")


def _robin_writes_to_the_council(robin, imran):
    today = timezone.localdate()
    answers = {
        "first_name": "Robin",
        "last_name": "Holt",
        "born_on": robin.born_on,
        "received_on": today,
        "asker": "person",
    }
    said = imran.sends("/records/access/begin/", **answers)
    assert "What is kept about Robin Holt" in said
    page = AccessRequest.objects.get().get_absolute_url()
    imran.sends(f"{page}do/collect/")
    return page


def _items(text):
    return AccessRequest.objects.get().items.get(text__contains=text)


def _nothing_is_chosen_for_what_speaks_of_their_father(imran, page):
    assert _items(EPILEPSY).decision == "undecided"
    assert not AccessRequest.objects.get().items.filter(text__contains=OF_GARETH_ALONE).exists()
    assert "Of 2 nobody has decided yet" in imran.opens(page)


def _imran_strikes_the_fathers_health_and_says_by_which_code(imran, page):
    item = _items(EPILEPSY)
    shown = imran.opens(f"{page}items/{item.pk}/")
    assert "It speaks also of Gareth Holt" in shown
    struck = {"decision": "redact", "strikes": EPILEPSY, "code": "S2P3", "note": "His health; he was not asked."}
    imran.sends(f"{page}items/{item.pk}/", **struck)


def _imran_alone_cannot_finish_it(imran, page):
    for item in AccessRequest.objects.get().items.filter(decision="undecided"):
        imran.sends(f"{page}items/{item.pk}/", decision="disclose")
    imran.may_not(f"{page}do/approve/", f"{page}do/hand_over/")
    assert not Disclosure.objects.exists()


def _nia_reads_the_very_words_and_approves_them(nia, imran, page):
    nia.may_not(page)
    imran.sends(f"{page}do/ask/", second=nia.user.pk)
    read = nia.opens(f"{page}do/approve/")
    assert "Robin was tired and quiet. [redacted: S2P3]. School will ring" in read
    digest = nia.browser.get(f"{page}do/approve/").context["form"]["digest"].value()
    assert "Approved" in nia.sends(f"{page}do/approve/", digest=digest)
    nia.may_not(f"{page}do/hand_over/", f"{page}bundle.pdf")


def _the_fathers_health_is_in_nothing_that_robin_is_given(imran, page):
    pdf = imran.browser.get(f"{page}bundle.pdf").content
    text = " ".join(" ".join(each.extract_text() for each in PdfReader(BytesIO(pdf)).pages).split())
    told = imran.browser.get(f"{page}bundle.json").content.decode()
    for given in (text, told, imran.opens(page)):
        assert "fits" not in given
        assert "neurologist" not in given
    assert "Robin was tired and quiet" in told
    assert json.loads(told)["left_out"][0]["code"] == "S2P3"
    assert "It tells something of another person" in text


def _it_is_written_down_who_read_what_and_that_it_left(robin, imran, nia):
    event = SignificantEvent.objects.get(text=WRITTEN)
    reads = Access.objects.filter(subject="families.significantevent", subject_id=event.pk)
    assert {read.actor_id for read in reads} == {imran.user.pk, nia.user.pk}
    assert {read.purpose for read in reads} == {f"Subject access request {AccessRequest.objects.get().reference}"}
    told = Disclosure.objects.get()
    assert list(told.people.all()) == [robin]
    assert "fits" not in told.what
