"""Who sees a family through the papers of a hub: nobody, once it is restricted (domain.md 5 d)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.functions import Now, TruncDate

from earlyhelp.families.models import Family
from earlyhelp.families.restricting import Way, sight
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from hubs.enums import SHOWN_TO_MEMBERS, ItemStatus
from hubs.models import AgendaItem, HubMember

READS = "sits at the hub, and reads its papers"


@sight
def through_the_papers(family: Family) -> Iterable[Way]:
    """Members read the papers from their publication until ten working days after."""
    shown = AgendaItem.objects.filter(
        case__family=family,
        meeting__status__in=SHOWN_TO_MEMBERS,
        meeting__members_until__gte=TruncDate(Now()),
    ).exclude(status=ItemStatus.REMOVED)
    by_name = HubMember.objects.current().filter(hub__in=shown.values("hub"))
    by_post = Post.objects.current().filter(role=Role.HUB_MEMBER, area__in=shown.values("hub__area"))
    return [Way(rows, "user", READS, lasts=False, covered=False) for rows in (by_name, by_post)]
