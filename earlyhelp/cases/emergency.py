"""Break glass: a case that is closed to somebody is opened for a day, with a reason, and others hear at once (promise P6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case as Whichever
from django.db.models import Q, When
from django.urls import reverse

from earlyhelp.audit.models import record
from earlyhelp.cases.enums import LIVE, EmergencyStatus
from earlyhelp.cases.models import Case, CaseUserObjectPermission, EmergencyAccess
from earlyhelp.core.rights import may
from earlyhelp.families.models import Family
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from earlyhelp.workflow.transitions import NotPossible, transition

LASTS = timedelta(hours=24)


def may_open_in_emergency(user: Any) -> bool:
    return bool(user.scope.ids("emergency"))


@transaction.atomic
def open_in_emergency(reference: str, *, by: Any, now: datetime, reason: str) -> Case:
    """The case of this reference, or the newest one of this family, for a day. If any of it cannot be written, nothing opens.

    Raises ``NotPossible`` where there is none, and where it is open to them already.
    """
    if not may_open_in_emergency(by):
        raise PermissionDenied
    case = _meant(reference.strip().upper())
    if case is None:
        raise NotPossible("No case is kept under this reference.", field="reference")
    if may(by, "view", case):
        raise NotPossible("This case is open to you already.", field="reference")
    view = Permission.objects.get(codename="view_case", content_type__app_label="cases")
    CaseUserObjectPermission.objects.update_or_create(
        user=by, permission=view, content_object=case, defaults={"reason": reason, "expires_at": now + LASTS}
    )
    EmergencyAccess.objects.create(case=case, user=by, reason=reason, opened_at=now, ends_at=now + LASTS)
    record("cases.case.opened_in_emergency", case, by=by, at=now, reason=reason)
    _alarm(case, by, now)
    by.forget_scope()
    return case


def _meant(reference: str) -> Case | None:
    newest = Case.objects.order_by(Whichever(When(status__in=LIVE, then=0), default=1), "-pk")
    families = Family.objects.under(reference).values("pk")
    return newest.filter(Q(reference=reference) | Q(family__in=families)).select_related("lead", "area").first()


def _alarm(case: Case, by: Any, now: datetime) -> None:
    """At once, and whatever they chose to be told: whoever leads it, their manager, the governance lead; never who did it."""
    lead = case.lead
    posts = Post.objects.current()
    team = lead.team_id if lead and not case.restricted else None
    weigh = Q(role=Role.IG_LEAD, area__in=case.area.lineage)
    if team:
        weigh |= Q(role=Role.TEAM_MANAGER, team=team)
    _ring([lead] if lead else [], case, case.get_absolute_url(), by, now)
    _ring(posts.filter(weigh).holders(), case, reverse("cases:emergencies"), by, now)


def _ring(people: Iterable[User], case: Case, url: str, by: Any, now: datetime) -> None:
    notify(
        [person for person in people if person != by],
        kind=Kind.EMERGENCY,
        title="A case was opened in an emergency",
        reference=case.reference,
        url=url,
        key=f"case:{case.pk}:emergency:{by.pk}:{now:%Y%m%d%H%M}",
        now=now,
        urgent=True,
    )


# --- weighed afterwards ------------------------------------------------------------------------------------------------


@transition(
    EmergencyAccess, label="It was right", sources=[EmergencyStatus.OPEN], target=EmergencyStatus.RIGHT, rule="view"
)
def was_right(emergency: EmergencyAccess, *, by: Any, now: datetime, note: str) -> dict[str, Any]:
    return _weighed(emergency, by, now, note)


@transition(
    EmergencyAccess, label="It was not right", sources=[EmergencyStatus.OPEN], target=EmergencyStatus.WRONG, rule="view"
)
def was_wrong(emergency: EmergencyAccess, *, by: Any, now: datetime, note: str) -> dict[str, Any]:
    """What is done about it is written down; what was opened by it is closed at once, and whoever opened it is told."""
    emergency.case.grants.filter(user=emergency.user).delete()
    notify(
        [emergency.user],
        kind=Kind.EMERGENCY,
        title="Your access in an emergency was ended",
        reference=emergency.case.reference,
        url="/",
        key=f"emergency:{emergency.pk}:ended",
        now=now,
        urgent=True,
    )
    return _weighed(emergency, by, now, note)


def _weighed(emergency: EmergencyAccess, by: Any, now: datetime, note: str) -> dict[str, Any]:
    emergency.note, emergency.weighed_by, emergency.weighed_at = note, by, now
    return {"reason": note}
