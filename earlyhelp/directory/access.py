"""Who keeps the directory, which is open to all, and who sees a person's referral to a service (domain.md 5, 11 and 16)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from earlyhelp.core.access import EVERYTHING, NOBODY, Rule, Through
from earlyhelp.directory.enums import WAITING, WITH_SERVICE
from earlyhelp.families.access import not_restricted
from earlyhelp.partnership.enums import AgencyKind, Role

PROVIDER_SEES_FOR = timedelta(days=30)  # after the end, as its link does

# --- the directory -----------------------------------------------------------------------------------------------------

# Whoever configures, and First Contact Plus, who navigate the menu for everybody (domain.md R22).
KEEPS_DIRECTORY = (Role.SYSTEM_ADMIN, Role.FIRST_CONTACT_ADVISER)


def keeps_directory(user: Any) -> bool:
    return user.scope.holds(*KEEPS_DIRECTORY)


def keep(services: Any, user: Any) -> Q:
    """There is nobody in it, so that no area limits who puts it right."""
    return EVERYTHING if keeps_directory(user) else NOBODY


def everybody(services: Any, user: Any) -> Q:
    """Withdrawn ones too: an old plan still leads there."""
    return EVERYTHING


SERVICE_RULES: dict[str, Rule] = {"view": everybody, "keep": keep}
CORRECTION_RULES: dict[str, Rule] = {"view": lambda rows, user: Q(by=user) | keep(rows, user), "keep": keep}

# --- a referral to a service -------------------------------------------------------------------------------------------


def maker(onwards: Any, user: Any) -> Q:
    """Whoever made it sees it through, even when they no longer work with the person; not when the record was restricted."""
    return Q(made_by=user) & not_restricted()


def make(onwards: Any, user: Any) -> Q:
    """Whoever made it, and whoever may see the person: the person may tell any of them that they have changed their mind."""
    return maker(onwards, user) | Through("person")["view"](onwards, user)


def answers_for_services(user: Any) -> bool:
    """Of a small organisation whoever has an account; of a council or a trust, whom it names as its contact."""
    if not user.agency_id:
        return False
    if user.scope.holds(Role.AGENCY_CONTACT):
        return True
    return user.agency.kind == AgencyKind.VOLUNTARY and bool(user.scope.posts)


def answer(onwards: Any, user: Any) -> Q:
    """The service itself: what was sent to it, and nothing else of the person (domain.md 11)."""
    lately = Q(ended_at=None) | Q(ended_at__gt=Now() - PROVIDER_SEES_FOR)
    return of_own_services(user) & Q(status__in=WITH_SERVICE) & lately & not_restricted()


def of_own_services(user: Any) -> Q:
    """What hangs on a service for which they answer: see ``answers_for_services``, here asked of the organisation."""
    if not (user.agency_id and user.scope.holds_other_than()):
        return NOBODY
    own = Q(service__organisation__agency=user.agency_id)
    small = Q(service__organisation__agency__kind=AgencyKind.VOLUNTARY)
    return own if user.scope.holds(Role.AGENCY_CONTACT) else own & small


def chase(onwards: Any, user: Any) -> Q:
    """What waits for a service's answer: First Contact of the place, and the manager of whoever made it."""
    waiting = Q(status__in=WAITING) & not_restricted()
    areas, teams = user.scope.areas(Role.FIRST_CONTACT_ADVISER), user.scope.teams(Role.TEAM_MANAGER)
    of_area = Q(area__in=areas) if areas else NOBODY
    of_team = Q(made_by__team__in=teams) if teams else NOBODY
    return waiting & (of_area | of_team)


def follow(onwards: Any, user: Any) -> Q:
    """All that is written down: what the person limited, and what they said afterwards, is not for the service."""
    return make(onwards, user) | chase(onwards, user)


def view(onwards: Any, user: Any) -> Q:
    return follow(onwards, user) | answer(onwards, user)


def by_itself(onwards: Any, user: Any) -> Q:
    """What only time brings about: nobody presses a button for it."""
    return NOBODY


ONWARD_RULES: dict[str, Rule] = {
    "view": view,
    "list": lambda onwards, user: maker(onwards, user) | answer(onwards, user),
    "follow": follow,
    "make": make,
    "mine": maker,
    "answer": answer,
    "chase": chase,
    "by_itself": by_itself,
}
