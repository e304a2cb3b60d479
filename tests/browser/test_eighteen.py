"""The monthly hub under load: 18 families, a quorum lost at the twelfth, three who follow (domain.md 17, story 13).

A decision is to be seen by all who follow within two seconds of the press that records it, and the measured time is
printed. The test fails only beyond four: server, database and four browsers share whatever machine it runs on.
"""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.deadlines.services import promise
from earlyhelp.partnership.enums import Role
from hubs.models import AgendaItem, HubDecision
from hubs.queries import in_order
from hubs.services import hearing
from tests.browser.people import PATIENCE, faults_of
from tests.browser.test_moran import COUNT_CLICKS
from tests.factories import AgencyFactory, CaseFactory, PostFactory, UserFactory, WorkerFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory
from tests.hubs.referred import referred

FAMILIES, HEARD, KEPT_WAITING = 18, 11, 2
WANTED = "seconds (2 are wanted)"
ACTION = "Ring the landlord about the lock"


@pytest.fixture
def seated(melton):
    hub = HubFactory(area=melton, name="Melton hub")
    people = {
        name: SeatFactory(hub=hub, user=UserFactory(username=name, last_name=name.title(), agency=AgencyFactory())).user
        for name in ("police", "school", "housing")
    }
    for name, role in (("colm", Role.HUB_CHAIR), ("ivy", Role.HUB_COORDINATOR), ("dana", Role.HUB_CHAIR)):
        people[name] = PostFactory(user=UserFactory(username=name, last_name=name.title()), role=role, area=melton).user
    tess = UserFactory(
        username="tess", last_name="Marlow", agency=AgencyFactory(name="Riverside Primary", kind="school")
    )
    people["tess"] = PostFactory(user=tess, role=Role.PRACTITIONER, area=melton).user
    jo = WorkerFactory(username="jo", first_name="Jo", last_name="Tiller", case_limit=60)
    people["jo"] = PostFactory(user=jo, role=Role.PRACTITIONER, area=melton).user
    return people | {"hub": hub}


@pytest.fixture
def agenda(seated, melton):
    """In session today; the last two families have waited so long that the next meeting would hear them too late."""
    now = timezone.now().replace(microsecond=0)
    hub = seated["hub"]
    MeetingFactory(hub=hub, starts_at=now + timedelta(days=28))
    here = [seated[name] for name in ("police", "school", "housing", "dana")]
    meeting = MeetingFactory.in_session(hub=hub, chair=seated["colm"], present=here, starts_at=now)
    facts = {"preference": "asked", "preference_note": "Anybody."}
    for number in range(FAMILIES):
        case = CaseFactory(area=melton, family__name=f"Family{number:02}", family__area=melton)
        ItemFactory(meeting=meeting, case=case, position=number + 1, since_at=now - timedelta(days=20), **facts)
        if number >= FAMILIES - KEPT_WAITING:
            promise(case, "D_MMT_WAIT", now=now, due_at=now + timedelta(days=3), holder_role=Role.HUB_CHAIR)
    items = AgendaItem.objects.filter(meeting=meeting).with_due().with_births().select_related("case")
    ordered = [line.item for line in in_order(items, now=now)]
    for item in (ordered[1], ordered[HEARD], ordered[-1]):
        referred(item.case, author=seated["tess"])
    hearing.hear(ordered[0], now=now)
    return ordered


