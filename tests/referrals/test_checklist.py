"""A checklist is asked with permission, suggests with reasons; nothing is done without the person’s own yes (domain.md 11)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from earlyhelp.deadlines.sweep import ring
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.families.models import Person
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from lac.models import Introduction
from referrals.checklists import WITH_ANSWERS, services_for
from referrals.models import ChecklistAnswer, ChecklistResponse, SocialCareHandover, Suggestion
from referrals.services.checklist import begin
from referrals.transitions import checklist as deeds
from referrals.transitions import questions
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory, ServiceFactory
from tests.referrals.factories import got_in_touch, ready_draft

YES = {"given_by": "person", "given_how": "phone"}
GWEN = {"first_name": "Gwen", "last_name": "Invented"}


def suggestion(response, code):
    return response.suggestions.get(rule__code=code)


def codes(response):
    return {each.rule.code for each in response.suggestions.select_related("rule")}


@pytest.fixture
def befriending(melton):
    service = ServiceFactory(name="Befriending", needs=["connection"], email="befriending@example.org")
    service.areas.add(melton)
    return service


@pytest.fixture
def for_ages(melton):
    """Three services that help with company: for schoolchildren, for anybody, and for people of 65 and over."""
    for name, ages in {"Lunch club": {"min_age": 65}, "Youth club": {"min_age": 5, "max_age": 18}, "Choir": {}}.items():
        ServiceFactory(name=name, needs=["connection"], **ages).areas.add(melton)


@pytest.fixture
def ageless(melton, adviser):
    """Somebody grown up, whose date of birth nobody knows, and who is lonely."""
    contact = got_in_touch(by=adviser, area=melton, **GWEN)
    row = begin(contact=contact, about="adult", agreed_by="Gwen herself", by=adviser, now=MONDAY, **GWEN)
    return deeds.answer(row, by=adviser, now=MONDAY, voice="adult", answers={"lonely": "yes"})


def offered(response):
    row = WITH_ANSWERS.one_or_404(response.by, "view", pk=response.pk)
    company = next(each for each in row.suggestions.all() if each.rule.need == "connection")
    return {service.name for service in services_for([company])[company.pk]}


# --- asking ------------------------------------------------------------------------------------------------------------


def test_a_checklist_is_asked_of_somebody_whom_nobody_had_written_down(asking, gwens_contact, adviser):
    assert (asking.status, asking.contact, asking.by) == ("asking", gwens_contact, adviser)
    assert asking.person.first_name == "Gwen"
    assert asking.person.area == gwens_contact.area
    assert asking.reference.startswith("CL-")


def test_nobody_is_asked_without_agreeing_to_it(gwens_contact, adviser):
    with pytest.raises(NotPossible, match="without agreeing"):
        begin(contact=gwens_contact, about="adult", agreed_by=" ", by=adviser, now=MONDAY, **GWEN)

    assert not ChecklistResponse.objects.exists()
    assert not Person.objects.filter(first_name="Gwen").exists()


def test_a_grown_up_is_not_asked_a_childs_questions(gwens_contact, adviser):
    facts = GWEN | {"born_on": date(1934, 1, 5), "about": "child", "agreed_by": "She"}
    with pytest.raises(NotPossible, match="grown up"):
        begin(contact=gwens_contact, by=adviser, now=MONDAY, **facts)


def test_it_is_not_asked_while_no_checklist_is_in_use(asking, gwens_contact, adviser, admin):
    questions.retire(asking.set, by=admin, now=MONDAY)

    with pytest.raises(NotPossible, match="No checklist is in use"):
        begin(contact=gwens_contact, about="adult", agreed_by="She", by=adviser, now=MONDAY, person=asking.person)


@pytest.mark.parametrize("who", ["stranger", "other_worker", "admin", "service_manager"])
def test_whoever_does_not_see_the_contact_asks_nothing_from_it(request, gwens_contact, asking, who):
    user = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        begin(contact=gwens_contact, about="adult", agreed_by="She", by=user, now=MONDAY, person=asking.person)
    with pytest.raises(PermissionDenied):
        deeds.answer(asking, by=user, now=MONDAY, voice="adult", answers={"lonely": "yes"})

    assert not ChecklistAnswer.objects.exists()
    assert not ChecklistResponse.objects.for_user(user).exists()


def test_a_practitioner_asks_for_a_person_whom_they_refer(draft, practitioner, worker):
    mother = draft.family.memberships.get(role="parent").person

    made = begin(referral=draft, about="both", agreed_by="She", by=practitioner, now=MONDAY, person=mother)

    assert made.referral == draft
    with pytest.raises(PermissionDenied):
        begin(referral=draft, about="both", agreed_by="She", by=worker, now=MONDAY, person=mother)


# --- answering ---------------------------------------------------------------------------------------------------------


def test_the_answers_suggest_with_their_reasons_and_keep_the_version_that_was_asked(asked, admin):
    questions.start_draft(asked.set, by=admin, now=MONDAY)

    assert asked.status == "asked"
    assert codes(asked) == {"alongside", "memory", "company", "care_needs", "see_a_doctor"}
    assert set(suggestion(asked, "alongside").because) == {"lonely", "lives_alone", "memory"}
    assert suggestion(asked, "alongside").explanation == suggestion(asked, "alongside").rule.explanation
    assert asked.set.number == 1
    assert asked.answers.count() == 4


def test_children_who_live_there_are_asked_about_on_a_page_of_their_own(draft, practitioner):
    mother = draft.family.memberships.get(role="parent").person
    response = begin(referral=draft, about="both", agreed_by="She", by=practitioner, now=MONDAY, person=mother)

    said = {"loss": "yes", "money": "yes", "children": "yes"}
    response = deeds.answer(response, by=practitioner, now=MONDAY, voice="adult", answers=said)
    assert response.status == "asking"
    assert not response.suggestions.exists()
    comments = {"learning": "Known to CAMHS"}
    response = deeds.answer(
        response, by=practitioner, now=MONDAY, voice="child", answers={"learning": "yes"}, comments=comments
    )

    assert response.status == "asked"
    assert {"children_too", "bereaved", "money", "school"} <= codes(response)
    assert suggestion(response, "school").unchecked == ["age"]
    assert response.answers.get(question__code="learning").comment == "Known to CAMHS"


@pytest.mark.parametrize(
    ("voice", "answers", "why"),
    [
        ("adult", {"school": "yes"}, "not one of the answers"),
        ("adult", {"lonely": "often"}, "not one of the answers"),
        ("adult", {}, "Nothing was answered"),
        ("child", {"lonely": "yes"}, "not part of this checklist"),
    ],
)
def test_what_was_not_asked_is_not_taken_for_an_answer(asking, adviser, voice, answers, why):
    with pytest.raises(NotPossible, match=why):
        deeds.answer(asking, by=adviser, now=MONDAY, voice=voice, answers=answers)

    asking.refresh_from_db()
    assert asking.status == "asking"
    assert not asking.answers.exists()


def test_answers_are_given_once_and_never_altered(asked, adviser):
    with pytest.raises(NotPossible):
        deeds.answer(asked, by=adviser, now=MONDAY, voice="adult", answers={"lonely": "no"})
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        asked.answers.update(value="no")

    assert asked.answers.get(question__code="lonely").value == "yes"


def test_only_what_is_for_their_age_is_offered_as_far_as_it_is_known(ageless, for_ages, adviser):
    assert offered(ageless) >= {"Lunch club", "Choir"}

    deeds.write_age(ageless, by=adviser, now=MONDAY, age=47)
    assert offered(ageless) == {"Choir"}
    deeds.write_age(ageless, by=adviser, now=MONDAY, age=70)
    assert offered(ageless) == {"Lunch club", "Choir"}


def test_an_age_that_is_said_in_the_beginning_is_kept_unless_the_date_of_birth_is_known(melton, adviser):
    def begun(**named):
        contact = got_in_touch(by=adviser, area=melton, **GWEN)
        return begin(contact=contact, about="adult", agreed_by="She", by=adviser, now=MONDAY, **GWEN, **named)

    assert begun(age=70).age == 70
    assert begun(age=70, born_on=date(1934, 1, 5)).age is None


def test_of_a_child_no_age_of_a_grown_up_is_written_down_and_of_nobody_whose_birth_is_known(
    asking, melton, practitioner
):
    draft = ready_draft(area=melton, author=practitioner)
    child = PersonFactory(born_on=None, created_by=practitioner, area=melton)
    MemberFactory(family=draft.family, person=child)
    row = begin(referral=draft, person=child, about="child", agreed_by="Her mother", by=practitioner, now=MONDAY)

    with pytest.raises(NotPossible, match="grown up"):
        deeds.write_age(row, by=practitioner, now=MONDAY, age=30)
    with pytest.raises(NotPossible, match="date of birth is written down"):
        deeds.write_age(asking, by=asking.by, now=MONDAY, age=91)


def test_it_is_stopped_with_a_reason_and_suggests_nothing(asking, adviser):
    stopped = deeds.stop(asking, by=adviser, now=MONDAY, reason="She is tired.")

    assert (stopped.status, stopped.stopped_why) == ("stopped", "She is tired.")
    assert not stopped.suggestions.exists()


# --- what is suggested -------------------------------------------------------------------------------------------------


def test_a_yes_becomes_a_referral_of_its_own_with_its_own_permission(asked, adviser, befriending):
    offered = suggestion(asked, "company")

    said = YES | {"service": befriending, "words": "Company.", "limits": "Not my daughter."}
    offered = deeds.agree(offered, by=adviser, now=MONDAY, **said)

    referral = OnwardReferral.objects.get()
    assert (referral.person, referral.service, referral.status) == (asked.person, befriending, "sent")
    assert (referral.given_by, referral.given_how, referral.limits) == ("person", "phone", "Not my daughter.")
    assert (offered.status, offered.onward, offered.answered_by) == ("yes", referral, adviser)
    assert suggestion(asked, "alongside").status == "open"


def test_a_yes_to_a_coordinator_introduces_them(asked, adviser):
    said = YES | {"words": "To have somebody to sing with.", "reach": "Ring after ten."}

    offered = deeds.agree(suggestion(asked, "alongside"), by=adviser, now=MONDAY, **said)

    introduction = Introduction.objects.get()
    assert (introduction.person, introduction.hopes) == (asked.person, "To have somebody to sing with.")
    assert offered.went_reference == introduction.reference
    assert not OnwardReferral.objects.exists()


def test_a_yes_to_what_is_found_elsewhere_stays_to_be_done(asked, adviser):
    offered = deeds.agree(suggestion(asked, "company"), by=adviser, now=MONDAY, elsewhere="The choir", **YES)
    assert offered.to_do_elsewhere

    offered = deeds.take_up(offered, by=adviser, now=MONDAY, went_to="The choir")

    assert not offered.to_do_elsewhere
    with pytest.raises(NotPossible, match="already"):
        deeds.take_up(offered, by=adviser, now=MONDAY, went_to="The choir")


def test_without_permission_nothing_goes_anywhere(asked, adviser, befriending):
    with pytest.raises(ValueError, match="is not a valid"):
        deeds.agree(suggestion(asked, "company"), by=adviser, now=MONDAY, service=befriending, words="Company.")
    with pytest.raises(IntegrityError, match="suggestion_yes_with_permission"), transaction.atomic():
        Suggestion.objects.filter(rule__code="company").update(status="yes", answered_by=adviser, answered_at=MONDAY)

    assert not OnwardReferral.objects.exists()
    assert suggestion(asked, "company").status == "open"


def test_a_no_is_written_down_and_nothing_is_owed(asked, adviser):
    offered = deeds.decline(suggestion(asked, "company"), by=adviser, now=MONDAY, note="She has her books.")

    assert (offered.status, offered.note) == ("no", "She has her books.")
    assert not asked.deadlines.open().exists()


@pytest.mark.parametrize("who", ["stranger", "other_worker", "admin"])
def test_whoever_does_not_see_the_checklist_answers_nothing_of_it(request, asked, who):
    for deed in (deeds.agree, deeds.decline, deeds.not_now):
        with pytest.raises(PermissionDenied):
            deed(suggestion(asked, "company"), by=request.getfixturevalue(who), now=MONDAY)

    assert suggestion(asked, "company").status == "open"


# --- not now -----------------------------------------------------------------------------------------------------------


def test_not_now_is_offered_again_after_three_months(asked, adviser):
    offered = deeds.not_now(suggestion(asked, "company"), by=adviser, now=MONDAY, note="After the winter.")

    promise = asked.deadlines.open().get(code="D_REPEAT_OFFER")
    assert offered.offer_again_on == promise.due_at.date()
    assert timedelta(days=85) < promise.due_at - MONDAY < timedelta(days=97)
    assert promise.holder == adviser


def test_the_repeat_offer_rings_once_and_never_again(asked, adviser):
    deeds.not_now(suggestion(asked, "company"), by=adviser, now=MONDAY)
    due = asked.deadlines.open().get().due_at

    ring(now=due - timedelta(minutes=1))
    assert not Notice.objects.filter(reference=asked.reference).exists()
    for days in range(0, 30, 3):
        ring(now=due + timedelta(days=days))

    notices = Notice.objects.filter(reference=asked.reference)
    assert [(each.to, "due now" in each.title) for each in notices] == [(adviser, True)]
    assert "Gwen" not in notices[0].title


def test_it_is_no_longer_owed_once_they_have_answered(asked, adviser):
    later = deeds.not_now(suggestion(asked, "company"), by=adviser, now=MONDAY)

    deeds.decline(later, by=adviser, now=MONDAY + timedelta(days=80))

    assert not asked.deadlines.open().exists()


def test_several_are_offered_again_on_the_first_of_their_days(asked, adviser):
    soon, late = date(2027, 3, 1), date(2027, 9, 1)
    deeds.not_now(suggestion(asked, "company"), by=adviser, now=MONDAY, offer_again_on=late)
    later = deeds.not_now(suggestion(asked, "memory"), by=adviser, now=MONDAY, offer_again_on=soon)
    assert asked.deadlines.open().get().due_at.date() == soon

    deeds.decline(later, by=adviser, now=MONDAY)

    assert asked.deadlines.open().get().due_at.date() == late


# --- harm --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def harmed(asking, adviser):
    said = {"hurt": "unsure", "lonely": "yes"}
    return deeds.answer(asking, by=adviser, now=MONDAY, voice="adult", answers=said)


def test_a_sign_of_harm_stands_first_and_is_owed_an_answer_within_a_day(harmed, adviser):
    assert harmed.suggestions.first().rule.code == "harm"
    assert harmed.deadlines.open().get().code == "D_HARM"
    assert harmed.deadlines.open().get().holder == adviser


def test_a_sign_of_harm_is_never_refused_like_an_offer(harmed, adviser):
    harm = suggestion(harmed, "harm")

    for deed in (deeds.agree, deeds.decline, deeds.not_now):
        with pytest.raises(NotPossible, match="no offer"):
            deed(harm, by=adviser, now=MONDAY)
    with pytest.raises(IntegrityError, match="suggestion_of_harm"), transaction.atomic():
        Suggestion.objects.filter(pk=harm.pk).update(status="no", answered_by=adviser, answered_at=MONDAY)

    assert suggestion(harmed, "harm").status == "open"


def test_handing_over_deals_with_every_sign_of_harm(harmed, adviser):
    what = {"about": "Gwen", "concern": "She flinches.", "family_told": True}

    response = deeds.hand_over(harmed, by=adviser, now=MONDAY, **what)

    assert response.handover == SocialCareHandover.objects.get()
    assert suggestion(harmed, "harm").status == "dealt_with"
    assert suggestion(harmed, "harm").answered_by == adviser
    assert suggestion(harmed, "company").status == "open"
    assert not harmed.deadlines.open().filter(code="D_HARM").exists()


WORRY = {"about": "Ida", "concern": "Bruises.", "family_told": True}


@pytest.fixture
def of_a_person(melton, practitioner):
    """Begun on a person's own page, by whoever works with them."""
    person = PersonFactory(first_name="Ida", born_on=date(1980, 1, 1), area=melton)
    MemberFactory(family=FamilyFactory(area=melton, created_by=practitioner), person=person, role="parent")
    return begin(person=person, about="adult", agreed_by="She", by=practitioner, now=MONDAY)


