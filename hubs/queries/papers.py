"""What the papers say of one family (screens.md A2), and what reads otherwise since they went out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from earlyhelp.cases.briefing import Brief, briefs
from earlyhelp.cases.enums import Tier
from earlyhelp.cases.extracts import extracts
from earlyhelp.core import dates
from earlyhelp.core.changes import Touch, last_touched
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.families.drawn import Genogram
from earlyhelp.families.models import Relationship
from earlyhelp.families.queries import among
from earlyhelp.families.spelling import Secrets
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing.enums import Purpose, Say
from earlyhelp.sharing.queries import may_be_told
from hubs.enums import ItemKind, Level
from hubs.models import AgendaItem, Hub, PackPage
from hubs.queries.blockages import stopping
from hubs.queries.people import agreements_of, household, sitting_at


@dataclass(frozen=True)
class Papers:
    """One family's page as it reads now. ``on``: the day at which ages are told, so that a birthday is no change."""

    item: AgendaItem
    agencies: list[Agency]
    on: date
    now: datetime

    @cached_property
    def members(self) -> list[Any]:
        return household(self.item.case)

    @cached_property
    def ties(self) -> list[Relationship]:
        return _TIES(None, family=self.item.case.family_id)

    @cached_property
    def genogram(self) -> Genogram:
        """Of those in the family alone: small, and the same for everybody who reads the page."""
        return Genogram({each.person_id: each for each in self.members}, self.ties, self.on, is_case=True)

    def said(self) -> list[dict[str, Any]]:
        """As it is kept once it is published."""
        told = briefs(self.item.case)
        parts = [
            self._asked(told),
            *self._evidence(),
            *self._stopped(),
            self._household(),
            *self._kin(),
            *told,
            *self._so_far(),
            self._agreement(),
            self._sharing(),
            self._offer(),
        ]
        return [each.stored() for each in parts]

    def _asked(self, told: list[Brief]) -> Brief:
        """The request as the case has it only where nothing fuller came with it."""
        item, case = self.item, self.item.case
        asked = item.get_kind_display()
        if item.step:
            asked = f"{asked}: tier {item.step.get_from_tier_display()} to {item.step.get_to_tier_display()}"
        facts = [("For the hub", asked), ("Level of need", case.get_level_of_need_display())]
        facts += [("Urgent", "Yes")] * item.urgent
        text = case.closure_summary if item.kind == ItemKind.CLOSURE else ""
        if item.kind == ItemKind.NEW and not any(each.text for each in told):
            text = case.request
        return Brief("What is asked", text, facts=facts, drawn_from=[_row(case), _row(item)])

    def _evidence(self) -> Iterator[Brief]:
        if step := self.item.step:
            told = [
                ("Asked for", f"{step.wanted}\n{step.requested_by}, {dates.day(step.requested_at)}"),
                ("What has changed", step.what_changed),
                ("What was tried", step.tried),
                ("What they say", step.views),
                ("If nothing changes", step.risk_if_nothing),
                ("Why it cannot wait", step.urgent_why),
                ("What EH Access found", f"{step.known}\n{step.checked_by}" if step.known else ""),
            ]
            yield Brief("Why a step is asked for", facts=[each for each in told if each[1]], drawn_from=[_row(step)])

    def _stopped(self) -> Iterator[Brief]:
        """Each blockage that is open, whatever the family is heard for (domain.md 9.2, 5)."""
        for each in stopping(self.item.case):
            told = [
                ("What stops progress", each.what),
                ("Which action it stops", each.stops),
                ("Raised by", f"{each.raised_by}, {dates.day(timezone.localdate(each.raised_at))}"),
                ("Since", dates.day(each.since_on)),
                ("What was tried", each.tried),
                ("Who could unblock it", each.unblocks or "Not known"),
                ("Who has it now", f"{each.owner}, by {dates.day(each.act_by)}" if each.owner else "Nobody yet"),
                ("What is asked of the meeting", _asked_about(each)),
            ]
            yield Brief("What stops the family", facts=[fact for fact in told if fact[1]], drawn_from=[_row(each)])

    def _household(self) -> Brief:
        rows = [
            (each.person.called, self._age(each.person), each.get_role_display(), _lives(each)) for each in self.members
        ]
        drawn_from = [each for member in self.members for each in (_row(member), _row(member.person))]
        head = ("Name", "Age", "In the family", "Lives")
        return Brief("Household", head=head, rows=rows, nothing="Nobody is recorded yet.", drawn_from=drawn_from)

    def _age(self, person: Any) -> str:
        if person.died_on:
            return f"Died {dates.day(person.died_on)}"
        return dates.age(person.born_on, self.on) if person.born_on else str(person.expected or "Not known")

    def _kin(self) -> Iterator[Brief]:
        if self.ties:
            drawn_from = [_row(tie) for tie in self.ties]
            yield Brief("Who they are to each other", "\n".join(self.genogram.sentences), drawn_from=drawn_from)

    def _so_far(self) -> Iterator[Brief]:
        """What an open case has come to: its plan, as it is told on paper elsewhere."""
        if self.item.kind != ItemKind.NEW:
            for each in extracts(self.item.case):
                yield Brief(each.heading, each.text, each.facts, each.head, each.rows, each.nothing)

    def _agreement(self) -> Brief:
        said = agreements_of(self.item.case)
        rows = [
            (each.person.called, each.get_status_display(), dates.day(each.recorded_at), each.why_not) for each in said
        ]
        facts = []
        if self.item.without_agreement:
            facts = [
                ("Heard without it", f"{self.item.get_without_agreement_display()}. {self.item.without_agreement_why}")
            ]
        return Brief(
            "Agreement to early help",
            facts=facts,
            head=("Who", "What they said", "When", "Why not"),
            rows=rows,
            nothing="" if facts else "Nobody has been asked.",
            drawn_from=[*map(_row, said), _row(self.item)],
        )

    def _sharing(self) -> Brief:
        """Agency for agency, what may be told there of whom (``sharing.can_share``)."""
        people = [each.person for each in self.members]
        answers = may_be_told(people, self.agencies, Purpose.HELP, now=self.now) if people else {}
        rows = [(agency.name, _told_of(people, agency, answers)) for agency in self.agencies]
        return Brief(
            "What may be shared with whom",
            head=("Agency", "May they be told?"),
            rows=rows if people else [],
            nothing="Nobody is recorded yet.",
        )

    def _offer(self) -> Brief:
        item, case = self.item, self.item.case
        facts = []
        if item.kind == ItemKind.NEW:
            facts.append(("Proposed by EH Access", f"Tier {Tier(case.proposed_tier or Tier.TARGETED).label}"))
        likes = f"{item.get_preference_display()}: {item.preference_note}" if item.preference else "Not recorded yet"
        facts.append(("Whom the family would like", likes))
        return Brief("What is proposed", facts=facts, drawn_from=[_row(item), _row(case)])