def test_eighteen_families_a_lost_quorum_and_three_who_follow(arrive, seated, agenda, counted):
    colm, ivy, police, dana = (arrive(seated[name]) for name in ("colm", "ivy", "police", "dana"))
    meeting = agenda[0].meeting
    police.visit(f"{meeting.get_absolute_url()}live/")
    police.reads(agenda[0].case.reference, "18 still to be heard")
    assert faults_of(police.page) == []
    ivy.visit(f"{meeting.get_absolute_url()}live/")
    dana.visit(agenda[0].get_absolute_url())
    dana.fill("Why, in one line", "I was typing this.")
    colm.visit(agenda[0].get_absolute_url())

    colm_types_an_allocation(colm, agenda[0])
    pressed_at = time.monotonic()
    colm.press("Record decision and next family")
    seconds = until_the_others_see_it(police, ivy, agenda[1], since=pressed_at)
    counted("From the press until a decision is seen by all who follow the meeting", seconds, WANTED, most=4)
    colm.reads("1 heard, 17 to go")
    clicks = int(colm.page.evaluate("sessionStorage.clicks"))
    counted("An ordinary family of eighteen is decided, with one line", clicks, "clicks", most=3)
    dana.reads("Decided meanwhile", "Colm")
    assert dana.page.get_by_label("Why, in one line").input_value() == "I was typing this."

    colm_signposts(colm, agenda[1], action=ACTION, owner=seated["police"])
    for item in agenda[2:HEARD]:
        colm_signposts(colm, item)
    the_quorum_is_lost(colm, ivy, police, agenda[HEARD])
    colm_closes(colm, police, agenda)
    the_minutes_say_what_was_decided(colm, agenda)
    for item in agenda[-KEPT_WAITING:]:
        colm_takes_a_chairs_action(colm, item)
    what_was_decided_stands(agenda)
    whoever_undertook_something_is_told(police, seated["police"], agenda[1])
    tess = arrive(seated["tess"])
    whoever_referred_reads_what_was_decided(tess, [agenda[1], agenda[-1]], agenda[HEARD])
    the_letters_say_what_was_decided(tess, [agenda[1], agenda[-1]], agenda[HEARD])


def colm_types_an_allocation(colm, item):
    colm.reads(item.case.reference)
    colm.page.evaluate(COUNT_CLICKS)
    colm.page.add_init_script(COUNT_CLICKS)
    colm.choose("What does the hub decide?", "Allocate at tier 2 – Targeted")
    colm.page.get_by_role("radio", name="Jo Tiller Recommended").check()
    colm.fill("Why, in one line", "One coordinator is enough.")


SEEN = """reference => {
  const says = (part, text) => document.querySelector(`[aria-label="${part}"]`)?.textContent.includes(text);
  return Boolean(says("Being heard now", reference) && says("Decided", "Allocated"));
}"""


def until_the_others_see_it(police, ivy, heard_next, *, since):
    """Without reloading, and each the family that is heard now: looked at far more often than the page itself asks."""
    waiting = [police, ivy]
    while waiting and time.monotonic() - since < PATIENCE / 1000:
        waiting = [each for each in waiting if not each.page.evaluate(SEEN, heard_next.case.reference)]
        time.sleep(0.02)
    assert not waiting
    return round(time.monotonic() - since, 1)


def colm_signposts(colm, item, *, action="", owner=""):
    colm.reads(item.case.reference)
    colm.choose("What does the hub decide?", "Signpost")
    colm.fill("Or to whom else, in words", "The library")
    if action:
        colm.page.get_by_text("Add an action", exact=True).click()
        colm.fill("An action", action)
        colm.page.get_by_label("Who does it?").first.select_option(str(owner.pk))
    colm.fill("Why, in one line", "One service will do.")
    colm.page.keyboard.press("Control+Enter")


def the_quorum_is_lost(colm, ivy, police, item):
    """Two have to leave; the chair, who typed already, is told and loses nothing."""
    colm.reads(item.case.reference, f"{HEARD} heard")
    ivy.visit(f"{item.meeting.get_absolute_url()}attendance/")
    for agency in ("School", "Housing"):
        ivy.page.get_by_role("group", name="Who is here?").get_by_role("checkbox", name=agency).uncheck()
    ivy.press("Save attendance")
    police.reads("Not quorate")
    colm.choose("What does the hub decide?", "Signpost")
    colm.fill("Or to whom else, in words", "The museum")
    colm.fill("Why, in one line", "One service will do.")
    colm.press("Record decision and next family")
    colm.reads("The hub is not quorate")
    assert colm.page.get_by_label("Or to whom else, in words").input_value() == "The museum"


