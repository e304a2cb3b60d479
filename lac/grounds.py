"""A coordinator sees the people introduced to them, who may be in no family at all; then they keep what is known of them."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, Func, OuterRef, Q

from earlyhelp.core.access import NOBODY
from earlyhelp.families.access import not_restricted, person_edit_ground
from earlyhelp.families.models import Family
from earlyhelp.families.reads import Known, keeps
from earlyhelp.partnership.models import Post
from lac.access import COORDINATING, coordinates
from lac.models import Introduction


@person_edit_ground
def introduced_here(people: Any, user: Any) -> Q:
    """By somebody else, and of no restricted record: or whoever coordinates could read anybody whom they can name."""
    if not coordinates(user):
        return NOBODY
    by_others = Introduction.objects.for_user(user).exclude(introduced_by=user)
    return not_restricted("") & Q(pk__in=by_others.values("person"))


def _alongside(family: Family) -> list[Known]:
    """Who coordinates where somebody of the family was introduced, and who leads them there (domain.md 12.2)."""
    around = Func(OuterRef("area"), template="ARRAY[%(expressions)s]", output_field=ArrayField(BigIntegerField()))
    here = Introduction.objects.filter(person__memberships__family=family, area__lineage__contains=around)
    posts = Post.objects.filter(Exists(here), role__in=COORDINATING)
    return [Known(posts, "user", "coordinates where one of them lives")]


keeps(Introduction, "an introduction", family="person__memberships__family", workers=_alongside)
