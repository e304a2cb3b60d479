"""What should be better is answered: by whoever answers for it, by a day, and whoever wrote it down hears what was done."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Feedback, FeedbackDeadline
from assessments.queries import ratings
from assessments.services.feedback import write_down
from assessments.transitions import answer_feedback
from earlyhelp.cases.enums import Status
from earlyhelp.core.calendar import add_working_days
from earlyhelp.deadlines.sweep import ring
from earlyhelp.directory.models import Organisation
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, AgencyFactory, CaseFactory, PostFactory, ServiceFactory
from tests.insight.test_home import lines

WORDS = "Nobody rang us back."
DONE = "We ring every family within a week from now on."
SAID = {"words": WORDS, "said_by": "person", "said_on": MONDAY.date(), "quoting": "anonymous", "quoted_as": ""}


@pytest.fixture
def society(melton):
    """A small organisation with a service; whoever of it has an account answers."""
    agency = AgencyFactory(name="Example Society", kind="voluntary")
    service = ServiceFactory(organisation=Organisation.objects.create(name="Example Society", agency=agency))
    service.areas.set([melton])
    return service


@pytest.fixture
def theirs(society, melton):
    return PostFactory(user__agency=society.organisation.agency, area=melton).user


@pytest.fixture
def says(worker):
    """Somebody says this to the worker, who writes it down."""

    def say(kind="complaint", service=None, by=worker, now=MONDAY, **facts):
        return write_down(service, by=by, now=now, kind=kind, **SAID | facts)

    return say


def told(person):
    return list(Notice.objects.filter(to=person).values_list("title", flat=True))


# --- who is asked ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["complaint", "suggestion"])
def test_a_service_with_people_here_is_asked_within_ten_working_days(kind, says, society, theirs, manager):
    row = says(kind, society)

    owed = row.deadlines.get()
    assert (owed.code, owed.holder, owed.is_overdue(MONDAY)) == ("D_COMPLAINT", theirs, False)
    assert timezone.localdate(owed.due_at) == add_working_days(MONDAY.date(), 10)
    assert told(theirs) == ["Somebody says what should be better: answer them"]
    assert told(manager) == []


def test_of_early_help_itself_the_managers_of_the_place_are_asked_and_no_other(says, manager, service_manager, theirs):
    elsewhere = PostFactory(role=Role.TEAM_MANAGER).user
    row = says()

    assert (row.of, row.deadlines.get().holder_role) == ("Early help", Role.TEAM_MANAGER)
    assert len(told(manager)) == 1
    assert told(elsewhere) == told(service_manager) == told(theirs) == []


def test_where_no_team_is_managed_whoever_manages_all_of_it_is_asked(says, service_manager):
    assert says().deadlines.get().holder_role == Role.SERVICE_MANAGER
    assert len(told(service_manager)) == 1


@pytest.mark.parametrize("kind", ["praise", "thanks"])
def test_praise_asks_nobody_for_anything(kind, says, society, theirs, manager):
    row = says(kind, society, rating=5)

    assert row.status == "heard"
    assert not FeedbackDeadline.objects.exists()
    assert not Notice.objects.exists()


def test_an_answer_that_is_late_is_heard_of_higher_up(says, society, theirs, manager, service_manager):
    says("complaint", society)
    ring(now=MONDAY + timedelta(days=40))

    assert "Answer a complaint or a suggestion: overdue" in told(theirs)
    assert "Answer a complaint or a suggestion: overdue" in told(manager)
    assert "Answer a complaint or a suggestion: overdue" in told(service_manager)


# --- the answer --------------------------------------------------------------------------------------------------------


def test_what_was_done_reaches_whoever_wrote_it_down_and_ends_what_was_promised(says, society, theirs, worker, client):
    row = says("complaint", society)
    client.force_login(theirs)
    assert (row.get_absolute_url(), f"Answer a complaint: {society.name}") in lines(client)
    page = client.get(row.get_absolute_url())
    assert WORDS in page.text
    assert str(worker) not in page.text  # that would say whose family it was
    token = page.context["form"]["token"].value()
    assert client.post(row.get_absolute_url(), {"token": token, "answer": DONE}).status_code == 302

    row.refresh_from_db()
    assert (row.status, row.answer, row.answered_by) == ("answered", DONE, theirs)
    assert row.deadlines.get().met_at
    assert row.get_absolute_url() not in [url for url, _ in lines(client)]
    assert told(worker) == ["What somebody told you should be better was answered"]
    client.force_login(worker)
    assert DONE in client.get("/feedback/mine/").text


def test_it_is_answered_once(says, manager):
    row = says()
    answer_feedback(row, by=manager, now=MONDAY, answer=DONE)

    with pytest.raises(NotPossible):
        answer_feedback(row, by=manager, now=MONDAY, answer="Nothing.")
    assert Feedback.objects.get().answer == DONE


def test_nobody_answers_for_another_service_or_place_nor_what_asks_for_nothing(says, society, theirs, worker, client):
    stranger = PostFactory(role=Role.TEAM_MANAGER).user
    of_us, praise = says(), says("praise", society)
    for who, row in ((theirs, of_us), (worker, of_us), (stranger, of_us), (theirs, praise)):
        client.force_login(who)
        assert client.get(f"/feedback/{row.pk}/answer/").status_code == 404
    with pytest.raises(PermissionDenied):
        answer_feedback(of_us, by=theirs, now=MONDAY, answer=DONE)

    assert set(Feedback.objects.values_list("answer", flat=True)) == {""}
    client.force_login(worker)
    assert client.get("/feedback/to-answer/").status_code == 403


def test_the_managers_home_has_what_nobody_else_answers_and_their_page_has_all(says, society, theirs, manager, client):
    of_us, of_them = says(), says("suggestion", society)
    client.force_login(manager)

    urls = [url for url, _ in lines(client)]
    assert of_us.get_absolute_url() in urls
    assert of_them.get_absolute_url() not in urls
    page = client.get("/feedback/to-answer/").text
    assert of_us.get_absolute_url() in page
    assert of_them.get_absolute_url() in page


def test_the_page_of_what_waits_costs_the_same_queries_for_one_and_for_twenty(says, manager, client):
    client.force_login(manager)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/feedback/to-answer/").status_code == 200
        return len(seen)

    says()
    queries()
    few = queries()
    for _ in range(19):
        says()
    assert queries() == few


@pytest.mark.parametrize(
    "facts",
    [
        {"said_by": "professional", "rating": 5},
        {"said_by": "professional", "kind": "complaint", "status": "open"},
        {"kind": "complaint"},
        {"kind": "praise", "status": "open"},
        {"rating": 6},
        {"answer": DONE},
        {"kind": "complaint", "status": "answered"},
    ],
)
def test_the_database_keeps_no_measure_of_an_observation_and_no_complaint_without_an_answer_owed(facts, worker, melton):
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(**SAID | {"area": melton, "recorded_by": worker, "recorded_at": MONDAY} | facts)
    assert not Feedback.objects.exists()


# --- a case's family ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "when"), [(Status.CLOSING, "at_the_end"), (Status.FOLLOW_UP, "follow_up")])
def test_a_family_says_how_it_was_and_nothing_leads_from_it_to_them(status, when, worker, melton, client):
    ended = {"closed_on": MONDAY.date(), "end_reason": "outcomes_met", "follow_up_agreed": True}
    case = CaseFactory.led_by(worker, area=melton, status=status, **ended if status == Status.FOLLOW_UP else {})
    page = f"/feedback/new/case/{case.reference}/"
    client.force_login(worker)
    assert page in client.get(case.get_absolute_url()).text
    asked = client.get(page)
    assert "A professional" not in asked.text
    typed = {"said_by": "person", "kind": "thanks", "rating": "4", "words": "It is calmer.", "quoting": "no"}
    typed |= {"said_on_day": "2", "said_on_month": "3", "said_on_year": "2026"}
    assert client.post(page, typed | {"token": asked.context["form"]["token"].value()}).status_code == 302

    row = Feedback.objects.get()
    assert (row.of, row.said_when, row.rating, row.area) == ("Early help", when, 4, melton)
    assert not {"case", "family", "person"} & {field.name for field in Feedback._meta.get_fields()}


def test_a_family_is_not_asked_in_the_middle_nor_by_somebody_else(worker, manager, practitioner, melton, client):
    running = CaseFactory.led_by(worker, area=melton)
    ending = CaseFactory.led_by(worker, area=melton, status=Status.CLOSING)
    for who, case in ((worker, running), (practitioner, ending)):
        client.force_login(who)
        assert client.get(f"/feedback/new/case/{case.reference}/").status_code == 404
    client.force_login(worker)
    assert "how it was for the family" not in client.get(running.get_absolute_url()).text


# --- the evaluation ----------------------------------------------------------------------------------------------------


def test_a_small_number_is_told_only_to_whoever_may_read_what_it_counts(says):
    for rating, quoting, times in ((5, "anonymous", 3), (4, "no", 4), (3, "no", 5)):
        for _ in range(times):
            says("praise", rating=rating, quoting=quoting)

    assert [str(number) for _, number in ratings(Feedback.objects.own_words())] == ["3", "Fewer than 5", "5", "0", "0"]


def test_the_evaluation_counts_what_may_not_be_quoted_and_quotes_none_of_it(
    says, society, manager, service_manager, client
):
    for _ in range(6):
        says("thanks", society, rating=5, quoting="no", words="Keep this to yourself.")
    says("", said_by="professional", words="They look better.")
    answer_feedback(says(), by=manager, now=MONDAY, answer=DONE)
    client.force_login(service_manager)
    page = client.get("/feedback/")

    assert dict(page.context["ratings"])["It helped a great deal"].counted == 6
    assert {name: str(number) for name, number in page.context["answering"].items()} == {
        "asked": "1",
        "answered": "1",
        "late": "0",
    }
    assert DONE in page.text
    assert "Keep this to yourself." not in page.text
    assert (
        sum(number.counted for _, number in page.context["ratings"]) == 6
    )  # what a professional noticed is no measure
    assert client.get("/feedback/?of=us").context["ratings"][0][1].counted == 0
    assert "ratings" not in client.get("/feedback/?show=observations").context