def colm_closes(colm, police, agenda):
    colm.visit(f"{agenda[0].meeting.get_absolute_url()}close/")
    colm.reads("Not decided", *(item.case.reference for item in agenda[HEARD:]))
    colm.fill("Why were they not decided?", "Two agencies had to leave.")
    colm.press("Close the meeting")
    colm.reads("The meeting is closed and its minutes are written.")
    police.reads("Read the minutes")


def the_minutes_say_what_was_decided(colm, agenda):
    assert "Allocated, tier 2 – Targeted, offered to Jo Tiller" in colm.row(agenda[0].case.reference).inner_text()
    for item in agenda[1:HEARD]:
        assert "Signposted to The library" in colm.row(item.case.reference).inner_text()
    for item in agenda[HEARD:]:
        assert "Deferred" in colm.row(item.case.reference).inner_text()
    colm.reads(f"{ACTION}: ", "Police")
    colm.reads_nothing_of("Family00", "The museum")


def colm_takes_a_chairs_action(colm, item):
    colm.visit(f"/hubs/chairs-action/{item.case.reference}/")
    colm.page.get_by_label("Who from another agency agrees?").select_option(index=1)
    colm.choose("What does the hub decide?", "Signpost")
    colm.fill("Or to whom else, in words", "The benefits office")
    colm.fill("Why, in one line", "The next meeting would be too late.")
    colm.press("Record the chair’s action")
    colm.reads("The next meeting will be asked to ratify it.")


def what_was_decided_stands(agenda):
    """One decision a family, but for those deferred first; whoever can wait was not decided between meetings."""
    kinds = {item.pk: list(item.decisions.order_by("at").values_list("kind", flat=True)) for item in agenda}
    expected = [["allocate"], *[["signpost"]] * (HEARD - 1), *[["defer"]] * (FAMILIES - HEARD - KEPT_WAITING)]
    assert list(kinds.values()) == [*expected, *[["defer", "signpost"]] * KEPT_WAITING]
    assert HubDecision.objects.to_ratify().count() == KEPT_WAITING


def whoever_undertook_something_is_told(police, officer, item):
    """On the page of their actions and by a notice, which says neither what nor about whom."""
    police.visit("/hubs/actions/")
    police.reads(ACTION)
    police.visit("/notices/")
    police.reads("An action from the hub is yours")
    police.reads_nothing_of(ACTION, item.case.reference)


def whoever_referred_reads_what_was_decided(tess, decided, deferred):
    """The way and not the reason, whether the hub decided it or its chair between two meetings; of one deferred, the next day."""
    for item, where in zip(decided, ("The library", "The benefits office"), strict=True):
        tess.visit(item.case.referrals.get().get_absolute_url())
        tess.reads(f"Signposted: {where}.")
        tess.reads_nothing_of("One service will do.", "The next meeting would be too late.")
        tess.may_not_visit(item.case.get_absolute_url())
        owed = item.case.referrals.get().deadlines.open()
        assert [each.label for each in owed] == ["Tell the family what the hub decided"]
    tess.visit(deferred.case.referrals.get().get_absolute_url())
    tess.reads("The hub for the area decides who helps. It meets on")
    tess.reads_nothing_of("Two agencies had to leave.")


def the_letters_say_what_was_decided(tess, decided, deferred):
    """The referrer’s is read here, the family’s lies ready on paper; of one deferred none is written."""
    for item, where in zip(decided, ("The library", "The benefits office"), strict=True):
        referral = item.case.referrals.get()
        theirs, family = (referral.letters.get(reader=reader) for reader in ("referrer", "family"))
        assert where in family.body
        tess.visit(referral.get_absolute_url())
        tess.page.get_by_label("Letters since").get_by_role("link", name=theirs.subject).click()
        tess.reads(theirs.subject, where)
        tess.reads_nothing_of("One service will do.", "The next meeting would be too late.", item.case.reference)
        tess.may_not_visit(family.get_absolute_url())
    assert not deferred.case.referrals.get().letters.exists()
