"""A family is seen through the work done with it. Each app above lodges the grounds that it gives (design.md 2 c)."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Q

from earlyhelp.core.access import NOBODY, Rule

GROUNDS: list[Rule] = []


def ground(rule: Rule) -> Rule:
    """Lodge a ground: ``(families, user) -> Q`` over families, by identity and never by a join."""
    GROUNDS.append(rule)
    return rule


def view(families: Any, user: Any) -> Q:
    return reduce(or_, (rule(families, user) for rule in GROUNDS), NOBODY)


def person_view(people: Any, user: Any) -> Q:
    """A person is seen with a family of theirs that one may see; whoever wrote them down sees them too."""
    family = apps.get_model("families", "Family")
    membership = apps.get_model("families", "FamilyMembership")
    mine = family.objects.for_user(user).values("pk")
    return Q(pk__in=membership.objects.filter(family__in=mine).values("person")) | Q(created_by=user, memberships=None)


FAMILY_RULES: dict[str, Rule] = {"view": view, "edit": view}
PERSON_RULES: dict[str, Rule] = {"view": person_view, "edit": person_view}
