"""Who holds a blockage at each level, and hears that it is theirs now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from earlyhelp.cases.services import told_of
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from hubs.access import RUNS
from hubs.enums import Level
from hubs.models import Blockage


def held_by(blockage: Blockage, level: Level) -> dict[str, Any]:
    """Who owes a name for it: whoever leads the case, then the hub's coordinator, then service managers."""
    if level == Level.TEAM:
        return {"holder": blockage.case.lead or blockage.raised_by}
    if blockage.case.restricted:
        return {"holder": blockage.case.named_chair or blockage.case.lead}
    return {"holder_role": Role.HUB_COORDINATOR if level == Level.HUB else Role.SERVICE_MANAGER}


def asked_of(blockage: Blockage, level: Level) -> list[User]:
    """Who hears that it is with them now. Of a restricted record: its named chair, and no other (domain.md 5 d)."""
    case = blockage.case
    if level == Level.TEAM or case.restricted:
        person = case.lead if level == Level.TEAM else case.named_chair
        return [person] if person else []
    roles = RUNS if level == Level.HUB else (Role.SERVICE_MANAGER,)
    posts = Post.objects.current().filter(role__in=roles, area__in=case.area.lineage, user__is_active=True)
    return told_of(case, dict.fromkeys(post.user for post in posts.select_related("user").order_by("pk")))


def tell(blockage: Blockage, people: Iterable[User | None], title: str, *, what: str, now: datetime) -> None:
    """Owe each person one notice: a few words, a reference and a link."""
    notify(
        people,
        kind=Kind.REQUEST,
        title=title,
        reference=blockage.reference,
        url=blockage.get_absolute_url(),
        key=f"blockage:{blockage.pk}:{what}",
        now=now,
    )
