"""What a family sends is one referral of their own, in triage at once, and no page of it is public (issue 3; promise P11)."""

import threading

import pytest
from django.db import connection
from django.test import Client

from earlyhelp.audit.models import Event
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import Agreement, Family, Person
from earlyhelp.workflow.transitions import SYSTEM
from referrals.enums import Status
from referrals.models import HelpDraft, Referral
from tests.factories import PostFactory
from tests.referrals.asking import HELP, START, Visitor
from tests.referrals.factories import ready_draft

pytestmark = pytest.mark.django_db


# --- what is sent -----------------------------------------------------------------------------------------------------


def test_what_a_family_sends_waits_in_triage(visitor, melton, access_worker):
    visitor.write(you={"lives_in": str(melton.pk)})

    response = visitor.send()

    referral = Referral.objects.get()
    assert (response.status_code, response.url) == (302, f"{START}sent/")
    assert (referral.status, referral.source_kind, referral.author, referral.area) == (
        Status.SUBMITTED,
        "family",
        None,
        melton,
    )
    assert (referral.why_now, referral.wants, referral.needs) == (HELP["why_now"], HELP["wants"], HELP["needs"])
    assert "Never leave a message" in referral.reach_safely
    assert referral.doubts == []
    assert Referral.objects.for_user(access_worker, "triage").filter(pk=referral.pk).exists()


def test_its_clock_starts_as_for_every_referral(visitor):
    visitor.write()
    visitor.send()

    owed = {each.code for each in Referral.objects.get().deadlines.open()}

    assert owed == {"D_PICKUP", "D_TRIAGE"}


def test_the_people_are_written_down_in_a_family_of_their_own(visitor):
    visitor.write()
    visitor.send()

    family = Family.objects.get()
    people = {(each.person.name, each.role) for each in family.memberships.select_related("person")}
    assert people == {("Maya Invented", "parent"), ("Ben Invented", "child")}
    assert (family.created_by, set(Person.objects.values_list("created_by", flat=True))) == (None, {None})


def test_nobody_is_matched_with_a_record_there_is_already(visitor, melton):
    known = ready_draft(area=melton, author=PostFactory(area=melton).user).family
    before = list(known.memberships.values_list("person", flat=True))
    mother = Person.objects.get(first_name="Leanne")
    day = {"born_on_day": "1", "born_on_month": "4", "born_on_year": "1996"}

    visitor.write(you={"first_name": mother.first_name, "last_name": mother.last_name} | day)
    visitor.send()

    assert Person.objects.filter(first_name="Leanne").count() == 2
    assert list(known.memberships.values_list("person", flat=True)) == before


def test_the_writer_agrees_for_themselves_and_for_nobody_else(visitor):
    visitor.write(you={"born_1_year": "2008"})
    visitor.send()

    said = {each.person.first_name: (each.status, each.recorded_by) for each in Agreement.objects.all()}
    assert said == {"Maya": (AgreementStatus.GIVEN, None), "Ben": (AgreementStatus.NOT_ASKED, None)}


def test_a_child_of_ten_may_ask_for_help_alone(visitor):
    visitor.write(you={"born_on_year": "2016", "you_are": "child", "first_1": "", "who_1": "", "lives_1": ""} | {
        "born_1_day": "", "born_1_month": "", "born_1_year": ""
    })  # fmt: skip
    visitor.send()

    assert Referral.objects.get().no_agreement_reason == "A child asked for help by themselves."


def test_the_reference_tells_nothing_and_cannot_be_guessed(county):
    numbers = {asked_again().reference for _ in range(3)}

    assert len(numbers) == 3
    assert not any(character in number for number in numbers for character in "0O1I")
    assert all(len(number.replace("-", "")) == 11 for number in numbers)


def asked_again():
    Visitor_ = Visitor()
    Visitor_.write()
    Visitor_.send()
    return Referral.objects.order_by("-pk").first()


def test_the_trail_says_that_it_came_by_the_public_form(visitor):
    visitor.write()
    visitor.send()

    start = Event.objects.get(kind="referrals.referral.start")
    assert (start.actor, start.reason) == (None, "The public form.")


def test_two_posts_of_the_same_form_make_one_referral(visitor):
    visitor.write()

    first, second = visitor.send(), visitor.send()

    assert (first.url, second.url) == (f"{START}sent/", f"{START}sent/")
    assert Referral.objects.count() == Family.objects.count() == 1


def test_after_sending_nothing_of_the_text_is_left_with_the_form(visitor):
    visitor.write()
    visitor.send()

    assert bytes(HelpDraft.objects.get().sealed) == b""
    assert visitor.get("you/").url == f"{START}sent/"


def test_they_are_told_their_number_and_by_when(visitor):
    visitor.write()
    visitor.send()
    page = visitor.get("sent/").content.decode()

    assert Referral.objects.get().reference in page
    assert "They decide with you what helps, by <strong>" in page
    assert HELP["why_now"] not in page


def test_the_status_of_it_is_no_public_page(visitor):
    visitor.write()
    visitor.send()

    response = Client().get(Referral.objects.get().get_absolute_url())

    assert response.url.startswith("/sign-in/")


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_sent_from_two_windows_at_once_it_is_one_referral(county, melton):
    visitor = Visitor()
    visitor.write()
    gate = threading.Barrier(4)

    def press():
        window = Visitor()
        window.client.cookies["asking"] = visitor.client.cookies["asking"].value
        gate.wait()
        window.send()
        connection.close()

    windows = [threading.Thread(target=press) for _ in range(4)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()

    assert (Referral.objects.count(), Family.objects.count()) == (1, 1)
    assert SYSTEM.pk is None
