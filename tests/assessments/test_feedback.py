"""What people say of a service: with their permission, for whoever answers for services, and never as a measure."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments.models import Feedback
from earlyhelp.audit.models import Access, Event
from tests.factories import MONDAY, ServiceFactory

SAID = {"said_by": "person", "said_on": MONDAY.date(), "recorded_at": MONDAY}


@pytest.fixture
def written(db, worker):
    def write(number=1, **facts):
        facts = {"quoting": "anonymous", "recorded_by": worker} | SAID | facts
        return [
            Feedback.objects.create(service=ServiceFactory(), words=f"It helped, {n}.", **facts) for n in range(number)
        ]

    return write


def queries(client, page):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(page).status_code == 200
    return len(seen)


@pytest.mark.parametrize("page", ["/feedback/", "/feedback/mine/"])
def test_a_page_costs_the_same_queries_for_one_and_for_twenty(page, written, worker, service_manager, client):
    client.force_login(worker if "mine" in page else service_manager)
    written()
    queries(client, page)  # what is kept from then on, as who is signed in
    few = queries(client, page)
    written(19)

    assert queries(client, page) == few


@pytest.mark.parametrize("facts", [{"quoting": "named"}, {"quoting": "no", "quoted_as": "Mr T"}])
def test_the_database_keeps_no_name_without_permission_and_no_permission_without_a_name(facts, written):
    with pytest.raises(IntegrityError), transaction.atomic():
        written(**facts)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("manager", True),
        ("service_manager", True),
        ("chair", True),
        ("ig_lead", True),
        ("worker", False),
        ("coordinator", False),
        ("access_worker", False),
    ],
)
def test_whoever_answers_for_services_reads_what_may_be_quoted(who, reads, written, client, request):
    written()
    client.force_login(request.getfixturevalue(who))

    page = client.get("/feedback/")
    assert (page.status_code, "It helped, 0." in page.text) == ((200, True) if reads else (403, False))
    assert ('href="/feedback/"' in client.get("/governance/").text) is reads


def test_who_may_be_quoted_is_changed_by_whoever_wrote_it_down_and_by_nobody_else(
    written, worker, other_worker, service_manager, client
):
    (row,) = written()
    for somebody in (other_worker, service_manager):
        client.force_login(somebody)
        assert client.post(f"/feedback/{row.pk}/quoting/", {"quoting": "no", "version": 1}).status_code == 404
    assert Feedback.objects.get().quoting == "anonymous"

    client.force_login(worker)
    client.post(f"/feedback/{row.pk}/quoting/", {"quoting": "no", "version": 1})
    assert Feedback.objects.get().quoting == "no"
    assert Access.objects.filter(actor=worker, subject="assessments.feedback", subject_id=row.pk).exists()
    assert Event.objects.get(kind="assessments.feedback.edit").actor == worker


def test_a_page_that_was_opened_before_the_last_change_changes_nothing(written, worker, client):
    (row,) = written()
    client.force_login(worker)
    client.post(f"/feedback/{row.pk}/quoting/", {"quoting": "no", "version": 1})

    named = {"quoting": "named", "quoted_as": "Mrs T", "version": 1}
    assert client.post(f"/feedback/{row.pk}/quoting/", named).status_code == 409
    assert Feedback.objects.get().quoting == "no"
