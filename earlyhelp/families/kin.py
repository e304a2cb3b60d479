"""What pages read of pregnancies that ended, and of how two people get on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from earlyhelp.core.access import Through
from earlyhelp.core.changes import Change, changes_among
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.families.access import see_bond
from earlyhelp.families.enums import RelationshipKind
from earlyhelp.families.models import Bond, Family, FamilyMembership, Person, PregnancyLoss, Relationship

LOSS = ("id", "kind", "ended_on", "ended_year", "name")
CHANGED = ("kind", "ended_on", "ended_year", "name", "sex", "father")


@PlannedOnce
def losses_seen(user: Any, people: Any) -> Any:
    """The pregnancies of these people that ended, for whoever sees them."""
    rows = PregnancyLoss.objects.standing().filter(mother__in=people).select_related("mother")
    return rows.filter(Through("mother")["view"](PregnancyLoss._base_manager, user))


@PlannedOnce
def bonds_seen(user: Any, people: Any) -> Any:
    """How these get on with each other now, as somebody saw it, for whoever sees both."""
    rows = Bond.objects.live().filter(person__in=people, other__in=people).order_by("pk")
    return rows.filter(see_bond(Bond._base_manager, user)).select_related("person", "other", "said_by", "recorded_by")


def bonds_among(family: Family) -> Any:
    """Between those who are in the family now: what whoever keeps its record may end or strike out."""
    here = FamilyMembership.objects.current().filter(family=family).values("person")
    rows = Bond.objects.standing().filter(person__in=here, other__in=here)
    return rows.select_related("person", "other", "said_by", "recorded_by")


def with_losses(people: Any) -> Any:
    """With each person the pregnancies of theirs that ended, for ``losses_of``: no query of its own."""
    rows = PregnancyLoss.objects.standing().filter(mother=OuterRef("pk"))
    return people.annotate(lost=ArraySubquery(rows.values(facts=JSONObject(**{name: name for name in LOSS}))))


def losses_of(person: Any) -> list[PregnancyLoss]:
    return [
        PregnancyLoss(ended_on=date.fromisoformat(day) if (day := facts.pop("ended_on")) else None, **facts)
        for facts in person.lost
    ]


def standing_losses(mother: Person) -> Any:
    """What whoever keeps her record may change or strike out."""
    return PregnancyLoss.objects.standing().filter(mother=mother).select_related("was")


def parents_of(child: Person, user: Any) -> Any:
    """Who is written down as a parent of theirs, as far as the reader keeps their record."""
    ties = Relationship.objects.standing().filter(other=child, kind=RelationshipKind.PARENT)
    return Person.objects.for_user(user, "edit").filter(pk__in=ties.values("person")).order_by("pk")


def kept_with(person: Person, user: Any) -> Any:
    """Everybody else of the families of theirs whose record the reader keeps."""
    families = Family.objects.for_user(user, "edit").filter(memberships__in=person.memberships.current())
    here = FamilyMembership.objects.current().filter(family__in=families).exclude(person=person)
    return Person.objects.filter(pk__in=here.values("person")).order_by("born_on", "pk")


def how_losses_changed(mother: Person) -> list[Change]:
    """Not what was entered in error, which is out of sight."""
    of = {loss.pk: loss.told for loss in standing_losses(mother)}
    return changes_among(PregnancyLoss, of, CHANGED)


def how_bonds_changed(family: Family) -> list[Change]:
    """How its people get on, as somebody saw it: when it was said, and when it ended."""
    people = family.memberships.values("person")
    bonds = Bond.objects.standing().filter(person__in=people, other__in=people)
    of = {bond.pk: bond.sentence for bond in bonds.select_related("person", "other", "said_by", "recorded_by")}
    return changes_among(Bond, of, ("ended_on",))
