"""The hubs of the county and their monthly meetings, those that were and the one to come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from earlyhelp.core.calendar import LONDON, add_working_days
from earlyhelp.demo.diary import Diary
from earlyhelp.demo.staff import DISTRICTS
from earlyhelp.partnership.models import Area, User
from earlyhelp.sharing.enums import Purpose
from hubs.enums import DecisionKind, ItemKind, MeetingStatus
from hubs.models import AgendaItem, Hub, HubDecision, HubMeeting
from hubs.queries import members_of
from hubs.queries.readiness import to_publish
from hubs.services import keeping
from hubs.services.agenda import gather
from hubs.services.diary import plan_ahead
from hubs.transitions import agenda, items, meetings, minutes

TERMS = """We meet so that a family tells its story once, and is helped early.
We hear every family whom EH Access accepts, at the latest after 20 working days.
We decide who leads, with the family’s agreement and with their own words before us.
What we read here we use to help this family, and for nothing else."""
APART, MEETINGS = timedelta(weeks=4), 26
PLANNED_BEFORE = timedelta(days=40)
DESPITE = "The coordinator rings those who have not answered."
UNASKED = "Nobody could speak with them alone. They are told after the meeting."
BEGINS, MORNING, LASTS = time(14), time(11), timedelta(hours=2)
# How many working days ago each hub last met: here a meeting is near, there one is just over.
LAST_MET = {"Melton": 18, "Charnwood": 3, "Blaby": 8, "Hinckley and Bosworth": 13, "North West Leicestershire": 6}
CHAIRS = {
    "Melton": "colm",
    "Charnwood": "graham",
    "Blaby": "farah",
    "Hinckley and Bosworth": "helen",
    "North West Leicestershire": "owen",
}
PLACES = {
    "Melton": "Council offices, Melton Mowbray",
    "Charnwood": "Fearon Hall, Loughborough",
    "Blaby": "Enderby children’s centre",
    "Hinckley and Bosworth": "The Hub, Hinckley",
    "North West Leicestershire": "Memorial hall, Coalville",
}


@dataclass
class Sitting:
    """A hub with its moments of meeting, the earliest first; the last of them is still to come."""

    hub: Hub
    chair: User
    moments: tuple[datetime, ...]
    diary: Diary
    held: set[datetime] = field(default_factory=set)

    def ago(self, number: int) -> datetime:
        """When the hub met ``number`` meetings before its last; -1 is the one to come."""
        return self.moments[-2 - number]

    def next_after(self, moment: datetime) -> datetime:
        """The first meeting whose papers are still open then, and which therefore is held."""
        found = next((each for each in self.moments if _papers_close(each) >= moment), self.moments[-1])
        self.hold(found)
        return found

    def hold(self, moment: datetime) -> None:
        """Put the life of a meeting, and of those after it, into the diary: planned, agenda made, papers out, held, closed."""
        for each in self.moments[self.moments.index(moment) :]:
            if each not in self.held:
                self.held.add(each)
                self._lodge(each)

    def _lodge(self, moment: datetime) -> None:
        day = moment.date()
        self.diary.write(moment - PLANNED_BEFORE, lambda now: self._plan(moment))
        self.diary.write(_papers_close(moment) - timedelta(hours=1), lambda now: gather(now=now))
        self.diary.write(
            datetime.combine(add_working_days(day, -3), MORNING, LONDON), lambda now: self._publish(moment, now)
        )
        self.diary.write(moment, lambda now: self._start(moment, now))
        self.diary.write(moment + LASTS / 2, lambda now: self._hear_overdue(moment, now))
        self.diary.write(moment + LASTS, lambda now: self._close(moment, now))

    def _plan(self, moment: datetime) -> None:
        month = moment.date().replace(day=1)
        taken = self.hub.meetings.filter(slot=month).exists()
        self.hub.meetings.create(slot=None if taken else month, starts_at=moment, place=self.hub.place)

    def _publish(self, moment: datetime, now: datetime) -> None:
        meeting = self.hub.meetings.get(starts_at=moment)
        for item in to_publish(meeting):
            if not item.may_be_heard:
                agenda.hear_without_agreement(
                    item, by=self.chair, now=now, purpose=Purpose.SAFEGUARDING, reason=UNASKED
                )
        if meeting.items.on_agenda().exists():
            meetings.publish(meeting, by=self.chair, now=now, despite=DESPITE)

    def _start(self, moment: datetime, now: datetime) -> None:
        meeting = self.hub.meetings.get(starts_at=moment)
        if meeting.status == MeetingStatus.PUBLISHED:
            meetings.start(meeting, by=self.chair, now=now, present=list(members_of(self.hub)))
            for before in self.hub.meetings.unconfirmed_before(hub=self.hub, starts_at=moment):
                minutes.confirm_minutes(before, by=self.chair, now=now)

    def _hear_overdue(self, moment: datetime, now: datetime) -> None:
        late = AgendaItem.objects.filter(meeting__hub=self.hub, meeting__starts_at=moment, kind=ItemKind.REVIEW_OVERDUE)
        for item in late.on_agenda():
            why = "The lead professional says when the review will be, by Friday."
            items.decide(item, by=self.chair, now=now, kind=DecisionKind.NOTE, rationale=why)

    def _close(self, moment: datetime, now: datetime) -> None:
        """What was not reached waits for the next; what the chair decided alone is agreed to."""
        alone = HubDecision.objects.to_ratify().filter(hub=self.hub)
        meeting = self.hub.meetings.get(starts_at=moment)
        meetings.close(meeting, by=self.chair, now=now, reason="There was no time left.", ratified=list(alone))


def found_hubs(areas: dict[str, Area], people: dict[str, User], diary: Diary) -> dict[str, Sitting]:
    """Each district's hub, which has met every four weeks for two years, and meets again."""
    sittings = {name: _found(name, areas[name], people[CHAIRS[name]], diary) for name in DISTRICTS}
    for sitting in sittings.values():
        sitting.hold(sitting.ago(0))
        sitting.hold(sitting.ago(-1))
    return sittings


def _found(district: str, area: Area, chair: User, diary: Diary) -> Sitting:
    last = add_working_days(timezone.localdate(diary.now), -LAST_MET[district])
    days = [add_working_days(last - APART * number, 0) for number in range(MEETINGS, -2, -1)]
    hub = Hub.objects.create(
        name=f"{district} hub",
        area=area,
        week=min((last.day - 1) // 7 + 1, 4),
        weekday=last.weekday(),
        starts=BEGINS,
        place=PLACES[district],
    )
    first = datetime.combine(days[0], BEGINS, LONDON)
    keeping.agree_terms(hub, by=chair, now=first, text=TERMS, agreed_on=days[0])
    return Sitting(hub, chair, tuple(datetime.combine(day, BEGINS, LONDON) for day in days), diary)


def _papers_close(moment: datetime) -> datetime:
    return HubMeeting(starts_at=moment).papers_close_at


def plan_coming(sittings: dict[str, Sitting], *, now: datetime) -> None:
    """The regular meetings of the months ahead, as the scheduler makes them."""
    for sitting in sittings.values():
        plan_ahead(now=now, hub=sitting.hub)
