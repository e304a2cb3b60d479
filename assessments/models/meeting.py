"""The meetings of the Team Around the Family (domain.md 6.8)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.access import OF_THE_CASE
from assessments.enums import AHEAD, MeetingStatus
from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.families.models import Person
from earlyhelp.workflow.models import Versioned


class TafMeetingQuerySet(ScopedQuerySet["TafMeeting"]):
    rules = OF_THE_CASE

    def ahead(self) -> TafMeetingQuerySet:
        return self.filter(status__in=AHEAD)

    def held(self) -> TafMeetingQuerySet:
        return self.filter(status=MeetingStatus.HELD)


@tracked()
class TafMeeting(Versioned):
    case = models.ForeignKey(Case, models.PROTECT, related_name="taf_meetings")
    status = models.CharField(max_length=20, choices=MeetingStatus, default=MeetingStatus.PLANNED, editable=False)
    at = models.DateTimeField("when")
    where = models.CharField(max_length=200)
    remote = models.BooleanField(default=False, help_text="By telephone or video.")
    notes = models.TextField("what was said and agreed", blank=True)
    views_brought = models.TextField("the views of those of the family who could not come", blank=True)
    why_not = models.TextField("why it was not held", blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = TafMeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="taf_not_held_says_why", condition=~Q(status__in=("cancelled", "not_quorate")) | ~Q(why_not="")
            ),
            models.CheckConstraint(name="taf_held_has_notes", condition=~Q(status="held") | ~Q(notes="")),
        ]
        indexes = [models.Index(fields=["case", "-at"], name="taf_of_case")]

    def __str__(self) -> str:
        return f"TAF meeting of {self.case}, {self.at:%-d %B %Y}"

    @property
    def is_ahead(self) -> bool:
        return self.status in AHEAD

    @property
    def there(self) -> str:
        """Who came, in a sentence; the attendance is to be brought with the meeting."""
        return ", ".join(str(each) for each in self.attendance.all() if each.present)


@tracked()
class Attendance(models.Model):
    """Who of the team and of the family was there, and who was expected and was not."""

    meeting = models.ForeignKey(TafMeeting, models.PROTECT, related_name="attendance")
    member = models.ForeignKey(TeamMember, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    present = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attendance_of_one",
                condition=Q(member__isnull=False, person=None) | Q(member=None, person__isnull=False),
            ),
            models.UniqueConstraint("meeting", "member", name="attendance_once_a_member"),
            models.UniqueConstraint("meeting", "person", name="attendance_once_a_person"),
        ]

    def __str__(self) -> str:
        return str(self.member) if self.person is None else self.person.called
