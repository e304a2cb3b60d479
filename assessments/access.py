"""Who may do what to an assessment and a plan: what they may do to the case, and a team member their own actions."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from assessments.enums import FeedbackStatus
from earlyhelp.core.access import EVERYTHING, NOBODY, Rule, Through
from earlyhelp.directory.access import answers_for_services, of_own_services
from earlyhelp.partnership.enums import Role

OF_THE_CASE = Through("case")


def own_or_lead(actions: Any, user: Any) -> Q:
    """Whoever owns an action says how it goes, as long as they are on the team; the lead professional says it for anybody."""
    led, on_team = user.scope.ids("case_led"), user.scope.ids("case_team")
    own = Q(owner=user, case__in=on_team) if on_team else NOBODY
    return (Q(case__in=led) if led else NOBODY) | own


ACTION_RULES: dict[str, Rule] = {"view": OF_THE_CASE["view"], "lead": OF_THE_CASE["lead"], "update": own_or_lead}

# A risk is written down by whoever sees it: everybody who helps, and the manager of the lead (domain.md 4, system 17).
RISK_RULES: dict[str, Rule] = {"view": OF_THE_CASE["view"], "keep_watch": OF_THE_CASE["keep_watch"]}


def oversees(user: Any) -> bool:
    """Who opens other people’s cases to see how they fare: managers of teams and chairs of hubs."""
    return bool(user.scope.holds(Role.TEAM_MANAGER, Role.HUB_CHAIR))


# --- what people say of a service ---------------------------------------------------------------------------------------

# Whoever answers for services, and for whether they help; and the governance lead, who answers for what is published.
EVALUATES = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HUB_CHAIR, Role.IG_LEAD)


def evaluates(user: Any) -> bool:
    return user.scope.holds(*EVALUATES)


def wrote(feedback: Any, user: Any) -> Q:
    """Whoever wrote it down spoke with whoever said it: they alone change whether it may be quoted."""
    return Q(recorded_by=user)


def quotable(feedback: Any, user: Any) -> Q:
    return ~Q(quoting="no") if evaluates(user) else NOBODY


def count(feedback: Any, user: Any) -> Q:
    """A number quotes nobody: what was said by those who do not wish to be quoted counts too."""
    return EVERYTHING if evaluates(user) else NOBODY


# Of early help itself, and of a service that has nobody here.
MANAGES = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)


def answers(user: Any) -> bool:
    return user.scope.holds(*MANAGES) or answers_for_services(user)


def answer(feedback: Any, user: Any) -> Q:
    """Whoever answers for the service, and the managers of the place: of what asks for an answer, and of nothing else.

    To answer is not to quote: they read it, under no name that was not given, whether or not it may be quoted.
    """
    places = user.scope.areas(*MANAGES)
    managed = Q(area__in=places) if places else NOBODY
    return ~Q(status=FeedbackStatus.HEARD) & (of_own_services(user) | managed)


FEEDBACK_RULES: dict[str, Rule] = {"view": wrote, "quote": quotable, "count": count, "answer": answer}
