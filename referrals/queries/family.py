"""The family of a referral, read with the referral: its page has more to ask than it may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from earlyhelp.families.models import Agreement, FamilyMembership, Person
from referrals.queries.people import YES_STANDS_FOR, answers_since, known_to_reader, people_of


@dataclass(frozen=True)
class FamilyRead:
    """Who is in the family of a referral, and each person’s latest answer: as much of both as its reader may know."""

    members: list[FamilyMembership]
    answers: dict[int, Agreement]


def with_family(referrals: Any, user: Any) -> Any:
    """Bring both with each referral, in its own query: its page has more to ask than it may."""
    members = FamilyMembership.objects.current().filter(known_to_reader(user), family=OuterRef("family"))
    given = Agreement.objects.filter(known_to_reader(user), family=OuterRef("family"))
    given = given.filter(recorded_at__gte=OuterRef("created_at") - YES_STANDS_FOR)
    given = given.order_by("person", "-recorded_at", "-pk").distinct("person")
    said = {name: name for name in ("status", "why_not", "recorded_at", "recorded_by")}
    return referrals.annotate(
        members_read=ArraySubquery(
            members.order_by("person__born_on", "pk").values(each=JSONObject(role="role", **PERSON_READ))
        ),
        answers_read=ArraySubquery(given.values(each=JSONObject(**said, **PERSON_READ))),
    )


PERSON_READ = {
    "person": "person",
    **{name: f"person__{name}" for name in ("first_name", "last_name", "born_on", "expected_on")},
}


def family_read(referral: Any, *, seen_by: Any) -> FamilyRead:
    """Of a referral read ``with_family``, what came with it; else asked now."""
    if not hasattr(referral, "members_read"):
        since = referral.created_at - YES_STANDS_FOR
        answers = answers_since(referral.family_id, since, seen_by=seen_by)
        return FamilyRead(people_of(referral.family_id, seen_by=seen_by), answers)
    members = [FamilyMembership(role=row["role"], person=_person_read(row)) for row in referral.members_read]
    return FamilyRead(members, {row["person"]: _answer_read(row) for row in referral.answers_read})


def _person_read(row: dict[str, Any]) -> Person:
    days = {name: date.fromisoformat(row[name]) for name in ("born_on", "expected_on") if row[name]}
    return Person(pk=row["person"], first_name=row["first_name"], last_name=row["last_name"], **days)


def _answer_read(row: dict[str, Any]) -> Agreement:
    said = {"status": row["status"], "why_not": row["why_not"], "recorded_by_id": row["recorded_by"]}
    return Agreement(person=_person_read(row), recorded_at=datetime.fromisoformat(row["recorded_at"]), **said)
