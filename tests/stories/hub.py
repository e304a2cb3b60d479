"""A hub as a story finds it: whoever chairs and coordinates, members of three other agencies, and its meeting on the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from hubs.models import AgendaItem, Hub, HubMeeting
from hubs.services.agenda import gather
from tests.factories import AgencyFactory, UserFactory
from tests.hubs.factories import HubFactory, MeetingFactory, SeatFactory
from tests.stories.people import Desk


@dataclass
class Sitting:
    """The hub of one place. ``meets`` puts a day into its diary; the rest is done on its pages, by chair and coordinator."""

    hub: Hub
    chair: Desk
    coordinator: Desk
    members: list[Any]

    def meets(self, **later: float) -> HubMeeting:
        return MeetingFactory(hub=self.hub, starts_at=timezone.now() + timedelta(**later))

    def hears_of(self, case: Any) -> AgendaItem:
        """What waits comes onto an agenda by itself: the sweep has gone round."""
        gather(now=timezone.now())
        return AgendaItem.objects.live().get(case=case)

    def publishes(self, meeting: HubMeeting, despite: str = "") -> None:
        said = {"all_the_same": despite} if despite else {}
        assert "The papers are out." in self.coordinator.sends(f"{meeting.get_absolute_url()}publish/", **said)

    def starts(self, meeting: HubMeeting) -> str:
        here = [user.pk for user in self.members]
        said = {"present": here, "confidential": "on", "interests": "on"}
        return self.chair.sends(f"{meeting.get_absolute_url()}start/", **said)

    def decides(self, item: AgendaItem, decision: str, why: str, **facts: Any) -> str:
        return self.chair.sends(item.get_absolute_url(), decision=decision, rationale=why, **facts)

    def closes(self, meeting: HubMeeting, **facts: Any) -> str:
        return self.chair.sends(f"{meeting.get_absolute_url()}close/", **facts)


def sitting(area: Any, *, chair: Desk, coordinator: Desk, agencies: tuple[str, ...]) -> Sitting:
    hub = HubFactory(area=area, name=f"{area.name} hub")
    users = [UserFactory(last_name=name, agency=AgencyFactory(name=name)) for name in agencies]
    return Sitting(hub, chair, coordinator, [SeatFactory(hub=hub, user=user).user for user in users])
