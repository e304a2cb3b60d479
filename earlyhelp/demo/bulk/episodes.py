"""The rows of an episode: the case, who works with the family, what was promised and what happened."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Allocation, Case, TeamMember, TierChange
from earlyhelp.demo.bulk.copying import NULL, Table, last_number, text
from earlyhelp.demo.bulk.days import day, moment
from earlyhelp.demo.bulk.episode import ACCEPT, ALLOCATE, Episode
from earlyhelp.demo.bulk.promises import Promises
from earlyhelp.demo.bulk.workforce import Workforce
from earlyhelp.demo.texts import REQUESTS, WISHES

ENDINGS = {
    "outcomes_met": 46,
    "single_agency": 16,
    "stepped_down_universal": 14,
    "family_withdrew": 10,
    "unable_to_engage": 7,
    "moved_away": 4,
    "stepped_up": 3,
}
RESULTS = {"sustained": 70, "not_sustained": 12, "unable_to_contact": 18}
ASKED = tuple(map(text, REQUESTS))
NOT_OPENED_REASONS = ("signposted", "returned", "withdrawn")
MOVES = (
    ("await_decision", "awaiting_decision"),
    ("allocate", "opened"),
    ("accept", "allocated"),
    ("record_first_contact", "assessing"),
    ("assessment_completed", "planning"),
    ("plan_agreed", "supported"),
)


class Episodes:
    def __init__(self, force: Workforce, dice: Random, now: datetime) -> None:
        self.force, self.dice = force, dice
        self.case = Table(
            Case,
            "reference",
            "family_id",
            "area_id",
            "status",
            "tier",
            "proposed_tier",
            "level_of_need",
            "request",
            "urgent",
            "lead_id",
            "accepted_at",
            "opened_on",
            "closed_on",
            "end_reason",
            "not_opened_reason",
            "next_review_on",
            "closure_summary",
            "follow_up_agreed",
            "follow_up_result",
            "previous_id",
        )
        self.allocation = Table(
            Allocation,
            "case_id",
            "worker_id",
            "role",
            "status",
            "preference_note",
            "offered_by_id",
            "offered_at",
            "answered_at",
            "ended_at",
            "end_reason",
            preference="asked",
        )
        self.member = Table(TeamMember, "case_id", "user_id", "agency_id", "role", "from_at", "until_at", "end_reason")
        self.tier_change = Table(
            TierChange, "case_id", "to_tier", "decided_by_id", "decided_at", reason="Decided at the hub."
        )
        self.event = Table(
            Event, "at", "actor_id", "kind", "subject_id", "was", "became", subject="cases.case", facts="{}"
        )
        self.promises = Promises(dice, now)
        self.tables = (self.case, self.allocation, self.member, self.tier_change, self.event, self.promises.table)
        self.number = last_number("cases_reference")

    def write(self, episode: Episode, *, previous: int | None) -> None:
        self._case(episode, previous)
        if episode.taken >= ALLOCATE:
            self._allocation(episode)
            self.tier_change.add(str(episode.pk), str(episode.tier), str(episode.chair), moment(episode.days[ALLOCATE]))
        if episode.taken >= ACCEPT:
            self._team(episode)
        self.promises.write(episode)
        self._events(episode)

    def _case(self, episode: Episode, previous: int | None) -> None:
        self.number += 1
        episode.reference = f"EH-{date.fromordinal(episode.accepted).year}-{self.number:06d}"
        episode.pk = self.case.add(
            episode.reference,
            str(episode.home.family),
            episode.home.area,
            episode.status,
            str(episode.tier) if episode.opened else NULL,
            str(episode.tier),
            str(episode.tier),
            self.dice.choice(ASKED),
            "t" if self.dice.random() < 0.06 else "f",
            str(episode.lead[0]) if episode.taken >= ACCEPT else NULL,
            moment(episode.accepted),
            day(episode.opened) if episode.opened else NULL,
            *self._end(episode),
            day(episode.review) if episode.review else NULL,
            "What the family came with is done." if episode.closed else "",
            *self._follow_up(episode),
            str(previous) if previous else NULL,
        )

    def _end(self, episode: Episode) -> tuple[str, str, str]:
        """The day on which it closed, why, and why it was never opened."""
        if episode.closed:
            return day(episode.closed), self._one_of(ENDINGS), ""
        return NULL, "", self.dice.choice(NOT_OPENED_REASONS) if episode.status == "not_opened" else ""

    def _follow_up(self, episode: Episode) -> tuple[str, str]:
        if not episode.closed:
            return NULL, ""
        if episode.status == "closed":
            return "ft"[self.dice.random() < 0.3], ""
        return "t", self._one_of(RESULTS) if episode.status == "ended" else ""

    def _allocation(self, episode: Episode) -> None:
        accepted = episode.taken >= ACCEPT
        self.allocation.add(
            str(episode.pk),
            str(episode.lead[0]),
            _lead_role(episode),
            "ended" if episode.closed else "accepted" if accepted else "offered",
            self.dice.choice(WISHES),
            str(episode.chair),
            moment(episode.days[ALLOCATE]),
            moment(episode.days[ACCEPT]) if accepted else NULL,
            moment(episode.closed) if episode.closed else NULL,
            "closed" if episode.closed else "",
        )

    def _team(self, episode: Episode) -> None:
        """The lead and a few others, none of them twice."""
        end = (moment(episode.closed), "closed") if episode.closed else (NULL, "")
        case, since = str(episode.pk), moment(episode.days[ACCEPT])
        others = self.force.others[episode.home.district]
        chosen = {self.dice.choice(others) for _ in range(self.dice.randint(3, 7))} - {episode.lead}
        self.member.add(case, *map(str, episode.lead), _lead_role(episode), since, *end)
        for user, agency in sorted(chosen):
            self.member.add(case, str(user), str(agency), "member", since, *end)

    def _events(self, episode: Episode) -> None:
        actors = (self.force.access, episode.chair, *[episode.lead[0]] * 4)
        was, case = "", str(episode.pk)
        for (kind, became), actor, happened in list(zip(MOVES, actors, episode.days, strict=True))[: episode.taken + 1]:
            self.event.add(moment(happened), str(actor), f"cases.case.{kind}", case, was, became)
            was = became
        if episode.closed:
            self.event.add(
                moment(episode.closed), str(episode.chair), "cases.case.ratify_closure", case, "closing", "closed"
            )

    def _one_of(self, shares: dict[str, int]) -> str:
        return self.dice.choices(tuple(shares), tuple(shares.values()))[0]


def _lead_role(episode: Episode) -> str:
    return "intensive" if episode.tier == 3 else "lead"
