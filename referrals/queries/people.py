"""Who is asked, who is in the family, and what they said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from earlyhelp.core.access import Through
from earlyhelp.core.composed import Composed
from earlyhelp.core.rights import may
from earlyhelp.families.access import open_here
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import Address, Agreement, Family, FamilyMembership
from earlyhelp.partnership.enums import AgencyKind, Role
from earlyhelp.partnership.models import Agency, Area, Post, User
from referrals.models import (
    Referral,
)

YES_STANDS_FOR = timedelta(days=90)  # before a referral is begun: then people are asked anew
ASKED_FROM = 13  # years: who is old enough to be asked whether they agree (screens.md B2)


def holders_of(role: str, area: Area) -> list[User]:
    """Everybody who holds the role in the area or around it."""
    posts = Post.objects.current().filter(role=role, area__in=area.lineage, user__is_active=True).select_related("user")
    return [post.user for post in posts]


def contacts_of(agency: Agency, area: Area) -> list[User]:
    """Who answers for the agency when EH Access asks about a family of this area."""
    posts = Post.objects.current().filter(
        role=Role.AGENCY_CONTACT, area__in=area.lineage, user__is_active=True, user__agency=agency
    )
    return [post.user for post in posts.select_related("user").order_by("user_id")]


def social_care_of(area: Area) -> list[User]:
    """Who answers for social care in this area: what is handed over comes to them."""
    posts = Post.objects.current().filter(
        role=Role.AGENCY_CONTACT,
        area__in=area.lineage,
        user__is_active=True,
        user__agency__kind=AgencyKind.SOCIAL_CARE,
    )
    return [post.user for post in posts.select_related("user").order_by("user_id")]


def agencies_to_ask(area: Area) -> Any:
    """Agencies that have somebody to answer: asking any other would be asking nobody."""
    posts = Post.objects.current().filter(role=Role.AGENCY_CONTACT, area__in=area.lineage, user__is_active=True)
    return Agency.objects.filter(is_active=True, pk__in=posts.values("user__agency"))


def people_of(family_id: int, *, seen_by: Any = None, for_others: bool = False) -> list[FamilyMembership]:
    """Who is in the family now: as much of it as ``seen_by`` may know, and the whole of it where nobody is shown it.

    ``for_others``: what leaves the desk names nobody whom another family’s restriction hides, even if its writer knows them.
    """
    # Whoever wrote a referral may have left since: a composed query would find them nothing, and the family is there still.
    gone = seen_by is not None and not seen_by.is_active
    find = _people.make if gone else _people
    return list(find(seen_by, for_others, family=family_id))


@Composed
def _people(user: Any, for_others: bool, family: Any) -> Any:
    members = FamilyMembership.objects.current().filter(family=family).select_related("person")
    if for_others:
        members = members.filter(open_here())
    if user is not None:
        members = members.filter(known_to_reader(user))
    return members.order_by("person__born_on", "pk")


def known_to_reader(user: Any) -> Q:
    """Anybody finds a name by searching, but not that of a restricted person: that is for those who work with them, and
    for whoever wrote them down (domain.md 5 d, i).

    Nothing says that somebody is left out: whether there is such a person may itself be a secret.
    """
    seen = Through("person")["view"](FamilyMembership._base_manager, user)
    return open_here() | Q(person__created_by=user) | seen


def lives_hidden(family_id: int) -> bool:
    """Whether the address of somebody in the family is protected now."""
    now = Address.objects.filter(protected=True, until_on=None)
    return now.filter(person__memberships__family=family_id, person__memberships__until_on=None).exists()


def old_enough(members: Iterable[FamilyMembership], today: date) -> list[FamilyMembership]:
    """Those who are asked for their own agreement: 13 and over, and whoever’s age is not known; nobody not born yet."""
    born = [each for each in members if not each.person.expected_on]
    return [each for each in born if each.person.born_on is None or age_on(each.person.born_on, today) >= ASKED_FROM]


def age_on(born_on: date, today: date) -> int:
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def answers_since(family_id: int, since: datetime, *, seen_by: Any = None) -> dict[int, Agreement]:
    """Each person’s latest answer, by person, of those given since a moment; of those people whom ``seen_by`` may know."""
    given = Agreement.objects.filter(family=family_id, recorded_at__gte=since).select_related("person")
    if seen_by is not None:
        given = given.filter(known_to_reader(seen_by))
    given = given.order_by("person", "-recorded_at", "-pk")
    return {answer.person_id: answer for answer in given.distinct("person")}


def answers_held(referral: Referral, *, latest: dict[int, Agreement] | None = None) -> dict[int, Agreement]:
    """Each person’s latest answer, by person, that stands for this referral: what is known is not asked again.

    A yes of the three months before counts where the referrer wrote it down, or sees the family anyway: to anybody else
    it would tell that early help knows these people.
    """
    began, author = referral.created_at, referral.author
    latest = answers_since(referral.family_id, began - YES_STANDS_FOR) if latest is None else latest
    earlier = [each for each in latest.values() if each.recorded_at < began]
    sees = bool(earlier and author) and may_name(referral.family, author)
    stale = [
        each
        for each in earlier
        if each.status != AgreementStatus.GIVEN or not (sees or (author and each.recorded_by_id == author.pk))
    ]
    return {person: answer for person, answer in latest.items() if answer not in stale}


def may_keep(family: Family, user: Any) -> bool:
    """Whether this person may add to the family's record, or change it."""
    return may(user, "edit", family)


def may_name(family: Family, user: Any) -> bool:
    """Whether this person works with the family, and may be told its name."""
    return may(user, "view", family)


def somebody_agrees(family: Family) -> bool:
    """Somebody’s last word is yes: without it there is no early help (domain.md 16)."""
    latest = Agreement.objects.filter(family=family).order_by("person", "-recorded_at", "-pk").distinct("person")
    return any(answer.status == AgreementStatus.GIVEN for answer in latest)
