"""A checklist is begun with a permission, and what its answers suggest is written down with the reasons (domain.md R31)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core import dates
from earlyhelp.core.rights import may
from earlyhelp.families.models import Family, Person
from earlyhelp.families.services import create_person, next_number
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import AskedAbout, SetKind, Voice
from referrals.models import ChecklistResponse, Contact, QuestionSet, Referral, Suggestion
from referrals.services.handover import area_of
from referrals.suggest import OLDEST, Ages, Suggested, suggest, suggest_for_home

GROWN_UP = 18


@transaction.atomic
def begin(
    *,
    about: str,
    agreed_by: str,
    by: Any,
    now: datetime,
    person: Person | None = None,
    contact: Contact | None = None,
    referral: Referral | None = None,
    age: int | None = None,
    **named: Any,
) -> ChecklistResponse:
    """Begin to ask a person, who agreed to it. ``named``: the fields of one whom nobody has written down yet.

    ``age``: in years, as they say it, where nobody knows the date of birth.

    Asked from a contact, from a referral, or by whoever works with the person. Raises ``NotPossible`` without an
    agreement, for a child’s questions about a grown-up, and where no checklist is in use.
    """
    _refuse_strangers(by, person, contact, referral)
    if not agreed_by.strip():
        raise NotPossible("Nobody is asked without agreeing to it.", field="agreed_by")
    asked = QuestionSet.objects.filter(kind=SetKind.CHECKLIST, status="published").first()
    if asked is None:
        raise NotPossible("No checklist is in use: an administrator publishes one.")
    record_of = contact or referral or person
    place = record_of.area if record_of else None
    person = person or create_person(by=by, now=now, area=place, **named)
    born = age_of(person, timezone.localdate(now))
    refuse_age(born if born is not None else age, about, field="about")
    response = ChecklistResponse.objects.create(
        reference=f"CL-{timezone.localdate(now):%Y}-{next_number('referrals_checklist_reference'):06d}",
        set=asked,
        person=person,
        about=AskedAbout(about),
        age=age if born is None else None,
        contact=contact,
        referral=referral,
        area=person.area or place or area_of(by),
        agreed_by=agreed_by,
        by=by,
        at=now,
    )
    record("referrals.checklistresponse.begin", response, by=by, at=now, became=response.status)
    return response


def _refuse_strangers(by: Any, person: Person | None, contact: Contact | None, referral: Referral | None) -> None:
    allowed = (
        (contact and may(by, "refer", contact))
        or (referral and (may(by, "own", referral) or may(by, "triage", referral)))
        or (person and not contact and not referral and may(by, "edit", person))
    )
    if not allowed:
        raise PermissionDenied


def family_of(response: ChecklistResponse) -> Family | None:
    """Whose it is: the contact’s or the referral’s; asked on a person’s own page, the family with which they live now."""
    record = response.contact or response.referral
    if record and record.family:
        return record.family
    here = response.person.memberships.current().select_related("family").order_by("-lives_in_household", "pk")
    member = here.first()
    return member.family if member else None


def refuse_age(age: int | None, about: str, *, field: str) -> None:
    if age is not None and age >= GROWN_UP and about == AskedAbout.CHILD:
        raise NotPossible("They are grown up: choose the questions for an adult.", field=field)


def age_of(person: Person, on: date) -> int | None:
    return dates.years_old(person.born_on, on) if person.born_on else None


def ages_of(response: ChecklistResponse) -> Ages:
    """How old they may be: from the date of birth, or as they said; else what follows from whom the questions are about."""
    age = age_of(response.person, timezone.localdate(response.at))
    age = response.age if age is None else age
    if age is not None:
        return age, age
    return (0, GROWN_UP - 1) if response.about == AskedAbout.CHILD else (GROWN_UP, OLDEST)


def suggested(response: ChecklistResponse, rules: Any, answers: Mapping[str, str]) -> list[Suggested]:
    """What the answers suggest by these rules: of the version that was asked, or of one that is being thought about."""
    ages = ages_of(response)
    if response.about != AskedAbout.BOTH:
        return suggest(rules, answers, ages, response.area)
    of_children = [each.code for each in response.set.questions.all() if each.voice == Voice.CHILD]
    return suggest_for_home(rules, answers, ages, response.area, of_children)


def write_suggestions(response: ChecklistResponse, answers: Mapping[str, str]) -> list[Suggestion]:
    """In the words of the version that was asked: they stay as they were said."""
    found = suggested(response, response.set.rules.all(), answers)
    return Suggestion.objects.bulk_create(
        Suggestion(
            response=response,
            rule=each.rule,
            place=place,
            outcome=each.rule.outcome,
            title=each.rule.title,
            explanation=each.rule.explanation,
            because=list(each.because),
            unchecked=list(each.unchecked),
        )
        for place, each in enumerate(found, 1)
    )
