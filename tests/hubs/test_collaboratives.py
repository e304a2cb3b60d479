"""Local forums: they tell the hub what they see, plan for what they can meet, and name no family (domain.md R12, story 17)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.core.rights import may
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import Band, ReportStatus, TrendKind
from hubs.models import Collaborative, CollaborativeMember, LocalAction, ServiceGap, TrendReport
from hubs.naming import gives_pause, named_in
from hubs.services.collaboratives import found, join, leave, plan, record_meeting, report
from hubs.transitions.collaboratives import answer_report, finish
from tests.factories import (
    AreaFactory,
    FamilyFactory,
    MemberFactory,
    PersonFactory,
    PostFactory,
    ServiceFactory,
)

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
SEEN = "More children stay away from school since the autumn, and wait for months."
SAID = {
    "kind": TrendKind.TREND,
    "need": "anxiety",
    "seen": SEEN,
    "band": Band.SOME,
    "since_on": TODAY - timedelta(days=80),
    "evidence": "Three schools count it each week.",
}


@pytest.fixture
def teacher(melton):
    return PostFactory(area=melton).user


@pytest.fixture
def forum(melton, coordinator, teacher):
    return found(area=melton, name="Vale collaborative", by=coordinator, now=NOW, chair=teacher)


@pytest.fixture
def told(forum, teacher, melton):
    return report(forum, by=teacher, now=NOW, area=melton, **SAID)


def titles(user):
    return list(Notice.objects.filter(to=user).values_list("title", flat=True))


# --- who sits there -----------------------------------------------------------------------------------------------------


def test_a_forum_has_one_chair_and_the_one_before_stays(forum, coordinator, teacher, practitioner):
    join(forum, by=coordinator, now=NOW, user=practitioner, chairs=True)
    chairs = {member.user: member.chairs for member in forum.members.all()}
    assert chairs == {teacher: False, practitioner: True}


def test_somebody_without_an_account_is_named_and_does_not_chair(forum, coordinator):
    member = join(forum, by=coordinator, now=NOW, name="Ann Other", comes_for="The playgroup")
    assert (str(member), member.place) == ("Ann Other", "The playgroup")
    with pytest.raises(NotPossible, match="signs in"):
        join(forum, by=coordinator, now=NOW, name="Bea Other", chairs=True)
    assert forum.members.count() == 2


def test_nobody_is_a_member_twice(forum, coordinator, teacher):
    with pytest.raises(NotPossible, match="already"):
        join(forum, by=coordinator, now=NOW, user=teacher)


def test_whoever_has_left_reads_no_more(forum, coordinator, practitioner):
    member = join(forum, by=coordinator, now=NOW, user=practitioner)
    practitioner.forget_scope()
    assert may(practitioner, "view", forum)
    leave(member, by=coordinator, now=NOW)
    CollaborativeMember.objects.filter(pk=member.pk).update(
        from_on=TODAY - timedelta(days=9), until_on=TODAY - timedelta(days=1)
    )
    practitioner.forget_scope()
    assert not may(practitioner, "view", forum)


@pytest.mark.parametrize("who", ["stranger", "worker", "access_worker"])
def test_nobody_outside_reads_of_it(request, sign_in, forum, told, who):
    client = sign_in(request.getfixturevalue(who))
    for url in (forum.get_absolute_url(), told.get_absolute_url(), f"{forum.get_absolute_url()}report/"):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("who", ["member", "chair", "manager", "service_manager"])
def test_the_hub_and_the_managers_of_the_place_read_what_it_tells_them(request, sign_in, forum, told, who):
    client = sign_in(request.getfixturevalue(who))
    for url in (forum.get_absolute_url(), told.get_absolute_url(), "/hubs/collaboratives/"):
        assert client.get(url).status_code == 200
    assert SEEN in client.get(told.get_absolute_url()).content.decode()


def test_a_member_speaks_and_only_the_chair_says_who_comes(sign_in, forum, coordinator, teacher, practitioner):
    join(forum, by=coordinator, now=NOW, user=practitioner)
    assert sign_in(practitioner).get(f"{forum.get_absolute_url()}report/").status_code == 200
    assert sign_in(practitioner).get(f"{forum.get_absolute_url()}join/").status_code == 404
    assert sign_in(teacher).get(f"{forum.get_absolute_url()}join/").status_code == 200


# --- meetings -----------------------------------------------------------------------------------------------------------


def test_a_meeting_says_who_came_and_is_recorded_once(forum, teacher):
    [member] = forum.members.all()
    meeting = record_meeting(forum, by=teacher, now=NOW, on=TODAY, came=[member], notes="Waiting lists.")
    assert list(meeting.came.all()) == [member]
    with pytest.raises(NotPossible, match="already"):
        record_meeting(forum, by=teacher, now=NOW, on=TODAY, came=[])


# --- trends and gaps ----------------------------------------------------------------------------------------------------


def test_the_hub_hears_of_a_trend_and_answers(told, chair, coordinator, teacher):
    assert titles(coordinator) == ["A collaborative reports a trend or a gap"]
    answered = answer_report(told, by=coordinator, now=NOW, answer="CAMHS comes to the next meeting.")
    assert answered.status == ReportStatus.ANSWERED
    assert titles(teacher) == ["The hub answers what your collaborative reported"]


@pytest.mark.parametrize("who", ["teacher", "member", "service_manager", "stranger"])
def test_only_whoever_runs_the_hub_answers_for_it(request, told, who):
    with pytest.raises(PermissionDenied):
        answer_report(told, by=request.getfixturevalue(who), now=NOW, answer="No.")
    told.refresh_from_db()
    assert told.answer == ""


def test_a_gap_is_counted_for_its_place_and_a_trend_is_none(forum, told, teacher, melton):
    assert not ServiceGap.objects.exists()
    village = AreaFactory(name="Asfordby", parent=melton, kind="locality")
    gap = report(forum, by=teacher, now=NOW, area=village, **SAID | {"kind": TrendKind.GAP, "need": "autism"})
    counted = ServiceGap.objects.get()
    assert (counted.report, counted.need, counted.area) == (gap, "autism", village)


def filled(page, **more):
    said = {name: str(value) for name, value in SAID.items()} | {"since_on": SAID["since_on"].isoformat()}
    return said | {"token": page.context["form"]["token"].value()} | more


def test_a_forum_tells_the_hub_on_its_page(sign_in, forum, teacher, melton):
    client, url = sign_in(teacher), f"{forum.get_absolute_url()}report/"
    answer = client.post(url, filled(client.get(url), area=melton.pk))
    told = TrendReport.objects.get()
    assert answer.url == told.get_absolute_url()
    assert (told.raised_by, told.band) == (teacher, Band.SOME)


def test_a_report_that_names_somebody_gives_pause_and_is_not_a_dead_end(sign_in, forum, teacher, melton):
    MemberFactory(family=FamilyFactory(area=melton), person=PersonFactory(first_name="Tyler", last_name="Grantham"))
    client, url = sign_in(teacher), f"{forum.get_absolute_url()}report/"
    named = filled(client.get(url), area=melton.pk, seen="Children stay away, such as Tyler Grantham.")
    refused = client.post(url, named)
    assert refused.status_code == 422
    assert "“Tyler Grantham”" in refused.content.decode()
    assert not TrendReport.objects.exists()
    assert client.post(url, named | {"despite": "It is the name of a school."}).status_code == 302
    assert TrendReport.objects.get().seen == named["seen"]


NAMED = [
    "Tyler Grantham stays away.",
    "We worry about Mrs Okoro.",
    "The Moran family has no bus.",
    "See EH-2026-000123.",
    "Number 999 123 4567 rang.",
    "They live at LE13 1AB.",
    "Ask J. Moran.",
    "Sean O’Neill has no bus.",
    "It is hardest for Zebedee now.",
    "Kayden needs a lift.",
    "A lift for kayden",
    "Ask Gwen Melton.",
]


@pytest.mark.parametrize("text", NAMED)
def test_a_name_or_a_number_of_somebody_is_noticed(text, melton):
    assert named_in(text)


@pytest.mark.parametrize(
    "text",
    [
        SEEN,
        "Since Easter the schools in Melton Vale count more.",
        "Families in the villages have no bus on Sundays. CAMHS has closed its list.",
        "The Example Trust says that autism support ends at eleven.",
        "This may help: universal credit is late, and the WhatsApp group is full.",
        "A coffee morning at St Mary’s Church, on Kibworth Road.",
        "Visit Melton Library on Mondays; Polish and Ukrainian are spoken.",
    ],
)
def test_places_agencies_and_services_are_nobody(text, melton):
    AreaFactory(name="Melton Vale", parent=melton)
    ServiceFactory()
    assert named_in(text) == []


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize(
    "text", ["It is hardest for Zebedee now.", "Zebedee is tired.", "Zebedee Hidden is tired.", NAMED[0]]
)
def test_the_answer_is_the_same_whether_the_name_is_on_record_or_not(text, restricted, melton):
    before = gives_pause(text)
    first, last = text.split()[:2] if text == NAMED[0] else ("Zebedee", "Hidden")
    family = FamilyFactory(area=melton, restricted=restricted, name=last)
    MemberFactory(family=family, person=PersonFactory(first_name=first, last_name=last))
    assert gives_pause(text) == before


def test_a_line_of_the_plan_that_names_somebody_who_is_not_on_record_gives_pause(sign_in, forum, teacher):
    client, url = sign_in(teacher), f"{forum.get_absolute_url()}plan/"
    owner = forum.members.get()
    page = client.get(url)
    sent = {"token": page.context["form"]["token"].value(), "need": "carers", "owner": owner.pk, "due_on": TODAY}
    refused = client.post(url, sent | {"what": "Rides for Zebedee and his sister"})
    assert refused.status_code == 422
    assert "“Zebedee”" in refused.content.decode()
    assert not LocalAction.objects.exists()
    assert client.post(url, sent | {"what": "Rides for two families"}).status_code == 302


def test_no_notice_and_no_trail_of_a_report_says_what_it_is_about(told):
    for notice in Notice.objects.all():
        assert SEEN not in f"{notice.title} {notice.reference} {notice.url}"
    [event] = Event.objects.filter(kind="hubs.trendreport.report")
    assert SEEN not in f"{event.reason} {event.facts}"


# --- the plan for low-level needs ---------------------------------------------------------------------------------------


def test_the_plan_has_somebody_and_a_day_and_reminds_them(forum, coordinator, teacher, practitioner):
    owner = join(forum, by=coordinator, now=NOW, user=practitioner)
    action = plan(forum, by=teacher, now=NOW, need="anxiety", what="A quiet room", owner=owner, due_on=TODAY)
    assert [(each.code, each.holder) for each in action.deadlines.open()] == [("D_ACTION", practitioner)]
    done = finish(action, by=practitioner, now=NOW, came_of_it="It opened.")
    assert (done.status, done.came_of_it) == ("done", "It opened.")
    assert not action.deadlines.open().exists()


def test_whoever_has_no_account_is_reminded_through_the_chair(forum, coordinator, teacher):
    owner = join(forum, by=coordinator, now=NOW, name="Ann Other")
    action = plan(forum, by=coordinator, now=NOW, need="carers", what="A coffee morning", owner=owner, due_on=TODAY)
    assert action.deadlines.get().holder == teacher


def test_what_one_undertook_stands_on_the_first_page(sign_in, forum, told, teacher, coordinator):
    [owner] = forum.members.all()
    plan(forum, by=teacher, now=NOW, need="anxiety", what="A quiet room", owner=owner, due_on=TODAY)
    assert "Vale collaborative: A quiet room" in sign_in(teacher).get("/").content.decode()
    assert "Answer what a collaborative reports" in sign_in(coordinator).get("/").content.decode()


# --- a family that needs more -------------------------------------------------------------------------------------------


def test_a_family_is_named_only_with_its_agreement_and_at_the_ordinary_door(sign_in, forum, teacher):
    page = sign_in(teacher).get(f"{forum.get_absolute_url()}refer/").content.decode()
    assert 'href="/families/"' in page or "families" in page
    assert "They do not agree" in page
    assert "<textarea" not in page


# --- pages --------------------------------------------------------------------------------------------------------------


def test_whoever_runs_the_hub_begins_one_on_its_page(sign_in, coordinator, teacher, melton):
    client, url = sign_in(coordinator), "/hubs/collaboratives/new/"
    token = client.get(url).context["form"]["token"].value()
    sent = {"token": token, "area": melton.pk, "name": "Wolds", "chair": teacher.pk}
    assert client.post(url, sent).status_code == 302
    assert CollaborativeMember.objects.get(chairs=True).user == teacher
    assert sign_in(teacher).get(url).status_code == 404


@pytest.mark.parametrize("page", ["join/", "meeting/", "report/", "plan/", "refer/"])
def test_each_of_its_pages_opens(sign_in, forum, teacher, page):
    assert sign_in(teacher).get(f"{forum.get_absolute_url()}{page}").status_code == 200


@pytest.mark.parametrize("n", [1, 20])
def test_the_pages_take_as_many_queries_however_much_there_is(
    sign_in, coordinator, forum, teacher, melton, n, django_assert_num_queries
):
    for number in range(n):
        found(area=melton, name=f"Forum {number}", by=coordinator, now=NOW)
        member = join(forum, by=coordinator, now=NOW, name=f"Ann {number}")
        report(forum, by=teacher, now=NOW, area=melton, **SAID)
        plan(forum, by=teacher, now=NOW, need="carers", what="Tea", owner=member, due_on=TODAY)
        record_meeting(forum, by=teacher, now=NOW, on=TODAY - timedelta(days=number), came=[member])
    client = sign_in(coordinator)
    client.get("/hubs/collaboratives/")
    with django_assert_num_queries(3):
        client.get("/hubs/collaboratives/")
    with django_assert_num_queries(8):
        client.get(forum.get_absolute_url())
    assert Collaborative.objects.count() == n + 1
    assert LocalAction.objects.count() == n
