"""A family that only named people may see, until it is lifted again (domain.md 5 d, promise P4).

The rules of every room read one flag of the family. Here it is set and lifted, with what follows from it in rooms above;
and here each room says who sees the family through it, so that whoever restricts it knows beforehand who will not any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Value
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core.calendar import closing
from earlyhelp.core.rights import may
from earlyhelp.deadlines.services import keep, promise, release
from earlyhelp.families.access import not_taken_on
from earlyhelp.families.models import NOT_EXPIRED, Family, FamilyMembership, FamilyUserObjectPermission, Restriction
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Cover, User
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible

WARN = timedelta(days=14)
COVERS = "covers for somebody who sees it"


# --- who sees it ------------------------------------------------------------------------------------------------------


class Way(NamedTuple):
    """Rows, which field of theirs is a person, and how these people come to see the family."""

    rows: Any
    field: str
    how: str
    lasts: bool  # also when it is restricted
    covered: bool = True  # whoever covers for them sees it with them, as long as it is not restricted


@dataclass(frozen=True)
class Seer:
    """Somebody in whose sight the family is, and whether it stays so."""

    who: User
    how: str
    keeps: bool


Sight = Callable[[Family], Iterable[Way]]
SIGHT: list[Sight] = []


def sight(find: Sight) -> Sight:
    """Lodge ``(family) -> ways``, as the rules of the room have them: a test holds each to what the rules say."""
    SIGHT.append(find)
    return find


@sight
def _by_name_or_pen(family: Family) -> list[Way]:
    named = FamilyUserObjectPermission.objects.filter(NOT_EXPIRED, content_object=family)
    wrote = Family.objects.filter(not_taken_on(Family.objects.all()), pk=family.pk)
    return [
        Way(named, "user", "was named for it", lasts=True, covered=False),
        Way(wrote, "created_by", "wrote the family down", lasts=True, covered=False),
    ]


def seers(family: Family) -> list[Seer]:
    """Everybody who sees it now: those who keep sight first. Of several ways to it, one that lasts is told."""
    ways = [way for find in SIGHT for way in find(family) if way.lasts or not family.restricted]
    ways.sort(key=lambda way: not way.lasts)
    rows = [way.rows.order_by().values_list(way.field, Value(place)) for place, way in enumerate(ways)]
    found: dict[int, Way] = {}
    covered: set[int] = set()
    for person, place in sorted((row for row in rows[0].union(*rows[1:]) if row[0]), key=itemgetter(1)):
        found.setdefault(person, ways[place])
        covered |= {person} if ways[place].covered else set()
    if not family.restricted:
        for colleague in Cover.objects.current().filter(person__in=covered).values_list("colleague", flat=True):
            found.setdefault(colleague, Way(None, "", COVERS, lasts=False))
    people = User.objects.filter(pk__in=found, is_active=True).select_related("agency")
    told = [
        Seer(who, found[who.pk].how, found[who.pk].lasts) for who in people.order_by("last_name", "first_name", "pk")
    ]
    return sorted(told, key=lambda each: not each.keeps)


# --- what follows -----------------------------------------------------------------------------------------------------

Follow = Callable[..., None]
Told = Callable[[Family], Iterable[str]]
FOLLOWS: list[Follow] = []
TOLD: list[Told] = []


def follows(do: Follow) -> Follow:
    """Lodge ``(family, *, by, now)``: what is restricted, or lifted, with the family; ``family.restricted`` says which."""
    FOLLOWS.append(do)
    return do


def tells_what_follows(tell: Told) -> Told:
    """Lodge ``(family) -> sentences``: what of this room follows, and what does not."""
    TOLD.append(tell)
    return tell


def what_follows(family: Family) -> list[str]:
    return [said for tell in TOLD for said in tell(family)]


@tells_what_follows
def _people_follow(family: Family) -> list[str]:
    here = family.memberships.current()
    both = FamilyMembership.objects.current().filter(person__in=here.values("person")).exclude(family=family)
    said = [f"{_count(here.count(), 'person', 'people')} of the family: no search and no match finds them."]
    if n := both.values("person").distinct().count():
        said.append(
            f"Not for those who work with another family: {_count(n, 'person is', 'people are')} in another family too, "
            "and stay in sight there."
        )
    return said


def _count(n: int, one: str, several: str) -> str:
    return f"{n} {one if n == 1 else several}"


# --- the deeds --------------------------------------------------------------------------------------------------------


@transaction.atomic
def restrict(
    family: Family,
    *,
    by: Any,
    now: datetime,
    kind: str,
    reason: str,
    review_on: date,
    named: Iterable[User] = (),
    until_on: date | None = None,
) -> Restriction:
    """From now on only those see it who work with it by name. ``named``: who keeps sight besides, until a day.

    Whoever loses sight is told nothing. Raises ``PermissionDenied``; ``NotPossible`` where nobody at all would see it.
    """
    family, named = _held(family, by), list(named)
    if family.restricted:
        raise NotPossible("This record is restricted already.")
    keepers = [each.who for each in seers(family) if each.keeps]
    if not (keepers or named):
        raise NotPossible("Nobody would see this record any more: name somebody who does.", field="named")
    made = Restriction.objects.create(
        family=family, kind=kind, reason=reason, began_by=by, began_at=now, review_on=review_on
    )
    _set(family, True, by=by, now=now)
    _promise(made, now)
    record("families.family.restrict", family, by=by, at=now, reason=reason, why=kind)
    _tell(keepers, family, "A record you work with is restricted now", f"restricted:{made.pk}", now)
    if named:
        let_see(family, named, by=by, now=now, reason=reason, until_on=until_on)
    return made


@transaction.atomic
def lift(family: Family, *, by: Any, now: datetime, reason: str) -> Restriction:
    """Whoever would see it by their place sees it again; who was named for it is so no longer."""
    family = _held(family, by)
    made = _standing(family)
    made.lifted_by, made.lifted_at, made.lifted_because = by, now, reason
    made.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
    keepers = [each.who for each in seers(family)]
    family.grants.all().delete()
    _set(family, False, by=by, now=now)
    release(made, now=now)
    record("families.family.lift_restriction", family, by=by, at=now, reason=reason)
    _tell(keepers, family, "A record you work with is no longer restricted", f"lifted:{made.pk}", now)
    return made


@transaction.atomic
def look_again(family: Family, *, by: Any, now: datetime, review_on: date, note: str) -> Restriction:
    """It stays restricted, and somebody says why, and when it is asked again."""
    family = _held(family, by)
    made = _standing(family)
    made.review_on = review_on
    made.save(update_fields=["review_on"])
    keep(made, "D_RESTRICTED", now=now)
    _promise(made, now)
    record("families.family.restriction_reviewed", family, by=by, at=now, reason=note)
    return made


@transaction.atomic
def let_see(
    family: Family, users: Iterable[User], *, by: Any, now: datetime, reason: str, until_on: date | None
) -> None:
    """Name people who see it and its cases, and change nothing, until the end of a day."""
    family, users = _held(family, by), list(users)
    _standing(family)
    view = Permission.objects.get(codename="view_family", content_type__app_label="families")
    for user in users:
        FamilyUserObjectPermission.objects.update_or_create(
            user=user,
            permission=view,
            content_object=family,
            defaults={"reason": reason, "named_by": by, "from_at": now, "expires_at": _end_of(until_on)},
        )
        record("families.family.named", family, by=by, at=now, reason=reason, to=user.pk, until=str(until_on or ""))
    key = f"named:{now:%Y%m%d%H%M%S}"
    _tell(users, family, "You were named for a restricted record", key, now, kind=Kind.REQUEST)


@transaction.atomic
def let_see_no_more(grant: FamilyUserObjectPermission, *, by: Any, now: datetime, reason: str) -> None:
    family = _held(grant.content_object, by)
    if not any(each.keeps for each in seers(family) if each.who.pk != grant.user_id):
        raise NotPossible("Nobody would see this record any more: name somebody else first.")
    family.grants.filter(pk=grant.pk).delete()
    record("families.family.named_no_more", family, by=by, at=now, reason=reason, to=grant.user_id)


def _held(family: Family, by: Any) -> Family:
    family = lock(family)
    by.forget_scope()
    if not may(by, "restrict", family):
        raise PermissionDenied
    return family


def _standing(family: Family) -> Restriction:
    if (made := family.restrictions.standing().first()) is None:
        raise NotPossible("This record is not restricted any more.")
    return made


def _set(family: Family, restricted: bool, *, by: Any, now: datetime) -> None:
    family.restricted = restricted
    family.version += 1
    family.save(update_fields=["restricted", "version"])
    for follow in FOLLOWS:
        follow(family, by=by, now=now)


def _promise(made: Restriction, now: datetime) -> None:
    due_at = closing(made.review_on)
    promise(made, "D_RESTRICTED", now=now, holder_role=Role.IG_LEAD, due_at=due_at, warn=WARN)


def _end_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None


def _tell(people: Iterable[User], family: Family, title: str, what: str, now: datetime, kind: Kind = Kind.NEWS) -> None:
    notify(
        people,
        kind=kind,
        title=title,
        reference=family.reference,
        url=family.get_absolute_url(),
        key=f"family:{family.pk}:{what}",
        now=now,
    )
