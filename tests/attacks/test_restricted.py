"""A restricted record changes no list, no count and no suggestion for whoever is not entitled to it (promise P4)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from earlyhelp.cases.enums import Status
from earlyhelp.cases.offers import offer
from earlyhelp.deadlines.services import promise
from earlyhelp.families.matching import find_duplicates
from earlyhelp.partnership.enums import Role
from hubs.enums import ItemStatus, MeetingStatus
from hubs.models import AgendaItem, HubDecision, HubMeeting
from hubs.services.actions import undertake
from referrals.enums import Status as ReferralStatus
from referrals.models import Contact, Referral
from referrals.transitions.message import write
from tests.attacks.without import differing, read
from tests.factories import CaseFactory, FamilyFactory, MemberFactory, PersonFactory, PostFactory, WorkerFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory
from tests.referrals.factories import got_in_touch, handed_over, sent

NOW = timezone.now().replace(microsecond=0)
READERS = (
    "access",
    "chair",
    "coordinator",
    "member",
    "manager",
    "service_manager",
    "lead",
    "author",
    "adviser",
    "stranger",
)
TABS = ("new", "doubtful", "asking", "ready", "messages", "decided")


@pytest.fixture
def people(county, melton, access_worker, chair, coordinator, manager, service_manager, worker, practitioner, stranger):
    """Everybody who might read a number of Melton; none of them is entitled to a restricted record."""
    adviser = PostFactory(role=Role.FIRST_CONTACT_ADVISER, area=county).user
    found = {"access": access_worker, "coordinator": coordinator, "chair": chair, "adviser": adviser}
    found |= {"manager": manager, "service_manager": service_manager, "lead": worker}
    return found | {"author": practitioner, "stranger": stranger}


@pytest.fixture
def meetings(melton, chair, people):
    """Of the Melton hub: one that is over, one in session, one to come."""
    hub = HubFactory(area=melton, name="Melton hub")
    here = [SeatFactory(hub=hub).user for _ in range(3)]
    people["member"] = here[0]
    over = MeetingFactory.in_session(hub=hub, chair=chair, present=here, starts_at=NOW - timedelta(days=7))
    HubMeeting.objects.filter(pk=over.pk).update(status=MeetingStatus.CLOSED, closed_at=NOW)
    now_on = MeetingFactory.in_session(hub=hub, chair=chair, present=here, starts_at=NOW)
    return over, now_on, MeetingFactory.published(hub=hub, starts_at=NOW + timedelta(days=28))


@pytest.fixture
def place(melton, county, meetings):
    return Place(melton, county, meetings)


class Place:
    """Melton, and what is put there, restricted or not, by three people whose own pages nobody looks at."""

    def __init__(self, area, county, meetings):
        self.area, self.meetings = area, meetings
        self.lead = PostFactory(user=WorkerFactory(last_name="Carries"), area=area).user  # to whom a hub may offer more
        self.author = PostFactory(area=area).user
        self.holder = PostFactory(role=Role.EH_ACCESS, area=county).user

    def fill(self, *, restricted):
        """One of everything that is listed or counted anywhere, each of a family of its own."""
        self.waiting(restricted)
        self.decided(restricted)
        self.led(restricted)
        self.front_door(restricted)

    def nobody_in(self, restricted):
        return FamilyFactory(area=self.area, restricted=restricted, created_by=self.author)

    def family(self, restricted):
        """Its mother has the name and the day of birth of every other mother here: they all match each other."""
        family = self.nobody_in(restricted)
        same = {"first_name": "Leanne", "last_name": "Invented", "born_on": date(1996, 4, 1)}
        MemberFactory(family=family, person=PersonFactory(**same, area=self.area), role="parent")
        return family

    def case(self, restricted, **facts):
        return CaseFactory(area=self.area, family=self.family(restricted), restricted=restricted, **facts)

    def waiting(self, restricted):
        """One that no sweep has put on an agenda yet, one before the meeting, and one whom the next meeting hears too late."""
        self.case(restricted)
        for meeting in self.meetings[1:]:
            item = ItemFactory(meeting=meeting, case=self.case(restricted, urgent=True), urgent=True)
            promise(item.case, "D_MMT_WAIT", now=NOW, due_at=NOW + timedelta(days=1), holder=self.holder)

    def decided(self, restricted):
        meeting = self.meetings[0]
        item = ItemFactory(meeting=meeting, case=self.case(restricted), status=ItemStatus.DECIDED)
        facts = {
            "kind": "signpost",
            "rationale": "One will do.",
            "signposted_to": "The library",
            "by": meeting.chaired_by,
        }
        made = HubDecision.objects.create(item=item, case=item.case, hub=meeting.hub, meeting=meeting, at=NOW, **facts)
        action = {"what": "Ring them.", "due_on": NOW.date(), "owner": self.lead, "meeting": meeting, "decision": made}
        undertake(meeting.hub, now=NOW, **action)

    def led(self, restricted):
        """A family at tier 3 whose review is overdue, and another on offer to the same worker."""
        late = {"next_review_on": NOW.date() - timedelta(days=30), "tier": 3, "restricted": restricted}
        CaseFactory.led_by(self.lead, area=self.area, family=self.family(restricted), **late)
        asked = self.case(restricted, status=Status.OPENED, tier=3, opened_on=NOW.date())
        offer(asked, worker=self.lead, tier=3, by=self.lead, now=NOW, preference="asked", preference_note="Near.")

    def front_door(self, restricted):
        """A referral on each tab with an unread message, a contact and a hand-over."""
        for status in (None, ReferralStatus.INFO_REQUESTED, ReferralStatus.IN_TRIAGE, ReferralStatus.ADVICE_GIVEN):
            row = sent(area=self.area, author=self.author, family=self.nobody_in(restricted), now=NOW)
            if status:
                over = {"decided_at": NOW, "decided_by": self.holder} if status == ReferralStatus.ADVICE_GIVEN else {}
                Referral.objects.filter(pk=row.pk).update(status=status, holder=self.holder, taken_at=NOW, **over)
            write(Referral.objects.get(pk=row.pk), by=self.author, now=NOW, text="Is anybody there?")
        family = self.family(restricted)
        got_in_touch(by=self.author, family=family, now=NOW, first_name="Leanne", last_name="Invented")
        handed_over(by=self.author, family=family, now=NOW)

    def pages(self):
        over, now_on, to_come = (meeting.get_absolute_url() for meeting in self.meetings)
        items = AgendaItem.objects.order_by("pk")
        case = items.filter(meeting=self.meetings[2]).get().case
        referrals = Referral.objects.order_by("pk")
        return [
            *("/", "/notices/", "/dashboard/", "/dashboard/waiting/", "/cases/", "/cases/?status=open"),
            *("/cases/?reviews=overdue", f"/cases/?lead={self.lead.pk}", "/families/search/?q=Leanne+Invented"),
            *("/hubs/", "/hubs/actions/", over, now_on, to_come, f"{over}minutes/", f"{to_come}late/"),
            *(f"{now_on}close/", f"{now_on}attendance/", f"{now_on}interest/"),
            *(item.get_absolute_url() for item in items),
            f"/hubs/chairs-action/{case.reference}/",
            case.get_absolute_url(),
            case.family.get_absolute_url(),
            *(f"/referrals/triage/?tab={tab}" for tab in TABS),
            *(f"/referrals/triage/{row.reference}/" for row in referrals),
            *(f"/referrals/triage/{row.reference}/matches/" for row in referrals),
            *("/referrals/", "/referrals/hand-overs/", "/referrals/contacts/", "/referrals/requests/"),
            Contact.objects.get().get_absolute_url(),
            f"{Contact.objects.get().get_absolute_url()}matches/",
            *("/disagreements/", "/assessments/my-actions/", "/families/duplicates/", reverse("directory:onwards")),
            *("/api/cases/", "/api/referrals/", "/api/contacts/", "/api/onward-referrals/"),
        ]


def test_every_page_is_the_same_to_the_letter_with_and_without_restricted_records(people, place):
    with time_machine.travel(NOW, tick=False):
        place.fill(restricted=False)
        pages = place.pages()
        find_duplicates(now=NOW)
        before = {who: read(people[who], pages) for who in READERS}
        place.fill(restricted=True)
        find_duplicates(now=NOW)
        after = {who: read(people[who], pages) for who in READERS}

    told = differing(before, after)
    opened = {page for who in READERS for page in pages if before[who][page].startswith("200")}
    assert set(pages) - opened == set()  # each of them says something to somebody
    assert told == [], "\n".join(told)
