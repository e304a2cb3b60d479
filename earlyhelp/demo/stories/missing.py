"""What stops families, and what is missing in a place: told one by one, and seen together as a trend (stories 7 and 17)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from earlyhelp.cases.enums import LED, Preference
from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import add_working_days
from earlyhelp.demo.clock import Since
from earlyhelp.demo.county import County
from earlyhelp.demo.front_door import arrive
from earlyhelp.demo.households import Household, Member
from earlyhelp.demo.texts import Words
from earlyhelp.directory.models import Need
from earlyhelp.families.enums import FamilyRole, Sex
from earlyhelp.partnership.models import User
from hubs.enums import Band, DecisionKind, TrendKind
from hubs.models import Blockage, Collaborative, Hub, TrendReport
from hubs.services import collaboratives as forums
from hubs.services.actions import undertake
from hubs.services.agenda import live_item
from hubs.services.blockages import raise_blockage
from hubs.transitions import blockages, items
from hubs.transitions.collaboratives import answer_report, finish

AUTISM = {"need": "autism", "missing": "Support at school age, once a diagnosis is made."}
WORDS = Words(
    "Rosie is nine and autistic. School sends her home by eleven; Mum has given up her job.",
    "The school’s inclusion lead; two letters to the autism team, whose list ends at school age.",
    "Somebody who knows about autism, and a week that can be planned.",
    (Need.EDUCATION, Need.HEALTH),
)
HOUSEHOLD = Household(
    "Ellery",
    "Charnwood",
    (Member("Carol", 37, FamilyRole.PARENT, Sex.FEMALE), Member("Rosie", 9, note="Autistic. Knock twice.")),
)


def tell(county: County) -> None:
    _given_more_than_the_need(county)
    _autism_in_charnwood(county)
    _buses_in_melton(county)
    _a_list_that_is_closed(county)
    _forums(county)


def _given_more_than_the_need(county: County) -> None:
    """The hub gives an intensive worker where a group would do, for there is no group: it says so (domain.md 3.4)."""
    meeting, people = county.sittings["Charnwood"].ago(0), county.people
    journey = arrive(
        county, HOUSEHOLD, Since(add_working_days(meeting.date(), -12)), referrer="lucy", words=WORDS, level=2, tier=3
    )

    def decide(now: datetime) -> None:
        items.decide(
            live_item(journey.case, now=now),
            by=people["graham"],
            now=now,
            kind=DecisionKind.ALLOCATE,
            tier=3,
            worker=people["kofi"],
            specialists=[county.services["centre"]],
            rationale="A group for children of her age would do; there is none, and they cannot wait.",
            preference=Preference.ASKED,
            preference_note="Somebody calm, who comes when they said.",
            missing_need=AUTISM["need"],
            missing_provision=AUTISM["missing"],
        )

    journey.do(meeting + timedelta(minutes=40), decide)
    journey.accepted("kofi", Since(meeting.date()).at(1, hour=14))


def _autism_in_charnwood(county: County) -> None:
    """Three lead professionals, three families, one thing that is missing; none of them knows of the others."""
    people = county.people
    waits = "The autism team has closed its list; nobody else here helps at school age."
    stone = _Stopped(county, "Stone", "marek").raised(8, waits, **AUTISM)
    stone.owned(7, "maxine", within=12)
    nwosu = _Stopped(county, "Nwosu", "marek").raised(6, waits, **AUTISM)
    nwosu.taken_further(2, people["marek"], "I have asked everybody I know.")
    _Stopped(county, "Cufflin", "zainab").raised(4, waits, **AUTISM)


def _buses_in_melton(county: County) -> None:
    bus = _Stopped(county, "Rudkin", "jo")
    bus.raised(
        12, "The group is in town on Wednesdays; the last bus back goes at noon.", need="transport", missing="A bus"
    )
    bus.owned(11, "rosa", within=10)
    bus.unpicked(3, "rosa", "The parish’s community car takes them. Two other families share it.")


def _a_list_that_is_closed(county: County) -> None:
    """The hub cannot give it either: service managers are asked, and told no name."""
    closed = _Stopped(county, "Uddin", "anya")
    unseen = "Speech and language has not seen the youngest since the referral in spring."
    closed.raised(14, unseen, need="speech", missing="Speech therapy before school")
    closed.taken_further(13, county.people["anya"], "They say that there is no date.")
    asked = "Speech therapy gives no date to children under four here. Can the contract pay for two sessions a month?"
    closed.taken_further(9, county.people["farah"], "It is a matter of the contract.", asked=asked)


class _Stopped:
    """What stops one family, by its name; each verb lies so many working days back."""

    def __init__(self, county: County, family: str, lead: str) -> None:
        self.county, self.family, self.lead = county, family, county.people[lead]
        self.raised_as = 0  # until it is raised

    def _at(self, days: int, hour: int = 10) -> datetime:
        return self.county.since(working_days=days).at(hour=hour)

    def _blockage(self) -> Blockage:
        return Blockage.objects.get(pk=self.raised_as)

    def raised(self, days: int, what: str, **missing: str) -> _Stopped:
        def deed(now: datetime) -> None:
            case = Case.objects.select_related("lead").get(family__name=self.family, status__in=LED)
            since_on, tried = (
                timezone.localdate(now) - timedelta(weeks=5),
                "Rang twice and wrote once; asked the school.",
            )
            said: dict[str, Any] = {"what": what, "since_on": since_on, "tried": tried}
            self.raised_as = raise_blockage(case, by=self.lead, now=now, **said | missing).pk

        self.county.diary.write(self._at(days), deed)
        return self

    def owned(self, days: int, username: str, *, within: int) -> None:
        def deed(now: datetime) -> None:
            act_by = add_working_days(timezone.localdate(now), within)
            blockages.own(self._blockage(), by=self.lead, now=now, owner=self.county.people[username], act_by=act_by)

        self.county.diary.write(self._at(days, 11), deed)

    def taken_further(self, days: int, by: User, reason: str, asked: str = "") -> None:
        self.county.diary.write(
            self._at(days, 12),
            lambda now: blockages.escalate(self._blockage(), by=by, now=now, reason=reason, asked=asked),
        )

    def unpicked(self, days: int, username: str, how: str) -> None:
        person = self.county.people[username]
        self.county.diary.write(
            self._at(days, 13), lambda now: blockages.resolve(self._blockage(), by=person, now=now, resolution=how)
        )


# --- local forums -------------------------------------------------------------------------------------------------------

FORUMS = (
    ("Charnwood", "graham", "Loughborough collaborative", "Schools, playgroups and faith groups of the town", "zainab"),
    ("Charnwood", "graham", "Soar Valley collaborative", "Syston, Thurmaston and the villages", "dilys"),
    ("Charnwood", "graham", "Shepshed and Hathern collaborative", "The north-west of the borough", "marek"),
    ("Melton", "ivy", "Melton town collaborative", "The town’s schools and children’s centre", "jo"),
    ("Melton", "ivy", "Vale collaborative", "The villages of the Vale", "hannah"),
)


def _forums(county: County) -> None:
    begun = county.since(weeks=20).at()
    county.diary.write(begun, lambda now: _begin(county, now))
    met = county.since(weeks=3).at(hour=16)
    county.diary.write(met, lambda now: _meet(county, now))
    county.diary.write(county.since(weeks=1).at(), lambda now: _answer(county, now))


def _begin(county: County, now: datetime) -> None:
    for area, runs, name, about, chair in FORUMS:
        by = county.people[runs]
        forum = forums.found(
            area=county.areas[area], name=name, about=about, by=by, now=now, chair=county.people[chair]
        )
        for member, place in (("Penny Ash", "Playgroup"), ("Reverend Cole", "Parish")):
            forums.join(forum, by=by, now=now, name=member, comes_for=place)


def _meet(county: County, now: datetime) -> None:
    today, people = timezone.localdate(now), county.people
    town, soar = (
        Collaborative.objects.get(name=name) for name in ("Melton town collaborative", "Soar Valley collaborative")
    )
    for forum, chair in ((town, people["jo"]), (soar, people["dilys"])):
        notes = "Who sees what; what can be done here; what the hub should hear."
        forums.record_meeting(
            forum, by=chair, now=now, on=today, came=forum.members.all(), where="Library", notes=notes
        )
    forums.report(
        town,
        by=people["jo"],
        now=now,
        kind=TrendKind.TREND,
        need="anxiety",
        area=town.area,
        seen="More children cannot bring themselves to go to school, most of them in the year after the move up.",
        band=Band.MANY,
        since_on=today - timedelta(weeks=10),
        evidence="Three schools count it each week; the school nurse sees twice as many as last autumn.",
        planned="A quiet room at two schools, and a drop-in for parents.",
    )
    forums.report(
        soar,
        by=people["dilys"],
        now=now,
        kind=TrendKind.GAP,
        need="autism",
        area=soar.area,
        seen="Support ends when a child starts school. Parents ask each other, and nobody knows whom to send them to.",
        band=Band.SOME,
        since_on=today - timedelta(weeks=26),
        evidence="Two playgroups, the parish and the housing office are asked every week.",
    )
    owner = town.members.get(chairs=True)
    quiet = forums.plan(
        town,
        by=people["jo"],
        now=now,
        need="anxiety",
        what="Open a quiet room before the bell",
        owner=owner,
        due_on=today,
    )
    finish(quiet, by=people["jo"], now=now, came_of_it="It opened at both schools; six or seven come each day.")
    drop_in = today + timedelta(weeks=5)
    what = "A drop-in for parents, with the school nurse"
    forums.plan(town, by=people["jo"], now=now, need="anxiety", what=what, owner=owner, due_on=drop_in)


def _answer(county: County, now: datetime) -> None:
    gap = TrendReport.objects.get(need="autism")
    answer = "It is on the next agenda, with what families showed us. The health trust is asked to come."
    answer_report(gap, by=county.people["graham"], now=now, answer=answer)
    hub, due_on = Hub.objects.get(area=gap.area), timezone.localdate(now) + timedelta(weeks=4)
    what = "Ask the health trust for a group at school age"
    undertake(hub, what=what, owner=county.people["graham"], due_on=due_on, now=now, need=gap.need)
