"""Two adults conflict: neither’s copy says anything of the other, and a second person reads it before it is made (promise P3)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from earlyhelp.audit.models import record
from earlyhelp.families.enums import RelationshipKind
from earlyhelp.families.models import Person, Relationship
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.models import User
from earlyhelp.sharing import transitions
from earlyhelp.sharing.copying import paper_of, prepare
from earlyhelp.sharing.models import Disclosure, RecipientCopy
from earlyhelp.sharing.services import end_conflict
from earlyhelp.sharing.todo import copies_to_approve
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import secret_home
from tests.sharing.copies import LATER, REFUGE, goes, text_of


def test_of_two_who_conflict_neither_gets_what_is_about_the_other_or_names_them(
    apart, dana, joe, chronology, happened, copy_for
):
    happened("Joe waits at the gate.")

    assert "Joe waits at the gate." not in goes(copy_for(dana))
    assert goes(copy_for(joe)) == [
        "He has found work.", "He reads aloud in class.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "written",
    ["Mr Cartér waited at the gate.", "Robin was collected by CARTER.", "Robin liked carter’s car.", "To Carter-Lee"],
)
def test_whoever_they_conflict_with_is_known_by_a_surname_of_their_own_too(
    apart, dana, joe, chronology, happened, copy_for, robin, written
):
    Person.objects.filter(pk=joe.pk).update(last_name="Carter")
    happened(written, robin)
    happened("The carters came with the chairs.", robin)

    assert goes(copy_for(dana)) == [
        "She sleeps again.",
        "He reads aloud in class.",
        "The carters came with the chairs.",
    ]
    assert written in goes(copy_for(joe))


@pytest.mark.parametrize(("whose", "surname"), [("dana", "Carter"), ("robin", "Carter"), ("robin", "Grant-Carter")])
def test_a_surname_that_the_reader_or_their_child_bears_too_says_of_nobody_who_it_is(
    apart, dana, joe, robin, chronology, happened, copy_for, whose, surname
):
    Person.objects.filter(pk=joe.pk).update(last_name="Carter")
    Person.objects.filter(pk={"dana": dana, "robin": robin}[whose].pk).update(last_name=surname)
    dana.refresh_from_db()
    happened(f"Robin {surname} reads aloud.", robin)

    assert f"Robin {surname} reads aloud." in goes(copy_for(dana))


def test_former_partners_with_a_protected_address_conflict_without_anybody_saying_so(dana, joe, chronology, copy_for):
    Relationship.objects.create(person=dana, other=joe, kind=RelationshipKind.FORMER_PARTNER)
    copy = copy_for(joe)
    assert not prepare(copy, now=LATER).in_conflict

    secret_home(dana, **REFUGE)
    assert prepare(copy, now=LATER).in_conflict


@pytest.fixture
def asked(apart, dana, chronology, worker, chair, manager, copy_for):
    return transitions.ask(copy_for(dana), by=worker, now=LATER)


def approved(copy, by):
    return transitions.approve(copy, by=by, now=LATER, digest=prepare(copy, now=LATER).digest)


def test_where_adults_conflict_nothing_is_made_before_a_second_person_has_read_it(
    apart, dana, chronology, worker, copy_for
):
    copy = copy_for(dana)
    with pytest.raises(NotPossible, match="a second person"):
        transitions.make(copy, by=worker, now=LATER)

    copy.refresh_from_db()
    assert copy.status == "draft"
    assert not Disclosure.objects.exists()


def test_those_who_may_approve_are_told_and_the_copy_is_made_as_they_read_it(asked, worker, chair, manager):
    assert {notice.to for notice in Notice.objects.filter(title="A copy waits for a second person")} == {chair, manager}
    made = transitions.make(approved(asked, chair), by=worker, now=LATER)

    assert made.digest == made.approved_digest
    assert "She sleeps again." in text_of(paper_of(made))
    assert "He has found work." not in text_of(paper_of(made))


def test_whoever_made_it_and_whoever_manages_elsewhere_may_not_approve_it(asked, worker, stranger, other_worker):
    for somebody in (worker, stranger, other_worker):
        with pytest.raises(PermissionDenied):
            approved(asked, somebody)

    asked.refresh_from_db()
    assert asked.status == "asked"


def test_the_database_knows_that_nobody_approves_their_own(asked, worker):
    with pytest.raises(IntegrityError, match="copy_approved_by_a_second"), transaction.atomic():
        RecipientCopy.objects.filter(pk=asked.pk).update(approved_by=worker, approved_at=LATER, approved_digest="x")


def test_an_approval_is_void_once_the_content_changes(asked, worker, chair, dana, happened):
    copy = approved(asked, chair)
    happened("The landlord rang.", dana)
    with pytest.raises(NotPossible, match="approval is void"):
        transitions.make(copy, by=worker, now=LATER)
    assert not Disclosure.objects.exists()

    transitions.make(approved(transitions.ask(copy, by=worker, now=LATER), chair), by=worker, now=LATER)
    assert Disclosure.objects.count() == 1


def test_whoever_worked_on_it_does_not_approve_it_by_another_right(asked, manager):
    record("sharing.recipientcopy.ask", asked, by=manager, at=LATER)

    with pytest.raises(NotPossible, match="worked on this copy yourself"):
        approved(asked, manager)


def test_what_changed_while_it_was_read_is_not_approved(asked, chair, dana, happened):
    digest = prepare(asked, now=LATER).digest
    happened("The landlord rang.", dana)
    with pytest.raises(NotPossible, match="changed while you read it"):
        transitions.approve(asked, by=chair, now=LATER, digest=digest)


def test_choosing_anew_voids_the_approval(asked, worker, chair):
    copy = transitions.choose(approved(asked, chair), by=worker, now=LATER, kept=[])

    assert (copy.status, copy.approved_by, copy.approved_digest) == ("draft", None, "")


def test_once_it_is_over_no_second_person_is_needed(apart, dana, worker, chronology, copy_for):
    end_conflict(apart, by=worker, now=LATER, reason="A court said so.")

    assert transitions.make(copy_for(dana), by=worker, now=LATER).status == "made"


def test_the_second_person_sends_it_back_with_a_reason_that_whoever_asked_is_told(
    asked, worker, chair, family, signed_in
):
    url = asked.get_absolute_url()
    page = signed_in(worker).get(url).content.decode()
    assert str(chair) in page
    assert f"{url}do/send_back/" not in page
    assert signed_in(worker).post(f"{url}do/send_back/", {"reason": "No."}).status_code == 404

    assert signed_in(chair).post(f"{url}do/send_back/", {"reason": "Leave out what she sleeps like."}).url == url

    asked.refresh_from_db()
    assert (asked.status, asked.approved_by) == ("draft", None)
    notice = Notice.objects.get(title="A copy was sent back to you")
    assert (notice.to, notice.reference) == (worker, family.reference)
    assert "Leave out what she sleeps like." in signed_in(worker).get(url).content.decode()


def test_whoever_sent_it_back_may_approve_it_when_they_are_asked_again(asked, worker, chair):
    back = transitions.send_back(asked, by=chair, now=LATER, reason="Leave out what she sleeps like.")
    again = transitions.ask(back, by=worker, now=LATER)

    assert approved(again, chair).status == "approved"
    assert Notice.objects.filter(title="A copy waits for a second person", to=chair).count() == 2


def test_with_nobody_to_approve_it_nobody_is_asked(apart, dana, chronology, worker, copy_for):
    copy = copy_for(dana)
    with pytest.raises(NotPossible, match="Nobody else here may approve it"):
        transitions.ask(copy, by=worker, now=LATER)

    copy.refresh_from_db()
    assert copy.status == "draft"


def test_a_copy_that_waits_stands_on_the_home_page_of_those_who_may_approve_it(asked, chair, worker, stranger):
    for somebody, lines in ((chair, 1), (worker, 0), (stranger, 0)):
        found = list(copies_to_approve(User.objects.get(pk=somebody.pk), LATER))
        assert [each.url for each in found] == [asked.get_absolute_url()] * lines
