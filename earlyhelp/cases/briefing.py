"""What a hub reads of a case before it decides, from rooms that it does not know: each lodges its part (design.md 2 b).

A *brief* is one heading of a page of the papers. Who was asked about a family, and who of them has not answered, comes
from the front door; so does what makes a family be heard sooner, and which agencies are a party to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, Q
from django.db.models.functions import Greatest

from earlyhelp.cases.models import Case, TeamMember


@dataclass(frozen=True)
class Brief:
    """``drawn_from`` names the records it speaks of, (kind, key) each: if it reads otherwise later, they say who changed it."""

    heading: str
    text: str = ""
    facts: Sequence[tuple[str, str]] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    nothing: str = ""
    drawn_from: Sequence[tuple[str, int]] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        """As the database keeps it: lists, for that is what comes back."""
        return asdict(self) | {
            "facts": [list(each) for each in self.facts],
            "head": list(self.head),
            "rows": [list(row) for row in self.rows],
            "drawn_from": [list(each) for each in self.drawn_from],
        }


Tell = Callable[[Case], Iterable[Brief]]
Condition = Callable[[Any], Any]
BRIEFS: list[tuple[int, Tell]] = []
SOONER: list[tuple[str, Condition]] = []
PARTIES: list[Callable[[Any, Any], Any]] = []
REPLIES: list[Callable[[Any], Any]] = []
NOTED: list[Condition] = []
CHASERS: list[Callable[[Collection[int], Any, datetime], int]] = []


def brief(place: int) -> Callable[[Tell], Tell]:
    """Lodge headings of a page of the papers: ``(case) -> briefs``."""

    def lodge(tell: Tell) -> Tell:
        BRIEFS.append((place, tell))
        BRIEFS.sort(key=lambda each: each[0])
        return tell

    return lodge


def briefs(case: Case) -> list[Brief]:
    """All that apps say of it, in their order. Whoever calls has asked already whether the case may be read."""
    return [each for _, tell in BRIEFS for each in tell(case)]


def sooner(words: str) -> Callable[[Condition], Condition]:
    """Lodge what makes a family be heard sooner, and how that reads: ``(case) -> condition``, where ``case`` is a column."""

    def lodge(condition: Condition) -> Condition:
        SOONER.append((words, condition))
        return condition

    return lodge


def party(condition: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Lodge how an agency comes to be a party to a case: ``(case, agency) -> condition`` over two columns."""
    PARTIES.append(condition)
    return condition


def is_a_party(case: Any, agency: Any) -> Q:
    """Whether one of the lodged conditions holds."""
    return reduce(or_, (Q(condition(case, agency)) for condition in PARTIES))


def noted(moment: Condition) -> Condition:
    """Lodge when something was done that no hub had to approve and that it hears of afterwards: ``(case) -> moment`` or none."""
    NOTED.append(moment)
    return moment


def to_note(case: Any) -> Any:
    """Over cases: the latest of such moments."""
    moments = [moment(case) for moment in NOTED]
    return Greatest(*moments) if len(moments) > 1 else moments[0]


def replies(count: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Lodge how many agencies were asked about a case and how many answered: ``(case) -> object of asked and answered``."""
    REPLIES.append(count)
    return count


def chaser(ask: Callable[[Collection[int], Any, datetime], int]) -> Callable[[Collection[int], Any, datetime], int]:
    """Lodge how those who have not answered about these cases are asked again: ``(cases, by, now) -> how many were``."""
    CHASERS.append(ask)
    return ask


def ask_again(cases: Collection[int], *, by: Any, now: datetime) -> int:
    """Everybody who owes an answer about one of these cases; says how many were asked."""
    return sum(ask(cases, by, now) for ask in CHASERS)


@party
def on_its_team(case: Any, agency: Any) -> Any:
    return Exists(TeamMember.objects.filter(case=case, agency=agency))
