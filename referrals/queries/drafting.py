"""What a draft still lacks before it can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from earlyhelp.core.calendar import LONDON, add_working_days, closing
from earlyhelp.families.models import FamilyMembership
from referrals.enums import Safeguarding
from referrals.models import (
    Referral,
)
from referrals.queries.people import answers_held, old_enough, people_of


@dataclass(frozen=True)
class Task:
    """One page of the form: finished, begun or not."""

    slug: str
    title: str
    complete: bool
    begun: bool
    optional: bool = False


def tasks(referral: Referral, *, today: date) -> list[Task]:
    members = people_of(referral.family_id, seen_by=referral.author)
    agreement = agreement_settled(referral, members, today)
    r = referral
    own = r.author is None  # a family that asks for itself need not have tried anything, nor explain what it fears
    why = _closing(r) if r.step_down else _why_now(r)
    safe = r.safeguarding == Safeguarding.NO or bool(r.safeguarding and (r.safeguarding_detail or own))
    urgent = r.urgent is False or bool(r.urgent and r.urgent_why)
    return [
        Task(
            "family",
            "Who is in the family",
            r.people_checked and bool(members or people_of(r.family_id)),
            r.people_checked or bool(r.people_note),
        ),
        why,
        Task("wants", "What the family wants", bool(r.wants), bool(r.wants)),
        Task(
            "needs",
            "Strengths and worries",
            bool(r.strengths or r.worries),
            bool(r.strengths or r.worries or r.needs),
            optional=True,
        ),
        Task("safety", "Safety and urgency", safe and urgent, bool(r.safeguarding) or r.urgent is not None),
        Task(
            "agreement",
            "Who agrees to early help",
            agreement,
            agreement or bool(answers_held(r)),
        ),
        Task(
            "you",
            "You and your agency",
            bool(r.source_kind and (r.contact_phone or r.reach_safely)),
            bool(r.source_kind or r.contact_phone),
        ),
    ]


def _why_now(r: Referral) -> Task:
    done = bool(r.why_now and (r.tried or r.author is None))
    return Task("why", "Why now, and what you have tried", done, bool(r.why_now or r.tried))


def _closing(r: Referral) -> Task:
    """Instead of why now: what social care leaves, and what it leaves to be done (domain.md 8.4)."""
    done, begun = bool(r.closing_summary and r.plan_ahead), bool(r.closing_summary or r.plan_ahead)
    return Task("closing", "What social care did, and what is still to be done", done, begun)


def agreement_settled(referral: Referral, members: list[FamilyMembership], today: date) -> bool:
    """Everybody old enough has been asked or it is said why not; or nobody was, and it is said why."""
    if referral.no_agreement_reason:
        return True
    asked = old_enough(members, today)
    answers = answers_held(referral)
    return bool(asked) and all(member.person_id in answers for member in asked)


def missing(referral: Referral, *, today: date) -> list[str]:
    """The titles of what must be said before it can be sent (domain.md 6.3)."""
    return [task.title for task in tasks(referral, today=today) if not task.complete and not task.optional]


def same_day(now: datetime) -> datetime:
    """The close of today’s business; of the next working day where today’s is over."""
    today = now.astimezone(LONDON).date()
    end = closing(add_working_days(today, 0))
    return end if end > now else closing(add_working_days(today, 1))
