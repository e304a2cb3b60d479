"""The invented county: a sign-in for every role, a family at every point of the journey, nothing that could be real."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessments.models import Feedback, PlanAction
from earlyhelp.accounts.enums import State
from earlyhelp.accounts.queries import accounts
from earlyhelp.audit import seals
from earlyhelp.cases.enums import LED, Status
from earlyhelp.cases.models import Case
from earlyhelp.demo.numbers import nhs_number
from earlyhelp.directory.queries import to_keep
from earlyhelp.documents.models import Document
from earlyhelp.families.models import Family, OddRead, Person, SignificantEvent, valid_nhs_number, valid_upn
from earlyhelp.notices.enums import How
from earlyhelp.notices.models import FailedAddress, Letter, Notice
from earlyhelp.notices.services import chosen_by
from earlyhelp.partnership.demo_accounts import DEMO_PASSWORD
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area, Cover, Post, User
from earlyhelp.records.models import Blanking, Disposal, Hold
from hubs.models import HubMeeting
from lac.models import Introduction
from referrals import todo
from referrals.contacts import REPEATED_WITHIN, listed
from referrals.models import Contact, InformationRequest, Referral, ReferralDeadline, Suggestion


@pytest.fixture
def loaded(invented_county, db):
    return invented_county


def test_there_is_a_sign_in_for_every_role(loaded):
    assert set(Role.values) == set(Post.objects.current().values_list("role", flat=True))


def test_of_one_family_words_were_taken_out_and_of_others_it_is_asked(loaded):
    assert sorted(Blanking.objects.values_list("status", flat=True)) == ["asked", "blanked"]
    assert not SignificantEvent.objects.filter(text__contains="Teasel").exists()
    assert SignificantEvent.objects.filter(text__contains="[taken out ").exists()
    assert seals.verify() == []


def test_everybody_who_is_printed_can_sign_in_with_the_shared_password(loaded):
    printed = StringIO()
    call_command("demo", sign_ins=True, stdout=printed)

    names = [line.split()[-2] for line in printed.getvalue().splitlines()[2:]]
    assert len(names) >= 20
    assert User.objects.filter(username__in=names).count() == len(names)
    assert User.objects.get(username="asha").check_password(DEMO_PASSWORD)


def test_every_state_of_a_case_has_a_family_in_it(loaded):
    assert set(Status.values) == set(Case.objects.values_list("status", flat=True))


def test_every_led_case_has_its_lead_on_the_team(loaded):
    for case in Case.objects.filter(status__in=LED):
        assert case.team.current().filter(user=case.lead).exists()


def test_one_review_is_overdue(loaded):
    assert Case.objects.open().review_overdue(timezone.localdate()).count() == 1


def test_the_front_door_shows_every_kind_of_waiting(loaded):
    waiting = {"draft", "submitted", "in_triage", "info_requested"}

    assert waiting <= set(Referral.objects.values_list("status", flat=True))
    assert ReferralDeadline.objects.overdue(timezone.now()).exists()
    assert InformationRequest.objects.waiting().exists()


def test_contacts_show_each_of_their_ends_and_one_is_the_third_about_a_family(loaded):
    states = {"received", "advised", "signposted", "converted", "linked", "handed_over", "void"}
    asha = User.objects.get(username="asha")

    assert states == set(Contact.objects.values_list("status", flat=True))
    waiting = listed(asha, "waiting", lately=timezone.now() - REPEATED_WITHIN)[0:100]
    assert "Third contact about this family in 60 days" in [row.repeat for row in waiting]
    assert any(row.anywhere for row in waiting)
    assert list(todo.contacts_to_see_through(asha, timezone.now()))


def test_a_hub_meets_soon_and_its_papers_are_out(loaded):
    coming = HubMeeting.objects.filter(hub__name="Melton hub", starts_at__gt=timezone.now()).earliest("starts_at")

    assert coming.status == "published"
    kinds = set(coming.items.values_list("kind", flat=True))
    assert {"new", "step_request", "closure"} <= kinds


def test_every_supported_family_has_an_assessment_and_a_plan(loaded):
    for case in Case.objects.filter(status=Status.SUPPORTED):
        assert case.assessments.standing().exists()
        assert PlanAction.objects.filter(case=case).exists()


def test_a_health_visitor_has_something_to_do_within_the_week(loaded):
    week = (timezone.localdate(), timezone.localdate() + timedelta(days=7))

    assert PlanAction.objects.filter(owner__username="hannah", due_on__range=week).unfinished().not_handed_on().exists()


def test_a_yes_to_a_checklist_went_to_a_service_which_has_answered(loaded):
    said_yes = Suggestion.objects.filter(status="yes", onward__isnull=False)

    assert said_yes.filter(onward__status="started", onward__service__organisation__name="Age UK").exists()


def test_old_emails_to_services_went_in_their_day_and_one_came_back(loaded):
    joan = User.objects.get(username="joan")
    week = timezone.now() - timedelta(days=7)

    assert not Letter.objects.owed().filter(created_at__lt=week).exists()
    assert {"accepted", "delivered", "permanent"} <= set(Letter.objects.values_list("status", flat=True))
    assert Notice.objects.filter(to=joan, title__contains="came back").exists()


def test_the_directory_shows_what_those_who_keep_it_look_for(loaded):
    today = timezone.localdate()

    assert {show: to_keep(show, today=today).exists() for show in ("check", "correct", "withdrawn")} == {
        "check": True,
        "correct": True,
        "withdrawn": True,
    }


def test_of_what_people_say_a_suggestion_waits_and_a_complaint_was_answered(loaded):
    said = Feedback.objects.order_by("said_on").values_list("kind", "status", "service__organisation__name")
    assert ("complaint", "answered", None) in said
    assert [status for kind, status, _ in said if kind == "suggestion"] == ["open"]
    assert {each.kind for each in Feedback.objects.observations()} == {""}


def test_a_record_is_due_one_waits_for_a_second_person_and_one_is_held(loaded):
    assert {"due", "proposed"} == set(Disposal.objects.values_list("status", flat=True))
    assert Hold.objects.live().count() == 1


def test_gwen_has_no_case_and_a_coordinator(loaded):
    introduction = Introduction.objects.get(person__last_name="Harlow")

    assert str(introduction.coordinator) == "Dele Okoro"
    assert introduction.connections.count() == 3
    assert not Case.objects.filter(family__memberships__person=introduction.person).exists()


def test_every_number_is_valid_and_from_the_test_range(loaded):
    for person in Person.objects.exclude(nhs_number=""):
        valid_nhs_number(person.nhs_number)
        assert person.nhs_number.startswith("999")
    for person in Person.objects.exclude(upn=""):
        valid_upn(person.upn)


def test_the_ten_local_areas_lie_in_the_four_pilot_districts(loaded):
    localities = Area.objects.filter(kind="locality").select_related("parent")

    assert localities.count() == 10
    assert {str(area.parent) for area in localities} == {"Blaby", "Charnwood", "Hinckley and Bosworth", "Melton"}


def test_reads_want_a_look_and_one_of_them_is_explained(loaded):
    assert sorted(OddRead.objects.values_list("status", "reader__username")) == [
        ("explained", "callum"),
        ("open", "leila"),
        ("open", "marek"),
    ]


def test_one_read_is_of_a_neighbour_whom_the_reader_works_with(loaded):
    assert OddRead.objects.get(reader__username="leila").reasons == ["same_street"]


def test_nobody_is_written_to_today_about_last_year(loaded):
    assert not Notice.objects.to_email(timezone.now()).exists()


def test_no_notice_holds_a_name_of_anybody_in_a_family(loaded):
    names = {*Person.objects.values_list("last_name", flat=True), *Family.objects.values_list("name", flat=True)}
    pattern = re.compile(rf"\b({'|'.join(re.escape(name) for name in names if name)})\b")

    said = {f"{title} {url}" for title, url in Notice.objects.values_list("title", "url")}
    assert len(said) > 20
    assert [words for words in said if pattern.search(words)] == []


def test_one_person_has_made_choices_and_one_has_an_address_that_does_not_work(loaded):
    assert chosen_by(User.objects.get(username="sam"))["news"] == How.PAGE
    assert FailedAddress.objects.standing().get().user.username == "leila"
    assert Notice.objects.filter(to__username="martin", title="An e-mail address does not work").exists()


def test_accounts_stand_in_every_state_but_suspended_and_somebody_is_covered(loaded):
    states = set(accounts().as_they_stand(timezone.now()).values_list("state", flat=True))

    assert states == {State.IN_USE, State.DORMANT, State.LEFT, State.INVITED}
    assert Cover.objects.current().count() == 1


def test_nothing_happens_where_somebody_is_already(loaded):
    before = User.objects.count()

    call_command("demo", if_empty=True, stdout=StringIO())

    assert User.objects.count() == before


def test_a_second_loading_is_refused(loaded):
    with pytest.raises(CommandError, match="already"):
        call_command("demo", stdout=StringIO())


def test_an_nhs_number_whose_check_digit_would_be_ten_is_left_out():
    made = [nhs_number(serial) for serial in range(500)]

    assert "" in made
    for number in filter(None, made):
        valid_nhs_number(number)


def test_the_grants_record_holds_documents_for_the_lead_a_partner_and_the_governance_lead(loaded):
    def seen_by(name, action):
        documents = Document.objects.for_user(User.objects.get(username=name), action)
        return set(documents.values_list("title", "status"))

    agreement, window, note, chart = (
        ("What was agreed about the arrears", "available"),
        ("The window in Kai’s room", "available"),
        ("From Tyler’s class teacher", "available"),
        ("Kai’s growth chart", "held"),
    )
    assert seen_by("sam", "view") == {agreement, window, chart}
    assert seen_by("bethan", "open") == {agreement, window, note}
    assert seen_by("imran", "govern") == {agreement, window, note, chart}
    assert seen_by("imran", "open") == set()


def test_one_family_is_restricted_and_whoever_chairs_its_hub_does_not_see_it(loaded):
    (hidden,) = Family.objects.filter(restricted=True)

    def sees(username):
        return Family.objects.for_user(User.objects.get(username=username)).filter(pk=hidden.pk).exists()

    assert [sees(who) for who in ("jo", "shanice", "colm", "ivy", "asha", "imran")] == [True, True] + [False] * 4