def test_handed_over_from_a_persons_own_checklist_it_carries_their_family_and_its_case(led_case, worker):
    person = MemberFactory(family=led_case.family, person=PersonFactory(born_on=date(1980, 1, 1)), role="parent").person
    response = begin(person=person, about="adult", agreed_by="She", by=worker, now=MONDAY)

    deeds.hand_over(response, by=worker, now=MONDAY, **WORRY)

    handover = SocialCareHandover.objects.get()
    assert (handover.family, handover.case) == (led_case.family, led_case)


def test_of_two_families_it_is_the_one_with_which_they_live_and_never_one_they_left(of_a_person, practitioner, melton):
    person = of_a_person.person
    person.memberships.update(lives_in_household=False)
    left = MemberFactory(family=FamilyFactory(area=melton), person=person)
    person.memberships.filter(pk=left.pk).update(until_on=MONDAY.date() - timedelta(days=9))
    home = MemberFactory(family=FamilyFactory(area=melton), person=person)

    deeds.hand_over(of_a_person, by=practitioner, now=MONDAY, **WORRY)

    assert SocialCareHandover.objects.get().family == home.family


def test_of_a_restricted_family_the_governance_lead_hears_and_eh_access_does_not(
    of_a_person, practitioner, access_worker, ig_lead
):
    family = of_a_person.person.memberships.get().family
    family.restricted = True
    family.save()
    practitioner.forget_scope()

    deeds.hand_over(of_a_person, by=practitioner, now=MONDAY, **WORRY)

    assert Notice.objects.filter(to=ig_lead, kind="handover").exists()
    assert not Notice.objects.filter(to=access_worker).exists()


