"""What an assessment still lacks, how far a family has come, and whether they are stuck (domain.md 6.6, 10)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from assessments.enums import PROGRAMME_NEEDS, DidItHelp, FeedbackStatus, Quoting, headings
from assessments.models import (
    Assessment,
    Feedback,
    FeedbackDeadline,
    HeadingNote,
    OutcomeReading,
    PlanAction,
    Review,
)
from earlyhelp.cases.enums import CaseKind, Status
from earlyhelp.cases.models import Case
from earlyhelp.core.counts import Counted
from earlyhelp.directory.models import Need, Service
from earlyhelp.families.enums import AgreementStatus, FamilyRole
from earlyhelp.families.models import Agreement, Person
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User

# --- the family -----------------------------------------------------------------------------------------------------


def people_of(case: Case) -> list[Person]:
    """Everybody in the family now, the eldest first."""
    now = case.family.memberships.current().filter(person__died_on=None).select_related("person")
    return [_with_role(membership) for membership in now.order_by("person__born_on", "pk")]


def _with_role(membership: Any) -> Person:
    person = membership.person
    person.family_role, person.lives_here = membership.role, membership.lives_in_household
    return person


def children_among(people: Iterable[Person]) -> list[Person]:
    """Those who are heard: a child not born yet has no voice."""
    return [person for person in people if person.family_role == FamilyRole.CHILD and not person.expected_on]  # type: ignore[attr-defined]


PARENTAL = (FamilyRole.PARENT, FamilyRole.CARER)


def may_agree_for(people: Sequence[Person]) -> list[Person]:
    """Of whom one at least has to agree: the parents and carers, or else the other adults. A child's word is never theirs.

    Where there is none but the young person, their own agreement is the one that counts (domain.md 17, story 7).
    """
    roles = [(person, person.family_role) for person in people]  # type: ignore[attr-defined]
    parents = [person for person, role in roles if role in PARENTAL]
    return parents or [person for person, role in roles if role != FamilyRole.CHILD] or list(people)


def agreed_to_help(case: Case) -> bool:
    """Whether somebody of the family agrees to early help as it stands: their latest answer counts."""
    latest = (
        Agreement.objects.filter(family=case.family_id).order_by("person", "-recorded_at", "-pk").distinct("person")
    )
    return any(answer.status == AgreementStatus.GIVEN for answer in latest)


def managers_of_lead(case: Case) -> list[User]:
    """Whoever manages the team of the lead professional; of a restricted record nobody, for it is in nobody's sight by a post."""
    team = case.lead.team_id if case.lead and not case.restricted else None
    posts = Post.objects.current().filter(role=Role.TEAM_MANAGER, team=team, team__isnull=False).select_related("user")
    return [post.user for post in posts]


# --- what is missing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """One thing missing, in plain words, and the page (under the assessment's own) where it is put right."""

    text: str
    page: str = ""


def gaps(assessment: Assessment) -> list[Gap]:
    """All that stands between this assessment and its completion. A list of things to do and never a score."""
    people = people_of(assessment.case)
    return [
        *_family_gaps(assessment, people),
        *(_heading_gap(note) for note in assessment.notes.order_by("pk") if not note.is_complete),
        *_voice_gaps(assessment, children_among(people)),
        *(Gap(text, "analysis") for name, text in ANALYSIS_GAPS if getattr(assessment, name) in (None, "")),
    ]


ANALYSIS_GAPS = (
    ("parents_views", "Write down what the parents or carers say."),
    ("going_well", "Sum up what is going well."),
    ("worried_about", "Sum up what you are worried about."),
    ("needs_to_change", "Sum up what needs to change."),
    ("level_of_need", "Choose the level of need."),
    ("level_reason", "Say why it is that level of need."),
)


def not_ready_to_agree(case: Case) -> list[Gap]:
    """What the plan still lacks before the family can agree it: said on the page before anybody types (domain.md 6.5)."""
    found = []
    if case.status in (Status.ALLOCATED, Status.ASSESSING):
        found.append(Gap("Complete the assessment before the plan is agreed.", "complete"))
    if not PlanAction.objects.filter(case=case).unfinished().exists():
        found.append(
            Gap("A plan needs at least one action, with an owner and a date, before it can be agreed.", "plan")
        )
    if not case.taf_meetings.held().exists():
        found.append(Gap("Record the first TAF meeting before you agree the plan.", "meetings"))
    return found


def _family_gaps(assessment: Assessment, people: Sequence[Person]) -> list[Gap]:
    found = []
    if assessment.case.status == Status.ALLOCATED:
        found.append(Gap("Record the first contact with the family.", "case"))
    if not agreed_to_help(assessment.case):
        found.append(Gap("Record that the family agrees to early help.", "family"))
    if not people or not assessment.household_listed:
        found.append(Gap("Check that everybody who lives in the household is listed.", "analysis"))
    return found


def _heading_gap(note: HeadingNote) -> Gap:
    label = note.get_heading_display()
    if note.is_need is None:
        return Gap(f"{label}: say whether it is a need.", f"headings/{note.heading}")
    return Gap(
        f"{label}: say what is going well, the worries, what needs to change, and how it is now.",
        f"headings/{note.heading}",
    )


def _voice_gaps(assessment: Assessment, children: Sequence[Person]) -> list[Gap]:
    heard = set(assessment.voices.values_list("child", flat=True))
    return [
        Gap(f"{child.called}: write down what they say or show, or why they were not heard.", f"voices/{child.pk}")
        for child in children
        if child.pk not in heard
    ]


