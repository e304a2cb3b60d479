"""Somebody asks for what is kept about them: all of it is found, each item is decided on, and two people answer for it."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.families import merging
from earlyhelp.families.models import Address, Person, SignificantEvent
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.records.bundling import content_of, digest_of, sealed_content
from earlyhelp.records.destroying import destroy
from earlyhelp.records.due import due_families
from earlyhelp.records.enums import AccessStatus, Decision
from earlyhelp.records.models import AccessRequest
from earlyhelp.records.plan import WAYS, of_family
from earlyhelp.records.told import KINDS, NOT_TOLD
from earlyhelp.records.transitions import subject_access as deeds
from earlyhelp.sharing.models import Disclosure
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import FamilyFactory, MemberFactory, PersonFactory, PostFactory, secret_home
from tests.records.asking import NOW, TODAY, all_given, approved, asked, asked_for, collected, decide, of
from tests.records.factories import ended

# --- the clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 3, 10), date(2026, 4, 10)),
        (date(2026, 4, 4), date(2026, 5, 4)),
    ],
)
def test_it_is_answered_within_a_calendar_month_whatever_day_that_is(robin, ig_lead, received, due):
    assert asked_for(robin, ig_lead, received_on=received).due_on == due


def test_it_takes_longer_once_with_a_reason_and_while_the_first_month_runs(request_, ig_lead):
    longer = deeds.extend(request_, by=ig_lead, now=NOW, months=2, reason="Forty years of records.")

    assert longer.due_on > request_.due_on
    assert timezone.localdate(longer.deadlines.open().get().due_at) == longer.due_on
    with pytest.raises(NotPossible, match="once"):
        deeds.extend(longer, by=ig_lead, now=NOW, months=1, reason="More.")


def test_after_the_month_it_is_late_and_not_longer(request_, ig_lead):
    with pytest.raises(NotPossible, match="first month is over"):
        deeds.extend(request_, by=ig_lead, now=NOW + timedelta(days=40), months=2, reason="Late.")


# --- whose, and by whom -----------------------------------------------------------------------------------------------


def test_only_the_governance_lead_of_the_place_begins_one(robin, service_manager, charnwood, worker):
    with pytest.raises(PermissionDenied):
        asked_for(robin, service_manager)
    with pytest.raises(PermissionDenied):
        asked_for(robin, worker)
    with pytest.raises(NotPossible, match="Nobody of this name"):
        asked_for(robin, PostFactory(role=Role.IG_LEAD, area=charnwood).user)

    assert not AccessRequest.objects.exists()


def test_nobody_keeps_or_reads_what_is_about_themselves(robin, ig_lead, second, county):
    robin.first_name, robin.last_name = second.first_name, second.last_name
    robin.save()
    with pytest.raises(NotPossible, match="about you"):
        asked_for(robin, second)
    row = asked_for(robin, ig_lead)

    assert not AccessRequest.objects.for_user(second).filter(pk=row.pk).exists()


def test_one_is_under_way_at_a_time(request_, robin, ig_lead):
    with pytest.raises(NotPossible, match="under way"):
        asked_for(robin, ig_lead)


# --- what is collected ------------------------------------------------------------------------------------------------


def test_every_kind_of_record_in_the_plan_is_told_or_it_is_said_why_not():
    told = {kind.label for kind in KINDS}
    kinds = {label for label in WAYS if not label.endswith("Deadline")}

    assert kinds - told - set(NOT_TOLD) == set()
    assert told & set(NOT_TOLD) == set()


def test_what_is_about_them_alone_is_proposed_and_of_what_speaks_of_others_nothing_is_chosen(
    request_, robin, father, note, ig_lead
):
    note("Robin joined the swimming club.", person=robin)
    note("Robin told the nurse that Gareth shouts.", person=robin)
    note("Robin was at home with dad.", person=robin)
    note("They moved to another house.")
    note("Gareth has diabetes.", person=father)
    row = collected(request_, ig_lead)

    assert of(row, "swimming").decision == Decision.DISCLOSE
    assert of(row, "swimming").others == []
    assert of(row, "nurse").others == ["Gareth Holt"]
    for text in ("nurse", "with dad", "moved"):
        assert of(row, text).decision == Decision.UNDECIDED
    assert not row.items.filter(text__contains="diabetes").exists()


def test_no_date_of_theirs_is_lost(request_, robin, ig_lead):
    robin.memberships.update(from_on=date(2012, 4, 5), until_on=date(2018, 1, 2))
    Address.objects.create(person=robin, line_1="3 Mill Lane", from_on=date(2013, 6, 7))
    Person.objects.filter(pk=robin.pk).update(born_on=None, expected_on=date(2027, 3, 4))
    row = collected(request_, ig_lead)

    assert of(row, "Expected date of birth: 4 March 2027").kind == "Who they are"
    lines = of(row, "Role: ").text.splitlines()
    assert {"From: 5 April 2012", "Until: 2 January 2018"} <= set(lines)
    assert "From: 7 June 2013" in of(row, "3 Mill Lane").text
    assert "Date of birth" not in of(row, "Expected date of birth").text


def test_of_a_family_that_they_left_what_came_after_is_not_theirs(request_, robin, note, ig_lead):
    robin.memberships.update(until_on=date(2018, 1, 1))
    note("They moved.", on=date(2017, 1, 1))
    note("A baby was born.", on=date(2019, 1, 1))
    row = collected(request_, ig_lead)

    assert row.items.filter(text__contains="They moved").exists()
    assert not row.items.filter(text__contains="baby").exists()


def test_collected_anew_a_decision_stands_for_what_reads_as_before_and_falls_for_what_does_not(
    request_, robin, note, ig_lead
):
    kept, changed = note("A. Family of four."), note("B. Family of five.")
    row = collected(request_, ig_lead)
    row = decide(row, of(row, "A. Family"), ig_lead, "withhold", code="LPP", note="Advice.")
    row = decide(row, of(row, "B. Family"), ig_lead, "withhold", code="LPP", note="Advice.")
    SignificantEvent.objects.filter(pk=changed.pk).update(text="B. Family of six, with mum.")
    row = collected(row, ig_lead)

    by_event = {each.source_id: each.decision for each in row.items.filter(source="families.significantevent")}
    assert by_event == {kept.pk: Decision.WITHHOLD, changed.pk: Decision.UNDECIDED}


def test_a_place_where_somebody_else_hides_is_never_given(request_, robin, father, note, ig_lead):
    secret_home(father, line_1="12 Harbour View", postcode="LE1 1AB")
    note("Robin visited 12 Harbour View.", person=robin)
    row = collected(request_, ig_lead)
    item = of(row, "Harbour")
    with pytest.raises(NotPossible, match="hidden"):
        decide(row, item, ig_lead)
    row = decide(row, item, ig_lead, "redact", code="S2P3", note="He hides.", strikes=["12 Harbour View"])

    assert "Harbour" not in content_of(row)


def test_their_own_protected_address_is_on_no_paper(request_, robin, ig_lead):
    secret_home(robin, line_1="7 Quiet Street", postcode="LE1 1AB")
    row = collected(request_, ig_lead)

    assert Address.objects.get(person=robin).protected
    assert "Quiet Street" not in content_of(row)
    assert "Address withheld" in content_of(row)


# --- deciding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"decision": "withhold"}, "code"),
        ({"decision": "withhold", "code": "LPP"}, "weighed"),
        ({"decision": "redact", "code": "S2P3", "note": "His."}, "words that are struck"),
        ({"decision": "redact", "code": "S2P3", "note": "His.", "strikes": ["no such words"]}, "do not stand"),
    ],
)
def test_what_is_left_out_says_which_words_by_which_code_and_why(request_, robin, note, ig_lead, facts, words):
    note("The whole family was ill.")
    row = collected(request_, ig_lead)
    item = of(row, "was ill")
    with pytest.raises(NotPossible, match=words):
        decide(row, item, ig_lead, **facts)

    item.refresh_from_db()
    assert item.decided_by is None


def test_it_is_not_asked_for_while_something_is_undecided_or_has_changed(
    request_, robin, father, note, ig_lead, second
):
    note("They moved.")
    row = collected(request_, ig_lead)
    with pytest.raises(NotPossible, match="nobody has decided"):
        deeds.ask(row, by=ig_lead, now=NOW, second=second)
    row = all_given(row, ig_lead)
    note("They moved again.")
    with pytest.raises(NotPossible, match="changed"):
        deeds.ask(row, by=ig_lead, now=NOW, second=second)

    assert not Notice.objects.exists()


# --- the second person ------------------------------------------------------------------------------------------------


def test_one_person_alone_cannot_finish_it(request_, ig_lead, second):
    row = all_given(collected(request_, ig_lead), ig_lead)
    with pytest.raises(NotPossible):
        deeds.ask(row, by=ig_lead, now=NOW, second=ig_lead)
    row = deeds.ask(row, by=ig_lead, now=NOW, second=second)
    with pytest.raises(PermissionDenied):
        approved(row, ig_lead)
    with pytest.raises(NotPossible):
        deeds.hand_over(row, by=ig_lead, now=NOW)

    row.refresh_from_db()
    assert row.status == AccessStatus.ASKED
    assert not Disclosure.objects.exists()


def test_the_database_itself_refuses_one_person_in_both_parts(request_, ig_lead, second):
    row = approved(asked(request_, ig_lead, second), second)
    with pytest.raises(IntegrityError, match="access_approved_by_a_second"), transaction.atomic():
        AccessRequest.objects.filter(pk=row.pk).update(approved_by=ig_lead)


def test_the_second_person_alone_is_told_and_without_a_name(request_, robin, ig_lead, second, service_manager):
    row = asked(request_, ig_lead, second)

    [notice] = Notice.objects.filter(kind="request")
    assert (notice.to, notice.reference) == (second, row.reference)
    assert robin.last_name not in f"{notice.title} {notice.url}"
    assert not AccessRequest.objects.for_user(service_manager).exists()


def test_of_a_restricted_record_the_second_person_is_another_lead(robin, family, ig_lead, second, service_manager):
    family.restricted = True
    family.save()
    row = asked_for(robin, ig_lead)
    with pytest.raises(NotPossible, match="may not approve"):
        asked(row, ig_lead, service_manager)

    assert asked(row, ig_lead, second).second == second


def test_any_change_after_they_were_asked_voids_it(request_, robin, note, ig_lead, second):
    row = asked(request_, ig_lead, second)
    read = digest_of(row, content_of(row))
    item = row.items.first()
    row = decide(row, item, ig_lead, "withhold", code="LPP", note="Advice.")
    assert row.status == AccessStatus.COLLECTING
    row = deeds.ask(row, by=ig_lead, now=NOW, second=second)
    with pytest.raises(NotPossible, match="read it again"):
        deeds.approve(row, by=second, now=NOW, digest=read)
    note("Robin rang.", person=robin)
    with pytest.raises(NotPossible, match="has changed"):
        approved(row, second)

    row.refresh_from_db()
    assert (row.status, row.sealed) == (AccessStatus.ASKED, None)


def test_approved_it_is_sealed_and_what_is_written_later_changes_nothing_in_it(request_, robin, note, ig_lead, second):
    note("Robin joined the choir.", person=robin)
    row = approved(asked(request_, ig_lead, second), second)
    SignificantEvent.objects.update(text="Something else.")

    assert "choir" in sealed_content(row)


def test_another_decision_after_the_approval_takes_it_back(request_, ig_lead, second):
    row = approved(asked(request_, ig_lead, second), second)
    row = decide(row, row.items.first(), ig_lead)

    assert (row.status, row.approved_by, row.sealed) == (AccessStatus.COLLECTING, None, None)


# --- handing over -----------------------------------------------------------------------------------------------------


def test_nothing_is_handed_over_before_it_was_checked_who_they_are(request_, ig_lead, second):
    row = approved(asked(request_, ig_lead, second), second)
    with pytest.raises(NotPossible, match="who they are"):
        deeds.hand_over(row, by=ig_lead, now=NOW)

    assert not Disclosure.objects.exists()


@pytest.fixture
def handed(request_, robin, father, note, ig_lead, second):
    note("Robin joined the choir.", person=robin)
    note("Robin sleeps badly. Gareth has epilepsy. The nurse helps.", person=robin)
    note("What their solicitor said of Robin and mum.")
    row = collected(request_, ig_lead)
    row = decide(
        row, of(row, "epilepsy"), ig_lead, "redact", code="S2P3", note="His health.", strikes=["Gareth has epilepsy."]
    )
    row = decide(row, of(row, "solicitor"), ig_lead, "withhold", code="LPP", note="Advice.")
    row = deeds.check_identity(row, by=ig_lead, now=NOW, identity="Passport seen at the office.")
    row = approved(deeds.ask(all_given(row, ig_lead), by=ig_lead, now=NOW, second=second), second)
    return deeds.hand_over(row, by=ig_lead, now=NOW)


def test_what_was_struck_or_kept_back_is_nowhere_in_it_and_its_code_is(handed):
    said = sealed_content(handed)

    assert "epilepsy" not in said
    assert "solicitor" not in said
    assert "Robin sleeps badly. [redacted: S2P3] The nurse helps." in said
    left_out = {each["code"]: (each["struck"], each["kept_back"]) for each in json.loads(said)["left_out"]}
    assert left_out == {"S2P3": (1, 0), "LPP": (0, 1)}


def test_handed_over_it_stands_in_the_ledger_and_the_copies_of_the_record_are_gone(handed, robin):
    told = Disclosure.objects.get()
    assert (list(told.people.all()), told.record, told.way) == ([robin], handed.reference, "copy")
    assert set(handed.items.values_list("text", flat=True)) == {""}
    assert handed.items.filter(code="S2P3", note="His health.").exists()
    assert not handed.deadlines.open().exists()


def test_handed_over_nobody_alters_it(handed):
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        AccessRequest.objects.update(asker_name="Somebody else")
    with pytest.raises(NotPossible):
        deeds.collect(handed, by=handed.handed_by, now=NOW)


@pytest.mark.parametrize("deed", [deeds.refuse, deeds.withdraw])
def test_refused_or_withdrawn_it_says_why_and_keeps_nothing_of_what_was_collected(request_, ig_lead, robin, deed):
    row = deed(collected(request_, ig_lead), by=ig_lead, now=NOW, reason="They would not say who they are.")

    assert set(row.items.values_list("text", flat=True)) == {""}
    assert not row.deadlines.open().exists()
    assert Event.objects.filter(subject="records.accessrequest", reason__startswith="They would not").exists()
    assert not Disclosure.objects.exists()


# --- what it holds ----------------------------------------------------------------------------------------------------


def test_a_record_is_not_destroyed_while_somebody_of_it_asks_for_it(db, melton, ig_lead):
    old = ended(years_ago=7, born_on=date(1970, 1, 1), area=melton)
    person = old.people.get()
    person.area = melton
    person.save()
    assert [each.record for each in due_families(today=TODAY)] == [old]
    row = asked_for(person, ig_lead)
    assert list(due_families(today=TODAY)) == []

    deeds.withdraw(row, by=ig_lead, now=NOW, reason="They rang.")
    assert [each.record for each in due_families(today=TODAY)] == [old]


def test_they_are_not_made_one_with_another_record_meanwhile(request_, robin, melton):
    twice = PersonFactory(first_name="Robin", last_name="Holt", area=melton)

    assert any("asked for what is kept" in why for why in merging.why_not(robin, twice))


def test_answered_it_stays_with_the_person_when_one_of_their_families_goes(handed, robin, family, melton):
    other = MemberFactory(person=robin, family=FamilyFactory(area=melton))
    Disclosure.objects.get(family=family)
    destroy(of_family(family), because="test", now=NOW)

    assert AccessRequest.objects.get().person == robin
    assert other.family.people.get() == robin


def test_it_goes_with_the_person(handed, family):
    destroy(of_family(family), because="test", now=NOW)

    assert not AccessRequest.objects.exists()