def test_of_somebody_in_no_family_nothing_is_made_up(harmed, adviser):
    deeds.hand_over(harmed, by=adviser, now=MONDAY, **WORRY)

    assert SocialCareHandover.objects.get().family is None


def test_what_was_done_is_said_where_there_was_nothing_to_hand_over(harmed, adviser):
    dealt = deeds.deal_with(suggestion(harmed, "harm"), by=adviser, now=MONDAY, note="Social care knows and visits.")

    assert dealt.status == "dealt_with"
    assert not harmed.deadlines.open().exists()
    with pytest.raises(NotPossible, match="This is an offer"):
        deeds.deal_with(suggestion(harmed, "company"), by=adviser, now=MONDAY, note="Nothing.")


# --- who sees it -------------------------------------------------------------------------------------------------------


def test_who_answers_contacts_there_sees_it_and_others_do_not(
    asked, access_worker, adviser, practitioner, chair, admin
):
    for user in (access_worker, adviser):
        assert ChecklistResponse.objects.for_user(user).get() == asked
        assert Suggestion.objects.for_user(user, "offer").exists()
    for user in (practitioner, chair, admin):
        assert not ChecklistResponse.objects.for_user(user).exists()


def test_another_adviser_may_send_what_they_said_yes_to_and_sees_them_no_longer_than_needed(
    asked, access_worker, adviser, befriending
):
    assert Person.objects.for_user(access_worker).filter(pk=asked.person_id).exists()

    said = YES | {"service": befriending, "words": "Company."}
    deeds.agree(suggestion(asked, "company"), by=access_worker, now=MONDAY, **said)
    for each in asked.suggestions.open():
        deeds.decline(each, by=access_worker, now=MONDAY)

    assert not Person.objects.for_user(access_worker).filter(pk=asked.person_id).exists()


def test_taking_a_contact_about_a_family_gives_no_sight_of_its_people(melton, practitioner):
    draft = ready_draft(area=melton, author=MemberFactory(family__area=melton).family.created_by or practitioner)
    person = PersonFactory(area=melton)
    MemberFactory(family=draft.family, person=person)
    contact = got_in_touch(by=practitioner, family=draft.family)

    begin(contact=contact, about="adult", agreed_by="She", by=practitioner, now=MONDAY, person=person)

    seen = Person.objects.for_user(practitioner).filter(pk=person.pk).exists()
    assert seen == (draft.family.created_by_id == practitioner.pk)