# --- distance travelled ---------------------------------------------------------------------------------------------


@dataclass
class Occasion:
    """The readings taken together, at one assessment or one review."""

    on: date
    values: dict[str, int] = field(default_factory=dict)


def standing_of(case: Case) -> Assessment | None:
    return Assessment.objects.filter(case=case).standing().first()


def needs_of(case: Case) -> list[str]:
    """The headings that the assessment in force found to be needs, in their usual order."""
    standing = HeadingNote.objects.needs().filter(assessment__in=Assessment.objects.filter(case=case).standing())
    found = set(standing.values_list("heading", flat=True))
    return [need.value for need in headings(case.kind) if need.value in found]


def occasions(case: Case) -> list[Occasion]:
    """Every set of readings, the baseline first."""
    taken: dict[tuple[int | None, int | None], Occasion] = {}
    for reading in OutcomeReading.objects.filter(case=case).in_order():
        key = (reading.assessment_id, reading.review_id)
        taken.setdefault(key, Occasion(reading.taken_on)).values[reading.heading] = reading.value
    return list(taken.values())


def latest(taken: Sequence[Occasion]) -> dict[str, int]:
    """The last reading under each heading, whenever it was taken."""
    return {heading: value for occasion in taken for heading, value in occasion.values.items()}


@dataclass(frozen=True)
class Distance:
    """Then and now under one heading that was a need. With one reading there is no now yet: a beginning is no standstill."""

    heading: str
    then: int
    now: int | None = None

    @property
    def change(self) -> int | None:
        return None if self.now is None else self.now - self.then

    @property
    def words(self) -> str:
        if self.change is None:
            return "One reading so far"
        steps = abs(self.change)
        return "Same" if not steps else f"{steps} {'better' if self.change > 0 else 'worse'}"

    @property
    def then_width(self) -> int:
        return max(self.then * 25, 1)

    @property
    def now_width(self) -> int:
        return max((self.now or 0) * 25, 1)


def distances(taken: Sequence[Occasion], needs: Iterable[str]) -> list[Distance]:
    """From the first reading to the latest, per need. Counts are shown and never an average of unlike scales."""
    found = []
    for need in needs:
        values = [occasion.values[need] for occasion in taken if need in occasion.values]
        if values:
            found.append(Distance(Need(need).label, values[0], values[-1] if len(values) > 1 else None))
    return found


def made_progress(before: Occasion, after: Occasion, needs: Iterable[str]) -> bool:
    """Better by one or more under a need, and nowhere worse by two or more (domain.md 10)."""
    change = {name: after.values[name] - before.values[name] for name in after.values if name in before.values}
    return any(change.get(need, 0) >= 1 for need in needs) and not any(by <= -2 for by in change.values())


def is_stuck(taken: Sequence[Occasion], needs: Sequence[str]) -> bool:
    """Two readings running without progress: the approach has to change (domain.md R11, 6.8)."""
    if not needs or len(taken) < 3:
        return False
    last = taken[-3:]
    return not any(made_progress(before, after, needs) for before, after in itertools.pairwise(last))


def actions_owed(case: Case) -> list[PlanAction]:
    """What the plan still waits for and nobody outside has taken over, the soonest first: a review asks about each."""
    owed = PlanAction.objects.filter(case=case).unfinished().not_handed_on()
    return list(owed.select_related("owner").soonest_first())


# --- the programme, the end -----------------------------------------------------------------------------------------


def counts_for_programme(assessment: Assessment) -> bool:
    """Three or more headline needs of a family with children (domain.md 10)."""
    headline = assessment.notes.needs().exclude(heading=Need.CONNECTION).count()
    return assessment.case.kind == CaseKind.FAMILY and headline >= PROGRAMME_NEEDS


def last_review(case: Case) -> Review | None:
    return Review.objects.filter(case=case).newest_first().first()


# --- what people say --------------------------------------------------------------------------------------------------


def spoken_of() -> list[tuple[str, str]]:
    """The services of which somebody has said something."""
    rows = Service.objects.filter(pk__in=Feedback.objects.exclude(service=None).values("service"))
    return [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")]


def ratings(said: Any) -> list[tuple[str, Counted]]:
    """How many said what of whether it helped, the best first. Whoever reads this may open those that may be quoted."""
    quotable = Count("pk", filter=~Q(quoting=Quoting.NO))
    found = said.exclude(rating=None).order_by().values("rating").annotate(counted=Count("pk"), opened=quotable)
    numbers = {row["rating"]: Counted(row["counted"], row["opened"]) for row in found}
    return [(each.label, numbers.get(each.value, Counted(0, 0))) for each in DidItHelp]


def answering(said: Any, *, now: datetime) -> dict[str, Counted]:
    """Of the complaints and suggestions: how many there are, how many were answered, and how many wait beyond their day."""
    late = Exists(FeedbackDeadline.objects.overdue(now).filter(owner=OuterRef("pk")))
    which = {"asked": Q(), "answered": Q(status=FeedbackStatus.ANSWERED), "late": Q(is_late=True)}
    counted = {name: Count("pk", filter=among) for name, among in which.items()}
    opened = {f"{name}_opened": Count("pk", filter=among & ~Q(quoting=Quoting.NO)) for name, among in which.items()}
    found = said.asking().annotate(is_late=late).aggregate(**counted, **opened)
    return {name: Counted(found[name], found[f"{name}_opened"]) for name in which}
