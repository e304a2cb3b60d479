"""What the hub keeps about a family, and who sits where it was heard."""

from __future__ import annotations

from earlyhelp.families.models import Family
from earlyhelp.families.reads import Known, keeps
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from hubs.models import AgendaItem, HubMember

HEARD = "of the hub that heard their case"
SEATS = (Role.HUB_CHAIR, Role.HUB_COORDINATOR, Role.HUB_MEMBER)


def _at_the_hub(family: Family) -> list[Known]:
    heard = AgendaItem.objects.filter(case__family=family)
    runs = Post.objects.filter(role__in=SEATS, area__in=heard.values("hub__area"))
    sits = HubMember.objects.filter(hub__in=heard.values("hub"))
    return [Known(runs, "user", HEARD), Known(sits, "user", HEARD)]


keeps(AgendaItem, "its place on an agenda", family="case__family", workers=_at_the_hub)
