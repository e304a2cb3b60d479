"""A disposal from due to destroyed: one person reviews it and proposes, another decides (promise P17)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from earlyhelp.families.models import Family
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from earlyhelp.records import plan
from earlyhelp.records.access import DECIDING
from earlyhelp.records.destroying import destroy
from earlyhelp.records.due import still_due
from earlyhelp.records.enums import OPEN, Status
from earlyhelp.records.models import Disposal
from earlyhelp.workflow.transitions import NotPossible, transition
from referrals.models import Contact


@transition(Disposal, label="Propose that it is destroyed", sources=[Status.DUE], target=Status.PROPOSED, rule="review")
def propose(disposal: Disposal, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Somebody looked whether anything speaks for keeping it; whoever may decide hears of it."""
    disposal.proposed_by, disposal.proposed_at, disposal.reason = by, now, reason
    return {"reason": reason, "asked": _ask_a_second_person(disposal, by, now)}


@transition(Disposal, label="Keep it longer", sources=OPEN, target=Status.KEPT, rule="review")
def keep(disposal: Disposal, *, by: Any, now: datetime, reason: str, until: date | None) -> dict[str, Any]:
    """Something speaks for keeping it: it is found again after that day. No day at all: the reason says for how long."""
    if until and until < timezone.localdate(now):
        raise NotPossible("Give a day that is still to come.", field="until")
    disposal.reason, disposal.kept_until = reason, until
    return {"reason": reason, "until": until.isoformat() if until else ""}


@transition(Disposal, label="Send it back", sources=[Status.PROPOSED], target=Status.DUE, rule="decide")
def send_back(disposal: Disposal, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The second person does not agree: it is reviewed again, and whoever proposed it hears of it."""
    notify(
        [disposal.proposed_by],
        kind=Kind.REQUEST,
        title="A disposal was sent back to you",
        reference=disposal.reference,
        url=disposal.get_absolute_url(),
        key=f"disposal:{disposal.pk}:back:{disposal.version}",
        now=now,
    )
    disposal.reason, disposal.proposed_by, disposal.proposed_at = reason, None, None
    return {"reason": reason}


@transition(Disposal, label="Destroy it", sources=[Status.PROPOSED], target=Status.DISPOSED, rule="decide")
def approve(disposal: Disposal, *, by: Any, now: datetime) -> dict[str, Any]:
    """The second person decides, and it goes: whole, with its history, or not at all.

    Raises ``NotPossible`` if work has begun since, or somebody holds it. Whoever holds it locks the family as this does.
    """
    record = _locked(disposal)
    if record is None or not still_due(record, now=now):
        raise NotPossible(
            "It is not due any more: there is work with them again, somebody holds it, or the rule has changed."
        )
    found = plan.of_family(record) if isinstance(record, Family) else plan.of_contact(record)
    Disposal.objects.filter(Q(family__in=found.families) | Q(contact__in=found.contacts)).update(
        family=None, contact=None
    )
    disposal.destroyed = destroy(found, because=f"disposal {disposal.pk}", now=now)
    disposal.family = disposal.contact = None
    disposal.decided_by, disposal.decided_at = by, now
    return {"destroyed": disposal.destroyed, "record_class": disposal.record_class}


def _locked(disposal: Disposal) -> Family | Contact | None:
    about: Family | Contact | None = disposal.family or disposal.contact
    return type(about)._base_manager.select_for_update().filter(pk=about.pk).first() if about else None


def _ask_a_second_person(disposal: Disposal, by: Any, now: datetime) -> list[str]:
    """Says whom it asked, by name."""
    roles = [Role.IG_LEAD] if disposal.restricted else DECIDING
    posts = Post.objects.current().filter(role__in=roles, area__in=disposal.area.lineage)
    seconds = posts.exclude(user=by).holders()
    notify(
        seconds,
        kind=Kind.REQUEST,
        title="A disposal waits for a second person",
        reference=disposal.reference,
        url=disposal.get_absolute_url(),
        key=f"disposal:{disposal.pk}:proposed:{now:%Y%m%d%H%M}",
        now=now,
    )
    return sorted(str(each) for each in seconds)
