"""Who is at a meeting now, and how many agencies that makes of those it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from earlyhelp.core.composed import PlannedOnce
from hubs.enums import Presence
from hubs.models import Attendance, Conflict, HubMeeting
from hubs.queries.people import called


@dataclass(frozen=True)
class Present:
    """One who is at a meeting; somebody without an account has a name, and is nobody's ``user_id``."""

    user_id: int | None
    name: str
    agency_id: int | None
    agency: str | None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Here:
    """``chairs``: who leads it, and who decides, if that is another: a quorum is of agencies beside theirs (domain.md 9.1).

    ``apart``: who of them has an interest in the family in question, and so counts for nobody in it.
    """

    people: list[Present]
    quorum: int
    chairs: frozenset[int] = field(default_factory=frozenset)
    apart: frozenset[int] = field(default_factory=frozenset)

    def has(self, user: Any) -> bool:
        """Whether this person is recorded as being here: nobody else decides in a meeting."""
        return any(each.user_id == user.pk for each in self.people)

    @property
    def missing_at_all(self) -> int:
        """How many agencies are missing for a quorum: those here beside the chair's own, against what the hub asks for."""
        return self._missing(frozenset())

    @property
    def missing(self) -> int:
        """The same about this family."""
        return self._missing(self.apart)

    @property
    def agencies(self) -> int:
        """How many count, beside the chair's."""
        return self._agencies(self.apart)

    @property
    def do_not_count(self) -> int:
        return sum(each.user_id in self.apart for each in self.people)

    def _missing(self, apart: frozenset[int]) -> int:
        return max(0, self.quorum - self._agencies(apart))

    def _agencies(self, apart: frozenset[int]) -> int:
        of_chairs = {each.agency_id for each in self.people if each.user_id in self.chairs}
        here = {each.agency_id for each in self.people if each.user_id not in apart}
        return len(here - of_chairs - {None})


def here_now(meeting: HubMeeting, case: Any = None, decides: Any = None) -> Here:
    """Those present, by agency. ``decides``: who does, if it is not who opened the meeting."""
    people = [Present(**facts) for facts in _PRESENT(None, meeting=meeting.pk)]
    apart = _APART(None, case=case) if case is not None else ()
    chairs = [meeting.chaired_by_id, decides.pk if decides is not None else None]
    return Here(people, meeting.asks, frozenset(filter(None, chairs)), frozenset(apart))


def is_here(user: Any) -> Exists:
    """Over what leads to a meeting: whether this person is recorded as being at it."""
    present = Attendance.objects.filter(meeting=OuterRef("meeting"), presence=Presence.PRESENT)
    return Exists(present.filter(user=user.pk))


def present_at(meeting: Any) -> Any:
    """What a page says of each who is at a meeting, a column or a value, by the names that ``Present`` has for it."""
    facts = JSONObject(
        user_id="user",
        name=Coalesce(NullIf("name", Value("")), called("user__")),
        agency_id="agency",
        agency="agency__name",
    )
    present = Attendance.objects.filter(meeting=meeting, presence=Presence.PRESENT)
    return present.order_by("agency__name", "user__last_name", "name", "pk").values_list(facts, flat=True)


@PlannedOnce
def _PRESENT(nobody: None, meeting: Any) -> Any:
    return present_at(meeting)


@PlannedOnce
def _APART(nobody: None, case: Any) -> Any:
    """Who has an interest in the family."""
    return Conflict.objects.standing().filter(case=case).values_list("user", flat=True)


def quorum_missing(meeting: HubMeeting) -> int:
    return here_now(meeting).missing