@PlannedOnce
def _TIES(nobody: None, family: Any) -> Any:
    return among(family).order_by("pk")


def _asked_about(blockage: Any) -> str:
    """Of one that is before the hub: that it names somebody, and why those who had it can not unpick it."""
    if blockage.level != Level.HUB or blockage.heard_at:
        return ""
    why = f" Those who had it cannot: {blockage.why}" if blockage.why else ""
    return f"To name who unblocks it, and by when.{why}"


def papers_of(item: AgendaItem, agencies: list[Agency], *, now: datetime, on: date | None = None) -> Papers:
    return Papers(item, agencies, on or timezone.localdate(now), now)


def agencies_at(hub: Hub) -> list[Agency]:
    """Those that sit at the hub: whom the papers say what may be told."""
    agencies = {user.agency_id: user.agency for user in sitting_at(hub) if user.agency_id}
    return sorted(agencies.values(), key=lambda agency: (agency.name, agency.pk))


def _row(record: Any) -> tuple[str, int]:
    return record._meta.label_lower, record.pk


def _lives(member: Any) -> str:
    return "Here" if member.lives_in_household else "Elsewhere"


WORDS = {Say.ALLOW: "Yes", Say.ALLOW_WITH_LIMITS: "Within limits", Say.ASK: "Ask first", Say.DENY: "No"}


def _told_of(people: list[Any], agency: Agency, answers: Mapping[tuple[int, int], Any]) -> str:
    """«Yes: Dana, Tyler. Ask first: Kai.»"""
    by_say: dict[Say, list[str]] = {}
    for person in people:
        answer = answers[person.pk, agency.pk]
        limits = f" (not: {answer.limits})" if answer.limits else ""
        by_say.setdefault(answer.say, []).append(f"{person.called}{limits}")
    return "\n".join(f"{word}: {', '.join(by_say[say])}" for say, word in WORDS.items() if say in by_say)


# --- since they went out -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changed:
    """One heading that reads otherwise now. ``now`` is how; none if it is gone."""

    heading: str
    now: dict[str, Any] | None
    touched: Touch | None


def changed_since(page: PackPage, said: Iterable[dict[str, Any]]) -> list[Changed]:
    """What is said now and was not published so, with who changed it and when, as far as versions are kept."""
    before, after = _by_heading(page.said), _by_heading(said)
    headings = [*after, *(heading for heading in before if heading not in after)]
    return [
        Changed(heading, after.get(heading), _touched(page, before.get(heading), after.get(heading)))
        for heading in headings
        if _read(before.get(heading)) != _read(after.get(heading))
    ]


def _by_heading(said: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By heading; where two say the same, of a family referred twice, the second stands apart."""
    found: dict[str, dict[str, Any]] = {}
    for part in said:
        heading = part["heading"]
        while heading in found:
            heading += " (another)"
        found[heading] = part
    return found


def _read(part: dict[str, Any] | None) -> Any:
    return {name: value for name, value in part.items() if name != "drawn_from"} if part else None


def _touched(page: PackPage, *parts: dict[str, Any] | None) -> Touch | None:
    records = {(kind, key) for part in parts if part for kind, key in part["drawn_from"]}
    return last_touched(records, since=page.published_at)


# --- what must not be read in them -------------------------------------------------------------------------------------

KEPT_FROM_SIGHT = "Kept from sight: a protected address stands in what is written here. Whoever wrote it takes it out."


def without_secrets(parts: Iterable[dict[str, Any]], secrets: Secrets) -> list[dict[str, Any]]:
    """Each part; of one in which something secret stands by now, its heading alone (promise P2)."""
    return [_heading_alone(part) if gives_away(part, secrets) else part for part in parts]


def changed_without_secrets(changed: Iterable[Changed], secrets: Secrets) -> list[Changed]:
    """The same of what reads otherwise since."""
    return [
        replace(each, now=_heading_alone(each.now)) if each.now and gives_away(each.now, secrets) else each
        for each in changed
    ]


def _heading_alone(part: dict[str, Any]) -> dict[str, Any]:
    return Brief(part["heading"], nothing=KEPT_FROM_SIGHT).stored()


def gives_away(part: dict[str, Any], secrets: Secrets) -> bool:
    """Every text of it is looked at, one by one: what is typed in one box does not run on into the next."""
    return any(secrets.stand_in(text) for text in _texts(part))


def _texts(part: Any) -> Iterable[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for name, value in part.items():
            if name != "drawn_from":
                yield from _texts(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _texts(each)
